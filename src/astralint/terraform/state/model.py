"""A state as it was read: its instances, with attributes that are decoded when somebody asks for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

StateForm = Literal["state", "shown state", "plan"]

InstanceKey = int | str | None
Steps = tuple[str | int, ...]


class Exact(str):
    """A number as it is written."""

    __slots__ = ()


_PLAIN = msgspec.json.Decoder()
_EXACT = msgspec.json.Decoder(float_hook=Exact)


class StateInstance(msgspec.Struct, frozen=True, eq=False):
    """A resource instance of a state.

    `attributes` is the JSON text of its attributes: a state may be large, and little of it is ever read.
    `sensitive` are the paths of what is sensitive in them. `provider` is the address of its provider
    configuration as the state writes it, "" where it does not. A tainted instance is replaced by the next apply.
    """

    address: str
    mode: str
    type: str
    name: str
    module: str
    index: InstanceKey
    provider: str
    attributes: bytes
    sensitive: tuple[Steps, ...] = ()
    tainted: bool = False

    def values(self) -> Mapping[str, Any]:
        """Return the attributes as plain Python."""
        return _object(_PLAIN, self.attributes)

    def exact(self) -> Mapping[str, Any]:
        """Return the attributes with numbers that are no integers as they are written."""
        return _object(_EXACT, self.attributes)

    @property
    def sensitive_names(self) -> frozenset[str]:
        """The attributes in which anything is sensitive."""
        return frozenset(str(path[0]) for path in self.sensitive if path)


def _object(decoder: msgspec.json.Decoder[Any], text: bytes) -> Mapping[str, Any]:
    try:
        found = decoder.decode(text)
    except (msgspec.MsgspecError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


class Drift(msgspec.Struct, frozen=True):
    """What a plan found changed outside of Terraform: an instance, what became of it, and which attributes."""

    address: str
    action: str
    attributes: tuple[str, ...] = ()


class State(msgspec.Struct, frozen=True, eq=False):
    """A state. `file` is where it was read from; `workspace` the workspace that somebody said it is of, "" for none."""

    file: str
    form: StateForm
    instances: tuple[StateInstance, ...]
    terraform_version: str = ""
    serial: int = 0
    lineage: str = ""
    drift: tuple[Drift, ...] = ()
    workspace: str = ""

    @property
    def managed(self) -> tuple[StateInstance, ...]:
        """The managed instances, those that are about to be destroyed by an unfinished replacement apart."""
        return tuple(instance for instance in self.instances if instance.mode == "managed")

    @property
    def title(self) -> str:
        """What it is called where something is said to come from it, without its workspace."""
        return f"serial {self.serial}" if self.serial else self.file


class PlacedState(msgspec.Struct, frozen=True, eq=False):
    """A workspace's state, beside its code: `here` are the instances by their addresses in the code.

    `beside` are managed instances that the code does not have, at the addresses that `moved` blocks lead to; of these,
    `forgotten` are what a `removed` block speaks of. `imported` are addresses that `import` blocks bring in.
    """

    state: State
    here: Mapping[str, StateInstance] = {}
    beside: tuple[tuple[str, StateInstance], ...] = ()
    forgotten: frozenset[str] = frozenset()
    imported: frozenset[str] = frozenset()
