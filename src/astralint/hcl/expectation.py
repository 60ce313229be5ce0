"""What is said where a token does not fit: what could have stood there, and what stands there."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from astralint.hcl.problem import NotParsedError

if TYPE_CHECKING:
    from astralint.hcl.grammar import Table
    from astralint.hcl.tokens import Tokens

SHOWN = {
    "NEWLINE": "a newline",
    "COMMA": "`,`",
    "RPAR": "`)`",
    "RSQB": "`]`",
    "RBRACE": "`}`",
    "SEQUENCE_END": "`}`",
    "EQ": "`=`",
    "COLON": "`:`",
    "LPAR": "`(`",
    "LBRACE": "`{`",
    "FOR_OBJECT_ARROW": "`=>`",
    "ELLIPSIS": "`...`",
    "IN": "`in`",
    "IF": "`if`",
    "ENDIF": "`endif`",
    "ELSE": "`else`",
    "FOR": "`for`",
    "ENDFOR": "`endfor`",
    "COLONS": "`::`",
    "$END": "the end of the text",
}
# What may follow any operand; it is not worth a mention.
CONTINUATIONS = {"OPERATOR", "MINUS", "ASTERISK", "QMARK", "DOT", "LSQB", "LPAR", "COLONS"}
OPENERS = {"LPAR": "(", "LSQB": "[", "LBRACE": "{", "INTERPOLATION": "${", "DIRECTIVE": "%{"}
CLOSERS = {"LPAR": "RPAR", "LSQB": "RSQB", "LBRACE": "RBRACE", "INTERPOLATION": "SEQUENCE_END"}
CLOSING = set(CLOSERS.values())
KEYWORDS = {"IF", "IN", "FOR", "ELSE", "ENDIF", "ENDFOR"}
MAXIMUM_SHOWN = 30


def unexpected(table: Table, tokens: Tokens, index: int, states: list[int], values: list[Any]) -> NotParsedError:
    """Return what is wrong with the token at `index`."""
    start, end = tokens.starts[index], tokens.ends[index]
    if tokens.kinds[index] < 0:
        return NotParsedError(tokens.error[0], start, end, tokens.error[1])
    name = table.terminals[tokens.kinds[index]]
    symbols = _symbols(table, states)
    opener = _innermost(symbols)
    at_end = start == len(tokens.text) and name in {"$END", "NEWLINE"}
    if at_end and opener is not None:
        token = values[opener - 1]
        return NotParsedError(
            f"this `{OPENERS[symbols[opener]]}` is never closed", tokens.starts[token], tokens.ends[token]
        )
    found = "the end of the text" if at_end else _found(name, tokens.text[start:end])
    possible = _possible(table, states)
    message, hint = _message(name, symbols, opener, possible, found)
    return NotParsedError(message, start, end, hint)


def _symbols(table: Table, states: list[int]) -> list[str]:
    """Return the symbols that led to the states; the first state has none."""
    symbols = [""]
    for before, state in pairwise(states):
        terminals = (table.terminals[kind] for kind, action in table.actions[before].items() if action == state)
        others = (table.nonterminals[number] for number, goto in table.gotos[before].items() if goto == state)
        names = [*terminals, *others]
        # Keywords share the state of the name that they are.
        symbols.append("NAME" if "NAME" in names else names[0])
    return symbols


def _innermost(symbols: list[str]) -> int | None:
    closed = 0
    for position in range(len(symbols) - 1, 0, -1):
        symbol = symbols[position]
        if symbol in CLOSING:
            closed += 1
        elif symbol in OPENERS:
            if closed == 0:
                return position
            closed -= 1
    return None


def _possible(table: Table, states: list[int]) -> set[str]:
    """Return the terminals that could be shifted here, after whatever reductions they bring about."""
    possible = set()
    for kind, name in enumerate(table.terminals):
        stack = states[-64:]
        action = table.actions[stack[-1]].get(kind)
        while action is not None and action < 0:
            origin, size, _ = table.rules[~action]
            if size >= len(stack):
                break
            if size:
                del stack[-size:]
            state = table.gotos[stack[-1]].get(origin)
            if state is None:
                break
            stack.append(state)
            action = table.actions[state].get(kind)
        if action is not None:
            possible.add(name)
    return possible


def _found(name: str, text: str) -> str:
    if name == "NEWLINE":
        return "the end of the line"
    if name in {"QUOTE", "STRING"}:
        return "a quoted string"
    if name in {"HEREDOC", "TEXT"}:
        return "text"
    if len(text) > MAXIMUM_SHOWN:
        text = text[:MAXIMUM_SHOWN] + "…"
    return f"`{text}`"


def _message(
    name: str, symbols: list[str], opener: int | None, possible: set[str], found: str
) -> tuple[str, str | None]:
    top = symbols[-1]
    in_body = _in_body(symbols, opener)
    if "NUMBER" in possible and top != "DOT":
        closer = CLOSERS.get(symbols[opener], "") if opener else ""
        also = f" or {SHOWN[closer]}" if closer in possible else ""
        hint = "the value must begin on the line of its `=`" if name == "NEWLINE" and top == "EQ" else None
        if name == "RBRACE" and closer == "RPAR":
            hint = "a parenthesis is still open"
        return f"expected an expression{also}, found {found}", hint
    if top == "DOT":
        return f"expected an attribute name after the dot, found {found}", None
    if in_body and top in {"items", "", "LBRACE"}:
        if name in {"QUOTE", "STRING"}:
            return "the name of an argument is not quoted", "remove the quotes"
        return f"expected an argument or a block, found {found}", None
    header = _header(symbols) if in_body else []
    if header:
        return _header_message(name, header, found)
    if top == "namespaced" or symbols[-2:-1] == ["COLONS"]:
        return f"expected `(` after the function's name, found {found}", None
    if in_body and top == "attribute" and opener and "NEWLINE" not in possible:
        return f"expected `}}`, found {found}", "a block on one line holds a single argument; put each on its own line"
    if in_body and "NEWLINE" in possible:
        what = "block" if top in {"block", "RBRACE"} and "EQ" not in symbols[opener or 0 :] else "argument"
        hint = "arguments are separated by newlines, not by commas" if name == "COMMA" else None
        return f"expected a newline after this {what}, found {found}", hint
    return _listed(possible, found)


def _listed(possible: set[str], found: str) -> tuple[str, str | None]:
    wanted = sorted({SHOWN[item] for item in possible - CONTINUATIONS if item in SHOWN})
    if "NAME" in possible:
        wanted = ["a name", *sorted(SHOWN[item] for item in possible - CONTINUATIONS - KEYWORDS if item in SHOWN)]
    if not wanted:
        return f"{found} is not expected here", None
    listed = wanted[0] if len(wanted) == 1 else f"{', '.join(wanted[:-1])} or {wanted[-1]}"
    hint = "write `$${` for the two characters `${` themselves" if possible >= {"SEQUENCE_END"} else None
    return f"expected {listed}, found {found}", hint


def _header(symbols: list[str]) -> list[str]:
    """Return the symbols of the item at hand, where it may become a block and has no brace yet."""
    for position in range(len(symbols) - 1, 0, -1):
        if symbols[position] in {"EQ", "RBRACE", "block", "attribute"}:
            return []
        if symbols[position] in {"items", "LBRACE"}:
            return symbols[position + 1 :]
    return []


def _header_message(name: str, header: list[str], found: str) -> tuple[str, str | None]:
    labelled = len(header) > 1
    if name == "EQ" and labelled:
        return "a block has no `=` before its `{`", "remove the `=`, or the labels if this is an argument"
    if name == "NEWLINE" and labelled:
        return "expected `{` on the line of the block's header, found the end of the line", None
    if labelled:
        return f"expected a label or `{{`, found {found}", None
    return f"expected `=`, a label or `{{`, found {found}", None


def _in_body(symbols: list[str], opener: int | None) -> bool:
    """Whether the innermost bracket is a block's, or there is none, so that items are at stake."""
    if opener is None:
        return symbols[0] == "" and "lone" not in "".join(symbols)
    return symbols[opener] == "LBRACE" and symbols[opener - 1] == "header"
