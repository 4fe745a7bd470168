"""What pages of MkDocs are to us: where their project is, what they are called, and who else holds them.

A name of a page stands in places, keys of the store, and names of files of the freeze. So it is the same in
each build, on each machine, and leads to nowhere else:

    docs/page.md        the file, as MkDocs came to it: a link counts where it stands, not where it leads
    docs/gen/page.md    what a plugin generates, in memory or in a folder of its own: its address in docs
    ../docs/page.md     docs_dir is outside the folder of mkdocs.yml, and the author has to find it
    docs/__/page.md     an address that would lead out of docs
"""

from __future__ import annotations

import os
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, MutableMapping

    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import File
    from mkdocs.structure.pages import Page

    from mkdocs_chainrule.read.found import Pages
    from mkdocs_chainrule.read.placeholders import Marks


def folder_of(config: MkDocsConfig) -> Path:
    """Return the folder of mkdocs.yml as MkDocs has it; the current one if that came by standard input."""
    return Path(os.path.abspath(config.config_file_path or "mkdocs.yml")).parent  # noqa: PTH100 - links stay


def site_folders(config: MkDocsConfig) -> tuple[str, ...]:
    """Return where the site is written to, and where by a build that is not served, unless it is told."""
    return config.site_dir, str(folder_of(config) / "site")


def name_of(file: File, config: MkDocsConfig, pages: Pages) -> str:
    """Return the name of a page."""
    own = None if file.generated_by else file.abs_src_path
    if own and (not pages.is_outside(own) or Path(own).is_relative_to(config.docs_dir)):
        return pages.name(own)
    return pages.name(Path(config.docs_dir, inside(file.src_uri)))


def inside(address: str) -> str:
    """Return an address from which nothing leads out of the folder where it is looked for.

    Examples:
        >>> inside("guide/page.md"), inside("../page.md"), inside("/page.md")
        ('guide/page.md', '__/page.md', 'page.md')
    """
    path = PurePath(address)
    return "/".join("__" if part == ".." else part for part in path.relative_to(path.anchor).parts)


def script_of(file: File) -> str:
    """Return the name of the file that offers a page's code."""
    return PurePath(inside(file.src_uri)).with_suffix(".py").as_posix()


def is_encrypted(page: Page) -> bool:
    """Tell whether a page is to be read with a password only: by its front matter, or as a plugin marks it.

    What a plugin notes of such a page is named for what it does (`page.encrypted`, `page.encryptcontent`).
    Before others have seen the page its front matter says it too; some take that out, lest a theme shows it.
    """
    marks = (value for name, value in vars(page).items() if name.startswith("encrypt"))
    return bool(page.meta.get("password")) or any(marks)


def copies(page: Page, marks: Marks) -> Iterator[tuple[MutableMapping[str, Any], str]]:
    """Yield where plugins keep copies of a page's HTML: in attributes of it, or in mappings among these.

    print-site has one to join to its own page, and plugins that encrypt one to encrypt later.
    """
    own = vars(page)
    for holder in (own, *(value for value in own.values() if isinstance(value, dict))):
        for name, value in holder.items():
            if isinstance(value, str) and name not in {"content", "markdown"} and marks.are_in(value):
                yield holder, name
