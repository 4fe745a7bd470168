"""A computation graph as plain data, and the texts that draw it. Needs no NumPy."""

from chainrule.graph.graph import MIME, ZOOMS, Graph, Zoom, mimebundle
from chainrule.graph.node import Edge, Formula, Kind, Node, Summary

__all__ = ["MIME", "ZOOMS", "Edge", "Formula", "Graph", "Kind", "Node", "Summary", "Zoom", "mimebundle"]
