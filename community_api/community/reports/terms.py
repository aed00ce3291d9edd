"""Words that observations and concerns share."""

from __future__ import annotations

from typing import Final

SUPPLEMENT_KIND: Final = "supplement"
SUPPLEMENT_LABEL: Final = "community.supplement"
