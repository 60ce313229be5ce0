"""What is not known yields no violation, and what is hidden turns absence into undecided, whatever the rule."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from astralint.api import Report, scan
from astralint.rules.finding import single

DRIFTED = Path(__file__).parents[2] / "fixtures" / "platforms" / "astradot-drifted"
LITERAL = re.compile(r'^(?P<head>\s+(?P<name>[a-z_]+)\s*= )"(?P<text>[^"$%\n]+)"(?P<tail>.*)$')
KEPT = frozenset({"source", "version", "required_version", "backend", "key", "organization", "path", "type"})
ABSENCE = frozenset({"AL111", "AL305", "AL403", "AL502"})
"""Rules that say of something that it is not there, and nothing else."""

KNOWN_BY_ITSELF = frozenset({"AL001", "AL401", "AL406", "AL951", "AL952", "AL953", "AL954", "AL955"})
"""Rules about how something is written, and about not knowing."""


def places(report: Report) -> set[tuple[str, str, int]]:
    return {(f.rule, f.primary.span.file, f.primary.span.line) for f in single(report.result.findings)}


def copy(tmp: Path) -> Path:
    target = tmp / "platform"
    shutil.copytree(DRIFTED, target)
    return target


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> set[tuple[str, str, int]]:
    return places(scan([copy(tmp_path_factory.mktemp("whole"))]))


def literals() -> list[tuple[str, int]]:
    """Every line of a workspace that gives an argument a literal text."""
    found = []
    for file in sorted((DRIFTED / "workspaces").rglob("*.tf")):
        for number, line in enumerate(file.read_text().split("\n")):
            match = LITERAL.match(line)
            if match is not None and match["name"] not in KEPT:
                found.append((file.relative_to(DRIFTED).as_posix(), number))
    return found


@settings(max_examples=6, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(chosen=st.lists(st.sampled_from(literals()), min_size=1, max_size=12, unique=True))
def test_an_unknown_attribute_yields_no_violation(
    tmp_path_factory: pytest.TempPathFactory, everything: set[tuple[str, str, int]], chosen: list[tuple[str, int]]
) -> None:
    """Texts are replaced by a variable without a value: no finding may come that was not there."""
    target = copy(tmp_path_factory.mktemp("unknown"))
    for name, number in chosen:
        file = target / name
        lines = file.read_text().split("\n")
        lines[number] = LITERAL.sub(r"\g<head>var.nobody_knows\g<tail>", lines[number])
        file.write_text("\n".join(lines))
        home = file.parent / "zz_unknown.tf"
        home.write_text('variable "nobody_knows" {\n  type = string\n}\n')
    fresh = {place for place in places(scan([target])) - everything if place[0] not in KNOWN_BY_ITSELF}
    assert not fresh


WORKSPACES = sorted(path.name for path in (DRIFTED / "workspaces").iterdir() if path.is_dir())


@pytest.mark.parametrize("name", WORKSPACES)
def test_a_workspace_that_hides_something_makes_no_absence(
    name: str, tmp_path: Path, everything: set[tuple[str, str, int]]
) -> None:
    """A module that can't be read may hold anything: nothing is missing that was not before."""
    target = copy(tmp_path)
    hidden = target / "workspaces" / name / "zz_hidden.tf"
    hidden.write_text('module "hidden" {\n  source = "registry.example.com/acme/anything/aws"\n}\n')
    after = places(scan([target]))
    assert {place for place in after - everything if place[0] in ABSENCE} == set()


def test_where_everything_is_hidden_nothing_is_missing(tmp_path: Path) -> None:
    target = copy(tmp_path)
    for name in WORKSPACES:
        hidden = target / "workspaces" / name / "zz_hidden.tf"
        hidden.write_text('module "hidden" {\n  source = "registry.example.com/acme/anything/aws"\n}\n')
    assert {place for place in places(scan([target])) if place[0] in ABSENCE} == set()
