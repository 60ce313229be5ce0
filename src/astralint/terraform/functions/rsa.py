"""RSA decryption with PKCS #1 v1.5 padding, for `rsadecrypt`.

Nothing secret depends on the time that it takes: keys that stand in code, or in
files beside it, are read by whoever reads the code.
"""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from typing import TYPE_CHECKING

from astralint.terraform.functions.support import FunctionError

if TYPE_CHECKING:
    from collections.abc import Iterator

_PEM = re.compile(r"(?m)^-----BEGIN ((?:RSA )?PRIVATE KEY)-----\s+([A-Za-z0-9+/=\s]+?)-----END \1-----")
_MAX_BITS = 16_384


def decrypt(ciphertext: str, private_key: str) -> str:
    """Return the text that was encrypted; raise FunctionError as Terraform does."""
    try:
        cipher = b64decode(re.sub(r"[\r\n]", "", ciphertext), validate=True)
    except (binascii.Error, ValueError):
        raise FunctionError("failed to decode input: cipher text must be base64-encoded", 0) from None
    modulus, exponent = _key(private_key)
    size = (modulus.bit_length() + 7) // 8
    number = int.from_bytes(cipher, "big")
    if len(cipher) > size or number >= modulus:
        raise FunctionError("failed to decrypt: crypto/rsa: decryption error")
    import gmpy2

    message = int(gmpy2.powmod(number, exponent, modulus)).to_bytes(size, "big")
    end = message.find(b"\0", 2)
    if message[:2] != b"\0\2" or end < 10:
        raise FunctionError("failed to decrypt: crypto/rsa: decryption error")
    return message[end + 1 :].decode("utf-8", "replace")


def _key(private_key: str) -> tuple[int, int]:
    match = _PEM.search(private_key)
    if match is None:
        if "ENCRYPTED" in private_key:
            raise FunctionError("passphrase protected private keys are not supported", 1)
        raise FunctionError("invalid private key: no key found", 1)
    try:
        encoded = b64decode(re.sub(r"\s", "", match[2]), validate=True)
        fields = list(_elements(_content(encoded)))
        if match[1] == "PRIVATE KEY":
            # PKCS #8 wraps the key in an octet string.
            fields = list(_elements(_content(fields[2])))
        modulus, exponent = (int.from_bytes(fields[index], "big") for index in (1, 3))
    except (binascii.Error, ValueError, IndexError):
        raise FunctionError("invalid private key: asn1: structure error", 1) from None
    if not 0 < modulus.bit_length() <= _MAX_BITS or exponent >= modulus:
        raise FunctionError("invalid private key", 1)
    return modulus, exponent


def _content(encoded: bytes) -> bytes:
    return next(_elements(encoded), b"")


def _elements(encoded: bytes) -> Iterator[bytes]:
    """Yield the contents of the DER elements that stand one after the other."""
    position = 0
    while position + 2 <= len(encoded):
        length = encoded[position + 1]
        position += 2
        if length & 0x80:
            count = length & 0x7F
            length = int.from_bytes(encoded[position : position + count], "big")
            position += count
        yield encoded[position : position + length]
        position += length
