"""A run with a cache says what a run without one says, whatever changed in between."""

from __future__ import annotations

import os
import stat
from datetime import date
from pathlib import Path

import msgspec
import pytest

from astralint.api import ScanOptions, check, open_session
from astralint.assembly import cache

from .changing import FILES, MUTATIONS, evaluations, run, said


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_cache_changes_nothing(tree: Path, tmp_path: Path, name: str) -> None:
    kept = tmp_path / "cache"
    before = said(tree, None)
    assert said(tree, kept) == before
    assert said(tree, kept) == before
    MUTATIONS[name](tree)
    after = said(tree, None)
    assert (after == before) == (name in ("nothing", "touched"))
    assert said(tree, kept) == after
    assert said(tree, kept) == after


def test_the_way_back_is_right_too(tree: Path, tmp_path: Path) -> None:
    kept = tmp_path / "cache"
    before = said(tree, kept)
    MUTATIONS["producer"](tree)
    said(tree, kept)
    (tree / "production/main.tf").write_text(FILES["production/main.tf"], "utf-8")
    assert said(tree, kept) == before


def test_only_what_changed_is_evaluated(tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = tmp_path / "cache"
    run(tree, kept)
    names = evaluations(monkeypatch)
    run(tree, kept)
    assert names == []
    MUTATIONS["template"](tree)
    run(tree, kept)
    assert set(names) == {"identity"}


def test_the_work_of_a_run_is_counted(tree: Path, tmp_path: Path) -> None:
    kept = tmp_path / "cache"
    first = run(tree, kept)[0].work()
    assert first is not None
    assert (first.recalled, first.missed) == (0, {"new or given something else": first.evaluations})
    assert run(tree, kept)[0].work() is None
    MUTATIONS["producer"](tree)
    second = run(tree, kept)[0].work()
    assert second is not None
    assert 0 < second.evaluations < first.evaluations
    assert second.recalled > 0
    assert next(iter(second.lines())).startswith(f"{second.evaluations} evaluations of ")


def test_nothing_sensitive_is_written(tree: Path, tmp_path: Path) -> None:
    kept = tmp_path / "cache"
    (tree / "secret/other.tf").write_text(
        'variable "db" {\n  sensitive = true\n}\n'
        'resource "aws_iam_user" "u" {\n  name = "u-${var.db}"\n}\n'
        'output "db" {\n  value = "x${var.db}"\n  sensitive = true\n}\n',
        "utf-8",
    )
    (tree / "secret/terraform.tfvars").write_text('db = "hunter2"\n', "utf-8")
    run(tree, kept)
    for pack in kept.iterdir():
        assert b"correct-horse-battery" not in pack.read_bytes()
        assert b"hunter2" not in pack.read_bytes()
        assert b"production" in pack.read_bytes()
        assert stat.S_IMODE(pack.stat().st_mode) == 0o600
    assert {pack.name.partition("-")[0] for pack in kept.iterdir()} == {"evaluation", "syntax"}
    assert stat.S_IMODE(kept.stat().st_mode) == 0o700


@pytest.mark.parametrize("damage", ["cut", "flipped", "foreign", "other version"])
def test_what_is_not_ours_is_ignored(tree: Path, tmp_path: Path, damage: str, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = tmp_path / "cache"
    before = said(tree, kept)
    (pack,) = kept.glob("evaluation-*.pack")
    content = pack.read_bytes()
    if damage == "cut":
        pack.write_bytes(content[: len(content) // 8])
    elif damage == "flipped":
        pack.write_bytes(bytes(byte ^ 1 if number > 300 else byte for number, byte in enumerate(content)))
    elif damage == "foreign":
        kept.chmod(0o777)
    else:
        monkeypatch.setattr(cache, "code_version", lambda: b"x" * 16)
    names = evaluations(monkeypatch)
    assert said(tree, kept) == before
    assert names


@pytest.mark.parametrize("secret", ["ome", "role", "someone", "production", "222222222222", "modules/role"])
def test_what_is_sensitive_and_stands_everywhere_is_kept_too(
    tree: Path, tmp_path: Path, secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tree / "secret/main.tf").write_text(FILES["secret/main.tf"].replace("correct-horse-battery", secret), "utf-8")
    kept = tmp_path / "cache"
    before = said(tree, kept)
    names = evaluations(monkeypatch)
    recall = open_session([tree], ScanOptions(boundary=tree, cache=kept, today=date(2030, 1, 1))).recall()
    assert recall is not None
    assert recall.find() is not None
    assert said(tree, kept) == before
    assert names == []
    assert said(tree, None) == before


def test_what_a_secret_names_is_sealed_with_the_rest(tree: Path, tmp_path: Path) -> None:
    (tree / "secret/more.tf").write_text(
        'output "o" { value = try(file(var.password), fileexists("x${var.password}")) }'
    )
    kept = tmp_path / "cache"
    before = said(tree, kept)
    for pack in kept.iterdir():
        assert b"correct-horse-battery" not in pack.read_bytes()
    assert said(tree, kept) == before == said(tree, None)
    (tree / "secret/correct-horse-battery").write_text("now it is there", "utf-8")
    assert said(tree, kept) == said(tree, None) != before


def test_other_options_are_another_run(tree: Path, tmp_path: Path) -> None:
    kept = tmp_path / "cache"
    run(tree, kept)
    for options in (
        ScanOptions(boundary=tree, select=("AL101",)),
        ScanOptions(boundary=tree, ignore=("AL1",)),
        ScanOptions(boundary=tree, today=date(2031, 1, 1)),
    ):
        cold = check(open_session([tree], options)).result
        assert check(open_session([tree], msgspec.structs.replace(options, cache=kept))).result == cold


def test_old_packs_go(tmp_path: Path) -> None:
    for number in range(cache.MAXIMUM_PACKS + 3):
        path = tmp_path / f"evaluation-{number}.pack"
        path.write_bytes(b"")
        os.utime(path, (number, number))
    cache.remove_old_packs(tmp_path)
    assert len(list(tmp_path.iterdir())) == cache.MAXIMUM_PACKS
    assert not (tmp_path / "evaluation-0.pack").exists()


def test_the_same_in_several_processes(tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = said(tree, None)
    monkeypatch.setattr("astralint.session.session.PARALLEL_FROM", 1)
    assert said(tree, None, jobs=4) == before
    kept = tmp_path / "cache"
    assert said(tree, kept, jobs=4) == before
    assert said(tree, kept, jobs=4) == before


def test_the_same_whatever_the_order_of_files(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = said(tree, None)
    real = os.scandir

    class Backwards:
        def __init__(self, path: str) -> None:
            with real(path) as listing:
                self.items = sorted(listing, key=lambda item: item.name, reverse=True)

        def __enter__(self) -> list[os.DirEntry[str]]:
            return self.items

        def __exit__(self, *error: object) -> None:
            return

    monkeypatch.setattr("astralint.source.tree.os.scandir", Backwards)
    assert said(tree, None) == before
