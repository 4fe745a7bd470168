"""Examples of what needs SciPy run where it is installed."""

from importlib.util import find_spec

if find_spec("scipy") is None:
    collect_ignore = [
        "chainrule/scipy",
        "chainrule/primitives/special.py",
        "chainrule/primitives/triangular.py",
    ]
