"""The Host header, as RFC 9112 section 3.2 asks for it: once, and readable."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

# A name or an address, and a port. Two Host headers arrive as one with a comma.
_HOST: Final = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._~%!$&'()*+;=-]+)(:[0-9]{0,5})?", re.ASCII)
# Such old clients need not say it; servers name the version in either way.
_OLD: Final = frozenset({"HTTP/1.0", "HTTP/1"})


def is_good(environ: Mapping[str, Any]) -> bool:
    """Whether a request says where it goes, once."""
    host = environ.get("HTTP_HOST") or ""
    if not host:
        return environ.get("SERVER_PROTOCOL") in _OLD
    return _HOST.fullmatch(host) is not None
