"""What all parts of one workspace's evaluation share: requests, diagnostics, limits."""

from __future__ import annotations

from collections.abc import Hashable, Mapping

from astralint.hcl.syntax import GetAttr, Index, Variable
from astralint.source.diagnostic import Diagnostic, Label
from astralint.source.span import Span
from astralint.source.tree import TreePath
from astralint.terraform.configuration.body import Argument
from astralint.terraform.configuration.loader import ModuleLoader
from astralint.terraform.configuration.module import Module
from astralint.terraform.evaluation.doubt import RootVariables, doubt
from astralint.terraform.evaluation.files import FileAccess
from astralint.terraform.evaluation.limits import MAXIMUM_ELEMENTS, is_too_large, with_bounded_text
from astralint.terraform.expressions.evaluate import evaluate
from astralint.terraform.expressions.scope import Budget, RunBudget, Scope
from astralint.terraform.knowledge import Knowledge
from astralint.terraform.requests import Answer, Request
from astralint.terraform.results import BlindSpot, ModuleCallResult, RemoteStateRead
from astralint.terraform.values.secrets import sensitive_texts
from astralint.terraform.values.types import DYNAMIC, AnyType
from astralint.terraform.values.value import SENSITIVE, EvaluationError, Reason, Unknown, Value, unknown
from astralint.terraform.workspace import WorkspaceSpec

MAXIMUM_INSTANCES = 10_000
MAXIMUM_INSTANCES_OF_ALL = 20_000
MAXIMUM_MODULE_DEPTH = 32
MAXIMUM_MODULE_INSTANCES = 5_000
REFERENCES = frozenset({GetAttr, Index, Variable})
"""What gives a value that was looked at when it was made."""
UNREADABLE = frozenset({"file-not-found", "outside-boundary"})
"""What a file is not read for, although it may be there when Terraform runs."""
PENDING = Answer(reason=Reason("pending", "another workspace has not answered yet"))


class EvaluationContext:
    """The state of one evaluation."""

    def __init__(
        self,
        spec: WorkspaceSpec,
        loader: ModuleLoader,
        knowledge: Knowledge,
        answers: Mapping[Request, Answer],
        module_sources: Mapping[str, str],
        run: RunBudget | None = None,
    ) -> None:
        self.spec = spec
        self.directory = spec.directory
        """The root module's directory: where Terraform runs."""
        self.variables = RootVariables()
        self.copied: TreePath | None = None
        """The directory outside of which nothing is there for the root's modules; None where there is no such limit."""
        self.loader = loader
        self.knowledge = knowledge
        self.module_sources = module_sources
        self.known_modules: Mapping[str, str] = {}
        """What modules hold that are not at hand, by the address of their source: what a wrapper knows of them."""
        self._answers = answers
        self.requests: dict[Request, None] = {}
        self._diagnostics: dict[tuple[str, Span | None, str], Diagnostic] = {}
        self.blind_spots: dict[BlindSpot, None] = {}
        self.module_calls: list[ModuleCallResult] = []
        self.remote_state_reads: list[RemoteStateRead] = []
        self.module_instances = 0
        self.instances = 0
        self.stack: dict[tuple[int, Hashable], tuple[str, Span]] = {}
        self.budget = Budget(run=run)
        self.files = FileAccess(loader.tree, spec.directory, self.budget, spec.language)

    def runs_in(self, directory: TreePath, copied: TreePath | None, absolute: str) -> None:
        """Settle where Terraform runs, when that is not the workspace's own directory.

        `absolute` is the machine's path of the tree's root: paths below it may be read.
        """
        self.directory = directory
        self.copied = copied
        self.files = FileAccess(self.loader.tree, directory, self.budget, self.spec.language, absolute)

    def module(self, directory: TreePath) -> Module:
        """Return a directory's module as the language sees it."""
        return self.loader.module(directory, tofu_files=self.spec.language.has("tofu-files"))

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        return tuple(self._diagnostics.values())

    def report(self, diagnostic: Diagnostic) -> None:
        """Note a diagnostic; the same one from another instance counts once."""
        key = (diagnostic.code, diagnostic.span, diagnostic.message)
        known = self._diagnostics.get(key)
        if known is None or (diagnostic.severity == "error" and known.severity != "error"):
            self._diagnostics[key] = diagnostic

    def problem(
        self, code: str, message: str, span: Span | None, *, labels: tuple[Label, ...] = (), help: str | None = None
    ) -> Reason:
        """Report broken input, and return it as the reason of what is unknown because of it."""
        self.report(Diagnostic(code, "error", message, span, labels=labels, help=help, broken=True))
        return Reason("cycle" if code == "cycle" else "limit" if code == "limit" else "error", message, span)

    def blind(self, reason: Reason, type_: str = "") -> None:
        """Note that something (of a type, or anything) can't be seen: its absence proves nothing from now on."""
        self.blind_spots.setdefault(BlindSpot(reason, type_))

    def ask(self, request: Request) -> Answer:
        """Note a request and return its answer, or a pending one."""
        self.requests.setdefault(request)
        return self._answers.get(request, PENDING)

    def evaluate(self, argument: Argument, scope: Scope, type_: AnyType = DYNAMIC) -> Value:
        """Evaluate an argument; what Terraform would refuse is reported and unknown."""
        try:
            value = evaluate(argument.expression, scope)
        except EvaluationError as error:
            return unknown(self.error(error, argument, scope), type_)
        except RecursionError:
            reason = self.problem("limit", "this expression leads through too many others", argument.value_span)
            return unknown(reason, type_)
        secrets = self.budget.secrets
        if value.marks & SENSITIVE or (secrets and type(argument.expression) not in REFERENCES):
            secrets.update(sensitive_texts([value]))
        kind = type(value.raw)
        if (kind is tuple or kind is dict) and type(argument.expression) not in REFERENCES and is_too_large(value):
            message = f"this value has more than {MAXIMUM_ELEMENTS:,} elements"
            return unknown(self.problem("limit", message, argument.value_span), type_)
        return with_bounded_text(value) if kind is Unknown else value

    def may_have_instances(self, number: int) -> bool:
        """Count instances; False where there would be more in the workspace than are evaluated."""
        if self.instances + number > MAXIMUM_INSTANCES_OF_ALL:
            return False
        self.instances += number
        return True

    def refuse(
        self,
        code: str,
        message: str,
        argument: Argument,
        scope: Scope | None,
        span: Span | None = None,
        *,
        labels: tuple[Label, ...] = (),
    ) -> Reason:
        """Report what Terraform refuses of an argument; a warning where another value may be there when it runs."""
        span = span or argument.value_span
        known = self._diagnostics.get((code, span, message))
        if known is not None and known.severity == "error":
            return Reason("error", message, span)
        why = doubt(code, argument.expression, scope, self.variables, self.spec.name)
        if why is None:
            return self.problem(code, message, span, labels=labels)
        self.report(Diagnostic(code, "warning", message, span, labels=labels, help=why))
        return Reason("error", message, span)

    def error(self, error: EvaluationError, argument: Argument, scope: Scope | None = None) -> Reason:
        """Report what an expression's evaluation raised."""
        span = argument.value_span if error.start < 0 else argument.source.span(error.start, error.end)
        if error.code in UNREADABLE:
            # A build may put it there before Terraform runs: nothing is wrong with the code for sure.
            self.report(Diagnostic(error.code, "warning", error.message, span))
            return Reason("file-not-readable", error.message, span)
        return self.refuse(error.code, error.message, argument, scope, span, labels=error.labels)
