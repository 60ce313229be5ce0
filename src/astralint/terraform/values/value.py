"""Values: what an expression gives, or why it can't be known.

A `Value` pairs a type with `raw`, which is one of

- `None`: null of that type;
- `str` (NFC), `bool`, and for numbers `int` or `gmpy2.mpfr` (512 bits; never an
  mpfr that is a whole number below 2**512, so that raws can be compared);
- a `tuple` of Values for lists, tuples and sets (sets without duplicates, in
  Terraform's order);
- a `dict` of Values for maps and objects, sorted by key;
- an `Unknown`.

`marks` are the bits SENSITIVE and EPHEMERAL. `origins` say through which named
things (resource attributes, variables, locals, outputs) the value came. Values
are immutable: nobody changes a dict that is in one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from astralint.source.diagnostic import Label
from astralint.source.partial import Hole, PartialText
from astralint.source.span import Span
from astralint.terraform.values.types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    AnyType,
    ListType,
    MapType,
    ObjectType,
    TupleType,
)

if TYPE_CHECKING:
    from gmpy2 import mpfr

SENSITIVE = 1
EPHEMERAL = 2


class Origin(msgspec.Struct, frozen=True, eq=False):
    """A named thing that a value came through: a step of its provenance.

    `kind` is one of `resource`, `data`, `variable`, `local`, `output`,
    `remote-state`, `function`. `address` is what a person would write:
    `module.ci.aws_iam_role.deploy.arn`, `local.name`, `output.role_arn`.
    `workspace` is the workspace's name. `span` is where it is defined (for a
    resource: the attribute if it stands in the code, else the block's header).
    `sources` are the origins of the value that the named thing itself got. Origins
    are compared by identity (they form a graph that shares its nodes); whoever
    prints them sorts them.
    """

    kind: str
    address: str
    workspace: str
    span: Span | None
    sources: frozenset[Origin] = frozenset()


NOWHERE: frozenset[Origin] = frozenset()


class Reason(msgspec.Struct, frozen=True, array_like=True):
    """Why something is unknown.

    `code` groups reasons in reports: `variable-without-value`,
    `known-after-apply`, `module-not-read`, `remote-state-unmatched`,
    `remote-state-output-unknown`, `data-source`, `impure-function`,
    `file-not-readable`, `error`, `limit`, `cycle`, `unsupported`, `pending`.
    `message` is a clause that a person understands: "variable `vpc_id` has no value".
    """

    code: str
    message: str
    span: Span | None = None


class Candidate(msgspec.Struct, frozen=True, eq=False):
    """Something that may be in a collection which is not known: with its key in a map or object.

    `maybe` says why it may not be there; it is empty for what is there for sure.
    """

    key: str | None
    value: Value
    maybe: tuple[Reason, ...] = ()


class Unknown(msgspec.Struct, frozen=True, array_like=True):
    """A value that is not known, with the reasons.

    `text` holds the known parts of a string. `not_null` is go-cty's refinement:
    the value, once known, is not null. `bounds` is another: between which numbers
    (both included, None where it is open) a number lies, or the length of a text, list, set
    or map. A symbolic value (an account whose number is not in the code) is an Unknown
    whose `text` is a single `Hole` with a symbol. `candidates` are all that can be in a
    collection: what is not among them is not in it (see `values.candidates`), unless it is `open`.
    """

    reasons: tuple[Reason, ...]
    text: PartialText | None = None
    not_null: bool = False
    bounds: tuple[Any, Any] | None = None
    candidates: tuple[Candidate, ...] | None = None
    open: bool = False

    @property
    def symbol(self) -> str | None:
        if self.text is not None and len(self.text.parts) == 1 and isinstance(self.text.parts[0], Hole):
            return self.text.parts[0].symbol
        return None


class OpenAttributes(dict[str, "Value"]):
    """The attributes of an object that may have more: a resource whose schema is not known.

    Reading an attribute that is not there gives an unknown with `reason`, no error.
    """

    __slots__ = ("reason",)

    def __init__(self, attributes: Mapping[str, Value], reason: Reason) -> None:
        super().__init__(sorted(attributes.items()))
        self.reason = reason

    def __reduce__(self) -> tuple[Any, ...]:
        return OpenAttributes, (dict(self), self.reason)


class StateOutputs(dict[str, "Value"]):
    """All outputs of another workspace: reading one that is not among them is an error at both, with `reason`."""

    __slots__ = ("reason",)

    def __init__(self, outputs: Mapping[str, Value], reason: Reason) -> None:
        super().__init__(sorted(outputs.items()))
        self.reason = reason

    def __reduce__(self) -> tuple[Any, ...]:
        return StateOutputs, (dict(self), self.reason)


class Value(msgspec.Struct, frozen=True, eq=False):
    """A typed value; see the module's docstring for `raw`."""

    type: AnyType
    raw: Any
    marks: int = 0
    origins: frozenset[Origin] = NOWHERE

    @property
    def is_unknown(self) -> bool:
        """True where the value itself is unknown (its elements may be all the same)."""
        return type(self.raw) is Unknown

    @property
    def is_null(self) -> bool:
        return self.raw is None

    @property
    def is_sensitive(self) -> bool:
        return bool(self.marks & SENSITIVE)

    def with_origins(self, origins: frozenset[Origin]) -> Value:
        """Return the value with these origins in place of its own."""
        return self if origins is self.origins else Value(self.type, self.raw, self.marks, origins)

    def with_marks(self, marks: int) -> Value:
        """Return the value with these marks added."""
        return (
            self if self.marks | marks == self.marks else Value(self.type, self.raw, self.marks | marks, self.origins)
        )


# --- construction ----------------------------------------------------------------

NULL = Value(DYNAMIC, None)
TRUE = Value(BOOL, True)
FALSE = Value(BOOL, False)


def string(text: str) -> Value:
    """Make a string; the caller has brought it into NFC."""
    return Value(STRING, text)


def number(value: int | mpfr) -> Value:
    """Make a number; the caller has brought it into the form of `values.numbers.normal`."""
    return Value(NUMBER, value)


def boolean(value: bool) -> Value:
    """Make a bool."""
    return TRUE if value else FALSE


def null(type_: AnyType = DYNAMIC) -> Value:
    """Make a null of a type."""
    return Value(type_, None)


def tuple_of(items: Iterable[Value]) -> Value:
    """Make a tuple; each element keeps its own type."""
    values = tuple(items)
    return Value(TupleType(tuple(item.type for item in values)), values)


def list_of(element: AnyType, items: Iterable[Value]) -> Value:
    """Make a list; every item already has the element type."""
    return Value(ListType(element), tuple(items))


def object_of(attributes: Mapping[str, Value]) -> Value:
    """Make an object; each attribute keeps its own type."""
    raw = dict(sorted(attributes.items()))
    return Value(ObjectType(tuple((name, value.type) for name, value in raw.items())), raw)


def map_of(element: AnyType, items: Mapping[str, Value]) -> Value:
    """Make a map; every item already has the element type."""
    return Value(MapType(element), dict(sorted(items.items())))


def unknown(
    reasons: Reason | tuple[Reason, ...],
    type_: AnyType = DYNAMIC,
    *,
    text: PartialText | None = None,
    not_null: bool = False,
    bounds: tuple[Any, Any] | None = None,
    origins: frozenset[Origin] = NOWHERE,
    marks: int = 0,
) -> Value:
    """Make an unknown value."""
    if isinstance(reasons, Reason):
        reasons = (reasons,)
    return Value(type_, Unknown(reasons, text, not_null, bounds), marks, origins)


def symbolic(symbol: str, reason: Reason, *, origins: frozenset[Origin] = NOWHERE) -> Value:
    """Make a string that is unknown but has an identity (see `Unknown.symbol`)."""
    text = PartialText((Hole(reason.message, symbol),))
    return Value(STRING, Unknown((reason,), text, not_null=True), 0, origins)


POSSIBLE = "generated:one of "
"""What begins the symbol of an attribute of an instance of which it is not known whether it exists."""


class EvaluationError(Exception):
    """What Terraform itself would refuse.

    `start` and `end` are offsets in the file of the expression that is being
    evaluated. Whoever evaluates a whole attribute turns it into a diagnostic.
    `argument` is set by functions: the index of the argument at fault, from which
    the caller finds the place. `labels` are further places that belong to it.
    """

    def __init__(
        self,
        message: str,
        start: int = -1,
        end: int = -1,
        *,
        argument: int | None = None,
        code: str = "invalid-expression",
        labels: tuple[Label, ...] = (),
    ) -> None:
        super().__init__(message)
        self.message = message
        self.start = start
        self.end = end
        self.argument = argument
        self.labels = labels
        self.code = code
