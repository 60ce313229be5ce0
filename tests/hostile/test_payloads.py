"""One table of payloads over every command and format: each sink escapes what it would read as its own."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.hostile.platforms import COMMANDS, commit, formats_of, platform, run

PAYLOADS = {
    "workflow-command": "a\n::add-mask::b\n  ::set-output name=x::y",
    "legacy-commands": "##[error]x##[group]##vso[task.setvariable variable=a]b##VSO[c]",
    "controls": "a\x00\x07\x1b[31mb\x7f\x80\x9b31m\x9d0;title\x07\x85",
    "bidirectional": "a\u202eb\u2066c\u2069\u200f\u061c\ufeff",
    "line-separators": "a\u2028b\u2029c\rd\x0be\x0cf\x1cg",
    "invisible": "a\u200b\u200d\u2060\u00ad\U000e0041b",
    "markup": "</script><script>alert(1)</script>]]>--><img src=x onerror=alert(1)>&lt;\"'",
    "markdown": "[x](javascript:alert(1)) | `a` **b** @team #1 <b> http://x.example\n# head\n- item",
    "quotes": '"\'\\" ] } %s {0} ${x} %{if} \\u0041 \\n',
    "dot-and-mermaid": 'a" ]; x -> y [label="z"\nend\n%% comment\nclick a "javascript:x"',
    "formula": '=HYPERLINK("http://x","y")',
    "percent": "%0A::error::%25",
    "long": "x" * 5000,
}
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u061c\u2028-\u202e\u2066-\u2069\ufeff]")
CALLS = [call for name in COMMANDS for call in formats_of(name)]
WHY = (["why", "two/u", "one/r", "-f", "text"], ["why", "two/u", "one/r", "-f", "json"])
DIFF = tuple(["diff", "HEAD", "-f", name] for name in ("text", "json", "markdown"))


def judge(output: str, call: list[str]) -> None:
    """Fail where an output holds what its readers would obey."""
    assert not CONTROLS.search(output), repr(CONTROLS.search(output))
    if "github" not in call:
        assert not re.search(r"(?m)^\s*::[A-Za-z]", output)
    else:
        for line in output.splitlines():
            assert not re.match(r"\s*::(?!error |warning |notice )", line)
    assert "##[" not in output
    assert "##vso[" not in output.lower()
    format_ = call[call.index("-f") + 1] if "-f" in call else "text"
    if format_ in ("json", "sarif", "gitlab"):
        json.loads(output)
    if format_ in ("graphml", "junit", "svg"):
        ET.fromstring(output.encode())
    if format_ == "html":
        assert "<script>alert" not in output
        assert "<img src=x" not in output
    if format_ == "markdown":
        assert "<img" not in output
        assert "](javascript" not in output


@pytest.fixture(scope="module", params=PAYLOADS)
def attacked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    root = tmp_path_factory.mktemp("attacked")
    commit(platform(root, "x"), "harmless")
    payload = PAYLOADS[request.param]
    payload = payload[:200] if request.param == "long" else payload
    return platform(root, payload), payload


@pytest.mark.parametrize("call", [*CALLS, *WHY, *DIFF], ids=" ".join)
def test_no_format_obeys(attacked: tuple[Path, str], call: list[str]) -> None:
    root, payload = attacked
    if call in WHY:
        if "\0" in payload:
            pytest.skip("no argument holds a NUL")
        call = [call[0], f"two{payload}/u{payload}", f"one{payload}/r{payload}", *call[3:]]
    result = run(root, *call)
    assert result.exit_code in (0, 1, 2, 3)
    if call[0] == "why" and not result.stdout:
        assert "there is no" in result.stderr
        return
    judge(result.stdout, call)
    assert not CONTROLS.search(result.stderr)
    assert not re.search(r"(?m)^\s*::[A-Za-z]|##\[|##vso\[", result.stderr)


def test_commands_that_write_other_things(attacked: tuple[Path, str]) -> None:
    root, payload = attacked
    calls = [["init", "--stdout"], ["graph", "--escalation", "-f", "json"]]
    if "\0" not in payload:
        calls += [["can", f"two{payload}/u{payload}", "-f", name] for name in ("text", "json")]
    for call in calls:
        result = run(root, *call)
        judge(result.stdout, call)
        assert not CONTROLS.search(result.stderr)


def test_eval(attacked: tuple[Path, str]) -> None:
    root, _ = attacked
    for expression in (
        "local.names",
        "local.nothing",
        "file(keys(local.names)[0])",
        "tonumber(values(local.names)[0])",
    ):
        result = run(root, "eval", "accounts", "-w", "b", expression)
        judge(result.stdout, ["eval", "-f", "json"] if result.stdout else ["eval"])
