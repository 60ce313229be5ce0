"""Which language a root is taken to be written in."""

from __future__ import annotations

import pytest

from astralint.hcl.store import SyntaxStore
from astralint.terraform.configuration.loader import ModuleLoader
from astralint.terraform.language.language import newest, parse_language
from astralint.terraform.language.version import parse_constraint, parse_version
from astralint.terraform.root_language import Languages
from tests.config.memory import MemoryTree

EMPTY = 'output "x" {\n  value = 1\n}\n'
VARIABLE = 'variable "v" {\n  type = "string"\n}\n'
NEWEST = newest("terraform").name
NEWEST_TOFU = newest("opentofu").name


def detected(files: dict[str, str], directory: str = "live/app") -> str:
    loader = ModuleLoader(MemoryTree({"live/app/main.tf": EMPTY, **files}), SyntaxStore(None))
    return Languages(loader).of(directory).name


def required(constraint: str) -> str:
    return f'terraform {{\n  required_version = "{constraint}"\n}}\n'


@pytest.mark.parametrize(
    ("files", "name"),
    [
        ({}, NEWEST),
        ({"live/app/.terraform-version": "1.5.7\n"}, "terraform@1.5.7"),
        ({".terraform-version": "1.9"}, "terraform@1.9.8"),
        ({".terraform-version": "latest"}, NEWEST),
        ({".terraform-version": "latest:^1.6"}, "terraform@1.6.6"),
        ({".terraform-version": "min-required"}, NEWEST),
        ({".opentofu-version": "1.8.1"}, "opentofu@1.8.1"),
        ({"live/.opentofu-version": "1.8.1", ".terraform-version": "1.5.7"}, "opentofu@1.8.1"),
        ({".tool-versions": "nodejs 20\nopentofu 1.9.1 1.8.0 # both\n"}, "opentofu@1.9.1"),
        ({".tool-versions": "nodejs 20\n", ".terraform-version": "1.5.7"}, "terraform@1.5.7"),
        ({"mise.toml": '[tools]\nterraform = "1.11"\n'}, "terraform@1.11.4"),
        ({".mise.toml": '[tools]\nopentofu = ["1.9.0", "1.8"]\n'}, "opentofu@1.9.0"),
        ({"mise/config.toml": '[tools]\nopentofu = { version = "1.7.3" }\n'}, "opentofu@1.7.3"),
        ({"mise.toml": "not toml ["}, NEWEST),
        ({"live/app/.terraform.lock.hcl": 'provider "registry.opentofu.org/hashicorp/aws" {}\n'}, NEWEST_TOFU),
        ({"live/app/.terraform.lock.hcl": 'provider "registry.terraform.io/hashicorp/aws" {}\n'}, NEWEST),
        ({"live/app/more.tofu": EMPTY.replace("x", "y")}, NEWEST_TOFU),
        ({"live/app/p.tf": 'provider "aws" {\n  alias    = "by"\n  for_each = toset(["a"])\n}\n'}, NEWEST_TOFU),
        ({"live/app/e.tf": "terraform {\n  encryption {}\n}\n"}, NEWEST_TOFU),
        ({"live/app/f.tf": 'locals {\n  u = urldecode("a")\n}\n'}, NEWEST_TOFU),
        ({"live/app/v.tf": required("~> 1.5.0")}, "terraform@1.5.7"),
        ({"live/app/v.tf": required("~> 1.5")}, NEWEST),
        ({"live/app/v.tf": required(">= 1.0, < 1.10")}, "terraform@1.9.8"),
        ({"live/app/v.tf": required("= 1.4.2")}, "terraform@1.4.2"),
        ({"live/app/v.tf": required("1.4.2")}, "terraform@1.4.2"),
        ({"live/app/v.tf": required(">= 7")}, "terraform@7.0.0"),
        ({"live/app/v.tf": required("nonsense")}, NEWEST),
        ({"live/app/v.tf": VARIABLE}, "terraform@0.14.11"),
        ({"live/app/v.tf": VARIABLE + required(">= 1.0")}, NEWEST),
        ({"live/app/v.tf": required("~> 1.5.0"), ".terraform-version": "1.11.4"}, "terraform@1.11.4"),
        ({"live/app/v.tofu": required("< 1.9")}, "opentofu@1.8.11"),
        (
            {
                "live/app/v.tf": required(">= 1.3") + 'module "m" {\n  source = "../../m"\n}\n',
                "m/v.tf": required("< 1.8"),
            },
            "terraform@1.7.5",
        ),
    ],
)
def test_a_roots_language_is_what_its_surroundings_say(files: dict[str, str], name: str) -> None:
    assert detected(files) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("terraform", NEWEST),
        ("opentofu", NEWEST_TOFU),
        ("opentofu@1.9", "opentofu@1.9.4"),
        ("opentofu@1.9.2", "opentofu@1.9.2"),
        ("1.11", "terraform@1.11.4"),
        ("terraform@2.0", "terraform@2.0.0"),
        ("tofu@1.9", None),
        ("terraform@x", None),
        ("", None),
    ],
)
def test_a_language_is_written_as_dialect_and_version(text: str, name: str | None) -> None:
    found = parse_language(text)
    assert (found.name if found is not None else None) == name


@pytest.mark.parametrize(
    ("constraint", "fitting", "others"),
    [
        ("1.5.7", ["1.5.7"], ["1.5.6", "1.6.0"]),
        ("~> 1.5", ["1.5.0", "1.9.0"], ["1.4.9", "2.0.0"]),
        ("~> 1.5.3", ["1.5.3", "1.5.9"], ["1.5.2", "1.6.0"]),
        (">= 1.2, != 1.4.0, < 2", ["1.2.0", "1.4.1"], ["1.4.0", "2.0.0"]),
        ("~> 1", ["1.0.0", "3.0.0"], ["0.9.0"]),
        ("<= 1.5 , > 1.3", ["1.5.0", "1.4.0"], ["1.3.0", "1.5.1"]),
    ],
)
def test_constraints_choose_versions(constraint: str, fitting: list[str], others: list[str]) -> None:
    fits = parse_constraint(constraint)
    assert fits is not None
    for text in (*fitting, *others):
        version = parse_version(text)
        assert version is not None
        assert fits(version) is (text in fitting)


@pytest.mark.parametrize("constraint", ["", "latest", ">= ", "=> 1.2", "1.2 1.3", "~> x"])
def test_what_is_no_constraint(constraint: str) -> None:
    assert parse_constraint(constraint) is None
