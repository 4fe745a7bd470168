"""Edges of a drawn graph that cross the box of a node which is not their own, read back from the SVG."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from xml.etree import ElementTree as ET

SAMPLES = 24  # of a piece of a spline
TOLERANCE = 1.0  # pixels: positions are rounded to whole ones
_PICTURE = re.compile(r'<svg role="img".*?</svg>', re.DOTALL)

Point = tuple[float, float]


@dataclass(frozen=True)
class Box:
    """Where a node stands, with its rounded corners."""

    name: str
    left: float
    top: float
    right: float
    bottom: float
    round: float

    def meets(self, left: float, top: float, right: float, bottom: float) -> bool:
        """Tell whether another box lies over this one."""
        return self.left < right and left < self.right and self.top < bottom and top < self.bottom

    def depth(self, point: Point) -> float:
        """Return how far within the box a point lies; negative outside."""
        x, y = (self.left + self.right) / 2, (self.top + self.bottom) / 2
        dx = abs(point[0] - x) - (self.right - self.left) / 2 + self.round
        dy = abs(point[1] - y) - (self.bottom - self.top) / 2 + self.round
        outside = (max(dx, 0) ** 2 + max(dy, 0) ** 2) ** 0.5
        return self.round - outside - min(max(dx, dy), 0)


def pictures(html: str) -> list[str]:
    """Return the drawn graphs of a page as SVG."""
    return [found for found in _PICTURE.findall(html) if "-arrow" in found]


def crossings(svg: str) -> list[str]:
    """Return what edges cross, a line each: `v1 -> o3 crosses v2`."""
    root = ET.fromstring(svg)
    boxes = [_box(group) for group in root.iter("g") if group.get("id")]
    edges = next(group for group in root.iter("g") if group.get("marker-end"))
    found = []
    for path in edges:
        points = list(_points(path.get("d", "")))
        ends = [max(boxes, key=lambda box, at=at: box.depth(at)) for at in (points[0], points[-1])]
        xs, ys = zip(*points, strict=True)
        near = (box for box in boxes if box not in ends and box.meets(min(xs), min(ys), max(xs), max(ys)))
        passed = (box for box in near if max(map(box.depth, points)) > TOLERANCE)
        found += [f"{ends[0].name} -> {ends[1].name} crosses {box.name}" for box in passed]
    return found


def _box(group: ET.Element) -> Box:
    outline = group.findall("rect") or group.findall("circle")
    x, y, width, height, corner = (
        float(outline[-1].get(key, 0)) for key in ("x", "y", "width", "height", "rx")
    )
    if radius := float(outline[-1].get("r", 0)):
        x, y, width, height, corner = -radius, -radius, 2 * radius, 2 * radius, radius
    dx, dy = map(int, re.findall(r"-?\d+", group.get("transform", "0 0")))
    corner = min(corner, width / 2, height / 2)
    name = group.get("id", "").rpartition("-")[2]
    return Box(name, x + dx, y + dy, x + dx + width, y + dy + height, corner)


def _points(path: str):
    """Yield points along a path of relative curves and lines."""
    x = y = 0.0
    for command, text in re.findall(r"([Mlchv])([^Mlchv]*)", path):
        numbers = [int(number) for number in re.findall(r"-?\d+", text)]
        numbers = {"h": [*numbers, 0], "v": [0, *numbers]}.get(command, numbers)
        moves = list(zip(numbers[::2], numbers[1::2], strict=True))
        if command == "M":
            x, y = moves[0]
            yield x, y
            continue
        corners = [(0, 0), *moves] if command == "c" else [(0, 0), (0, 0), moves[-1], moves[-1]]
        for step in range(1, SAMPLES + 1):
            dx, dy = _bezier(corners, step / SAMPLES)
            yield x + dx, y + dy
        x, y = x + moves[-1][0], y + moves[-1][1]


def _bezier(corners: list[Point], at: float) -> Point:
    while len(corners) > 1:
        corners = [(a[0] + (b[0] - a[0]) * at, a[1] + (b[1] - a[1]) * at) for a, b in pairwise(corners)]
    return corners[0]
