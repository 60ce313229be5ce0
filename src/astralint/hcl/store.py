"""Parsed files by their content: in memory for this run, in one file for the next."""

from __future__ import annotations

import hashlib
import re
import weakref
from functools import cache
from pathlib import Path

import msgspec

from astralint.hcl import parse
from astralint.hcl.problem import Parsed, SyntaxProblem
from astralint.hcl.syntax import Literal
from astralint.source.pack import Pack
from astralint.source.seal import key_of, opened, sealed
from astralint.source.secrets import NO_SECRETS, Secrets

MAGIC = b"astralint syntax pack 2\n"
PACK = "syntax"
_PLAIN, _SEALED = b"p", b"s"
_CALLED_SENSITIVE = re.compile(rb"(?<![\w-])sensitive[ \t]*\(")
SOURCES = ("*.py", "*.lark", "*.json")


@cache
def format_version() -> bytes:
    """Return a digest of all that decides what a tree looks like: this package and its version."""
    from astralint.version import __version__

    digest = hashlib.sha256(__version__.encode())
    directory = Path(__file__).parent
    for path in sorted(path for pattern in SOURCES for path in directory.glob(pattern)):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.digest()


class SyntaxStore:
    """Parses each distinct content once; with a directory, once for all runs: those that give the same `name`.

    New trees are written by `save`, at the latest when the store goes away or the
    interpreter ends (a worker process that ends otherwise must call `save`). A
    directory that can't be used is as good as none.
    """

    def __init__(self, directory: str | None, name: str = PACK) -> None:
        self._memory: dict[bytes, Parsed] = {}
        self._pack = _Pack(Path(directory), name) if directory is not None else None
        self._finalizer = weakref.finalize(self, self._pack.save) if self._pack is not None else None

    def parse(self, content: bytes, *, json: bool = False, attributes: bool = False, keep: bool = True) -> Parsed:
        """Return a content's tree, or what is wrong with it; see `astralint.hcl.parse`.

        What holds something sensitive (`keep` false, the default of a sensitive variable,
        what the code itself calls sensitive) is written for those who have the file.
        """
        kind = b"%d%d" % (json, attributes and json)
        key = hashlib.sha256(kind + content).digest()
        known = self._memory.get(key)
        if known is None:
            known = self._pack.get(key, content) if self._pack is not None else None
            if known is None:
                known = parse_bytes(content, json=json, attributes=attributes)
                if self._pack is not None:
                    hidden = not keep or _CALLED_SENSITIVE.search(content) is not None or _is_secret(known)
                    self._pack.add(key, content, known, hidden=hidden)
            self._memory[key] = known
        return known

    def save(self, secrets: Secrets = NO_SECRETS) -> None:
        """Write what is new, sealed where a secret stands in it; fails silently, because the next run can do without."""
        if self._pack is not None:
            self._pack.save(secrets)


def parse_bytes(content: bytes, *, json: bool = False, attributes: bool = False) -> Parsed:
    """Return a content's tree, or what is wrong with it, its encoding included."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8")
        line = before.count("\n") + 1
        return Parsed(
            None,
            (
                SyntaxProblem(
                    f"byte {error.start + 1} (0x{content[error.start]:02x}, on line {line}) is not valid UTF-8",
                    len(before),
                    len(before),
                    "save the file as UTF-8",
                ),
            ),
        )
    return parse(text, json=json, attributes=attributes)


def _is_secret(parsed: Parsed) -> bool:
    """Say whether a file declares a sensitive variable with a default."""
    for block in parsed.file.body.blocks if parsed.file is not None else ():
        if block.type == "variable":
            given = {attribute.name: attribute.expression for attribute in block.body.attributes}
            default, sensitive = given.get("default"), given.get("sensitive")
            harmless = isinstance(default, Literal) and default.value is None
            open_ = isinstance(sensitive, Literal) and sensitive.value in (False, "false", None)
            if default is not None and sensitive is not None and not harmless and not open_:
                return True
    return False


class _Pack:
    """The trees in the file of the directory: as they are, or sealed with the content that they are of."""

    def __init__(self, directory: Path, name: str) -> None:
        self.pack = Pack(directory, f"{name}.pack", MAGIC + format_version())
        self.decode = msgspec.msgpack.Decoder(Parsed).decode
        self._new: dict[bytes, tuple[bytes, bytes, bool]] = {}

    def get(self, key: bytes, content: bytes) -> Parsed | None:
        """Return a content's tree, or None where there is none that can be trusted."""
        blob = self.pack.get(key)
        if blob is None:
            return None
        data = opened(blob[1:], key_of([content])) if blob[:1] == _SEALED else blob[1:]
        try:
            return self.decode(data) if data is not None else None
        except (msgspec.MsgspecError, ValueError, RecursionError):
            self.pack.forget(key)
            return None

    def add(self, key: bytes, content: bytes, parsed: Parsed, *, hidden: bool) -> None:
        """Keep a content's tree for `save`."""
        try:
            self._new[key] = (msgspec.msgpack.encode(parsed), key_of([content]), hidden)
        except RecursionError:
            # A tree as deep as is allowed; it is parsed each time.
            return

    def save(self, secrets: Secrets = NO_SECRETS) -> None:
        """See `Pack.save`; a tree in which a secret stands is sealed."""
        for key, (data, seal, hidden) in self._new.items():
            hide = hidden or (bool(secrets) and secrets.stands_in(data))
            self.pack.add(key, _SEALED + sealed(data, seal) if hide else _PLAIN + data)
        self._new = {}
        self.pack.save()
