"""In which order long chains are evaluated: what something needs comes first, so that no recursion gets deep."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from astralint.hcl.syntax import Block, Body, Expression, GetAttr, Node, Variable
from astralint.terraform.configuration.module import Module

LONG_MODULE = 200
"""From so many local values and resources on, a chain of them may be too long to follow by recursion."""

Item = tuple[str, ...]
"""`("local", name)` or `("managed", type, name)`, `("data", type, name)`."""


class EvaluationOrder:
    """The references between a module's local values and resources, as they are written."""

    def __init__(self, module: Module) -> None:
        self._module = module
        self._needs: dict[Item, tuple[Item, ...]] = {}

    def before(self, item: Item, is_done: Callable[[Item], bool]) -> Iterator[Item]:
        """Yield what an item needs, directly or not, each after what it needs itself; without what is done."""
        seen = {item}
        pending = [(item, iter(self._needed(item)))]
        while pending:
            current, rest = pending[-1]
            following = next((need for need in rest if need not in seen and not is_done(need)), None)
            if following is not None:
                seen.add(following)
                pending.append((following, iter(self._needed(following))))
                continue
            pending.pop()
            if pending:
                yield current

    def _needed(self, item: Item) -> tuple[Item, ...]:
        known = self._needs.get(item)
        if known is None:
            known = self._needs[item] = tuple(dict.fromkeys(self._references(item)))
        return known

    def _references(self, item: Item) -> Iterator[Item]:
        module = self._module
        if item[0] == "local":
            argument = module.locals.get(item[1])
            nodes: list[Node] = [argument.expression] if argument is not None else []
        else:
            resource = module.resources.get((item[0], item[1], item[2]))
            nodes = list(_expressions(resource.block.body)) if resource is not None else []
        for node in nodes:
            yield from self._within(node)

    def _within(self, node: Node) -> Iterator[Item]:
        pending: list[object] = [node]
        while pending:
            current = pending.pop()
            if isinstance(current, tuple):
                pending.extend(current)
            elif isinstance(current, GetAttr) and (item := self._item(current)) is not None:
                yield item
            elif isinstance(current, Node):
                pending.extend(getattr(current, name) for name in current.__struct_fields__)

    def _item(self, node: GetAttr) -> Item | None:
        target = node.target
        if isinstance(target, Variable):
            if target.name == "local":
                return ("local", node.name)
            key = ("managed", target.name, node.name)
            return key if key in self._module.resources else None
        if isinstance(target, GetAttr) and isinstance(target.target, Variable) and target.target.name == "data":
            return ("data", target.name, node.name)
        return None


def _expressions(body: Body) -> Iterator[Expression]:
    pending: list[Body | Block] = [body]
    while pending:
        current = pending.pop()
        inner = current.body if isinstance(current, Block) else current
        yield from (attribute.expression for attribute in inner.attributes)
        pending.extend(inner.blocks)
