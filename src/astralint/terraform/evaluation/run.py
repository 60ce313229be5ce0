"""Evaluating one workspace from beginning to end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from astralint.source.diagnostic import Diagnostic
from astralint.source.tree import TreePath, absolute_root, join
from astralint.terraform.configuration.body import Argument, SourceFile
from astralint.terraform.configuration.composed import compose, written_source
from astralint.terraform.configuration.loader import ModuleLoader
from astralint.terraform.configuration.module import Module
from astralint.terraform.evaluation.conditions import check_output, check_resource, check_variable
from astralint.terraform.evaluation.context import EvaluationContext
from astralint.terraform.evaluation.doubt import root_variables
from astralint.terraform.evaluation.files import TemplateScope
from astralint.terraform.evaluation.instance import ModuleInstance
from astralint.terraform.evaluation.state import state_identity
from astralint.terraform.expressions.scope import RunBudget
from astralint.terraform.knowledge import Knowledge, ProviderContext
from astralint.terraform.requests import Answer, Request
from astralint.terraform.results import OutputResult, ResourceInstance, WorkspaceResult
from astralint.terraform.validation.module import check_call, check_module
from astralint.terraform.values.value import SENSITIVE, Reason, Value, null
from astralint.terraform.workspace import GivenVariable, WorkspaceSpec
from astralint.terraform.wrapper import Prepared, Wrapper


class Evaluation:
    """A workspace whose values can be asked for; `result` evaluates all of it."""

    def __init__(
        self,
        spec: WorkspaceSpec,
        loader: ModuleLoader,
        knowledge: Knowledge,
        answers: Mapping[Request, Answer],
        module_sources: Mapping[str, str],
        wrapper: Wrapper | None = None,
        run: RunBudget | None = None,
    ) -> None:
        self.context = EvaluationContext(spec, loader, knowledge, answers, module_sources, run)
        self.files: set[TreePath] = set()
        self._modules: dict[str, ModuleInstance] = {}
        self.prepared: Prepared | None = None
        """What a wrapper makes of the root; None where Terraform runs in the directory as it is."""
        self.given: dict[str, GivenVariable] = {}
        module = None
        if wrapper is not None and spec.layout != "plain":
            self.prepared = wrapper.prepare(spec, loader, self.context.ask)
            module = self._composed(self.prepared)
        given = self._given_variables()
        root = module or self.context.module(spec.directory)
        self.context.variables = root_variables(root.variables, given)
        self.root = ModuleInstance(self.context, root, given=given)

    def _composed(self, prepared: Prepared) -> Module:
        """Return the root module that a wrapper makes, and note what it says."""
        context = self.context
        for diagnostic in prepared.diagnostics:
            context.report(diagnostic)
        for reason in prepared.reasons:
            context.blind(reason)
        self.files.update(prepared.paths)
        context.remote_state_reads.extend(prepared.reads)
        directory = prepared.directory if prepared.directory is not None else context.spec.directory
        context.known_modules = prepared.modules
        context.runs_in(directory, prepared.copied, absolute_root(context.loader.tree))
        parsed = [
            (file, *written_source(context.loader, file.name, file.text, file.written, file.offset))
            for file in prepared.files
        ]
        places = [place for place in (prepared.directory, prepared.overlay) if place is not None]
        return compose(
            context.loader,
            directory,
            places,
            [
                *((name, source, True) for name, source in prepared.sources),
                *((file.name, source, file.replaces) for file, source, _ in parsed),
            ],
            [problem for _, _, problems in parsed for problem in problems],
        )

    # --- variables -----------------------------------------------------------------------

    def _given_variables(self) -> dict[str, GivenVariable]:
        """Return root variables from files and configuration; later ones win, as in Terraform."""
        spec = self.context.spec
        given: dict[str, GivenVariable] = {}
        places, files = [self.context.directory], spec.variable_files
        if self.prepared is not None:
            given.update(self.prepared.inputs)
            places += [self.prepared.overlay] if self.prepared.overlay not in (None, places[0]) else []
            files += self.prepared.variable_files
        for path in (*automatic_variable_files(self.context.loader, *places), *files):
            given.update(self._variable_file(path))
        if self.prepared is not None:
            given.update(self.prepared.variables)
        given.update(spec.variables)
        self.given = dict(given)
        if self.prepared is not None:
            given.update(self.prepared.unknowns)
        return given

    def _variable_file(self, path: TreePath) -> dict[str, GivenVariable]:
        source, diagnostics = self.context.loader.source(path)
        for diagnostic in diagnostics:
            self.context.report(diagnostic)
        if source is None:
            return {}
        self.files.add(path)
        scope = TemplateScope({}, self.context.files, self.context.budget)
        return {
            attribute.name: GivenVariable(
                self.context.evaluate(Argument(attribute, source), scope),
                source.span(attribute.start, attribute.end),
            )
            for attribute in source.file.body.attributes
        }

    # --- everything ------------------------------------------------------------------------

    def result(self) -> WorkspaceResult:
        """Evaluate all instances and outputs, in an order that does not depend on the order of files."""
        root = self.root
        resources: list[ResourceInstance] = []
        providers: dict[str, ProviderContext] = {}
        for instance in self._instances(root):
            self._note_module(instance)
            for key in sorted(instance.module.resources):
                evaluation = instance.resource(*key)
                if evaluation is not None:
                    resources.extend(evaluation.results())
                    check_resource(evaluation)
            for provider_key in sorted(instance.module.providers):
                for provider in instance.providers.of_declaration(provider_key):
                    providers.setdefault(provider.address, provider)
        for resource in resources:
            if resource.uncertain and resource.mode == "managed":
                self.context.blind(resource.uncertain[0], resource.type)
            if resource.provider is not None:
                providers.setdefault(resource.provider.address, resource.provider)
        outputs = {name: self._output(name) for name in sorted(root.module.outputs)}
        state = self.prepared.state if self.prepared is not None else None
        if state is None:
            state = state_identity(root)
        files = {source.path for source in self._sources()} | self.files | set(self.context.files.paths)
        return WorkspaceResult(
            name=self.context.spec.name,
            directory=self.context.spec.directory,
            resources=tuple(resources),
            outputs=outputs,
            providers=tuple(providers[address] for address in sorted(providers)),
            state=state,
            module_calls=tuple(self.context.module_calls),
            remote_state_reads=tuple(self.context.remote_state_reads),
            requests=tuple(self.context.requests),
            diagnostics=tuple(sorted(self.context.diagnostics, key=lambda d: d.sort_key)),
            blind_spots=tuple(self.context.blind_spots),
            files=tuple(sorted(files)),
            variables={name: self._as_given(name) for name in sorted(self.given)},
            secrets=tuple(sorted(self.context.budget.secrets)),
        )

    def _as_given(self, name: str) -> Value:
        """Return what is given to a variable; sensitive where its declaration says so."""
        value, declared = self.given[name].value, self.root.module.variables.get(name)
        evaluated = self.root.variable(name) if declared is not None else None
        return value.with_marks(evaluated.marks & SENSITIVE) if evaluated is not None else value

    def _instances(self, instance: ModuleInstance) -> Iterator[ModuleInstance]:
        yield instance
        for name in sorted(instance.module.module_calls):
            call = instance.module_call(name)
            if call is None:
                continue
            self.context.module_calls.append(call.result())
            for key in call.expansion.instances:
                inner = call.instance(key)
                if inner is not None:
                    yield from self._instances(inner)

    def _note_module(self, instance: ModuleInstance) -> None:
        module = instance.module
        self._modules[module.path] = instance
        for diagnostic in (*module.diagnostics, *self._refused(instance)):
            self.context.report(diagnostic)
        for reason in module.incomplete:
            self.context.blind(Reason("error", reason))
        for name in sorted(module.variables):
            instance.variable(name)
            check_variable(instance, module.variables[name])
        for name in sorted(module.locals):
            instance.local(name)
        for name in sorted(module.outputs):
            instance.output(name)
            check_output(instance, module.outputs[name])

    def _refused(self, instance: ModuleInstance) -> tuple[Diagnostic, ...]:
        """Return what the language refuses in a module, or in its call."""
        module, language = instance.module, self.context.spec.language
        key = (language, instance.caller is None)
        found = module.refused.get(key)
        if found is None:
            found = module.refused[key] = check_module(module, language, is_root=instance.caller is None)
        return (*found, *check_call(instance.call, module, language)) if instance.call is not None else found

    def _sources(self) -> Iterator[SourceFile]:
        for instance in self._modules.values():
            yield from instance.module.files

    def _output(self, name: str) -> OutputResult:
        declaration = self.root.module.outputs[name]
        value: Value | None = self.root.output(name)
        argument = declaration.argument("value")
        return OutputResult(name, value or null(), argument.span if argument is not None else declaration.header)


def automatic_variable_files(loader: ModuleLoader, *directories: TreePath) -> list[TreePath]:
    """Return the variable files that Terraform loads by itself, in its order; later directories lie over earlier ones."""
    place = {
        entry.name: directory
        for directory in directories
        for entry in loader.tree.entries(directory)
        if entry.kind == "file"
    }
    names = list(place)
    first = [name for name in ("terraform.tfvars", "terraform.tfvars.json") if name in names]
    automatic = sorted(name for name in names if name.endswith((".auto.tfvars", ".auto.tfvars.json")))
    return [join(place[name], name) for name in first + automatic]
