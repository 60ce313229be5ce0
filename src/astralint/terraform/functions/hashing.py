"""Hashes and cryptography."""

from __future__ import annotations

import hashlib
import uuid
from base64 import b64encode

from astralint.terraform.functions.registry import implements
from astralint.terraform.functions.support import FunctionError, text, whole
from astralint.terraform.values.types import STRING
from astralint.terraform.values.value import Reason, Value, unknown

_NAMESPACES = {
    "dns": uuid.NAMESPACE_DNS,
    "url": uuid.NAMESPACE_URL,
    "oid": uuid.NAMESPACE_OID,
    "x500": uuid.NAMESPACE_X500,
}


def hexadecimal(algorithm: str, content: bytes) -> Value:
    """Return the hash of some bytes as Terraform's `md5`, `sha1` … print it."""
    return text(hashlib.new(algorithm, content, usedforsecurity=False).hexdigest())


def in_base64(algorithm: str, content: bytes) -> Value:
    """Return the hash of some bytes as Terraform's `base64sha256`, `base64sha512` print it."""
    return text(b64encode(hashlib.new(algorithm, content, usedforsecurity=False).digest()).decode())


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
    known = _NAMESPACES.get(namespace)
    if known is None:
        known = _parsed(namespace)
    return text(
        str(uuid.UUID(bytes=hashlib.sha1(known.bytes + name.encode(), usedforsecurity=False).digest()[:16], version=5))
    )


def _parsed(namespace: str) -> uuid.UUID:
    bare = namespace.removeprefix("urn:uuid:").removeprefix("{").removesuffix("}")
    grouped = len(bare) == 36 and all(bare[position] == "-" for position in (8, 13, 18, 23))
    digits = bare.replace("-", "")
    if (
        not (grouped or bare == digits)
        or len(digits) != 32
        or any(digit not in "0123456789abcdefABCDEF" for digit in digits)
    ):
        raise FunctionError(
            f"uuidv5() doesn't support namespace {namespace[:80]} (must be a valid UUID, or dns, url, oid, x500)"
        )
    return uuid.UUID(digits)


@implements("rsadecrypt")
def _rsadecrypt(arguments: list[Value]) -> Value:
    from astralint.terraform.functions.rsa import decrypt  # noqa: PLC0415

    return text(decrypt(arguments[0].raw, arguments[1].raw))
