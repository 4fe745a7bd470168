"""Libraries that show by themselves what is asked of them: on the page, by the hooks that each has for that.

Each function is for when its module has been imported. Outside a notebook Plotly and Bokeh open a browser,
Altair's HTML has a random name and loads its scripts itself, Graphviz wants a program that pip does not
bring, and IPython's `display` prints.
"""

from __future__ import annotations

import shutil
import sys
from contextlib import suppress
from importlib import import_module
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mkdocs_chainrule.worker import display

if TYPE_CHECKING:
    from collections.abc import Callable

_BOKEH = "application/vnd.chainrule.bokeh+json"
_PLOTLY = "application/vnd.plotly.v1+json"


def plotly() -> None:
    """Let figures of Plotly be data that its script draws, and `fig.show()` show them."""
    module: Any = sys.modules["plotly.io._renderers"]

    class Page(module.PlotlyRenderer):  # type: ignore[misc]  # there are no annotations
        def to_mimebundle(self, figure: dict[str, Any]) -> dict[str, Any]:
            data = super().to_mimebundle(figure)[_PLOTLY]
            return {_PLOTLY: {**data, "version": import_module("plotly.offline").get_plotlyjs_version()}}

    def show(figure: Any, renderer: str | None = None, validate: bool = True, **options: Any) -> None:
        data = module.validate_coerce_fig_to_dict(figure, validate)
        found = module.renderers._build_mime_bundle(data, renderer, **options)  # noqa: SLF001 - as its own does
        display.publish({**found, "text/plain": display.plain(figure)})

    still = import_module("plotly.io._base_renderers").ImageRenderer
    for name, renderer in list(module.renderers.items()):
        if not isinstance(renderer, still):  # whatever notebook or browser an author names, it is the page
            module.renderers[name] = Page()
    module.renderers.default = "plotly_mimetype"
    module.show = show


def altair() -> None:
    """Let charts of Altair be specifications, which Vega's scripts draw."""
    module: Any = sys.modules["altair"]
    version = module.SCHEMA_VERSION.lstrip("v").split(".")[0]
    mime = f"application/vnd.vegalite.v{version}+json"

    def render(spec: dict[str, Any], **options: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        return {mime: spec}, {mime: {"embed_options": options.get("embed_options") or {}}}

    for name in {*module.renderers.names()} - {"json", "png", "svg"}:  # as with Plotly
        module.renderers.register(name, render)
    module.renderers.enable("default")
    module.TopLevelMixin.show = display.show


def bokeh() -> None:
    """Let `show(p)` of Bokeh show on the page, and a plot as a last value be the plot."""
    module: Any = sys.modules["bokeh.io"]
    embed, resources = import_module("bokeh.embed"), import_module("bokeh.resources")

    def data(plot: Any, **_: Any) -> dict[str, Any]:
        # In a document of its own: a plot may be shown again, and as a part of a layout.
        with embed.util.OutputDocumentFor([plot], apply_theme=module.curdoc().theme, always_new=True):
            item = embed.json_item(plot)
        scripts = embed.bundle.bundle_for_objs_and_resources([plot], resources.CDN).js_files
        public = [script for script in map(str, scripts) if script.startswith("http")]
        return {_BOKEH: {"item": item, "scripts": public}}

    def show(plot: Any, *_: object) -> None:
        display.publish({**data(plot), "text/plain": display.plain(plot)})

    def refuse(*_: object) -> None:
        raise RuntimeError("an application of Bokeh needs its server; show a plot or a layout instead")

    module.notebook.install_notebook_hook("jupyter", lambda *_: None, show, refuse, overwrite=True)
    import_module("bokeh.settings").settings.browser = "none"  # `output_file` saves, and opens nothing
    import_module("bokeh.io.state").curstate().output_notebook()
    import_module("bokeh.models.ui").UIElement._repr_mimebundle_ = data


def holoviews() -> None:
    """Let what HoloViews makes be what it draws: a plot of Bokeh, or a figure."""
    module: Any = sys.modules["holoviews"]

    def drawn(value: Any, **_: Any) -> tuple[Any, Any]:
        shown = display.bundle(module.render(value))
        return shown.data, shown.metadata

    module.core.Dimensioned._repr_mimebundle_ = drawn


def graphviz() -> None:
    """Let Graphviz' interface draw by the program that pip brings, where there is no other."""
    command: Any = sys.modules["graphviz.backend.dot_command"]
    if shutil.which("dot") is None and (own := _own_graphviz()):
        command.DOT_BINARY = own


def ipython() -> None:
    """Let IPython's `display` and what publishes data be ours, before anything copies their names."""
    module: Any = sys.modules["IPython.core.display_functions"]
    module.display = display.display_as_ipython
    module.publish_display_data = display.publish


def _own_graphviz() -> Path | None:
    try:
        files = distribution("graphviz-pure").files or ()
    except PackageNotFoundError:
        return None
    return next((Path(str(file.locate())) for file in files if file.stem == "graphviz-pure"), None)


def _harmless(hook: Callable[[], None]) -> Callable[[], None]:
    """Return what a version that does not know the hook is imported with, too: then it shows as by itself."""

    def run() -> None:
        with suppress(Exception):
            hook()

    return run


HOOKS = {
    "plotly.io._renderers": _harmless(plotly),
    "altair": _harmless(altair),
    "bokeh.io": _harmless(bokeh),
    "holoviews": _harmless(holoviews),
    "graphviz.backend.dot_command": _harmless(graphviz),
    "IPython.core.display_functions": _harmless(ipython),
}
