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
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

MASK = "*"

_WORDS = (
    r"passw(?:or)?d|passphrase|passcode|pwd|secret|token|credential|api[_-]?key|access[_-]?key|private[_-]?key"
    r"|encryption[_-]?key|signing[_-]?key|account[_-]?key|storage[_-]?key|shared[_-]?key|license[_-]?key"
    r"|connection[_-]?string|webhook|authorization|(?:^|(?<![a-z]))pass(?![a-z])|(?<![a-z])psk(?![a-z])"
)
# Any name: which of them is a secret's is asked afterwards, so that nothing is looked at twice.
_NAME = r"[\w-]++"
_ASSIGNMENT = re.compile(
    rf"(?<![\w-])(?P<name>{_NAME})(?P<quote>\\{{0,40}}+[\"']?)(?:[^\S\n]{{0,200}}+\))?[^\S\n]{{0,200}}+"
    r"(?P<sign>=>|=(?!=)|:(?!:))[^\S\n]*+",
    re.IGNORECASE,
)
_NAMED_VALUE = re.compile(
    rf"(?<![\w-])(?:name|key)\\{{0,40}}+[\"']?\s{{0,40}}+[=:]\s{{0,40}}+\\{{0,40}}+[\"'](?P<name>{_NAME})\\{{0,40}}+[\"']"
    r"[\s,;]{0,80}+\\{0,40}+[\"']?value\\{0,40}+[\"']?\s{0,40}+(?P<sign>[=:])[^\S\n]*+",
    re.IGNORECASE,
)
_NAMED_VALUE_LENGTH = 400
_OPTION = re.compile(rf"(?<![\w-])--(?P<name>{_NAME})[ \t]+(?=[^\s-])", re.IGNORECASE)
_VARIABLE = re.compile(r'^[ \t]*variable[ \t]+"?(?P<name>[\w-]+)"?[ \t]*\{', re.MULTILINE)
_VARIABLE_END = re.compile(r"^\}", re.MULTILINE)
_SENSITIVE = re.compile(r"^[ \t]*sensitive[ \t]*=[ \t]*true\b", re.MULTILINE)
_CALLED_SENSITIVE = re.compile(r"(?<![\w-])sensitive[ \t]*\(")
_DEFAULT = re.compile(r"(?:^[ \t]*|[{;][ \t]*)default[ \t]*=[ \t]*", re.MULTILINE)
_SECRET_NAME = re.compile(_WORDS, re.IGNORECASE)
_ABOUT_SECRETS = re.compile(
    r"(?:arns?|names?|ur[li]s?|endpoints?|length|polic(?:y|ies)|paths?|versions?|enabled|days|hours|minutes|seconds"
    r"|age|time|type|ttl|count|description|prefix|suffix|rotation|recovery|provider|issuer|audience|account_?ids?|prevention)$",
    re.IGNORECASE,
)
_ARN = re.compile(r"arn:[\w*-]*:[\w*-]*:[^\s\"']*\Z")
_TYPE_OR_LITERAL = re.compile(
    r"(?:null|true|false|string|number|bool|any|object|list|map|set|tuple|optional)(?=[\s,()\[\]{}]|\Z)"
)
_REFERENCE = re.compile(r"[A-Za-z_][\w-]*\s*(?:\.\s*[A-Za-z_*]|\[)|[a-z0-9_:]+\(")
# Outside of HCL, `ab.cd` is a word: only what can't be anything else is a reference.
_SURE_REFERENCE = re.compile(
    r"(?:var|local|module|data|each|path|self|count|terraform|ephemeral|[a-z][a-z0-9]*_\w+)(?:\.[a-z_*]|\[)|[a-z0-9_:]+\("
)
_BARE = re.compile(r"[^\s,;\"'(){}\[\]<>`\\][^\s,;\"'`]*")
_YAML_LINE = re.compile(r"[ \t]*(?:-[ \t]+)?\Z")
_KEY_SIGN = re.compile(r"[ \t]{0,80}(?:=(?!=)|:)")
_MAXIMUM_INDENT = 200
_HEREDOC = re.compile(r"<<[-~]?(?P<word>[\w-]+)[ \t]*\r?\n")
_SCHEME = re.compile(r"(?:bearer|basic|token)[ \t]+", re.IGNORECASE)

_NOT_NEWLINE = re.compile(r"[^\r\n]")

# What is a secret by its shape, whatever stands around it: (what the lowered text must hold, the shape).
_SHAPES = tuple(
    (triggers.split(), re.compile(shape))
    for triggers, shape in (
        ("akia asia abia acca", r"(?<![A-Za-z0-9])(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{12,}"),
        ("eyj", r"(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]{4,}(?:\.[A-Za-z0-9_-]*)?"),
        ("ghp_ gho_ ghu_ ghs_ ghr_", r"(?<![A-Za-z0-9])gh[pousr]_[A-Za-z0-9]{16,}"),
        ("github_pat_", r"(?<![A-Za-z0-9])github_pat_[A-Za-z0-9_]{16,}"),
        ("glpat- glptt- glrt- gldt- glcbt-", r"(?<![A-Za-z0-9])gl(?:pat|ptt|rt|dt|cbt)-[A-Za-z0-9_-]{12,}"),
        ("xox", r"(?<![A-Za-z0-9])xox[a-z]-[A-Za-z0-9-]{8,}"),
        ("hooks.slack.com", r"hooks\.slack\.com/(?:services|workflows)/[A-Za-z0-9_/-]+"),
        ("k_live_ k_test_", r"(?<![A-Za-z0-9])[srp]k_(?:live|test)_[A-Za-z0-9]{10,}"),
        ("aiza", r"(?<![A-Za-z0-9])AIza[A-Za-z0-9_-]{30,}"),
        ("sg.", r"(?<![A-Za-z0-9])SG\.[A-Za-z0-9_-]{12,}\.[A-Za-z0-9_-]{12,}"),
        ("npm_", r"(?<![A-Za-z0-9])npm_[A-Za-z0-9]{24,}"),
        ("pypi-", r"(?<![A-Za-z0-9])pypi-[A-Za-z0-9_-]{24,}"),
        ("dop_v1_", r"(?<![A-Za-z0-9])dop_v1_[a-f0-9]{32,}"),
        ("hvs. hvb. hvr.", r"(?<![A-Za-z0-9])hv[sbr]\.[A-Za-z0-9_-]{16,}"),
        (".atlasv1.", r"(?<![A-Za-z0-9])[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_-]{16,}"),
        ("://", r"(?<=://)[^\s/:@\"'${}]*:[^\s/@\"'${}]+(?=@)"),
        ("bearer basic", r"(?i:(?<=bearer )|(?<=basic ))[A-Za-z0-9._~+/-]{16,}=*"),
    )
)
_KEY_BEGIN = re.compile(r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")
_KEY_END = re.compile(r"-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|[\"'`]")
_TOKEN = re.compile(r"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{40,}={0,2}")
# What any secret's name holds, lowered.
_STEM = re.compile(r"pass|pwd|psk|secret|token|credential|key|connection|webhook|authorization")
_STEMS = _STEM.pattern.split("|")
_TRIGGERS = tuple(dict.fromkeys((*_STEMS, "sensitive", *(word for words, _ in _SHAPES for word in words))))
_SHAPE_TRIGGERS = ("private key", *(word for words, _ in _SHAPES for word in words))
_LONG_TOKEN = 40


def redact(text: str) -> str:
    """Return the text with everything credential-shaped replaced by `*`, of the same length and lines."""
    spans = secret_ranges(text)
    return _starred(text, spans) if spans else text


def _starred(text: str, spans: Sequence[tuple[int, int]]) -> str:
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


def redact_shapes(text: str) -> str:
    """Return the text with private keys, and tokens that tell by themselves what they are, replaced by `*`."""
    lowered = _lowered(text)
    found: list[tuple[int, int]] = []
    if any(trigger in lowered for trigger in _SHAPE_TRIGGERS):
        _shapes(text, lowered, found)
    return _starred(text, sorted(found)) if found else text


def secret_ranges(text: str) -> list[tuple[int, int]]:
    """Return where a text holds credentials, as (start, end), sorted; ranges may overlap."""
    lowered = _lowered(text)
    found: list[tuple[int, int]] = []
    if len(text) >= _LONG_TOKEN:
        found.extend(match.span() for match in _TOKEN.finditer(text) if _is_random(match.group()))
    if any(trigger in lowered for trigger in _TRIGGERS):
        _shapes(text, lowered, found)
        _assignments(text, _secret_lines(text, lowered), found)
        _variables(text, found)
        if "sensitive" in lowered:
            position = 0
            while call := _CALLED_SENSITIVE.search(text, position):
                values = _Values(text, about=False)
                position = values.read(call.end(), bare=None)
                found.extend(values.found)
    found.sort()
    return found


def _shapes(text: str, lowered: str, found: list[tuple[int, int]]) -> None:
    for triggers, shape in _SHAPES:
        if any(trigger in lowered for trigger in triggers):
            found.extend(match.span() for match in shape.finditer(text))
    if "private key" in lowered:
        _private_keys(text, found)


def _lowered(text: str) -> str:
    """Return the text in lower case, every character in its place."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join([character.lower() if character.isascii() else character for character in text])


def _secret_lines(text: str, lowered: str) -> list[tuple[int, int]]:
    """Return where the lines are that hold a word of secrets."""
    lines: list[tuple[int, int]] = []
    position = 0
    while hit := _STEM.search(lowered, position):
        start = text.rfind("\n", 0, hit.start()) + 1
        position = text.find("\n", hit.end())
        if position < 0:
            position = len(text)
        lines.append((start, position))
    return lines


def _private_keys(text: str, found: list[tuple[int, int]]) -> None:
    position = 0
    while begin := _KEY_BEGIN.search(text, position):
        end = _KEY_END.search(text, begin.end())
        position = end.start() if end else len(text)
        found.append((begin.end(), position))


def _assignments(text: str, lines: Sequence[tuple[int, int]], found: list[tuple[int, int]]) -> None:
    for pattern, beyond in ((_ASSIGNMENT, 0), (_NAMED_VALUE, _NAMED_VALUE_LENGTH), (_OPTION, 0)):
        position = 0
        for start, end in lines:
            position = max(position, start)
            while position < end and (match := pattern.search(text, position, end + beyond)):
                if match.start() >= end:
                    break
                if not _SECRET_NAME.search(match["name"]):
                    position = match.end("name")
                    continue
                values = _Values(text, about=_ABOUT_SECRETS.search(match["name"]) is not None)
                position = max(_read(values, match, is_option=pattern is _OPTION), match.start() + 1)
                found.extend(values.found)


def _read(values: _Values, match: re.Match[str], *, is_option: bool) -> int:
    """Read the value behind a name; return the position behind it."""
    if is_option:
        return values.read(match.end(), bare=_SURE_REFERENCE)
    spaced = match.end() > match.end("sign")
    if match["sign"] != ":":
        return values.read(match.end(), bare=_REFERENCE if spaced else _SURE_REFERENCE)
    if not spaced and match.string[match.end() : match.end() + 1] not in ("'", '"', "\\", "["):
        # `secretsmanager:GetSecretValue` names an action, it holds no value.
        return match.end()
    quoted = bool(match.groupdict().get("quote"))
    is_value = quoted or _begins_line(match.string, match.start())
    return values.read(match.end(), bare=_SURE_REFERENCE if is_value else None)


def _begins_line(text: str, position: int) -> bool:
    begin = text.rfind("\n", 0, position) + 1
    return position - begin < 200 and _YAML_LINE.match(text, begin, position) is not None


def _variables(text: str, found: list[tuple[int, int]]) -> None:
    blocks = list(_VARIABLE.finditer(text))
    if not blocks:
        return
    ends = [match.start() for match in _VARIABLE_END.finditer(text)]
    position = 0
    for number, block in enumerate(blocks):
        if block.start() < position:
            continue
        position = block.end()
        end = _block_end(text, block, ends)
        if number + 1 < len(blocks):
            end = min(end, blocks[number + 1].start())
        name = block["name"]
        secret = _SECRET_NAME.search(name) and not _ABOUT_SECRETS.search(name)
        if secret or _SENSITIVE.search(text, block.end(), end):
            default = _DEFAULT.search(text, block.end() - 1, end)
            if default:
                values = _Values(text, about=False)
                position = values.read(default.end(), bare=_REFERENCE)
                found.extend(values.found)


def _block_end(text: str, block: re.Match[str], ends: list[int]) -> int:
    """Return where a variable's block ends: on its own line, or at the next line that closes a block."""
    line_end = text.find("\n", block.end())
    if line_end < 0 or "}" in text[block.end() : line_end]:
        return line_end if line_end >= 0 else len(text)
    after = bisect_left(ends, block.end())
    return ends[after] if after < len(ends) else len(text)


class _Values:
    """Reads the value behind a secret's name: its literal texts are secret, its references are not."""

    def __init__(self, text: str, *, about: bool) -> None:
        self.text = text
        self.about = about
        self.found: list[tuple[int, int]] = []

    def read(self, position: int, *, bare: re.Pattern[str] | None) -> int:
        """Note what is secret in the expression at a position; return where it ends.

        A bare word is secret where `bare` tells references from values, unless it is one.
        """
        text = self.text
        if scheme := _SCHEME.match(text, position):
            position = scheme.end()
        if bare and (word := _BARE.match(text, position)) and self._is_value(word, bare):
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

    def _is_value(self, word: re.Match[str], reference: re.Pattern[str]) -> bool:
        if word.group().startswith(("$", "%{", "<<")) or _TYPE_OR_LITERAL.match(self.text, word.start()):
            return False
        return not reference.match(self.text, word.start())

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
                if not self._is_key(begin, position + 1):
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

    def _is_key(self, begin: int, end: int) -> bool:
        """Say whether a quoted text names a member of an object: `{ "name" = …`."""
        if not _KEY_SIGN.match(self.text, end):
            return False
        before = self.text[max(begin - _MAXIMUM_INDENT, 0) : begin].rstrip()
        return before.endswith(("{", ","))

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
        owner = self.text[quote - 2 : quote - 1]
        if before == "[" and (owner.isidentifier() or owner in (")", "]", '"')):
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
