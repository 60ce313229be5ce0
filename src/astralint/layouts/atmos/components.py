"""The components of a stack: what its manifest, the bases and the overrides give to each."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from astralint.layouts.atmos.merge import STRATEGIES, merge, without_unset
from astralint.layouts.atmos.node import Mapping, Node, Scalar
from astralint.layouts.atmos.project import Project
from astralint.layouts.atmos.template import render
from astralint.layouts.atmos.template_syntax import TemplateError
from astralint.layouts.atmos.values import plain_value
from astralint.source.span import Span
from astralint.source.tree import TreePath
from astralint.terraform.values.value import Reason, Value, object_of, string

TOKENS = ("namespace", "tenant", "environment", "stage")
"""What a name pattern may hold: variables of the component."""
SECTIONS = ("vars", "settings", "env", "providers", "backend", "remote_state_backend", "required_providers", "generate")
GLOBAL_SECTIONS = ("vars", "settings", "env")
"""Those that stand at the top of a manifest too."""
OVERRIDDEN = ("vars", "settings", "env", "providers", "required_providers", "generate")
NOT_INHERITED = frozenset({"inherits", "type"})
KIND = "terraform"
MAXIMUM_CHAIN = 50


class Component(msgspec.Struct, frozen=True, eq=False):
    """One component of a stack, merged; its templates and YAML functions are not evaluated yet."""

    name: str
    manifest: TreePath
    span: Span
    metadata: Mapping
    sections: dict[str, Mapping]
    texts: dict[str, str]
    """`backend_type` and `remote_state_backend_type`."""
    problems: tuple[Reason, ...] = ()

    def __getitem__(self, section: str) -> Mapping:
        return self.sections[section]

    @property
    def base(self) -> str:
        """The directory of its root below the components' base."""
        return self.metadata.text("component") or self.name

    @property
    def is_abstract(self) -> bool:
        """True for one that only others inherit from."""
        return self.metadata.text("type") == "abstract"

    @property
    def is_enabled(self) -> bool:
        """False for one that is kept out of every run."""
        return self.metadata.flag("enabled", default=True)

    def data(self) -> dict[str, Value]:
        """Return the sections as values, templates as they are written."""
        return {name: plain_value(section) for name, section in self.sections.items()} | {
            "metadata": plain_value(self.metadata)
        }


def components_of(content: Mapping, manifest: TreePath, project: Project) -> Iterator[Component]:
    """Yield all components of a merged manifest, abstract ones too."""
    every = content.mapping("components", KIND)
    for name, own in every.items.items():
        if isinstance(own, Mapping):
            yield _component(name, own, content, every, manifest, project)
        elif isinstance(own, Scalar) and own.value.is_null:
            yield _component(name, Mapping({}, own.span), content, every, manifest, project)


def _component(
    name: str, own: Mapping, content: Mapping, every: Mapping, manifest: TreePath, project: Project
) -> Component:
    problems: dict[Reason, None] = {}
    chain = list(_chain(own, every, (name,), problems))
    strategy = own.text("settings", "list_merge_strategy")
    strategy = strategy if strategy in STRATEGIES else project.list_strategy
    overrides = own.mapping("overrides")
    terraform = content.mapping(KIND)
    sections: dict[str, Mapping] = {}
    for section in SECTIONS:
        levels = [content.mapping(section)] if section in GLOBAL_SECTIONS else []
        levels += [terraform.mapping(section), *(base.mapping(section) for base in chain), own.mapping(section)]
        if section in OVERRIDDEN:
            levels.append(overrides.mapping(section))
        sections[section] = without_unset(merge(levels, strategy))
    texts = {
        key: next((text for level in (own, *reversed(chain), terraform) if (text := level.text(key))), "")
        for key in ("backend_type", "remote_state_backend_type")
    }
    inherited = [Mapping(_kept(base.mapping("metadata")), base.span) for base in chain]
    metadata = merge([*(inherited if project.inherits_metadata else ()), own.mapping("metadata")])
    old = own.text("component")
    if old and not metadata.text("component"):
        metadata = Mapping({**metadata.items, "component": own.items["component"]}, metadata.span)
    return Component(name, manifest, own.span, metadata, sections, texts, tuple(problems))


def _kept(metadata: Mapping) -> dict[str, Node]:
    return {name: item for name, item in metadata.items.items() if name not in NOT_INHERITED}


def _chain(own: Mapping, every: Mapping, names: tuple[str, ...], problems: dict[Reason, None]) -> Iterator[Mapping]:
    """Yield the bases of a component, each after its own, in the order in which they are listed."""
    listed = own.texts("metadata", "inherits")
    old = own.text("component")
    for name in ([old] if old and old in every.items else []) + listed:
        base = every.get(name)
        if not isinstance(base, Mapping):
            if base is None:
                problems[Reason("error", f"the component `{name}`, which is inherited, is not there", own.span)] = None
            continue
        if name in names or len(names) > MAXIMUM_CHAIN:
            problems[Reason("error", f"the component `{name}` inherits from itself", own.span)] = None
            continue
        yield from _chain(base, every, (*names, name), problems)
        yield base


# --- names ---------------------------------------------------------------------------------------------


def stack_name(component: Component, own: str, project: Project) -> str:
    """Return the name of the stack that a component is in; `own` is what its manifest says itself."""
    by_path = component.manifest
    if project.stacks != ".":
        by_path = by_path.removeprefix(f"{project.stacks}/")
    by_path = by_path.partition(".y")[0].replace("/", "-")
    if own:
        return own
    if project.name_template:
        try:
            name = render(project.name_template, object_of(component.data())).raw
        except TemplateError:
            name = None
        return name if isinstance(name, str) and "<no value>" not in name else by_path
    tokens = [token for token in _tokens(project.name_pattern) if token in TOKENS]
    parts = [component["vars"].text(token) for token in tokens]
    return "-".join(parts) if parts and all(parts) else by_path


def _tokens(pattern: str) -> list[str]:
    return [part[1:-1] for part in pattern.split("-") if part.startswith("{") and part.endswith("}")]


def workspace_name(component: Component, stack: str, project: Project) -> str:
    """Return Terraform's workspace, in which a component is run in a stack."""
    metadata = component.metadata
    if not project.has_workspaces or component.texts["backend_type"] == "http":
        return "default"
    template, pattern = metadata.text("terraform_workspace_template"), metadata.text("terraform_workspace_pattern")
    if template:
        try:
            name = render(template, object_of({**component.data(), **identity(component, stack)})).raw
        except TemplateError:
            name = None
        if isinstance(name, str):
            return name
    if pattern:
        for token in (*TOKENS, "region", "attributes"):
            pattern = pattern.replace("{" + token + "}", component["vars"].text(token))
        pattern = pattern.replace("{component}", component.name).replace("{base-component}", component.base)
        return pattern.replace("/", "-")
    own = metadata.text("terraform_workspace")
    if own:
        return own
    name = stack if component.base == component.name else f"{stack}-{component.name}"
    return name.replace("/", "-")


def identity(component: Component, stack: str) -> dict[str, Value]:
    """Return what templates know of a component besides its sections."""
    return {
        "atmos_component": string(component.name),
        "atmos_stack": string(stack),
        "stack": string(stack),
        "component": string(component.base),
        "atmos_manifest": string(component.manifest),
    }
