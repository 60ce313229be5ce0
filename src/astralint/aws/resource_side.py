"""What the policy of a role or another resource says of a principal: in which way it lets it in, and whether it refuses it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from astralint.aws.arn import Arn
from astralint.aws.evaluation import Access, applies
from astralint.aws.outcome import NO, YES, Outcome, both, either, undecided
from astralint.aws.policy import Effect, Policy, PrincipalElement, Statement
from astralint.aws.principals import Grade, GradeMatch, Principal, match_entry, principal_grades
from astralint.aws.text import quoted

if TYPE_CHECKING:
    from astralint.aws.kleene import Truth

Group = Literal["named", "role", "account", "anyone"]
"""By how a statement names a principal, different policies have a say within an account."""


class ResourceSide:
    """A policy with principals, judged for one of them.

    `refused` says whether a `Deny` applies; `open` is what may refuse, but need not be said where the same
    thing is left for the allowance.
    """

    def __init__(
        self, policy: Policy, principal: Principal, access: Access, side: Literal["trust", "resource"]
    ) -> None:
        self._policy = policy
        self._principal = principal
        self._access = access
        self._side = side
        self._fits: dict[Group, list[Outcome]] = {}
        self._best: list[tuple[Truth, Grade]] = []
        self.open: list[Outcome] = []
        self.refused = self._judge()

    def group(self, *names: Group) -> Outcome:
        """Return whether a statement of these groups lets the principal in."""
        return either(outcome for name in names for outcome in self._fits.get(name, ()))

    @property
    def allowed(self) -> Outcome:
        """Whether any statement lets the principal in."""
        return either(outcome for found in self._fits.values() for outcome in found)

    @property
    def grade(self) -> Grade:
        """How the policy names the principal: as in the surest statement."""
        order = list(Grade)
        best = min(self._best, key=lambda item: (item[0] is not True, order.index(item[1])), default=None)
        return best[1] if best else Grade.NONE

    def _judge(self) -> Outcome:
        """Sort the fitting `Allow` statements by how they name the principal; return the `Deny` ones."""
        refusals: list[Outcome] = []
        for statement in self._policy.statements:
            if statement.effect is None and statement.principal is None:
                self._judge_unknown(statement)
                continue
            effects: tuple[Effect, ...] = ("Allow", "Deny") if statement.effect is None else (statement.effect,)
            for effect in effects:
                fits = self._grades(statement.principal, effect)
                found = applies(self._policy, statement, effect, self._access, self._side) if fits else NO
                if found.truth is False:
                    continue
                for fit in fits:
                    outcome = both((self._fit_outcome(fit), found))
                    if effect == "Deny":
                        refusals.append(outcome)
                    else:
                        self._fits.setdefault(_group(fit), []).append(outcome)
                        self._best.append((outcome.truth, fit.grade))
        return either(refusals)

    def _judge_unknown(self, statement: Statement) -> None:
        """Take up a statement of which nothing is known: it may let in as well as refuse."""
        why = f" ({'; '.join(statement.unknown)})" if statement.unknown else ""
        text = self._principal.text
        self._fits.setdefault("named", []).append(undecided(f"the {self._side} policy lets {text} in{why}"))
        self._best.append((None, Grade.NAMED))
        self.open.append(undecided(f"the {self._side} policy refuses {text}{why}"))

    def _grades(self, element: PrincipalElement | None, effect: Effect) -> tuple[GradeMatch, ...]:
        if self._side == "resource" and element is not None and element.negated:
            return _of_all_but(element, self._principal)
        fits = principal_grades(element, self._principal)
        if effect == "Deny":
            # A role whose one session is refused takes another name for its session.
            return tuple(fit for fit in fits if not _names_a_session(fit, self._principal))
        return fits

    def _fit_outcome(self, fit: GradeMatch) -> Outcome:
        text = self._principal.text
        if fit.truth is not None:
            return YES if fit.truth else NO
        if _names_a_session(fit, self._principal) and fit.entry is not None:
            arn = Arn.parse(fit.entry.text)
            return undecided(f"the session is named {quoted(arn.name) if arn else fit.entry.text}")
        if fit.entry is None:
            return undecided(f"the {self._side} policy names {text} ({fit.reason})")
        return undecided(f"{quoted(fit.entry.text)} in the {self._side} policy is {text}")


def _of_all_but(element: PrincipalElement, principal: Principal) -> tuple[GradeMatch, ...]:
    """Return how `NotPrincipal` fits: surely where no entry has to do with the principal.

    Which entries have to stand there together to spare somebody, AWS's guide says by example only.
    """
    if element.unknown:
        return (GradeMatch(Grade.NAMED, None, reason=element.unknown[0]),)
    if all(match_entry(entry, principal).truth is False for entry in element.entries):
        return (GradeMatch(Grade.NAMED, truth=True),)
    return (GradeMatch(Grade.NAMED, None, reason="`NotPrincipal` has entries that are about it"),)


def _group(fit: GradeMatch) -> Group:
    """Return the group of a fit."""
    if fit.grade is Grade.ACCOUNT:
        return "account"
    if fit.entry is not None and fit.entry.text == "*":
        return "anyone"
    arn = Arn.parse(fit.entry.text) if fit.entry else None
    # What may be a star as well is in the group that fewer policies have a say in.
    return "role" if arn is not None and arn.service == "iam" and arn.resource_type == "role" else "named"


def _names_a_session(fit: GradeMatch, principal: Principal) -> bool:
    arn = Arn.parse(fit.entry.text) if fit.entry else None
    return principal.kind == "role" and arn is not None and arn.service == "sts"
