"""Provider configurations: which one a resource uses, through aliases and module calls."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from astralint.hcl.syntax import Expression, GetAttr, Index, Literal, ObjectExpression, Variable
from astralint.terraform.configuration.body import Argument
from astralint.terraform.configuration.module import Provider, Resource
from astralint.terraform.evaluation.decode import decode
from astralint.terraform.evaluation.expansion import Expansion, expand, key_text, quote, uncertain
from astralint.terraform.evaluation.place import ModulePlace
from astralint.terraform.evaluation.scope import ModuleScope
from astralint.terraform.expressions.evaluate import evaluate
from astralint.terraform.expressions.scope import Scope
from astralint.terraform.knowledge import ProviderContext
from astralint.terraform.values.convert import convert
from astralint.terraform.values.types import EMPTY_OBJECT, STRING
from astralint.terraform.values.value import EvaluationError, Reason, Value, object_of

LocalProvider = tuple[str, str]
"""Local name and alias; the alias is "" for the default configuration."""


def local_provider(expression: Expression) -> LocalProvider | None:
    """Read a provider reference: `aws`, `aws.eu`, or the quoted form of Terraform 0.11."""
    if isinstance(expression, Literal) and isinstance(expression.value, str):
        name, _, alias = expression.value.partition(".")
        return name, alias
    if isinstance(expression, Variable):
        return expression.name, ""
    if isinstance(expression, GetAttr) and isinstance(expression.target, Variable):
        return expression.target.name, expression.name
    if isinstance(expression, Index):
        # OpenTofu: `aws.by_region[each.key]`, one of the configurations that `for_each` makes.
        return local_provider(expression.target)
    return None


class Chosen(msgspec.Struct, frozen=True):
    """A provider reference: the configuration, and the key of one that `for_each` makes (None without a key)."""

    name: LocalProvider
    key: str | None = None
    is_known: bool = True


class Providers:
    """The provider configurations that a module instance sees; `outer` are those of its caller.

    `call_scope` is the scope of the module's call, in which the keys of what it passes are evaluated.
    """

    def __init__(self, place: ModulePlace, scope: Scope, outer: Providers | None, call_scope: Scope | None) -> None:
        self._place = place
        self._scope = scope
        self._outer = outer
        self._call_scope = call_scope
        self._contexts: dict[Chosen, ProviderContext | None] = {}
        self._expansions: dict[LocalProvider, Expansion] = {}
        self._passed: dict[LocalProvider, Chosen] | None = None

    def of_resource(self, declaration: Resource, scope: Scope | None) -> ProviderContext | None:
        """Return the configuration of a resource instance: its `provider` argument, else the default of its type.

        `scope` is the instance's, in which the key in the argument is evaluated.
        """
        argument = declaration.argument("provider")
        chosen = self._chosen(argument.expression, argument, scope) if argument is not None else None
        if chosen is None:
            chosen = Chosen((declaration.type.partition("_")[0], ""))
        return self._get(chosen)

    def of_declaration(self, name: LocalProvider) -> list[ProviderContext]:
        """Return the configurations that a `provider` block of the module makes."""
        expansion = self._expansion(name)
        keys: Iterable[str | None] = (None,) if expansion is None else (str(key) for key in expansion.instances)
        found = [self._get(Chosen(name, key, expansion is None or not expansion.uncertain)) for key in keys]
        return [context for context in found if context is not None]

    def is_repeated(self, declaration: Resource) -> bool:
        """Say whether each instance of a resource may have a configuration of its own."""
        argument = declaration.argument("provider")
        return argument is not None and isinstance(argument.expression, Index)

    def _chosen(self, expression: Expression, argument: Argument, scope: Scope | None) -> Chosen | None:
        name = local_provider(expression)
        if name is None or not isinstance(expression, Index) or scope is None:
            return Chosen(name) if name is not None else None
        context = self._place.context
        try:
            key = convert(evaluate(expression.key, scope), STRING)
        except EvaluationError as error:
            context.error(error, argument)
            return Chosen(name, "", is_known=False)
        return Chosen(name, key.raw if isinstance(key.raw, str) else "", is_known=isinstance(key.raw, str))

    def _get(self, chosen: Chosen) -> ProviderContext | None:
        if chosen not in self._contexts:
            self._contexts[chosen] = self._find(chosen)
        return self._contexts[chosen]

    def _find(self, chosen: Chosen) -> ProviderContext | None:
        name = chosen.name
        declaration = self._place.module.providers.get(name)
        outer = self._outer
        if declaration is not None and not (
            outer is not None and not declaration.body.arguments.keys() - {"version", "alias"}
        ):
            return self._declared(chosen, declaration)
        if outer is None:
            return self._evaluate(name, None, self._scope) if not name[1] else None
        passed = self._map()
        if name in passed:
            return outer._get(passed[name])  # noqa: SLF001 - the same class
        return outer._get(chosen) if not name[1] else None  # noqa: SLF001 - the same class

    def _map(self) -> dict[LocalProvider, Chosen]:
        if self._passed is None:
            self._passed = {}
            call = self._place.call
            argument = call.argument("providers") if call is not None else None
            if argument is not None and isinstance(argument.expression, ObjectExpression):
                for item in argument.expression.items:
                    inner = local_provider(item.key)
                    outer = self._chosen(item.value, argument, self._call_scope)
                    if inner is not None and outer is not None:
                        self._passed[inner] = outer
        return self._passed

    # --- configurations that `for_each` makes --------------------------------------------------

    def _expansion(self, name: LocalProvider) -> Expansion | None:
        """Return the instances of a configuration with `for_each`; None for one without."""
        declaration = self._place.module.providers.get(name)
        context = self._place.context
        if declaration is None or "for_each" not in declaration.body.arguments:
            return None
        if not context.spec.language.has("provider-for-each"):
            return None
        if name not in self._expansions:
            self._expansions[name] = expand(declaration.body, self._scope, context)
        return self._expansions[name]

    def _declared(self, chosen: Chosen, declaration: Provider) -> ProviderContext | None:
        expansion = self._expansion(chosen.name)
        if expansion is None:
            return self._evaluate(chosen.name, declaration, self._scope)
        context = self._place.context
        if expansion.uncertain or not chosen.is_known:
            reasons = expansion.uncertain or (Reason("error", "the key of the provider is not known"),)
            repetition = uncertain(declaration.body, reasons).instances[None]
            return self._evaluate(chosen.name, declaration, ModuleScope(self._place, repetition))
        found = expansion.instances.get(chosen.key) if chosen.key is not None else None
        if found is None:
            name = ".".join(chosen.name)
            message = (
                f"provider `{name}` is made by `for_each`, so that a key has to choose one: `{name}[…]`"
                if chosen.key is None
                else f"provider `{name}` has no instance with the key {quote(chosen.key)}"
            )
            context.problem("invalid-provider-key", message, declaration.header)
            return None
        return self._evaluate(chosen.name, declaration, ModuleScope(self._place, found), chosen.key)

    def _evaluate(
        self, key: LocalProvider, declaration: Provider | None, scope: Scope, instance: str | None = None
    ) -> ProviderContext:
        context = self._place.context
        local_name, alias = key
        required = self._place.module.required_providers.get(local_name)
        type_ = required.source.rpartition("/")[2] if required is not None else local_name
        values = Value(EMPTY_OBJECT, {})
        if declaration is not None:
            schema = context.knowledge.schema("provider", type_)
            values = object_of(decode(declaration.body, schema, scope, context))
        module = self._place.address
        address = f'{module}provider["{type_}"]' + (f".{alias}" if alias else "") + key_text(instance)
        told = context.knowledge.provider(address, type_, alias, values, context.spec)
        if declaration is None:
            return told
        return msgspec.structs.replace(told, span=declaration.header, block=declaration.block.start)
