"""The MkDocs plugin: what each event hands to the parts that know nothing of MkDocs.

Pages are read one after another, and their sessions run meanwhile. `on_env` is the first event after all
pages are read, and early enough for search, tags and everything that looks at finished pages.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from html import unescape
from logging import INFO, WARNING
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, event_priority, get_plugin_logger
from mkdocs.utils import normalize_url

from mkdocs_chainrule.config import ChainruleConfig
from mkdocs_chainrule.errors import ChainruleError
from mkdocs_chainrule.extension import ChainruleExtension
from mkdocs_chainrule.read.lines import first_line
from mkdocs_chainrule.read.setup import setup_blocks
from mkdocs_chainrule.read.slips import holds_heads
from mkdocs_chainrule.serve.progress import wait_for
from mkdocs_chainrule.serve.watching import Watch
from mkdocs_chainrule.show import ShowSettings, script_link
from mkdocs_chainrule.show.settings import MERMAID_URL
from mkdocs_chainrule.site import Site
from mkdocs_chainrule.site.lightbox import taken, with_example
from mkdocs_chainrule.site.references import anchors, referenced
from mkdocs_chainrule.site.titles import entitle, listed, titles
from mkdocs_chainrule.site_files import (
    add_written,
    assets,
    brings_maths,
    is_missing,
    keep,
    leave_out,
    list_assets,
    with_mermaid,
)
from mkdocs_chainrule.site_pages import copies, folder_of, is_encrypted, name_of, script_of, site_folders
from mkdocs_chainrule.store.last_build import LastBuild, files_around
from mkdocs_chainrule.store.plan import STORE, own_folders, plan, refuse_inside
from mkdocs_chainrule.telling import lines, say, tell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Future
    from typing import Literal

    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.livereload import LiveReloadServer
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

    from mkdocs_chainrule.run.pool import Pool

log = get_plugin_logger(__name__)
_OWN_NAMES = {"chainrule", "mkdocs_chainrule", "mkdocs_chainrule.extension"}


class ChainrulePlugin(BasePlugin[ChainruleConfig]):  # type: ignore[no-untyped-call]  # MkDocs' own
    """Runs the `autograd` blocks of a site and shows what they came to."""

    site: Site
    pool: Pool | None = None
    keep: Callable[[Page, str, bytes], str]
    sets_formulas: bool
    last_build: LastBuild
    locked: set[str]  # pages whose front matter has a password
    figures: dict[str, dict[str, str]]  # what links call them, by the address of their page and their id
    anchors: set[str]  # ids that authors gave

    def __init__(self) -> None:
        super().__init__()
        self.last_build = LastBuild()
        self.watch: Watch | None = None

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        """Begin a program of one build or many: with this event, MkDocs keeps the plugin over rebuilds."""
        self.watch = Watch() if command == "serve" else None

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Begin a build: the extension, style and script join the author's own."""
        if sum(isinstance(plugin, ChainrulePlugin) for plugin in config.plugins.values()) > 1:
            raise PluginError(
                "the plugin chainrule stands twice in mkdocs.yml: list it once, with all options"
            )
        self._let_go()
        self.site, self.locked = self._site(config), set()
        self.site.pages.has_formulas = brings_maths(config)
        self.sets_formulas = not self.site.pages.has_formulas
        add_extension(config, ChainruleExtension(self.site))
        list_assets(config)
        return config

    def on_files(self, files: Files, config: MkDocsConfig) -> Files:
        """Put style and script among the site's files, and leave the freeze out that had to stand there."""
        leave_out(files, folder_of(config), self.config["freeze"])
        for asset in assets(config):
            files.append(asset)
        return files

    @event_priority(1000)
    def on_page_markdown(self, markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        """Stamp the lines before any other plugin moves them."""
        pages = self.site.pages
        pages.page = self._name(page, config)
        self.locked |= {page.file.src_uri} if is_encrypted(page) else set()
        first = first_line(page.file.content_string, markdown) if holds_heads(markdown) else None
        return markdown if first is None else pages.stamps.page(markdown, pages.page, first)

    @event_priority(1000)
    def on_page_content(self, html: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        """Start the page's session: other pages are read while it runs."""
        pages = self.site.pages
        page.markdown = pages.stamps.strip(page.markdown or "")  # other plugins read it
        self.site.submit(pages.page, html)
        return with_example(html, pages.marks)

    @event_priority(100)
    def on_env(self, env: Any, *, config: MkDocsConfig, files: Files) -> None:
        """Wait for all sessions, put the results in their places, and tell what went wrong, all at once."""
        self.keep = partial(keep, files, config)
        self.site.collect(self._wait)
        add_written(files, config, self.site.written)
        if self.watch:
            self.watch.end()
        # Without content: unchanged in a dirty build.
        pages = [
            file.page for file in files.documentation_pages() if file.page and file.page.content is not None
        ]
        self.figures = {page.url: self.site.figures.get(self._name(page, config), {}) for page in pages}
        self.anchors = {name for page in pages for name in page.present_anchor_ids or ()}
        for page in pages:
            self._fill(page, config)
            filled = anchors(self.site.late.put_back(page.content or ""))
            page.present_anchor_ids = filled | set(page.present_anchor_ids or ())
            self._offer_script(page, config)
        came_to = self.site.settle()
        if self.watch:
            self.watch.end()
        self._tell(came_to, files)

    @event_priority(1000)
    def on_post_page(self, output: str, *, page: Page, config: MkDocsConfig) -> str:
        """Complete what was read again after `on_env` (the excerpts of a blog), and put the pictures in."""
        settings = self._settings(page)
        html = self.site.late.put_back(self.site.fill(output, settings))
        html = referenced(html, page.url, self.figures)
        return with_mermaid(html, config, settings.mermaid_url) if self.config["mermaid_js"] else html

    @event_priority(1000)  # static-i18n builds the other languages in this event
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Keep the pieces of the pages."""
        store = self.site.plan.store
        if (why := self.site.shelves.flush()) and store and not store.problems:
            say(f"{STORE}: what is drawn is not kept, so it is drawn at every build: {why}", log)

    @event_priority(1000)  # what others watch goes through our ears too
    def on_serve(
        self, server: LiveReloadServer, *, config: MkDocsConfig, builder: Callable[..., Any]
    ) -> LiveReloadServer:
        """Listen to what blocks read, and pass over what they write."""
        if self.watch:
            watched = filter(None, (config.docs_dir, config.config_file_path))
            self.watch.listen(server, watched, config.watch)
        return server

    def on_build_error(self, *, error: Exception) -> None:
        """Listen again, whatever ended the build."""
        if self.watch:
            self.watch.end()

    def on_shutdown(self) -> None:
        """End the processes, at the end of the build or of the server."""
        if self.pool:
            self.pool.shutdown()

    def _let_go(self) -> None:
        """Forget the build before: what is in cycles would stay until Python looks for garbage."""
        if old := vars(self).pop("site", None):
            old.clear()
        vars(self).pop("keep", None)

    def _site(self, config: MkDocsConfig) -> Site:
        """Return what this build is going to fill, its options checked."""
        root, sites = folder_of(config), site_folders(config)
        try:
            setup = setup_blocks(root, self.config) if self.config["setup"] else ()
            refuse_inside(Path(config.docs_dir), root, self.config["freeze"])
        except ChainruleError as error:
            raise PluginError(lines(error)) from error
        if self.watch:
            watched = (config.docs_dir, *config.watch, *self.watch.files)
            own = own_folders(self.config, sites)
            self.last_build.turn(files_around(root, map(Path, watched), own))
            self.watch.begin(root, [root / self.config["setup"]] if self.config["setup"] else [], own)
        own_plan = plan(root, self.config, lambda: self._pool(root), self.last_build, self.watch, sites=sites)
        return Site(root, own_plan, self.config, setup)

    def _pool(self, root: Path) -> Pool:
        if self.pool is None:
            from mkdocs_chainrule.run.pool import Pool  # noqa: PLC0415 - a build that runs nothing starts nothing

            self.pool = Pool(root, workers=self.config["workers"])
        return self.pool

    def _wait(self, sessions: list[Future[Any]]) -> None:
        if self.pool and log.isEnabledFor(INFO):
            wait_for(sessions, self.pool.running, partial(say, log=log))

    def _fill(self, page: Page, config: MkDocsConfig) -> None:
        miss = partial(self._miss_figure, page, config)
        settings, is_locked = self._settings(page), self._is_locked(page)
        marks = self.site.pages.marks
        html, framed = taken(page.content or "", marks)
        # What waits would be looked for in what is encrypted by then.
        fill = self.site.fill if is_locked else self.site.fill_for_search
        page.content = fill(referenced(html, page.url, self.figures, miss), settings, aside=framed)
        if words := titles(html, page.content, marks.are_in):
            page.content = listed(page.content, words)
            entitle(page, words)
        alone = replace(settings, save=None)  # on another page addresses lead astray
        for holder, name in copies(page, marks):
            html = referenced(taken(holder[name], marks)[0], page.url, self.figures)
            holder[name] = self.site.fill(html, alone, "" if is_locked else "-print")

    def _miss_figure(self, page: Page, config: MkDocsConfig, name: str) -> None:
        if name not in self.anchors:  # an author's own picture may have such an id too
            self.site.miss_figure(self._name(page, config), name)

    def _tell(self, came_to: str, files: Files) -> None:
        for option, path in self._own_scripts():
            if is_missing(path, files):
                say(f"{option}: the site has no file {path}: put it in docs", log, WARNING)
        tell(self.site.problems, log)
        if came_to:
            say(f"{came_to}{self.site.plan.size()}", log)

    def _own_scripts(self) -> Iterator[tuple[str, str]]:
        if self.config["mermaid_js"]:
            yield "mermaid_js", self.config["mermaid_js"]
        for path in (self.config["scripts"] or {}).values():
            yield "scripts", path

    def _offer_script(self, page: Page, config: MkDocsConfig) -> None:
        """Put the page's code beside it as one file, and a link to that at the end of the page."""
        if self._is_locked(page):
            return
        if code := self.site.script(self._name(page, config), unescape(str(page.title))):
            link = script_link(self.keep(page, script_of(page.file), code.encode()))
            page.content = (page.content or "") + self.site.late.set_aside(link)

    def _name(self, page: Page, config: MkDocsConfig) -> str:
        return name_of(page.file, config, self.site.pages)

    def _settings(self, page: Page) -> ShowSettings:
        own = self.config["mermaid_js"]
        mermaid_url = normalize_url(own if "//" in own else quote(own), page) if own else MERMAID_URL
        save = None if self._is_locked(page) else partial(self.keep, page)
        scripts = {name: normalize_url(path, page) for name, path in (self.config["scripts"] or {}).items()}
        sets = self.sets_formulas
        return ShowSettings(mermaid_url=mermaid_url, save=save, sets_formulas=sets, scripts=scripts)

    def _is_locked(self, page: Page) -> bool:
        """Tell whether what stands in the page must not lie beside it for all to read."""
        return page.file.src_uri in self.locked or is_encrypted(page)


def add_extension(config: MkDocsConfig, extension: ChainruleExtension) -> None:
    """Put the extension last, once: an author may have listed it by its name too."""
    config.markdown_extensions = [name for name in config.markdown_extensions if name not in _OWN_NAMES]
    config.markdown_extensions.append(extension)  # type: ignore[arg-type]  # Python-Markdown takes both
    if config.theme.get("highlightjs") and not {"pymdownx.highlight", "codehilite"} & set(
        config.markdown_extensions
    ):
        # The theme colours code in the browser: leave it to the theme, for every fence of the site.
        config.markdown_extensions.append("pymdownx.highlight")
        config.mdx_configs["pymdownx.highlight"] = {"use_pygments": False}
