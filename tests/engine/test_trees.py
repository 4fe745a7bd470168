from chainrule import trees


def test_leaves_and_back():
    tree = {"a": [1, (2, None)], "b": 3}

    assert trees.leaves(tree) == [1, 2, 3]
    assert trees.replace(tree, [10, 20, 30]) == {"a": [10, (20, None)], "b": 30}
    assert [name for name, _ in trees.named_leaves(tree, "t")] == ["t['a'][0]", "t['a'][1][0]", "t['b']"]


def test_a_single_leaf_is_a_tree():
    assert trees.leaves(5) == [5]
    assert trees.map_leaves(lambda a, b: a + b, 5, 6) == 11
