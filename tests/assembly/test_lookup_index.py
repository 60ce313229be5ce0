"""Look-ups go through an index: what it leaves out could not have been meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from astralint.assembly.lookups import ResourceDirectory
from tests.assembly.workspaces import evaluate, output

NAMES = ['"a"', '"b"', '"${var.x}-a"', "var.x", '"c-${var.x}"', "null"]
TAGS = ["{}", '{ Name = "a" }', '{ Name = "b" }', "{ Name = var.x }", "var.tags", '{ Team = "x" }']
ACCOUNTS = ["production/one", "production/two", "identity/one", "elsewhere/one"]

made = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(TAGS), st.booleans()), max_size=4)
asked = st.lists(
    st.one_of(
        st.sampled_from(NAMES[:-1]).map(lambda name: ("aws_ssm_parameter", f"name = {name}")),
        st.sampled_from(TAGS[1:4]).map(lambda tags: ("aws_vpc", f"tags = {tags}")),
    ),
    min_size=1,
    max_size=3,
)


def root(resources: list[tuple[str, str, bool]], reads: list[tuple[str, str]]) -> str:
    text = 'variable "x" {\n  type = string\n}\nvariable "tags" {\n  type = map(string)\n}\n'
    for number, (name, tags, sure) in enumerate(resources):
        count = "" if sure else '  count = var.x == "" ? 0 : 1\n'
        text += f'resource "aws_ssm_parameter" "r{number}" {{\n{count}  name = {name}\n  type = "String"\n  value = "v"\n}}\n'
        text += f'resource "aws_vpc" "r{number}" {{\n{count}  cidr_block = "10.0.0.0/16"\n  tags = {tags}\n}}\n'
    for number, (type_, argument) in enumerate(reads):
        text += f'data "{type_}" "d{number}" {{\n  {argument}\n}}\noutput "o{number}" {{\n  value = data.{type_}.d{number}.arn\n}}\n'
    return text


@given(st.lists(st.tuples(st.sampled_from(ACCOUNTS), made, asked), min_size=1, max_size=3, unique_by=lambda w: w[0]))
def test_the_same_answers_as_by_comparing_with_each(workspaces: list[tuple[str, list, list]]) -> None:  # type: ignore[type-arg]
    texts = {name: root(resources, reads) for name, resources, reads in workspaces}
    outputs = [(name, f"o{number}") for name, _, reads in workspaces for number in range(len(reads))]

    def answers() -> list[object]:
        results = evaluate(texts)
        return [output(results, workspace, name) for workspace, name in outputs]

    indexed = answers()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ResourceDirectory, "_worth_comparing", lambda self, type_, _: self._by_type.get(type_, ()))
        assert answers() == indexed
