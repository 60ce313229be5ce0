"""Module calls: where the source leads, and the instances of the module."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Generic, Protocol, TypeVar

from astralint.hcl.syntax import Literal
from astralint.source.tree import TreePath, join
from astralint.terraform.configuration.composed import written_source
from astralint.terraform.configuration.merge import merge_files
from astralint.terraform.configuration.module import Module, NamedDeclaration
from astralint.terraform.evaluation.context import MAXIMUM_MODULE_DEPTH, MAXIMUM_MODULE_INSTANCES
from astralint.terraform.evaluation.expansion import Expansion, collect
from astralint.terraform.evaluation.place import ModulePlace
from astralint.terraform.expressions.scope import Scope
from astralint.terraform.results import InstanceKey, ModuleCallResult
from astralint.terraform.values.types import DYNAMIC, ListType, MapType
from astralint.terraform.values.unify import has_dynamic
from astralint.terraform.values.value import Reason, Value, object_of, unknown


class Called(Protocol):
    """An instance of a called module, as its call sees it."""

    def output(self, name: str) -> Value | None:
        """Return an output as its caller sees it; None where it is not declared."""
        ...


Instance = TypeVar("Instance", bound=Called)


def _mapped(source: str, sources: Mapping[str, TreePath]) -> TreePath | None:
    """Return the directory that the configuration gives to a source address, a path after `//` included."""
    address = source.partition("?")[0]
    if address in sources:
        return sources[address]
    scheme, separator, rest = address.rpartition("://")
    package, _, inner = rest.partition("//")
    directory = sources.get(f"{scheme}{separator}{package}")
    return join(directory, inner) if directory is not None and inner else directory


class ModuleCallEvaluation(Generic[Instance]):
    """A `module` block of a module instance.

    `module` is None where the module could not be read; its outputs are then
    unknown, with that reason. `make` makes the instance of a key.
    """

    def __init__(
        self,
        caller: ModulePlace,
        scope: Scope,
        declaration: NamedDeclaration,
        expansion: Expansion,
        make: Callable[[ModuleCallEvaluation[Instance], Module, InstanceKey], Instance],
    ) -> None:
        self.caller = caller
        self._scope = scope
        self._make = make
        self.declaration = declaration
        self.expansion = expansion
        self.address = f"{caller.address}module.{declaration.name}"
        self.source = self._source()
        self.reason: Reason | None = None
        self.module = self._module()
        self._instances: dict[InstanceKey, Instance] = {}

    def _source(self) -> str:
        argument = self.declaration.argument("source")
        expression = argument.expression if argument is not None else None
        if isinstance(expression, Literal) and isinstance(expression.value, str):
            return expression.value
        value = self.caller.context.evaluate(argument, self._scope).raw if argument is not None else None
        return value if isinstance(value, str) else ""

    def _module(self) -> Module | None:
        context = self.caller.context
        directory = self._directory()
        module = context.module(directory) if directory is not None else self._known()
        if module is not None and module.is_empty and not module.diagnostics:
            span = self.declaration.header
            help_ = None
            if self.source.startswith(("./", "../")):
                help_ = f"`{self.source}` leads to `{directory}`, which holds no Terraform file"
            message = f"the module of `{self.address}` is not there"
            self.reason = context.problem("module-not-found", message, span, help=help_)
            module = None
        elif module is None and self.reason is None:
            self.reason = Reason(
                "module-not-read", f"the module `{self.source}` is not in the tree", self.declaration.header
            )
        if module is not None and self._is_recursive(module):
            message = f"the module `{module.path}` calls itself"
            self.reason = context.problem("cycle", message, self.declaration.header)
            module = None
        elif module is not None and self.caller.depth >= MAXIMUM_MODULE_DEPTH:
            message = f"modules call each other more than {MAXIMUM_MODULE_DEPTH} deep"
            self.reason = context.problem("limit", message, self.declaration.header)
            module = None
        if self.reason is not None:
            context.blind(self.reason)
        return module

    def _known(self) -> Module | None:
        """Return the module of an address whose content is known without its code; its places are the call's."""
        text = self.caller.context.known_modules.get(self.source.partition("?")[0])
        if text is None:
            return None
        source, _ = written_source(self.caller.context.loader, "main.tf", text, self.declaration.header, None)
        return merge_files(self.source, [source], []) if source is not None else None

    def _is_recursive(self, module: Module) -> bool:
        instance: ModulePlace | None = self.caller
        while instance is not None:
            if instance.module is module:
                return True
            instance = instance.caller
        return False

    def _directory(self) -> str | None:
        context = self.caller.context
        if self.source.startswith(("./", "../")) or self.source in (".", ".."):
            directory = join(self.caller.module.path, self.source)
            if directory.startswith("../") or directory == "..":
                message = f"the module `{self.source}` lies outside of the directory that is analysed"
                self.reason = context.problem("outside-boundary", message, self.declaration.header)
                return None
            copied = context.copied
            if copied is not None and copied != "." and not (directory + "/").startswith(copied + "/"):
                message = f"the module `{self.source}` lies outside of `{copied}`, which is all that is copied"
                help_ = "a double slash in the unit's `source` says what is copied: what stands before it"
                self.reason = context.problem("module-not-found", message, self.declaration.header, help=help_)
                return None
            return directory
        mapped = _mapped(self.source, context.module_sources)
        if mapped is not None:
            return mapped
        names = [part for part in self._call_path().split(".") if part]
        vendored = context.loader.manifest(context.directory).get(".".join(names))
        return join(context.directory, vendored) if vendored is not None else None

    def _call_path(self) -> str:
        names: list[str] = [self.declaration.name]
        instance: ModulePlace | None = self.caller
        while instance is not None and instance.call is not None:
            names.append(instance.call.name)
            instance = instance.caller
        return ".".join(reversed(names))

    def result(self) -> ModuleCallResult:
        directory = self.module.path if self.module is not None else None
        return ModuleCallResult(self.address, self.source, directory, self.declaration.header)

    # --- instances ---------------------------------------------------------------------

    def instance(self, key: InstanceKey) -> Instance | None:
        """Return a module instance; None where the module could not be read."""
        if self.module is None:
            return None
        known = self._instances.get(key)
        if known is None:
            context = self.caller.context
            context.module_instances += 1
            if context.module_instances > MAXIMUM_MODULE_INSTANCES:
                message = f"more than {MAXIMUM_MODULE_INSTANCES:,} module instances are not evaluated"
                self.reason = context.problem("limit", message, self.declaration.header)
                context.blind(self.reason)
                return None
            known = self._instances[key] = self._make(self, self.module, key)
        return known

    def output(self, key: InstanceKey, name: str) -> Value | None:
        """Return an instance's output; None where the module declares no such output."""
        instance = self.instance(key)
        if instance is None:
            return self._not_read()
        return instance.output(name)

    def _not_read(self) -> Value:
        reason = self.reason or Reason("module-not-read", f"the module `{self.source}` is not in the tree")
        return unknown(reason, DYNAMIC)

    def output_names(self) -> list[str]:
        return list(self.module.outputs) if self.module is not None else []

    def instance_value(self, key: InstanceKey) -> Value:
        """Return all outputs of an instance as an object."""
        if self.instance(key) is None:
            return self._not_read()
        outputs = {name: self.output(key, name) for name in self.output_names()}
        return object_of({name: value for name, value in outputs.items() if value is not None})

    def value(self) -> Value:
        """Return what a reference without an instance key gives."""
        context = self.caller.context
        if self.expansion.uncertain:
            return unknown(self.expansion.uncertain, DYNAMIC, not_null=True)
        if self.module is None and self.expansion.kind != "disabled":
            return self._not_read()
        collected = collect(self.expansion, {key: self.instance_value(key) for key in self.expansion.instances})
        return self._typed(collected) if context.spec.language.has("typed-module-collections") else collected

    def _typed(self, collected: Value) -> Value:
        """Return instances whose outputs all have a type as a list or map, which they are then."""
        outputs = self.module.outputs.values() if self.module is not None else ()
        if self.expansion.kind not in ("count", "for_each") or any(o.argument("type") is None for o in outputs):
            return collected
        items = collected.raw.values() if isinstance(collected.raw, dict) else collected.raw
        types = {item.type for item in items}
        if len(types) != 1 or has_dynamic(next(iter(types))):
            return collected
        kind = ListType if self.expansion.kind == "count" else MapType
        return Value(kind(types.pop()), collected.raw, collected.marks, collected.origins)
