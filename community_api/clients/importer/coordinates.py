"""Coordinate systems of source files, and their way to WGS 84 (latitude, longitude in degrees)."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

WGS84 = "EPSG:4326"
# Names that maps may use instead of a number.
ALIASES = {"wgs84": WGS84, "lv95": "EPSG:2056"}
EPSG = re.compile(r"(?:EPSG:)?([0-9]{4,6})", re.IGNORECASE)
# Degrees beyond the area for which a system is made: authorities use one system a little past its border.
MARGIN = 3.0
EVERYWHERE = (-180.0, -90.0, 180.0, 90.0)


class UnknownSystem(Exception):
    """No coordinate system of this name can be used."""


class OutsideSystem(Exception):
    """A point that does not lie where its coordinate system is used."""


@dataclass(frozen=True)
class System:
    """A system of coordinates: degrees (latitude, longitude) or lengths (east, north).

    ``bounds``: west, south, east, north in degrees.
    """

    name: str
    degrees: bool
    bounds: tuple[float, float, float, float]
    convert: Callable[[float, float], tuple[float, float]]

    @property
    def keys(self) -> tuple[str, str]:
        """The map's two keys for its columns."""
        return ("latitude", "longitude") if self.degrees else ("east", "north")

    def to_wgs84(self, first: float, second: float) -> tuple[float, float]:
        """Latitude and longitude; raises OutsideSystem."""
        lat, lon = self.convert(first, second)
        west, south, east, north = self.bounds
        if not (math.isfinite(lat) and math.isfinite(lon) and south <= lat <= north):
            raise OutsideSystem
        # An area of use may lie across the meridian where longitudes begin anew.
        if not (west <= lon <= east if west <= east else lon >= west or lon <= east):
            raise OutsideSystem
        return lat, lon


def system_of(name: str) -> System:
    """The system of an alias or an EPSG number; raises UnknownSystem in words."""
    code = ALIASES.get(name.lower())
    if code is None:
        number = EPSG.fullmatch(name.strip())
        if number is None:
            raise UnknownSystem(f"a system is {', '.join(ALIASES)} or a number such as EPSG:27700")
        code = f"EPSG:{number.group(1)}"
    return _system(code)


@cache
def _system(code: str) -> System:
    if code == WGS84:
        return System(code, degrees=True, bounds=EVERYWHERE, convert=lambda lat, lon: (lat, lon))
    crs = _system_of(code)
    if not (crs.is_geographic or crs.is_projected) or len(crs.axis_info) != 2:
        raise UnknownSystem(f"{code} has no two coordinates of a place on a map")
    area = crs.area_of_use
    bounds = _widened(area.west, area.south, area.east, area.north) if area else EVERYWHERE
    return System(code, bool(crs.is_geographic), bounds, _conversion(code, degrees=crs.is_geographic))


def _system_of(code: str) -> Any:
    """The system as PROJ knows it; loaded when a map needs it, for its tables are large."""
    import pyproj  # noqa: PLC0415

    try:
        return pyproj.CRS.from_user_input(code)
    except pyproj.exceptions.CRSError:
        raise UnknownSystem(f"no coordinate system {code} is known") from None


def _conversion(code: str, *, degrees: bool) -> Callable[[float, float], tuple[float, float]]:
    import pyproj  # noqa: PLC0415

    transform = pyproj.Transformer.from_crs(code, WGS84, always_xy=True).transform

    def convert(first: float, second: float) -> tuple[float, float]:
        lon, lat = transform(second, first) if degrees else transform(first, second)
        # A tenth of a metre; finer is not in such files.
        return round(lat, 6), round(lon, 6)

    return convert


def _widened(west: float, south: float, east: float, north: float) -> tuple[float, float, float, float]:
    west, east = west - MARGIN, east + MARGIN
    return (
        west + 360 if west < -180 else west,
        max(south - MARGIN, -90.0),
        east - 360 if east > 180 else east,
        min(north + MARGIN, 90.0),
    )
