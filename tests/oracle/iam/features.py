"""What a generated case has in it, to see that the cases cover what they are meant to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from astralint.aws.policy_parser import OPERATORS, split_operator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.oracle.iam.conditions import Case

_CALLERS = ("user", "role", "session", "root", "service", "web", "saml", "sso", "federated-user", "self")
_STATEMENTS = ("Action", "NotAction", "Resource", "NotResource")
_SIDES = ("trust", "identity", "boundary", "session", "scp", "rcp")
_KEYS = (
    *("sts:externalid", "aws:principaltag", "aws:principalorgid", "aws:principalorgpaths", "aws:principalarn"),
    *("aws:multifactorauthpresent", "aws:multifactorauthage", "aws:currenttime", "aws:sourceip", "aws:tagkeys"),
)
# An operator's quantifiers and ending; the simulator differs for some of `Null` (it has none of them).
_FORMS = ("", "IfExists", "ForAllValues", "ForAnyValue", "ForAllValues IfExists", "ForAnyValue IfExists")

EXPECTED = frozenset(
    {
        *(f"caller {name}" for name in _CALLERS),
        *(f"{where} account" for where in ("same", "other")),
        *(f"element {name}" for name in _STATEMENTS),
        *(f"policy {side}" for side in _SIDES),
        *(f"deny {side}" for side in _SIDES),
        *(f"condition {side}" for side in _SIDES),
        *(f"key {name}" for name in _KEYS),
        *(f"operator {name}" for name in OPERATORS),
        *(f"form {name}" for name in _FORMS),
        *("levels of scps 2", "levels of scps 3", "levels of rcps 2", "policies of a level", "statements of trust"),
        *("variable", "variable with default", "variable ${*}", "variable in Resource", "wildcard in Action"),
        *("wildcard in Resource", "wildcard in Principal", "deleted principal", "anybody", "key absent", "key unknown"),
    }
)


def features(case: Case) -> set[str]:
    """Return what is in a case, in the words of `EXPECTED`."""
    return set(_of_caller(case)) | set(_of_levels(case)) | set(_of_statements(case))


def _of_caller(case: Case) -> Iterator[str]:
    principal = case["principal"]
    kinds = {
        "role": ":role/",
        "user": ":user/",
        "session": ":assumed-role/",
        "root": ":root",
        "web": ":oidc-provider/",
        "saml": ":saml-provider/",
        "sso": "AWSReservedSSO",
        "federated-user": ":federated-user/",
        "service": ".amazonaws.com",
    }
    yield from (f"caller {name}" for name, part in kinds.items() if part in principal)
    if principal == case["role"]:
        yield "caller self"
    if principal.startswith("arn:"):
        yield "same account" if principal.split(":")[4] == case["role"].split(":")[4] else "other account"


def _of_levels(case: Case) -> Iterator[str]:
    for side in ("scps", "rcps"):
        levels = case.get(side, [])
        yield f"levels of {side} {len(levels)}"
        if any(len(level) > 1 for level in levels):
            yield "policies of a level"
    if len(_listed(case["trust"]["Statement"])) > 1:
        yield "statements of trust"


def _policies(case: Case) -> Iterator[tuple[str, Any]]:
    yield "trust", case["trust"]
    yield from (("identity", policy) for policy in case.get("identity", ()))
    yield from ((side, case[side]) for side in ("boundary", "session") if case.get(side))
    yield from ((side, policy) for side in ("scp", "rcp") for level in case.get(f"{side}s", ()) for policy in level)


def _of_statements(case: Case) -> Iterator[str]:
    for side, policy in _policies(case):
        yield f"policy {side}"
        for statement in _listed(policy["Statement"]):
            if statement["Effect"] == "Deny":
                yield f"deny {side}"
            yield from (f"element {name}" for name in _STATEMENTS if name in statement)
            if any("*" in action or "?" in action for action in _listed(statement.get("Action", []))):
                yield "wildcard in Action"
            for resource in _listed(statement.get("Resource", [])):
                if "*" in resource:
                    yield "wildcard in Resource"
                if "${" in resource:
                    yield "variable in Resource"
                    yield from _of_variables(resource)
            yield from _of_principals(statement.get("Principal", {}))
            for operator, keys in statement.get("Condition", {}).items():
                yield f"condition {side}"
                yield from _of_condition(case, operator, keys)


def _of_principals(principal: Any) -> Iterator[str]:
    names = ["*"] if principal == "*" else [name for value in principal.values() for name in _listed(value)]
    for name in names:
        if name == "*":
            yield "anybody"
        elif "*" in name:
            yield "wildcard in Principal"
        elif name.startswith("AROA"):
            yield "deleted principal"


def _of_condition(case: Case, operator: str, keys: dict[str, Any]) -> Iterator[str]:
    base, quantifier, if_exists = split_operator(operator)
    yield f"operator {base}"
    yield "form " + " ".join((quantifier or "", "IfExists" if if_exists else "")).strip()
    known = {key.lower() for key in case.get("known", {})}
    absent = {key.lower() for key in case.get("absent", ())}
    for key, values in keys.items():
        lowered = key.lower()
        yield f"key {lowered.split('/')[0]}"
        yield "key absent" if lowered in absent else "" if lowered in known else "key unknown"
        for value in _listed(values):
            yield from _of_variables(value)


def _of_variables(text: str) -> Iterator[str]:
    if "${" in text:
        yield "variable with default" if "', " in text or ", '" in text else "variable"
        if "${*}" in text:
            yield "variable ${*}"


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
