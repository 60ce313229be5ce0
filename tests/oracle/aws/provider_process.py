"""Asks the AWS provider itself, without terraform between: one process plans thousands of resources in a minute.

A provider is a server that terraform speaks to (protocol 5, over gRPC). Few of its messages are needed, so they are
written out here by hand. What it plans for a resource that does not exist yet is what `terraform plan` shows.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import grpc
import msgspec
from tests.oracle.aws.terraform_run import OFFLINE_PROVIDER

_COOKIE = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2"
_LIMIT = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]


class UnknownType:
    """The type of `UNKNOWN`, which stands for what is known only after apply."""

    def __repr__(self) -> str:
        return "UNKNOWN"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, UnknownType)

    def __hash__(self) -> int:
        return 0


UNKNOWN = UnknownType()


class RefusedError(Exception):
    """The provider refused a configuration; `complaints` are its errors as texts."""

    def __init__(self, complaints: list[str]) -> None:
        super().__init__("; ".join(complaints))
        self.complaints = complaints


# --- protobuf -----------------------------------------------------------------------


def _varint(number: int) -> bytes:
    found = bytearray()
    while number > 0x7F:
        found.append(number & 0x7F | 0x80)
        number >>= 7
    found.append(number)
    return bytes(found)


def _message(fields: Mapping[int, bytes]) -> bytes:
    """Return a message whose fields all have a length: texts, bytes, messages."""
    return b"".join(_varint(number << 3 | 2) + _varint(len(data)) + data for number, data in fields.items())


def _fields(data: bytes) -> Iterator[tuple[int, bytes | int]]:
    position = 0

    def varint() -> int:
        nonlocal position
        number = shift = 0
        while True:
            byte = data[position]
            position += 1
            number |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return number

    while position < len(data):
        key = varint()
        if key & 7 == 0:
            yield key >> 3, varint()
        else:
            length = varint()
            yield key >> 3, data[position : position + length]
            position += length


def _complaints(data: bytes, field: int) -> list[str]:
    """Return the errors among a response's diagnostics, each with the attribute that it is about."""
    found = []
    for number, content in _fields(data):
        if number != field or not isinstance(content, bytes):
            continue
        parts = dict(_fields(content))
        if parts.get(1) != 1:
            continue
        texts = [str(parts[key], "utf-8") for key in (2, 3) if isinstance(parts.get(key), bytes)]  # type: ignore[arg-type]
        found.append(" ".join(texts) + _path(parts.get(4)))
    return found


def _path(data: bytes | int | None) -> str:
    steps = []
    for _, step in _fields(data) if isinstance(data, bytes) else ():
        for number, content in _fields(step) if isinstance(step, bytes) else ():
            steps.append(str(content, "utf-8") if isinstance(content, bytes) else str(content) if number else "")
    return f" (at {'.'.join(steps)})" if steps else ""


# --- values ------------------------------------------------------------------------


def full(block: Mapping[str, Any], body: Mapping[str, Any]) -> dict[str, Any]:
    """Return a body with everything that its schema has: what is not there is null, or no block."""
    found: dict[str, Any] = {}
    for name, attribute in block.get("attributes", {}).items():
        found[name] = _converted(body.get(name), attribute["type"])
    for name, nested in block.get("block_types", {}).items():
        items = body.get(name)
        if nested["nesting_mode"] in ("list", "set"):
            found[name] = [full(nested["block"], item) for item in items or ()]
        else:
            item = items[0] if isinstance(items, list) and items else items
            found[name] = full(nested["block"], item) if item else None
    return found


def _converted(value: Any, cty: Any) -> Any:
    if value is None or value is UNKNOWN:
        return value
    if isinstance(cty, list):
        if cty[0] in ("list", "set"):
            items = [_converted(item, cty[1]) for item in value]
            return items if cty[0] == "list" else _distinct(items)
        if cty[0] == "map":
            return {key: _converted(item, cty[1]) for key, item in value.items()}
        return {key: _converted(value.get(key), inner) for key, inner in cty[1].items()}
    if cty == "string" and not isinstance(value, str):
        return json.dumps(value)
    if cty == "number" and isinstance(value, str):
        return json.loads(value)
    return value


def _distinct(items: list[Any]) -> list[Any]:
    found: list[Any] = []
    for item in items:
        if item not in found:
            found.append(item)
    return found


def _encoded(value: Any) -> bytes:
    return msgspec.msgpack.encode(value, enc_hook=lambda _: msgspec.msgpack.Ext(0, b"\0"))


def _decoded(data: bytes) -> Any:
    return msgspec.msgpack.decode(data, ext_hook=lambda *_: UNKNOWN)


# --- the process -------------------------------------------------------------------


class Provider:
    """A configured provider, in eu-west-1 and without credentials; it is started anew where a plan makes it crash.

    `schemas` are those of its resource types, as `terraform providers schema -json` writes them.
    """

    def __init__(self, schemas: Mapping[str, Any], scratch: str) -> None:
        self.schemas: dict[str, Any] = {name: entry["block"] for name, entry in schemas["resource_schemas"].items()}
        self.crashes = 0
        self._own = schemas["provider"]["block"]
        self._scratch = scratch
        self._process: subprocess.Popen[str] | None = None
        self._channel: grpc.Channel | None = None

    def start(self) -> None:
        """Run the process and configure it."""
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "TF_"))},
            "TF_PLUGIN_MAGIC_COOKIE": _COOKIE,
            "PLUGIN_PROTOCOL_VERSIONS": "5",
            "PLUGIN_MIN_PORT": "10000",
            "PLUGIN_MAX_PORT": "25000",
            "TMPDIR": self._scratch,
        }
        self._process = subprocess.Popen(
            [str(binary())], env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        assert self._process.stdout is not None
        address = self._process.stdout.readline().split("|")
        target = f"unix://{address[3]}" if address[2] == "unix" else address[3]
        self._channel = grpc.insecure_channel(target, options=_LIMIT)
        config = _message({1: _encoded(full(self._own, OFFLINE_PROVIDER))})
        complaints = _complaints(self._call("Configure", {1: b"1.11.4", 2: config}), 1)
        if complaints:
            raise RefusedError(complaints)

    def stop(self) -> None:
        """End the process."""
        if self._channel is not None:
            self._channel.close()
        if self._process is not None:
            self._process.terminate()
            self._process.wait()

    def _call(self, method: str, fields: Mapping[int, bytes]) -> bytes:
        assert self._channel is not None
        call = self._channel.unary_unary(
            f"/tfplugin5.Provider/{method}", request_serializer=_message, response_deserializer=bytes
        )
        try:
            answer: bytes = call(fields, timeout=120)
        except grpc.RpcError as error:
            self.stop()
            self.crashes += 1
            self.start()
            raise RefusedError([f"the provider crashed: {error}"]) from error
        return answer

    def plan(self, kind: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Return what a new resource is planned as; raises RefusedError."""
        config = _message({1: _encoded(full(self.schemas[kind], body))})
        complaints = _complaints(self._call("ValidateResourceTypeConfig", {1: kind.encode(), 2: config}), 1)
        if complaints:
            raise RefusedError(complaints)
        nothing = _message({1: _encoded(None)})
        answer = self._call("PlanResourceChange", {1: kind.encode(), 2: nothing, 3: config, 4: config})
        complaints = _complaints(answer, 4)
        if complaints:
            raise RefusedError(complaints)
        planned = dict(_fields(answer))[1]
        assert isinstance(planned, bytes)
        content = dict(_fields(planned))[1]
        assert isinstance(content, bytes)
        try:
            return _decoded(content)  # type: ignore[no-any-return]
        except UnicodeDecodeError as error:
            raise RefusedError(["the plan holds what is no text"]) from error


def binary() -> Path:
    """Return the provider's own program, of the mirror that terraform's configuration names."""
    settings = Path(os.environ.get("TF_CLI_CONFIG_FILE", Path.home() / ".terraformrc")).read_text()
    mirror = next(line.split('"')[1] for line in settings.splitlines() if line.strip().startswith("path"))
    return next(Path(mirror).glob("registry.terraform.io/hashicorp/aws/*/*/terraform-provider-aws_*"))


@contextmanager
def provider_process(schemas: Mapping[str, Any]) -> Iterator[Provider]:
    """Run the provider; `schemas` is its part of `terraform providers schema -json`."""
    with tempfile.TemporaryDirectory() as scratch:
        provider = Provider(schemas, scratch)
        provider.start()
        try:
            yield provider
        finally:
            provider.stop()
