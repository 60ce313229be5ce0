"""`moved`, `import` and `removed` blocks: what they say of addresses."""

from __future__ import annotations

from astralint.hcl.syntax import Block, Expression
from astralint.terraform.configuration.body import SourceFile
from astralint.terraform.language.language import table
from astralint.terraform.validation.expressions import Address, address, is_literal_key
from astralint.terraform.validation.report import Findings


def check_moved(source: SourceFile, block: Block, findings: Findings) -> None:
    """Check a `moved` block: two addresses of the same kind."""
    found: list[Address] = []
    for attribute in block.body.attributes:
        if attribute.name in ("from", "to"):
            read = _read(source, attribute.expression, findings)
            if read is not None:
                found.append(read)
                _check_keys(source, attribute.expression, read, findings)
    if len(found) == 2 and (found[0].kind == "module") != (found[1].kind == "module"):
        findings.at_header("a resource moves to a resource, and a module to a module", source, block)


def _read(source: SourceFile, expression: Expression, findings: Findings) -> Address | None:
    read = address(expression)
    if read is None:
        help_ = 'an address is written as it is: `aws_vpc.main`, `module.network["eu"].aws_vpc.main`'
        findings.at("this is no address of a resource or module", source, expression, help=help_)
    return read


def _check_keys(source: SourceFile, expression: Expression, read: Address, findings: Findings) -> None:
    if not all(is_literal_key(key) for key in (*read.keys, *read.module_keys)):
        findings.at("the keys of an address are texts or numbers, without anything computed", source, expression)


def check_import(source: SourceFile, block: Block, findings: Findings, *, is_root: bool) -> None:
    """Check an `import` block: to a managed resource, by an id."""
    language = findings.language
    if not is_root and not language.has("import-in-modules"):
        since = table().features["import-in-modules"]
        findings.knows("an `import` block outside of the root module", since, source.header(block))
    names = {attribute.name for attribute in block.body.attributes}
    if not names & {"id", "identity"}:
        findings.at_header("an `import` block needs the argument `id`", source, block)
    elif {"id", "identity"} <= names:
        findings.at_header("an `import` block has `id` or `identity`, not both", source, block)
    for attribute in block.body.attributes:
        if attribute.name == "to":
            read = _read(source, attribute.expression, findings)
            if read is not None and read.kind != "managed":
                findings.at("only managed resources are imported", source, attribute.expression)


def check_removed(source: SourceFile, block: Block, findings: Findings) -> None:
    """Check a `removed` block: a managed resource or a module, as a whole."""
    for attribute in block.body.attributes:
        if attribute.name != "from":
            continue
        read = _read(source, attribute.expression, findings)
        if read is None:
            continue
        if read.kind not in ("managed", "module"):
            findings.at("only managed resources and modules are removed", source, attribute.expression)
        if read.keys or read.module_keys:
            findings.at("what is removed is removed with all of its instances", source, attribute.expression)
