from __future__ import annotations

import html
import json
import random
import subprocess
from typing import Any

import pytest

from astralint.draw import DrawOptions, draw
from astralint.draw.escape import visible
from astralint.draw.reduce import view_of
from tests.draw.names import NASTY
from tests.draw.oracles import graphviz
from tests.draw.platforms import generated, hostile, nine_accounts


def read(text: str) -> dict[str, Any]:
    run = subprocess.run([graphviz(), "-Tdot_json"], input=text.encode(), capture_output=True, timeout=60, check=True)
    assert run.stderr == b""
    data: dict[str, Any] = json.loads(run.stdout)
    return data


def nodes(data: dict[str, Any]) -> list[dict[str, Any]]:
    return [item for item in data.get("objects", []) if "nodes" not in item and "subgraphs" not in item]


def clusters(data: dict[str, Any]) -> list[dict[str, Any]]:
    return [item for item in data.get("objects", []) if item["name"].startswith("cluster_")]


def shown(label: str) -> str:
    return html.unescape(label.replace("\\\\", "\\"))


def test_verdicts_have_their_own_lines() -> None:
    text = draw(nine_accounts(), "dot", DrawOptions())
    assert 'style=dashed color="#9a6b12" label="PrincipalTag/release is approved"' in text
    assert "style=dotted" in text
    assert 'style=solid color="#c8322b"' in text


@pytest.mark.oracle
@pytest.mark.parametrize("level", ["account", "role", "resource"])
def test_graphviz_reads_and_draws_it(level: str) -> None:
    for graph in (nine_accounts(), generated(40, 4)):
        options = DrawOptions(level=level, title="T", version="1")
        text, view = draw(graph, "dot", options), view_of(graph, options)
        data = read(text)
        assert len(data["edges"]) == len(view.edges)
        assert len(clusters(data)) == len({node.container for node in view.nodes})
        assert len(nodes(data)) == len(view.nodes) + len(view.containers)
    drawn = subprocess.run(
        [graphviz(), "-Tsvg"],
        input=draw(nine_accounts(), "dot", DrawOptions(level=level)).encode(),
        capture_output=True,
        timeout=60,
        check=True,
    )
    assert drawn.stdout.rstrip().endswith(b"</svg>")


@pytest.mark.oracle
def test_graphviz_reads_hostile_names_as_names() -> None:
    chance = random.Random(5)
    cases = [[name, "other"] for name in NASTY] + [[chance.choice(NASTY) for _ in range(6)] for _ in range(40)]
    for case in cases:
        options = DrawOptions(level="role", title=case[0], version=case[1])
        text, view = draw(hostile(case), "dot", options), view_of(hostile(case), options)
        data = read(text)
        assert len(data["edges"]) == len(view.edges), case
        assert len(nodes(data)) == len(view.nodes) + len(view.containers), case
        labels = {shown(item["label"]) for item in nodes(data)}
        for node in view.nodes:
            if len(visible(node.name)) <= 80:
                assert visible(node.name) in labels, (node.name, labels)
