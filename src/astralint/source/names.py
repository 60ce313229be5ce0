r"""Names of files as texts, whatever bytes they are made of.

The machine's names are bytes. Python gives those that are no UTF-8 as lone surrogates,
which neither JSON nor msgpack can hold. In a `TreePath` such a byte is a character of its
own at the very end of Unicode (U+10FF80 to U+10FFFF, private use), so that paths are
plain text everywhere, and two names never become one: these characters themselves, where
a name holds them, are taken as the bytes that they consist of. Whoever shows a path
writes `\xff` (see `astralint.source.visible` and `astralint.source.json_sink`).
"""

from __future__ import annotations

import re

FIRST, LAST = 0x10FF80, 0x10FFFF
_SURROGATE = re.compile(r"[\udc80-\udcff]")
_OURS = re.compile(r"[\U0010ff80-\U0010ffff]")


def told(name: str) -> str:
    """Return the machine's name (as `os.fsdecode` gives it) as plain text."""
    if name.isascii():
        return name
    if _OURS.search(name):
        name = _OURS.sub(lambda match: match[0].encode().decode("ascii", "surrogateescape"), name)
    return _SURROGATE.sub(lambda match: chr(ord(match[0]) - 0xDC00 + 0x10FF00), name)


def machine(path: str) -> str:
    """Return the machine's name of what `told` returned."""
    if path.isascii():
        return path
    found = _OURS.sub(lambda match: chr(ord(match[0]) - 0x10FF00 + 0xDC00), path)
    if found is path or found == path:
        return path
    # Bytes side by side may make up a character again.
    return found.encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape")


def spelled(character: str) -> str | None:
    r"""Return a byte that is no UTF-8 as `\xff`; None for any other character."""
    code = ord(character)
    if FIRST <= code <= LAST or 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code & 0xFF:02x}"
    return None
