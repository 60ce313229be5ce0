"""Functions of files, paths and templates. They read only what the context lets them read."""

from __future__ import annotations

import posixpath
from base64 import b64encode
from typing import TYPE_CHECKING

from astralint.source.partial import PartialText
from astralint.terraform.functions.globbing import below
from astralint.terraform.functions.hashing import hexadecimal, in_base64
from astralint.terraform.functions.hcl_writer import is_identifier
from astralint.terraform.functions.registry import contextual, implements
from astralint.terraform.functions.support import FunctionError, is_mapping, partial, text, trailing, unknown_of
from astralint.terraform.values.convert import convert
from astralint.terraform.values.sets import set_of
from astralint.terraform.values.types import DYNAMIC, STRING
from astralint.terraform.values.value import OpenAttributes, Reason, Value, boolean, unknown

if TYPE_CHECKING:
    from astralint.terraform.functions.context import FunctionContext

MAXIMUM_TEMPLATE_DEPTH = 200
"""In how many levels templates may render others, where they may at all."""


@contextual("file")
def _file(arguments: list[Value], context: FunctionContext) -> Value:
    return text(_content(arguments[0], context))


def _content(path: Value, context: FunctionContext) -> str:
    try:
        return context.read(path.raw, 0).decode()
    except UnicodeDecodeError:
        raise FunctionError(
            f'contents of "{path.raw}" are not valid UTF-8; use the filebase64 function to obtain the Base64 encoded contents '
            "or the other file functions (e.g. filemd5, filesha256) to obtain file hashing results instead",
            0,
        ) from None


@contextual("filebase64")
def _filebase64(arguments: list[Value], context: FunctionContext) -> Value:
    return text(b64encode(context.read(arguments[0].raw, 0)).decode())


def _hash_of_file(name: str, algorithm: str) -> None:
    printed = in_base64 if name.startswith("filebase64") else hexadecimal

    @contextual(name)
    def _hash(arguments: list[Value], context: FunctionContext) -> Value:
        return printed(algorithm, context.read(arguments[0].raw, 0))


for _algorithm in ("md5", "sha1", "sha256", "sha512"):
    _hash_of_file(f"file{_algorithm}", _algorithm)
for _algorithm in ("sha256", "sha512"):
    _hash_of_file(f"filebase64{_algorithm}", _algorithm)


@contextual("fileexists")
def _fileexists(arguments: list[Value], context: FunctionContext) -> Value:
    return boolean(context.exists(arguments[0].raw))


@contextual("fileset")
def _fileset(arguments: list[Value], context: FunctionContext) -> Value:
    directory: str = arguments[0].raw
    pattern = below(posixpath.basename(_clean(directory)), arguments[1].raw)
    return set_of(STRING, [text(path) for path in context.glob(directory, pattern)])


# --- paths ------------------------------------------------------------------------------


def _clean(path: str) -> str:
    """Return the path as Go's `filepath.Clean` does."""
    cleaned = posixpath.normpath(path)
    return "/" + cleaned.lstrip("/") if cleaned.startswith("//") else cleaned


@implements("dirname", unknowns=True)
def _dirname(arguments: list[Value]) -> Value:
    if arguments[0].is_unknown:
        parts = partial(arguments[0]).parts
        end = trailing(arguments[0])
        if "/" not in end or end.endswith("/") or _clean(end) != end:
            return unknown_of(STRING, arguments)
        return unknown_of(STRING, arguments, partial=PartialText.of(*parts[:-1], end[: end.rfind("/")]))
    return text(_clean(arguments[0].raw[: arguments[0].raw.rfind("/") + 1]))


@implements("basename", unknowns=True)
def _basename(arguments: list[Value]) -> Value:
    if arguments[0].is_unknown:
        name = trailing(arguments[0]).rstrip("/")
        return text(name.rpartition("/")[2]) if "/" in name else unknown_of(STRING, arguments)
    path: str = arguments[0].raw
    if not path:
        return text(".")
    stripped = path.rstrip("/")
    return text(stripped.rpartition("/")[2] if stripped else "/")


@contextual("abspath")
def _abspath(arguments: list[Value], context: FunctionContext) -> Value:
    path: str = arguments[0].raw
    if path.startswith("/"):
        return text(_clean(path))
    reason = Reason("impure-function", "`abspath` depends on the directory in which Terraform runs")
    return unknown(reason, STRING, text=context.absolute(path), not_null=True)


@implements("pathexpand")
def _pathexpand(arguments: list[Value]) -> Value:
    path: str = arguments[0].raw
    if not path.startswith("~"):
        return text(path)
    if path[1:2] not in {"", "/"}:
        raise FunctionError("cannot expand user-specific home dir")
    return unknown(
        Reason("impure-function", "`pathexpand` depends on the home directory of whoever runs Terraform"),
        STRING,
        not_null=True,
    )


# --- templates --------------------------------------------------------------------------


@contextual("templatefile", returns=lambda _: DYNAMIC)
def _templatefile(arguments: list[Value], context: FunctionContext) -> Value:
    path = arguments[0].raw
    variables = _variables(arguments[1])
    depth = _depth(context, "templatefile")
    if variables is None:
        return unknown_of(DYNAMIC, arguments)
    return context.render_template(_content(arguments[0], context), path, variables, depth)


@contextual("templatestring")
def _templatestring(arguments: list[Value], context: FunctionContext) -> Value:
    variables = _variables(arguments[1])
    if variables is None:
        return unknown_of(STRING, arguments)
    depth = _depth(context, "templatestring")
    rendered = context.render_template(arguments[0].raw, "<templatestring argument>", variables, depth)
    return rendered if context.language.has("free-template-string") else convert(rendered, STRING)


def _depth(context: FunctionContext, name: str) -> int:
    if context.template_depth > 0 and not context.language.has("nested-templates"):
        raise FunctionError(f"cannot recursively call {name} from inside another template function", 0)
    if context.template_depth >= MAXIMUM_TEMPLATE_DEPTH:
        raise FunctionError(f"templates are rendered in more than {MAXIMUM_TEMPLATE_DEPTH} levels", 0, code="limit")
    return context.template_depth + 1


def _variables(value: Value) -> dict[str, Value] | None:
    if not is_mapping(value.type):
        raise FunctionError("invalid vars value: must be a map", 1)
    for name in value.raw:
        if not is_identifier(name):
            raise FunctionError(
                f'invalid template variable name "{name[:80]}": must start with a letter, followed by zero or more letters, '
                "digits, and underscores",
                1,
            )
    return None if isinstance(value.raw, OpenAttributes) else dict(value.raw)
