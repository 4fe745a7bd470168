"""The command line of the benchmarks."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console

if TYPE_CHECKING:
    from collections.abc import Iterable

_of_product = click.option(
    "--product",
    default=Path(__file__).parent.parent,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The checkout of ours that is built, if not this one.",
)
console = Console(soft_wrap=False, width=None if sys.stdout.isatty() else 110)


def names(text: str | None, known: Iterable[str]) -> list[str] | None:
    """Return the names in a list by commas; None for no list.

    Raises:
        click.BadParameter: One of them is not known.
    """
    if text is None:
        return None
    found = [name.strip() for name in text.split(",") if name.strip()]
    if unknown := sorted(set(found) - set(known)):
        raise click.BadParameter(f"{', '.join(unknown)} is not among {', '.join(known)}")
    return found


def keep_whole(*, save: bool, parts: str | None) -> None:
    """Refuse to keep a part of a result as if it were the whole.

    Raises:
        click.UsageError: A part is to be kept.
    """
    if save and parts is not None:
        raise click.UsageError("--save keeps a whole result; leave --only and --peers out")


@click.group(invoke_without_command=True)
@click.option("--only", metavar="W1,W3,…", help="These workloads; also memory, import, fit, spirals.")
@click.option("--peers", metavar="torch,jax,…", help="These peers beside NumPy and Chainrule; '' for none.")
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
        from benchmarks.peers import PEERS

        keep_whole(save=save, parts=only or peers)
        parts, others = names(only, report.PARTS), names(peers, PEERS)
        report.engines(console, parts, others, pairs=pairs, chunk=chunk, save=save)


@main.command("sites")
@click.option("--only", metavar="cold-plot,serve,…", help="These scenarios.")
@click.option("--pairs", default=7, show_default=True, help="Builds of each tool and of the unexecuted site.")
@click.option("--rebuilds", default=20, show_default=True, help="Prose edits in serve.")
@click.option("--theme", default="material", show_default=True)
@click.option(
    "--peer-python",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="An interpreter beside whose `mkdocs` markdown-exec and mkdocs-jupyter are installed.",
)
@click.option("--save", is_flag=True, help="Keep the result for the documentation.")
def sites_command(
    *, only: str | None, pairs: int, rebuilds: int, theme: str, peer_python: Path | None, save: bool
) -> None:
    """Measure what the plugin costs a site, beside the same pages unexecuted."""
    from benchmarks.sites.report import PARTS, sites

    keep_whole(save=save, parts=only)
    sites(
        console,
        names(only, PARTS),
        pairs=pairs,
        theme=theme,
        rebuilds=rebuilds,
        peer_python=peer_python,
        save=save,
    )


@main.command("against")
@click.argument("checkout", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--only",
    metavar="W1,import,docs-cold,…",
    help="These workloads; also import, docs-cold, docs-warm, memory.",
)
@click.option("--pairs", default=9, show_default=True, help="Of chunks and of builds.")
@click.option("--stub", multiple=True, help="A page of its docs to leave out, as it imports what has moved.")
def against_command(*, checkout: Path, only: str | None, pairs: int, stub: tuple[str, ...]) -> None:
    """Measure this checkout beside another CHECKOUT, in turn."""
    from benchmarks.against import PARTS, against

    against(console, checkout, names(only, PARTS), pairs=pairs, stubs=stub)


@main.command("layout")
@click.option("--rounds", default=9, show_default=True, help="Of each graph.")
@click.option(
    "--browser",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Chromium, in which a page is read too.",
)
@click.option("--save", is_flag=True, help="Keep the result for the documentation.")
def layout_command(*, rounds: int, browser: Path | None, save: bool) -> None:
    """Measure what drawing a graph costs a build, and with --browser its reader."""
    from benchmarks.drawing import layout

    layout(console, rounds=rounds, browser=browser, save=save)


@main.command("capture")
@click.option(
    "--jupyter",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The `mkdocs` beside which mkdocs-jupyter is installed.",
)
def capture_command(*, jupyter: Path | None) -> None:
    """Look what of a block reaches the page, beside notebooks run by mkdocs-jupyter."""
    from benchmarks.capture import capture

    if not capture(console, jupyter):
        raise SystemExit(1)


@main.command("sight")
@click.argument("site", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--browser", default="/usr/bin/chromium", show_default=True, help="Chromium.")
@click.option(
    "--mermaid",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A copy of Mermaid that answers for its public address.",
)
@click.option("--only", default="", metavar="PART", help="Pages whose path has this in it.")
@click.option("--ways", metavar="online,blocked,file,no scripts", help="These ways.")
def sight_command(*, site: Path, browser: str, mermaid: Path | None, only: str, ways: str | None) -> None:
    """Look what a reader of a built SITE sees of its graphs at first: whole, or its result and the rest by one tap."""
    from benchmarks.first_sight import WAYS, sight

    found = names(ways, WAYS) or list(WAYS)
    if not sight(console, site, browser=browser, mermaid=mermaid, only=only, ways=found):
        raise SystemExit(1)


@main.command("paper")
@click.argument("site", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--browser", default="/usr/bin/chromium", show_default=True, help="Chromium.")
@click.option("--only", default="", metavar="PART", help="Pages whose path has this in it.")
def paper_command(*, site: Path, browser: str, only: str) -> None:
    """Print each page of a built SITE to PDF, and look whether its graphs are whole there and can be read."""
    from benchmarks.paper import paper

    if not paper(console, site, browser=browser, only=only):
        raise SystemExit(1)


@main.command("house")
@click.argument("other", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
def house_command(other: Path | None) -> None:
    """Count the lines of each room, and the share that explains, beside those of an OTHER checkout."""
    from benchmarks.house import report

    report(console, other)


@main.command("passed")
@click.option("--only", metavar="jit,page,svg", help="These ways.")
def passed_command(*, only: str | None) -> None:
    """Count our own files that a first jitted call, a cold page and a drawn Value pass."""
    from benchmarks.passed import WAYS, report

    if not report(console, names(only, WAYS)):
        raise SystemExit(1)


@main.command("public")
@click.argument("suite")
@click.argument("checkout", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--other", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Another checkout of ours."
)
def public_command(suite: str, checkout: Path, other: Path | None) -> None:
    """Run another library's own tests, from a CHECKOUT of it, on our names; say what came of each."""
    from benchmarks.public import SUITES, report

    if suite not in SUITES:
        raise click.ClickException(f"no suite {suite!r}; there are {', '.join(SUITES)}")
    report(console, suite, checkout, other)


@main.command("examples")
@click.argument("suite")
@click.argument("checkout", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--other", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Another checkout of ours."
)
@click.option("--only", default="", help="Those with this in their path.")
@click.option("--seconds", default=60.0, show_default=True, help="At most, of each program.")
def examples_command(*, suite: str, checkout: Path, other: Path | None, only: str, seconds: float) -> None:
    """Run another library's example programs (hips), from a CHECKOUT of it, on our names and on its own."""
    from benchmarks.examples import SUITES, report

    if suite not in SUITES:
        raise click.ClickException(f"no suite {suite!r}; there are {', '.join(SUITES)}")
    report(console, suite, checkout, other, only=only, seconds=seconds)


@main.command("gallery")
@click.argument("library")
@click.argument("source", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--to",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="A folder for site, report and pictures; what it holds of them already is not made again.",
)
@click.option(
    "--only", default="*", metavar="GLOB", help="Examples whose path below SOURCE, without ending, fits."
)
@click.option("--first", type=int, metavar="N", help="So many of them.")
@_of_product
@click.option("--theme", type=click.Choice(["material", "plain"]), default="material", show_default=True)
@click.option("--browser", default="/usr/bin/chromium", show_default=True, help="Chromium.")
@click.option("--seconds", default=300, show_default=True, help="At most, of each block.")
@click.option("--sheet", default=0, metavar="N", help="Show so many figures on two sheets, light and dark.")
def gallery_command(
    *,
    library: str,
    source: Path,
    to: Path,
    only: str,
    first: int | None,
    product: Path,
    theme: str,
    browser: str,
    seconds: int,
    sheet: int,
) -> None:
    """Make pages of a LIBRARY's examples (matplotlib, seaborn, networkx), and compare them with plain Python."""
    from benchmarks.galleries.command import gallery
    from benchmarks.galleries.pages import GALLERIES

    if library not in GALLERIES:
        raise click.ClickException(f"no gallery of {library!r}; there are {', '.join(GALLERIES)}")
    gallery(
        console,
        library,
        source,
        to=to.resolve(),
        only=only,
        first=first,
        product=product.resolve(),
        theme=theme,
        browser=browser,
        seconds=seconds,
        sheet=sheet,
    )


@main.command("fuzz")
@click.option("--programs", default=500, show_default=True, help="How many.")
@click.option("--seed", default=0, show_default=True, help="That of the first; each next has the next.")
@click.option("--only", metavar="plain,idiomatic", help="Of these grammars; three of four are idiomatic.")
@click.option(
    "--torch", "against_torch", is_flag=True, help="Beside PyTorch instead, where that is installed."
)
def fuzz_command(*, programs: int, seed: int, only: str | None, against_torch: bool) -> None:
    """Run random small programs eagerly and under jit, and print those that differ, with their seed."""
    if against_torch:
        from benchmarks.fuzzing.against_torch import fuzz_torch

        try:
            is_right = fuzz_torch(console, programs, seed)
        except ModuleNotFoundError as error:
            raise click.ClickException(
                f"{error.name} is not installed; PyTorch and SciPy are wanted"
            ) from error
        raise SystemExit(not is_right)
    from benchmarks.fuzz import GRAMMARS, fuzz

    if not fuzz(console, programs, seed, names(only, GRAMMARS)):
        raise SystemExit(1)


@main.command("fuzz-site")
@click.option("--cases", default=300, show_default=True, help="How many messages.")
@click.option("--disk", default=0, show_default=True, help="How many mutations of store, shelves and freeze.")
@click.option("--seed", default=0, show_default=True, help="That of the first; each next has the next.")
@_of_product
def fuzz_site_command(*, cases: int, disk: int, seed: int, product: Path) -> None:
    """Mutate what blocks send and a disk holds, many to a build, and print what harms one, with its seed."""
    from benchmarks.fuzzing.site import fuzz_site

    raise SystemExit(not fuzz_site(console, cases, seed, product.resolve(), disk))


@main.command("kills")
@click.option("--times", default=20, show_default=True, help="How many.")
@click.option("--seed", default=0, show_default=True, help="Of the moments.")
def kills_command(*, times: int, seed: int) -> None:
    """Kill builds and servers at random moments, and look what they leave: store, processes, files."""
    from benchmarks.sites.killed import report

    raise SystemExit(not report(console, times, seed))
