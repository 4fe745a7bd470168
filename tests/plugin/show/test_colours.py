"""Every colour of text can be read on every ground, in light and in dark."""

from __future__ import annotations

import re

import pytest

from mkdocs_chainrule.show.colours import colours, style_for

INKS = ["ink", "soft", "accent", "bad", *"12345678"]
GROUNDS = {  # what text stands on; besides our own grounds those of the themes
    "light": ["#ffffff", "quiet", "node", "mark"],
    "dark": ["#1e2129", "#212529", "quiet", "node", "mark"],
}


def in_scheme(name: str, scheme: str) -> str:
    light, dark = re.fullmatch(r"light-dark\((#\w+), (#\w+)\)", colours()[f"--chainrule-{name}"]).groups()
    return light if scheme == "light" else dark


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    levels = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [level / 12.92 if level <= 0.04045 else ((level + 0.055) / 1.055) ** 2.4 for level in levels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("ink", INKS)
def test_contrast(ink, scheme):
    for name in GROUNDS[scheme]:
        ground = name if name.startswith("#") else in_scheme(name, scheme)
        lighter, darker = sorted([luminance(in_scheme(ink, scheme)), luminance(ground)], reverse=True)
        assert (lighter + 0.05) / (darker + 0.05) >= 4.5, (ink, name, scheme)


def test_a_picture_of_its_own_brings_only_the_colours_it_uses():
    style = style_for('<path stroke="var(--chainrule-1)"/>')
    assert re.findall(r"--chainrule-[\w-]+(?=:)", style) == ["--chainrule-1"]
