"""The units in which procedures are played: those of the demo organisation that take part in the chain."""

from __future__ import annotations

# Who is above whom, the nearest first; a state abroad is above nobody.
ABOVE = {
    "lin": ["ost", "nor"],
    "bru": ["ost", "nor"],
    "hav": ["wes", "nor"],
    "ost": ["nor"],
    "wes": ["nor"],
    "nor": [],
    "sudria": [],
}
LEVEL = {
    "lin": "local",
    "bru": "local",
    "hav": "local",
    "ost": "regional",
    "wes": "regional",
    "nor": "national",
    "sudria": "external",
}
