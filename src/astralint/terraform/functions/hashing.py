"""Hashes and cryptography."""

from __future__ import annotations

from base64 import b64encode

from astralint.terraform.functions.registry import implements
from astralint.terraform.functions.support import FunctionError, text, whole
from astralint.terraform.values.types import STRING
from astralint.terraform.values.value import Reason, Value, unknown

# RFC 4122's namespaces, by Terraform's names for them.
_NAMESPACES = {
    "dns": "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
    "url": "6ba7b811-9dad-11d1-80b4-00c04fd430c8",
    "oid": "6ba7b812-9dad-11d1-80b4-00c04fd430c8",
    "x500": "6ba7b814-9dad-11d1-80b4-00c04fd430c8",
}


def _digest(algorithm: str, content: bytes) -> bytes:
    import hashlib

    return hashlib.new(algorithm, content, usedforsecurity=False).digest()


def hexadecimal(algorithm: str, content: bytes) -> Value:
    """Return the hash of some bytes as Terraform's `md5`, `sha1` … print it."""
    return text(_digest(algorithm, content).hex())


def in_base64(algorithm: str, content: bytes) -> Value:
    """Return the hash of some bytes as Terraform's `base64sha256`, `base64sha512` print it."""
    return text(b64encode(_digest(algorithm, content)).decode())


def _of_text(name: str, algorithm: str) -> None:
    printed = in_base64 if name.startswith("base64") else hexadecimal

    @implements(name)
    def _hash(arguments: list[Value]) -> Value:
        return printed(algorithm, arguments[0].raw.encode())


for _algorithm in ("md5", "sha1", "sha256", "sha512"):
    _of_text(_algorithm, _algorithm)
for _algorithm in ("sha256", "sha512"):
    _of_text(f"base64{_algorithm}", _algorithm)


@implements("uuid")
def _uuid(_: list[Value]) -> Value:
    return unknown(Reason("impure-function", "`uuid` gives another value at each run"), STRING, not_null=True)


@implements("bcrypt")
def _bcrypt(arguments: list[Value]) -> Value:
    if len(arguments) > 2:
        raise FunctionError("bcrypt() takes no more than two arguments")
    if len(arguments) == 2 and not 0 <= whole(arguments[1], 1) <= 31:
        raise FunctionError("crypto/bcrypt: cost is outside allowed inclusive range 4..31")
    if len(arguments[0].raw.encode()) > 72:
        raise FunctionError("error occurred generating password bcrypt: password length exceeds 72 bytes")
    return unknown(Reason("impure-function", "`bcrypt` salts its result anew at each run"), STRING, not_null=True)


@implements("uuidv5")
def _uuidv5(arguments: list[Value]) -> Value:
    namespace, name = arguments[0].raw, arguments[1].raw
    digest = bytearray(_digest("sha1", _namespace(_NAMESPACES.get(namespace, namespace)) + name.encode())[:16])
    digest[6] = digest[6] & 0x0F | 0x50
    digest[8] = digest[8] & 0x3F | 0x80
    shown = digest.hex()
    return text("-".join((shown[:8], shown[8:12], shown[12:16], shown[16:20], shown[20:])))


def _namespace(namespace: str) -> bytes:
    bare = namespace.removeprefix("urn:uuid:").removeprefix("{").removesuffix("}")
    grouped = len(bare) == 36 and all(bare[position] == "-" for position in (8, 13, 18, 23))
    digits = bare.replace("-", "")
    if not (grouped or bare == digits) or len(digits) != 32 or not set(digits) <= set("0123456789abcdefABCDEF"):
        message = "must be a valid UUID, or dns, url, oid, x500"
        raise FunctionError(f"uuidv5() doesn't support namespace {namespace[:80]} ({message})")
    return bytes.fromhex(digits)


@implements("rsadecrypt")
def _rsadecrypt(arguments: list[Value]) -> Value:
    from astralint.terraform.functions.rsa import decrypt

    return text(decrypt(arguments[0].raw, arguments[1].raw))
