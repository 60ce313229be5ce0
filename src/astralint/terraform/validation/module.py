"""All checks of one module, and those of a call against the module that it leads to."""

from __future__ import annotations

from difflib import get_close_matches

from astralint.hcl.syntax import Block
from astralint.source.diagnostic import Diagnostic
from astralint.terraform.configuration.body import SourceFile
from astralint.terraform.configuration.loader import configuration_suffix, is_override
from astralint.terraform.configuration.module import Module, NamedDeclaration
from astralint.terraform.language.language import Language
from astralint.terraform.validation.addresses import check_import, check_moved, check_removed
from astralint.terraform.validation.declarations import (
    check_check,
    check_module_call,
    check_output,
    check_provider,
    check_variable,
)
from astralint.terraform.validation.report import Findings
from astralint.terraform.validation.resources import RESOURCES, check_depends_on, check_resource
from astralint.terraform.validation.settings import check_settings
from astralint.terraform.validation.shapes import shapes
from astralint.terraform.validation.structure import check_blocks

NOT_OVERRIDDEN = frozenset({"moved", "import", "removed", "action"})


def check_module(module: Module, language: Language, *, is_root: bool) -> tuple[Diagnostic, ...]:
    """Return what a language refuses in a module, whatever its values are.

    Files in JSON have the same blocks.
    """
    findings = Findings(language)
    primary: list[SourceFile] = []
    for source in module.files:
        name = source.path.rpartition("/")[2]
        overrides = is_override(name, configuration_suffix(name) or "")
        if not overrides:
            primary.append(source)
        check_blocks(source, findings, is_override=overrides)
        for block in source.file.body.blocks:
            if overrides and block.type in NOT_OVERRIDDEN:
                findings.at_header(f"a `{block.type}` block can't be overridden", source, block)
            _check(module, source, block, findings, is_root=is_root)
    check_settings(primary, findings)
    return tuple(findings.diagnostics)


def _check(module: Module, source: SourceFile, block: Block, findings: Findings, *, is_root: bool) -> None:
    type_ = block.type
    if type_ in RESOURCES or type_ == "action":
        check_resource(module, source, block, findings, is_root=is_root)
    elif type_ == "module":
        check_resource(module, source, block, findings, is_root=is_root)
        check_module_call(module, source, block, findings, is_root=is_root)
    elif type_ == "variable":
        check_variable(source, block, findings)
    elif type_ == "output":
        check_output(source, block, findings, is_root=is_root)
        for attribute in block.body.attributes:
            if attribute.name == "depends_on":
                check_depends_on(module, source, attribute, findings)
    elif type_ == "provider":
        check_provider(source, block, findings)
    elif type_ == "check":
        check_check(source, block, findings)
    elif type_ == "moved":
        check_moved(source, block, findings)
    elif type_ == "removed":
        check_removed(source, block, findings)
    elif type_ == "import":
        check_import(source, block, findings, is_root=is_root)


def check_call(call: NamedDeclaration, module: Module, language: Language) -> tuple[Diagnostic, ...]:
    """Return what a call gives to a module that does not take it."""
    if module.incomplete:
        return ()
    findings = Findings(language)
    meta = shapes()["module"].arguments
    for name, argument in call.body.arguments.items():
        if name not in module.variables and name not in meta:
            close = get_close_matches(name, list(module.variables), 1)
            help_ = f"did you mean `{close[0]}`?" if close else None
            message = f"the module has no variable named `{name}`"
            findings.at_name(message, argument.source, argument.attribute, help=help_)
    return tuple(findings.diagnostics)
