"""Versions of resources: entity tags, and If-Match asked after permission and before state."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from community_api.core.errors import DomainError

# Proxies that compress make our strong tags weak, or write after them what they did: "3.5f-gzip".
_TAG = re.compile(r'(?:W/)?"(([0-9]{1,9})\.[0-9a-z]{1,16})(?:[-;]{1,2}(?:br|deflate|gzip|zstd))?"')


@dataclass(frozen=True)
class IfMatch:
    """What the header said; ``header`` None when there was none."""

    header: str | None

    def require(self, version: int) -> None:
        """Raises ``precondition_required`` without a usable tag, ``precondition_failed`` for another version.

        Only the version counts: the view part of a tag tells representations apart, not states.
        """
        if self.header is None or self.header.strip() in {"", "*"}:
            raise DomainError("precondition_required")
        if version not in set(self._versions()):
            raise DomainError("precondition_failed")

    def _versions(self) -> Iterator[int]:
        """Of the tags in the list, in the forms that proxies give them.

        RFC 9110 section 13.1.1 has weak tags never match. Ours name a version, so no weak form of one can
        stand for another state.
        """
        for part in (self.header or "").split(","):
            found = _TAG.fullmatch(part.strip())
            if found is not None:
                yield int(found.group(2))


def entity_tag(version: int, body: bytes) -> str:
    """A strong tag ``"<version>.<view>"``: the view is a digest, so other bytes have another tag."""
    return f'"{version}.{hashlib.blake2b(body, digest_size=6).hexdigest()}"'


def none_match(header: str | None, tag: str) -> bool:
    """Whether If-None-Match names the tag (then 304)."""
    if header is None:
        return False
    return header.strip() == "*" or tag in {_plain(part.strip()) for part in header.split(",")}


def _plain(tag: str) -> str:
    """A tag of ours without what proxies did to it; any other as it is."""
    found = _TAG.fullmatch(tag)
    return tag if found is None else f'"{found.group(1)}"'
