"""The syntax tree: small immutable nodes that serialize fast and safely.

Every node has `start` and `end`: offsets into the file's text in code points
(not bytes), the end exclusive. `Lines` turns them into lines and columns. Nodes
know neither their file nor their parent, so one tree serves all copies of a
file. Names follow the HCL native syntax specification (hcl/hclsyntax/spec.md).
"""

from __future__ import annotations

import msgspec


class Node(msgspec.Struct, frozen=True, tag=True, tag_field="node", array_like=True, gc=False):
    """What all nodes share; only subclasses are ever made."""

    start: int
    end: int


# --- expressions ---------------------------------------------------------------


class Literal(Node, frozen=True):
    """`true`, `false`, `null` or a string without interpolation (unescaped, not yet NFC)."""

    value: str | bool | None


class Number(Node, frozen=True):
    """A number as it is written; conversion to Terraform's number happens at evaluation."""

    text: str


class Template(Node, frozen=True):
    """A quoted or heredoc template with at least one interpolation or directive.

    String pieces are unescaped, heredoc indentation is removed, strip markers
    (`~`) are applied. A template that is a single interpolation passes its value
    on unchanged, whatever its type; `evaluate` looks for `len(parts) == 1` and
    an `Interpolation`.
    """

    parts: tuple[TemplatePart, ...]


class Interpolation(Node, frozen=True):
    """`${ expression }` within a template."""

    expression: Expression


class TemplateIf(Node, frozen=True):
    """`%{ if condition }…%{ else }…%{ endif }`."""

    condition: Expression
    then: tuple[TemplatePart, ...]
    otherwise: tuple[TemplatePart, ...]


class TemplateFor(Node, frozen=True):
    """`%{ for key, value in collection }…%{ endfor }`."""

    key: str | None
    value: str
    collection: Expression
    body: tuple[TemplatePart, ...]


class Variable(Node, frozen=True):
    """The first name of a traversal: `var`, `local`, `aws_iam_role`, a `for` variable."""

    name: str


class GetAttr(Node, frozen=True):
    """`target.name`."""

    target: Expression
    name: str


class Index(Node, frozen=True):
    """`target[key]`, and the legacy `target.0` (then `legacy`, and `key` is a Number)."""

    target: Expression
    key: Expression
    legacy: bool = False


class Splat(Node, frozen=True):
    """`target[*]…` (full) or `target.*…` (attribute-only).

    `each` is evaluated once for every element, with `SplatItem` standing for it.
    The steps of an attribute-only splat end at the first index in brackets.
    """

    target: Expression
    each: Expression
    full: bool


class SplatItem(Node, frozen=True):
    """The element at hand inside of `Splat.each`."""


class Call(Node, frozen=True):
    """`name(arguments…)`; `name` includes namespaces, as in `provider::aws::arn_parse`."""

    name: str
    arguments: tuple[Expression, ...]
    expand_final: bool
    name_end: int


class Conditional(Node, frozen=True):
    """`condition ? then : otherwise`."""

    condition: Expression
    then: Expression
    otherwise: Expression


class Binary(Node, frozen=True):
    """`left operator right`; the operator as written: `||`, `&&`, `==`, …, `%`."""

    operator: str
    left: Expression
    right: Expression


class Unary(Node, frozen=True):
    """`-operand` or `!operand`."""

    operator: str
    operand: Expression


class Parentheses(Node, frozen=True):
    """`(expression)`, kept because it changes what an object key means."""

    expression: Expression


class TupleExpression(Node, frozen=True):
    """`[a, b]`."""

    items: tuple[Expression, ...]


class ObjectItem(Node, frozen=True):
    """`key = value` or `key: value`.

    A bare identifier as key arrives as `Literal` (so does a keyword); any other
    key is the expression that was written, `Parentheses` included.
    """

    key: Expression
    value: Expression


class ObjectExpression(Node, frozen=True):
    """`{ key = value }`."""

    items: tuple[ObjectItem, ...]


class ForTuple(Node, frozen=True):
    """`[for key, value in collection : result if condition]`."""

    key: str | None
    value: str
    collection: Expression
    result: Expression
    condition: Expression | None


class ForObject(Node, frozen=True):
    """`{for key, value in collection : result_key => result… if condition}`."""

    key: str | None
    value: str
    collection: Expression
    result_key: Expression
    result: Expression
    grouping: bool
    condition: Expression | None


Expression = (
    Literal
    | Number
    | Template
    | Variable
    | GetAttr
    | Index
    | Splat
    | SplatItem
    | Call
    | Conditional
    | Binary
    | Unary
    | Parentheses
    | TupleExpression
    | ObjectExpression
    | ForTuple
    | ForObject
)
TemplatePart = Literal | Interpolation | TemplateIf | TemplateFor


# --- structure -----------------------------------------------------------------


class Attribute(Node, frozen=True):
    """`name = expression`; `start` is the name's, `name_end` where the name ends."""

    name: str
    expression: Expression
    name_end: int


class Block(Node, frozen=True):
    """`type "label" { body }`.

    `start` to `header_end` is the header (type and labels), `start` to `end` the
    whole block with its closing brace. `label_spans` has (start, end) of each label.
    """

    type: str
    labels: tuple[str, ...]
    body: Body
    header_end: int
    label_spans: tuple[tuple[int, int], ...] = ()


class Body(Node, frozen=True):
    """Attributes and blocks in source order."""

    attributes: tuple[Attribute, ...]
    blocks: tuple[Block, ...]


class Comment(Node, frozen=True):
    """A comment with its marker, without the line's end."""

    text: str
    own_line: bool
    """True where nothing but white space stands before it on its line."""


class File(Node, frozen=True):
    """A parsed file: its body, its comments, and where its lines start."""

    body: Body
    comments: tuple[Comment, ...]
    line_starts: tuple[int, ...]
