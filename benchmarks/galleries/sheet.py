"""Contact sheets: varied figures of a gallery as its page shows them, in the light and in the dark."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PIL import Image

from benchmarks.galleries.looking import SCHEMES, looker

if TYPE_CHECKING:
    from benchmarks.galleries.findings import Figure, Found
    from benchmarks.galleries.gallery import Run

COLUMNS, TILE, GAP = 6, (400, 300), 8
GROUNDS = {"light": "white", "dark": "#1e2129"}


def sheets(run: Run, pages: list[Found], count: int) -> list[str]:
    """Write a sheet for each scheme, and return which figures are on them, row by row."""
    chosen = varied([figure for page in pages for figure in page.figures], count)
    shots = run.kept("sheets")
    with looker(run.site, run.browser) as eye:
        for scheme in SCHEMES:
            for figure in chosen:
                tab = eye.open(figure.page, scheme)
                path = shots / f"{figure.name.replace('/', '-')} {scheme}.png"
                eye.shot(tab, _place(pages, figure), path, figure.here["frame"], has_text=True)
            _sheet(
                [shots / f"{figure.name.replace('/', '-')} {scheme}.png" for figure in chosen], scheme
            ).save(run.folder / f"sheet-{scheme}.png")
    return [figure.name for figure in chosen]


def varied(figures: list[Figure], count: int) -> list[Figure]:
    """Return so many figures, in equal steps through all that can be shown, so that each folder has its share."""
    shown = [figure for figure in figures if "error" not in figure.here["light"]]
    count = min(count, len(shown))
    return [shown[number * len(shown) // count] for number in range(count)]


def _place(pages: list[Found], figure: Figure) -> int:
    """Return which figure of its page it is, from 0."""
    return next(int(_number(each)) - 1 for page in pages for each in page.figures if each is figure)


def _number(figure: Figure) -> str:
    return figure.here["light"]["picture"].rsplit("-", 2)[1]


def _sheet(paths: list, scheme: str) -> Image.Image:
    rows = -(-len(paths) // COLUMNS)
    width, height = (side + GAP for side in TILE)
    sheet = Image.new("RGB", (COLUMNS * width + GAP, rows * height + GAP), GROUNDS[scheme])
    for number, path in enumerate(paths):
        row, column = divmod(number, COLUMNS)
        tile = Image.open(path).convert("RGB")
        tile.thumbnail(TILE)
        sheet.paste(tile, (GAP + column * width, GAP + row * height))
    return sheet
