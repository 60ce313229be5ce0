"""`astralint why`: the ways through the fixtures' platforms, and what stops them."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest

from astralint.api import ScanOptions, open_session
from astralint.cli.main import run
from astralint.platform.platform import Platform
from astralint.trust.why import NameProblem, Why

PLATFORMS = Path(__file__).parents[2] / "fixtures" / "platforms"


@cache
def platform(name: str) -> Platform:
    return open_session([PLATFORMS / name], ScanOptions(boundary=PLATFORMS / name, jobs=1)).build().platform


def ask(name: str, source: str, target: str) -> Why:
    return platform(name).why(source, target)


def chains(answer: Why) -> list[str]:
    return [
        " > ".join(f"{step.target.account}/{step.target}" for step in way.steps) + f" ({way.verdict})"
        for way in answer.ways
    ]


def test_a_sandbox_has_no_way_into_production() -> None:
    answer = ask("astradot", "sandbox-karpenter", "production")
    assert not answer.ways
    said = {obstacle.kind: obstacle for obstacle in answer.obstacles}
    assert said["denied"].evidence[0].span.file == "modules/terraform-access/main.tf"
    assert "SandboxAdministrator" in said["no-trust"].text
    assert said["no-edge"].text == "nothing of `sandbox-karpenter` can become a role of any other account"
    assert "astradot-ci-deploy-production" in said["not-trusted"].text


def test_the_way_that_the_drift_opened() -> None:
    answer = ask("astradot-drifted", "sandbox", "production")
    assert chains(answer) == ["artifact/astradot-cache-warmer > production/astradot-cache-reader (allowed)"]
    places = [(e.span.file, e.span.line) for step in answer.ways[0].steps for e in (*step.trust, *step.permission)]
    assert places == [
        ("workspaces/artifact/cache.tf", 9),
        ("workspaces/sandbox-karpenter/lab.tf", 48),
        ("workspaces/production/data_access.tf", 26),
        ("workspaces/artifact/cache.tf", 23),
    ]


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("staging", "production", ["production/astradot-data-export (allowed)"]),
        ("staging/astradot-etl", "production/astradot-data-export", ["production/astradot-data-export (allowed)"]),
        (
            "arn:aws:iam::210000000008:role/astradot-etl",
            "aws_iam_role.export",
            ["production/astradot-data-export (allowed)"],
        ),
        (
            "repo:astradot/api:ref:refs/heads/main",
            "identity",
            ["artifact/astradot-ci-build > identity/astradot-directory-sync (conditional)"],
        ),
        ("repo:evil/api:ref:refs/heads/main", "identity", []),
        ("repo:astradot-evil/x:ref:refs/heads/main", "artifact", ["artifact/astradot-ci-preview (conditional)"]),
        ("scheduler.amazonaws.com", "staging", ["staging/astradot-reminder (allowed)"]),
        ("*", "artifact", ["artifact/astradot-puller (allowed)"]),
        (
            "production",
            "email/astradot-production-alarms",
            ["email/astradot-production-alarms (allowed)"] * 3,
        ),
        ("210000000004", "210000000002", ["identity/astradot-directory-sync (allowed)"]),
        (
            "arn:aws:iam::390000000002:role/observer",
            "production",
            ["production/astradot-observer (conditional)"],
        ),
    ],
)
def test_ways(source: str, target: str, expected: list[str]) -> None:
    assert chains(ask("astradot-drifted", source, target)) == expected


def test_a_half_open_trust_is_the_nearest_miss() -> None:
    answer = ask("astradot-drifted", "artifact/astradot-ci-build", "staging/astradot-canary")
    assert [obstacle.kind for obstacle in answer.obstacles] == ["no-permission"]
    other = ask("astradot-drifted", "production/astradot-newsletter", "security/astradot-security-auditor")
    assert other.obstacles[0].kind == "no-trust"
    assert other.obstacles[0].evidence[0].span.file == "workspaces/production/newsletter.tf"


@pytest.mark.parametrize(
    ("source", "target", "part"),
    [
        ("sandbox-karpentr", "production", "did you mean `sandbox-karpenter`"),
        ("astradot-security-audit", "production", "name one of `artifact/astradot-security-audit`"),
        ("production", "lambda.amazonaws.com", "a way ends at"),
        ("production", "production", "name two different ones"),
        ("arn:aws:s3:::bucket", "production", "name a role"),
    ],
)
def test_names_that_fit_nobody(source: str, target: str, part: str) -> None:
    with pytest.raises(NameProblem) as problem:
        ask("astradot", source, target)
    assert part in problem.value.help


def test_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    given = [str(PLATFORMS / "astradot-drifted"), "--boundary", str(PLATFORMS / "astradot-drifted"), "--no-cache"]
    assert run(["why", "staging", "production", *given, "--format", "json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert [step["to"] for step in answer["ways"][0]["steps"]] == ["resource:production/aws_iam_role.export"]
    sides = {(e["side"], e["file"], e["line"]) for e in answer["ways"][0]["steps"][0]["evidence"]}
    assert sides == {
        ("trust", "workspaces/production/data_access.tf", 9),
        ("identity", "workspaces/staging/etl.tf", 28),
    }
    assert run(["why", "dns", "management", *given]) == 0
    assert "there is no way" in capsys.readouterr().out
    assert run(["why", "nobody", "production", *given]) == 2
    assert "there is no account, role, user or permission set `nobody`" in capsys.readouterr().err


def test_escalation_stands_apart_from_assumption() -> None:
    answer = ask("astradot", "staging/Developer", "staging/astradot-mailer")
    assert not answer.ways
    (way,) = answer.escalations
    (step,) = way.steps
    assert (step.kind, step.path, step.how) == ("can-escalate", "lambda-code", "becomes")
    assert step.permission
    assert step.binding
    assert not platform("astradot").why("staging/Developer", "staging/astradot-mailer", escalation=False).escalations


def test_an_administrator_leads_on() -> None:
    answer = ask("astradot", "security", "production/astradot-mailer")
    assert not answer.ways
    assert not answer.escalations
    answer = ask("astradot", "identity", "production/astradot-mailer")
    kinds = {tuple(step.kind for step in way.steps) for way in answer.escalations}
    assert ("can-assume", "is-administrator", "administers") in kinds
