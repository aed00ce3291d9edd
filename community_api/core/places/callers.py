"""Whose places are counted together: those of an account, or of an address without one."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping
from typing import Any

from community_api.core.places.terms import Caller


class Callers:
    """Tells callers apart by a digest under a key that lives in the memory of this process only.

    ``account_of`` gives the account that an Authorization header with a signed token names, ``network_of``
    the address or network of a request; None: unknown, and all of these count as one caller.
    """

    def __init__(
        self,
        account_of: Callable[[str], object | None],
        network_of: Callable[[Mapping[str, Any]], str | None],
    ) -> None:
        self._account_of = account_of
        self._network_of = network_of
        self._key = os.urandom(32)

    def of(self, environ: Mapping[str, Any]) -> Caller:
        """The caller behind a request."""
        header = environ.get("HTTP_AUTHORIZATION")
        account = self._account_of(header) if header else None
        if account is not None:
            return Caller(self._digest(f"account {account}"), signed=True)
        return Caller(self._digest(f"network {self._network_of(environ)}"), signed=False)

    def _digest(self, text: str) -> bytes:
        return hashlib.blake2b(text.encode(), key=self._key, digest_size=16).digest()
