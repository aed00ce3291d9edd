"""Words of the trail: the six kinds of LED article 25, and the acts around them."""

from __future__ import annotations

from enum import StrEnum


class Action(StrEnum):
    """What was done. The first six are those that LED article 25 (DPA 2018 s. 62) names."""

    COLLECT = "collect"
    ALTER = "alter"
    CONSULT = "consult"
    DISCLOSE = "disclose"
    COMBINE = "combine"
    ERASE = "erase"
    LOGIN = "login"
    DENIED = "denied"
    CONFIG = "config"
    APPROVE = "approve"
    DELIVER = "deliver"


ENVELOPE_VERSION = 1
# RFC 9162 section 2.1: the prefix that tells a leaf from an inner node.
LEAF_PREFIX = b"\0"
SALT_BYTES = 32
PAYLOAD_LABEL = "audit.payload"
SALT_LABEL = "audit.salt"
# The owner of the data key under which payloads are sealed that belong to no record of their own.
TRAIL_KEY_OWNER = "00000000-0000-4000-8000-0000000000aa"
