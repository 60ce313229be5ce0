"""The least of an evaluator: enough for the recorded calls, so that functions are tested by themselves."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from pathlib import Path

from astralint.hcl import parse_expression, parse_template, syntax
from astralint.source.partial import Hole, PartialText
from astralint.terraform import functions
from astralint.terraform.functions.globbing import compile_pattern
from astralint.terraform.language.language import Language
from astralint.terraform.values.convert import convert
from astralint.terraform.values.numbers import add, divide, negate, parse_number
from astralint.terraform.values.types import STRING, ListType
from astralint.terraform.values.value import (
    NULL,
    EvaluationError,
    Value,
    boolean,
    number,
    object_of,
    string,
    tuple_of,
)

FILES = Path(__file__).parent / "files"
Scope = Mapping[str, Value]


class Files:
    """A context that reads below one directory."""

    language = Language("terraform", (1, 11, 4))

    def __init__(self, root: Path = FILES, depth: int = 0) -> None:
        self.root = root
        self.template_depth = depth

    def _inside(self, path: str) -> Path:
        resolved = (self.root / path).resolve()
        if not resolved.is_relative_to(self.root.resolve()):
            raise EvaluationError(f"{path} is outside", code="outside-boundary")
        return resolved

    def read(self, path: str, argument: int) -> bytes:
        try:
            return self._inside(path).read_bytes()
        except OSError:
            raise EvaluationError(f"no file exists at {path}", argument=argument, code="file-not-readable") from None

    def exists(self, path: str) -> bool:
        found = self._inside(path)
        if found.is_dir():
            raise EvaluationError(f"{path} is a directory, not a file")
        return found.is_file()

    def absolute(self, path: str) -> PartialText:
        return PartialText.of(Hole("nothing says where this is"), f"/{path}")

    def glob(self, directory: str, pattern: str) -> list[str]:
        top = self._inside(directory)
        matches = compile_pattern(pattern)
        paths = (path.relative_to(top).as_posix() for path in top.rglob("*") if path.is_file())
        return sorted(path for path in paths if matches(path))

    def render_template(self, text: str, name: str, variables: Scope, depth: int) -> Value:
        parsed = parse_template(text)
        if parsed.expression is None:
            raise EvaluationError(f"{name} is not a template")
        return Evaluator(variables, Files(self.root, depth)).value(parsed.expression)


class Evaluator:
    def __init__(self, scope: Scope, context: Files) -> None:
        self.scope = scope
        self.context = context

    def value(self, node: syntax.Expression) -> Value:
        return getattr(self, "_" + type(node).__name__.lower())(node)

    def _literal(self, node: syntax.Literal) -> Value:
        if isinstance(node.value, str):
            return string(unicodedata.normalize("NFC", node.value))
        return NULL if node.value is None else boolean(node.value)

    def _number(self, node: syntax.Number) -> Value:
        raw = parse_number(node.text)
        assert raw is not None
        return number(raw)

    def _template(self, node: syntax.Template) -> Value:
        if len(node.parts) == 1 and isinstance(node.parts[0], syntax.Interpolation):
            return self.value(node.parts[0].expression)
        return string(unicodedata.normalize("NFC", "".join(self.part(part) for part in node.parts)))

    def part(self, part: object) -> str:
        if isinstance(part, syntax.TemplateFor):
            items = self.value(part.collection).raw
            inner = [Evaluator({**self.scope, part.value: item}, self.context) for item in items]
            return "".join(each.part(piece) for each in inner for piece in part.body)
        value = self.value(part.expression if isinstance(part, syntax.Interpolation) else part)  # type: ignore[arg-type]
        converted = convert(value, STRING)
        if converted.is_null:
            raise EvaluationError("null in a template")
        return str(converted.raw)

    def _variable(self, node: syntax.Variable) -> Value:
        if node.name not in self.scope:
            raise EvaluationError(f"no variable {node.name}")
        return self.scope[node.name]

    def _call(self, node: syntax.Call) -> Value:
        arguments = [self.value(argument) for argument in node.arguments]
        if node.expand_final:
            final = arguments.pop()
            if not isinstance(final.raw, tuple):
                raise EvaluationError("invalid expanding argument value")
            arguments.extend(final.raw)
        return functions.call(node.name, arguments, self.context)

    def _tupleexpression(self, node: syntax.TupleExpression) -> Value:
        return tuple_of(self.value(item) for item in node.items)

    def _objectexpression(self, node: syntax.ObjectExpression) -> Value:
        return object_of({convert(self.value(item.key), STRING).raw: self.value(item.value) for item in node.items})

    def _parentheses(self, node: syntax.Parentheses) -> Value:
        return self.value(node.expression)

    def _unary(self, node: syntax.Unary) -> Value:
        return number(negate(self.value(node.operand).raw))

    def _conditional(self, node: syntax.Conditional) -> Value:
        return self.value(node.then if self.value(node.condition).raw else node.otherwise)

    def _binary(self, node: syntax.Binary) -> Value:
        left, right = self.value(node.left).raw, self.value(node.right).raw
        return number(add(left, right) if node.operator == "+" else divide(left, right))

    def _index(self, node: syntax.Index) -> Value:
        target, key = self.value(node.target), self.value(node.key)
        return _within(target, target.raw[key.raw])

    def _getattr(self, node: syntax.GetAttr) -> Value:
        target = self.value(node.target)
        return _within(target, target.raw[node.name])

    def _fortuple(self, node: syntax.ForTuple) -> Value:
        items = self.value(node.collection).raw
        return tuple_of(Evaluator({**self.scope, node.value: item}, self.context).value(node.result) for item in items)


def _within(target: Value, item: Value) -> Value:
    return item.with_marks(target.marks)


def evaluate(expression: str, scope: Scope | None = None, context: Files | None = None) -> Value:
    """Return what an expression gives; raise EvaluationError where Terraform refuses it."""
    parsed = parse_expression(expression)
    if parsed.expression is None:
        raise EvaluationError(parsed.errors[0].message)
    return Evaluator(scope or {}, context or Files()).value(parsed.expression)


def strings(*items: str) -> Value:
    """Return a list of strings."""
    return Value(ListType(STRING), tuple(string(item) for item in items))
