"""A computation graph as plain data, and the texts that draw it. Needs no NumPy."""

from chainrule.graph.graph import MIME, ZOOMS, Graph, Zoom, mimebundle
from chainrule.graph.node import Edge, Kind, Node, Summary
from chainrule.graph.terms import Terms

__all__ = ["MIME", "ZOOMS", "Edge", "Graph", "Kind", "Node", "Summary", "Terms", "Zoom", "mimebundle"]
