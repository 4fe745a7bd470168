"""A gallery's report: a table and what is wrong as Markdown, all of it as JSON, and the pictures that differ."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from PIL import Image

from benchmarks.galleries.comparing import READABLE
from benchmarks.galleries.looking import SCHEMES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from benchmarks.galleries.findings import Figure, Found

KINDS = {"missing": "missing", "colour": "of another colour", "place": "more than 3 px away"}
MOST = 40  # lines of one kind on a page's part of the report
PAIRS = 120  # pictures kept side by side


def summary(pages: list[Found], cost: Mapping[str, float]) -> dict[str, Any]:
    """Return the figures that tell how a gallery came out."""
    figures = [figure for page in pages for figure in page.figures]
    compared = [figure for figure in figures if figure.share is not None]
    steady = [figure for figure in compared if not figure.is_random]
    like = sum(not figure.is_unlike for figure in steady)
    faults = Counter(kind for figure in steady for kind, _ in figure.faults)
    marred = {
        kind: sum(any(each == kind for each, _ in figure.faults) for figure in steady) for kind in KINDS
    }
    return {
        "pages": len(pages),
        "blocks": sum(page.blocks for page in pages),
        "pages that fail here and not there": sum(bool(page.failures) and not page.theirs for page in pages),
        "pages that fail there and not here": sum(bool(page.theirs) and not page.failures for page in pages),
        "pages that fail in both": sum(bool(page.theirs and page.failures) for page in pages),
        "figures here": sum(page.count[0] for page in pages),
        "figures there": sum(page.count[1] for page in pages),
        "pages with another number of figures": sum(page.count[0] != page.count[1] for page in pages),
        "dead references": sum(len(page.dead) for page in pages),
        "figures with dead references": sum(bool(figure.here["dead"]) for figure in figures),
        "lines of text": sum(figure.texts for figure in steady),
        **{f"texts {said}": faults[kind] for kind, said in KINDS.items()},
        **{f"figures with texts {said}": marred[kind] for kind, said in KINDS.items()},
        "lines about our choices": sum(len(page.ours) for page in pages),
        "pages with lines about our choices": sum(bool(page.ours) for page in pages),
        "pages with other lines that are here only": sum(bool(page.only_here) for page in pages),
        "megabytes of figures": round(sum(figure.here["bytes"] for figure in figures) / 1e6, 1),
        "figures over a megabyte": sum(figure.is_large for figure in figures),
        "seconds of the largest draw": round(max((_seconds(f, "ours") for f in figures), default=0), 1),
        "draws over 3 s and twice Agg's": sum(figure.is_slow for figure in figures),
        "seconds of all draws": round(sum(_seconds(figure, "ours") for figure in figures), 1),
        "seconds of all draws by Agg": round(sum(_seconds(figure, "agg") for figure in figures), 1),
        "figures compared by pixels": len(steady),
        "figures alike": like,
        "percent alike": round(100 * like / len(steady), 1) if steady else None,
        "figures that chance draws": len(compared) - len(steady),
        **_readable(steady),
        "CPU seconds of the build": round(cost["cpu"], 1),
    }


def _seconds(figure: Figure, whose: str) -> float:
    return float(figure.there.get(whose, 0.0))


def _readable(figures: Iterable[Figure]) -> dict[str, Any]:
    """Return for each scheme how many texts have too little contrast, of those whose ground is known."""
    told = {}
    for scheme in SCHEMES:
        said = [value for figure in figures for _, value in figure.contrast.get(scheme, ())]
        known = [value for value in said if value is not None]
        told[f"texts in ink below {READABLE}:1, {scheme}"] = sum(value < READABLE for value in known)
        told[f"texts in ink with a known ground, {scheme}"] = len(known)
    return told


def markdown(title: str, told: Mapping[str, Any], pages: list[Found], out: Mapping[str, str]) -> str:
    """Return the report."""
    figures = [figure for page in pages for figure in page.figures]
    lines = [f"# {title}", "", "| what | found |", "|---|---:|"]
    lines += [f"| {name} | {value} |" for name, value in told.items()]
    parts = {
        "Fail here and not there": _failing(page for page in pages if page.failures and not page.theirs),
        "Fail there and not here": [
            f"{page.page}: {page.theirs[0]}" for page in pages if page.theirs and not page.failures
        ],
        "Fail in both": [f"{page.page}: {page.theirs[0]}" for page in pages if page.theirs and page.failures],
        "Another number of figures": [
            f"{page.page}: {page.count[0]} here, {page.count[1]} there"
            for page in pages
            if page.count[0] != page.count[1]
        ],
        "Unlike in pixels, worst first": [
            f"{figure.name}: {figure.share:.3f} of the cells (limit {figure.limit:g}), {figure.there['cut']}"
            for figure in worst(figures)
        ],
        "Drawn by chance": [figure.name for figure in figures if figure.is_random],
        "Not compared": [f"{figure.name}: {_why(figure)}" for figure in figures if figure.share is None],
        **{
            f"Texts {said}": [
                f"{figure.name}: {'; '.join(text for each, text in figure.faults if each == kind)[:300]}"
                for figure in figures
                if not figure.is_random and any(each == kind for each, _ in figure.faults)
            ]
            for kind, said in KINDS.items()
        },
        "Dead references": [f"{page.page}: {len(page.dead)}, {page.dead[0]}" for page in pages if page.dead],
        "Lines about our choices": [f"{page.page}: {line}" for page in pages for line in page.ours],
        "Other lines that are here only": [
            f"{page.page}: {line}" for page in pages for line in page.only_here[:3]
        ],
        "Over a megabyte": [
            f"{figure.name}: {figure.here['bytes'] / 1e6:.1f} MB" for figure in figures if figure.is_large
        ],
        "Slow to draw": [
            f"{figure.name}: {_seconds(figure, 'ours'):.1f} s, Agg {_seconds(figure, 'agg'):.1f} s"
            for figure in figures
            if figure.is_slow
        ],
        **{f"Contrast below {READABLE}:1, {scheme}": _pale(figures, scheme) for scheme in SCHEMES},
        "Left out": [f"{name}: {why}" for name, why in out.items()],
    }
    for head, said in parts.items():
        if said:
            lines += ["", f"## {head} ({len(said)})", "", *(f"- {_one_line(line)}" for line in said)]
    return "\n".join(lines) + "\n"


def _failing(pages: Iterable[Found]) -> list[str]:
    return [f"{page.page}: {page.failures[0]}" for page in pages]


def _one_line(text: str) -> str:
    return " ".join(text.split())[:400]


def _why(figure: Figure) -> str:
    if figure.there["kind"] == "picture":
        return "a picture that an object draws of itself"
    return str(figure.here["light"].get("error") or figure.there.get("error"))


def _pale(figures: Iterable[Figure], scheme: str) -> list[str]:
    told = []
    for figure in figures:
        low = [each for each in figure.contrast.get(scheme, ()) if each[1] is not None and each[1] < READABLE]
        if low:
            text, least = min(low, key=lambda each: each[1])
            told.append(f"{figure.name}: {len(low)} texts, {text!r} {least:.1f}:1")
    return told


def worst(figures: Iterable[Figure]) -> list[Figure]:
    """Return the figures that are unlike, those first that exceed their limit most."""
    return sorted(
        (figure for figure in figures if figure.is_unlike),
        key=lambda figure: (figure.share or 0) / figure.limit,
        reverse=True,
    )


def keep(
    folder: Path, title: str, pages: list[Found], cost: Mapping[str, float], out: Mapping[str, str]
) -> dict[str, Any]:
    """Write the report, and put the pictures that differ side by side: the page's, the reference's."""
    told = summary(pages, cost)
    (folder / "report.md").write_text(markdown(title, told, pages, out), "utf-8")
    data = {"title": title, "summary": told, "pages": [page.data() for page in pages], "left out": dict(out)}
    (folder / "report.json").write_text(json.dumps(data, indent=1), "utf-8")
    pairs = folder / "pairs"
    pairs.mkdir(exist_ok=True)
    for old in pairs.glob("*.png"):
        old.unlink()
    for number, figure in enumerate(worst(figure for page in pages for figure in page.figures)[:PAIRS], 1):
        beside = [folder / "pictures" / each["picture"] for each in (figure.here["light"], figure.there)]
        name = f"{number:03}-{figure.name.replace('/', '-').replace(' ', '-')}.png"
        _side_by_side(beside, tuple(figure.here["light"]["ground"])).save(pairs / name)
    return told


def _side_by_side(paths: list[Path], ground: tuple[int, ...]) -> Image.Image:
    images = [Image.open(path).convert("RGBA") for path in paths]
    size = (sum(image.width for image in images) + 10, max(image.height for image in images))
    both = Image.new("RGBA", size, (*ground, 255))
    left = 0
    for image in images:
        both.alpha_composite(image, (left, 0))
        left += image.width + 10
    return both.convert("RGB")
