"""What a site gets from us beside its pages: style, script, pictures, and Mermaid where it is asked for."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from mkdocs.structure.files import File, InclusionLevel, set_exclusions
from mkdocs.utils import get_relative_url

from mkdocs_chainrule.assets import HERE, LATER, SCRIPT, STYLE
from mkdocs_chainrule.show.markup import element

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

_FOLDER = "assets/chainrule"
_DIAGRAM = '<pre class="mermaid">'  # of the author's own: ours has none


def assets(config: MkDocsConfig) -> Iterator[File]:
    """Yield style and script as files of the site."""
    for name in (SCRIPT, STYLE, *LATER):
        yield _generated(config, f"{_FOLDER}/{name}", abs_src_path=str(HERE / name))


def leave_out(files: Files, root: Path, freeze: str | None) -> None:
    """Leave the freeze out of a site whose pages stand beside mkdocs.yml, and so around it."""
    if freeze:
        for file in list(files):
            if file.abs_src_path and Path(file.abs_src_path).is_relative_to(root / freeze):
                files.remove(file)


def add_written(files: Files, config: MkDocsConfig, paths: Iterable[str]) -> None:
    """Add what blocks wrote among the pages to the site, though MkDocs had looked before they ran."""
    docs = os.path.realpath(config.docs_dir)
    for path in paths:
        name = Path(os.path.relpath(path, docs)).as_posix()
        if not name.startswith("../") and Path(path).is_file() and files.get_file_from_path(name) is None:
            file = File(name, docs, config.site_dir, config.use_directory_urls)
            set_exclusions([file], config)
            if not file.is_documentation_page():
                files.append(file)


def list_assets(config: MkDocsConfig) -> None:
    """List style and script, before the author's own."""
    config.extra_css.insert(0, f"{_FOLDER}/{STYLE}")
    config.extra_javascript.insert(0, f"{_FOLDER}/{SCRIPT}")


def with_mermaid(html: str, config: MkDocsConfig, url: str) -> str:
    """Return a page whose own diagrams the theme draws, so that it finds the site's Mermaid there already."""
    if _DIAGRAM not in html or not _brings_mermaid(config):
        return html
    return html.replace("</head>", f"{element('script', src=url)}</head>", 1)


def _brings_mermaid(config: MkDocsConfig) -> bool:
    """Whether the theme loads Mermaid by itself, from a public CDN unless it is there already."""
    return config.theme.name == "material" or any(
        Path(folder).match("material/templates") for folder in config.theme.dirs
    )


def brings_maths(config: MkDocsConfig) -> bool:
    """Whether a script of the site, MathJax or KaTeX, sets the formulas that it finds on its pages."""
    scripts = " ".join(map(str, config.extra_javascript)).lower()
    return "pymdownx.arithmatex" in config.markdown_extensions or any(
        name in scripts for name in ("mathjax", "katex")
    )


def is_missing(path: str, files: Files) -> bool:
    """Tell whether an option names a file that is not in the site; other sites' addresses are theirs."""
    return "//" not in path and files.get_file_from_path(path) is None


def keep(files: Files, config: MkDocsConfig, page: Page, name: str, content: bytes) -> str:
    """Add a file, named for its content, to the site's, and return its address as seen from the page."""
    path = f"{_FOLDER}/{name}"
    if files.get_file_from_path(path) is None:
        files.append(_generated(config, path, content=content))
    return get_relative_url(quote(path), page.url)


def _generated(config: MkDocsConfig, path: str, **source: Any) -> File:
    return File.generated(config, path, inclusion=InclusionLevel.NOT_IN_NAV, **source)
