import subprocess
import sys

import numpy as np

import chainrule


def test_seed_restarts_the_one_generator():
    rng = chainrule.rng
    chainrule.seed(0)
    first = rng.normal(size=3)
    np.testing.assert_array_equal(first, np.random.default_rng(0).normal(size=3))
    chainrule.seed(1)
    assert chainrule.rng is rng
    chainrule.seed(0)
    np.testing.assert_array_equal(rng.normal(size=3), first)


def test_names_stay_what_they_are_when_modules_are_imported():
    program = (
        "import chainrule.generator, chainrule.training.fit, chainrule.nn, sys\n"
        "from chainrule import Value, fit, rng\n"
        "assert rng.normal() == __import__('numpy').random.default_rng(0).normal()\n"
        "assert callable(fit)\n"
        "assert 'matplotlib' not in sys.modules\n"
        "assert chainrule.__all__ == sorted(chainrule.__all__) == dir(chainrule)\n"
        "assert all(hasattr(chainrule, name) for name in chainrule.__all__)\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_a_stored_graph_is_drawn_without_numpy():
    program = "import chainrule.graph, sys; assert 'numpy' not in sys.modules"
    subprocess.run([sys.executable, "-c", program], check=True)
