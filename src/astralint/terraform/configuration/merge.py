"""Merging the files of a directory into one `Module`."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from astralint.hcl.syntax import Attribute, Block, GetAttr, Literal, ObjectExpression, TupleExpression, Variable
from astralint.source.diagnostic import Diagnostic, Label
from astralint.source.span import Span
from astralint.terraform.configuration.body import Argument, MergedBody, NestedBody, SourceFile
from astralint.terraform.configuration.module import (
    Declaration,
    Module,
    NamedDeclaration,
    Provider,
    RequiredProvider,
    Resource,
)

MODES = {"resource": "managed", "data": "data", "ephemeral": "ephemeral"}
LABELS = {
    "resource": 2,
    "data": 2,
    "ephemeral": 2,
    "action": 2,
    "module": 1,
    "variable": 1,
    "output": 1,
    "provider": 1,
    "check": 1,
    "locals": 0,
    "terraform": 0,
    "moved": 0,
    "import": 0,
    "removed": 0,
}
LABEL_NAMES = {
    "resource": ("type", "name"),
    "data": ("type", "name"),
    "ephemeral": ("type", "name"),
    "action": ("type", "name"),
}
IGNORED = {"language", "atlas"}


def merge_files(path: str, primary: Sequence[SourceFile], overrides: Sequence[SourceFile]) -> Module:
    """Build a module from its files, each group in the order of its file names.

    Never raises: what Terraform would refuse becomes a diagnostic of the module.
    """
    module = Module(path, files=[*primary, *overrides])
    for source in primary:
        for attribute in source.file.body.attributes:
            _unexpected_argument(module, source, attribute)
        for block in source.file.body.blocks:
            _add(module, source, block)
    for source in overrides:
        for block in source.file.body.blocks:
            _override(module, source, block)
    return module


def _problem(
    module: Module, message: str, span: Span, *, labels: tuple[Label, ...] = (), help: str | None = None
) -> None:
    module.diagnostics.append(
        Diagnostic("invalid-configuration", "error", message, span, labels=labels, help=help, broken=True)
    )


def _unexpected_argument(module: Module, source: SourceFile, attribute: Attribute) -> None:
    span = source.span(attribute.start, attribute.name_end)
    _problem(module, f"an argument named `{attribute.name}` is not expected here", span)


def _labels_fit(module: Module, source: SourceFile, block: Block) -> bool:
    wanted = LABELS.get(block.type)
    if wanted is None:
        if block.type not in IGNORED:
            span = source.header(block)
            _problem(module, f"blocks of type `{block.type}` are not expected here", span)
        return False
    if len(block.labels) == wanted:
        return True
    names = LABEL_NAMES.get(block.type, ("name",))
    if len(block.labels) < wanted:
        missing = names[len(block.labels)]
        message = f"a `{block.type}` block needs {wanted} label{'s' * (wanted > 1)}: the {missing} is missing"
    else:
        message = f"a `{block.type}` block has {wanted} label{'s' * (wanted != 1)}, not {len(block.labels)}"
    _problem(module, message, source.header(block))
    return False


def _duplicate(module: Module, kind: str, name: str, old: Span, new: Span) -> None:
    _problem(
        module,
        f"{kind} `{name}` is declared twice",
        new,
        labels=(Label(old, "first declared here"),),
        help="names are unique within a module",
    )


def _add(module: Module, source: SourceFile, block: Block) -> None:
    if not _labels_fit(module, source, block):
        return
    _check_arguments(module, source, block)
    body = MergedBody(block.body, source)
    adder = _ADDERS.get(block.type, _add_named_block)
    adder(module, source, block, body)


def _add_resource(module: Module, source: SourceFile, block: Block, body: MergedBody) -> None:
    resource = Resource(block, source, body, MODES[block.type], block.labels[0], block.labels[1])
    key = (resource.mode, resource.type, resource.name)
    if key in module.resources:
        _duplicate(module, block.type, resource.address, module.resources[key].header, resource.header)
    else:
        module.resources[key] = resource


def _add_action(module: Module, source: SourceFile, block: Block, body: MergedBody) -> None:
    action = Declaration(block, source, body)
    known = module.actions.setdefault((block.labels[0], block.labels[1]), action)
    if known is not action:
        _duplicate(module, "action", ".".join(block.labels), known.header, action.header)


def _add_change(module: Module, source: SourceFile, block: Block, body: MergedBody) -> None:
    target = {"moved": module.moved, "import": module.imports, "removed": module.removed}[block.type]
    target.append(Declaration(block, source, body))


def _add_named_block(module: Module, source: SourceFile, block: Block, body: MergedBody) -> None:
    _add_named(module, NamedDeclaration(block, source, body, block.labels[0]))
    if block.type == "check":
        # Its data sources are instances of the module like any other, which only its assertions refer to.
        for nested in block.body.blocks:
            if nested.type == "data":
                _add(module, source, nested)


def _check_arguments(module: Module, source: SourceFile, block: Block) -> None:
    attributes = block.body.attributes
    seen: dict[str, Attribute] = {}
    for attribute in attributes if len({attribute.name for attribute in attributes}) < len(attributes) else ():
        first = seen.setdefault(attribute.name, attribute)
        if first is not attribute:
            _problem(
                module,
                f"the argument `{attribute.name}` is set twice",
                source.span(attribute.start, attribute.name_end),
                labels=(Label(source.span(first.start, first.name_end), "first set here"),),
            )
    for nested in block.body.blocks:
        _check_arguments(module, source, nested)


def _named(module: Module, type_: str) -> dict[str, NamedDeclaration]:
    return {
        "variable": module.variables,
        "output": module.outputs,
        "module": module.module_calls,
        "check": module.checks,
    }[type_]


def _add_named(module: Module, declaration: NamedDeclaration) -> None:
    declared = _named(module, declaration.block.type)
    if declaration.name in declared:
        old = declared[declaration.name].header
        _duplicate(module, declaration.block.type, declaration.name, old, declaration.header)
    else:
        declared[declaration.name] = declaration


def _add_locals(module: Module, body: MergedBody) -> None:
    for name, argument in body.arguments.items():
        if name in module.locals:
            _duplicate(module, "local value", name, module.locals[name].span, argument.span)
        else:
            module.locals[name] = argument


def _alias(body: MergedBody) -> str:
    argument = body.arguments.get("alias")
    if argument is None or not isinstance(argument.expression, Literal):
        return ""
    return argument.expression.value if isinstance(argument.expression.value, str) else ""


def _add_provider(module: Module, provider: Provider) -> None:
    key = (provider.local_name, provider.alias)
    if key in module.providers:
        name = ".".join(filter(None, key))
        _duplicate(module, "provider", name, module.providers[key].header, provider.header)
    else:
        module.providers[key] = provider


def _add_terraform(module: Module, block: NestedBody) -> None:
    module.terraform_blocks.append(block)
    for nested in block.body.blocks:
        if nested.type == "backend":
            module.backend = nested
        elif nested.type == "cloud":
            module.cloud = nested
        elif nested.type == "required_providers":
            for name, argument in nested.body.arguments.items():
                module.required_providers[name] = required_provider(name, argument)


def required_provider(name: str, argument: Argument) -> RequiredProvider:
    """Read an entry of `required_providers`; the version alone is the form of Terraform 0.12."""
    expression = argument.expression
    source, version, aliases = name, None, []
    if isinstance(expression, Literal) and isinstance(expression.value, str):
        version = expression.value
    elif isinstance(expression, ObjectExpression):
        for item in expression.items:
            key = item.key.value if isinstance(item.key, Literal) else None
            text = item.value.value if isinstance(item.value, Literal) and isinstance(item.value.value, str) else None
            if key == "source" and text is not None:
                source = text
            elif key == "version":
                version = text
            elif key == "configuration_aliases" and isinstance(item.value, TupleExpression):
                for alias in item.value.items:
                    if isinstance(alias, GetAttr) and isinstance(alias.target, Variable):
                        aliases.append(alias.name)
    return RequiredProvider(source, version, tuple(aliases), argument.span)


def _override(module: Module, source: SourceFile, block: Block) -> None:
    if not _labels_fit(module, source, block):
        return
    if block.type == "locals":
        for attribute in block.body.attributes:
            argument = Argument(attribute, source)
            if attribute.name not in module.locals:
                message = f"there is no local value `{attribute.name}` for this override to change"
                _problem(module, message, argument.span)
            module.locals[attribute.name] = argument
        return
    if block.type == "terraform":
        _override_terraform(module, source, block)
        return
    target = _override_target(module, block)
    if target is None and block.type == "provider" and not _alias(MergedBody(block.body, source)):
        # Every module has a default configuration of a provider that it uses, be it written down or not.
        _add_provider(module, Provider(block, source, MergedBody(block.body, source), block.labels[0], ""))
        return
    if target is None:
        # Terraform: "Missing base … configuration to override".
        name = ".".join(block.labels)
        _problem(module, f"there is no {block.type} `{name}` for this override to change", source.header(block))
        return
    target.body.override(block.body, source, keep_blocks=("lifecycle",))


def _override_target(module: Module, block: Block) -> Declaration | None:
    if block.type in MODES:
        return module.resources.get((MODES[block.type], block.labels[0], block.labels[1]))
    if block.type == "provider":
        alias = next((a for a in block.body.attributes if a.name == "alias"), None)
        value = alias.expression.value if alias and isinstance(alias.expression, Literal) else ""
        return module.providers.get((block.labels[0], str(value)))
    if block.type in ("variable", "output", "module", "check"):
        return _named(module, block.type).get(block.labels[0])
    return None


def _override_terraform(module: Module, source: SourceFile, block: Block) -> None:
    body = MergedBody(block.body, source)
    if body.block_of("backend") or body.block_of("cloud"):
        module.backend = module.cloud = None
    _add_terraform(module, NestedBody(block, source, body))


_ADDERS: dict[str, Callable[[Module, SourceFile, Block, MergedBody], None]] = {
    **dict.fromkeys(MODES, _add_resource),
    **dict.fromkeys(("moved", "import", "removed"), _add_change),
    "locals": lambda module, _source, _block, body: _add_locals(module, body),
    "terraform": lambda module, source, block, body: _add_terraform(module, NestedBody(block, source, body)),
    "provider": lambda module, source, block, body: _add_provider(
        module, Provider(block, source, body, block.labels[0], _alias(body))
    ),
    "action": _add_action,
}
