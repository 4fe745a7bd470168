"""Options that other tools have on their fences, and what ours are instead: markdown-exec's, and Quarto's."""

from __future__ import annotations

_SAME_NAMES = "the blocks of a page share their names: leave it out"
_ROOT = "a block runs in the folder of mkdocs.yml: write its paths from there, and leave it out"
# By the name, and where it depends on that, by the value.
_OF_MARKDOWN_EXEC = {
    "exec": "an autograd fence runs: leave it out",
    "session": _SAME_NAMES,
    "html": "show HTML by display(HTML(text)), from IPython.display: leave it out",
    "result": "what a block prints is shown as text: leave it out",
    "tabs": 'source="tabbed" names its tabs: leave it out',
    "updatetoc": "leave it out",
    "idprefix": "ids of results are set apart: leave it out",
    "returncode": 'name the exception that must come, as in expect="SystemExit"',
    "workdir": _ROOT,
    "width": "what is wide scrolls: leave it out",
    "source=material-block": 'write source="above"',
    "source=console": 'write source="above"',
    "source=brackets": 'write source="above"',
    "source=tabbed-left": 'write source="tabbed"',
    "source=tabbed-right": 'write source="tabbed"',
    "source=no": 'write source="none"',
}
_OF_QUARTO = {
    "echo": 'write source="none", or a line that ends in # hide',
    "eval": 'write run="no"',
    "include": 'write setup="yes"',
    "label": 'write id="fig-…"',
    "error": 'name the exception that must come, as in expect="ValueError"',
}
_LANGUAGES = {"python", "python3", "py", "pycon"}


def advice(name: str, text: str) -> str:
    """Return what to write instead of another tool's option; nothing for one that none has.

    Examples:
        >>> advice("session", "a")
        'session="a" is of markdown-exec: the blocks of a page share their names: leave it out'
        >>> advice("tiemout", "2")
        ''
    """
    if name.lower() in _LANGUAGES:
        return f"{name} is no option: an autograd fence is Python, leave it out"
    for tool, options in (("markdown-exec", _OF_MARKDOWN_EXEC), ("Quarto", _OF_QUARTO)):
        said = options.get(name) or options.get(f"{name}={text}")
        if said:
            return f'{name}="{text}" is of {tool}: {said}'
    return ""
