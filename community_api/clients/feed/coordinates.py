"""Coordinate systems of source files, and their way to WGS 84 (latitude, longitude in degrees)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any


@dataclass(frozen=True)
class System:
    """A system of coordinates: the map's two keys for its columns, and the conversion."""

    keys: tuple[str, str]
    to_wgs84: Callable[[float, float], tuple[float, float]]


def _unchanged(lat: float, lon: float) -> tuple[float, float]:
    return lat, lon


def lv95_to_wgs84(east: float, north: float) -> tuple[float, float]:
    """Swiss coordinates (EPSG:2056, metres), rounded to a tenth of a metre."""
    lat, lon = _transformer("EPSG:2056").transform(east, north)
    return round(lat, 6), round(lon, 6)


@cache
def _transformer(system: str) -> Any:
    """PROJ's way from a system; loaded when a file needs it, for its tables are large."""
    import pyproj  # noqa: PLC0415

    return pyproj.Transformer.from_crs(system, "EPSG:4326")


SYSTEMS = {
    "wgs84": System(("latitude", "longitude"), _unchanged),
    "lv95": System(("east", "north"), lv95_to_wgs84),
}
