"""The words of suspensions (domain R30: a ban on one kind of processing, until it is lifted)."""

from enum import StrEnum
from typing import Final

KIND: Final = "suspension"
LABEL: Final = "intel.suspension"
RETENTION: Final = "reference"


class Subject(StrEnum):
    """What can be suspended."""

    INDICATOR = "indicator"
    PROCEDURE = "procedure"
