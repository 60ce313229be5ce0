"""A published set of scenarios: each identity that is said to escalate does, and those that only look so do not."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest

from astralint.api import ScanOptions, open_session
from astralint.platform.platform import Platform

NAME = "BishopFox__iam-vulnerable"
EXPECTED = re.compile(r"(privesc(?!-(AssumeRole|high|glue|sagemaker-role|permissive))|fn[124]-|fn3-.*-role).*")
SILENT = re.compile(r"(fp\d-|fn3-.*-user).*")
ACCOUNT = 'account "playground" {\n  id = "111111111111"\n  workspace "main" {\n    path = "."\n  }\n}\n'


def uncommented(text: str) -> str:
    """Return the root with the modules that it has as comments."""
    lines, inside = [], False
    for line in text.splitlines():
        inside = inside or re.match(r'# ?module "', line) is not None
        lines.append(re.sub(r"^# ?", "", line) if inside else line)
        inside = inside and lines[-1].strip() != "}"
    return "\n".join(lines) + "\n"


@pytest.mark.corpus
@pytest.mark.parametrize("configuration", [ACCOUNT, ""], ids=["account-known", "account-not-known"])
def test_every_scenario_is_found_and_no_look_alike(configuration: str, tmp_path: Path) -> None:
    corpora = os.environ.get("ASTRALINT_CORPORA")
    if not corpora or not (Path(corpora) / NAME).is_dir():
        pytest.skip(f"ASTRALINT_CORPORA has no {NAME}")
    root = tmp_path / "root"
    shutil.copytree(Path(corpora) / NAME, root)
    (root / "main.tf").write_text(uncommented((root / "main.tf").read_text("utf-8")), "utf-8")
    (root / "terraform.tfvars").write_text('aws_assume_role_arn = "arn:aws:iam::111111111111:user/starter"\n', "utf-8")
    if configuration:
        (root / "astralint.hcl").write_text(configuration, "utf-8")
    platform: Platform = open_session([root], ScanOptions(boundary=root, jobs=1)).build().platform
    escalating = {str(edge.source) for edge in platform.escalations.edges}
    names = {str(identity) for identity in platform.trust.identities if identity.kind in ("role", "user")}
    expected = {name for name in names if EXPECTED.fullmatch(name)}
    assert len(expected) >= 60
    assert expected <= escalating, expected - escalating
    assert not {name for name in escalating if SILENT.fullmatch(name)}
