"""With a state, the golden roots differ only by unknowns that became known."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from astralint import ScanOptions, scan
from astralint.platform.platform import Platform
from astralint.terraform.values.value import Unknown, Value
from tests.oracle.roots.terraform_answers import CASES, settings_of
from tests.roots.comparison import GOLDEN

APPLIED = {
    path.stem: answer["applied"]
    for path in sorted(GOLDEN.glob("*.json"))
    if (answer := json.loads(path.read_text())).get("applied")
}


def shown(applied: dict[str, Any], resources: dict[str, Any]) -> dict[str, Any]:
    """Return the golden values as `terraform show -json` writes a state."""
    modules: dict[str, list[dict[str, Any]]] = {}
    for address, values in applied.items():
        known = resources.get(address)
        if known is None:
            continue
        one = {
            "address": address,
            "mode": known["mode"],
            "type": known["type"],
            "name": known["name"],
            "values": values,
        }
        modules.setdefault(known.get("module", ""), []).append({**one, "index": known.get("index")})
    children = [{"address": name, "resources": found} for name, found in modules.items() if name]
    return {
        "format_version": "1.0",
        "values": {"root_module": {"resources": modules.get("", []), "child_modules": children}},
    }


def platform(directory: Path, root: Path, *states: Path) -> Platform:
    return scan([root], ScanOptions(boundary=directory, jobs=1, states=states, select=("AL101",))).platform


def differences(before: Value, after: Value, path: str) -> Iterator[tuple[str, bool]]:
    """Yield where two values differ, and whether the first was unknown there."""
    if isinstance(before.raw, Unknown):
        if not isinstance(after.raw, Unknown):
            yield path, True
    elif isinstance(before.raw, dict) and isinstance(after.raw, dict) and before.raw.keys() == after.raw.keys():
        for name, inner in before.raw.items():
            yield from differences(inner, after.raw[name], f"{path}.{name}")
    elif isinstance(before.raw, tuple) and isinstance(after.raw, tuple) and len(before.raw) == len(after.raw):
        for number, (left, right) in enumerate(zip(before.raw, after.raw, strict=True)):
            yield from differences(left, right, f"{path}[{number}]")
    elif before.raw != after.raw:
        yield path, False


@pytest.mark.parametrize("name", APPLIED)
def test_only_unknowns_become_known(name: str, tmp_path: Path) -> None:
    directory = tmp_path / name
    shutil.copytree(CASES / name, directory)
    root = directory / settings_of(directory).get("root", ".")
    answer = json.loads((GOLDEN / f"{name}.json").read_text())
    state = tmp_path / "terraform.tfstate.json"
    state.write_text(json.dumps(shown(answer["applied"], answer["resources"])))
    without, with_state = platform(directory, root), platform(directory, root, state)
    assert with_state.contents.states
    known = 0
    for key, before in without._by_address.items():
        after = with_state.find(*key)
        assert after is not None, key
        for path, was_unknown in differences(before.instance.values, after.instance.values, before.address):
            assert was_unknown, path
            known += 1
    assert set(without._by_address) == set(with_state._by_address)
    assert known, "the state tells nothing"
