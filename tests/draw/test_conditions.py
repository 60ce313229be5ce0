"""Conditions in few words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from astralint.draw.conditions import brief, summary, telling
from tests.draw.names import names

RUN = 'app.terraform.io:sub StringEquals "organization:astradot:workspace:dns:run_phase:'
AUDIENCE = 'app.terraform.io:aud StringEquals "aws.workload.identity"'


def fits(text: str) -> bool:
    return len(text) <= 24


@pytest.mark.parametrize(
    ("condition", "short"),
    [
        ('aws:PrincipalTag/team StringEquals "a"', "PrincipalTag/team = a"),
        ('sts:ExternalId StringNotEquals "x"', "ExternalId ≠ x"),
        ('aws:SourceArn ArnLike "arn:x:*"', "SourceArn ~ arn:x:*"),
        ('aws:SourceIp NotIpAddress "10.0.0.0/8"', "SourceIp ≠ 10.0.0.0/8"),
        ('aws:CurrentTime DateLessThan "2027"', "CurrentTime < 2027"),
        ('aws:amr ForAnyValue:StringLike "authenticated"', "amr ~ authenticated"),
        ('aws:sub StringLike ["repo:a/b", "repo:c/d"]', "sub ~ repo:a/b …"),
        ("aws:MultiFactorAuthPresent is true", "MultiFactorAuthPresent…"),
        (RUN + 'apply"', "sub = …run_phase:apply"),
        ("an identity policy of arn:aws:iam::1:root allows it", "identity policy"),
        ("the moon is full", "the moon is full"),
        ("only every other tuesday morning", "only every other tuesda…"),
    ],
)
def test_a_condition_in_the_room_of_a_label(condition: str, short: str) -> None:
    found = brief(condition, fits)
    assert fits(found)
    assert found == short


def test_what_says_most_comes_first() -> None:
    assert telling((AUDIENCE, RUN + 'plan"')) == RUN + 'plan"'
    assert telling(()) == ""
    assert summary((AUDIENCE, RUN + 'plan"'), fits) == "sub = …plan +1"


def test_several_of_one_key_are_told_by_their_keys() -> None:
    three = (RUN + 'plan"', RUN + 'apply"', AUDIENCE)
    assert summary(three, fits) == "sub, aud"
    assert summary((*three, "not if a service control policy denies it"), lambda _: True) == (
        "sub, service control policy, aud"
    )
    assert summary(("x" * 50, "y" * 50), fits) == "2 conditions"


@given(st.lists(names, min_size=1, max_size=4))
def test_any_texts_fit_or_are_a_single_ellipsis(conditions: list[str]) -> None:
    found = summary(conditions, fits)
    assert fits(found)
    assert found.isprintable()
