"""Which configuration counts, and what it may read."""

from __future__ import annotations

from pathlib import Path

import pytest

from astralint.config.loader import ConfigurationFile, SeveralConfigurations, find_configuration, load_configuration
from astralint.hcl.store import SyntaxStore
from astralint.source.tree import LocalTree
from astralint.terraform.configuration.loader import ModuleLoader

from .memory import MemoryTree, loaded, local, settings_of


def test_paths_and_files_are_relative_to_the_configuration() -> None:
    text = 'account "a" {\n  id = trimspace(file("${path.module}/id.txt"))\n  workspace "p" {\n    path = "../workspaces/production"\n  }\n}\n'
    found = settings_of(text, name="config/astralint.hcl", files={"config/id.txt": "210000000007\n"})
    assert (found.accounts[0].id, found.workspaces[0].path) == ("210000000007", "workspaces/production")


def test_names_of_files_need_not_be_normalized() -> None:
    decomposed = "cafe\u0301"
    found = settings_of('workspace "p" {\n  path = "caf\u00e9"\n}\n', files={f"{decomposed}/main.tf": ""})
    assert found.workspaces[0].path == decomposed


# --- where the configuration is -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("starts", "expected"),
    [
        (["."], "astralint.hcl"),
        (["a/b"], "a/astralint.hcl"),
        (["a/b", "a/c"], "a/astralint.hcl"),
        (["a/b", "d"], "astralint.hcl"),
        (["d/e/f"], "d/e/astralint.hcl.json"),
        ([], "astralint.hcl"),
    ],
)
def test_the_nearest_configuration_above_all_paths_counts(starts: list[str], expected: str) -> None:
    files = dict.fromkeys(
        ["astralint.hcl", "a/astralint.hcl", "a/b/x", "a/c/x", "d/e/astralint.hcl.json", "d/e/f/x"], ""
    )
    assert find_configuration(MemoryTree(files), starts, None) == expected


def test_paths_with_different_configurations_are_refused() -> None:
    tree = MemoryTree({"a/astralint.hcl": "", "b/astralint.hcl": "", "c/x": ""})
    assert find_configuration(tree, ["a", "c"], None) == "a/astralint.hcl"
    assert find_configuration(tree, ["c"], None) is None
    found = find_configuration(tree, ["a", "b"], None)
    assert found == SeveralConfigurations(("a/astralint.hcl", "b/astralint.hcl"))
    _, (diagnostic,) = load_configuration(tree, ModuleLoader(tree, SyntaxStore(None)), found)
    assert diagnostic.usage
    assert diagnostic.message == "the paths have different configurations: `a/astralint.hcl` and `b/astralint.hcl`"


def platform_beside_configuration(directory: Path, text: str) -> tuple[Path, Path]:
    root, other = directory / "platform", directory / "ci"
    (root / "workspaces" / "production").mkdir(parents=True)
    (root / "workspaces" / "production" / "main.tf").touch()
    (root / "id.txt").write_text("210000000007")
    other.mkdir()
    (other / "domain.txt").write_text("example.com")
    (other / "ours.hcl").write_text(text)
    return root, other / "ours.hcl"


def test_an_explicit_configuration_may_lie_outside(tmp_path: Path) -> None:
    text = """
rule_paths = ["rules"]
account "a" {
  id     = file("../platform/id.txt")
  domain = file("domain.txt")
  workspace "p" {
    path = "../platform/workspaces/production"
  }
}
"""
    root, explicit = platform_beside_configuration(tmp_path, text)
    found, diagnostics = local(root, explicit)
    assert diagnostics == ()
    assert (found.path, found.rule_paths) == ("../ci/ours.hcl", ("../ci/rules",))
    assert (found.accounts[0].id, found.accounts[0].domain) == ("210000000007", "example.com")
    assert found.workspaces[0].path == "workspaces/production"


def test_an_explicit_configuration_outside_reads_nothing_else(tmp_path: Path) -> None:
    text = 'platform {\n  organization = file("../secret.txt")\n}\nworkspace "p" {\n  path = "../ci"\n}\n'
    root, explicit = platform_beside_configuration(tmp_path, text)
    (tmp_path / "secret.txt").write_text("secret")
    _, diagnostics = local(root, explicit)
    assert [(diagnostic.usage, diagnostic.span.line if diagnostic.span else 0) for diagnostic in diagnostics] == [
        (True, 2),
        (True, 5),
    ]
    assert "secret" not in diagnostics[0].message.replace("secret.txt", "")


def test_an_explicit_configuration_is_trusted_with_code(tmp_path: Path) -> None:
    (tmp_path / "astralint.hcl").write_text('rule_paths = ["."]\n')
    assert local(tmp_path, tmp_path / "astralint.hcl")[1] == ()
    assert local(tmp_path, None, allow_rule_code=True)[1] == ()
    assert [diagnostic.code for diagnostic in local(tmp_path, None)[1]] == ["rule-code-not-run"]


def test_links_that_leave_the_boundary_are_refused(tmp_path: Path) -> None:
    root, explicit = platform_beside_configuration(tmp_path, "")
    (root / "away").symlink_to(tmp_path / "ci")
    (root / "astralint.hcl").write_text('workspace "p" {\n  path = "away"\n}\n')
    _, (diagnostic,) = local(root, None)
    assert diagnostic.message == "`away` is a link that leaves the directory that is analysed"
    (root / "astralint.hcl").unlink()
    (root / "astralint.hcl").symlink_to(explicit)
    _, (diagnostic,) = local(root, None)
    assert (diagnostic.code, diagnostic.usage) == ("outside-boundary", True)


def test_a_second_configuration_beside_is_mentioned() -> None:
    _, (diagnostic,) = loaded("", files={"astralint.hcl.json": "{}"})
    assert diagnostic.message == "`astralint.hcl.json` is not read, because `astralint.hcl` stands beside it"
    assert not diagnostic.usage


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"account \x80"])
def test_a_file_that_is_no_text_is_a_problem(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "astralint.hcl").write_bytes(content)
    _, (diagnostic,) = local(tmp_path, None)
    assert diagnostic.message == "`astralint.hcl` is not encoded as UTF-8"
    assert ConfigurationFile("astralint.hcl") == find_configuration(
        LocalTree(tmp_path), ["."], tmp_path / "astralint.hcl"
    )
