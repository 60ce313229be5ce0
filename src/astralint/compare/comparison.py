"""Two revisions side by side."""

from __future__ import annotations

import msgspec

from astralint.compare.policies import PolicyChange, policy_changes
from astralint.compare.side import Side
from astralint.compare.trust import TrustDifference, difference, escalation_difference
from astralint.compare.weakening import Weakening, weakenings
from astralint.report.context import ReportContext
from astralint.report.files import Files
from astralint.report.fingerprint import fingerprints
from astralint.rules.finding import Finding, single
from astralint.source.secrets import Secrets


class Comparison(msgspec.Struct, frozen=True, eq=False):
    """What a change adds, removes and weakens, and what its policies newly allow; findings with their fingerprints, in stable order."""

    before: Side
    after: Side
    added: tuple[tuple[Finding, str], ...]
    removed: tuple[tuple[Finding, str], ...]
    trust: TrustDifference
    escalation: TrustDifference
    weakened: tuple[Weakening, ...]
    policies: tuple[PolicyChange, ...] = ()

    def masked(self) -> Comparison:
        """Return the comparison without anything that is sensitive on either side."""
        secrets = Secrets((*self.before.secrets.texts, *self.after.secrets.texts))
        return msgspec.structs.replace(
            self,
            added=secrets.data(self.added),
            removed=secrets.data(self.removed),
            trust=secrets.data(self.trust),
            escalation=secrets.data(self.escalation),
            weakened=secrets.data(self.weakened),
            policies=secrets.data(self.policies),
        )


def compare(before: Side, after: Side) -> Comparison:
    """Compare two revisions; findings are the same where their fingerprints are."""
    old, new = _marked(before), _marked(after)
    return Comparison(
        before,
        after,
        tuple((finding, mark) for mark, finding in new.items() if mark not in old),
        tuple((finding, mark) for mark, finding in old.items() if mark not in new),
        difference(before.platform, after.platform),
        escalation_difference(before.platform, after.platform),
        weakenings(before, after),
        policy_changes(before, after),
    )


def _marked(side: Side) -> dict[str, Finding]:
    files = Files(ReportContext(side.texts))
    findings = single(side.result.findings)
    return dict(zip(fingerprints(findings, files), findings, strict=True))
