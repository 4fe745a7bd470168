"""Plots that a library's own script draws: Plotly's, Vega's and Bokeh's, from the data that they are.

Each is an element of ours that holds the data and the addresses of the scripts. What draws it is a small
module beside our own script, which only pages with such plots load.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from mkdocs_chainrule.show.html import on_paper
from mkdocs_chainrule.show.markup import element, held
from mkdocs_chainrule.show.raster import save
from mkdocs_chainrule.show.scripts import script_url

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from mkdocs_chainrule.show.settings import ShowSettings

_RUNNER = Path(__file__).with_suffix(".js")
_NPM = "https://cdn.jsdelivr.net/npm/{}@{}"
_PLOTLY = "3.1.0"  # where the data do not say: the first that draws all that older ones do
_MOST_SCRIPTS = 50
_EMBED = {"6": "7"}  # the major version of vega-embed that goes with one of Vega; older ones have 6


def show_plotly(figure: Any, _: Mapping[str, Any], settings: ShowSettings) -> str | None:
    """Return a Plotly figure: data, layout and config."""
    if not isinstance(figure, dict):
        return None
    version = str(figure.get("version", _PLOTLY))
    return _live("plotly", figure, [f"https://cdn.plot.ly/plotly-{version}.min.js"], settings)


def show_vega(language: str, version: str) -> Callable[[Any, Mapping[str, Any], ShowSettings], str | None]:
    """Return what shows a specification of Vega, or of Vega-Lite, of some major version."""
    vega = version if language == "vega" or int(version) > 4 else "5"
    scripts = [("vega", vega), ("vega-embed", _EMBED.get(vega, "6"))]
    if language == "vegalite":
        scripts.insert(1, ("vega-lite", version))
    addresses = [_NPM.format(*script) for script in scripts]

    def show(spec: Any, metadata: Mapping[str, Any], settings: ShowSettings) -> str | None:
        data = {"spec": spec, "options": metadata.get("embed_options", {})}
        return _live("vega", data, addresses, settings)

    return show


def show_bokeh(item: Any, _: Mapping[str, Any], settings: ShowSettings) -> str | None:
    """Return a Bokeh document as `bokeh.embed.json_item` gives it, with the names of its scripts."""
    if not isinstance(item, dict) or not item.keys() >= {"item", "scripts"}:
        return None
    scripts = item["scripts"]
    if not isinstance(scripts, list) or len(scripts) > _MOST_SCRIPTS or not all(map(_is_text, scripts)):
        return None
    return _live("bokeh", item["item"], scripts, settings)


def _is_text(address: object) -> bool:
    return isinstance(address, str)


def _live(kind: str, data: Any, addresses: Iterable[str], settings: ShowSettings) -> str | None:
    """Return a plot as the element that our module draws; None where scripts of results do not run."""
    if not settings["allow_html"]:
        return None
    urls = [script_url(address, settings) for address in addresses]
    said = f"A plot that {kind.capitalize()} draws, by a script that did not come."
    label = settings["alt"] or f"A plot by {kind.capitalize()}"
    holder = element(
        "chain-live",
        held(data),
        element("p", said, class_="chainrule-note", data_search_exclude=True),
        role="group",
        aria_label=label,
        data_kind=kind,
        data_scripts=" ".join(urls),
        **on_paper({"class_": "chainrule-live"}),
    )
    return holder + _runner(settings)


def _runner(settings: ShowSettings) -> str:
    script = _RUNNER.read_text("utf-8")
    if settings.save is None:
        return element("script", script, type="module")
    return element("script", type="module", src=save(script.encode(), "js", settings))
