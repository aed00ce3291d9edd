"""Settings: read once from the environment, validated at start (contract section 1)."""

from __future__ import annotations

import difflib
import ipaddress
import math
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Literal

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from community_api.core.database.dialects import DialectName, dialect_of

Mode = Literal["production", "demo", "test"]
MODES: tuple[Mode, ...] = ("production", "demo", "test")
STATE = "var"
DATABASE_FILE = "community.sqlite3"
# The European emergency number, good in every country of the Union and many others.
EMERGENCY_NUMBER = "112"
# The shipped procedure with which an installation begins unless it is told otherwise.
PROCEDURE = "osce-baseline"
# Every setting of the product, and of the programs beside it; any other COMMUNITY_ name is a mistyped one.
KNOWN = frozenset(
    {
        "COMMUNITY_CLOCK_OFFSET",
        "COMMUNITY_DATABASE_URL",
        "COMMUNITY_DEMO_PASSWORD",
        "COMMUNITY_EMERGENCY_NUMBER",
        "COMMUNITY_FEED_PASSWORD",
        "COMMUNITY_HOST",
        "COMMUNITY_KEYS",
        "COMMUNITY_METRICS_TOKEN",
        "COMMUNITY_MIGRATION_URL",
        "COMMUNITY_MODE",
        "COMMUNITY_ORIGINS",
        "COMMUNITY_PROCEDURE",
        "COMMUNITY_PROXIES",
        "COMMUNITY_PUBLIC_RELEASE",
        "COMMUNITY_STATE",
    }
)
OURS = "COMMUNITY_"
OF_TESTS = "TEST_"
# As browsers spell it: lower case, no default port left in by habit, no path.
ORIGIN = re.compile(r"https?://(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?")
DATABASE_DRIVERS = ("sqlite", "postgresql+psycopg")


class SettingError(Exception):
    """A setting is wrong; the message names the setting and the remedy, never its value."""

    def __init__(self, name: str, remedy: str) -> None:
        super().__init__(f"{name}: {remedy}")
        self.name = name


@dataclass(frozen=True)
class Settings:
    """What the process was told.

    ``clock_offset`` shifts the application's clock (demo and test only). ``public_release`` is the
    hour of the day at which public answers are released; None releases at once.
    ``migration_url`` is the owner role's address; None uses ``database_url``.
    ``metrics_token`` opens /metrics from other than loopback; None leaves loopback only.
    ``emergency_number`` is what people call in this country when somebody is in danger.
    ``proxies`` are addresses and networks of our own proxies, which are believed about where a request comes
    from and under which prefix the public finds us.
    ``origins`` are the exact origins of browser apps that may call; ``*`` opens the public part to all.
    ``var`` is where locks, ports, the demo's password and, unless told otherwise, database and keys are kept.
    ``procedure`` names the shipped procedure that new cases take until one is adopted.
    ``metrics_folder`` is where the processes of one server share their counters; None: there is one.
    """

    mode: Mode
    database_url: str
    keys: Path
    migration_url: str | None = None
    demo_password: str | None = None
    clock_offset: timedelta = timedelta(0)
    public_release: int | None = None
    host: str = "127.0.0.1"
    port: int = 8000
    var: Path = Path("var")
    metrics_token: str | None = None
    feed_password: str | None = None
    metrics_folder: Path | None = None
    emergency_number: str = EMERGENCY_NUMBER
    proxies: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    procedure: str = PROCEDURE

    @property
    def playful(self) -> bool:
        """Whether this is no real installation: keys and passwords may be made on first start."""
        return self.mode != "production"

    @property
    def is_sqlite(self) -> bool:
        return self.dialect == "sqlite"

    @property
    def dialect(self) -> DialectName:
        return dialect_of(self.database_url)

    @property
    def owner_url(self) -> str:
        """The address under which the schema is changed."""
        return self.migration_url or self.database_url


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read and validate every setting; raises SettingError naming the first wrong one."""
    values = dict(os.environ if environ is None else environ)
    _refuse_unknown(values)
    mode = _mode(values)
    state = Path(values.get("COMMUNITY_STATE") or STATE)
    return Settings(
        mode=mode,
        var=state,
        database_url=_database_url(values, "COMMUNITY_DATABASE_URL") or f"sqlite:///{state / DATABASE_FILE}",
        migration_url=_database_url(values, "COMMUNITY_MIGRATION_URL"),
        keys=_keys(values, mode, state),
        demo_password=_demo_password(values, mode),
        clock_offset=_clock_offset(values, mode),
        public_release=_public_release(values, mode),
        host=values.get("COMMUNITY_HOST") or "127.0.0.1",
        port=_port(values),
        metrics_token=_metrics_token(values),
        feed_password=values.get("COMMUNITY_FEED_PASSWORD") or None,
        metrics_folder=_metrics_folder(values),
        emergency_number=_emergency_number(values),
        proxies=_proxies(values),
        origins=_origins(values),
        procedure=values.get("COMMUNITY_PROCEDURE") or PROCEDURE,
    )


def environment() -> dict[str, str]:
    """A copy of the process environment, for child processes and pure clients."""
    return dict(os.environ)


def _refuse_unknown(environ: Mapping[str, str]) -> None:
    """A setting that is mistyped would be no setting at all, without a word."""
    for name in sorted(environ.keys() - KNOWN):
        rest = name.removeprefix(OURS)
        if rest != name and not rest.startswith(OF_TESTS):
            close = difflib.get_close_matches(rest, [known.removeprefix(OURS) for known in KNOWN], 1)
            hint = f"; perhaps {OURS}{close[0]} is meant" if close else ""
            raise SettingError(name, f"is no setting{hint}")


def _mode(environ: Mapping[str, str]) -> Mode:
    mode = environ.get("COMMUNITY_MODE") or "production"
    for known in MODES:
        if mode == known:
            return known
    raise SettingError("COMMUNITY_MODE", f"is one of {', '.join(MODES)}")


def _database_url(environ: Mapping[str, str], name: str) -> str | None:
    raw = environ.get(name)
    if not raw:
        return None
    try:
        url = make_url(raw)
    except ArgumentError:
        raise SettingError(name, "is not a database address") from None
    if url.drivername not in DATABASE_DRIVERS:
        raise SettingError(name, f"starts with one of {', '.join(d + '://' for d in DATABASE_DRIVERS)}")
    if url.drivername == "sqlite" and not url.database:
        raise SettingError(name, "names a file: sqlite:///path/to/file.sqlite3")
    return raw


def _keys(environ: Mapping[str, str], mode: Mode, state: Path) -> Path:
    raw = environ.get("COMMUNITY_KEYS")
    if raw:
        return Path(raw)
    if mode == "production":
        raise SettingError(
            "COMMUNITY_KEYS", "names the directory of key files; production does not start without"
        )
    return state / "keys"


def _demo_password(environ: Mapping[str, str], mode: Mode) -> str | None:
    raw = environ.get("COMMUNITY_DEMO_PASSWORD")
    if not raw:
        return None
    if mode == "production":
        raise SettingError("COMMUNITY_DEMO_PASSWORD", "is for the demo and test modes only")
    if not 8 <= len(raw) <= 128:
        raise SettingError("COMMUNITY_DEMO_PASSWORD", "has 8 to 128 characters")
    return raw


def _clock_offset(environ: Mapping[str, str], mode: Mode) -> timedelta:
    raw = environ.get("COMMUNITY_CLOCK_OFFSET")
    if not raw:
        return timedelta(0)
    if mode == "production":
        raise SettingError("COMMUNITY_CLOCK_OFFSET", "is for the demo and test modes only")
    try:
        seconds = float(raw)
    except ValueError:
        seconds = math.nan
    if not math.isfinite(seconds) or abs(seconds) > 10 * 366 * 86_400:
        raise SettingError("COMMUNITY_CLOCK_OFFSET", "is a number of seconds, ten years at most")
    return timedelta(seconds=seconds)


def _public_release(environ: Mapping[str, str], mode: Mode) -> int | None:
    raw = environ.get("COMMUNITY_PUBLIC_RELEASE")
    if not raw:
        return 18 if mode == "production" else None
    if not raw.isascii() or not raw.isdigit() or int(raw) > 23:
        raise SettingError("COMMUNITY_PUBLIC_RELEASE", "is an hour of the day, 0 to 23")
    return int(raw)


def _port(environ: Mapping[str, str]) -> int:
    raw = environ.get("PORT") or "8000"
    if not raw.isascii() or not raw.isdigit() or not 1 <= int(raw) <= 65_535:
        raise SettingError("PORT", "is a port number, 1 to 65535")
    return int(raw)


def _metrics_folder(environ: Mapping[str, str]) -> Path | None:
    # The name is the one under which prometheus_client itself looks for it; `flask serve` sets it.
    raw = environ.get("PROMETHEUS_MULTIPROC_DIR")
    return Path(raw) if raw else None


def _emergency_number(environ: Mapping[str, str]) -> str:
    raw = environ.get("COMMUNITY_EMERGENCY_NUMBER") or EMERGENCY_NUMBER
    digits = raw.removeprefix("+").replace(" ", "").replace("-", "")
    if not digits.isascii() or not digits.isdigit() or not 2 <= len(digits) <= 15:
        raise SettingError("COMMUNITY_EMERGENCY_NUMBER", "is a telephone number of 2 to 15 digits")
    return raw


def _proxies(environ: Mapping[str, str]) -> tuple[str, ...]:
    named = [one.strip() for one in (environ.get("COMMUNITY_PROXIES") or "").split(",") if one.strip()]
    try:
        networks = [ipaddress.ip_network(one.removeprefix("[").removesuffix("]")) for one in named]
    except ValueError:
        raise SettingError(
            "COMMUNITY_PROXIES", "names addresses and networks such as 10.0.0.0/8, separated by commas"
        ) from None
    if any(network.prefixlen == 0 for network in networks):
        raise SettingError("COMMUNITY_PROXIES", "names some addresses and networks, not all there are")
    return tuple(str(one) if one.num_addresses > 1 else str(one.network_address) for one in networks)


def _origins(environ: Mapping[str, str]) -> tuple[str, ...]:
    named = [entry.strip() for entry in (environ.get("COMMUNITY_ORIGINS") or "").split(",") if entry.strip()]
    if not all(entry == "*" or ORIGIN.fullmatch(entry) for entry in named):
        raise SettingError(
            "COMMUNITY_ORIGINS", "names origins such as https://portal.example, separated by commas, or *"
        )
    return tuple(named)


def _metrics_token(environ: Mapping[str, str]) -> str | None:
    raw = environ.get("COMMUNITY_METRICS_TOKEN") or None
    if raw is not None and len(raw) < 32:
        raise SettingError("COMMUNITY_METRICS_TOKEN", "has 32 characters or more")
    return raw
