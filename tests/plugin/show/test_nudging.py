"""What stands below a graph whose numbers cannot be moved: the reason, and what to do."""

import numpy as np

from chainrule import Value
from mkdocs_chainrule.assets import words
from mkdocs_chainrule.show.graphs.nudging import nudging, refusal


def test_a_graph_that_rests_says_why():
    arrays = Value(np.ones((3, 2)))
    assert words()["restLeaf"] in nudging(Value(2.0, label="a").graph())
    assert words()["restArrays"] in nudging((arrays * arrays).sum().graph(), [(Value(1.0) * 2.0).graph()])
    assert "As built: output = 6" in nudging((Value(2.0) * 3.0).graph())


def test_an_author_is_told_what_cannot_be_had():
    arrays = (Value(np.ones((3, 2))) * 2.0).sum().graph()
    numbers = (Value(1.0) * 2.0).graph()
    assert words()["restLarge"] in refusal("nudge", [arrays])
    assert (
        refusal("nudge", [arrays, numbers]) == refusal("auto", [arrays]) == refusal("steps", [arrays]) == ""
    )
    assert words()["restLeaf"] in refusal("steps", [Value(2.0, label="a").graph()])
