"""Text to tokens, as Terraform's scanner makes them: templates are scanned where they stand.

What a newline or a brace means depends on where it stands, so the lexer keeps a
stack of modes. Newlines count in bodies and in objects only. Within a quoted
string or a heredoc everything is text but for `${` and `%{`, which open an
expression again, up to their closing brace.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from astralint.hcl.syntax import Comment
from astralint.hcl.template import WHITE_SPACE
from astralint.hcl.tokens import ERROR, Tokens
from astralint.hcl.vocabulary import Vocabulary

BODY, OBJECT, NESTED, SEQUENCE, QUOTED, HEREDOC, BARE = range(7)
BATCH = 1 << 16

FOR_AHEAD = re.compile(
    r"(?:[ \t\n]++|\r\n|#[^\n]*+|//[^\n]*|/\*[^*]*\*+(?:[^/*][^*]*\*+)*/)*+for(?![^\x00-,./:-@\[-^`{-\x7f])"
)
QUOTED_TEXT = re.compile(r"(?:[^\"\\$%\r\n]++|\\[^\r\n]|\$\$\{|%%\{|[$%](?!\{))*+")
BARE_TEXT = re.compile(r"(?:[^$%]++|\$\$\{|%%\{|[$%](?!\{))*+")
LONE_RETURN = re.compile(r"\r(?!\n)")


class Lexer:
    """Turns one text into tokens."""

    def __init__(self, vocabulary: Vocabulary, text: str, mode: int) -> None:
        self.vocabulary = vocabulary
        self.tokens = Tokens(text)
        self.text = text
        self.modes = [mode]
        self.markers: list[str] = []
        self.position = 1 if text.startswith("\ufeff") else 0
        self.limit = 0
        self.in_value = mode != BODY

    def more(self) -> None:
        """Add tokens: some 64 kB of them, so that a text that breaks early costs little; the last is the end."""
        tokens = self.tokens
        position, count = self.position, len(tokens.kinds)
        while position >= 0 and len(tokens.kinds) == count:
            self.limit = position + BATCH
            while 0 <= position < self.limit:
                position = self._template(position) if self.modes[-1] >= QUOTED else self._code(position)
        self.position = position
        if position < 0 and (not tokens.kinds or tokens.kinds[-1] != ERROR):
            end = len(self.text)
            kinds = self.vocabulary.kinds
            if self.modes[0] == BODY and (not tokens.kinds or tokens.kinds[-1] != kinds["NEWLINE"]):
                self._add(kinds["NEWLINE"], end, end)
            self._add(kinds["$END"], end, end)

    def _add(self, kind: int, start: int, end: int) -> None:
        self.tokens.kinds.append(kind)
        self.tokens.starts.append(start)
        self.tokens.ends.append(end)

    def _code(self, position: int) -> int:  # noqa: C901, PLR0912, PLR0915 - one loop over all tokens, for speed
        """Scan up to a template, its end, or the end of the text; return where to go on, -1 at the end."""
        vocabulary = self.vocabulary
        text = self.text
        groups = vocabulary.groups
        plain = vocabulary.plain
        kinds = vocabulary.kinds
        keyword = vocabulary.keywords.get
        name_kind = kinds["NAME"]
        newline_kind = kinds["NEWLINE"]
        name_group, equals_group, string_group = groups["NAME"], groups["EQ"], groups["STRING"]
        newline_group, open_brace, close_brace = groups["NEWLINE"], groups["LBRACE"], groups["RBRACE"]
        open_bracket, open_parenthesis, comment_group = groups["LSQB"], groups["LPAR"], groups["COMMENT"]
        closing = (groups["RSQB"], groups["RPAR"])
        modes = self.modes
        tokens = self.tokens
        add_kind, add_start, add_end = tokens.kinds.append, tokens.starts.append, tokens.ends.append
        all_kinds = tokens.kinds
        match_here = (vocabulary.with_newlines if modes[-1] <= OBJECT else vocabulary.without_newlines).match
        limit = self.limit
        while position < limit:
            match = match_here(text, position)
            if match is None:
                return self._invalid(position)
            group = match.lastindex or 0
            start = match.start(group)
            position = match.end()
            if group == name_group:
                name = text[start:position]
                if not name.isascii() and not name.replace("-", "_").isidentifier():
                    return self._invalid_name(start, name)
                add_kind(keyword(name, name_kind))
                add_start(start)
                add_end(position)
                continue
            kind = plain[group]
            if kind:
                add_kind(kind)
                add_start(start)
                add_end(position)
                if group in closing and len(modes) > 1:
                    modes.pop()
                    match_here = (
                        vocabulary.with_newlines if modes[-1] <= OBJECT else vocabulary.without_newlines
                    ).match
                elif group == open_parenthesis:
                    modes.append(NESTED)
                    match_here = vocabulary.without_newlines.match
                continue
            if group == newline_group:
                if modes[-1] == BODY:
                    self.in_value = False
                if all_kinds and all_kinds[-1] == newline_kind:
                    continue
                kind = newline_kind
            elif group == equals_group:
                self.in_value = True
                kind = kinds["EQ"]
            elif group == string_group:
                kind = kinds["STRING"]
            elif group == open_brace:
                kind = kinds["LBRACE"]
                if not self.in_value:
                    modes.append(BODY)
                elif FOR_AHEAD.match(text, position):
                    modes.append(NESTED)
                    match_here = vocabulary.without_newlines.match
                else:
                    modes.append(OBJECT)
                    match_here = vocabulary.with_newlines.match
            elif group == open_bracket:
                kind = kinds["LSQB"]
                modes.append(NESTED)
                match_here = vocabulary.without_newlines.match
            elif group == close_brace:
                closed = modes.pop() if len(modes) > 1 else BODY
                if closed == SEQUENCE:
                    self._add(kinds["SEQUENCE_END"], start, position)
                    return position
                kind = kinds["RBRACE"]
                match_here = (vocabulary.with_newlines if modes[-1] <= OBJECT else vocabulary.without_newlines).match
            elif group == comment_group:
                self._comment(start, position)
                continue
            else:
                return self._special(group, start, position)
            add_kind(kind)
            add_start(start)
            add_end(position)
        return position

    def _comment(self, start: int, end: int) -> None:
        tokens = self.tokens
        text = self.text[start:end]
        if not text.startswith("/*"):
            text = text.rstrip("\r")
        line = tokens.line_starts[bisect_right(tokens.line_starts, start) - 1]
        before = max(tokens.ends[-1] if tokens.ends else 0, tokens.comments[-1].end if tokens.comments else 0)
        tokens.comments.append(Comment(start, start + len(text), text, before <= line))

    def _special(self, group: int, start: int, end: int) -> int:
        """Take a token that changes how the text is read; return where to go on."""
        groups, kinds = self.vocabulary.groups, self.vocabulary.kinds
        if group == groups["QUOTE"]:
            self._add(kinds["QUOTE"], start, end)
            self.modes.append(QUOTED)
            return end
        if group == groups["HEREDOC"]:
            marker = self.text[start:end].rstrip("\r\n").lstrip("<").removeprefix("-")
            if not marker.isascii() and not marker.replace("-", "_").isidentifier():
                return self._invalid(start)
            self._add(kinds["HEREDOC"], start, end)
            self.modes.append(HEREDOC)
            self.markers.append(marker)
            return end
        if group == groups["SEQUENCE_CLOSE"]:
            closed = self.modes.pop() if len(self.modes) > 1 else BODY
            self._add(kinds["SEQUENCE_END"], start, end)
            if closed != SEQUENCE:
                self.tokens.fail(start, end, "`~}` closes a template sequence, but none is open here")
                return -1
            return end
        return -1

    def _template(self, position: int) -> int:
        """Scan text up to a sequence or the template's end; return where to go on, -1 at the end."""
        mode = self.modes[-1]
        if mode == QUOTED:
            return self._quoted(position)
        if mode == HEREDOC:
            return self._heredoc(position)
        text = self.text
        match = BARE_TEXT.match(text, position)
        end = match.end() if match else position
        self._text(position, end)
        if end == len(text):
            return -1
        return self._sequence(end)

    def _text(self, start: int, end: int) -> None:
        if end > start:
            self._add(self.vocabulary.kinds["TEXT"], start, end)

    def _sequence(self, position: int) -> int:
        match = self.vocabulary.opening.match(self.text, position)
        end = match.end() if match else position + 2
        kind = "INTERPOLATION" if self.text[position] == "$" else "DIRECTIVE"
        self._add(self.vocabulary.kinds[kind], position, end)
        self.modes.append(SEQUENCE)
        return end

    def _quoted(self, position: int) -> int:
        text = self.text
        match = QUOTED_TEXT.match(text, position)
        end = match.end() if match else position
        self._text(position, end)
        following = text[end : end + 1]
        if following == '"':
            self._add(self.vocabulary.kinds["QUOTE_END"], end, end + 1)
            self.modes.pop()
            if not self.modes:
                self.modes.append(NESTED)
            return end + 1
        if following in {"$", "%"}:
            return self._sequence(end)
        opened = self._opened("QUOTE", end)
        if following in {"\n", "\r"}:
            self.tokens.fail(
                opened,
                end,
                "a quoted string may not span several lines",
                "write `\\n` for a newline, or use a heredoc (`<<-EOT`) for text of several lines",
            )
        else:
            self.tokens.fail(opened, end, "this quoted string has no closing quote before the end of the text")
        return -1

    def _opened(self, name: str, fallback: int) -> int:
        """Return where the innermost template that is still open begins."""
        kinds = self.vocabulary.kinds
        opening, closing = kinds[name], kinds[f"{name}_END"]
        depth = 0
        for index in range(len(self.tokens.kinds) - 1, -1, -1):
            kind = self.tokens.kinds[index]
            if kind == closing:
                depth += 1
            elif kind == opening:
                if depth == 0:
                    return self.tokens.starts[index]
                depth -= 1
        return fallback

    def _heredoc(self, position: int) -> int:
        text = self.text
        search = self.vocabulary.heredoc.search
        marker = self.markers[-1]
        end = position
        while True:
            match = search(text, end)
            if match is None:
                opened = self._opened("HEREDOC", position)
                self.tokens.fail(
                    opened,
                    text.find("\n", opened),
                    "this heredoc has no closing marker before the end of the text",
                    "write the marker alone on a line of its own, which must end with a newline",
                )
                return -1
            end = match.end()
            if match.lastindex:
                if match.group(1).strip(WHITE_SPACE) == marker:
                    break
            elif text[match.start() + 1] == "{":
                break
        stop = match.start()
        lone = LONE_RETURN.search(text, position, stop)
        if lone:
            self.tokens.fail(
                lone.start(), lone.end(), "a carriage return without a newline is not allowed in a heredoc"
            )
            return -1
        self._text(position, stop)
        if not match.lastindex:
            return self._sequence(stop)
        if not match.group().endswith("\n"):
            opened = self._opened("HEREDOC", position)
            self.tokens.fail(
                stop,
                end,
                "the closing marker of this heredoc must be followed by a newline",
            )
            return -1
        marked = match.group().rstrip(WHITE_SPACE)
        self._add(self.vocabulary.kinds["HEREDOC_END"], stop, stop + len(marked))
        self.modes.pop()
        self.markers.pop()
        return stop + len(match.group()) - (2 if match.group().endswith("\r\n") else 1)

    def _invalid_name(self, start: int, name: str) -> int:
        for index, character in enumerate(name):
            if not character.isascii() and not ("a" + character).isidentifier():
                return self._invalid(start + index)
        return self._invalid(start)

    def _invalid(self, position: int) -> int:
        text = self.text
        while text[position : position + 1] in {" ", "\t", "\n"}:
            position += 1
        character = text[position : position + 1]
        hint = None
        if character == "'":
            hint = 'strings are written in double quotes: `"…"`'
        elif character in {"“", "”"}:
            hint = 'use straight quotes: `"…"`'
        elif character == "&":
            hint = "the logical operator is `&&`"
        elif character == "|":
            hint = "the logical operator is `||`"
        elif character == ";":
            hint = "arguments are separated by newlines"
        shown = f"`{character}`" if character.isprintable() else f"U+{ord(character):04X}"
        self.tokens.fail(position, position + 1, f"the character {shown} is not allowed here", hint)
        return -1
