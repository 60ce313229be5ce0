"""Components of stacks as evaluations."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

import msgspec

from astralint.hcl.syntax import Literal
from astralint.layouts.atmos.components import Component, components_of, stack_name, workspace_name
from astralint.layouts.atmos.manifests import Manifests
from astralint.layouts.atmos.modules import modules
from astralint.layouts.atmos.project import CONFIGURATION_FILES, Project, read_manifest, read_project
from astralint.layouts.atmos.resolution import LAYOUT, Resolution, given_values, unit_of
from astralint.layouts.atmos.root import RootFiles, state_of
from astralint.layouts.protocol import Findings, Found, Ground, LayoutCoverage
from astralint.source.diagnostic import Diagnostic
from astralint.source.span import Span
from astralint.source.tree import TreePath, join, parent
from astralint.terraform.configuration.loader import ModuleLoader
from astralint.terraform.discovery import EXAMPLE_PARTS, Directory, Root
from astralint.terraform.values.operations import reasons_in, wholly_known
from astralint.terraform.values.types import DYNAMIC
from astralint.terraform.values.value import NULL, Reason, Value, object_of, string, unknown
from astralint.terraform.workspace import GivenVariable, WorkspaceSpec
from astralint.terraform.wrapper import Ask, Prepared

MAXIMUM_NOTES = 20
MAXIMUM_COMPONENTS = 20_000
ACCOUNT_ROLES = "account-map/modules/iam-roles"
PLACEHOLDERS = frozenset({"000000000000", "111111111111", "123456789012"})
_NUMBER = re.compile(r"[0-9]{12}")


def prepare(spec: WorkspaceSpec, loader: ModuleLoader, ask: Ask, module_sources: Mapping[str, str]) -> Prepared:  # noqa: ARG001 - as others
    """Return the root that Atmos makes of a component in a stack."""
    project, problems = read_project(loader.tree, spec.template)
    told = {name: str(spec.values[name].value.raw) for name in ("stack", "component", "manifest")}
    if project is None:
        return Prepared(
            None, reasons=(Reason("unit-not-read", "`atmos.yaml` could not be read"),), diagnostics=problems
        )
    manifests = Manifests(loader.tree, project)
    merged = manifests.read(told["manifest"])
    components = {each.name: each for each in components_of(merged.content, told["manifest"], project)}
    component = components.get(told["component"])
    if component is None:
        return Prepared(None, reasons=(Reason("unit-not-read", "its stack does not hold it"),), diagnostics=problems)
    static = spec.values.get("static", GivenVariable(NULL, None)).value.raw
    resolution = Resolution(
        loader,
        project,
        component,
        told["stack"],
        spec.terraform_workspace or "default",
        name=spec.name,
        environment=spec.environment,
        static=static if isinstance(static, dict) else {},
        neighbours=components,
        ask=ask,
    )
    variables = {
        name: GivenVariable(value, span) for name, (value, span) in given_values(component["vars"], resolution).items()
    }
    reasons = list(merged.unread)
    directory: TreePath | None = spec.directory
    if not loader.has_configuration(spec.directory):
        message = f"there is no component in `{spec.directory}`"
        directory = None
        reasons.append(Reason("unit-not-read", message, component.span))
    elif merged.unread:
        # What was not read may give values to any variable.
        reason = next(iter(merged.unread))
        for name in loader.module(spec.directory).variables:
            variables.setdefault(name, GivenVariable(unknown(reason, DYNAMIC), component.span))
    files = RootFiles(resolution)
    return Prepared(
        directory,
        files=files.files(),
        variables=variables,
        unknowns=files.unknowns,
        state=state_of(component, project, resolution, spec.terraform_workspace or "default"),
        reasons=tuple(reasons),
        diagnostics=tuple(resolution.diagnostics),
        reads=tuple(resolution.reads.values()),
        modules=modules(project),
    )


class Atmos:
    """See `astralint.layouts.protocol.Layout`."""

    def find(self, ground: Ground) -> Findings:
        """See `Layout.find`."""
        found = [each for file in _configurations(ground) if (each := _Project(ground, file)).project is not None]
        diagnostics: dict[Diagnostic, None] = {}
        claimed: dict[TreePath, str] = {}
        for each in found:
            each.read()
            diagnostics.update(each.diagnostics)
            claimed.update(each.claimed)
        if not found:
            return Findings()
        undecided = sum((each.undecided for each in found), Counter[str]())
        units, left = sum(each.units for each in found), sum(undecided.values())
        coverage = LayoutCoverage(
            LAYOUT,
            "Atmos",
            "component",
            units,
            units - left,
            tuple(sorted(undecided.items(), key=lambda item: (-item[1], item[0]))),
            understood=left < units or not units,
            help="`atmos vendor pull` brings components that are kept elsewhere",
        )
        evaluations = tuple(evaluation for each in found for evaluation in each.evaluations)
        directories = tuple(directory for each in found for directory in each.directories)
        return Findings(evaluations, (coverage,), tuple(diagnostics), directories, claimed)


def _configurations(ground: Ground) -> Iterator[TreePath]:
    """Yield the `atmos.yaml` of each project; those of examples count where they are asked for by name."""
    for directory in ground.survey.directories_with(*CONFIGURATION_FILES):
        parts = {part.lower() for part in directory.split("/")} & EXAMPLE_PARTS
        if not parts or directory in ground.starts:
            name = next(name for name in CONFIGURATION_FILES if name in ground.survey.files[directory])
            yield join(directory, name)


class _Instance(msgspec.Struct, frozen=True, eq=False):
    """A component in a stack."""

    component: Component
    stack: str
    unread: tuple[Reason, ...]


class _Project:
    """The components of one project."""

    def __init__(self, ground: Ground, file: TreePath) -> None:
        self.ground = ground
        tree = ground.survey.tree
        self.project, problems = read_project(tree, file)
        self.diagnostics: dict[Diagnostic, None] = dict.fromkeys(problems)
        self.undecided: Counter[str] = Counter()
        self.units = 0
        self.evaluations: list[Found] = []
        self.directories: list[Directory] = []
        self.claimed: dict[TreePath, str] = {}

    def read(self) -> None:
        """Read all stacks."""
        project = self.project
        assert project is not None
        manifests = Manifests(self.ground.survey.tree, project)
        files = list(manifests.files())
        instances: dict[tuple[str, str], _Instance] = {}
        for path in files:
            if project.is_stack(path):
                self._stack(path, manifests, project, instances)
        self.diagnostics.update(manifests.diagnostics)
        self._note_dead(files, manifests, project)
        static = self._static(instances, project)
        unknowns: Counter[str] = Counter()
        for instance in instances.values():
            self._instance(instance, project, static, unknowns)
        self._claim_unused(project)
        for message, number in sorted(unknowns.items(), key=lambda item: (-item[1], item[0]))[:MAXIMUM_NOTES]:
            said = f"{message}: {number:,} value{'' if number == 1 else 's'} of components unknown by it"
            self.diagnostics[Diagnostic("not-known-offline", "note", said)] = None
        if not self.units:
            message = f"`{project.file}` leads to no stacks in `{project.stacks}`"
            self.units, self.undecided["there are no stacks"] = 1, 1
            said = "`stacks.base_path` names their directory, `included_paths` the manifests in it that are stacks"
            problem = Diagnostic("layout-not-understood", "warning", message, _start(project.file), help=said)
            self.diagnostics[problem] = None

    def _stack(
        self, path: TreePath, manifests: Manifests, project: Project, instances: dict[tuple[str, str], _Instance]
    ) -> None:
        merged = manifests.read(path)
        own, _ = read_manifest(self.ground.survey.tree, path)
        for component in components_of(merged.content, path, project):
            if component.is_abstract or len(instances) >= MAXIMUM_COMPONENTS:
                continue
            for problem in component.problems:
                self._report("invalid-manifest", problem.message, problem.span or component.span)
            stack = stack_name(component, own.text("name") if own is not None else "", project)
            if (stack, component.name) in instances:
                other = instances[stack, component.name].component.manifest
                message = f"`{component.name}` is in the stack `{stack}` twice: `{other}` has it too"
                self._report("duplicate-component", message, component.span)
                continue
            instances[stack, component.name] = _Instance(component, stack, tuple(merged.unread))

    def _static(self, instances: Mapping[tuple[str, str], _Instance], project: Project) -> dict[str, Value]:
        """Return the outputs of components that others read from the manifests themselves."""
        found: dict[str, Value] = {}
        for (stack, name), instance in instances.items():
            if instance.component.texts["remote_state_backend_type"] == "static":
                section = instance.component["remote_state_backend"].mapping("static")
                resolution = Resolution(self.ground.loader, project, instance.component, stack, "")
                found[unit_of(project, stack, name)] = resolution.value(section)
        return found

    def _instance(
        self, instance: _Instance, project: Project, static: dict[str, Value], unknowns: Counter[str]
    ) -> None:
        component, stack = instance.component, instance.stack
        self.units += 1
        loader = self.ground.loader
        directory = join(project.components, component.base)
        workspace = workspace_name(component, stack, project)
        resolution = Resolution(loader, project, component, stack, workspace)
        for value, _ in given_values(component["vars"], resolution).values():
            if not wholly_known(value):
                reasons = [each for each in reasons_in([value]) if each.code != "pending"]
                unknowns.update({each.message for each in reasons})
        if directory == ".." or directory.startswith("../"):
            self._report("outside-boundary", f"`{component.base}` leads outside", component.span)
            self.undecided["its directory is outside"] += 1
            return
        if not loader.has_configuration(directory):
            self.undecided[f"`{directory}` is not there"] += 1
        elif instance.unread:
            self.undecided[instance.unread[0].message] += 1
        if not component.is_enabled:
            message = (
                f"`{component.name}` in `{stack}` is kept out of every run; what it has made may be there all the same"
            )
            self.diagnostics[Diagnostic("unit-excluded", "note", message, component.span)] = None
        self.claimed.setdefault(directory, "Atmos runs it")
        told = {"stack": string(stack), "component": string(component.name), "manifest": string(component.manifest)}
        if static:
            told["static"] = object_of(static)
        spec = WorkspaceSpec(
            f"{stack}/{component.name}",
            directory,
            workspace,
            layout=LAYOUT,
            language=self.ground.language(directory),
            template=project.file,
            values={name: GivenVariable(value, None) for name, value in told.items()},
            environment=self.ground.settings.platform.environment,
            unit=unit_of(project, stack, component.name),
        )
        name, number = _account(resolution, uses_roles=self._uses_roles(directory))
        self.evaluations.append(Found(spec, Root(directory), name, number, f"`{component.manifest}`" if name else ""))

    def _uses_roles(self, directory: TreePath) -> bool:
        """Say whether a component takes its account from the map of accounts, where labels name it."""
        for call in self.ground.loader.module(directory).module_calls.values():
            argument = call.argument("source")
            expression = argument.expression if argument is not None else None
            if isinstance(expression, Literal) and str(expression.value).endswith(ACCOUNT_ROLES):
                return True
        return False

    # --- what is left -----------------------------------------------------------------------------------

    def _claim_unused(self, project: Project) -> None:
        """Claim components that no stack has; what is vendored is often kept in a directory beside."""
        above = parent(project.components)
        places = [project.components, *([above] if above.rpartition("/")[2] == "components" else [])]
        for directory in self.ground.survey.files:
            inside = directory.startswith(tuple(f"{place}/" for place in places))
            if inside and self.ground.loader.has_configuration(directory):
                self.claimed.setdefault(directory, "no stack of Atmos has it as a component")

    def _note_dead(self, files: list[TreePath], manifests: Manifests, project: Project) -> None:
        dead = [path for path in files if not project.is_stack(path) and path not in manifests.imported]
        # What else is kept there has its own words at the top.
        left = [path for path in dead if not {"workflows", "schemas"} & set(path.split("/"))]
        if left:
            message = f"{len(left):,} manifest{'' if len(left) == 1 else 's'} of Atmos that no stack imports"
            self.diagnostics[Diagnostic("manifest-not-used", "note", message, _start(left[0]))] = None

    def _report(self, code: str, message: str, span: Span) -> None:
        self.diagnostics[Diagnostic(code, "error", message, span, broken=True)] = None


def _account(resolution: Resolution, *, uses_roles: bool) -> tuple[str, str]:
    """Return what the variables of a component say of its account: a name and a number, empty where they say nothing."""
    section = resolution.component["vars"]
    number = next(
        (
            text
            for name in ("account_id", "aws_account_id")
            if name in section.items
            and isinstance(text := resolution.value(section.items[name]).raw, str)
            and _NUMBER.fullmatch(text)
            and text not in PLACEHOLDERS
        ),
        "",
    )
    format_ = section.text("descriptor_formats", "account_name", "format")
    labels = section.texts("descriptor_formats", "account_name", "labels")
    parts = [section.text(label) for label in labels]
    pieces = re.split(r"%[vs]", format_)
    if format_ and all(parts) and len(pieces) == len(parts) + 1:
        name = pieces[0] + "".join(part + piece for part, piece in zip(parts, pieces[1:], strict=True))
        return name.lower(), number
    return (section.text("stage") if uses_roles else ""), number


def _start(path: TreePath) -> Span:
    return Span(path, 1, 1, 1, 2)
