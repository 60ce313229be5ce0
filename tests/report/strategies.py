"""Any check's result, hostile ones included."""

from __future__ import annotations

from hypothesis import strategies as st

from astralint.rules.finding import (
    CheckResult,
    Coverage,
    Evidence,
    Finding,
    RuleDescription,
    SilentRule,
    SuppressedFinding,
    UndecidedSubject,
)
from astralint.source.diagnostic import Diagnostic, Label
from astralint.source.span import Span

FILES = (
    "workspaces/production/main.tf",
    "modules/hostile name/main.tf",
    "gone.tf",
    "ü/a%b#c?.tf",
    "x\x1b\n\ud800:,.tf",
)
HOSTILE = (
    "",
    "plain",
    "\x1b[31mred\x1b[0m",
    "two\nlines\r\n",
    "a `name` in backticks",
    "<script>alert(1)</script>",
    "[text](http://evil.example)",
    "| a | b |",
    "]]>&amp;\"'",
    "::error file=x::y",
    "\\[ {0} {{1}} {production} %SRCROOT%",
    "\u202eevil\u2066\u200b\ufeff\x9b",
    "\ud800 lone \udfff",
    "www.evil.example @everyone #1 $x^2$ **bold** ~~no~~",
    "日本語 👩\u200d👩 e\u0301",
    "x" * 9000,
)
texts = st.sampled_from(HOSTILE) | st.text(max_size=30)
severities = st.sampled_from(("error", "warning", "note"))
rule_ids = st.sampled_from(("AL101", "AL201", "AL999", "odd ]id[", "\x1b"))
numbers = st.integers(1, 40)


@st.composite
def spans(draw: st.DrawFn) -> Span:
    line, column = draw(numbers), draw(numbers)
    end_line = line + draw(st.integers(0, 3))
    end_column = draw(numbers) if end_line > line else column + draw(st.integers(0, 20))
    return Span(draw(st.sampled_from(FILES)), line, column, end_line, end_column)


evidence = st.builds(Evidence, spans(), texts, texts)
findings = st.builds(
    Finding,
    rule=rule_ids,
    name=texts,
    severity=severities,
    message=texts,
    primary=evidence,
    evidence=st.lists(evidence, max_size=3).map(tuple),
    path=st.lists(evidence, max_size=3).map(tuple),
    subject=texts,
    workspace=texts,
    account=texts,
    help=st.none() | texts,
)
diagnostics = st.builds(
    Diagnostic,
    code=texts,
    severity=severities,
    message=texts,
    span=st.none() | spans(),
    labels=st.lists(st.builds(Label, spans(), texts), max_size=2).map(tuple),
    help=st.none() | texts,
    broken=st.booleans(),
)
rules = st.builds(
    RuleDescription,
    id=rule_ids,
    name=texts,
    severity=severities,
    summary=texts,
    documentation=texts,
    tags=st.lists(texts, max_size=12).map(tuple),
    help_uri=st.none() | texts | st.just("https://example.com/a?b=c#d"),
    security_severity=st.none() | st.just("7.5"),
    pack=texts,
)
pairs = st.lists(st.tuples(texts, numbers), max_size=12).map(tuple)
names = st.lists(texts, max_size=12).map(tuple)
coverages = st.builds(
    Coverage,
    files=numbers,
    workspaces=numbers,
    workspaces_broken=names,
    unmapped_workspaces=names,
    accounts=st.lists(st.tuples(texts, texts, texts, numbers), max_size=2).map(tuple),
    module_calls=numbers,
    modules_missing=pairs,
    remote_state_reads=numbers,
    unknown_reasons=pairs,
)
results = st.builds(
    CheckResult,
    findings=st.lists(findings, max_size=3).map(tuple),
    suppressed=st.lists(
        st.builds(
            SuppressedFinding,
            findings,
            st.sampled_from(("comment", "configuration", "baseline")),
            texts,
            st.none() | spans(),
        ),
        max_size=2,
    ).map(tuple),
    undecided=st.lists(
        st.builds(UndecidedSubject, rule_ids, texts, texts, texts, texts, st.none() | spans()), max_size=3
    ).map(tuple),
    silent=st.lists(st.builds(SilentRule, rule_ids, texts, texts), max_size=2).map(tuple),
    diagnostics=st.lists(diagnostics, max_size=2).map(tuple),
    rules=st.lists(rules, max_size=3).map(tuple),
    coverage=coverages,
)
