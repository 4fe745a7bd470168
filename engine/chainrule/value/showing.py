"""How a Value shows itself: as a graph, in notebooks and on pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chainrule.graph.graph import Graph, Zoom


class Shown:
    """The part of a Value that draws it. Drawing is loaded when it is first asked for."""

    __slots__ = ()

    def graph(self, zoom: Zoom = "tensor") -> Graph:
        """Return the graph of all that this Value depends on, itself included, as it is now.

        Args:
            zoom: "tensor" for a node per Value, or "scalar" for a node per element of up to 5,000.

        Examples:
            >>> from chainrule import Value
            >>> a = Value(2.0, label="a")
            >>> print((a * a).backward().graph())
            a        input    data 2  grad 4
            value 2  = a * a  data 4  grad 1
        """
        from chainrule.tape_graph.nodes import trace  # noqa: PLC0415 - most programs draw nothing

        return trace(self, zoom)  # type: ignore[arg-type]  # it is the Value

    def _repr_mimebundle_(self, **_: Any) -> Any:
        from chainrule.tape_graph.nodes import bundle  # noqa: PLC0415 - as above

        return bundle(self)  # type: ignore[arg-type]  # as above
