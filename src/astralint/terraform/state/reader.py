"""Reads states: files of version 4, and what `terraform show -json` says of a state or a plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from astralint.terraform.state.model import Drift, InstanceKey, State, StateInstance, Steps

NEWEST = 4
_NOTHING = msgspec.Raw(b"{}")
_ABSENT = msgspec.Raw(b"")


class StateError(Exception):
    """Something that is no state that can be read; `code` is that of the diagnostic that says so."""

    def __init__(self, code: str, message: str, help_: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.help = help_


class _Step(msgspec.Struct):
    type: str = ""
    value: Any = None


class _Instance(msgspec.Struct):
    index_key: str | int | None = None
    status: str = ""
    deposed: str = ""
    attributes: msgspec.Raw = _NOTHING
    attributes_flat: msgspec.Raw = _NOTHING
    sensitive_attributes: list[list[_Step]] = []
    provider: str = ""


class _Resource(msgspec.Struct):
    mode: str = "managed"
    type: str = ""
    name: str = ""
    module: str = ""
    provider: str = ""
    instances: list[_Instance] = []


class _Shown(msgspec.Struct):
    address: str = ""
    mode: str = "managed"
    type: str = ""
    name: str = ""
    index: str | int | None = None
    values: msgspec.Raw = _NOTHING
    sensitive_values: msgspec.Raw = _NOTHING
    tainted: bool = False
    deposed_key: str = ""


class _Module(msgspec.Struct):
    address: str = ""
    resources: list[_Shown] = []
    child_modules: list[_Module] = []


class _Values(msgspec.Struct):
    root_module: _Module | None = None


class _Prior(msgspec.Struct):
    values: _Values | None = None


class _Change(msgspec.Struct, frozen=True):
    actions: list[str] = []
    before: Any = None
    after: Any = None


class _Changed(msgspec.Struct):
    address: str = ""
    mode: str = "managed"
    change: _Change = _Change()


class _Document(msgspec.Struct):
    version: int | None = None
    format_version: str = ""
    terraform_version: str = ""
    serial: int = 0
    lineage: str = ""
    resources: list[_Resource] | None = None
    values: _Values | None = None
    prior_state: _Prior | None = None
    resource_drift: list[_Changed] = []
    planned_values: msgspec.Raw = _ABSENT
    encrypted_data: msgspec.Raw = _ABSENT


_DECODER = msgspec.json.Decoder(_Document)
_SENSITIVE = msgspec.json.Decoder()


def read_state(content: bytes, file: str, workspace: str = "") -> State:
    """Return the state that a file holds; raises StateError for what is none, or none that can be read."""
    if not content.strip():
        # `terraform_remote_state` and Terraform itself take an empty file for a state that was never written.
        return State(file, "state", (), workspace=workspace)
    try:
        document = _DECODER.decode(content)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise _broken(content, file, error) from None
    if bytes(document.encrypted_data):
        help_ = "decrypt it first: `tofu state pull` writes it in plain"
        raise StateError("state-encrypted", f"`{file}` is a state that OpenTofu has encrypted", help_)
    if document.version is not None:
        return _of_file(document, file, workspace)
    if bytes(document.planned_values) or document.prior_state is not None:
        values = document.prior_state.values if document.prior_state is not None else None
        drift = tuple(_drift(document.resource_drift))
        return State(file, "plan", tuple(_shown(values)), document.terraform_version, drift=drift, workspace=workspace)
    if document.format_version:
        return State(
            file, "shown state", tuple(_shown(document.values)), document.terraform_version, workspace=workspace
        )
    help_ = "a state file has a `version`, the output of `terraform show -json` a `format_version`"
    raise StateError("state-unreadable", f"`{file}` is no state", help_)


def _broken(content: bytes, file: str, error: Exception) -> StateError:
    if "truncated" in str(error) or not content.rstrip().endswith((b"}", b"]")):
        return StateError("state-truncated", f"`{file}` ends in the middle of a state", "pull it once more")
    return StateError("state-unreadable", f"`{file}` is no state: {error}")


def _of_file(document: _Document, file: str, workspace: str) -> State:
    version = document.version or 0
    if version > NEWEST:
        message = f"`{file}` is a state of version {version}; {NEWEST} is the newest that is known"
        raise StateError("state-newer", message, "write it with `terraform show -json`")
    if version < NEWEST:
        message = f"`{file}` is a state of version {version}, from before Terraform 0.12"
        raise StateError("state-older", message, "any apply with a current Terraform writes it in version 4")
    instances: list[StateInstance] = []
    for resource in document.resources or ():
        prefix = f"{resource.module}." if resource.module else ""
        data = "data." if resource.mode == "data" else ""
        base = f"{prefix}{data}{resource.type}.{resource.name}"
        for one in resource.instances:
            if one.deposed:
                # What a replacement left behind; the next apply destroys it. It exists, and is managed.
                continue
            sensitive = tuple(tuple(step.value for step in path) for path in one.sensitive_attributes)
            instances.append(
                StateInstance(
                    base + index_text(one.index_key),
                    resource.mode,
                    resource.type,
                    resource.name,
                    resource.module,
                    one.index_key,
                    one.provider or resource.provider,
                    bytes(one.attributes if bytes(one.attributes) not in (b"{}", b"null") else one.attributes_flat),
                    sensitive,
                    one.status == "tainted",
                )
            )
    return State(
        file,
        "state",
        tuple(instances),
        document.terraform_version,
        document.serial,
        document.lineage,
        workspace=workspace,
    )


def index_text(key: InstanceKey) -> str:
    """Return an instance key as it stands in an address."""
    if key is None:
        return ""
    if isinstance(key, int):
        return f"[{key}]"
    escaped = key.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'["{escaped.replace("${", "$${").replace("%{", "%%{")}"]'


def _shown(values: _Values | None) -> Iterator[StateInstance]:
    pending = [values.root_module] if values is not None and values.root_module is not None else []
    while pending:
        module = pending.pop()
        pending.extend(reversed(module.child_modules))
        for one in module.resources:
            if one.deposed_key:
                continue
            yield StateInstance(
                one.address,
                one.mode,
                one.type,
                one.name,
                module.address,
                one.index,
                "",
                bytes(one.values),
                tuple(_sensitive(one.sensitive_values)),
                one.tainted,
            )


def _sensitive(shape: msgspec.Raw) -> Iterator[Steps]:
    """Yield the paths of what a shape of `true`s says is sensitive."""
    text = bytes(shape)
    if b"true" not in text:
        return
    pending: list[tuple[Steps, Any]] = [((), _SENSITIVE.decode(text))]
    while pending:
        path, part = pending.pop()
        if part is True:
            yield path
        elif isinstance(part, dict):
            pending.extend(((*path, name), inner) for name, inner in part.items())
        elif isinstance(part, list):
            pending.extend(((*path, number), inner) for number, inner in enumerate(part))


def _drift(changes: Iterable[_Changed]) -> Iterator[Drift]:
    for changed in changes:
        actions = changed.change.actions
        if changed.mode != "managed" or not actions or actions == ["no-op"]:
            continue
        before = changed.change.before if isinstance(changed.change.before, dict) else {}
        after = changed.change.after if isinstance(changed.change.after, dict) else {}
        names = sorted(name for name in {*before, *after} if before.get(name) != after.get(name))
        yield Drift(changed.address, actions[0], tuple(names) if before and after else ())
