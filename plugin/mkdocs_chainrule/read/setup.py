"""The file that `setup` in mkdocs.yml names, as the block that each session begins with."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from mkdocs_chainrule.errors import ChainruleError
from mkdocs_chainrule.options import block_options
from mkdocs_chainrule.session.block import Block, Place
from mkdocs_chainrule.session.paths import short

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def setup_blocks(root: Path, options: Mapping[str, Any]) -> tuple[Block, ...]:
    """Return the setup file, named from the folder of mkdocs.yml, as a block; nothing where none is set.

    Raises:
        ChainruleError: The file cannot be read.
    """
    name = options.get("setup")
    if not name:
        return ()
    file = root / name
    if file.exists() and not file.is_file():  # a pipe or a device may never end
        raise ChainruleError(
            f"{name}: the setup file is no regular file: name one from the folder of mkdocs.yml"
        )
    try:
        source = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise ChainruleError(
            f"{name}: the setup file cannot be read ({reason}): name it from the folder of mkdocs.yml"
        ) from error
    values, _ = block_options({"setup": "yes"}, options)
    name = short(name, os.fspath(root))
    lines = tuple(Place(name, number) for number in range(1, source.count("\n") + 2))
    return (Block(source, "fence", Place(name, 1), lines, values),)
