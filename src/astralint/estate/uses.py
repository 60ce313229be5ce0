"""What resources use that somebody built: container images, and buckets with code in them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from astralint.aws.policy import Unknowable
from astralint.aws.policy_json import JsonError, JsonObject, Reader
from astralint.estate.model import Resource
from astralint.estate.origins import resource_behind
from astralint.estate.paths import Place, values_at
from astralint.estate.places import argument_at, descend
from astralint.estate.views import text
from astralint.hcl import syntax
from astralint.source.partial import Hole, PartialText, Text
from astralint.terraform.values.value import Reason, Unknown, Value

if TYPE_CHECKING:
    from astralint.estate.estate import Estate

_DATA = Path(__file__).parent / "data" / "uses.toml"


class _Image(msgspec.Struct, frozen=True):
    type: str
    path: str
    json: str = ""


class _Code(msgspec.Struct, frozen=True):
    type: str
    path: str
    key: str = ""
    between: bool = False


class _Tables(msgspec.Struct, frozen=True):
    """`data/uses.toml`, which says what the fields are."""

    image: tuple[_Image, ...]
    code: tuple[_Code, ...]


@cache
def _tables() -> _Tables:
    return msgspec.convert(tomllib.loads(_DATA.read_text("utf-8")), _Tables)


class ImageUse(msgspec.Struct, frozen=True, eq=False):
    """A resource runs a container image; `value` is where its name comes from, `place` leads to the argument."""

    resource: Resource
    image: Text
    value: Value
    place: Place

    def __str__(self) -> str:
        return self.resource.address


class CodeUse(msgspec.Struct, frozen=True, eq=False):
    """A resource takes what it runs from a bucket, or keeps there what it built.

    `between` says that a pipeline only hands it from stage to stage, `uploaded` that Terraform itself puts it there.
    """

    resource: Resource
    bucket: Resource
    place: Place
    between: bool
    uploaded: bool | None
    """None where it is not known who puts it there."""


def image_uses(estate: Estate) -> Iterator[ImageUse]:
    """Yield every container image that a resource names, in stable order."""
    for entry in _tables().image:
        for resource in estate.resources(entry.type):
            for place, value in values_at(resource, entry.path):
                told = text(value)
                if told is None:
                    continue
                for way, image in _within(told, entry.json.split(".")) if entry.json else (((), told),):
                    yield ImageUse(resource, image, value, (*place, *_as_written(estate, resource, place, way, told)))


def code_uses(estate: Estate) -> Iterator[CodeUse]:
    """Yield every use of a bucket of the platform for what is deployed, in stable order."""
    named = {
        name: bucket for bucket in estate.resources("aws_s3_bucket") if isinstance(name := bucket.text("bucket"), str)
    }
    for entry in _tables().code:
        for resource in estate.resources(entry.type):
            for place, value in values_at(resource, entry.path):
                bucket = named.get(value.raw) if isinstance(value.raw, str) else None
                bucket = bucket or resource_behind(estate, value, "aws_s3_bucket")
                if bucket is not None and bucket.mode == "managed":
                    key = resource.value(entry.key) if entry.key else None
                    uploaded: bool | None
                    uploaded = resource_behind(estate, key, "aws_s3_object", "aws_s3_bucket_object") is not None
                    if not uploaded and key is not None and isinstance(key.raw, Unknown):
                        uploaded = None
                    yield CodeUse(resource, bucket, place, entry.between, uploaded)


def open_code_uses(estate: Estate) -> Iterator[tuple[Resource, Reason]]:
    """Yield what takes or keeps something in a bucket of which it is not known which it is, and why."""
    for entry in _tables().code:
        for resource in estate.resources(entry.type):
            for _, value in values_at(resource, entry.path):
                if isinstance(value.raw, Unknown) and resource_behind(estate, value, "aws_s3_bucket") is None:
                    yield resource, next(iter(value.raw.reasons), Reason("unsupported", "its bucket is not known"))


def _as_written(estate: Estate, resource: Resource, place: Place, way: Place, document: Text) -> Place:
    """Return a way into a list of JSON as it is written: the provider plans containers in the order of their names."""
    source = estate.source(resource.instance.span.file)
    found = argument_at(source, resource.instance.block, place) if source is not None else None
    if source is None or found is None or not way or not isinstance(way[0], int):
        return way
    names = dict(_within(document, ["[]", "name"]))
    name = names.get((way[0], "name"))
    for position in range(len(names)):
        there = descend(source, found[0], (position, "name"))
        if not there.left and isinstance(there.expression, syntax.Literal) and there.expression.value == name:
            return (position, *way[1:])
    return ()


def _within(document: Text, steps: list[str]) -> Iterator[tuple[Place, Text]]:
    """Yield the texts at a path within JSON, and where; what is not known as a whole is one text that is not known."""
    try:
        reader = Reader(document)
        found = reader.load()
    except JsonError:
        return
    yield from _walk(reader, found, (), steps)


def _walk(reader: Reader, value: Any, way: Place, steps: list[str]) -> Iterator[tuple[Place, Text]]:
    shown = reader.shown(value)
    if isinstance(shown, Unknowable):
        yield way, PartialText((Hole(shown.reason),))
    elif isinstance(value, list):
        for position, item in enumerate(value):
            yield from _walk(reader, item, (*way, position), steps[1:] if steps and steps[0] == "[]" else steps)
    elif isinstance(value, JsonObject) and steps:
        name = steps[0].removesuffix("[]")
        for key, item in value.members:
            if key == name:
                yield from _walk(reader, item, (*way, name), steps[1:])
    elif not steps and isinstance(shown, str | PartialText):
        yield way, shown
