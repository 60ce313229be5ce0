"""The profile that `astralint init` proposes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from astralint.api import open_session
from astralint.assembly.initial import initial_configuration

PROVIDER = 'provider "aws" {\n  region = "eu-west-1"\n}\n'
CASES = {
    "minimal": {"production": PROVIDER},
    "astradot": dict.fromkeys(("identity", "artifact", "dns", "email", "security", "production"), PROVIDER),
    "aws-sra": dict.fromkeys(("log-archive", "security", "production"), PROVIDER),
    "landing-zone": {
        "management": PROVIDER + 'resource "aws_controltower_landing_zone" "this" {\n  version = "3.3"\n}\n',
        "production": PROVIDER,
    },
}


@pytest.mark.parametrize("profile", CASES)
def test_profile(tmp_path: Path, profile: str) -> None:
    for name, text in CASES[profile].items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "main.tf").write_text(text)
    text = initial_configuration(open_session([tmp_path]).build().platform)
    (line,) = [line for line in text.split("\n") if "profile" in line]
    assert line.startswith(f'  # profile = "{profile}"  # proposed: ')
    # Written down, it is kept, and counts.
    (tmp_path / "astralint.hcl").write_text(text.replace("# profile", "profile"))
    session = open_session([tmp_path])
    assert session.settings.profile == profile
    assert re.search(rf'^  profile += "{profile}"$', initial_configuration(session.build().platform), re.MULTILINE)
