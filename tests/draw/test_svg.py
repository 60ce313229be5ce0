from __future__ import annotations

import itertools
import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from astralint.draw import DrawOptions, draw, draw_with_notes
from astralint.draw.districts import fold
from astralint.draw.escape import visible
from astralint.draw.labels import place_labels
from astralint.draw.layout import Box, arrange
from astralint.draw.reduce import view_of
from astralint.draw.routing import route
from tests.draw.names import names
from tests.draw.platforms import Builder, generated, hostile, nine_accounts

SVG = "{http://www.w3.org/2000/svg}"
GRAPHS = {"nine": nine_accounts, "thirty": lambda: generated(30, 6), "many": lambda: generated(150, 5)}


def placed(graph_name: str, level: str):
    view = fold(view_of(GRAPHS[graph_name](), DrawOptions(level=level)))
    layout = arrange(view)
    return view, layout, route(layout, view.edges)


def overlap(a: Box, b: Box) -> bool:
    return a.x < b.x + b.width and b.x < a.x + a.width and a.y < b.y + b.height and b.y < a.y + a.height


@pytest.mark.parametrize("level", ["account", "role"])
@pytest.mark.parametrize("name", GRAPHS)
def test_boxes_never_overlap_and_stand_in_their_lanes_order(name: str, level: str) -> None:
    _, layout, _ = placed(name, level)
    for column in layout.columns:
        assert not any(overlap(a, b) for a, b in itertools.combinations(column, 2))
    lanes = [column[0].lane for column in layout.columns]
    assert lanes == sorted(lanes)
    lefts = [column[0].x for column in layout.columns]
    assert all(b - a > layout.measures.width for a, b in itertools.pairwise(lefts))
    assert all(box.lane == column[0].lane for column in layout.columns for box in column)
    assert all(box.y + box.height <= layout.height + 0.1 and box.y > 100 for box in layout.boxes)


@pytest.mark.parametrize("level", ["account", "role"])
@pytest.mark.parametrize("name", GRAPHS)
def test_lines_begin_and_end_at_their_boxes_and_run_through_gaps(name: str, level: str) -> None:
    view, layout, wires = placed(name, level)
    assert [wire.edge for wire in wires] == list(view.edges)
    for wire in wires:
        for box, (x, y) in ((wire.source, wire.points[0]), (wire.target, wire.points[-1])):
            assert min(abs(x - box.x), abs(x - box.x - box.width)) <= 2
            assert box.y - 0.5 <= y <= box.y + box.height + 0.5
        for x, y in wire.points[1:-1]:
            column = min(layout.columns, key=lambda column: abs(column[0].x + column[0].width / 2 - x))
            assert not any(box.y < y < box.y + box.height for box in column), (x, y)


@pytest.mark.parametrize("name", GRAPHS)
def test_labels_cover_neither_boxes_nor_each_other(name: str) -> None:
    _, layout, wires = placed(name, "account")
    labels = place_labels(layout, wires)
    assert labels
    areas = [(label.x - label.width / 2, label.y - 7.5, label.x + label.width / 2, label.y + 7.5) for label in labels]
    boxes = [(box.x, box.y, box.x + box.width, box.y + box.height) for box in layout.boxes]
    for a, b in [*itertools.combinations(areas, 2), *itertools.product(areas, boxes)]:
        assert not (a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3])


def test_ordering_unties_crossed_lines() -> None:
    b = Builder()
    shared = [b.account(name, "network") for name in ("a", "b", "c")]
    environments = [b.account(name, "production") for name in ("x", "y", "z")]
    for left, right in zip(shared, reversed(environments), strict=True):
        b.assume(left, b.resource(right.partition(":")[2], "role"))
    layout = arrange(view_of(b.graph, DrawOptions()))
    first, second = ([box.container.name for box in column] for column in layout.columns)
    assert dict(zip(first, second, strict=True)) == {"a": "z", "b": "y", "c": "x"}


def test_the_picture_is_still_and_follows_light_and_dark() -> None:
    text = draw(nine_accounts(), "svg", DrawOptions(title="Astradot", version="1.2.3"))
    root = ET.fromstring(text)
    tags = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert tags <= {"svg", "title", "desc", "style", "defs", "marker", "rect", "text", "tspan", "g", "path", "circle"}
    assert "prefers-color-scheme:dark" in text
    assert not re.search(r"href|url\((?!#)|@import|font-face|<script|foreignObject", text)
    texts = ["".join(element.itertext()) for element in root.iter(SVG + "text")]
    for name in ("Astradot", "production", "sandbox-karpenter", "AWS services", "Environments", "AL114", "AL116"):
        assert name in texts
    legend = " ".join(texts)
    for words in ("allowed 40", "conditional 15", "half-open: one side only 2", "violates a rule 2", "not resolved 1"):
        assert words in legend
    classes = [element.get("class", "") for element in root.iter(SVG + "path")]
    for style in ("edge allowed", "edge conditional", "edge half-open"):
        assert any(name.startswith(style) for name in classes)
    assert sum("violation" in name and name.startswith("edge allowed") for name in classes) == 2


def test_tooltips_hold_what_labels_cut() -> None:
    text = draw(nine_accounts(), "svg", DrawOptions())
    titles = [element.text or "" for element in ET.fromstring(text).iter(SVG + "title")]
    (title,) = [title for title in titles if title.startswith("artifact → production")]
    assert "if aws:PrincipalTag/release is approved" in title
    assert "workspaces/production/roles.tf:" in title
    assert "(identity)" in title


def test_too_many_roles_fall_back_to_accounts_and_say_so() -> None:
    drawing = draw_with_notes(generated(300, 20), "svg", DrawOptions(level="role"))
    assert "this is the account level" in drawing.notes[0]
    assert len(drawing.text) < 3_000_000


@given(st.lists(names, min_size=2, max_size=6), st.sampled_from(["account", "role", "resource"]))
@settings(max_examples=60, deadline=None)
def test_names_stay_names(chosen: list[str], level: str) -> None:
    graph = hostile(chosen)
    options = DrawOptions(level=level, title=chosen[0], version=chosen[1])
    text = draw(graph, "svg", options)
    text.encode("utf-8")
    root = ET.fromstring(text)
    allowed = {"class", "d", "x", "y", "width", "height", "rx", "transform", "id", "marker-end", "cx", "cy", "r", "dx"}
    for element in root.iter():
        assert element.tag.startswith(SVG)
        assert element.tag.removeprefix(SVG) not in {"script", "a", "image", "use", "foreignObject", "animate", "set"}
        if element is not root and element.tag != SVG + "marker" and element.tag != SVG + "path":
            assert set(element.attrib) <= allowed
        assert not any(name.startswith("on") or "href" in name for name in element.attrib)
    assert (root.find(SVG + "title").text or "") == visible(chosen[0] or "Who can become whom")
    view = fold(view_of(graph, options))
    assert len([e for e in root.iter(SVG + "g") if e.get("class", "").startswith("box")]) == len(view.containers)
