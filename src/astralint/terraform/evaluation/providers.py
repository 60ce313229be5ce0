"""Provider configurations: which one a resource uses, through aliases and module calls."""

from __future__ import annotations

import msgspec

from astralint.hcl.syntax import Expression, GetAttr, Index, Literal, ObjectExpression, Variable
from astralint.terraform.configuration.module import Provider, Resource
from astralint.terraform.evaluation.decode import decode
from astralint.terraform.evaluation.place import ModulePlace
from astralint.terraform.expressions.scope import Scope
from astralint.terraform.knowledge import ProviderContext
from astralint.terraform.values.types import EMPTY_OBJECT
from astralint.terraform.values.value import Value, object_of

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
        # OpenTofu: `aws.by_region[each.key]`, configurations made by `for_each`.
        return local_provider(expression.target)
    return None


class Providers:
    """The provider configurations that a module instance sees; `outer` are those of its caller."""

    def __init__(self, place: ModulePlace, scope: Scope, outer: Providers | None) -> None:
        self._place = place
        self._scope = scope
        self._outer = outer
        self._contexts: dict[LocalProvider, ProviderContext | None] = {}
        self._passed: dict[LocalProvider, LocalProvider] | None = None

    def of_resource(self, declaration: Resource) -> ProviderContext | None:
        """Return the configuration of a resource: its `provider` argument, else the default of its type."""
        argument = declaration.argument("provider")
        chosen = local_provider(argument.expression) if argument is not None else None
        if chosen is None:
            chosen = (declaration.type.partition("_")[0], "")
        return self.get(chosen)

    def get(self, key: LocalProvider) -> ProviderContext | None:
        """Return a configuration by local name and alias; None where nothing declares or passes it."""
        if key not in self._contexts:
            self._contexts[key] = self._find(key)
        return self._contexts[key]

    def _find(self, key: LocalProvider) -> ProviderContext | None:
        declaration = self._place.module.providers.get(key)
        outer = self._outer
        if declaration is not None and not (
            outer is not None and not declaration.body.arguments.keys() - {"version", "alias"}
        ):
            return self._evaluate(key, declaration)
        if outer is None:
            return self._evaluate(key, None) if not key[1] else None
        passed = self._map()
        if key in passed:
            return outer.get(passed[key])
        return outer.get(key) if not key[1] else None

    def _map(self) -> dict[LocalProvider, LocalProvider]:
        if self._passed is None:
            self._passed = {}
            call = self._place.call
            argument = call.argument("providers") if call is not None else None
            if argument is not None and isinstance(argument.expression, ObjectExpression):
                for item in argument.expression.items:
                    inner, outer = local_provider(item.key), local_provider(item.value)
                    if inner is not None and outer is not None:
                        self._passed[inner] = outer
        return self._passed

    def _evaluate(self, key: LocalProvider, declaration: Provider | None) -> ProviderContext:
        context = self._place.context
        local_name, alias = key
        required = self._place.module.required_providers.get(local_name)
        type_ = required.source.rpartition("/")[2] if required is not None else local_name
        values = Value(EMPTY_OBJECT, {})
        if declaration is not None:
            schema = context.knowledge.schema("provider", type_)
            values = object_of(decode(declaration.body, schema, self._scope, context))
        module = self._place.address
        address = f'{module}provider["{type_}"]' + (f".{alias}" if alias else "")
        told = context.knowledge.provider(address, type_, alias, values, context.spec)
        if declaration is None:
            return told
        return msgspec.structs.replace(told, span=declaration.header, block=declaration.block.start)
