"""How deep a tree is: whatever walks trees may recurse, because parsing sets a limit."""

from __future__ import annotations

import msgspec

from astralint.hcl.problem import SyntaxProblem
from astralint.hcl.syntax import Attribute, Body, File, Interpolation, Node, ObjectItem

MAXIMUM_DEPTH = 500
DEPTH_MESSAGE = f"the code is nested more than {MAXIMUM_DEPTH} levels deep"
# Nodes that stand between levels, but are none themselves.
CONNECTING = (Attribute, Body, File, Interpolation, ObjectItem)


def too_deep(tree: Node) -> SyntaxProblem | None:
    """Return the problem of a tree that is nested too deep, with the place where it becomes so."""
    pending: list[tuple[Node, int]] = [(tree, 0)]
    while pending:
        node, depth = pending.pop()
        if not isinstance(node, CONNECTING):
            depth += 1
            # One more, because the innermost node is not nested in itself.
            if depth > MAXIMUM_DEPTH + 1:
                return SyntaxProblem(DEPTH_MESSAGE, node.start, node.start + 1)
        for value in msgspec.structs.astuple(node):
            if isinstance(value, Node):
                pending.append((value, depth))
            elif value.__class__ is tuple:
                pending.extend((item, depth) for item in value if isinstance(item, Node))
    return None
