"""Terragrunt's units as evaluations."""

from __future__ import annotations

from astralint.layouts.protocol import Findings, Ground, LayoutCoverage
from astralint.layouts.recognition import not_understood
from astralint.source.tree import join

UNIT_FILES = ("terragrunt.hcl", "terragrunt.hcl.json")
STACK_FILE = "terragrunt.stack.hcl"


class Terragrunt:
    """See `astralint.layouts.protocol.Layout`."""

    def find(self, ground: Ground) -> Findings:
        """See `Layout.find`."""
        units = [
            (join(directory, name), ground.loader.has_configuration(directory))
            for directory in ground.survey.directories_with(*UNIT_FILES, STACK_FILE)
            for name in (*UNIT_FILES, STACK_FILE)
            if name in ground.survey.files[directory]
        ]
        if not units:
            return Findings()
        evaluated = sum(plain for _, plain in units)
        left = len(units) - evaluated
        help_ = "`terragrunt render` shows a unit's inputs: name its root and variables in `astralint.hcl`"
        undecided = (("its source is not evaluated", left),) if left else ()
        coverage = LayoutCoverage(
            "terragrunt", "Terragrunt", "unit", len(units), evaluated, undecided, understood=not left, help=help_
        )
        first = next(path for path, plain in units if not plain) if left else ""
        return Findings(coverage=(coverage,), diagnostics=(not_understood(coverage, first),) if left else ())
