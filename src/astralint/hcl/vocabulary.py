"""The terminals of the grammar's table as numbers, and the expressions that find them in a text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from astralint.hcl.template import WHITE_SPACE

if TYPE_CHECKING:
    from astralint.hcl.grammar import Table

# White space as Terraform trims it, without the line feed.
SPACE = "".join(WHITE_SPACE.split("\n"))

# The order in which tokens are tried: none of them may hide a longer one that follows.
ORDER = (
    "NAME",
    "EQ",
    "STRING",
    "NEWLINE",
    "ELLIPSIS",
    "DOT",
    "LBRACE",
    "RBRACE",
    "LSQB",
    "RSQB",
    "COMMA",
    "LPAR",
    "RPAR",
    "COMMENT",
    "QUOTE",
    "NUMBER",
    "FOR_OBJECT_ARROW",
    "HEREDOC",
    "COLONS",
    "COLON",
    "QMARK",
    "SEQUENCE_CLOSE",
    "OPERATOR",
    "MINUS",
    "ASTERISK",
    "NOT",
)
# Those that are taken as they are, whatever stands around them (but for closing brackets).
PLAIN = (
    "COMMA",
    "DOT",
    "LPAR",
    "RPAR",
    "RSQB",
    "FOR_OBJECT_ARROW",
    "COLONS",
    "COLON",
    "QMARK",
    "ELLIPSIS",
    "NUMBER",
    "MINUS",
    "ASTERISK",
    "OPERATOR",
    "NOT",
)


class Vocabulary:
    """The terminals of a table as numbers, and the expressions that find them."""

    def __init__(self, table: Table) -> None:
        self.kinds = {name: number for number, name in enumerate(table.terminals)}
        self.names = table.terminals
        self.keywords = {name.lower(): self.kinds[name] for name in ("IF", "IN", "FOR", "ELSE", "ENDIF", "ENDFOR")}
        patterns = dict(table.patterns)
        patterns["END"] = r"\Z"
        order = [*ORDER, "END"]
        self.groups = {name: number for number, name in enumerate(order, 1)}
        self.plain = [0] * (len(order) + 1)
        for name in PLAIN:
            self.plain[self.groups[name]] = self.kinds[name]
        self.with_newlines = self._master(r"[ \t]*+", order, patterns, "")
        self.without_newlines = self._master(r"(?:[ \t\n]++|\r\n)*+", order, patterns, "NEWLINE")
        opening = f"(?:{patterns['INTERP_START']}|{patterns['DIRECTIVE_START']})(?:{patterns['STRIP_MARKER']})?"
        self.opening = re.compile(opening)
        # A line that holds a single word may be the one that closes the heredoc.
        word = rf"(?m:^[{SPACE}]*+([^\x00-,./:-@\[-^`{{-\x7f]+)[{SPACE}]*$\n?)"
        self.heredoc = re.compile(rf"\$\$\{{|%%\{{|{opening}|{word}")

    @staticmethod
    def _master(space: str, order: list[str], patterns: dict[str, str], without: str) -> re.Pattern[str]:
        alternatives = "|".join("(" + (r"(?!)" if name == without else patterns[name]) + ")" for name in order)
        return re.compile(f"{space}(?:{alternatives})")
