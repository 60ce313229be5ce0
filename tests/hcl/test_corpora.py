"""Files of real platforms parse, from a directory that ASTRALINT_CORPORA names."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from astralint.hcl.store import parse_bytes

CORPORA = os.environ.get("ASTRALINT_CORPORA")
NATIVE = (".tf", ".tofu", ".tfvars", ".hcl")


@pytest.mark.corpus
@pytest.mark.skipif(not CORPORA, reason="ASTRALINT_CORPORA is not set")
def test_files_of_real_platforms_parse() -> None:
    seen: set[bytes] = set()
    broken: list[str] = []
    for path in sorted(Path(str(CORPORA)).rglob("*")):
        json = path.name.endswith((".tf.json", ".tofu.json", ".tfvars.json"))
        if not (json or path.name.endswith(NATIVE)) or not path.is_file():
            continue
        content = path.read_bytes()
        if b"{{ range" in content:  # a template of Boilerplate, which is no HCL before it is rendered
            continue
        if content in seen:
            continue
        seen.add(content)
        parsed = parse_bytes(content, json=json, attributes=path.name.endswith(".tfvars.json"))
        if parsed.errors:
            broken.append(f"{path}: {parsed.errors[0]}")
    assert len(seen) > 100
    assert broken == []
