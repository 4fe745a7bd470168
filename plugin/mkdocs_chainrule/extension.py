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
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markdown.extensions import Extension
from markdown.postprocessors import Postprocessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from mkdocs_chainrule.alone import EndOfTree, RunPage, own_site
from mkdocs_chainrule.options import PLUGIN_OPTIONS
from mkdocs_chainrule.read.lines import strip
from mkdocs_chainrule.read.pymdown import PyMdown
from mkdocs_chainrule.read.reader import Reader

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

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
        md.registerExtension(Connection(md, site, alone=self._site is None))


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
        pages, pymdown = self._site.pages, PyMdown(self._md)
        reader = Reader(pages, pymdown, self._site.shelves)
        pymdown.take("autograd", reader.fence, reader.expression)
        pymdown.stamp_snippets(lambda lines, path: pages.stamps.snippet(lines, pages.name(path)))
        self._md.preprocessors.register(Begin(reader, alone=self._alone), "chainrule_begin", 91)
        _register(self._md, reader, pymdown)
        if self._alone:
            _run_alone(self._md, self._site)


def _register(md: Markdown, reader: Reader, pymdown: PyMdown) -> None:
    if pymdown.looks_twice:
        pymdown.locate_raw(reader.clean, reader.locate)
    else:
        md.preprocessors.register(TakeStamps(reader), "chainrule_stamps", 25.05)
    md.preprocessors.register(StampDropped(reader), "chainrule_dropped", 24.95)
    md.treeprocessors.register(CleanCode(md), "chainrule_code", 31)
    md.postprocessors.register(ReportDropped(reader), "chainrule_report", -2000)


def _run_alone(md: Markdown, site: Site) -> None:
    run_page = RunPage(site)
    md.treeprocessors.register(EndOfTree(run_page), "chainrule_end", -2000)
    md.postprocessors.register(run_page, "chainrule_run", -2001)


class Begin(Preprocessor):
    """A new page; without MkDocs, which stamps before its other plugins, its lines are stamped here."""

    def __init__(self, reader: Reader, *, alone: bool) -> None:
        super().__init__()
        self._reader, self._alone = reader, alone

    def run(self, lines: list[str]) -> list[str]:
        """Return the page's lines, stamped if nobody else does it."""
        self._reader.begin()
        if not self._alone:
            return lines
        pages = self._reader.pages
        return pages.stamps.page("\n".join(lines), pages.page, 1).split("\n")


class TakeStamps(Preprocessor):
    """Just before SuperFences, the stamps come off: their characters would hide a fence from it."""

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self._reader = reader

    def run(self, lines: list[str]) -> list[str]:
        """Return the lines without stamps."""
        return [self._reader.locate(index, line) for index, line in enumerate(lines)]


class StampDropped(Preprocessor):
    """Just after SuperFences, the heads that it passed over get their stamps back."""

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self._reader = reader

    def run(self, lines: list[str]) -> list[str]:
        """Return the lines, dropped heads stamped."""
        for index, place in self._reader.dropped():
            lines[index] += self._reader.pages.stamps.on(place)
        return lines


class CleanCode(Treeprocessor):
    """In indented code a head is text like any other: its stamp goes, so that nothing is reported."""

    def run(self, root: Element) -> None:
        """Clean every code block of the page."""
        for code in root.iter("code"):
            if code.text and (clean := strip(code.text)) != code.text:
                code.text = AtomicString(clean)


class ReportDropped(Postprocessor):
    """A stamp that reaches the page was on a head that its author meant."""

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self._reader = reader

    def run(self, text: str) -> str:
        """Return the page without stamps."""
        clean = strip(text)
        if clean != text:
            self._reader.report_dropped(text)
        return clean


def makeExtension(**options: Any) -> ChainruleExtension:  # noqa: N802 - Python-Markdown's name
    """Return the extension, as Python-Markdown asks for it."""
    return ChainruleExtension(**options)
