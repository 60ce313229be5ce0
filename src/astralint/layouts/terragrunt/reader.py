"""What the files that are read for one unit share: answers, what is unknown, what is wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping

from astralint.hcl.syntax import Literal
from astralint.layouts.terragrunt.model import Dependency
from astralint.layouts.terragrunt.places import Places
from astralint.source.diagnostic import Diagnostic
from astralint.source.span import Span
from astralint.source.tree import TreePath
from astralint.terraform.configuration.loader import ModuleLoader
from astralint.terraform.expressions.scope import Budget
from astralint.terraform.remote_state import environment_text
from astralint.terraform.requests import RemoteStateRequest
from astralint.terraform.results import RemoteStateRead
from astralint.terraform.values.types import DYNAMIC, ObjectType
from astralint.terraform.values.value import OpenAttributes, Origin, Reason, StateOutputs, Value, string, unknown
from astralint.terraform.wrapper import Ask

BACKEND = "terragrunt"
"""What requests for another unit's outputs have in place of a backend."""
MAXIMUM_READS = 25
"""How many configurations may read each other in a row."""
PLACEHOLDERS = frozenset({"000000000000", "111111111111", "123456789012"})
ACCOUNT_FILES = ("account.hcl",)
ACCOUNT_NUMBERS = ("account_id", "aws_account_id", "account")
ACCOUNT_NAMES = ("account_name", "aws_account_name")
_NUMBER = re.compile(r"[0-9]{12}")


class Reader:
    """One unit's reading: everything that its files say goes here."""

    def __init__(
        self,
        loader: ModuleLoader,
        unit: TreePath,
        *,
        template: TreePath = "",
        name: str = "",
        environment: Mapping[str, str] | None = None,
        ask: Ask | None = None,
    ) -> None:
        self.loader = loader
        self.unit = unit
        self.name = name or unit
        self.places = Places(loader.tree, unit, template)
        self.environment = environment or {}
        self.values: Value | None = None
        """What a stack gives to the unit."""
        self.budget = Budget()
        self.reading: list[TreePath] = []
        self.paths: dict[TreePath, None] = {}
        self.unknowns: dict[str, None] = {}
        """What is said of functions whose results are not known."""
        self.accounts: dict[str, str] = {}
        """Numbers of accounts that the files name, with the file."""
        self.account_names: dict[str, str] = {}
        self.reads: dict[RemoteStateRequest, RemoteStateRead] = {}
        self._ask = ask
        self._diagnostics: dict[tuple[str, Span | None, str], Diagnostic] = {}

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        return tuple(self._diagnostics.values())

    def problem(self, code: str, message: str, span: Span | None, help_: str | None = None) -> Reason:
        """Note what Terragrunt would refuse, and return it as the reason of what is unknown because of it."""
        self.report(Diagnostic(code, "error", message, span, help=help_, broken=True))
        return Reason("error", message, span)

    def report(self, diagnostic: Diagnostic) -> None:
        """Note a diagnostic, the same once."""
        self._diagnostics.setdefault((diagnostic.code, diagnostic.span, diagnostic.message), diagnostic)

    def not_known(self, message: str) -> Value:
        """Note that a function's result is not known."""
        self.unknowns.setdefault(message)
        return unknown(Reason("impure-function", message), DYNAMIC, not_null=True)

    def note_account(self, name: str, value: Value, file: TreePath) -> None:
        """Keep what a local value says of the account."""
        raw = value.raw
        if isinstance(raw, int) and not isinstance(raw, bool):
            raw = f"{raw:012d}"
        if not isinstance(raw, str):
            return
        if name in ACCOUNT_NUMBERS and _NUMBER.fullmatch(raw) and raw not in PLACEHOLDERS:
            self.accounts.setdefault(raw, file)
        elif name in ACCOUNT_NAMES and raw:
            self.account_names.setdefault(raw, file)

    def note_account_above(self) -> None:
        """Look for the account in `account.hcl` above the unit, where nothing that was read names it."""
        path = self.places.find_above(self.unit, ACCOUNT_FILES) if not self.accounts else None
        source = self.loader.source(path)[0] if path is not None else None
        if path is None or source is None:
            return
        self.paths.setdefault(path)
        for block in source.file.body.blocks:
            for attribute in block.body.attributes if block.type == "locals" else ():
                if isinstance(attribute.expression, Literal) and isinstance(attribute.expression.value, str):
                    self.note_account(attribute.name, string(attribute.expression.value), path)

    # --- outputs of other units ------------------------------------------------------------

    def outputs(self, dependency: Dependency) -> Value:
        """Return the outputs of the unit that a dependency names, as far as they are known."""
        if dependency.path is None:
            reason = Reason("remote-state-unmatched", f"dependency `{dependency.name}` leads nowhere", dependency.span)
            return self._mocked(dependency, unknown(reason, DYNAMIC))
        if not dependency.enabled or dependency.skip_outputs:
            return self._skipped(dependency)
        environment = environment_text(self.environment)
        own = (("environment", environment),) if environment else ()
        request = RemoteStateRequest(BACKEND, (*own, ("path", dependency.path)))
        self.reads.setdefault(request, RemoteStateRead(f"dependency.{dependency.name}", request, dependency.span))
        if self._ask is None:
            return unknown(Reason("pending", "another workspace has not answered yet"), DYNAMIC)
        answer = self._ask(request)
        if answer.value is None:
            return unknown(answer.reason or Reason("remote-state-unmatched", "no unit is there"), DYNAMIC)
        outputs: dict[str, Value] = {}
        for name, value in answer.value.raw.items():
            span = next((origin.span for origin in value.origins), answer.span)
            address = f"{answer.producer}: output.{name}"
            outputs[name] = value.with_origins(
                frozenset((Origin("remote-state", address, self.name, span, value.origins),))
            )
        if answer.complete:
            message = f"the unit `{answer.producer}` declares no such output"
            missing = Reason("remote-state-output-missing", message, answer.span)
            return self._mocked(dependency, _object(StateOutputs(outputs, missing)))
        message = f"the unit `{answer.producer}` could not be read as a whole"
        return _object(OpenAttributes(outputs, answer.reason or Reason("remote-state-output-unknown", message)))

    def _mocked(self, dependency: Dependency, outputs: Value) -> Value:
        """Add mocks for outputs that the other unit does not have, where Terragrunt would."""
        mocks = dependency.mocks
        if dependency.strategy == "no_merge" or mocks is None or not isinstance(mocks.raw, dict):
            return outputs
        known = dict(outputs.raw) if isinstance(outputs.raw, dict) else {}
        reason = getattr(outputs.raw, "reason", None) or Reason(
            "remote-state-output-missing", "there is no such output"
        )
        stand_in = Reason("mock", f"dependency `{dependency.name}` has only a mock for it", dependency.span)
        mocked = {name: unknown(stand_in, value.type) for name, value in mocks.raw.items() if name not in known}
        return _object(StateOutputs({**known, **mocked}, reason))

    def _skipped(self, dependency: Dependency) -> Value:
        mocks = dependency.mocks.raw if dependency.mocks is not None else None
        reason = Reason("mock", f"dependency `{dependency.name}` gives mocks in place of outputs", dependency.span)
        found = {name: unknown(reason, value.type) for name, value in mocks.items()} if isinstance(mocks, dict) else {}
        return _object(StateOutputs(found, reason))


def _object(outputs: OpenAttributes | StateOutputs) -> Value:
    return Value(ObjectType(tuple((name, value.type) for name, value in outputs.items())), outputs)
