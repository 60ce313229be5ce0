"""`terraform` blocks: versions, required providers, where the state is kept."""

from __future__ import annotations

import re
from collections.abc import Iterator

from astralint.hcl.syntax import Attribute, Block, Expression, Literal, ObjectExpression, TupleExpression
from astralint.source.diagnostic import Label
from astralint.terraform.configuration.body import SourceFile
from astralint.terraform.language.version import parse_constraint
from astralint.terraform.validation.report import Findings
from astralint.terraform.validation.structure import not_constant

_SOURCE_PART = re.compile(r"[^\W_](?:[\w.-]*[^\W_])?(?::\d+)?")
PROVIDER_KEYS = frozenset({"source", "version", "configuration_aliases"})
Found = tuple[SourceFile, Block]


def check_settings(primary: list[SourceFile], findings: Findings) -> None:
    """Check the `terraform` blocks of a module."""
    blocks = [(source, block) for source in primary for block in source.file.body.blocks if block.type == "terraform"]
    nested = [(source, inner) for source, block in blocks for inner in block.body.blocks]
    backends = [pair for pair in nested if pair[1].type == "backend"]
    clouds = [pair for pair in nested if pair[1].type == "cloud"]
    _once(backends, "state is kept by one `backend`", findings)
    _once(clouds, "there is one `cloud` block", findings)
    if backends and clouds:
        source, block = backends[0]
        label = Label(clouds[0][0].header(clouds[0][1]), "the `cloud` block is here")
        message = "state is kept by a `backend` or by a `cloud` block, not by both"
        findings.add(message, source.header(block), labels=(label,))
    required = [pair for pair in nested if pair[1].type == "required_providers"]
    _once(required, "a module has one `required_providers` block", findings)
    for source, block in required:
        for attribute in block.body.attributes:
            _check_required(source, attribute, findings)
    for source, block in blocks:
        for attribute in block.body.attributes:
            if attribute.name == "required_version":
                _check_version(source, attribute, findings)


def _once(found: list[Found], message: str, findings: Findings) -> None:
    for source, block in found[1:]:
        label = Label(found[0][0].header(found[0][1]), "the first one is here")
        findings.add(message, source.header(block), labels=(label,))


def _check_version(source: SourceFile, attribute: Attribute, findings: Findings) -> None:
    text = _text(attribute.expression)
    if text is None:
        return
    fits = parse_constraint(text)
    language = findings.language
    if fits is None:
        findings.at(f"`{text}` is no version constraint", source, attribute.expression)
    elif language.has("required-version-is-ignored") and not source.path.endswith((".tofu", ".tofu.json")):
        return
    elif not fits(language.version):
        findings.at(f"this is evaluated as {language}, which `{text}` leaves out", source, attribute.expression)


def _text(expression: Expression) -> str | None:
    return expression.value if isinstance(expression, Literal) and isinstance(expression.value, str) else None


def _check_required(source: SourceFile, attribute: Attribute, findings: Findings) -> None:
    expression = attribute.expression
    text = _text(expression)
    if text is not None and parse_constraint(text) is None:
        findings.at(f"`{text}` is no version constraint", source, expression)
    for name, value in _items(expression):
        written = _text(value)
        if name not in PROVIDER_KEYS:
            message = f"`{name}` is not expected here; a required provider has {', '.join(sorted(PROVIDER_KEYS))}"
            findings.at(message, source, value)
        elif name == "configuration_aliases":
            if not isinstance(value, TupleExpression):
                findings.at("`configuration_aliases` is a list of provider references", source, value)
        elif written is None:
            at_fault = not_constant(value)
            findings.at(f"`{name}` is a text, written out", source, at_fault or value)
        elif name == "version" and parse_constraint(written) is None:
            findings.at(f"`{written}` is no version constraint", source, value)
        elif name == "source" and not _is_source(written):
            findings.at(f"`{written}` is no provider's source", source, value, help="as in `hashicorp/aws`")


def _items(expression: Expression) -> Iterator[tuple[str, Expression]]:
    for item in expression.items if isinstance(expression, ObjectExpression) else ():
        if isinstance(item.key, Literal) and isinstance(item.key.value, str):
            yield item.key.value, item.value


def _is_source(text: str) -> bool:
    parts = text.split("/")
    return 1 <= len(parts) <= 3 and all(_SOURCE_PART.fullmatch(part) for part in parts)
