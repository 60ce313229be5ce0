"""`data.aws_iam_policy_document`, rendered as the AWS provider renders it (5.100)."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from astralint.aws.document_json import DocumentError, Statement, UndeterminedError, read_document, unknown_statement
from astralint.aws.holes import HoleTable, NotJsonError, write_json
from astralint.aws.plain import Plain, Text, Unknown, as_text
from astralint.source.partial import Hole

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MAXIMUM_STATEMENTS = 2_000
DEFAULT_VERSION = "2012-10-17"


class StatementOrigin(msgspec.Struct, frozen=True):
    """Where a rendered statement comes from.

    `own`: the `statement` block number `statement`. `source` and `override`: statement number `statement`
    of the element number `document` of `source_policy_documents` or `override_policy_documents`.
    """

    kind: Literal["own", "source", "override"]
    statement: int
    document: int = 0


class Rendered(msgspec.Struct, frozen=True):
    """A rendered document.

    Holes inside JSON strings stand for text that is escaped as JSON; a hole outside of strings stands for any JSON
    value, several of them included in a list (a list of actions, or a whole statement that is not known). Where even
    that can't be told, `json` and the others are Unknown. `statements` says for each rendered statement, in order, where it comes from.
    `error` is what the provider would refuse the configuration for; everything is Unknown then.
    """

    json: Text | Unknown
    minified_json: Text | Unknown
    id: str | Unknown
    statements: tuple[StatementOrigin, ...] = ()
    error: str | None = None


def render(config: Mapping[str, Plain]) -> Rendered:
    """Return what the provider computes from the configuration of the data source.

    `config` has the schema's names; blocks are lists of mappings; what is absent or None counts as not set.
    """
    try:
        return _Renderer().render(config)
    except UndeterminedError as undetermined:
        unknown = Unknown(str(undetermined))
        return Rendered(unknown, unknown, unknown)
    except DocumentError as error:
        unknown = Unknown(f"the policy document is not valid: {error}")
        return Rendered(unknown, unknown, unknown, error=str(error))


def _block_hash(serialized: str) -> str:
    """Return the key by which the provider's SDK orders the blocks of a set."""
    return str(zlib.crc32(serialized.encode(errors="surrogatepass")))


class _Document:
    """A document while it is put together."""

    def __init__(self, version: str = "", identifier: str = "") -> None:
        self.version = version
        self.identifier = identifier
        self.statements: list[tuple[Statement, StatementOrigin]] = []

    def merge(self, other: _Document) -> None:
        """Take over another document; a statement replaces the one of the same Sid."""
        self.identifier = other.identifier or self.identifier
        self.version = max(self.version, other.version)
        places: dict[str, int] = {}
        for number, (statement, _) in enumerate(self.statements):
            places.setdefault(statement.sid, number)
        for entry in other.statements:
            sid = entry[0].sid
            if sid and sid in places:
                self.statements[places[sid]] = entry
                continue
            places.setdefault(sid, len(self.statements))
            self.statements.append(entry)


class _Renderer:
    """Renders one document; all its strings are hidden in one table of holes."""

    def __init__(self) -> None:
        self.table = HoleTable()

    def render(self, config: Mapping[str, Plain]) -> Rendered:
        for name in ("source_json", "override_json"):
            if self._text(config.get(name)):
                raise DocumentError(f"`{name}` is not used any more; use `{name.split('_')[0]}_policy_documents`")
        sources = self._documents(config, "source")
        overrides = self._documents(config, "override")
        own = self._own(config)
        self._refuse_repeated_sids(sources)
        self._require_known_sids([*sources, own, *overrides])
        merged = _Document()
        for document in (*sources, own, *overrides):
            merged.merge(document)
            if len(merged.statements) > MAXIMUM_STATEMENTS:
                raise UndeterminedError(f"the document has more than {MAXIMUM_STATEMENTS:,} statements")
        return self._write(merged)

    def _write(self, merged: _Document) -> Rendered:
        value: dict[str, Any] = {}
        if merged.version:
            value["Version"] = merged.version
        if merged.identifier:
            value["Id"] = merged.identifier
        if merged.statements:
            value["Statement"] = [statement.value() for statement, _ in merged.statements]
        text = self.table.show(write_json(value, indent=True))
        minified = self.table.show(write_json(value, indent=False))
        origins = tuple(origin for _, origin in merged.statements)
        if isinstance(text, str):
            return Rendered(text, minified, str(zlib.crc32(text.encode(errors="replace"))), origins)
        return Rendered(text, minified, Unknown("it is a checksum of a document that is known in part"), origins)

    # Reading values

    def _text(self, value: Plain) -> str:
        """Return a hidden string, the empty one for what is not set."""
        if value is None:
            return ""
        text = as_text(value)
        if text is None:
            raise DocumentError("a string is required where the configuration has a list or a map")
        return self.table.hide(text)

    def _list(self, value: Plain, name: str) -> list[Plain]:
        if value is None:
            return []
        if isinstance(value, Unknown):
            raise UndeterminedError(f"`{name}` is not known: {value.reason}")
        if not isinstance(value, list):
            raise DocumentError(f"`{name}` is not a list")
        return value

    def _strings(self, value: Plain, name: str) -> list[str]:
        if isinstance(value, Unknown):
            return [self.table.unknown_value(Hole(value.reason))]
        items = self._list(value, name)
        if None in items:
            raise DocumentError(f"`{name}` has an element that is null")
        return [self._text(item) for item in items]

    def _set(self, value: Plain, name: str) -> list[str]:
        """Return the strings of a set, sorted as the provider writes them: the greatest first."""
        return sorted(set(self._strings(value, name)), key=_bytes, reverse=True)

    def _block(self, value: Plain, name: str) -> Mapping[str, Plain]:
        if isinstance(value, Unknown):
            raise UndeterminedError(f"a block `{name}` is not known: {value.reason}")
        if not isinstance(value, dict):
            raise DocumentError(f"`{name}` is not a block")
        return value

    def _blocks(self, value: Plain, name: str) -> list[Mapping[str, Plain]]:
        return [self._block(block, name) for block in self._list(value, name)]

    # The configuration's own document

    def _own(self, config: Mapping[str, Plain]) -> _Document:
        version = DEFAULT_VERSION if config.get("version") is None else self._text(config.get("version"))
        document = _Document(version, self._text(config.get("policy_id")))
        if not self.table.has_hole(document.version) and document.version not in {"2008-10-17", DEFAULT_VERSION}:
            raise DocumentError(f'`version` is "{document.version}"; it must be "2008-10-17" or "{DEFAULT_VERSION}"')
        seen: set[str] = set()
        for number, block in enumerate(self._list(config.get("statement"), "statement")):
            if isinstance(block, Unknown):
                statement = unknown_statement(self.table.unknown_value(Hole(block.reason)))
            else:
                statement = self._statement(self._block(block, "statement"), document.version)
            if statement.sid in seen:
                raise DocumentError(f"the Sid `{statement.sid}` stands twice in the document")
            if statement.sid:
                seen.add(statement.sid)
            document.statements.append((statement, StatementOrigin("own", number)))
        return document

    def _statement(self, block: Mapping[str, Plain], version: str) -> Statement:
        sid = self._text(block.get("sid"))
        effect = "Allow" if block.get("effect") is None else self._text(block.get("effect"))
        if not self.table.has_hole(effect) and effect not in {"Allow", "Deny"}:
            raise DocumentError(f'`effect` is "{effect}"; it must be "Allow" or "Deny"')
        statement = Statement(sid, effect)
        statement.elements = {
            "Action": _collapse(self._set(block.get("actions"), "actions")),
            "NotAction": _collapse(self._set(block.get("not_actions"), "not_actions")),
            "Resource": _collapse(self._with_variables(self._set(block.get("resources"), "resources"), version)),
            "NotResource": _collapse(
                self._with_variables(self._set(block.get("not_resources"), "not_resources"), version)
            ),
        }
        statement.principals = self._principals(block.get("principals"), "principals", version)
        statement.not_principals = self._principals(block.get("not_principals"), "not_principals", version)
        statement.conditions = self._conditions(block.get("condition"), version)
        return statement

    def _principals(self, value: Plain, name: str, version: str) -> list[tuple[str, str | list[str]]]:
        found: dict[str, tuple[str, str | list[str]]] = {}
        for block in self._blocks(value, name):
            kind = self._text(block.get("type"))
            strings = self._set(block.get("identifiers"), "identifiers")
            inner = "".join(f"{item};" for item in sorted(strings, key=lambda item: _block_hash(f"{item};")))
            key = _block_hash(f"identifiers:{{{inner}}};type:{kind};")
            identifiers = self._with_variables(strings, version)
            collapsed = _collapse(identifiers)
            found[key] = (kind, identifiers if collapsed is None else collapsed)
        return [found[key] for key in sorted(found)]

    def _conditions(self, value: Plain, version: str) -> list[tuple[str, str, str | list[str]]]:
        found: dict[str, tuple[str, str, str | list[str]]] = {}
        for block in self._blocks(value, "condition"):
            test, variable = self._text(block.get("test")), self._text(block.get("variable"))
            values = self._strings(block.get("values"), "values")
            inner = "".join(f"{item};" for item in values)
            key = _block_hash(f"test:{test};values:({inner});variable:{variable};")
            replaced = self._with_variables(values, version)
            found[key] = (test, variable, replaced[0] if len(replaced) == 1 else replaced)
        return [found[key] for key in sorted(found)]

    def _with_variables(self, strings: list[str], version: str) -> list[str]:
        """Turn `&{…}` into `${…}`, which Terraform would take for a template of its own."""
        if version == "2008-10-17":
            for string in strings:
                if "&{" in string:
                    raise DocumentError(f"`{string}` has a variable, which version 2008-10-17 doesn't know")
        return [string.replace("&{", "${") for string in strings]

    # Documents that are merged

    def _documents(self, config: Mapping[str, Plain], kind: Literal["source", "override"]) -> list[_Document]:
        name = f"{kind}_policy_documents"
        documents = []
        for number, item in enumerate(self._list(config.get(name), name)):
            text = as_text(item)
            if text is None:
                raise DocumentError(f"element {number} of `{name}` is not a string")
            if not text:
                continue
            try:
                version, identifier, statements = read_document(self.table.parse(text))
            except NotJsonError as error:
                if error.holes:
                    raise UndeterminedError(f"element {number} of `{name}` is not known well enough") from error
                raise DocumentError(f"element {number} of `{name}` is not JSON: {error}") from error
            except DocumentError as error:
                raise DocumentError(f"element {number} of `{name}`: {error}") from error
            document = _Document(version, identifier)
            document.statements = [
                (statement, StatementOrigin(kind, place, number)) for place, statement in enumerate(statements)
            ]
            documents.append(document)
        return documents

    def _refuse_repeated_sids(self, sources: Iterable[_Document]) -> None:
        seen: set[str] = set()
        for document in sources:
            for statement, _ in document.statements:
                if statement.sid in seen:
                    raise DocumentError(f"the Sid `{statement.sid}` stands twice in `source_policy_documents`")
                if statement.sid:
                    seen.add(statement.sid)

    def _require_known_sids(self, documents: list[_Document]) -> None:
        """Where documents are merged, an unknown Sid or version may replace anything."""
        if len(documents) < 2:
            return
        for document in documents:
            if self.table.has_hole(document.version):
                raise UndeterminedError("the version of the document is not known")
            if any(self.table.has_hole(statement.sid) for statement, _ in document.statements):
                raise UndeterminedError("a Sid is not known, so it is not known which statements it replaces")


def _bytes(string: str) -> bytes:
    return string.encode(errors="surrogatepass")


def _collapse(strings: list[str]) -> str | list[str] | None:
    """Return a single string for one element, None for none."""
    if not strings:
        return None
    return strings[0] if len(strings) == 1 else strings
