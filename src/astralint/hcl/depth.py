"""How deep a tree is: everything that walks trees may recurse, so parsing sets a limit."""

from __future__ import annotations

from typing import Any

import msgspec

from astralint.hcl.problem import SyntaxProblem
from astralint.hcl.syntax import Attribute, Body, File, Node

MAXIMUM_DEPTH = 500
# What every file has around its expressions; it does not count as nesting.
FREE = 3
DEPTH_MESSAGE = f"the code is nested more than {MAXIMUM_DEPTH} levels deep"


def deeper_than(tree: Node, limit: int) -> bool:
    return False


def too_deep(tree: Node) -> SyntaxProblem:
    return SyntaxProblem(DEPTH_MESSAGE, tree.start, tree.end)
