"""Rules that differ only in data are declared from the rows of a table."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from astralint.api import ScanOptions, scan
from astralint.rules.api import read_table
from astralint.rules.loader import load_rules

CODE = '''
"""Resources that are not wanted."""

from __future__ import annotations

from pathlib import Path

import msgspec

from astralint.rules.api import read_table, rule


class Unwanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    name: str
    types: tuple[str, ...]
    documentation: str
    title: str = "resource"


def _declared(row):
    @rule(row.id, row.name, severity="warning", each=row.types, documentation=row.documentation)
    def check(resource, platform):
        """What all rows share."""
        yield resource.finding(f"the {row.title} `{resource.address}` is not wanted")

    return check


RULES = tuple(_declared(row) for row in read_table(Path(__file__).with_name("unwanted.toml"), Unwanted))
'''
TABLE = """
[[rule]]
id = "OWN001"
name = "no-topic"
types = ["aws_sns_topic"]
title = "topic"
documentation = '''
Topics are not wanted.

## Why

They are `"\\d+"`.
'''

[[rule]]
id = "OWN002"
name = "no-queue"
types = ["aws_sqs_*"]
documentation = "Queues are not wanted."
"""
PLATFORM = """
rule_paths = ["own"]
account "production" {
  kind = "production"
  id   = "210000000007"
  workspace "production" { path = "production" }
}
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    directory = tmp_path / "own"
    directory.mkdir()
    (directory / "unwanted.py").write_text(CODE)
    (directory / "unwanted.toml").write_text(TABLE)
    return directory


def test_each_row_is_a_rule(own: Path) -> None:
    loaded = load_rules([own])
    assert not loaded.diagnostics
    first, second = loaded.find("OWN001"), loaded.find("no-queue")
    assert first is not None
    assert second is not None
    assert (first.name, first.each, first.pack) == ("no-topic", ("aws_sns_topic",), str(own))
    assert first.summary == "Topics are not wanted"
    assert first.documentation == 'Topics are not wanted.\n\n## Why\n\nThey are `"\\d+"`.'
    assert (second.id, second.documentation) == ("OWN002", "Queues are not wanted.")


def test_each_row_judges_by_its_own_data(own: Path) -> None:
    root = own.parent
    (root / "astralint.hcl").write_text(PLATFORM)
    (root / "production").mkdir()
    (root / "production" / "main.tf").write_text(
        'resource "aws_sns_topic" "t" {\n  name = "t"\n}\nresource "aws_sqs_queue" "q" {\n  name = "q"\n}\n'
    )
    options = ScanOptions(boundary=root, jobs=1, allow_rule_code=True, select=("OWN",))
    assert [(f.rule, f.message) for f in scan(root, options).result.findings] == [
        ("OWN001", "the topic `aws_sns_topic.t` is not wanted"),
        ("OWN002", "the resource `aws_sqs_queue.q` is not wanted"),
    ]


@pytest.mark.parametrize(
    ("table", "says"),
    [
        (TABLE + "[[rule]\n", "`unwanted.toml`: "),
        (TABLE.replace('name = "no-queue"\n', ""), "missing required field `name` - at `$[...][1]`"),
        (TABLE.replace("title", "titel"), "unknown field `titel`"),
        (TABLE.replace("[[rule]]", "[[rules]]"), "holds `[[rule]]` entries and nothing else"),
        ("", "holds `[[rule]]` entries and nothing else"),
    ],
)
def test_a_broken_table_is_told_and_other_packs_stand(own: Path, table: str, says: str) -> None:
    (own / "unwanted.toml").write_text(table)
    loaded = load_rules([own])
    assert [d.code for d in loaded.diagnostics] == ["rule-pack-broken"]
    assert says in loaded.diagnostics[0].message
    assert loaded.find("AL101") is not None
    assert loaded.find("OWN001") is None


def test_only_files_that_fit_are_read(own: Path) -> None:
    class Row(msgspec.Struct):
        id: str

    assert [row.id for row in read_table(own / "unwanted.toml", Row)] == ["OWN001", "OWN002"]
    with pytest.raises(ValueError, match=re.escape("`unwanted.py`: ")):
        read_table(own / "unwanted.py", Row)
