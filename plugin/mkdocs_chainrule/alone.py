"""The extension without MkDocs around it: each page is run, and waited for, at its end."""

from __future__ import annotations

import atexit
import logging
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mkdocs_chainrule.options import PLUGIN_OPTIONS
from mkdocs_chainrule.read.setup import setup_blocks
from mkdocs_chainrule.show import ShowSettings
from mkdocs_chainrule.site import Site
from mkdocs_chainrule.site.references import referenced
from mkdocs_chainrule.store.plan import plan
from mkdocs_chainrule.telling import tell

if TYPE_CHECKING:
    from collections.abc import Mapping
    from xml.etree.ElementTree import Element

    from mkdocs_chainrule.run.pool import Pool


def _log() -> logging.Logger:
    """Return the logger whose warnings count: under MkDocs, a strict build counts those of plugins alone."""
    under_mkdocs = {"mkdocs.commands.build", "properdocs.commands.build"} & sys.modules.keys()
    return logging.getLogger("mkdocs.plugins.mkdocs_chainrule" if under_mkdocs else __name__)


def own_site(configs: Mapping[str, Any]) -> Site:
    """Return the site of one page, for options from Python-Markdown: places start at the current folder."""
    options = {
        name: option.default if configs[name] == "" else option.parse(configs[name])
        for name, option in PLUGIN_OPTIONS.items()
    }
    root = Path.cwd()
    own_plan = plan(root, options, lambda: _pool(root, options["workers"]))
    site = Site(root, own_plan, options, setup_blocks(root, options))
    site.pages.page = configs["page"]
    return site


@cache
def _pool(root: Path, workers: int | None) -> Pool:
    """Return the processes of this program, which outlive its pages."""
    from mkdocs_chainrule.run.pool import Pool  # noqa: PLC0415 - a page without blocks starts nothing

    pool = Pool(root, workers=workers)
    atexit.register(pool.shutdown)
    return pool


class PageEnd:
    """The last step of a page: its blocks run, and their results take their places.

    Other extensions, such as `toc`, post-process parts of a page before: only when its tree is complete is
    the next text the page itself.
    """

    def __init__(self, site: Site) -> None:
        self._site, self._is_due = site, False

    def is_next(self, _: Element) -> None:
        """Let the next text be the page itself."""
        self._is_due = True

    def run(self, text: str) -> str:
        """Return the page's HTML with all results."""
        if not self._is_due:
            return text
        self._is_due = False
        site = self._site
        site.submit(site.pages.page, text)
        site.collect()
        html = site.fill(referenced(text, "", {"": site.figures.get(site.pages.page, {})}), ShowSettings())
        site.settle()
        tell(site.problems, _log())
        site.clear()
        return html
