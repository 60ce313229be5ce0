"""Masks what looks like a credential, so that no report spreads it.

Masking keeps every column and line where it was: each masked character becomes a
`*`. It looks at whole texts, not at single lines, because a private key or a
heredoc tells only by its first line what it is. Everything runs in time linear
in the text.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections import Counter

MASK = "*"

_WORDS = (
    r"passw(?:or)?d|passphrase|passcode|pwd|secret|token|credential|api[_-]?key|access[_-]?key|private[_-]?key"
    r"|encryption[_-]?key|signing[_-]?key|account[_-]?key|storage[_-]?key|shared[_-]?key|license[_-]?key"
    r"|connection[_-]?string|webhook|authorization|(?:^|(?<![a-z]))pass(?![a-z])|(?<![a-z])psk(?![a-z])"
)
_NAME = rf"[\w-]*?(?:{_WORDS})[\w-]*"
_ASSIGNMENT = re.compile(
    rf"(?<![\w-])(?P<name>{_NAME})(?P<quote>\\*[\"']?)(?:[^\S\n]*\))?[^\S\n]*(?P<sign>=>|=(?!=)|:(?!:))[^\S\n]*",
    re.IGNORECASE,
)
_NAMED_VALUE = re.compile(
    rf"(?<![\w-])\\*[\"']?(?:name|key)\\*[\"']?\s{{0,40}}[=:]\s{{0,40}}\\*[\"'](?P<name>{_NAME})\\*[\"']"
    r"[\s,;]{0,80}\\*[\"']?value\\*[\"']?\s{0,40}(?P<sign>[=:])[^\S\n]*",
    re.IGNORECASE,
)
_OPTION = re.compile(rf"(?<![\w-])--(?P<name>{_NAME})[ \t]+(?=[^\s-])", re.IGNORECASE)
_VARIABLE = re.compile(r'^[ \t]*variable[ \t]+"?(?P<name>[\w-]+)"?[ \t]*\{', re.MULTILINE)
_VARIABLE_END = re.compile(r"^[ \t]*\}", re.MULTILINE)
_SENSITIVE = re.compile(r"^[ \t]*sensitive[ \t]*=[ \t]*true\b", re.MULTILINE)
_DEFAULT = re.compile(r"(?:^[ \t]*|[{;][ \t]*)default[ \t]*=[ \t]*", re.MULTILINE)
_SECRET_NAME = re.compile(_WORDS, re.IGNORECASE)
_ABOUT_SECRETS = re.compile(
    r"(?:arns?|names?|ur[li]s?|endpoints?|length|polic(?:y|ies)|paths?|versions?|enabled|days|hours|minutes|seconds"
    r"|age|time|type|ttl|count|description|prefix|suffix|rotation|recovery|provider|issuer|audience)$",
    re.IGNORECASE,
)
_ARN = re.compile(r"arn:[\w*-]*:[\w*-]*:[^\s\"']*\Z")
_TYPE_OR_LITERAL = re.compile(r"(?:null|true|false|string|number|bool|any|object|list|map|set|tuple|optional)\b")
_REFERENCE = re.compile(r"[A-Za-z_][\w-]*\s*(?:\.\s*[A-Za-z_*]|\[|\()")
_BARE = re.compile(r"[^\s,;\"'(){}\[\]<>`\\][^\s,;\"'`]*")
_YAML_LINE = re.compile(r"[ \t]*(?:-[ \t]+)?\Z")
_HEREDOC = re.compile(r"<<[-~]?(?P<word>[\w-]+)[ \t]*\r?\n")
_SCHEME = re.compile(r"(?:bearer|basic|token)[ \t]+", re.IGNORECASE)

_NOT_NEWLINE = re.compile(r"[^\r\n]")

# What is a secret by its shape, whatever stands around it.
_SHAPES = re.compile(
    "|".join(
        (
            r"(?<![A-Za-z0-9])(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{12,}",
            r"(?<![A-Za-z0-9_])eyJ[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]{4,}(?:\.[A-Za-z0-9_-]*)?",
            r"(?<![A-Za-z0-9])gh[pousr]_[A-Za-z0-9]{16,}",
            r"(?<![A-Za-z0-9])github_pat_[A-Za-z0-9_]{16,}",
            r"(?<![A-Za-z0-9])gl(?:pat|ptt|rt|dt|cbt)-[A-Za-z0-9_-]{12,}",
            r"(?<![A-Za-z0-9])xox[a-z]-[A-Za-z0-9-]{8,}",
            r"hooks\.slack\.com/(?:services|workflows)/[A-Za-z0-9_/-]+",
            r"(?<![A-Za-z0-9])[srp]k_(?:live|test)_[A-Za-z0-9]{10,}",
            r"(?<![A-Za-z0-9])AIza[A-Za-z0-9_-]{30,}",
            r"(?<![A-Za-z0-9])SG\.[A-Za-z0-9_-]{12,}\.[A-Za-z0-9_-]{12,}",
            r"(?<![A-Za-z0-9])npm_[A-Za-z0-9]{24,}",
            r"(?<![A-Za-z0-9])pypi-[A-Za-z0-9_-]{24,}",
            r"(?<![A-Za-z0-9])dop_v1_[a-f0-9]{32,}",
            r"(?<![A-Za-z0-9])hv[sbr]\.[A-Za-z0-9_-]{16,}",
            r"(?<![A-Za-z0-9])[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_-]{16,}",
            r"(?<=://)[^\s/:@\"'${}]*:[^\s/@\"'${}]+(?=@)",
            r"(?i:(?<=bearer )|(?<=basic ))[A-Za-z0-9._~+/-]{16,}=*",
        )
    )
)
_KEY_BEGIN = re.compile(r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")
_KEY_END = re.compile(r"-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|[\"'`]")
_TOKEN = re.compile(r"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{40,}={0,2}")
_TRIGGER = re.compile(
    r"passw|passphrase|passcode|pass(?![a-z])|pwd|psk|secret|token|credential|[_-]?key|connection|webhook|authorization"
    r"|sensitive|AKIA|ASIA|ABIA|ACCA|eyJ|gh[pousr]_|github_pat|gl(?:pat|ptt|rt|dt|cbt)-|xox|hooks\.slack|[srp]k_|AIza"
    r"|SG\.|npm_|pypi-|dop_v1|hv[sbr]\.|atlasv1|://[^\s/]*@|bearer|basic|[A-Za-z0-9+/]{40}",
    re.IGNORECASE,
)


def redact(text: str) -> str:
    """Return the text with everything credential-shaped replaced by `*`, of the same length and lines."""
    if not _TRIGGER.search(text):
        return text
    spans = secret_ranges(text)
    if not spans:
        return text
    pieces: list[str] = []
    position = 0
    for start, end in spans:
        if end <= position:
            continue
        begin = max(start, position)
        pieces.append(text[position:begin])
        pieces.append(_NOT_NEWLINE.sub(MASK, text[begin:end]))
        position = end
    pieces.append(text[position:])
    return "".join(pieces)


def secret_ranges(text: str) -> list[tuple[int, int]]:
    """Return where a text holds credentials, as (start, end), sorted; ranges may overlap."""
    found: list[tuple[int, int]] = []
    found.extend(match.span() for match in _SHAPES.finditer(text))
    found.extend(match.span() for match in _TOKEN.finditer(text) if _is_random(match.group()))
    _private_keys(text, found)
    _assignments(text, found)
    _variables(text, found)
    found.sort()
    return found


def _private_keys(text: str, found: list[tuple[int, int]]) -> None:
    position = 0
    while begin := _KEY_BEGIN.search(text, position):
        end = _KEY_END.search(text, begin.end())
        position = end.start() if end else len(text)
        found.append((begin.end(), position))


def _assignments(text: str, found: list[tuple[int, int]]) -> None:
    for pattern in (_ASSIGNMENT, _NAMED_VALUE, _OPTION):
        position = 0
        while match := pattern.search(text, position):
            name = match["name"]
            values = _Values(text, about=_ABOUT_SECRETS.search(name) is not None)
            if pattern is _OPTION:
                sign = "="
            else:
                sign = match["sign"]
                spaced = match.end() > match.end("sign")
                if sign == ":" and not spaced and text[match.end() : match.end() + 1] not in ("'", '"', "\\", "["):
                    # `secretsmanager:GetSecretValue` names an action, it holds no value.
                    position = match.end()
                    continue
                if sign == ":" and not match.groupdict().get("quote") and not _begins_line(text, match.start()):
                    sign = "prose"
            position = max(values.read(match.end(), bare=sign != "prose"), match.start() + 1)
            found.extend(values.found)


def _begins_line(text: str, position: int) -> bool:
    begin = text.rfind("\n", 0, position) + 1
    return position - begin < 200 and _YAML_LINE.match(text, begin, position) is not None


def _variables(text: str, found: list[tuple[int, int]]) -> None:
    blocks = list(_VARIABLE.finditer(text))
    if not blocks:
        return
    ends = [match.start() for match in _VARIABLE_END.finditer(text)]
    for block in blocks:
        line_end = text.find("\n", block.end())
        line_end = len(text) if line_end < 0 else line_end
        after = bisect_left(ends, block.end())
        end = ends[after] if after < len(ends) else len(text)
        if "}" in text[block.end() : line_end]:
            end = line_end
        name = block["name"]
        secret = _SECRET_NAME.search(name) and not _ABOUT_SECRETS.search(name)
        if secret or _SENSITIVE.search(text, block.end(), end):
            for default in _DEFAULT.finditer(text, block.end() - 1, end):
                values = _Values(text, about=False)
                values.read(default.end(), bare=True)
                found.extend(values.found)


class _Values:
    """Reads the value behind a secret's name: its literal texts are secret, its references are not."""

    def __init__(self, text: str, *, about: bool) -> None:
        self.text = text
        self.about = about
        self.found: list[tuple[int, int]] = []

    def read(self, position: int, *, bare: bool) -> int:
        """Note what is secret in the expression at a position; return where it ends."""
        text = self.text
        if scheme := _SCHEME.match(text, position):
            position = scheme.end()
        if bare and (word := _BARE.match(text, position)) and self._is_value(word):
            self._note(*word.span())
            return word.end()
        depth = 0
        length = len(text)
        while position < length:
            character = text[position]
            if character in "\"'\\":
                position = self._string(position)
                continue
            if character in "([{":
                depth += 1
            elif character in ")]}":
                depth -= 1
                if depth < 0:
                    return position
            elif (character == "\n" and depth == 0) or (character in ",;" and depth == 0):
                return position
            elif character == "<" and (heredoc := _HEREDOC.match(text, position)):
                return self._heredoc(heredoc)
            position += 1
        return position

    def _is_value(self, word: re.Match[str]) -> bool:
        if word.group().startswith(("$", "%", "<<")) or _TYPE_OR_LITERAL.match(self.text, word.start()):
            return False
        return not _REFERENCE.match(self.text, word.start())

    def _string(self, position: int) -> int:
        """Note the literal parts of the quoted text at a position; return the position behind it."""
        text = self.text
        begin = position
        while position < len(text) and text[position] == "\\":
            position += 1
        if position >= len(text) or text[position] not in "\"'":
            return max(position, begin + 1)
        escapes, quote = text[begin:position], text[position]
        position += 1
        start = position
        while position < len(text):
            character = text[position]
            if character == "\n":
                break
            if character == quote and text[position - len(escapes) : position] == escapes:
                self._literal(begin, start, position - len(escapes))
                return position + 1
            if character == "\\" and not escapes:
                position += 2
                continue
            if character in "$%" and text[position + 1 : position + 2] == "{" and quote == '"':
                self._literal(begin, start, position)
                position = start = self._interpolation(position + 2)
                continue
            position += 1
        position = min(position, len(text))
        self._literal(begin, start, position)
        return position

    def _interpolation(self, position: int) -> int:
        """Return the position behind the `}` of an interpolation; literal texts in it are noted as well."""
        text = self.text
        depth = 0
        while position < len(text) and text[position] != "\n":
            character = text[position]
            if character == '"':
                end = text.find('"', position + 1)
                line_end = text.find("\n", position)
                limit = len(text) if line_end < 0 else line_end
                end = limit if end < 0 or end > limit else end
                self._literal(position, position + 1, end)
                position = end
                if position == limit:
                    return position
            elif character == "{":
                depth += 1
            elif character == "}":
                if depth == 0:
                    return position + 1
                depth -= 1
            position += 1
        return position

    def _literal(self, quote: int, start: int, end: int) -> None:
        before = self.text[quote - 1 : quote]
        if before == "[" and self.text[quote - 2 : quote - 1].isidentifier():
            return
        self._note(start, end)

    def _heredoc(self, heredoc: re.Match[str]) -> int:
        terminator = re.compile(rf"^[ \t]*{re.escape(heredoc['word'])}[ \t]*\r?$", re.MULTILINE)
        end = terminator.search(self.text, heredoc.end())
        stop = end.start() if end else len(self.text)
        self._note(heredoc.end(), stop)
        return end.end() if end else stop

    def _note(self, start: int, end: int) -> None:
        if start >= end:
            return
        if _ARN.match(self.text, start, end):
            return
        if self.about and not _is_random(self.text[start:end], at_least=16, bits=3.3):
            return
        self.found.append((start, end))


def _is_random(text: str, at_least: int = 40, bits: float = 4.5) -> bool:
    """Say whether a text looks drawn by lot: long, of mixed characters, of high entropy."""
    if len(text) < at_least or not any(c.isdigit() for c in text) or not any(c.isalpha() for c in text):
        return False
    counts = Counter(text)
    total = len(text)
    entropy = -sum(n / total * math.log2(n / total) for n in counts.values())
    return entropy >= bits
