"""Blocks, and the same things given as data, in one form: names, arguments with places, nested entries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from astralint.config.problems import Problems
from astralint.config.schema import BlockSchema
from astralint.config.scope import ConfigurationScope
from astralint.config.suggest import did_you_mean
from astralint.hcl import syntax
from astralint.source.diagnostic import Label
from astralint.source.span import Span
from astralint.terraform.configuration.body import SourceFile
from astralint.terraform.values.value import Value

Steps = tuple[str | int, ...]
COMMENT = "//"


class Argument:
    """A value with its place: the expression that it is written by, and the way into it.

    `title` is how messages call it: `kind`, or `accounts["dns"].kind` for data.
    """

    __slots__ = ("_expression", "_name_span", "_source", "_steps", "title", "value")

    def __init__(
        self,
        title: str,
        value: Value,
        source: SourceFile,
        expression: syntax.Expression,
        steps: Steps = (),
        *,
        name_span: Span | None = None,
    ) -> None:
        self.title = title
        self.value = value
        self._source = source
        self._expression = expression
        self._steps = steps
        self._name_span = name_span

    @property
    def name_span(self) -> Span:
        """Where the argument's name stands, or its value where it has none of its own."""
        return self._name_span if self._name_span is not None else self.span()

    def span(self, *steps: str | int) -> Span:
        """Return where the value, or the part of it that the steps lead to, is written; as near as can be told."""
        return self._source.span_of(_part(self._expression, (*self._steps, *steps)))

    def key_span(self, name: str) -> Span:
        """Return where a key of the value is written, or the value where it can't be told."""
        inner = _inside(_part(self._expression, self._steps))
        if isinstance(inner, syntax.ObjectExpression):
            for item in inner.items:
                if _key(item) == name:
                    return self._source.span_of(item.key)
        return self.span()

    def at(self, step: str | int, value: Value, title: str = "") -> Argument:
        """Return a part of the value as an argument of its own."""
        written = f'{self.title}["{step}"]' if isinstance(step, str) else f"{self.title}[{step}]"
        return Argument(title or written, value, self._source, self._expression, (*self._steps, step))


def _inside(expression: syntax.Expression) -> syntax.Expression:
    while isinstance(expression, syntax.Parentheses):
        expression = expression.expression
    return expression


def _key(item: syntax.ObjectItem) -> str | None:
    return item.key.value if isinstance(item.key, syntax.Literal) and isinstance(item.key.value, str) else None


def _part(expression: syntax.Expression, steps: Steps) -> syntax.Expression:
    for step in steps:
        inner = _inside(expression)
        found: syntax.Expression | None = None
        if isinstance(inner, syntax.ObjectExpression):
            found = next((item.value for item in inner.items if _key(item) == step), None)
        elif isinstance(inner, syntax.TupleExpression) and isinstance(step, int) and step < len(inner.items):
            found = inner.items[step]
        if found is None:
            return expression
        expression = found
    return expression


class Entry:
    """A block, or an element of a map that stands for one."""

    __slots__ = ("arguments", "children", "label_spans", "labels", "span")

    def __init__(self, labels: tuple[str, ...], span: Span, label_spans: tuple[Span, ...]) -> None:
        self.labels = labels
        self.span = span
        self.label_spans = label_spans
        self.arguments: dict[str, Argument] = {}
        self.children: dict[str, list[Entry]] = {}

    @property
    def name(self) -> str:
        """The first label, or ""."""
        return self.labels[0] if self.labels else ""

    @property
    def name_span(self) -> Span:
        """Where the first label stands, else the header."""
        return self.label_spans[0] if self.label_spans else self.span

    def of(self, type_: str) -> Sequence[Entry]:
        """Return the nested entries of a type."""
        return self.children.get(type_, ())


class EntryReader:
    """Reads blocks by their schema, and notes what does not fit it."""

    def __init__(self, source: SourceFile, scope: ConfigurationScope, problems: Problems, *, json: bool) -> None:
        self._source = source
        self._scope = scope
        self._problems = problems
        self._json = json

    def root(self, schema: BlockSchema) -> Entry:
        """Return the whole file as an entry."""
        entry = Entry((), self._source.span(0, 0), ())
        body = self._source.file.body
        for block in self._blocks(body, schema):
            if block.type == "locals":
                self._locals(block)
        self._scope.evaluate_locals()
        self._body(entry, body, schema, "")
        return entry

    def _locals(self, block: syntax.Block) -> None:
        for attribute in block.body.attributes:
            if self._is_comment(attribute):
                continue
            first = self._scope.declare(attribute)
            if first is not None:
                self._twice(attribute, first)

    def _is_comment(self, attribute: syntax.Attribute) -> bool:
        return self._json and attribute.name == COMMENT

    def _name_span(self, attribute: syntax.Attribute) -> Span:
        return self._source.span(attribute.start, attribute.name_end)

    def _twice(self, attribute: syntax.Attribute, first: syntax.Attribute) -> None:
        label = Label(self._name_span(first), "it is set here first")
        message = f"`{attribute.name}` is set twice"
        self._problems.error("duplicate-argument", message, self._name_span(attribute), labels=(label,))

    def _body(self, entry: Entry, body: syntax.Body, schema: BlockSchema, around: str) -> None:
        for attribute in body.attributes:
            if not (self._is_comment(attribute) or (self._json and attribute.name in schema.blocks)):
                self._attribute(entry, attribute, schema, around)
        for block in self._blocks(body, schema):
            self._block(entry, block, schema, around)

    def _attribute(self, entry: Entry, attribute: syntax.Attribute, schema: BlockSchema, around: str) -> None:
        name = attribute.name
        if name not in schema.arguments and not schema.open:
            if name in schema.blocks:
                message = f"`{name}` is a block, not an argument"
                form = " ".join([name, *(f'"{label}"' for label in schema.blocks[name].labels)])
                help_: str | None = f"write `{form} {{ … }}`"
            else:
                message = f"unknown argument `{name}`" + (f" in `{around}`" if around else "")
                help_ = did_you_mean(name, [*schema.arguments, *schema.blocks])
            self._problems.error("unknown-argument", message, self._name_span(attribute), help_)
            return
        if name in schema.blocks:
            message = f"`{name}` is a block, not an argument"
            self._problems.error("unknown-argument", message, self._name_span(attribute), f"write `{name} {{ … }}`")
            return
        value = self._scope.value(attribute.expression)
        if value is not None and not (value.raw is None and not value.is_unknown):
            name_span = self._name_span(attribute)
            entry.arguments[name] = Argument(name, value, self._source, attribute.expression, name_span=name_span)

    def _block(self, entry: Entry, block: syntax.Block, schema: BlockSchema, around: str) -> None:
        inner = schema.blocks.get(block.type)
        span = self._source.span(block.start, block.header_end)
        if inner is None:
            type_span = self._source.span(block.start, block.start + len(block.type))
            if block.type in schema.arguments:
                message = f"`{block.type}` is an argument, not a block"
                self._problems.error("unknown-block", message, type_span, f"write `{block.type} = …`")
                return
            message = f"unknown block `{block.type}`" + (f" in `{around}`" if around else "")
            known = [*schema.blocks, *schema.arguments]
            self._problems.error("unknown-block", message, type_span, did_you_mean(block.type, known))
            return
        if block.type == "locals":
            return
        children = entry.children.setdefault(block.type, [])
        if inner.single and children:
            label = Label(children[0].span, "the first one is here")
            message = f"there is more than one `{block.type}` block"
            self._problems.error("duplicate-block", message, span, labels=(label,))
            return
        if not self._labelled(block, inner, span):
            return
        spans = tuple(self._source.span(start, end) for start, end in block.label_spans)
        child = Entry(block.labels, span, spans)
        self._body(child, block.body, inner, block.type)
        children.append(child)

    def _labelled(self, block: syntax.Block, schema: BlockSchema, span: Span) -> bool:
        wanted, given = schema.labels, block.labels
        form = " ".join([block.type, *(f'"{label}"' for label in wanted)])
        if len(given) < len(wanted):
            missing = " and ".join(f"its {label}" for label in wanted[len(given) :])
            message = f"this `{block.type}` block lacks a label: {missing}"
            self._problems.error("missing-label", message, span, f"write `{form} {{ … }}`")
            return False
        most = len(wanted) + bool(schema.optional_label)
        if len(given) > most:
            count = f"{most} label{'s' if most > 1 else ''}" if most else "no label"
            message = f"a `{block.type}` block has {count}"
            where = self._source.span(*block.label_spans[most]) if len(block.label_spans) > most else span
            self._problems.error("extra-label", message, where, f"write `{form} {{ … }}`")
            return False
        for index, label in enumerate(given):
            if not label.strip():
                where = self._source.span(*block.label_spans[index]) if index < len(block.label_spans) else span
                self._problems.error("missing-label", f"the label of this `{block.type}` block is empty", where)
                return False
        return True

    # --- JSON: blocks arrive as properties, as Terraform's JSON syntax nests them by label ------------

    def _blocks(self, body: syntax.Body, schema: BlockSchema) -> Iterator[syntax.Block]:
        yield from body.blocks
        if not self._json:
            return
        for attribute in body.attributes:
            inner = schema.blocks.get(attribute.name)
            if inner is not None:
                where = (attribute.start, attribute.name_end)
                yield from self._unfold(attribute.name, attribute.expression, inner.labels, (), (where,))

    def _unfold(
        self,
        type_: str,
        expression: syntax.Expression,
        wanted: tuple[str, ...],
        labels: tuple[str, ...],
        spans: tuple[tuple[int, int], ...],
    ) -> Iterator[syntax.Block]:
        if isinstance(expression, syntax.TupleExpression):
            for element in expression.items:
                if isinstance(element, syntax.ObjectExpression):
                    yield from self._unfold(type_, element, wanted, labels, spans)
                else:
                    message = f"`{type_}` must be an object or a list of objects"
                    self._problems.error("invalid-type", message, self._source.span_of(element))
            return
        if not isinstance(expression, syntax.ObjectExpression):
            message = f"`{type_}` must be an object" + (
                f" by {wanted[len(labels)]}" if len(labels) < len(wanted) else ""
            )
            self._problems.error("invalid-type", message, self._source.span_of(expression))
            return
        named: list[tuple[str, syntax.ObjectItem]] = []
        for item in expression.items:
            key = _key(item)
            if key is None:
                message = "a name must be plain text here: no template is evaluated"
                self._problems.error("invalid-label", message, self._source.span_of(item.key))
            elif key != COMMENT:
                named.append((key, item))
        if len(labels) < len(wanted):
            for key, item in named:
                where = (item.key.start, item.key.end)
                yield from self._unfold(type_, item.value, wanted, (*labels, key), (*spans, where))
            return
        attributes = tuple(
            syntax.Attribute(item.key.start, item.end, key, item.value, item.key.end) for key, item in named
        )
        start, end = spans[-1]
        yield syntax.Block(
            start,
            expression.end,
            type_,
            labels,
            syntax.Body(expression.start, expression.end, attributes, ()),
            end,
            spans[1:],
        )


def entries_of(argument: Argument, schema: BlockSchema, type_: str, problems: Problems) -> list[Entry]:
    """Return the elements of a map as entries of a block type: `accounts = { name = { … } }`."""
    raw = argument.value.raw
    found: list[Entry] = []
    if not isinstance(raw, dict):
        return found
    for name, value in raw.items():
        element = argument.at(name, value)
        key_span = argument.key_span(name)
        if not isinstance(value.raw, dict):
            if value.raw is not None:
                message = f"`{element.title}` must be an object with the arguments of `{type_}`"
                problems.error("invalid-type", message, element.span())
            continue
        entry = Entry((name,), key_span, (key_span,))
        for key, inner in value.raw.items():
            title = f"{element.title}.{key}"
            if key not in schema.arguments:
                message = f"unknown argument `{title}`"
                problems.error("unknown-argument", message, element.key_span(key), did_you_mean(key, schema.arguments))
            elif inner.raw is not None:
                entry.arguments[key] = element.at(key, inner, title)
        found.append(entry)
    return found
