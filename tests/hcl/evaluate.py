"""A tiny evaluator for expressions without references, to compare templates with what terraform makes of them."""

from __future__ import annotations

import unicodedata

from astralint.hcl import syntax as s


def text(value: object) -> str:
    """Return a value as it stands in a string."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def evaluate(node: s.Node, names: dict[str, object] | None = None) -> object:
    names = names or {}
    match node:
        case s.Literal():
            return unicodedata.normalize("NFC", node.value) if isinstance(node.value, str) else node.value
        case s.Number():
            return int(node.text)
        case s.Variable():
            return names[node.name]
        case s.TupleExpression():
            return [evaluate(item, names) for item in node.items]
        case s.ObjectExpression():
            return {evaluate(item.key, names): evaluate(item.value, names) for item in node.items}
        case s.Template():
            if len(node.parts) == 1 and isinstance(node.parts[0], s.Interpolation):
                return evaluate(node.parts[0].expression, names)
            return join(node.parts, names)
    raise TypeError(node)


def join(parts: tuple[s.TemplatePart, ...], names: dict[str, object]) -> str:
    joined = ""
    for part in parts:
        match part:
            case s.Literal():
                joined += str(part.value)
            case s.Interpolation():
                joined += text(evaluate(part.expression, names))
            case s.TemplateIf():
                joined += join(part.then if evaluate(part.condition, names) else part.otherwise, names)
            case s.TemplateFor():
                collection = evaluate(part.collection, names)
                items = collection.items() if isinstance(collection, dict) else enumerate(collection)  # type: ignore[call-overload]
                for key, value in items:
                    scope = {**names, part.value: value}
                    if part.key:
                        scope[part.key] = key
                    joined += join(part.body, scope)
    return joined
