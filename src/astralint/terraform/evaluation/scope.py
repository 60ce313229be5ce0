"""What names mean inside of a module: `var`, `local`, `module`, `each`, resources, …"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from difflib import get_close_matches

from astralint.hcl.syntax import GetAttr, Index, Variable
from astralint.terraform.evaluation.expansion import NO_REPETITION, Repetition
from astralint.terraform.evaluation.files import FileAccess
from astralint.terraform.evaluation.place import ModulePlace, ReferencedResource
from astralint.terraform.expressions.scope import Budget, Evaluate, Step
from astralint.terraform.results import InstanceKey
from astralint.terraform.values.types import DYNAMIC, STRING
from astralint.terraform.values.value import EPHEMERAL, EvaluationError, Reason, Value, string, unknown


class ModuleScope:
    """The scope of an expression in a module instance, within one repetition."""

    __slots__ = ("_reasons", "_self", "instance", "repetition")

    def __init__(
        self,
        instance: ModulePlace,
        repetition: Repetition = NO_REPETITION,
        self_value: Value | None = None,
        uncertain: tuple[Reason, ...] = (),
    ) -> None:
        self.instance = instance
        self.repetition = repetition
        self._self = self_value
        self._reasons = uncertain

    @property
    def uncertain(self) -> tuple[Reason, ...]:
        """Why the module, or this instance in it, may not be there."""
        return self.instance.uncertain or self._reasons

    @property
    def functions(self) -> FileAccess:
        return self.instance.context.files

    @property
    def budget(self) -> Budget:
        return self.instance.context.budget

    def provider_type(self, local_name: str) -> str | None:
        """Return the type of the provider that the module requires by a name; None where it requires none."""
        required = self.instance.module.required_providers.get(local_name)
        return required.source.rpartition("/")[2] if required is not None else None

    def reference(self, root: Variable, steps: Sequence[Step], evaluate: Evaluate) -> tuple[Value, int]:
        """Resolve a reference as Terraform's "References to Named Values" describes."""
        reader = _READERS.get(root.name)
        if reader is not None:
            return reader(self, root, steps, evaluate)
        if root.name in ("data", "ephemeral", "resource"):
            return self._typed_resource(root, steps, evaluate)
        return self._resource("managed", root.name, root, steps, 0, evaluate)

    # --- named values ---------------------------------------------------------------

    def _name(self, root: Variable, steps: Sequence[Step], position: int, what: str) -> GetAttr:
        step = steps[position] if position < len(steps) else None
        if not isinstance(step, GetAttr):
            raise EvaluationError(f"`{root.name}` must be followed by {what}", root.start, root.end)
        return step

    def _variable(self, root: Variable, steps: Sequence[Step], _: Evaluate) -> tuple[Value, int]:
        step = self._name(root, steps, 0, "a variable's name")
        value = self.instance.variable(step.name)
        if value is None:
            return self._missing("input variable", step, self.instance.module.variables), 1
        return value, 1

    def _local(self, root: Variable, steps: Sequence[Step], _: Evaluate) -> tuple[Value, int]:
        step = self._name(root, steps, 0, "a local value's name")
        value = self.instance.local(step.name)
        if value is None:
            return self._missing("local value", step, self.instance.module.locals), 1
        return value, 1

    def _missing(self, kind: str, step: GetAttr, declared: Iterable[str]) -> Value:
        if self.instance.context.spec.generated and self.instance.caller is None:
            reason = Reason("generated", f"{kind} `{step.name}` is declared in no file here: a tool generates it")
            return unknown(reason, DYNAMIC)
        raise self._undeclared(kind, step, declared)

    def _undeclared(self, kind: str, step: GetAttr, declared: Iterable[str]) -> EvaluationError:
        names = list(declared)
        close = get_close_matches(step.name, names, 1)
        hint = f"; did you mean `{close[0]}`?" if close else ""
        return EvaluationError(
            f"{kind} `{step.name}` is not declared in this module{hint}",
            step.end - len(step.name),
            step.end,
            code="undeclared-reference",
        )

    def _each(self, root: Variable, steps: Sequence[Step], _: Evaluate) -> tuple[Value, int]:
        step = self._name(root, steps, 0, "`key` or `value`")
        if self.repetition.each_key is None or self.repetition.each_value is None:
            raise EvaluationError("`each` can be used only where the block has `for_each`", root.start, step.end)
        if step.name not in ("key", "value"):
            raise EvaluationError("`each` has the attributes `key` and `value` only", root.start, step.end)
        return (self.repetition.each_key if step.name == "key" else self.repetition.each_value), 1

    def _count(self, root: Variable, steps: Sequence[Step], _: Evaluate) -> tuple[Value, int]:
        step = self._name(root, steps, 0, "`index`")
        if self.repetition.count_index is None or step.name != "index":
            raise EvaluationError("`count.index` can be used only where the block has `count`", root.start, step.end)
        return self.repetition.count_index, 1

    def _self_reference(self, root: Variable, _: Sequence[Step], __: Evaluate) -> tuple[Value, int]:
        if self._self is None:
            raise EvaluationError("`self` is not available here", root.start, root.end)
        return self._self, 0

    def _path(self, root: Variable, steps: Sequence[Step], _: Evaluate) -> tuple[Value, int]:
        step = self._name(root, steps, 0, "`module`, `root` or `cwd`")
        if step.name == "module":
            return string(self.instance.path), 1
        if step.name == "root":
            return string("."), 1
        if step.name == "cwd":
            reason = Reason("impure-function", "`path.cwd` depends on where Terraform runs")
            spec = self.instance.context.spec
            where = None if spec.generated else self.instance.context.files.absolute(".")
            return unknown(reason, STRING, text=where, not_null=True), 1
        raise EvaluationError("`path` has the attributes `module`, `root` and `cwd` only", root.start, step.end)

    def _terraform(self, root: Variable, steps: Sequence[Step], _: Evaluate) -> tuple[Value, int]:
        step = self._name(root, steps, 0, "`workspace`")
        if step.name == "workspace":
            spec = self.instance.context.spec
            name = spec.terraform_workspace if spec.terraform_workspace is not None else spec.assumed_workspace
            if name is not None:
                return string(name), 1
            reason = Reason("workspace-not-known", "the name of the workspace is not known")
            return unknown(reason, STRING, not_null=True), 1
        if step.name == "applying":
            reason = Reason("impure-function", "`terraform.applying` depends on the command that runs")
            return unknown(reason, DYNAMIC, marks=EPHEMERAL, not_null=True), 1
        raise EvaluationError("`terraform` has the attributes `workspace` and `applying` only", root.start, step.end)

    # --- module calls ------------------------------------------------------------------

    def _module(self, root: Variable, steps: Sequence[Step], evaluate: Evaluate) -> tuple[Value, int]:
        step = self._name(root, steps, 0, "a module call's name")
        call = self.instance.module_call(step.name)
        if call is None:
            raise self._undeclared("module call", step, self.instance.module.module_calls)
        consumed = 1
        key: InstanceKey = None
        if call.expansion.kind != "single":
            index = steps[1] if len(steps) > 1 else None
            if not isinstance(index, Index) or call.expansion.uncertain or call.expansion.kind == "disabled":
                return call.value(), consumed
            found = _instance_key(evaluate(index.key), call.expansion.kind)
            if isinstance(found, Value):
                return found, 2
            if found not in call.expansion.instances:
                raise EvaluationError(_no_instance(f"module.{step.name}", found), index.start, index.end)
            key, consumed = found, 2
        after = steps[consumed] if consumed < len(steps) else None
        if not isinstance(after, GetAttr):
            return call.instance_value(key), consumed
        value = call.output(key, after.name)
        if value is None:
            declared = call.output_names()
            close = get_close_matches(after.name, declared, 1)
            hint = f"; did you mean `{close[0]}`?" if close else ""
            message = f"`module.{step.name}` has no output named `{after.name}`{hint}"
            raise EvaluationError(message, after.end - len(after.name), after.end, code="undeclared-reference")
        return value, consumed + 1

    # --- resources -----------------------------------------------------------------------

    def _typed_resource(self, root: Variable, steps: Sequence[Step], evaluate: Evaluate) -> tuple[Value, int]:
        mode = "managed" if root.name == "resource" else root.name
        type_ = self._name(root, steps, 0, "a type and a name")
        return self._resource(mode, type_.name, root, steps, 1, evaluate)

    def _resource(
        self, mode: str, type_: str, root: Variable, steps: Sequence[Step], position: int, evaluate: Evaluate
    ) -> tuple[Value, int]:
        step = steps[position] if position < len(steps) else None
        if not isinstance(step, GetAttr):
            message = f"`{root.name}` is not a name known here; a resource's type must be followed by its name"
            raise EvaluationError(message, root.start, root.end, code="undeclared-reference")
        resource = self.instance.resource(mode, type_, step.name)
        if resource is None:
            raise self._undeclared_resource(mode, type_, step, root)
        consumed = position + 1
        key: InstanceKey = None
        if resource.expansion.uncertain and resource.expansion.kind != "single":
            return self._possible(resource, steps, consumed, evaluate)
        if resource.expansion.kind != "single":
            index = steps[consumed] if consumed < len(steps) else None
            if not isinstance(index, Index) or resource.expansion.kind == "disabled":
                return resource.whole(), consumed
            found = _instance_key(evaluate(index.key), resource.expansion.kind)
            if isinstance(found, Value):
                return found, consumed + 1
            if found not in resource.expansion.instances:
                raise EvaluationError(_no_instance(resource.declaration.address, found), index.start, index.end)
            key, consumed = found, consumed + 1
        after = steps[consumed] if consumed < len(steps) else None
        if isinstance(after, GetAttr):
            return _attribute(resource, key, after), consumed + 1
        return resource.referenced(key), consumed

    def _possible(
        self, resource: ReferencedResource, steps: Sequence[Step], consumed: int, evaluate: Evaluate
    ) -> tuple[Value, int]:
        """Resolve a reference to instances that can't be told: an attribute of one is unknown, but it is that one's."""
        index, after = (*steps[consumed : consumed + 2], None, None)[:2]
        if isinstance(index, Index) and isinstance(after, GetAttr):
            found = _instance_key(evaluate(index.key), resource.expansion.kind)
            if not isinstance(found, Value):
                return resource.possible(found, after.name), consumed + 2
        return resource.whole(), consumed

    def _undeclared_resource(self, mode: str, type_: str, step: GetAttr, root: Variable) -> EvaluationError:
        names = [key[2] for key in self.instance.module.resources if key[0] == mode and key[1] == type_]
        close = get_close_matches(step.name, names, 1)
        hint = f"; did you mean `{close[0]}`?" if close else ""
        kind = {"managed": "resource", "data": "data source"}.get(mode, "ephemeral resource")
        message = f"{kind} `{type_}.{step.name}` is not declared in this module{hint}"
        return EvaluationError(message, root.start, step.end, code="undeclared-reference")


def _attribute(resource: ReferencedResource, key: InstanceKey, step: GetAttr) -> Value:
    try:
        return resource.attribute(key, step.name)
    except EvaluationError as error:
        if error.code == "unsupported-attribute" and error.start < 0:
            error.start, error.end = step.end - len(step.name), step.end
        raise


def _instance_key(value: Value, kind: str) -> InstanceKey | Value:
    """Turn an index into an instance key; an unknown index gives an unknown instance."""
    if value.is_unknown:
        return unknown(value.raw.reasons, DYNAMIC, origins=value.origins)
    raw = value.raw
    if kind == "count" and isinstance(raw, str) and raw.isdecimal() and len(raw) < 10:
        return int(raw)
    if isinstance(raw, int) and not isinstance(raw, bool):
        # Numbers that count something are a kind of int of their own.
        return str(int(raw)) if kind == "for_each" else int(raw)
    return raw if isinstance(raw, str) else ""


def _no_instance(address: str, key: InstanceKey) -> str:
    return f"`{address}` has no instance with the key {key!r}".replace("'", '"')


_READERS: dict[str, Callable[[ModuleScope, Variable, Sequence[Step], Evaluate], tuple[Value, int]]] = {
    "var": ModuleScope._variable,
    "local": ModuleScope._local,
    "module": ModuleScope._module,
    "each": ModuleScope._each,
    "count": ModuleScope._count,
    "self": ModuleScope._self_reference,
    "path": ModuleScope._path,
    "terraform": ModuleScope._terraform,
}
