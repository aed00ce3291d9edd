"""Pure geometry of the areas of units: whether a place is inside one.

Areas are GeoJSON geometries (RFC 7946): Polygon or MultiPolygon, longitude before latitude, degrees WGS 84,
straight edges in degrees, cut at the antimeridian. Two areas that share an edge never both contain a place
on it and never both miss it, so a tiling assigns every inner place exactly once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

Point = tuple[float, float]
Ring = tuple[Point, ...]
RING_MIN: Final = 4


class AreaBroken(ValueError):
    """A declared area is no usable geometry; the message says why."""


@dataclass(frozen=True, slots=True)
class Area:
    """Polygons, each an outer ring and its holes, with the box around all of them."""

    polygons: tuple[tuple[Ring, ...], ...]
    box: tuple[float, float, float, float]

    def contains(self, lat: float, lon: float) -> bool:
        """Whether the place is inside; on an edge only one of the two areas beside it says yes."""
        return self._near(lat, lon) and any(_inside(rings, lon, lat) for rings in self.polygons)

    def touches(self, lat: float, lon: float) -> bool:
        """Whether the place lies exactly on an edge: for the rim of the country, where no neighbour is."""
        return self._near(lat, lon) and any(
            _on_edge(start, end, lon, lat) for rings in self.polygons for start, end in _edges(rings)
        )

    def _near(self, lat: float, lon: float) -> bool:
        west, south, east, north = self.box
        return west <= lon <= east and south <= lat <= north


def from_geojson(geometry: Mapping[str, Any]) -> Area:
    """Read a GeoJSON geometry. Raises AreaBroken when it is none that an area can have."""
    kind, coordinates = geometry.get("type"), geometry.get("coordinates")
    if kind == "Polygon":
        coordinates = [coordinates]
    elif kind != "MultiPolygon":
        raise AreaBroken(f"an area is a Polygon or a MultiPolygon, not {kind!r}")
    if not isinstance(coordinates, Sequence) or not coordinates:
        raise AreaBroken("an area needs at least one polygon")
    polygons = tuple(tuple(_ring(ring) for ring in _listed(rings)) for rings in coordinates)
    points = [point for rings in polygons for ring in rings for point in ring]
    lons, lats = [point[0] for point in points], [point[1] for point in points]
    return Area(polygons, (min(lons), min(lats), max(lons), max(lats)))


def box_geojson(west: float, south: float, east: float, north: float) -> dict[str, Any]:
    """The GeoJSON polygon of a box, degrees. Raises AreaBroken when its sides are the wrong way round."""
    if not (west < east and south < north):
        raise AreaBroken(f"a box is west, south, east, north: {[west, south, east, north]} is none")
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def _listed(rings: Any) -> Sequence[Any]:
    if not isinstance(rings, Sequence) or isinstance(rings, str) or not rings:
        raise AreaBroken("a polygon needs an outer ring")
    return rings


def _ring(points: Any) -> Ring:
    ring = tuple(_point(point) for point in _listed(points))
    if len(ring) < RING_MIN or ring[0] != ring[-1]:
        raise AreaBroken("a ring has at least four positions and ends where it began")
    return ring


def _point(position: Any) -> Point:
    if not isinstance(position, Sequence) or len(position) < 2:
        raise AreaBroken(f"a position is longitude and latitude: {position!r} is none")
    lon, lat = position[0], position[1]
    numbers = all(isinstance(part, int | float) and not isinstance(part, bool) for part in (lon, lat))
    if not numbers or not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise AreaBroken(f"a position is longitude and latitude: {position!r} is none")
    return float(lon), float(lat)


def _edges(rings: tuple[Ring, ...]) -> list[tuple[Point, Point]]:
    return [edge for ring in rings for edge in pairwise(ring)]


def _inside(rings: tuple[Ring, ...], lon: float, lat: float) -> bool:
    """Even-odd rule: a ray to the east crosses the rings, holes included, an odd number of times."""
    return sum(_crosses(start, end, lon, lat) for start, end in _edges(rings)) % 2 == 1


def _crosses(start: Point, end: Point, lon: float, lat: float) -> bool:
    # The edge is taken from south to north whatever its direction in the ring: neighbours walk a shared edge
    # in opposite directions, and the same rounding on both sides is what makes a tiling exact.
    (west, south), (east, north) = sorted((start, end), key=lambda point: (point[1], point[0]))
    if not south <= lat < north:
        return False
    return lon < west + (east - west) * ((lat - south) / (north - south))


def _on_edge(start: Point, end: Point, lon: float, lat: float) -> bool:
    (x1, y1), (x2, y2) = start, end
    if not (min(x1, x2) <= lon <= max(x1, x2) and min(y1, y2) <= lat <= max(y1, y2)):
        return False
    return (x2 - x1) * (lat - y1) == (y2 - y1) * (lon - x1)
