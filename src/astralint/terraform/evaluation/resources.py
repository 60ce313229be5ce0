"""Resources: their instances, and what each attribute is or why it can't be known."""

from __future__ import annotations

from collections.abc import Mapping

from astralint.source.diagnostic import Diagnostic
from astralint.source.partial import Hole, PartialText
from astralint.terraform.configuration.module import Resource
from astralint.terraform.evaluation import builtin
from astralint.terraform.evaluation.decode import decode
from astralint.terraform.evaluation.defaults import await_apply, fill_in
from astralint.terraform.evaluation.expansion import Expansion, Repetition, collect, key_text, names_in, without_keys
from astralint.terraform.evaluation.place import ModulePlace
from astralint.terraform.evaluation.providers import Providers
from astralint.terraform.evaluation.scope import ModuleScope
from astralint.terraform.knowledge import DefaultValues, ProviderContext
from astralint.terraform.results import InstanceKey, ResourceInstance
from astralint.terraform.schema import BlockSchema
from astralint.terraform.values.operations import wholly_known
from astralint.terraform.values.types import DYNAMIC, STRING, ObjectType, TupleType
from astralint.terraform.values.value import (
    EPHEMERAL,
    POSSIBLE,
    SENSITIVE,
    EvaluationError,
    OpenAttributes,
    Origin,
    Reason,
    Unknown,
    Value,
    null,
    unknown,
)

BUILT_IN = frozenset({"terraform_data", "terraform_remote_state"})
"""Types whose attributes are all known, because they are Terraform's own."""


class ResourceEvaluation:
    """A resource of a module instance; instances are evaluated when they are asked for."""

    def __init__(
        self, instance: ModulePlace, declaration: Resource, expansion: Expansion, providers: Providers
    ) -> None:
        self.instance = instance
        self.declaration = declaration
        self.expansion = expansion
        self._providers = providers
        self.address = instance.address + declaration.address
        self._values: dict[InstanceKey, Value] = {}
        self._predicted: dict[InstanceKey, tuple[str, ...]] = {}
        self._origins: dict[tuple[InstanceKey, str], frozenset[Origin]] = {}

    def address_of(self, key: InstanceKey) -> str:
        return self.address + key_text(key)

    def value(self, key: InstanceKey) -> Value:
        """Return an instance as an object, without origins of its own."""
        value = self._values.get(key)
        if value is None:
            address = self.address_of(key)
            self.instance.prepare_resource(self.declaration)

            def compute() -> Value:
                return self._evaluate(key, self.expansion.instances[key])

            value = self.instance.once(("resource", address), address, self.declaration.header, compute)
            self._values[key] = value
        return value

    def whole(self) -> Value:
        """Return what a reference without an instance key gives."""
        if self.expansion.uncertain and self.expansion.kind != "single":
            origins = self._origin(None, "")
            return unknown(self.expansion.uncertain, DYNAMIC, not_null=True, origins=origins)
        return collect(self.expansion, {key: self.referenced(key) for key in self.expansion.instances})

    def possible(self, key: InstanceKey, name: str) -> Value:
        """Return an attribute of an instance that may not exist: unknown, with its identity where it is a string."""
        reasons, origins = self.expansion.uncertain, self._origin(None, name)
        whole = self.value(None)
        own = whole.raw.get(name) if isinstance(whole.raw, dict) else None
        if own is None or own.type != STRING:
            return unknown(reasons, DYNAMIC, origins=origins)
        symbol = f"{POSSIBLE}{self.instance.context.spec.name}/{self.address}{key_text(key)}.{name}"
        text = PartialText((Hole(reasons[0].message, symbol),))
        return unknown(reasons, STRING, text=text, origins=origins, marks=own.marks)

    def referenced(self, key: InstanceKey) -> Value:
        """Return an instance as a reference to the whole of it sees it."""
        return self.value(key).with_origins(self._origin(key, ""))

    def attribute(self, key: InstanceKey, name: str) -> Value:
        """Return an attribute of an instance as a reference sees it."""
        whole = self.value(key)
        if whole.is_unknown:
            return whole.with_origins(self._origin(key, name))
        value: Value | None = whole.raw.get(name)
        if value is None:
            other = self.instance.context.knowledge.other_name(self.declaration.mode, self.declaration.type, name)
            value = whole.raw.get(other) if other is not None else None
        if value is None and self.declaration.type in BUILT_IN:
            message = f"`{self.declaration.type}` has no attribute named `{name}`"
            raise EvaluationError(message, code="unsupported-attribute")
        if value is None:
            reason = whole.raw.reason if isinstance(whole.raw, OpenAttributes) else self._after_apply(key, name)
            return unknown(reason, DYNAMIC, origins=self._origin(key, name))
        return value.with_origins(self._origin(key, name, value.origins))

    def _origin(self, key: InstanceKey, attribute: str, sources: frozenset[Origin] = frozenset()) -> frozenset[Origin]:
        origins = self._origins.get((key, attribute))
        if origins is None:
            declaration = self.declaration
            argument = declaration.argument(attribute) if attribute else None
            kind = "resource" if declaration.mode == "managed" else declaration.mode
            address = self.address_of(key) + (f".{attribute}" if attribute else "")
            span = argument.span if argument is not None else declaration.header
            origin = Origin(kind, address, self.instance.context.spec.name, span, sources)
            origins = self._origins[(key, attribute)] = frozenset((origin,))
        return origins

    def _after_apply(self, key: InstanceKey, name: str) -> Reason:
        address = f"{self.address_of(key)}.{name}"
        if self.declaration.mode == "managed":
            return Reason("known-after-apply", f"`{address}` is known only after apply", self.declaration.header)
        return Reason("data-source", f"`{address}` is read from the provider", self.declaration.header)

    # --- evaluation ------------------------------------------------------------------

    def provider(self, key: InstanceKey) -> ProviderContext | None:
        """Return the provider configuration that an instance uses; None where there is none."""
        if not self._providers.is_repeated(self.declaration):
            return self._providers.of_resource(self.declaration, None)
        scope = ModuleScope(self.instance, self.expansion.instances[key])
        return self._providers.of_resource(self.declaration, scope)

    def _evaluate(self, key: InstanceKey, repetition: Repetition) -> Value:
        context = self.instance.context
        declaration = self.declaration
        special = builtin.EVALUATORS.get((declaration.mode, declaration.type))
        scope = ModuleScope(self.instance, repetition, uncertain=self.expansion.reasons(key))
        if special is not None:
            self._predicted[key] = builtin.FORETOLD.get(declaration.type, ())
            value = special(declaration, self.address_of(key), scope, context)
            self._refuse_ephemeral(value.raw, None)
            return value
        schema = context.knowledge.schema(declaration.mode, declaration.type)  # type: ignore[arg-type]
        values = decode(declaration.body, schema, scope, context)
        provider = self.provider(key)
        if schema is None:
            told = context.knowledge.open_data(declaration.type, values) if declaration.mode == "data" else {}
            return self._open(key, {**self._recorded(key, values, None), **told, **values})
        self._refuse_ephemeral(values, schema)
        self._refuse_arguments(schema)
        return self._complete(key, values, schema, provider)

    def _refuse_arguments(self, schema: BlockSchema) -> None:
        """Report arguments that the version of the provider does not take: another one may be in use."""
        context, declaration = self.instance.context, self.declaration
        for name, argument in declaration.body.arguments.items():
            if name in schema.attributes:
                continue
            why = context.knowledge.refused(declaration.mode, declaration.type, name)
            if why is not None:
                context.report(Diagnostic("unsupported-argument", "warning", why, argument.span))

    def _refuse_ephemeral(self, values: dict[str, Value], schema: BlockSchema | None) -> None:
        """Report arguments that would keep what is ephemeral: only write-only ones do not."""
        if self.declaration.mode == "ephemeral":
            return
        for name, value in values.items():
            if not value.marks & EPHEMERAL:
                continue
            attribute = schema.attributes.get(name) if schema is not None else None
            argument = self.declaration.argument(name)
            if argument is not None and (attribute is None or not attribute.write_only):
                message = f"`{name}` would be kept in the state, and this value is ephemeral"
                self.instance.context.problem("ephemeral-value", message, argument.value_span)

    def _open(self, key: InstanceKey, values: dict[str, Value]) -> Value:
        reason = self._after_apply(key, "*")
        open_ = Reason(reason.code, reason.message.replace(".*`", "`"), reason.span)
        raw = OpenAttributes({name: _opened(value, open_) for name, value in values.items()}, open_)
        return Value(ObjectType(tuple((name, value.type) for name, value in raw.items())), raw)

    def _complete(
        self, key: InstanceKey, values: dict[str, Value], schema: BlockSchema, provider: ProviderContext | None
    ) -> Value:
        knowledge, mode, type_ = self.instance.context.knowledge, self.declaration.mode, self.declaration.type
        ask = self.instance.context.ask
        defaults: DefaultValues | None = None
        if mode == "managed":
            defaults = knowledge.defaults(type_)
            if defaults is not None:
                fill_in(values, defaults, self._after_apply(key, "*"))
            identity = f"{self.instance.context.spec.name}/{self.address_of(key)}"
            told = knowledge.computed(type_, values, provider, ask, identity) if provider is not None else {}
        else:
            _drop_empty(values, schema)
            told = (knowledge.data(type_, values, provider, ask) if provider is not None else None) or {}
        recorded = self._recorded(key, values, schema)
        told = _known_by_state(told, recorded)
        predicted: list[str] = []
        planned = defaults.planned if defaults is not None else frozenset()
        for name, attribute in schema.attributes.items():
            value = values[name]
            if value.raw is None and (attribute.computed or (mode != "managed" and name in told)):
                given = told.get(name)
                if given is None:
                    given = unknown(self._after_apply(key, name), attribute.type)
                elif (
                    mode == "managed"
                    and name not in planned
                    and given is not recorded.get(name)
                    and not (name == "tags_all" and given.raw)
                ):
                    # Tags are put together when it is planned, unless there are none.
                    predicted.append(name)
                values[name] = _of_length(given, attribute.length)
            elif value.raw is None or attribute.write_only:
                values[name] = null(attribute.type)
            elif attribute.computed and name in told and not told[name].is_unknown:
                # What is read may say more than what was asked for: all tags of a thing that has some.
                values[name] = told[name]
            if attribute.sensitive:
                values[name] = values[name].with_marks(SENSITIVE)
        self._predicted[key] = tuple(predicted)
        after_apply = self._after_apply(key, "*")
        for name, nested in schema.blocks.items():
            inner = defaults.blocks.get(name) if defaults is not None else None
            values[name] = told[name] if name in told else await_apply(values[name], nested, after_apply, inner)
        raw = OpenAttributes(values, self._after_apply(key, "*"))
        return Value(ObjectType(tuple((name, value.type) for name, value in raw.items())), raw)

    def _recorded(
        self, key: InstanceKey, values: Mapping[str, Value], schema: BlockSchema | None
    ) -> Mapping[str, Value]:
        """Return what the workspace's state says of an instance, where it has one."""
        facts = self.instance.context.spec.facts
        return facts.told(self.address_of(key), values, schema) if facts is not None else {}

    def _is_imported(self) -> bool:
        """Say whether an `import` block of the root may name an instance: then a plan reads what it is."""
        root = self.instance
        while root.caller is not None:
            root = root.caller
        if not root.module.imports:
            return False
        own = [part for part in without_keys(self.address).split(".") if part]
        targets = (declaration.body.arguments.get("to") for declaration in root.module.imports)
        return any(argument is not None and names_in(argument.expression) == own for argument in targets)

    # --- results ----------------------------------------------------------------------

    def results(self) -> list[ResourceInstance]:
        """Return all instances as plain results."""
        found = []
        declaration = self.declaration
        imported = self._is_imported()
        for key in self.expansion.instances:
            found.append(
                ResourceInstance(
                    address=self.address_of(key),
                    mode=declaration.mode,
                    type=declaration.type,
                    name=declaration.name,
                    module=self.instance.module_address,
                    index=key,
                    provider=self.provider(key),
                    values=self.value(key),
                    span=declaration.header,
                    block=declaration.block.start,
                    uncertain=(*self.instance.uncertain, *self.expansion.reasons(key)),
                    predicted=() if imported else self._predicted.get(key, ()),
                )
            )
        return found


def _known_by_state(told: Mapping[str, Value], recorded: Mapping[str, Value]) -> Mapping[str, Value]:
    """Return what is told of an instance, with what it leaves open as the state has it."""
    if not recorded:
        return told
    missing = {name: value for name, value in recorded.items() if name not in told or not wholly_known(told[name])}
    return {**told, **missing}


def _drop_empty(values: dict[str, Value], schema: BlockSchema) -> None:
    """Take empty texts and collections that a data source may fill in itself for what they are: not set."""
    for name, attribute in schema.attributes.items():
        if attribute.optional and attribute.computed and values[name].raw in ("", (), {}):
            values[name] = null(attribute.type)


def _of_length(value: Value, length: tuple[int, int | None] | None) -> Value:
    """Return what is not known with what is known of its length."""
    raw = value.raw
    if length is None or not isinstance(raw, Unknown) or raw.bounds is not None:
        return value
    return Value(value.type, Unknown(raw.reasons, raw.text, True, length), value.marks, value.origins)


def _opened(value: Value, reason: Reason) -> Value:
    """Return an argument as a provider of which no schema is known may plan it: what is left out may be there."""
    raw = value.raw
    if raw is None:
        return unknown(reason, value.type, origins=value.origins, marks=value.marks)
    if isinstance(raw, tuple) and isinstance(value.type, TupleType):
        return Value(value.type, tuple(_opened(item, reason) for item in raw), value.marks, value.origins)
    if type(raw) is dict and isinstance(value.type, ObjectType):
        opened = OpenAttributes({name: _opened(item, reason) for name, item in raw.items()}, reason)
        return Value(value.type, opened, value.marks, value.origins)
    return value
