"""What the system lets a process have: open files, which connections are as well."""

from __future__ import annotations

import resource


def raise_file_limit() -> int:
    """Raise the limit of open files as far as the system allows; the limit that holds then."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    except (OSError, ValueError):
        # Some systems say that there is no limit, and yet have one.
        return soft
    return hard
