"""The command line of the benchmarks."""

from __future__ import annotations

import click
from rich.console import Console

console = Console()


def names(text: str | None) -> list[str] | None:
    """Return the names in a list by commas."""
    return None if text is None else [name.strip() for name in text.split(",") if name.strip()]


@click.group(invoke_without_command=True)
@click.option("--only", metavar="W1,W3,…", help="These workloads; `fit` and `import` too.")
@click.option("--peers", metavar="torch,jax,…", help="These peers beside NumPy and Chainrule.")
@click.option("--pairs", default=9, show_default=True, help="Chunks of each engine and its baseline.")
@click.option("--chunk", default=0.06, show_default=True, help="CPU seconds of a chunk.")
@click.option("--save", is_flag=True, help="Keep the result for the documentation.")
@click.pass_context
def main(
    context: click.Context, *, only: str | None, peers: str | None, pairs: int, chunk: float, save: bool
) -> None:
    """Measure Chainrule beside its peers; without a command: the engines, and what fitting and importing cost."""
    if context.invoked_subcommand is None:
        from benchmarks import report

        report.engines(console, names(only), names(peers), pairs=pairs, chunk=chunk, save=save)
