"""What evaluation needs to know of providers, and asks for: it knows nothing of AWS itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal, Protocol

import msgspec

from astralint.source.span import Span
from astralint.terraform.requests import Answer, Request
from astralint.terraform.schema import BlockSchema
from astralint.terraform.values.value import Reason, Value
from astralint.terraform.workspace import WorkspaceSpec

Ask = Callable[[Request], Answer]
"""Asks the rest of the platform; where the answer is not there yet, it has a `pending` reason."""


class ProviderContext(msgspec.Struct, frozen=True, eq=False):
    """An evaluated provider configuration and what follows from it.

    `address` is unique within the workspace: `provider["aws"].eu`, with the
    module's address in front where it is not the root's. `account` and `region`
    are strings, known, unknown or symbolic. `account_evidence` says in a word what the
    account was concluded from. `span` is the header of its block, None where nothing
    in the code declares it, and `block` the block's offset in that file.
    """

    address: str
    type: str
    alias: str
    values: Value
    account: Value
    region: Value
    partition: Value
    account_evidence: str = ""
    span: Span | None = None
    block: int = 0


class Dependence(msgspec.Struct, frozen=True, eq=False):
    """What a provider plans otherwise where an argument is set.

    `tried` are values of the argument (None for any, where it is a block), each with what other attributes then
    are, None for what only an apply makes. Where the argument is anything else, nothing is known of these attributes.
    """

    argument: str
    tried: tuple[tuple[Value | None, Mapping[str, Value | None]], ...]


class Keeping(msgspec.Struct, frozen=True, eq=False):
    """An argument that is planned as it is written only where another one beside it has a value."""

    argument: str
    beside: str
    value: Value


class DefaultValues(msgspec.Struct, frozen=True, eq=False):
    """What a provider fills in where the configuration says nothing, for a type and its nested blocks.

    `computed` are the blocks and attributes that an apply fills in, although the schema doesn't say so; `unset` the
    attributes for which an empty text or collection counts as nothing. `rewrites` are what becomes of
    arguments that are planned in another form (the reason is for what is not known of them), `planned` the computed
    attributes that a plan tells, so that no apply is needed for them.
    """

    attributes: Mapping[str, Value]
    blocks: Mapping[str, DefaultValues]
    computed: tuple[str, ...] = ()
    unset: frozenset[str] = frozenset()
    dependences: tuple[Dependence, ...] = ()
    rewrites: Mapping[str, Callable[[Value, Reason], Value]] = {}
    planned: frozenset[str] = frozenset()
    keeping: tuple[Keeping, ...] = ()


class Knowledge(Protocol):
    """What is known of providers: their schemas and what their resources compute."""

    def schema(self, mode: Literal["managed", "data", "ephemeral", "provider"], type_: str) -> BlockSchema | None:
        """Return the schema of a resource type, data source or provider; None where it is not known."""
        ...

    def refused(self, mode: str, type_: str, argument: str) -> str | None:
        """Say why the provider refuses an argument of a resource; None where it takes it, or that is not known."""
        ...

    def other_name(self, mode: str, type_: str, attribute: str) -> str | None:
        """Return the attribute that says the same as one which other versions of the provider have."""
        ...

    def defaults(self, type_: str) -> DefaultValues | None:
        """Return the values that a provider fills in for arguments that are not set; None where none are known."""
        ...

    def provider(self, address: str, type_: str, alias: str, values: Value, spec: WorkspaceSpec) -> ProviderContext:
        """Conclude account, region and partition from an evaluated provider configuration."""
        ...

    def computed(
        self, type_: str, values: Mapping[str, Value], provider: ProviderContext, ask: Ask, identity: str
    ) -> Mapping[str, Value]:
        """Return the attributes of a managed resource that can be told before it is applied.

        `identity` names the instance among all of the platform: its workspace and address.
        """
        ...

    def data(
        self, type_: str, values: Mapping[str, Value], provider: ProviderContext, ask: Ask
    ) -> Mapping[str, Value] | None:
        """Return what a data source gives; None where nothing can be said."""
        ...

    def open_data(self, type_: str, values: Mapping[str, Value]) -> Mapping[str, Value]:
        """Return what can be said of a data source whose schema is not known, by its arguments alone."""
        ...
