"""The cause beside the symptom: which argument of a module call decides what a finding in a module says.

`identifiers = [var.provider_arn]` in a module is as right or wrong as what the call gives. The
argument is followed from call to call, up to the root's and to its variable files.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from astralint.estate.model import Resource, Workspace
from astralint.hcl import syntax
from astralint.platform.platform import Platform
from astralint.rules.finding import Finding
from astralint.source.evidence import Evidence
from astralint.source.span import Span
from astralint.terraform.configuration.body import SourceFile

SHOWN = 4
REPEATS = ("count", "for_each")
DEEPEST = 12


def with_cause(finding: Finding, platform: Platform) -> Finding:
    """Return a finding in a module with the places that decide it, after its own evidence; others as they are."""
    workspace = platform.workspaces.get(finding.workspace)
    if workspace is None or finding.primary.span.file.rpartition("/")[0] in (workspace.directory, ""):
        return finding
    resource = platform.find(workspace.name, finding.subject.partition(": ")[0])
    if resource is None or not resource.instance.module:
        return finding
    known = {(item.span.file, item.span.line) for item in (finding.primary, *finding.evidence, *finding.path)}
    found = _Causes(platform, workspace).of(finding.primary.span, resource)
    fresh = [place for place in dict.fromkeys(found) if (place.span.file, place.span.line) not in known]
    return msgspec.structs.replace(finding, evidence=(*finding.evidence, *fresh[:SHOWN])) if fresh else finding


class _Causes:
    def __init__(self, platform: Platform, workspace: Workspace) -> None:
        self._platform = platform
        self._workspace = workspace
        self._calls = {call.address: call.span for call in workspace.result.module_calls}

    def of(self, span: Span, resource: Resource) -> Iterator[Evidence]:
        source = self._platform.source(span.file)
        if source is None:
            return
        block = resource.block
        attribute = _attribute_at(source, span)
        expressions = [attribute.expression] if attribute is not None else []
        if attribute is None and block is not None:
            expressions = [a.expression for a in block.body.attributes if a.name in REPEATS]
        names = dict.fromkeys(name for one in expressions for name in _variables(one, source))
        for name in names:
            yield from self._given(resource.instance.module, name)

    def _given(self, module: str, name: str) -> Iterator[Evidence]:
        """Yield where a module's variable gets its value, from the nearest call to the root's variable files."""
        for _ in range(DEEPEST):
            call = self._block(module)
            attribute = None
            if call is not None:
                attribute = next((a for a in call[1].body.attributes if a.name == name), None)
            if call is None or attribute is None:
                return
            source = call[0]
            place = source.span(attribute.start, attribute.end)
            yield Evidence(place, f"`{name}` is given here", self._workspace.name)
            names = list(dict.fromkeys(_variables(attribute.expression, source)))
            if len(names) != 1:
                return
            name, module = names[0], _around(module)
            if not module:
                yield from self._of_root(name)
                return

    def _of_root(self, name: str) -> Iterator[Evidence]:
        """Yield where a variable file sets a variable of the root: the last that does. Sensitive ones are shown nowhere."""
        if self._is_sensitive(name):
            return
        files = [*self._workspace.result.files, *self._workspace.spec.variable_files]
        found: Evidence | None = None
        for file in dict.fromkeys(f for f in files if f.endswith((".tfvars", ".tfvars.json"))):
            source = self._platform.source(file)
            for attribute in source.file.body.attributes if source is not None else ():
                if attribute.name == name and source is not None:
                    place = source.span(attribute.start, attribute.end)
                    found = Evidence(place, f"`{name}` is set here", self._workspace.name)
        if found is not None:
            yield found

    def _is_sensitive(self, name: str) -> bool:
        """Say whether a variable of the root is declared as sensitive."""
        for file in self._workspace.result.files:
            source = (
                self._platform.source(file) if (file.rpartition("/")[0] or ".") == self._workspace.directory else None
            )
            for block in source.file.body.blocks if source is not None else ():
                if block.type == "variable" and block.labels[:1] == (name,):
                    return any(attribute.name == "sensitive" for attribute in block.body.attributes)
        return False

    def _block(self, module: str) -> tuple[SourceFile, syntax.Block] | None:
        """Return the call of a module instance and its file."""
        span = self._calls.get(module) or self._calls.get(_without_key(module))
        source = self._platform.source(span.file) if span is not None else None
        for block in source.file.body.blocks if source is not None else ():
            if source is not None and span is not None and block.type == "module":
                header = source.header(block)
                if header.line <= span.line <= max(header.end_line, header.line):
                    return source, block
        return None


def _without_key(module: str) -> str:
    return module.rpartition("[")[0] if module.endswith("]") else module


def _around(module: str) -> str:
    """Return the module that a module instance is called from; "" for the root."""
    return _without_key(module).rpartition(".module.")[0]


def _attribute_at(source: SourceFile, span: Span) -> syntax.Attribute | None:
    """Return the innermost attribute that a place lies in; None for a block's header."""
    found: syntax.Attribute | None = None
    pending = [source.file.body]
    while pending:
        body = pending.pop()
        for attribute in body.attributes:
            whole = source.span(attribute.start, attribute.end)
            if (whole.line, whole.column) <= (span.line, span.column) < (whole.end_line, whole.end_column):
                found = attribute
        pending.extend(block.body for block in body.blocks)
    return found


def _variables(expression: syntax.Expression, source: SourceFile) -> Iterator[str]:
    """Yield the names of the module's variables that an expression is made of, through its local values."""
    for kind, name in _references(expression):
        if kind == "var":
            yield name
        elif kind == "local":
            for block in source.file.body.blocks:
                for attribute in block.body.attributes if block.type == "locals" else ():
                    if attribute.name == name:
                        yield from (inner for prefix, inner in _references(attribute.expression) if prefix == "var")


def _references(expression: syntax.Expression) -> Iterator[tuple[str, str]]:
    pending: list[Any] = [expression]
    while pending:
        node = pending.pop()
        if isinstance(node, syntax.GetAttr) and isinstance(node.target, syntax.Variable):
            yield node.target.name, node.name
        elif isinstance(node, tuple):
            pending.extend(reversed(node))
        elif isinstance(node, syntax.Node):
            pending.extend(getattr(node, name) for name in reversed(node.__struct_fields__))
