"""A component's sections as values: templates rendered, YAML functions answered as far as they read nothing outside."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping as Names

from astralint.layouts.atmos.components import Component, identity
from astralint.layouts.atmos.manifests import ENDINGS
from astralint.layouts.atmos.node import Call, Mapping, Node, Scalar
from astralint.layouts.atmos.project import Project, read_manifest
from astralint.layouts.atmos.template import is_template, render
from astralint.layouts.atmos.template_functions import of_plain
from astralint.layouts.atmos.template_syntax import TemplateError
from astralint.layouts.atmos.values import plain_value, value_of
from astralint.source.diagnostic import Diagnostic
from astralint.source.partial import Hole, PartialText
from astralint.source.span import Span
from astralint.source.tree import SourceError, TreePath, absolute_root, join, parent
from astralint.terraform.configuration.loader import ModuleLoader
from astralint.terraform.requests import RemoteStateRequest
from astralint.terraform.results import RemoteStateRead
from astralint.terraform.values.operations import reasons_in
from astralint.terraform.values.types import DYNAMIC, STRING, ObjectType
from astralint.terraform.values.value import (
    OpenAttributes,
    Origin,
    Reason,
    StateOutputs,
    Unknown,
    Value,
    object_of,
    string,
    unknown,
)
from astralint.terraform.wrapper import Ask

LAYOUT = "atmos"
FOREIGN = re.compile(r"\$\{[A-Za-z_][A-Za-z0-9_.-]*\}")
"""What looks like a reference to a variable, and is plain text for Atmos."""
_STEP = re.compile(r"\.([A-Za-z_][A-Za-z0-9_-]*)|\[\"([^\"]+)\"\]|\[([0-9]+)\]")


def unit_of(project: Project, stack: str, component: str) -> str:
    """Return what a component of a stack is called by those who read its outputs."""
    return f"{project.file}:{stack}:{component}"


class Resolution:
    """One component's reading."""

    def __init__(
        self,
        loader: ModuleLoader,
        project: Project,
        component: Component,
        stack: str,
        workspace: str,
        *,
        name: str = "",
        environment: Names[str, str] | None = None,
        static: Names[str, Value] | None = None,
        neighbours: Names[str, Component] | None = None,
        ask: Ask | None = None,
    ) -> None:
        self.loader = loader
        self.project = project
        self.component = component
        self.stack = stack
        self.name = name
        self.environment = environment or {}
        self.static = static or {}
        self.neighbours = neighbours or {}
        self.reads: dict[RemoteStateRequest, RemoteStateRead] = {}
        self.diagnostics: dict[Diagnostic, None] = {}
        self._ask = ask
        self._data = object_of(
            {**component.data(), **identity(component, stack), "workspace": string(workspace), **self._parts()}
        )
        templates = component["settings"].mapping("templates", "settings")
        self._renders = templates.flag("enabled", default=project.templates)

    def _parts(self) -> dict[str, Value]:
        found = self.component["vars"]
        return {name: string(text) for name in ("namespace", "tenant", "environment") if (text := found.text(name))}

    def value(self, node: Node) -> Value:
        """Return a node's value."""
        return value_of(node, self._leaf)

    # --- texts --------------------------------------------------------------------------------------

    def _leaf(self, node: Scalar | Call) -> Value:
        if isinstance(node, Call):
            return self._called(node)
        text = node.text
        if text is None or node.literal:
            return node.value
        value = self._rendered(text, node.span)
        raw = value.raw
        foreign = FOREIGN.search(raw) if isinstance(raw, str) else None
        if foreign is not None and isinstance(raw, str):
            return _foreign(raw, node.span)
        return value

    def _rendered(self, text: str, span: Span) -> Value:
        """Return a text with its templates rendered, as often as the project says."""
        value = string(text)
        for _ in range(self.project.evaluations):
            raw = value.raw
            if not self._renders or not isinstance(raw, str) or not is_template(raw, self.project.delimiters[0]):
                break
            try:
                value = render(raw, self._data, self._component, self.project.delimiters)
            except TemplateError as error:
                reason = self._problem("invalid-template", f"a template of `{self.component.name}`: {error}", span)
                return unknown(reason, STRING)
        return value

    def _component(self, name: str, stack: str) -> Value:
        """Return what `atmos.Component` gives."""
        found = {"outputs": self.outputs(name, stack, self.component.span)}
        other = self.neighbours.get(name) if stack == self.stack else None
        if other is not None:
            found.update(other.data())
            return object_of(found)
        reason = Reason("unsupported", f"the sections of `{name}` in `{stack}` are not computed")
        return Value(ObjectType(tuple((key, item.type) for key, item in found.items())), OpenAttributes(found, reason))

    def _problem(self, code: str, message: str, span: Span) -> Reason:
        self.diagnostics.setdefault(Diagnostic(code, "error", message, span, broken=True))
        return Reason("error", message, span)

    # --- YAML functions -----------------------------------------------------------------------------

    def _called(self, call: Call) -> Value:
        rendered = self._rendered(call.argument, call.span)
        if not isinstance(rendered.raw, str):
            return unknown(reasons_in([rendered]), DYNAMIC)
        given = rendered.raw
        if call.name in ("terraform.output", "terraform.state"):
            return self._output(call, given)
        if call.name == "template":
            return _parsed(given)
        if call.name in ("include", "include.raw"):
            return self._included(call, given)
        if call.name == "env":
            return self._variable(call, given)
        if call.name in ("repo-root", "cwd"):
            return string(absolute_root(self.loader.tree))
        if call.name in ("tags", "labels"):
            return plain_value(self.component.metadata.mapping(call.name))
        return unknown(Reason("impure-function", f"`!{call.name}` is not computed", call.span), DYNAMIC)

    def _output(self, call: Call, given: str) -> Value:
        try:
            words = shlex.split(given)
        except ValueError:
            words = given.split()
        if len(words) < 2:
            return unknown(
                self._problem("invalid-manifest", f"`!{call.name}` needs a component and an output", call.span)
            )
        fallback = words.index("//") if "//" in words else len(words)
        words = words[:fallback]
        component, stack, path = words[0], self.stack, words[-1]
        if len(words) == 3:
            stack = words[1]
        value = self.outputs(component, stack, call.span)
        return _at(value, path if path.startswith((".", "[")) else f".{path}", call.span)

    def _variable(self, call: Call, given: str) -> Value:
        name, _, _ = given.partition(" ")
        own = self.component["env"].get(name)
        if own is not None:
            return self.value(own)
        if name in self.environment:
            return string(self.environment[name])
        reason = Reason("variable-without-value", f"the environment variable `{name}` is not in the code", call.span)
        return unknown(reason, STRING)

    def _included(self, call: Call, given: str) -> Value:
        text, _, query = given.partition(" ")
        if "://" in text or "::" in text:
            return unknown(Reason("file-not-readable", f"`{text}` is not in the tree", call.span), DYNAMIC)
        base = parent(call.span.file) if text.startswith(("./", "../")) else parent(self.project.stacks)
        path = join(base, text)
        value = self._file(call, path, raw=call.name == "include.raw")
        return _at(value, query.strip(), call.span) if query.strip() else value

    def _file(self, call: Call, path: TreePath, *, raw: bool) -> Value:
        try:
            content = self.loader.tree.read(path).decode(errors="replace")
        except SourceError as error:
            return unknown(self._problem("file-not-readable", f"`{path}`: {error}", call.span), DYNAMIC)
        if raw or not path.endswith((*ENDINGS, ".json", ".hcl", ".tfvars")):
            return string(content)
        if path.endswith(".json"):
            return _parsed(content)
        if path.endswith((".hcl", ".tfvars")):
            return unknown(Reason("unsupported", f"`{path}` is not read as values", call.span), DYNAMIC)
        node, problem = read_manifest(self.loader.tree, path)
        if node is None:
            message = problem.message if problem is not None else "it is no manifest"
            return unknown(self._problem("syntax-error", f"`{path}`: {message}", call.span), DYNAMIC)
        return self.value(node)

    # --- outputs of others ----------------------------------------------------------------------------

    def outputs(self, component: str, stack: str, span: Span) -> Value:
        """Return the outputs of a component in a stack, as far as they are known."""
        unit = unit_of(self.project, stack, component)
        if unit in self.static:
            return self.static[unit]
        request = RemoteStateRequest(LAYOUT, (("path", unit),))
        self.reads.setdefault(request, RemoteStateRead(f"{component} in {stack}", request, span))
        if self._ask is None:
            return unknown(Reason("pending", "another workspace has not answered yet"), DYNAMIC)
        answer = self._ask(request)
        if answer.value is None:
            if answer.reason is not None and answer.reason.code != "remote-state-unmatched":
                return unknown(answer.reason, DYNAMIC)
            return unknown(Reason("remote-state-unmatched", f"there is no `{component}` in the stack `{stack}`", span))
        found: dict[str, Value] = {}
        for name, value in answer.value.raw.items():
            place = next((origin.span for origin in value.origins), answer.span)
            origin = Origin("remote-state", f"{answer.producer}: output.{name}", self.name, place, value.origins)
            found[name] = value.with_origins(frozenset((origin,)))
        type_ = ObjectType(tuple((name, value.type) for name, value in sorted(found.items())))
        if answer.complete:
            message = f"`{answer.producer}` declares no such output"
            return Value(type_, StateOutputs(found, Reason("remote-state-output-missing", message, answer.span)))
        message = f"`{answer.producer}` could not be read as a whole"
        return Value(
            type_, OpenAttributes(found, answer.reason or Reason("remote-state-output-unknown", message, answer.span))
        )


def _parsed(text: str) -> Value:
    """Return what JSON says; a text that is none is itself."""
    try:
        return of_plain(json.loads(text))
    except (ValueError, RecursionError):
        return string(text)


def _at(value: Value, path: str, span: Span) -> Value:
    """Return what lies at a simple path; anything else that yq can do is not computed."""
    position = 0
    while position < len(path):
        match = _STEP.match(path, position)
        if match is None:
            return unknown(Reason("unsupported", f"the expression `{path}` is not computed", span), DYNAMIC)
        position = match.end()
        raw = value.raw
        if isinstance(raw, Unknown):
            return unknown(raw.reasons, DYNAMIC)
        name = match[1] or match[2]
        found: Value | None = None
        if name is not None and isinstance(raw, dict):
            found = raw.get(name)
            if found is None and isinstance(raw, OpenAttributes | StateOutputs):
                return unknown(raw.reason, DYNAMIC)
        elif name is None and isinstance(raw, tuple) and int(match[3]) < len(raw):
            found = raw[int(match[3])]
        if found is None:
            return Value(DYNAMIC, None)
        value = found
    return value


def _foreign(text: str, span: Span) -> Value:
    parts: list[str | Hole] = []
    position = 0
    for match in FOREIGN.finditer(text):
        parts += [text[position : match.start()], Hole(f"`{match[0]}` is no syntax of Atmos")]
        position = match.end()
    partial = PartialText.of(*parts, text[position:])
    first = next(part for part in parts if isinstance(part, Hole))
    return unknown(Reason("unsupported", first.reason, span), STRING, text=partial, not_null=True)


def given_values(section: Mapping, resolution: Resolution) -> dict[str, tuple[Value, Span]]:
    """Return the values of a section's keys, and where each stands."""
    return {name: (resolution.value(node), node.span) for name, node in section.items.items()}
