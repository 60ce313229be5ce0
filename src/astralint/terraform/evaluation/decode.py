"""Bodies to objects: arguments evaluated and converted, nested and dynamic blocks collected."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from astralint.terraform.configuration.body import Argument, MergedBody, NestedBody
from astralint.terraform.evaluation.context import EvaluationContext
from astralint.terraform.evaluation.dynamic import Content, contents
from astralint.terraform.evaluation.json_body import blocks_in, dynamic_blocks
from astralint.terraform.expressions.scope import Scope
from astralint.terraform.schema import BlockSchema, NestedBlock
from astralint.terraform.values.convert import convert
from astralint.terraform.values.sets import set_of
from astralint.terraform.values.types import (
    DYNAMIC,
    AnyType,
    ListType,
    MapType,
    ObjectType,
    SetType,
    TupleType,
)
from astralint.terraform.values.value import (
    EvaluationError,
    Value,
    list_of,
    null,
    object_of,
    tuple_of,
    unknown,
)

META_ARGUMENTS = frozenset({"count", "for_each", "provider", "depends_on"})
META_BLOCKS = frozenset({"lifecycle", "provisioner", "connection"})

_IMPLIED: dict[int, tuple[BlockSchema, ObjectType]] = {}


def implied_type(schema: BlockSchema) -> ObjectType:
    """Return the type of objects that a schema describes."""
    known = _IMPLIED.get(id(schema))
    if known is None:
        # The schema is kept beside its type, so that its id stays its own.
        known = _IMPLIED[id(schema)] = (schema, _implied(schema))
    return known[1]


def _implied(schema: BlockSchema) -> ObjectType:
    attributes: dict[str, AnyType] = {name: attribute.type for name, attribute in schema.attributes.items()}
    for name, nested in schema.blocks.items():
        attributes[name] = _nested_type(nested)
    return ObjectType.of(attributes)


def _nested_type(nested: NestedBlock) -> AnyType:
    inner = implied_type(nested.block)
    if nested.nesting == "list":
        return ListType(inner)
    if nested.nesting == "set":
        return SetType(inner)
    return MapType(inner) if nested.nesting == "map" else inner


def decode(body: MergedBody, schema: BlockSchema | None, scope: Scope, context: EvaluationContext) -> dict[str, Value]:
    """Evaluate a body; the result holds every attribute and block type of the schema, and whatever else is set.

    Without a schema, nested blocks become tuples of objects. Problems are reported
    and leave the attribute unknown; the others stand.
    """
    decoder = _Decoder(scope, context)
    return decoder.free(body, top=True) if schema is None else decoder.block(body, schema, top=True)


class _Decoder:
    """One decoding, in one scope; the content of a dynamic block has another."""

    def __init__(self, scope: Scope, context: EvaluationContext) -> None:
        self.scope = scope
        self.context = context

    # --- with a schema -----------------------------------------------------------------

    def block(self, body: MergedBody, schema: BlockSchema, *, top: bool = False) -> dict[str, Value]:
        result: dict[str, Value] = {}
        for name, attribute in schema.attributes.items():
            argument = body.arguments.get(name)
            if argument is not None:
                result[name] = self.argument(argument, attribute.type)
            elif body.blocks and self._has_blocks(body, name):
                result[name] = self._attribute_as_blocks(body, name, attribute.type)
            else:
                result[name] = null(attribute.type)
        for name, nested in schema.blocks.items():
            result[name] = self.nested(body, name, nested)
        if top:
            # Another version of the provider may know more than this schema.
            for name, value in self.free(body, top=True, known={*result, "dynamic"}).items():
                result[name] = value
        return result

    def argument(self, argument: Argument, type_: AnyType) -> Value:
        value = self.context.evaluate(argument, self.scope, type_)
        if value.type == type_:
            return value
        try:
            return convert(value, type_)
        except EvaluationError as error:
            error = EvaluationError(f"inappropriate value for `{argument.name}`: {error.message}", code=error.code)
            return unknown(self.context.error(error, argument, self.scope), type_)

    @staticmethod
    def _has_blocks(body: MergedBody, name: str) -> bool:
        return any(
            block.type == name or (block.type == "dynamic" and block.block.labels[:1] == (name,))
            for block in body.blocks
        )

    def _attribute_as_blocks(self, body: MergedBody, name: str, type_: AnyType) -> Value:
        """Read blocks for an attribute that is a list or set of objects ("Attributes as Blocks")."""
        objects: list[Value] = []
        for nested, reasons in self.contents(body, name):
            if reasons is not None:
                return unknown(reasons.reasons, type_, not_null=True)
            assert nested is not None
            scope, content = nested
            with_scope = _Decoder(scope, self.context)
            objects.append(object_of(with_scope.free(content.body)))
        if not objects:
            # `dynamic` blocks of which there is none are no argument; `name = []` is one.
            return null(type_)
        element = type_.element if isinstance(type_, ListType | SetType) else DYNAMIC
        try:
            return convert(tuple_of(convert(item, _all_optional(element)) for item in objects), type_)
        except EvaluationError as error:
            header = next(block.header for block in body.blocks_of(name, "dynamic"))
            message = f"inappropriate value for `{name}`: {error.message}"
            return unknown(self.context.problem("invalid-expression", message, header), type_)

    def _json_blocks(self, argument: Argument, nested: NestedBlock) -> Value:
        """Read nested blocks that are written as objects, as JSON syntax does."""
        type_ = _nested_type(nested)
        value = self.context.evaluate(argument, self.scope, type_)
        if isinstance(value.type, ObjectType | MapType) and nested.nesting in ("list", "set") and not value.is_unknown:
            value = tuple_of([value])
        try:
            return convert(value, _all_optional(type_))
        except EvaluationError as error:
            return unknown(self.context.error(error, argument, self.scope), type_)

    def nested(self, body: MergedBody, name: str, nested: NestedBlock) -> Value:
        type_ = _nested_type(nested)
        inner = implied_type(nested.block)
        objects: list[Value] = []
        keys: list[str] = []
        argument = body.arguments.get(name)
        written = blocks_in(argument, name) if argument is not None else []
        if argument is not None and written is None:
            return self._json_blocks(argument, nested)
        if body.blocks or written or "dynamic" in body.arguments:
            for item, reasons in self.contents(body, name, written or []):
                if reasons is not None:
                    return unknown(reasons.reasons, type_, not_null=True)
                assert item is not None
                scope, content = item
                attributes = _Decoder(scope, self.context).block(content.body, nested.block)
                objects.append(_object(attributes, inner))
                keys.append(content.block.labels[0] if content.block.labels else "")
        return self._gathered(nested, inner, objects, keys)

    @staticmethod
    def _gathered(nested: NestedBlock, inner: ObjectType, objects: list[Value], keys: list[str]) -> Value:
        if nested.nesting in ("single", "group"):
            return objects[-1] if objects else null(inner)
        if nested.nesting == "list":
            return list_of(inner, objects)
        if nested.nesting == "set":
            return set_of(inner, objects)
        return Value(MapType(inner), dict(sorted(zip(keys, objects, strict=True))))

    # --- without a schema -----------------------------------------------------------------

    def free(self, body: MergedBody, *, top: bool = False, known: Collection[str] = ()) -> dict[str, Value]:
        result = {
            name: self.context.evaluate(argument, self.scope)
            for name, argument in body.arguments.items()
            if name not in known and not (top and name in META_ARGUMENTS)
        }
        types: dict[str, None] = {}
        for block in body.blocks:
            if not (top and block.type in META_BLOCKS):
                types.setdefault(
                    block.block.labels[0] if block.type == "dynamic" and block.block.labels else block.type
                )
        for name in types:
            if name not in result and name not in known:
                result[name] = self._free_blocks(body, name)
        return result

    def _free_blocks(self, body: MergedBody, name: str) -> Value:
        objects: list[Value] = []
        for item, reasons in self.contents(body, name):
            if reasons is not None:
                return unknown(reasons.reasons, DYNAMIC, not_null=True)
            assert item is not None
            scope, content = item
            objects.append(object_of(_Decoder(scope, self.context).free(content.body)))
        return tuple_of(objects)

    # --- dynamic blocks ----------------------------------------------------------------------

    def contents(self, body: MergedBody, name: str, written: Iterable[NestedBody] = ()) -> Iterator[Content]:
        """Yield the blocks of a type, `dynamic` ones expanded; or the Unknown that hides how many there are.

        `written` are those that are written as objects.
        """
        for block in (*body.blocks, *written, *dynamic_blocks(body, name)):
            if block.type == name:
                yield (self.scope, block), None
            elif block.type == "dynamic" and block.block.labels[:1] == (name,):
                yield from contents(block, self.scope, self.context)


def _object(attributes: dict[str, Value], inner: ObjectType) -> Value:
    return Value(inner, {name: attributes[name] for name, _ in inner.attributes})


def _all_optional(type_: AnyType) -> AnyType:
    if isinstance(type_, ObjectType):
        attributes = tuple((name, _all_optional(inner)) for name, inner in type_.attributes)
        return ObjectType(attributes, tuple(name for name, _ in attributes))
    if isinstance(type_, ListType):
        return ListType(_all_optional(type_.element))
    if isinstance(type_, SetType):
        return SetType(_all_optional(type_.element))
    if isinstance(type_, MapType):
        return MapType(_all_optional(type_.element))
    if isinstance(type_, TupleType):
        return TupleType(tuple(_all_optional(inner) for inner in type_.elements))
    return type_
