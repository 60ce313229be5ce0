"""What is said with less known is never surer, nor otherwise, than what is said with more."""

from __future__ import annotations

import json
import os
from typing import Any

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from astralint.aws.context import Context, Unknown
from astralint.aws.decision import AssumeRoleRequest, Decision, decide
from astralint.aws.policy import PolicyKind, Unknowable
from astralint.aws.policy_parser import parse_policy
from astralint.source.partial import Hole, PartialText
from tests.oracle.iam.cases import cases, to_request
from tests.oracle.iam.conditions import ACCOUNTS, Case

_UNKNOWN = Unknowable("not known")
# ASTRALINT_EXAMPLES makes the search longer.
_QUICK = settings(
    max_examples=int(os.environ.get("ASTRALINT_EXAMPLES", "50")), deadline=None, suppress_health_check=list(HealthCheck)
)
_SIDES: dict[str, PolicyKind] = {"boundary": "boundary", "session": "session"}


def _fits(exact: Decision, vague: Decision) -> bool:
    return vague.verdict in (exact.verdict, "conditional")


@st.composite
def _obscured(draw: st.DrawFn, value: Any) -> Any:
    """Return a structure with one part of it not known."""
    if isinstance(value, dict) and draw(st.integers(0, 9)):
        key = draw(st.sampled_from(sorted(value)))
        return {**value, key: draw(_obscured(value[key]))}
    if isinstance(value, list) and value and draw(st.integers(0, 9)):
        index = draw(st.integers(0, len(value) - 1))
        return [*value[:index], draw(_obscured(value[index])), *value[index + 1 :]]
    if isinstance(value, str) and draw(st.integers(0, 4)):
        start = draw(st.integers(0, len(value)))
        end = draw(st.integers(start, len(value)))
        return PartialText.of(value[:start], Hole("not known"), value[end:])
    return _UNKNOWN


@_QUICK
@given(cases(), st.data())
def test_a_policy_known_in_part(case: Case, data: st.DataObject) -> None:
    request = to_request(case)
    vague = msgspec.structs.replace(request, trust=parse_policy(data.draw(_obscured(case["trust"])), kind="trust"))
    assert _fits(decide(request), decide(vague))
    if case["identity"]:
        first = parse_policy(data.draw(_obscured(case["identity"][0])))
        vague = msgspec.structs.replace(request, identity=(first, *request.identity[1:]))
        assert _fits(decide(request), decide(vague))
    for side, kind in _SIDES.items():
        if case[side]:
            policy = parse_policy(data.draw(_obscured(case[side])), kind=kind)
            assert _fits(decide(request), decide(msgspec.structs.replace(request, **{side: policy})))


@_QUICK
@given(cases(), st.data())
def test_a_context_known_in_part(case: Case, data: st.DataObject) -> None:
    exact = decide(to_request(case))
    forgotten = data.draw(st.sets(st.sampled_from(sorted([*case["known"], *case["absent"], "none"]))))
    less = {
        **case,
        "known": {key: value for key, value in case["known"].items() if key not in forgotten},
        "absent": [key for key in case["absent"] if key not in forgotten],
    }
    assert _fits(exact, decide(to_request(less)))


@_QUICK
@given(cases(), st.sets(st.sampled_from(ACCOUNTS), min_size=1))
def test_accounts_without_a_number(case: Case, unnumbered: set[str]) -> None:
    def vague(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: vague(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [vague(item) for item in value]
        if not isinstance(value, str):
            return value
        text = PartialText.of(value)
        for account in unnumbered:
            pieces: list[str | Hole] = []
            for part in text.parts:
                if isinstance(part, Hole):
                    pieces.append(part)
                    continue
                first, *others = part.split(account)
                pieces.append(first)
                for other in others:
                    pieces += [Hole("no number", f"account:{account}"), other]
            text = PartialText.of(*pieces)
        return text.known if text.known is not None else text

    exact = to_request(case)
    states = {key: vague(value) for key, value in case["known"].items()}
    context = exact.context.with_keys(states)
    request = AssumeRoleRequest(
        msgspec.structs.replace(exact.principal, text=vague(exact.principal.text)),
        vague(exact.role),
        parse_policy(vague(case["trust"]), kind="trust"),
        action=case["action"],
        identity=tuple(parse_policy(vague(policy)) for policy in case["identity"]),
        boundary=parse_policy(vague(case["boundary"]), kind="boundary") if case["boundary"] else None,
        session=parse_policy(vague(case["session"]), kind="session") if case["session"] else None,
        scps=tuple(tuple(parse_policy(vague(policy), kind="scp") for policy in level) for level in case["scps"]),
        rcps=tuple(tuple(parse_policy(vague(policy), kind="rcp") for policy in level) for level in case["rcps"]),
        context=context,
    )
    assert _fits(decide(exact), decide(request))


@_QUICK
@given(cases(), st.booleans())
def test_text_and_structure_decide_alike(case: Case, spaced: bool) -> None:
    request = to_request(case)
    text = json.dumps(case["trust"], indent=2 if spaced else None)
    assert decide(msgspec.structs.replace(request, trust=parse_policy(text, kind="trust"))) == decide(request)


@_QUICK
@given(cases())
def test_side_policies_that_are_not_known(case: Case) -> None:
    request = to_request(case)
    exact = decide(request)
    for change in (
        {"identity": None},
        {"scps": _UNKNOWN},
        {"rcps": _UNKNOWN},
        {"context": Context(default=Unknown("x"))},
    ):
        assert _fits(exact, decide(msgspec.structs.replace(request, **change)))
