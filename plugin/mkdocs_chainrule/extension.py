"""The Markdown extension `chainrule`: an `autograd` fence, or inline expression, becomes a Block and a mark.

Nothing runs while a page is read, and nothing raises: SuperFences swallows what its formatters raise, and
shows the fence as text. What is wrong is kept with the block and told later. Without MkDocs around it, the
extension runs the blocks of a page itself, once the page's HTML is complete.

A page passes these in turn (Python-Markdown's priorities):

    91     a new page begins                31     stamps leave indented code
    32     snippets are included            -2000  heads still stamped are reported
    25.05  stamps come off the lines        -2001  without MkDocs: the page's blocks run
    25     SuperFences takes the fences
    24.95  heads that it passed over are stamped again
    24.9   expressions in formulas become tokens
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markdown.extensions import Extension
from markdown.util import Processor

from mkdocs_chainrule.alone import PageEnd, own_site
from mkdocs_chainrule.options import PLUGIN_OPTIONS
from mkdocs_chainrule.read.pymdown import PyMdown
from mkdocs_chainrule.read.reader import Reader

if TYPE_CHECKING:
    from collections.abc import Callable

    from markdown import Markdown

    from mkdocs_chainrule.site import Site


class ChainruleExtension(Extension):
    """Brings `autograd` fences and inline expressions to a page, with SuperFences and InlineHilite.

    Args:
        site: Where the blocks of all pages go; without one, each page is run at its end.
        options: As in mkdocs.yml, and `page`, the name of the page in messages.

    Examples:
        >>> import markdown
        >>> "42" in markdown.markdown("It is `#!autograd 6 * 7`.", extensions=["chainrule"])  # doctest: +SKIP
        True
    """

    def __init__(self, site: Site | None = None, **options: Any) -> None:
        # An option without a default is empty: Python-Markdown would read None's text as a truth value.
        self.config = {
            option.name: [option.written or "", option.meaning] for option in PLUGIN_OPTIONS.values()
        }
        self.config["page"] = ["page.md", "The name of the page in messages."]
        self._site = site
        super().__init__(**options)

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Python-Markdown's name
        """Prepare an instance of Markdown."""
        site = self._site or own_site(self.getConfigs())
        connection = Connection(md, site, alone=self._site is None)
        md.registerExtension(connection)
        md.registerExtension(connection)  # older pymdownx.highlight puts itself in the place of the first


class Connection(Extension):
    """Connects with the other extensions as soon as all are known, in whatever order they are listed."""

    def __init__(self, md: Markdown, site: Site, *, alone: bool) -> None:
        super().__init__()
        self._md, self._site, self._alone = md, site, alone
        self._connected = False

    def reset(self) -> None:
        """Connect, the first time: Markdown calls this when all its extensions are registered."""
        if self._connected:
            return
        self._connected = True
        pages = self._site.pages
        pymdown = PyMdown(self._md, pages.stamps.strip)
        reader = Reader(pages, pymdown, self._site.shelves)
        pymdown.take("autograd", reader.fence, reader.expression)
        pymdown.stamp_snippets(
            lambda lines, path, first: pages.stamps.snippet(lines, pages.name(path), first)
        )
        if pymdown.looks_twice:
            pymdown.locate_raw(reader.clean, reader.locate)
        self._register(reader, located=pymdown.looks_twice)

    def _register(self, reader: Reader, *, located: bool) -> None:
        before: Any = self._md.preprocessors
        tree: Any = self._md.treeprocessors
        after: Any = self._md.postprocessors
        before.register(Step(reader.begin_alone if self._alone else reader.begin), "chainrule_begin", 91)
        if not located:
            before.register(Step(reader.without_stamps), "chainrule_stamps", 25.05)
        before.register(Step(reader.with_dropped), "chainrule_dropped", 24.95)
        if self._site.pages.has_formulas or "arithmatex-inline" in self._md.inlinePatterns:
            before.register(Step(reader.formulas.set_aside), "chainrule_formulas", 24.9)
        tree.register(Step(reader.clean_code), "chainrule_code", 31)
        after.register(Step(reader.report_dropped), "chainrule_report", -2000)
        if self._alone:
            page_end = PageEnd(self._site)
            tree.register(Step(page_end.is_next), "chainrule_end", -2000)
            after.register(Step(page_end.run), "chainrule_run", -2001)


class Step(Processor):
    """A step of reading: a function of the page's lines, of a tree of it, or of its HTML."""

    def __init__(self, run: Callable[[Any], Any]) -> None:
        super().__init__()
        self.run = run


def makeExtension(**options: Any) -> ChainruleExtension:  # noqa: N802 - Python-Markdown's name
    """Return the extension, as Python-Markdown asks for it."""
    return ChainruleExtension(**options)
