"""Go templates, as far as they are pure: what reads anything else than its data is unknown, with the reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from astralint.layouts.atmos.template_functions import FUNCTIONS, is_true, printed
from astralint.layouts.atmos.template_syntax import Block, Part, Piped, TemplateError, Term, Text, parse
from astralint.source.partial import Hole, PartialText
from astralint.terraform.values.numbers import parse_number
from astralint.terraform.values.operations import reasons_in, wholly_known
from astralint.terraform.values.text import normalized
from astralint.terraform.values.types import DYNAMIC, STRING
from astralint.terraform.values.value import (
    FALSE,
    NULL,
    TRUE,
    OpenAttributes,
    Reason,
    StateOutputs,
    Unknown,
    Value,
    number,
    string,
    unknown,
)

MAXIMUM_WEIGHT = 2_000_000
"""How many characters and values one template may work through."""
NAMESPACES = frozenset(
    [
        "atmos",
        "aws",
        "base64",
        "coll",
        "conv",
        "crypto",
        "data",
        "file",
        "filepath",
        "gcp",
        "math",
        "net",
        "path",
        "random",
        "regexp",
        "semver",
        "strings",
        "sockaddr",
        "test",
        "time",
        "tmpl",
        "uuid",
    ]
)
"""What functions of gomplate are called after."""

Component = Callable[[str, str], Value]
"""Gives the sections of a component in a stack, its outputs among them."""


class UndecidableError(Exception):
    """A template whose text hangs on something that is not known."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.message)
        self.reason = reason


def is_template(text: str, left: str = "{{") -> bool:
    """Say whether a text holds an action."""
    return left in text


def render(
    text: str, data: Value, component: Component | None = None, delimiters: tuple[str, str] = ("{{", "}}")
) -> Value:
    """Return the text that a template gives, unknown in part where its data is; raises TemplateError."""
    try:
        writer = _Evaluation(data, component)
        writer.parts(parse(text, *delimiters))
    except UndecidableError as error:
        return unknown(error.reason, STRING, not_null=True)
    except RecursionError:
        raise TemplateError("it is nested too deeply") from None
    return writer.result()


class _Evaluation:
    def __init__(self, data: Value, component: Component | None) -> None:
        self.dot: Value | None = data
        self.component = component
        self.variables: list[dict[str, Value | None]] = [{"$": data}]
        self.pieces: list[str | Hole] = []
        self.reasons: list[Reason] = []
        self.weight = 0

    def result(self) -> Value:
        text = PartialText.of(*self.pieces)
        known = text.known
        if known is not None:
            return string(normalized(known))
        return unknown(tuple(dict.fromkeys(self.reasons)), STRING, text=text, not_null=True)

    def spend(self, weight: int) -> None:
        """Count work; raises TemplateError where it is too much."""
        self.weight += weight
        if self.weight > MAXIMUM_WEIGHT:
            raise TemplateError("it works through more than astralint computes")

    # --- parts ----------------------------------------------------------------------------------

    def parts(self, parts: tuple[Part, ...]) -> None:
        """Write parts."""
        for part in parts:
            self.spend(1)
            if isinstance(part, Text):
                self._write(part.text)
            elif isinstance(part, Block):
                self._block(part)
            else:
                value = self.pipeline(part.pipeline)
                if not part.pipeline.variables:
                    self._print(value)

    def _write(self, text: str) -> None:
        self.spend(len(text))
        self.pieces.append(text)

    def _print(self, value: Value | None) -> None:
        if value is None or wholly_known(value):
            self.spend(_weight(value))
            self._write(printed(value))
            return
        raw = value.raw
        self.reasons += reasons_in([value])
        if isinstance(raw, Unknown) and raw.text is not None:
            self.pieces += raw.text.parts
        else:
            self.pieces.append(Hole(self.reasons[-1].message if self.reasons else "it is not known"))

    def _block(self, block: Block) -> None:
        with self._scope():
            value = self.pipeline(block.pipeline)
            if block.kind == "range":
                self._range(block, value)
                return
            _decide(value)
            if not is_true(value):
                self.parts(block.otherwise)
            elif block.kind == "with":
                with self._at(value):
                    self.parts(block.body)
            else:
                self.parts(block.body)

    def _range(self, block: Block, value: Value | None) -> None:
        _decide(value)
        raw = value.raw if value is not None else None
        pairs: list[tuple[Value, Value]] = []
        if isinstance(raw, tuple):
            pairs = [(number(position), item) for position, item in enumerate(raw)]
        elif isinstance(raw, OpenAttributes | StateOutputs):
            raise UndecidableError(raw.reason)
        elif isinstance(raw, dict):
            pairs = [(string(key), item) for key, item in sorted(raw.items())]
        elif raw is not None:
            raise TemplateError("`range` needs a list or a map")
        names = block.pipeline.variables
        for key, item in pairs:
            with self._scope(), self._at(item):
                given = (key, item) if len(names) > 1 else (item,)
                self.variables[-1].update(zip(names, given, strict=False))
                self.parts(block.body)
        if not pairs:
            self.parts(block.otherwise)

    @contextmanager
    def _scope(self) -> Iterator[None]:
        self.variables.append({})
        try:
            yield
        finally:
            self.variables.pop()

    @contextmanager
    def _at(self, dot: Value | None) -> Iterator[None]:
        before, self.dot = self.dot, dot
        try:
            yield
        finally:
            self.dot = before

    # --- pipelines --------------------------------------------------------------------------------

    def pipeline(self, pipeline: Piped) -> Value | None:
        """Return a pipeline's value, None for what is not there."""
        value: Value | None = None
        for position, command in enumerate(pipeline.commands):
            value = self._command(command, (value,) if position else ())
        for name in pipeline.variables[:1]:
            scopes = [scope for scope in self.variables if name in scope]
            if not pipeline.declares and not scopes:
                raise TemplateError(f"there is no variable `{name}`")
            (self.variables[-1] if pipeline.declares else scopes[-1])[name] = value
        return value

    def _command(self, terms: tuple[Term, ...], piped: tuple[Value | None, ...]) -> Value | None:
        first = terms[0]
        if first.kind == "name":
            return self._call(first, terms[1:], piped)
        if len(terms) > 1 or piped:
            raise TemplateError("something that is no function is given arguments")
        return self._operand(first)

    def _operand(self, term: Term) -> Value | None:
        if term.kind == "name":
            return self._call(term, (), ())
        if term.kind == "group" and term.group is not None:
            value = self.pipeline(term.group)
        elif term.kind == "dot":
            value = self.dot
        elif term.kind == "variable":
            scopes = [scope for scope in self.variables if term.text in scope]
            if not scopes:
                raise TemplateError(f"there is no variable `{term.text}`")
            value = scopes[-1][term.text]
        else:
            return _literal(term)
        for field in term.fields:
            value = _field(value, field)
        return value

    def _call(self, term: Term, terms: tuple[Term, ...], piped: tuple[Value | None, ...]) -> Value | None:
        name = term.text
        if name in ("and", "or") and not term.fields:
            return self._junction(name == "and", terms, piped)
        given = [self._operand(each) for each in terms] + list(piped)
        if name == "atmos" and term.fields[:1] == ("Component",) and self.component is not None:
            return self._of_component(given)
        if name in NAMESPACES or term.fields:
            whole = ".".join((name, *term.fields))
            raise UndecidableError(Reason("impure-function", f"`{whole}` is not computed"))
        function = FUNCTIONS.get(name)
        if function is None:
            raise UndecidableError(Reason("impure-function", f"`{name}` is not computed"))
        values = [NULL if value is None else value for value in given]
        for value in values:
            self.spend(1 + _weight(value))
        unknowns = reasons_in([value for value in values if not wholly_known(value)])
        if name in ("default", "required", "index", "get", "hasKey", "ternary") and all(
            not value.is_unknown for value in values
        ):
            unknowns = ()
        if unknowns:
            return unknown(unknowns, DYNAMIC)
        try:
            return function(*values)
        except TypeError:
            raise TemplateError(f"`{name}` is given too much or too little") from None

    def _junction(self, is_and: bool, terms: tuple[Term, ...], piped: tuple[Value | None, ...]) -> Value | None:
        value: Value | None = NULL
        for each in (*terms, *piped):
            value = self._operand(each) if isinstance(each, Term) else each
            _decide(value)
            if is_true(value) != is_and:
                return value
        return value

    def _of_component(self, given: list[Value | None]) -> Value:
        texts = [value.raw for value in given if value is not None]
        if len(texts) != 2 or self.component is None:
            raise TemplateError("`atmos.Component` needs a component and a stack")
        if not all(isinstance(text, str) for text in texts):
            raise UndecidableError(Reason("remote-state-unmatched", "which component is read is not known"))
        return self.component(str(texts[0]), str(texts[1]))


def _weight(value: Value | None) -> int:
    """Return how much a value is to work through, shared parts each time."""
    weight = 0
    pending = [value] if value is not None else []
    while pending and weight <= MAXIMUM_WEIGHT:
        raw = pending.pop().raw
        weight += 1 + (len(raw) if isinstance(raw, str) else 0)
        if isinstance(raw, tuple):
            pending.extend(raw)
        elif isinstance(raw, dict):
            pending.extend(raw.values())
    return weight


def _decide(value: Value | None) -> None:
    """Raise UndecidableError where what happens hangs on something that is not known."""
    if value is not None and value.is_unknown:
        raise UndecidableError(reasons_in([value])[0] if reasons_in([value]) else Reason("error", "it is not known"))


def _field(value: Value | None, name: str) -> Value | None:
    raw = value.raw if value is not None else None
    if isinstance(raw, Unknown):
        return unknown(raw.reasons, DYNAMIC)
    if isinstance(raw, dict):
        found = raw.get(name)
        if found is None and isinstance(raw, OpenAttributes | StateOutputs):
            return unknown(raw.reason, DYNAMIC)
        return found
    if raw is None:
        raise TemplateError(f"`{name}` is taken of something that is not there")
    raise TemplateError(f"`{name}` is taken of something that is no map")


def _literal(term: Term) -> Value:
    if term.kind == "text":
        return string(_unquoted(term.text))
    if term.kind == "number":
        raw = parse_number(term.text.replace("_", ""))
        if raw is None:
            raise TemplateError(f"`{term.text}` is no number")
        return number(raw)
    return {"true": TRUE, "false": FALSE}.get(term.text, NULL)


_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\", "'": "'"}


def _unquoted(text: str) -> str:
    inside = text[1:-1]
    if text[0] == "`" or "\\" not in inside:
        return inside
    found: list[str] = []
    characters = iter(inside)
    for character in characters:
        if character == "\\":
            escape = next(characters, "")
            if escape not in _ESCAPES:
                raise TemplateError(f"the escape `\\{escape}` is not followed")
            found.append(_ESCAPES[escape])
        else:
            found.append(character)
    return "".join(found)
