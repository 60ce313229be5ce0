"""Functions that write values in other notations."""

from __future__ import annotations

import binascii
import re
from base64 import b64decode, b64encode
from functools import cache
from pkgutil import get_data

import msgspec

from astralint.source.partial import Hole, PartialText
from astralint.terraform.functions.registry import implements
from astralint.terraform.functions.support import MAX_TEXT, FunctionError, check_text, text, unknown_of
from astralint.terraform.values.json_text import to_json_text
from astralint.terraform.values.types import STRING
from astralint.terraform.values.value import EvaluationError, Reason, Value, unknown

_COMPRESSOR = Reason("unsupported", "`base64gzip` depends on the compressor that Terraform is built with")
_GZIPPED = "generated:base64gzip "
_LONGEST_SYMBOL = 10_000
_BAD_ESCAPE = re.compile("%(?![0-9A-Fa-f]{2}).{0,2}", re.DOTALL)


@implements("jsonencode", unknowns=True)
def _jsonencode(arguments: list[Value]) -> Value:
    value = arguments[0]
    try:
        written = to_json_text(value)
    except EvaluationError as error:
        raise FunctionError(error.message, code=error.code) from None
    return text(written.known) if written.known is not None else unknown_of(STRING, arguments, partial=written)


@implements("urlencode")
def _urlencode(arguments: list[Value]) -> Value:
    from urllib.parse import quote_plus

    check_text(3 * len(arguments[0].raw))
    return text(quote_plus(arguments[0].raw))


@implements("urldecode")
def _urldecode(arguments: list[Value]) -> Value:
    from urllib.parse import unquote_to_bytes

    content = arguments[0].raw.replace("+", " ")
    wrong = _BAD_ESCAPE.search(content)
    if wrong is not None:
        raise FunctionError(f'failed to decode URL "{content[:80]}": invalid URL escape "{wrong.group()[:3]}"')
    try:
        return text(unquote_to_bytes(content).decode())
    except UnicodeDecodeError:
        raise FunctionError("the result of decoding the provided string is not valid UTF-8") from None


@implements("base64encode")
def _base64encode(arguments: list[Value]) -> Value:
    return text(b64encode(arguments[0].raw.encode()).decode())


def decoded_base64(content: str) -> bytes | None:
    """Return what a text in standard base64 stands for, None where it is not; line breaks are skipped as Go does."""
    stripped = content.replace("\r", "").replace("\n", "")
    if len(stripped) % 4:
        return None
    try:
        return b64decode(stripped, validate=True)
    except (binascii.Error, ValueError):
        return None


@implements("base64decode")
def _base64decode(arguments: list[Value]) -> Value:
    decoded = decoded_base64(arguments[0].raw)
    if decoded is None:
        raise FunctionError("failed to decode base64 data")
    try:
        return text(decoded.decode())
    except UnicodeDecodeError:
        raise FunctionError("the result of decoding the provided string is not valid UTF-8") from None


@implements("base64gzip", marks=True, unknowns=True)
def _base64gzip(arguments: list[Value]) -> Value:
    value = arguments[0]
    if value.is_unknown:
        return unknown_of(STRING, arguments)
    # The same text always gives the same; what is sensitive stays out of what names it.
    symbol = None if value.marks else _GZIPPED + value.raw
    whole = PartialText((Hole(_COMPRESSOR.message, symbol),)) if symbol and len(symbol) < _LONGEST_SYMBOL else None
    return unknown(_COMPRESSOR, STRING, text=whole, not_null=True, origins=value.origins, marks=value.marks)


@implements("base64gunzip", marks=True, unknowns=True)
def _base64gunzip(arguments: list[Value]) -> Value:
    value = arguments[0]
    if value.is_unknown:
        symbol = value.raw.symbol or ""
        if not symbol.startswith(_GZIPPED):
            return unknown_of(STRING, arguments)
        return text(symbol.removeprefix(_GZIPPED)).with_origins(value.origins)
    compressed = decoded_base64(value.raw)
    if compressed is None:
        raise FunctionError("failed to decode base64 data")
    return Value(STRING, text(_gunzipped(compressed)).raw, value.marks, value.origins)


def _gunzipped(compressed: bytes) -> str:
    import zlib

    reader = zlib.decompressobj(wbits=31)
    try:
        content = reader.decompress(compressed, MAX_TEXT)
        if reader.unconsumed_tail:
            check_text(MAX_TEXT + 1)
        if not reader.eof:
            raise FunctionError("failed to read the gzip data: unexpected EOF")
        return content.decode()
    except zlib.error:
        raise FunctionError("failed to read the gzip data: gzip: invalid header") from None
    except UnicodeDecodeError:
        raise FunctionError("the result of decoding the provided string is not valid UTF-8") from None


@cache
def _charsets() -> dict[str, str]:
    table = msgspec.json.decode(get_data(__name__, "charsets.json") or b"{}")
    return {name.lower(): codec for codec, names in table.items() for name in names}


def _codec(value: Value) -> str:
    codec = _charsets().get(value.raw.lower())
    if codec is None:
        raise FunctionError(
            f'"{value.raw[:80]}" is not a supported IANA encoding name or alias in this Terraform version', 1
        )
    return codec


# Encodings whose tables differ from Python's, or that Python lacks: the nearest one,
# and which characters Terraform has in the places of others.
_LETTERS = {
    "koi8-u": ("koi8-u", {"╝": "ў", "╬": "Ў"}),
    "cp1047": ("cp037", {"¬": "^", "^": "¬", "Ý": "[", "[": "Ý", "¨": "]", "]": "¨"}),
}


def _encoded(content: str, codec: str) -> bytes:
    if codec == "utf-16":
        # Go writes the mark of the byte order, and big-endian units.
        return b"\xfe\xff" + content.encode("utf-16-be")
    if codec in _LETTERS:
        codec, letters = _LETTERS[codec]
        inverse = {ours: theirs for theirs, ours in letters.items()}
        content = "".join(inverse.get(letter) or ("\ufffd" if letter in letters else letter) for letter in content)
    encoded = content.encode(codec)
    # Terraform does not leave the shift state of HZ at the end.
    return encoded.removesuffix(b"~}") if codec == "hz" else encoded


def _decoded(encoded: bytes, codec: str) -> str:
    if codec == "utf-16" and not encoded.startswith((b"\xfe\xff", b"\xff\xfe")):
        codec = "utf-16-be"
    if codec in _LETTERS:
        codec, letters = _LETTERS[codec]
        return "".join(letters.get(letter, letter) for letter in encoded.decode(codec))
    return encoded.decode(codec)


def _defined(content: str, codec: str) -> bool:
    """Return whether Terraform's tables have all the characters: most of ISO 8859 is without control characters."""
    if not codec.startswith("iso8859-") or codec in {"iso8859-1", "iso8859-9"}:
        return True
    return not any("\x80" <= character <= "\x9f" for character in content)


@implements("textencodebase64")
def _textencodebase64(arguments: list[Value]) -> Value:
    codec = _codec(arguments[1])
    content: str = arguments[0].raw
    try:
        encoded = _encoded(content, codec) if _defined(content, codec) else None
    except UnicodeError:
        encoded = None
    if encoded is None:
        raise FunctionError(f"the given string contains characters that cannot be represented in {arguments[1].raw}", 0)
    return text(b64encode(encoded).decode())


@implements("textdecodebase64")
def _textdecodebase64(arguments: list[Value]) -> Value:
    codec = _codec(arguments[1])
    encoded = decoded_base64(arguments[0].raw)
    if encoded is None:
        raise FunctionError("the given value is has an invalid base64 symbol", 0)
    try:
        content = _decoded(encoded, codec)
    except UnicodeError:
        content = "\ufffd"
    if "\ufffd" in content or not _defined(content, codec):
        raise FunctionError(f"the given string contains symbols that are not defined for {arguments[1].raw}", 0)
    return text(content)
