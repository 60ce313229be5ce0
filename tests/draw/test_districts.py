"""Many accounts are drawn by their kinds."""

from __future__ import annotations

import pytest

from astralint.draw import DrawOptions, draw_with_notes
from astralint.draw.districts import gather, short_name
from astralint.draw.reduce import view_of
from tests.draw.platforms import Builder, generated, nine_accounts


def test_few_accounts_are_drawn_one_by_one() -> None:
    view = view_of(nine_accounts(), DrawOptions())
    assert gather(view) is view


def test_many_accounts_without_a_kind_are_drawn_one_by_one() -> None:
    b = Builder()
    for number in range(60):
        b.account(f"a{number}")
    view = view_of(b.graph, DrawOptions())
    assert gather(view) is view


def test_many_accounts_of_a_kind_stand_together_and_no_edge_is_lost() -> None:
    view = view_of(generated(150, 6), DrawOptions())
    kinds = gather(view)
    districts = {item.name: item for item in kinds.containers if item.kind == "district"}
    assert {name: len(item.accounts) for name, item in districts.items()} == {
        "production": 47,
        "sandbox": 46,
        "staging": 47,
    }
    assert sum(edge.count for edge in kinds.edges) + sum(item.inner for item in kinds.containers) == view.counts.edges
    rules = {rule for edge in kinds.edges for rule in edge.findings}
    rules |= {rule for item in districts.values() for rule in item.inner_findings}
    assert rules == {rule for edge in view.edges for rule in edge.findings}
    pairs = [(edge.source, edge.target) for edge in kinds.edges]
    assert len(pairs) == len(set(pairs)) < 80


def test_mermaid_draws_kinds_where_accounts_are_too_many() -> None:
    drawing = draw_with_notes(generated(150, 6), "mermaid", DrawOptions())
    assert drawing.notes == ("there are 913 edges between accounts: those of one kind are drawn as one",)
    assert "47 accounts" in drawing.text


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("billing-production", "billing"),
        ("production_eu", "eu"),
        ("production", "production"),
        ("preproduction", "preproduction"),
        ("eu.production", "eu"),
    ],
)
def test_an_account_is_called_by_what_its_district_does_not_say(name: str, short: str) -> None:
    assert short_name(name, "production") == short
