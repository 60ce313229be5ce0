"""Policy documents as the provider reads them from JSON, and statements as it writes them."""

from __future__ import annotations

from typing import Any

from astralint.aws.holes import MARKER, is_unknown_value


class DocumentError(Exception):
    """What the provider refuses a policy document for."""


class UndeterminedError(Exception):
    """The structure of the document is not known."""


class Statement:
    """A statement; its strings may be hidden ones (see `holes`)."""

    __slots__ = ("conditions", "effect", "elements", "not_principals", "principals", "sid", "unknown")

    def __init__(self, sid: str, effect: str, unknown: str | None = None) -> None:
        self.unknown = unknown
        self.sid = sid
        self.effect = effect
        self.elements: dict[str, Any] = {}
        self.principals: list[tuple[str, str | list[str]]] = []
        self.not_principals: list[tuple[str, str | list[str]]] = []
        self.conditions: list[tuple[str, str, str | list[str]]] = []

    def value(self) -> dict[str, Any] | str:
        """Return the JSON value, its members in the provider's order; the hole for an unknown statement."""
        if self.unknown is not None:
            return self.unknown
        value: dict[str, Any] = {}
        if self.sid:
            value["Sid"] = self.sid
        if self.effect:
            value["Effect"] = self.effect
        value.update({name: element for name, element in self.elements.items() if element is not None})
        if self.principals:
            value["Principal"] = _principals_value(self.principals)
        if self.not_principals:
            value["NotPrincipal"] = _principals_value(self.not_principals)
        if self.conditions:
            value["Condition"] = _conditions_value(self.conditions)
        return value


def _sorted(value: dict[str, Any]) -> dict[str, Any]:
    return dict(sorted(value.items(), key=lambda item: item[0].encode(errors="surrogatepass")))


def _principals_value(principals: list[tuple[str, str | list[str]]]) -> Any:
    if principals in ([("*", "*")], [("*", ["*"])]):
        return "*"
    value: dict[str, Any] = {}
    for kind, identifiers in principals:
        present = value.get(kind)
        if isinstance(identifiers, list):
            ordered = sorted(identifiers, key=lambda item: item.encode(errors="surrogatepass"), reverse=True)
            before = [] if present is None else present if isinstance(present, list) else [present]
            value[kind] = [*before, *ordered]
        elif present is None:
            value[kind] = identifiers
        else:
            value[kind] = [*(present if isinstance(present, list) else [present]), identifiers]
    return _sorted(value)


def _conditions_value(conditions: list[tuple[str, str, str | list[str]]]) -> dict[str, Any]:
    value: dict[str, dict[str, list[str]]] = {}
    for test, variable, values in conditions:
        present = value.setdefault(test, {}).setdefault(variable, [])
        present.extend(values if isinstance(values, list) else [values])
    return _sorted(
        {
            test: _sorted({name: items[0] if len(items) == 1 else items for name, items in variables.items()})
            for test, variables in value.items()
        }
    )


def read_document(value: Any) -> tuple[str, str, list[Statement]]:
    """Return version, identifier and statements of a parsed document; raises DocumentError."""
    if value is None:
        return "", "", []
    _require_known(value, "the document")
    if not isinstance(value, dict):
        raise DocumentError("the document is not an object")
    members = _members(value, ("Version", "Id", "Statement"))
    statements = members.get("Statement")
    if statements is None:
        statements = []
    _require_known(statements, "`Statement`")
    if not isinstance(statements, list):
        raise DocumentError("`Statement` is not a list")
    return _string(members, "Version"), _string(members, "Id"), [_statement(item) for item in statements]


def unknown_statement(hole: str) -> Statement:
    """Return a statement of which nothing is known, its Sid included."""
    return Statement(hole, "", hole)


def _require_known(value: Any, what: str) -> None:
    if is_unknown_value(value):
        raise UndeterminedError(f"{what} is not known")


def _members(value: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    """Return the members that have one of the names; the provider doesn't mind upper and lower case."""
    if any(MARKER in key for key in value):
        raise UndeterminedError("the name of a member is not known")
    folded = {name.lower(): name for name in names}
    return {folded[key.lower()]: item for key, item in value.items() if key.lower() in folded}


def _string(members: dict[str, Any], name: str) -> str:
    value = members.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise DocumentError(f"`{name}` is not a string")
    return value


_PLAIN_ELEMENTS = ("Action", "NotAction", "Resource", "NotResource")


def _statement(value: Any) -> Statement:
    if is_unknown_value(value):
        return unknown_statement(value)
    if not isinstance(value, dict):
        raise DocumentError("a statement is not an object")
    members = _members(value, ("Sid", "Effect", *_PLAIN_ELEMENTS, "Principal", "NotPrincipal", "Condition"))
    statement = Statement(_string(members, "Sid"), _string(members, "Effect"))
    statement.elements = {name: _normal(members.get(name)) for name in _PLAIN_ELEMENTS}
    statement.principals = _principals(members, "Principal")
    statement.not_principals = _principals(members, "NotPrincipal")
    statement.conditions = _conditions(members.get("Condition"))
    return statement


def _normal(value: Any) -> Any:
    """Return a value as it looks after the provider read and wrote it: members sorted, whole floats as integers."""
    if isinstance(value, dict):
        return _sorted({key: _normal(item) for key, item in value.items()})
    if isinstance(value, list):
        return [_normal(item) for item in value]
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e21:
        return int(value)
    return value


def _principals(members: dict[str, Any], name: str) -> list[tuple[str, str | list[str]]]:
    if name not in members:
        return []
    value = members[name]
    _require_known(value, f"`{name}`")
    if isinstance(value, str):
        return [("*", ["*"])]
    if not isinstance(value, dict):
        raise DocumentError(f"`{name}` is neither a string nor an object")
    found: list[tuple[str, str | list[str]]] = []
    for kind, identifiers in _sorted(value).items():
        if isinstance(identifiers, list):
            if not all(isinstance(item, str) for item in identifiers):
                raise DocumentError(f"`{name}` has an identifier that is not a string")
        elif not isinstance(identifiers, str):
            raise DocumentError(f"`{name}` has an identifier that is not a string")
        found.append((kind, identifiers))
    return found


def _conditions(value: Any) -> list[tuple[str, str, str | list[str]]]:
    if value is None:
        return []
    _require_known(value, "`Condition`")
    if not isinstance(value, dict):
        raise DocumentError("`Condition` is not an object")
    found: list[tuple[str, str, str | list[str]]] = []
    for test, variables in _sorted(value).items():
        if variables is None:
            continue
        _require_known(variables, f"the condition `{test}`")
        if not isinstance(variables, dict):
            raise DocumentError(f"the condition `{test}` is not an object")
        for variable, values in _sorted(variables).items():
            if isinstance(values, bool):
                found.append((test, variable, "true" if values else "false"))
            elif isinstance(values, str):
                found.append((test, variable, values))
            elif isinstance(values, list):
                if not all(isinstance(item, str) for item in values):
                    raise DocumentError(f"the condition `{test}` on `{variable}` has a value that is not a string")
                found.append((test, variable, values))
    return found
