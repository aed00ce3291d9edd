"""Coordinate systems of source files, and their way to WGS 84 (latitude, longitude in degrees)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import asin, atan, atan2, cos, degrees, exp, hypot, log, pi, radians, sin, sqrt, tan


@dataclass(frozen=True)
class System:
    """A system of coordinates: the map's two keys for its columns, and the conversion."""

    keys: tuple[str, str]
    to_wgs84: Callable[[float, float], tuple[float, float]]


@dataclass(frozen=True)
class Ellipsoid:
    """The shape of the earth that a system assumes: half axis in metres, eccentricity squared."""

    axis: float
    e2: float

    def space(self, lat: float, lon: float) -> tuple[float, float, float]:
        """Where a point of its surface is in space, metres from the centre; angles in radians."""
        radius = self.axis / sqrt(1 - self.e2 * sin(lat) ** 2)
        return (
            radius * cos(lat) * cos(lon),
            radius * cos(lat) * sin(lon),
            radius * (1 - self.e2) * sin(lat),
        )

    def surface(self, x: float, y: float, z: float) -> tuple[float, float]:
        """Latitude and longitude of a point in space; five rounds are exact to far below a millimetre."""
        from_axis = hypot(x, y)
        lat = atan2(z, from_axis * (1 - self.e2))
        for _ in range(5):
            radius = self.axis / sqrt(1 - self.e2 * sin(lat) ** 2)
            lat = atan2(z + self.e2 * radius * sin(lat), from_axis)
        return lat, atan2(y, x)


BESSEL = Ellipsoid(6_377_397.155, 0.006674372230614)
WGS84 = Ellipsoid(6_378_137.0, 0.00669437999014)
# From the Swiss datum (CH1903+) to WGS 84, metres.
SHIFT = (674.374, 15.056, 405.346)
# The old observatory of Bern, where the Swiss projection begins.
_LAT0, _LON0 = radians(46 + 57 / 60 + 8.66 / 3600), radians(7 + 26 / 60 + 22.5 / 3600)
_E = sqrt(BESSEL.e2)
_RADIUS = BESSEL.axis * sqrt(1 - BESSEL.e2) / (1 - BESSEL.e2 * sin(_LAT0) ** 2)
_ALPHA = sqrt(1 + BESSEL.e2 / (1 - BESSEL.e2) * cos(_LAT0) ** 4)
_B0 = asin(sin(_LAT0) / _ALPHA)
_K = (
    log(tan(pi / 4 + _B0 / 2))
    - _ALPHA * log(tan(pi / 4 + _LAT0 / 2))
    + _ALPHA * _E / 2 * log((1 + _E * sin(_LAT0)) / (1 - _E * sin(_LAT0)))
)


def _unchanged(lat: float, lon: float) -> tuple[float, float]:
    return lat, lon


def lv95_to_wgs84(east: float, north: float) -> tuple[float, float]:
    """Swiss coordinates (EPSG:2056, metres) by swisstopo's exact formulas, rounded to a tenth of a metre."""
    point = BESSEL.space(*_from_plane(east - 2_600_000, north - 1_200_000))
    lat, lon = WGS84.surface(*(there + shift for there, shift in zip(point, SHIFT, strict=True)))
    return round(degrees(lat), 6), round(degrees(lon), 6)


def _from_plane(east: float, north: float) -> tuple[float, float]:
    """From the oblique cylinder by way of a sphere to the Bessel ellipsoid, in radians."""
    turned_lon, turned_lat = east / _RADIUS, 2 * (atan(exp(north / _RADIUS)) - pi / 4)
    b = asin(cos(_B0) * sin(turned_lat) + sin(_B0) * cos(turned_lat) * cos(turned_lon))
    lon = atan(sin(turned_lon) / (cos(_B0) * cos(turned_lon) - sin(_B0) * tan(turned_lat)))
    lat = b
    for _ in range(6):
        spread = (log(tan(pi / 4 + b / 2)) - _K) / _ALPHA
        lat = 2 * atan(exp(spread + _E * log(tan(pi / 4 + asin(_E * sin(lat)) / 2)))) - pi / 2
    return lat, _LON0 + lon / _ALPHA


SYSTEMS = {
    "wgs84": System(("latitude", "longitude"), _unchanged),
    "lv95": System(("east", "north"), lv95_to_wgs84),
}
