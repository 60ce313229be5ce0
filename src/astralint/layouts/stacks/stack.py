"""One Stack: its files, its deployments, and what it publishes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from astralint.config.paths import STACK_ENDINGS
from astralint.hcl.syntax import Attribute, Block, GetAttr, Literal, Variable
from astralint.layouts.stacks.translation import Declared, translated_file
from astralint.source.diagnostic import Diagnostic
from astralint.source.span import Span
from astralint.source.tree import TreePath, join
from astralint.terraform.configuration.body import SourceFile
from astralint.terraform.configuration.loader import ModuleLoader
from astralint.terraform.evaluation.files import FileAccess
from astralint.terraform.expressions.evaluate import evaluate
from astralint.terraform.expressions.scope import Budget, Evaluate, Step
from astralint.terraform.language.language import TERRAFORM
from astralint.terraform.requests import RemoteStateRequest
from astralint.terraform.results import RemoteStateRead
from astralint.terraform.values.types import DYNAMIC, STRING
from astralint.terraform.values.value import SENSITIVE, EvaluationError, Reason, Value, unknown
from astralint.terraform.workspace import GivenVariable
from astralint.terraform.wrapper import Ask

COMPONENTS = STACK_ENDINGS
DEPLOYMENTS = (".tfdeploy.hcl", ".tfdeploy.json")
OUTDATED = ".tfstack.hcl"
LAYOUT = "stack"


class Stack:
    """The files of a directory that make a Stack; `stacks` are the directories of all that are in view."""

    def __init__(
        self, loader: ModuleLoader, directory: TreePath, stacks: Sequence[TreePath] = (), name: str = ""
    ) -> None:
        self.loader = loader
        self.directory = directory
        self.name = name
        self.stacks = stacks
        self.ask: Ask | None = None
        self.reads: dict[RemoteStateRequest, RemoteStateRead] = {}
        self._diagnostics: dict[Diagnostic, None] = {}
        self.paths: list[TreePath] = []
        self.components = self._sources(COMPONENTS)
        self.deployment_files = self._sources(DEPLOYMENTS)
        self.budget = Budget()
        self.functions = FileAccess(loader.tree, directory, self.budget, TERRAFORM)
        self._pending: list[str] = []

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        return tuple(self._diagnostics)

    def report(
        self, code: str, message: str, span: Span | None, *, severity: str = "error", broken: bool = True
    ) -> None:
        """Note a diagnostic."""
        said = Diagnostic(code, "error", message, span, broken=broken)
        if severity == "note":
            said = Diagnostic(code, "note", message, span)
        self._diagnostics.setdefault(said)

    def _sources(self, suffixes: tuple[str, ...]) -> list[SourceFile]:
        found: list[SourceFile] = []
        for entry in self.loader.tree.entries(self.directory):
            if entry.kind != "file" or not entry.name.endswith(suffixes):
                continue
            path = join(self.directory, entry.name)
            source, problems = self.loader.source(path)
            self._diagnostics.update(dict.fromkeys(problems))
            self.paths.append(path)
            if source is not None:
                found.append(source)
        return found

    # --- components ----------------------------------------------------------------------------

    def blocks(self, *types: str) -> Iterator[tuple[SourceFile, Block]]:
        """Yield the blocks of all files that have one of these types."""
        for source in (*self.components, *self.deployment_files):
            for block in source.file.body.blocks:
                if block.type in types:
                    yield source, block

    def module_directory(self, text: str) -> TreePath | None:
        """Return the directory of a component's source, if that is a path of the tree."""
        if not text.startswith(("./", "../")):
            return None
        path = join(self.directory, text)
        return None if path.startswith("..") else path

    def root_files(self) -> tuple[tuple[str, SourceFile], ...]:
        """Return the component configuration as files of a root module."""
        return tuple(
            (f"{source.path.rpartition('/')[2].partition('.')[0]}{number}.tf", _as(source, self._declared))
            for number, source in enumerate(self.components)
        )

    def _declared(self, text: str) -> frozenset[str] | None:
        path = self.module_directory(text)
        module = self.loader.module(path) if path is not None else None
        return frozenset(module.variables) if module is not None and not module.is_empty else None

    # --- deployments -----------------------------------------------------------------------------

    def deployments(self) -> dict[str, tuple[SourceFile, Block]]:
        """Return the deployments by name."""
        return {block.labels[0]: (source, block) for source, block in self.blocks("deployment") if block.labels}

    def inputs(self, name: str) -> dict[str, GivenVariable]:
        """Return what a deployment gives to the Stack's variables."""
        source, block = self.deployments()[name]
        attribute = next((a for a in block.body.attributes if a.name == "inputs"), None)
        if attribute is None:
            return {}
        declared = {b.labels[0] for _, b in self.blocks("variable") if b.labels}
        value = self._value(source, attribute)
        span = source.span_of(attribute.expression)
        found: dict[str, GivenVariable] = {}
        for key, given in value.raw.items() if isinstance(value.raw, dict) else ():
            if key not in declared:
                self.report("undeclared-variable", f"the Stack declares no variable `{key}`", span)
            found[key] = GivenVariable(given, span)
        return found

    def _value(self, source: SourceFile, attribute: Attribute) -> Value:
        try:
            return evaluate(attribute.expression, self)
        except EvaluationError as error:
            inside = error.start >= 0
            span = source.span(error.start, error.end) if inside else source.span_of(attribute.expression)
            self.report(error.code, error.message, span)
            return unknown(Reason("error", error.message, span), DYNAMIC)

    def provider_type(self, name: str) -> str | None:  # noqa: ARG002 - see Scope
        """Return None: there are no providers here."""
        return None

    def reference(self, root: Variable, steps: Sequence[Step], evaluate: Evaluate) -> tuple[Value, int]:  # noqa: ARG002
        """Resolve what a deployment's expressions may name."""
        first = steps[0] if steps else None
        name = first.name if isinstance(first, GetAttr) else ""
        if root.name == "local" and name:
            return self._local(name, root), 1
        if root.name == "identity_token" and name:
            reason = Reason("impure-function", f"the token `{name}` is made for each run")
            return unknown(reason, STRING, marks=SENSITIVE, not_null=True), 2
        if root.name == "store":
            reason = Reason("variable-without-value", f"the variable set of store `{name}` is not in the code")
            return unknown(reason, DYNAMIC), len(steps)
        if root.name == "upstream_input" and name:
            second = steps[1] if len(steps) > 1 else None
            return self._upstream(name, second.name if isinstance(second, GetAttr) else "", root), min(2, len(steps))
        if root.name == "deployment" and name:
            return self._outputs(name, root), 1
        raise EvaluationError(f"`{root.name}` is not a name that deployments know", root.start, root.end)

    def _local(self, name: str, root: Variable) -> Value:
        for source in self.deployment_files:
            for block in source.file.body.blocks:
                for attribute in block.body.attributes if block.type == "locals" else ():
                    if attribute.name != name:
                        continue
                    if name in self._pending:
                        raise EvaluationError(f"`local.{name}` needs itself", root.start, root.end, code="cycle")
                    self._pending.append(name)
                    try:
                        return self._value(source, attribute)
                    finally:
                        self._pending.pop()
        raise EvaluationError(f"there is no local value `{name}`", root.start, root.end)

    # --- other Stacks ------------------------------------------------------------------------------

    def _outputs(self, deployment: str, root: Variable) -> Value:
        """Return the outputs of one of this Stack's deployments."""
        if deployment not in self.deployments():
            raise EvaluationError(f"there is no deployment `{deployment}`", root.start, root.end)
        request = RemoteStateRequest(LAYOUT, (("path", f"{self.directory}:{deployment}"),))
        if self.ask is None:
            return unknown(Reason("pending", "another workspace has not answered yet"), DYNAMIC)
        self.reads.setdefault(request, RemoteStateRead(f"deployment.{deployment}", request, _anywhere(self)))
        answer = self.ask(request)
        if answer.value is None:
            return unknown(answer.reason or Reason("remote-state-unmatched", "no deployment is there"), DYNAMIC)
        return answer.value

    def _upstream(self, name: str, output: str, root: Variable) -> Value:
        block = next((block for _, block in self.blocks("upstream_input") if block.labels[:1] == (name,)), None)
        if block is None:
            raise EvaluationError(f"there is no upstream input `{name}`", root.start, root.end)
        address = next((a.expression for a in block.body.attributes if a.name == "source"), None)
        text = address.value if isinstance(address, Literal) and isinstance(address.value, str) else ""
        wanted = text.rpartition("/")[2]
        fitting = [path for path in self.stacks if path != self.directory and self._is_called(path, wanted)]
        if len(fitting) != 1:
            how = "is not in view" if not fitting else "may be one of several"
            return unknown(Reason("remote-state-unmatched", f"the Stack `{text}` {how}"), DYNAMIC)
        other = Stack(self.loader, fitting[0], self.stacks, self.name)
        other.ask = self.ask
        value = other.published(output)
        self.paths += other.paths
        self.reads.update(other.reads)
        if value is None:
            raise EvaluationError(f"the Stack `{text}` publishes no output `{output}`", root.start, root.end)
        return value

    def _is_called(self, path: TreePath, wanted: str) -> bool:
        return path.rpartition("/")[2] == wanted or path.rpartition("__")[2] == wanted

    def published(self, name: str) -> Value | None:
        """Return an output that the Stack publishes; None where it publishes none of that name."""
        for source, block in self.blocks("publish_output"):
            if block.labels[:1] == (name,):
                attribute = next((a for a in block.body.attributes if a.name == "value"), None)
                return self._value(source, attribute) if attribute is not None else None
        return None


def _as(source: SourceFile, declared: Declared) -> SourceFile:
    return SourceFile(source.path, translated_file(source.file, declared))


def _anywhere(stack: Stack) -> Span:
    return Span(stack.paths[0] if stack.paths else stack.directory, 1, 1, 1, 2)
