"""Coordinate systems of source files, and their way to WGS 84 (latitude, longitude in degrees)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class System:
    """A system of coordinates: the map's two keys for its columns, and the conversion."""

    keys: tuple[str, str]
    to_wgs84: Callable[[float, float], tuple[float, float]]


def _unchanged(lat: float, lon: float) -> tuple[float, float]:
    return lat, lon


def lv95_to_wgs84(east: float, north: float) -> tuple[float, float]:
    """Swiss coordinates (EPSG:2056, metres) by swisstopo's approximation, good to about a metre.

    Rounded to five decimals, which is that metre.
    """
    y, x = (east - 2_600_000) / 1e6, (north - 1_200_000) / 1e6
    lon = 2.6779094 + 4.728982 * y + 0.791484 * y * x + 0.1306 * y * x**2 - 0.0436 * y**3
    lat = 16.9023892 + 3.238272 * x - 0.270978 * y**2 - 0.002528 * x**2 - 0.0447 * y**2 * x - 0.0140 * x**3
    return round(lat * 100 / 36, 5), round(lon * 100 / 36, 5)


SYSTEMS = {
    "wgs84": System(("latitude", "longitude"), _unchanged),
    "lv95": System(("east", "north"), lv95_to_wgs84),
}
