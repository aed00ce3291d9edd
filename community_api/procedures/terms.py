"""Words of procedure versions (contract section 7)."""

from __future__ import annotations

from typing import Final

# Counts how often a version was adopted, so that every process notices.
EPOCH: Final = "procedures"
# How long a process trusts what it has read about versions that others adopted.
TRUST_SECONDS: Final = 1.0
CONTENT_MAX: Final = 400_000
