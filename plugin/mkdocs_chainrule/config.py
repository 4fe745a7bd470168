"""The plugin's part of mkdocs.yml, made from the table of options."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mkdocs.config.base import BaseConfigOption, Config, ValidationError

from mkdocs_chainrule.errors import OptionError
from mkdocs_chainrule.options import PLUGIN_OPTIONS

if TYPE_CHECKING:
    from mkdocs_chainrule.options import Option


class TableOption(BaseConfigOption[Any]):
    """One row of the table as MkDocs wants it; an unset option has its default, parsed already."""

    def __init__(self, option: Option) -> None:
        super().__init__()
        self.option = option
        self.default = option.default

    def run_validation(self, value: object) -> Any:
        """Return the parsed value; MkDocs names the option where the message only says what it takes."""
        if value is None or value is self.default:
            return self.default
        try:
            return self.option.parse(value)
        except OptionError as error:
            raise ValidationError(f"{value!r}: {self.option.name} {error}") from error


class ChainruleConfig(Config):  # type: ignore[no-untyped-call]  # MkDocs' own
    """Every option that mkdocs.yml takes, by its name."""

    # A class body's locals are its namespace, where MkDocs looks for options.
    locals().update({name: TableOption(option) for name, option in PLUGIN_OPTIONS.items()})
