"""Fields of bodies whose words are looked at again."""

from __future__ import annotations

from typing import Any

from community_api.core.schemas.fields import Text
from community_api.wording import list_titles
from community_api.wording.surveillance import advice


class WorkText(Text):
    """A text that staff write to staff, or to partners: it can give work, and is asked whom it lets watch."""

    advise = staticmethod(advice)

    def __init__(self, max_length: int, *, min_length: int = 1, **kwargs: Any) -> None:
        documented = {"x-gives-work": True, **kwargs.pop("metadata", {})}
        super().__init__(max_length, min_length=min_length, metadata=documented, **kwargs)


class ListTitle(Text):
    """A short plain title for lists; one that does not fit is left out and warned of."""

    advise = staticmethod(list_titles.advice)

    def __init__(self, **kwargs: Any) -> None:
        said = "Stands in lists, in clear: no person, no protected trait. Else: category and reference."
        documented = {"description": said, "x-gives-work": True}
        super().__init__(list_titles.MAX_LIST_TITLE, metadata=documented, **kwargs)
