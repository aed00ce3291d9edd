"""The community policing API: intake, procedure, feedback and control."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - an older Python must say so, not stumble over our syntax
    raise SystemExit("Python 3.11 or newer is needed; this one is older: " + sys.version.split()[0])
