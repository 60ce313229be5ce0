"""A run with a cache says what a run without one says, whatever changed in between."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
import zlib
from collections.abc import Callable
from datetime import date
from pathlib import Path

import msgspec
import pytest

from astralint.api import Report, ScanOptions, Session, check, open_session
from astralint.assembly import cache, workers
from astralint.cli.session import context
from astralint.report import render
from astralint.source.pack import Pack
from astralint.terraform.codec import fingerprint

FILES = {
    "accounts.yaml": "production: '111111111111'\nidentity: '222222222222'\n",
    "modules/role/main.tf": """
variable "name" {}
resource "aws_iam_role" "this" {
  name               = var.name
  assume_role_policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "sts:AssumeRole",
    Principal = { AWS = "arn:aws:iam::${yamldecode(file("../accounts.yaml")).identity}:root" } }] })
}
output "arn" { value = aws_iam_role.this.arn }
""",
    "production/main.tf": """
terraform {
  backend "s3" {
    bucket = "states"
    key    = "production"
  }
}
provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = [yamldecode(file("../accounts.yaml")).production]
}
variable "name" {}
variable "password" {
  sensitive = true
  default   = "correct-horse-battery"
}
module "role" {
  source = "../modules/role"
  name   = var.name
}
resource "aws_s3_object" "page" {
  for_each = fileset("pages", "*.html")
  bucket   = "site"
  key      = each.key
}
resource "aws_iam_user" "someone" { name = "someone" }
output "role" { value = module.role.arn }
""",
    "production/terraform.tfvars": 'name = "deploy"\n',
    "production/pages/index.html": "<p>",
    "identity/main.tf": """
terraform {
  backend "s3" {
    bucket = "states"
    key    = "identity"
  }
}
provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = [yamldecode(file("../accounts.yaml")).identity]
}
data "terraform_remote_state" "production" {
  backend = "s3"
  config  = { bucket = "states", key = "production" }
}
data "aws_iam_user" "missing" { user_name = "someone" }
resource "aws_iam_policy" "assume" {
  policy = templatefile("assume.tftpl", { role = data.terraform_remote_state.production.outputs.role })
}
locals {
  extra = fileexists("extra.txt") ? "1" : "2"
}
resource "aws_sns_topic" "extra" { name = "extra-${local.extra}" }
output "fraction" { value = 0.1 }
""",
    "identity/assume.tftpl": (
        '{"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "${role}"}]}'
    ),
    "late/main.tf": """
locals {
  text     = try(file("late.txt"), "none")
  blob     = try(filesha256("../shared/blob.bin"), "none")
  names    = join(",", fileset("later", "**"))
  template = try(templatefile("late.tftpl", {}), "none")
  linked   = try(file("link/word.txt"), "none")
  dangling = fileexists("dangling") ? "there" : "not there"
}
resource "aws_sns_topic" "late" {
  for_each = { text = local.text, blob = local.blob, names = local.names, template = local.template,
    linked = local.linked, dangling = local.dangling, inner = try(module.inner.word, "none"),
    vendored = try(module.vendored.word, "none") }
  name         = each.key
  display_name = each.value
}
module "inner" { source = "./inner" }
module "vendored" { source = "registry.example.org/some/thing/aws" }
""",
    "words/one/word.txt": "one",
    "words/two/word.txt": "two",
    "secret/main.tf": """
variable "password" {
  sensitive = true
  default   = "correct-horse-battery"
}
resource "aws_ssm_parameter" "password" {
  name  = "password"
  type  = "SecureString"
  value = var.password
}
output "password" {
  value     = var.password
  sensitive = true
}
""",
}


def edited(path: str, old: str, new: str) -> Callable[[Path], None]:
    def edit(root: Path) -> None:
        text = (root / path).read_text("utf-8")
        assert old in text
        (root / path).write_text(text.replace(old, new), "utf-8")

    return edit


def added(path: str, text: str) -> Callable[[Path], None]:
    def add(root: Path) -> None:
        assert not (root / path).exists()
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")

    return add


def both(*edits: Callable[[Path], None]) -> Callable[[Path], None]:
    def edit(root: Path) -> None:
        for each in edits:
            each(root)

    return edit


def removed(path: str) -> Callable[[Path], None]:
    return lambda root: (root / path).unlink()


def linked(path: str, target: str) -> Callable[[Path], None]:
    def link(root: Path) -> None:
        (root / path).unlink()
        (root / path).symlink_to(target)

    return link


MUTATIONS: dict[str, Callable[[Path], None]] = {
    "nothing": lambda root: None,
    "touched": lambda root: os.utime(root / "production/main.tf"),
    "content": edited("production/main.tf", "someone", "somebody"),
    "lines moved": edited("production/main.tf", "\nterraform {", "\n\n\nterraform {"),
    "module": edited("modules/role/main.tf", "identity", "production"),
    "broken file": edited("modules/role/main.tf", "output", "output {"),
    "variable file": edited("production/terraform.tfvars", "deploy", "release"),
    "variable file goes": removed("production/terraform.tfvars"),
    "automatic variable file": added("production/x.auto.tfvars", 'name = "other"\n'),
    "file that a function reads": edited("accounts.yaml", "222222222222", "333333333333"),
    "file that a function reads goes": removed("accounts.yaml"),
    "template": edited("identity/assume.tftpl", "sts:AssumeRole", "sts:TagSession"),
    "file set grows": added("production/pages/more.html", "<p>"),
    "file set shrinks": removed("production/pages/index.html"),
    "file that is asked for": added("identity/extra.txt", ""),
    "new file of a module": added("modules/role/more.tf", 'output "name" { value = var.name }\n'),
    "override": added("production/override.tf", 'resource "aws_iam_user" "someone" { name = "x" }\n'),
    "file goes": removed("identity/main.tf"),
    "producer": edited("production/main.tf", "value = module.role.arn", 'value = "arn:aws:iam::9:role/x"'),
    "state moves": edited("production/main.tf", 'key    = "production"', 'key    = "elsewhere"'),
    "circle": edited(
        "production/main.tf",
        'output "role" { value = module.role.arn }',
        'data "terraform_remote_state" "identity" {\n backend = "s3"\n'
        ' config = { bucket = "states", key = "identity" }\n}\n'
        'output "role" { value = data.terraform_remote_state.identity.outputs.role }\n',
    ),
    "secret": edited("secret/main.tf", "correct-horse-battery", "staple"),
    "link": linked("production/terraform.tfvars", "../accounts.yaml"),
    "file that could not be read": added("late/late.txt", "here"),
    "file outside of the root module": added("shared/blob.bin", "x"),
    "directory of a file set": added("late/later/x/y.txt", ""),
    "template that could not be read": added("late/late.tftpl", "here"),
    "link to another directory": linked("late/link", "../words/two"),
    "what a link leads to": edited("words/one/word.txt", "one", "three"),
    "link that led nowhere": added("late/nowhere", ""),
    "link that leaves the tree": linked("late/link", "../../.."),
    "directory in place of a file": both(
        removed("production/terraform.tfvars"), lambda root: (root / "production/terraform.tfvars").mkdir()
    ),
    "module that was not there": added("late/inner/main.tf", 'output "word" { value = "w" }\n'),
    "module that is fetched": both(
        added(
            "late/.terraform/modules/modules.json",
            '{"Modules": [{"Key": "vendored", "Source": "registry.example.org/some/thing/aws", '
            '"Dir": ".terraform/modules/vendored"}]}',
        ),
        added("late/.terraform/modules/vendored/main.tf", 'output "word" { value = "w" }\n'),
    ),
    "variable file in JSON": added("production/terraform.tfvars.json", '{"name": "json"}'),
    "workspace of the configuration": both(
        added("production/other.tfvars", 'name = "configured"\n'),
        added(
            "astralint.hcl",
            'account "main" {\n  kind = "production"\n  workspace "production" {\n    path = "production"\n'
            '    var_files = ["production/other.tfvars"]\n  }\n}\n',
        ),
    ),
    "configuration": added("astralint.hcl", 'account "main" {\n  id = "111111111111"\n  kind = "production"\n}\n'),
    "suppression": edited(
        "production/main.tf", 'resource "aws_iam_user"', '# astralint: ignore[AL101] -- x\nresource "aws_iam_user"'
    ),
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    root = tmp_path / "tree"
    for path, text in FILES.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")
    (root / "late/link").symlink_to("../words/one")
    (root / "late/dangling").symlink_to("nowhere")
    return root


def run(root: Path, kept: Path | None, jobs: int = 1) -> tuple[Session, Report]:
    session = open_session([root], ScanOptions(boundary=root, cache=kept, jobs=jobs, today=date(2030, 1, 1)))
    return session, check(session)


def said(root: Path, kept: Path | None, jobs: int = 1) -> list[object]:
    """Return all that a run says, and all that it evaluated."""
    session, report = run(root, kept, jobs)
    texts: list[object] = [render(report.result, form, context(session)) for form in ("text", "json", "sarif")]
    results = [fingerprint(workspace.result) for workspace in report.platform.workspaces.values()]
    return [*texts, results]


def evaluations(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note the workspaces that are really evaluated."""
    names: list[str] = []
    real = workers.LocalWorkers.evaluate_recorded

    def noted(self: workers.LocalWorkers, jobs: list[workers.Job]) -> object:
        names.extend(spec.name for spec, _ in jobs)
        return real(self, jobs)

    monkeypatch.setattr(workers.LocalWorkers, "evaluate_recorded", noted)
    return names


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


def damaged_index(content: bytes) -> bytes:
    start = len(cache.MAGIC) + len(cache.code_version())
    return content[:start] + (2**63).to_bytes(8, "big") + content[start + 8 :]


def lying_entries(content: bytes) -> bytes:
    """Return a pack whose index leads before, behind and far beyond the blobs."""
    start = len(cache.MAGIC) + len(cache.code_version())
    length = int.from_bytes(content[start : start + 8], "big")
    index = msgspec.msgpack.decode(content[start + 8 : start + 8 + length])
    lies = [[-5, 10, 0], [0, -1, 0], [2**62, 2**62, 0], [0, 2**62, 0]]
    encoded = msgspec.msgpack.encode({key: lies[number % len(lies)] for number, key in enumerate(index)})
    return content[:start] + len(encoded).to_bytes(8, "big") + encoded + content[start + 8 + length :]


def nested_blobs(content: bytes) -> bytes:
    """Return a pack whose blobs are right by their checksums, and nested deeper than anything is read."""
    start = len(cache.MAGIC) + len(cache.code_version())
    length = int.from_bytes(content[start : start + 8], "big")
    index = msgspec.msgpack.decode(content[start + 8 : start + 8 + length])
    deep = b"\x91" * 100_000 + b"\xc0"
    encoded = msgspec.msgpack.encode({key: [0, len(deep), zlib.crc32(deep)] for key in index})
    return content[:start] + len(encoded).to_bytes(8, "big") + encoded + deep


@pytest.mark.parametrize("damage", [damaged_index, lying_entries, nested_blobs])
def test_a_hostile_file_counts_as_none(tree: Path, tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    kept = tmp_path / "cache"
    before = said(tree, kept)
    for pack in kept.glob("evaluation-*.pack"):
        pack.write_bytes(damage(pack.read_bytes()))
    for pack in kept.glob("syntax-*.pack"):
        pack.write_bytes(b"\xff" * 1000)
    assert said(tree, kept) == before
    assert said(tree, kept) == before


def test_a_file_of_absurd_size_is_not_read(tree: Path, tmp_path: Path) -> None:
    kept = tmp_path / "cache"
    before = said(tree, kept)
    for pack in kept.iterdir():
        os.truncate(pack, 1 << 40)
    assert said(tree, kept) == before


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give a directory away")
def test_the_directory_of_somebody_else_is_not_used(tree: Path, tmp_path: Path) -> None:
    kept = tmp_path / "cache"
    before = said(tree, kept)
    content = {pack.name: pack.read_bytes() for pack in kept.iterdir()}
    os.chown(kept, 12345, 12345)
    MUTATIONS["content"](tree)
    assert said(tree, kept) == said(tree, None) != before
    assert {pack.name: pack.read_bytes() for pack in kept.iterdir()} == content


def no_space(*arguments: object, **more: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def read_only(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Root may write everywhere, so that the refusal has to be played.
    monkeypatch.setattr("tempfile.mkstemp", lambda **_: (_ for _ in ()).throw(PermissionError(errno.EACCES, "no")))


def a_file_instead(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept.write_text("not a directory", "utf-8")


def nothing_above(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "mkdir", no_space)


def full(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "replace", no_space)


@pytest.mark.parametrize("hindrance", [read_only, a_file_instead, nothing_above, full])
def test_a_directory_that_cannot_be_written_changes_nothing(
    tree: Path, tmp_path: Path, hindrance: Callable[[Path, pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = said(tree, None)
    kept = tmp_path / "cache"
    hindrance(kept, monkeypatch)
    assert said(tree, kept) == before
    assert said(tree, kept) == before
    assert not kept.is_dir() or not list(kept.iterdir())


def test_two_at_once_leave_something_whole(tree: Path, tmp_path: Path) -> None:
    kept = tmp_path / "cache"
    code = "import sys; from astralint.cli.main import main; main(sys.argv[1:])"
    command = [sys.executable, "-c", code, "check", str(tree), "--boundary", str(tree), "--format", "json"]
    environment = {**os.environ, "ASTRALINT_CACHE_DIR": str(kept), "SOURCE_DATE_EPOCH": "1900000000"}
    running = [subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) for _ in range(4)]
    outputs = {process.communicate(timeout=120)[0] for process in running}
    assert len(outputs) == 1
    assert all(process.returncode in (0, 1, 3) for process in running)
    assert not [path.name for path in kept.iterdir() if path.name.startswith(".")]
    assert said(tree, kept) == said(tree, None)


def test_what_was_used_last_stays(tmp_path: Path) -> None:
    megabyte = bytes(1 << 20)
    for number in range(12):
        pack = Pack(tmp_path, "some.pack", b"header")
        pack.add(b"%d" % number, megabyte)
        pack.save()
    pack = Pack(tmp_path, "some.pack", b"header")
    assert [number for number in range(12) if pack.get(b"%d" % number) is not None] == [7, 8, 9, 10, 11]
    assert (tmp_path / "some.pack").stat().st_size < 6 << 20
