from __future__ import annotations

import json
import random
import re
import subprocess
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

from astralint.draw import DrawOptions, draw, draw_with_notes
from astralint.draw.districts import fold
from astralint.draw.escape import visible
from astralint.draw.reduce import view_of
from tests.draw.names import NASTY
from tests.draw.oracles import mermaid_home
from tests.draw.platforms import generated, hostile, nine_accounts

LEVELS = ("account", "role", "resource")


def links(text: str) -> int:
    return len(re.findall(r"^  \S+ (?:-->|-\.->|==>)", text, re.MULTILINE))


@pytest.mark.parametrize("level", LEVELS)
def test_each_account_and_each_edge_is_there(level: str) -> None:
    graph = nine_accounts()
    options = DrawOptions(level=level)
    text, view = draw(graph, "mermaid", options), fold(view_of(graph, options))
    assert text.startswith("flowchart LR\n")
    assert links(text) == len(view.edges)
    for container in view.containers:
        assert f'["{container.name}' in text


def test_verdicts_have_their_own_lines() -> None:
    text = draw(nine_accounts(), "mermaid", DrawOptions())
    assert re.search(r'-\.->\|"PrincipalTag/release is approved"\|', text)
    assert re.search(r'-\.->\|"half-open"\|', text)
    assert re.search(r'-->\|"AL114"\|', text)
    assert re.search(r"linkStyle [\d,]+ [^\n]*stroke:#c8322b", text)


def test_too_many_roles_fall_back_to_accounts_and_say_so() -> None:
    graph = generated(60, 20)
    drawing = draw_with_notes(graph, "mermaid", DrawOptions(level="role"))
    assert links(drawing.text) <= 500
    assert len(drawing.text) <= 50_000
    assert "this is the account level" in drawing.notes[0]
    assert "this is the account level" in drawing.text
    assert "subgraph" not in drawing.text.split("c4")[1].split("\n")[0]


def test_too_many_accounts_keep_what_weighs_most() -> None:
    graph = generated(400, 4)
    for _, data in graph.nodes(data=True):
        data["account_kind"] = ""
    drawing = draw_with_notes(graph, "mermaid", DrawOptions())
    assert links(drawing.text) <= 500
    assert len(drawing.text) <= 50_000
    assert "are left out" in drawing.notes[-1]
    assert "are left out" in drawing.text
    violating = sum(1 for edge in view_of(graph, DrawOptions()).edges if edge.findings)
    assert len(re.findall(r"AL11\d", drawing.text)) == violating > 0


def test_no_circle_of_subgraphs_is_left() -> None:
    text = draw(nine_accounts(), "mermaid", DrawOptions(level="role"))
    home: dict[str, str] = {}
    group = ""
    for line in text.splitlines():
        if opened := re.match(r"  subgraph (\w+)", line):
            group = opened[1]
        elif inside := re.match(r"    (\w+)\[", line):
            home[inside[1]] = group
    circles: nx.DiGraph = nx.DiGraph()
    for source, target in re.findall(r"^  (\w+) (?:-->|-\.->|==>)(?:\|.*\|)? (\w+)$", text, re.MULTILINE):
        if source in home and target in home and home[source] != home[target]:
            circles.add_edge(home[source], home[target])
    assert circles.number_of_edges() > 20
    assert nx.is_directed_acyclic_graph(circles)
    assert len(re.findall(r"^  a\d+\[", text, re.MULTILINE)) == 2


def test_with_many_edges_names_say_the_account() -> None:
    text = draw(generated(30, 5), "mermaid", DrawOptions(level="role"))
    assert "subgraph" not in text.replace("for subgraphs", "")
    assert '["billing-core-production / deploy"]' in text
    assert links(text) == len(view_of(generated(30, 5), DrawOptions(level="role")).edges)


def parsed(texts: list[str]) -> list[dict[str, Any]]:
    home = mermaid_home()
    script = Path(__file__).with_name("mermaid_parse.mjs")
    lines = "".join(json.dumps(text) + "\n" for text in texts)
    run = subprocess.run(
        ["node", str(script), str(home)], input=lines, capture_output=True, text=True, timeout=120, check=True
    )
    return [json.loads(line) for line in run.stdout.splitlines()]


def shown(label: str) -> str:
    """What a label of Mermaid's own model stands for."""
    label = label.replace("ﬂ°quot¶ß", '"')
    return re.sub(r"ﬂ°°(\d+)¶ß", lambda match: chr(int(match[1])), label)


@pytest.mark.oracle
def test_mermaid_reads_what_is_drawn() -> None:
    graphs = [(nine_accounts(), level) for level in LEVELS] + [
        (generated(60, 20), "role"),
        (generated(400, 4), "account"),
    ]
    texts = [draw(graph, "mermaid", DrawOptions(level=level, title="T")) for graph, level in graphs]
    for text, answer in zip(texts, parsed(texts), strict=True):
        assert answer.get("type") == "flowchart-v2", answer
        assert len(answer["edges"]) == links(text)


@pytest.mark.oracle
def test_mermaid_reads_hostile_names_as_names() -> None:
    chance = random.Random(11)
    cases = [[name, "other"] for name in NASTY] + [[chance.choice(NASTY) for _ in range(6)] for _ in range(80)]
    texts, views = [], []
    for case in cases:
        for level in ("account", "role"):
            options = DrawOptions(level=level, title=case[0], version=case[1])
            texts.append(draw(hostile(case), "mermaid", options))
            views.append(view_of(hostile(case), options))
    for text, view, answer in zip(texts, views, parsed(texts), strict=True):
        assert answer.get("type") == "flowchart-v2", (text, answer)
        assert len(answer["edges"]) == len(view.edges), text
        ends = {end for edge in view.edges for end in (edge.source, edge.target)}
        roots = {item.id for item in view.containers if item.id in ends and not item.collapsed}
        groups = {node.container for node in view.nodes} | roots
        again = len(re.findall(r"^  a\d+\[", text, re.MULTILINE))
        assert len(answer["groups"]) == len(groups), text
        singles = len(view.containers) - len(groups)
        assert len(answer["nodes"]) == len(view.nodes) + singles + len(roots) + again, text
        labels = {shown(label).strip() for _, label in answer["nodes"]}
        for node in view.nodes:
            name = visible(node.name)
            if len(name) <= 60:
                assert name.strip() in labels, (name, labels)
