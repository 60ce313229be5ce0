"""Go templates: text into a tree of text, actions and blocks."""

from __future__ import annotations

import re

import msgspec

MAXIMUM_DEPTH = 50
MAXIMUM_SIZE = 1_000_000


class TemplateError(Exception):
    """What a template is refused for."""


class Piped(msgspec.Struct, frozen=True):
    """A pipeline: commands, each of terms; `variables` are what its value is given to."""

    commands: tuple[tuple[Term, ...], ...]
    variables: tuple[str, ...] = ()
    declares: bool = False


class Term(msgspec.Struct, frozen=True):
    """An operand, and the fields that are taken of it.

    `kind` is `dot`, `variable`, `name` (a function), `text`, `number`, `word` (true, false, nil) or `group`.
    """

    kind: str
    text: str = ""
    group: Piped | None = None
    fields: tuple[str, ...] = ()


class Text(msgspec.Struct, frozen=True):
    """What stands there as it is."""

    text: str


class Action(msgspec.Struct, frozen=True):
    """`{{ pipeline }}`."""

    pipeline: Piped


class Block(msgspec.Struct, frozen=True):
    """`if`, `range` or `with`."""

    kind: str
    pipeline: Piped
    body: tuple[Part, ...]
    otherwise: tuple[Part, ...] = ()


Part = Text | Action | Block

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<text>"(?:[^"\\\n]|\\.)*"|`[^`]*`)
    | (?P<number>[-+]?[0-9][0-9._eExXa-fA-F]*)
    | (?P<variable>\$[A-Za-z0-9_]*)
    | (?P<field>\.[A-Za-z_][A-Za-z0-9_]*)
    | (?P<dot>\.)
    | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
    | (?P<mark>:=|=|\||\(|\)|,)
    )(?P<space>\s*)""",
    re.VERBOSE,
)


def parse(text: str, left: str = "{{", right: str = "}}") -> tuple[Part, ...]:
    """Return a template's parts; raises TemplateError."""
    if len(text) > MAXIMUM_SIZE:
        raise TemplateError("it is too long")
    return _Parser(_pieces(text, left, right)).parts()


def _pieces(text: str, left: str, right: str) -> list[tuple[bool, str]]:
    """Return texts and the insides of actions in turn, white space cut where the delimiters say so."""
    found: list[tuple[bool, str]] = []
    position = 0
    cut = False
    while True:
        start = text.find(left, position)
        plain = text[position:] if start < 0 else text[position:start]
        if cut:
            plain = plain.lstrip(" \t\r\n")
        if start < 0:
            found.append((False, plain))
            return found
        end = _end(text, start + len(left), right)
        inside = text[start + len(left) : end]
        if inside[:1] == "-" and inside[1:2].isspace():
            plain, inside = plain.rstrip(" \t\r\n"), inside[1:]
        cut = inside[-1:] == "-" and inside[-2:-1].isspace()
        inside = inside[:-1] if cut else inside
        found.append((False, plain))
        if not inside.strip().startswith("/*"):
            found.append((True, inside))
        position = end + len(right)


def _end(text: str, position: int, right: str) -> int:
    """Return where an action ends: quoted texts may hold the delimiter."""
    quote = ""
    while position < len(text):
        character = text[position]
        if quote:
            if character == "\\" and quote == '"':
                position += 1
            elif character == quote:
                quote = ""
        elif text.startswith(right, position):
            return position
        elif character in '"`':
            quote = character
        position += 1
    raise TemplateError("an action is not closed")


class _Parser:
    def __init__(self, pieces: list[tuple[bool, str]]) -> None:
        self._pieces = pieces
        self._position = 0
        self._depth = 0

    def parts(self) -> tuple[Part, ...]:
        found, end, _ = self._until(())
        if end:
            raise TemplateError(f"`{end}` without a block")
        return found

    def _until(self, ends: tuple[str, ...]) -> tuple[tuple[Part, ...], str, str]:
        """Return the parts up to a word that ends a block, with that word and what follows it."""
        self._depth += 1
        if self._depth > MAXIMUM_DEPTH:
            raise TemplateError(f"blocks are more than {MAXIMUM_DEPTH} deep")
        found: list[Part] = []
        while self._position < len(self._pieces):
            is_action, text = self._pieces[self._position]
            self._position += 1
            if not is_action:
                if text:
                    found.append(Text(text))
                continue
            word, _, rest = text.strip().partition(" ")
            if word in ("end", "else"):
                self._depth -= 1
                if word not in ends:
                    raise TemplateError(f"`{word}` without a block")
                return tuple(found), word, rest.strip()
            if word in ("if", "range", "with"):
                found.append(self._block(word, rest))
            elif word in ("define", "template", "block", "break", "continue"):
                raise TemplateError(f"`{word}` is not followed")
            else:
                found.append(Action(pipeline(text)))
        self._depth -= 1
        if ends:
            raise TemplateError("a block is not closed")
        return tuple(found), "", ""

    def _block(self, kind: str, text: str) -> Block:
        given = pipeline(text)
        body, end, rest = self._until(("end", "else"))
        if end == "end":
            return Block(kind, given, body)
        word, _, inner = rest.partition(" ")
        if word in ("if", "with"):
            return Block(kind, given, body, (self._block(word, inner),))
        otherwise, _, _ = self._until(("end",))
        return Block(kind, given, body, otherwise)


class _Token(msgspec.Struct, frozen=True):
    kind: str
    text: str
    spaced: bool


def pipeline(text: str) -> Piped:
    """Parse the inside of an action."""
    tokens: list[_Token] = []
    position = 0
    stripped = text.strip()
    while position < len(stripped):
        match = _TOKEN.match(stripped, position)
        if match is None:
            raise TemplateError(f"`{stripped[position : position + 20]}` is not expected")
        kind = match.lastgroup if match.lastgroup != "space" else ""
        kind = next(name for name in ("text", "number", "variable", "field", "dot", "name", "mark") if match[name])
        tokens.append(_Token(kind, match[kind], bool(match["space"])))
        position = match.end()
    found, end = _pipeline(tokens, 0, 0)
    if end != len(tokens):
        raise TemplateError(f"`{tokens[end].text}` is not expected")
    return found


def _pipeline(tokens: list[_Token], position: int, depth: int) -> tuple[Piped, int]:
    if depth > MAXIMUM_DEPTH:
        raise TemplateError(f"parentheses are more than {MAXIMUM_DEPTH} deep")
    variables, declares, position = _declared(tokens, position)
    commands: list[tuple[Term, ...]] = []
    terms: list[Term] = []
    while position < len(tokens):
        token = tokens[position]
        if token.text == ")" and token.kind == "mark":
            break
        if token.text == "|" and token.kind == "mark":
            commands.append(tuple(terms))
            terms = []
            position += 1
            continue
        term, position = _term(tokens, position, depth)
        terms.append(term)
    commands.append(tuple(terms))
    if not all(commands):
        raise TemplateError("a command is missing")
    return Piped(tuple(commands), variables, declares), position


def _declared(tokens: list[_Token], position: int) -> tuple[tuple[str, ...], bool, int]:
    """Return the variables that a pipeline begins with: `$a :=`, `$a =`, `$i, $a :=`."""
    names: list[str] = []
    current = position
    while current + 1 < len(tokens) and tokens[current].kind == "variable":
        names.append(tokens[current].text)
        mark = tokens[current + 1].text
        if mark in (":=", "=") and tokens[current + 1].kind == "mark":
            return tuple(names), mark == ":=", current + 2
        if mark != ",":
            break
        current += 2
    return (), False, position


def _term(tokens: list[_Token], position: int, depth: int) -> tuple[Term, int]:
    token = tokens[position]
    position += 1
    fields: list[str] = []
    group: Piped | None = None
    kind, text = token.kind, token.text
    if kind == "mark":
        if text != "(":
            raise TemplateError(f"`{text}` is not expected")
        group, position = _pipeline(tokens, position, depth + 1)
        if position >= len(tokens) or tokens[position].text != ")":
            raise TemplateError("a parenthesis is not closed")
        kind, text, token = "group", "", tokens[position]
        position += 1
    elif kind == "field":
        kind, text = "dot", ""
        fields.append(token.text[1:])
    elif kind == "name" and text in ("true", "false", "nil"):
        kind = "word"
    while not token.spaced and position < len(tokens) and tokens[position].kind == "field":
        token = tokens[position]
        fields.append(token.text[1:])
        position += 1
    return Term(kind, text, group, tuple(fields)), position
