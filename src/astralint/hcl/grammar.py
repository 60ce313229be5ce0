"""The grammar as a table: built by Lark, kept as plain data, read in milliseconds.

Lark turns `hcl.lark` (which takes its terminals from python-hcl2's grammar) into
the states of an LALR(1) parser. The table is data only (numbers and strings), so
it is safe to read from a file, unlike Lark's own pickled form.
"""

from __future__ import annotations

import os
import sys
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lark import Lark

FORMAT = 5
COMPILED = "hcl.table"
KEYWORDS = ("IF", "IN", "FOR", "ELSE", "ENDIF", "ENDFOR")
LEXER_TERMINALS = ("COMMENT", "SEQUENCE_CLOSE", "INTERP_START", "DIRECTIVE_START", "STRIP_MARKER")
STARTS = ("file", "lone_expression", "lone_template")
END = "$END"


class Table(msgspec.Struct, frozen=True):
    """An LALR(1) parser as data.

    Terminals and nonterminals are numbers. An action that is not negative is the
    state to shift to; a negative one is the rule to reduce by, as its complement.
    """

    terminals: tuple[str, ...]
    nonterminals: tuple[str, ...]
    patterns: dict[str, str]
    rules: tuple[tuple[int, int, str], ...]
    """For each rule: its nonterminal, the number of its symbols, and what makes its value."""
    actions: tuple[dict[int, int], ...]
    gotos: tuple[dict[int, int], ...]
    starts: dict[str, int]
    finals: dict[str, int]
    """The state in which a text is complete."""


class Stored(msgspec.Struct, frozen=True):
    """A table in a file, with a digest of what it was made from."""

    digest: str
    table: Table


def grammar_digest() -> str:
    """Return a digest of the grammar, and of what it is built on."""
    import hashlib

    digest = hashlib.sha256(f"{FORMAT}\n".encode())
    for path in (_grammar_path(), _base_directory() / "hcl2.lark"):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _base_directory() -> Path:
    """Return where python-hcl2 keeps its grammar; importing it would take long."""
    from importlib.util import find_spec

    package = find_spec("hcl2")
    if package is None or package.origin is None:
        raise RuntimeError("python-hcl2 is not installed")
    return Path(package.origin).parent


def _grammar_path() -> Path:
    return Path(__file__).with_name("hcl.lark")


def compile_table() -> Table:
    """Return the table, built anew by Lark."""
    lark = _lark()
    parse_table = lark.parser.parser._parse_table  # noqa: SLF001 - Lark has no public way to its table
    from lark.parsers.lalr_analysis import Shift

    rules = sorted(lark.rules, key=lambda rule: (rule.origin.name, rule.alias or "", str(rule.expansion)))
    rule_ids = {rule: index for index, rule in enumerate(rules)}
    nonterminals = {str(name): index for index, name in enumerate(sorted({rule.origin.name for rule in rules}))}
    symbols = sorted({str(symbol) for state in parse_table.states.values() for symbol in state})
    terminals = [END, *(symbol for symbol in symbols if symbol not in nonterminals and symbol != END)]
    kinds = {name: index for index, name in enumerate(terminals)}
    order = _numbered(parse_table.states, [parse_table.start_states[start] for start in STARTS], Shift)
    actions: list[dict[int, int]] = []
    gotos: list[dict[int, int]] = []
    for state in order:
        entries = sorted(parse_table.states[state].items())
        gotos.append({nonterminals[symbol]: order[target] for symbol, (_, target) in entries if symbol in nonterminals})
        action = {
            kinds[symbol]: order[target] if kind is Shift else ~rule_ids[target]
            for symbol, (kind, target) in entries
            if symbol in kinds
        }
        # A keyword is one only where the grammar asks for it; elsewhere it is a name like any other.
        if kinds["NAME"] in action:
            for keyword in KEYWORDS:
                action.setdefault(kinds[keyword], action[kinds["NAME"]])
        actions.append(action)
    return Table(
        terminals=tuple(terminals),
        nonterminals=tuple(nonterminals),
        patterns={t.name: t.pattern.to_regexp() for t in sorted(lark.terminals, key=lambda t: t.name)},
        rules=tuple((nonterminals[r.origin.name], len(r.expansion), r.alias or r.origin.name) for r in rules),
        actions=tuple(actions),
        gotos=tuple(gotos),
        starts={start: order[parse_table.start_states[start]] for start in STARTS},
        finals={start: order[parse_table.end_states[start]] for start in STARTS},
    )


def _numbered(states: dict[int, dict[str, tuple[object, Any]]], starts: list[int], shift: object) -> dict[int, int]:
    """Return numbers for states in the order in which they are reached: Lark's own differ from run to run."""
    order: dict[int, int] = {}
    waiting = deque(starts)
    while waiting:
        state = waiting.popleft()
        if state in order:
            continue
        order[state] = len(order)
        # What leads on by a terminal is a shift; a nonterminal is marked as one, too.
        waiting.extend(target for _, (kind, target) in sorted(states[state].items()) if kind is shift)
    return order


def _lark() -> Lark:
    """Return Lark's own parser of the grammar, of which only the table is used."""
    from lark import Lark
    from lark.lexer import Lexer, Token

    class NoLexer(Lexer):
        """Lark builds no lexer of its own: `lexer.py` has one."""

        def __init__(self, lexer_conf: object) -> None: ...

        def lex(self, _lexer_state: object, _parser_state: object) -> Iterator[Token]:
            return iter(())

    class KeptTerminals:
        always_accept = LEXER_TERMINALS

        def process(self, stream: Iterator[Token]) -> Iterator[Token]:
            return stream

    return Lark(
        _grammar_path().read_text(encoding="utf-8"),
        parser="lalr",
        lexer=NoLexer,
        postlex=KeptTerminals(),
        start=list(STARTS),
        import_paths=[str(_base_directory())],
    )


def load_table() -> Table:
    """Return the table: from the package, else from the user's cache, else built (and cached where that works)."""
    packaged = _read(Path(__file__).with_name(COMPILED))
    if packaged is not None:
        return packaged.table
    digest = grammar_digest()
    directory = cache_directory()
    stored = _read(directory / COMPILED) if directory else None
    if stored is not None and stored.digest == digest:
        return stored.table
    table = compile_table()
    if directory:
        _write(directory / COMPILED, Stored(digest, table))
    return table


def write_compiled(target: Path) -> None:
    """Write the table for a wheel."""
    target.write_bytes(msgspec.msgpack.encode(Stored(grammar_digest(), compile_table())))


def cache_directory() -> Path | None:
    """Return a directory that only this user can enter, made where it is missing; None where that fails."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA")
    else:
        base = os.environ.get("XDG_CACHE_HOME")
    try:
        directory = (Path(base) if base and Path(base).is_absolute() else Path.home() / ".cache") / "astralint"
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = directory.lstat()
        if hasattr(os, "getuid") and (status.st_uid != os.getuid() or status.st_mode & 0o077 or directory.is_symlink()):
            return None
    except (OSError, RuntimeError):
        return None
    return directory


def _read(path: Path) -> Stored | None:
    try:
        return msgspec.msgpack.decode(path.read_bytes(), type=Stored)
    except (OSError, msgspec.MsgspecError, ValueError):
        return None


def _write(path: Path, stored: Stored) -> None:
    import tempfile

    content = msgspec.msgpack.encode(stored)
    try:
        descriptor, temporary = tempfile.mkstemp(dir=path.parent)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
            Path(temporary).replace(path)
        except OSError:
            Path(temporary).unlink(missing_ok=True)
    except OSError:
        return
