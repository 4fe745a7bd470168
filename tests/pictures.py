"""A figure's SVG, and what tests ask of it."""

from __future__ import annotations

import base64
import io
import re
from dataclasses import dataclass
from functools import cached_property
from xml.etree import ElementTree as ET

import numpy as np
from PIL import Image

Colours = set[str | None]


def name(node: ET.Element) -> str:
    return node.tag.rpartition("}")[2]


@dataclass(frozen=True)
class Picture:
    svg: str
    remarks: tuple[str, ...] = ()

    @cached_property
    def root(self) -> ET.Element:
        return ET.fromstring(self.svg)

    @property
    def box(self) -> tuple[float, float, float, float]:
        left, top, width, height = map(float, self.root.get("viewBox", "").split())
        return left, top, width, height

    def texts(self) -> dict[str, ET.Element]:
        """The visible and the hidden texts, by what they say."""
        return {"".join(node.itertext()): node for node in self.root.iter() if name(node) == "text"}

    def colour(self, text: str) -> str | None:
        return self.texts()[text].get("fill")

    def paints(self, kind: str) -> Colours:
        return {node.get(kind) for node in self.root.iter() if node.get(kind) not in {None, "none"}}

    def all(self, element: str) -> list[ET.Element]:
        return [node for node in self.root.iter() if name(node) == element]

    def images(self) -> list[np.ndarray]:
        encoded = [node.get("href", "").partition(",")[2] for node in self.all("image")]
        return [
            np.asarray(Image.open(io.BytesIO(base64.b64decode(each))).convert("RGBA")) for each in encoded
        ]

    def dead_references(self) -> set[str]:
        ids = set(re.findall(r' id="([^"]+)"', self.svg))
        return set(re.findall(r'(?:href="#|url\(#)([^")]+)', self.svg)) - ids
