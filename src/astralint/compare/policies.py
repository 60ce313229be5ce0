"""What changed policies newly allow."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Literal

import msgspec

from astralint.aws.inclusion.answer import STEPS, Inclusion, compare_policies
from astralint.aws.inclusion.languages import Budget
from astralint.aws.plain import Plain
from astralint.aws.plain import Unknown as PlainUnknown
from astralint.aws.policy import Policy, Statement
from astralint.aws.policy_parser import parse_policy
from astralint.compare.side import Side
from astralint.estate.plain import to_plain
from astralint.source.partial import Hole, PartialText
from astralint.source.span import Span
from astralint.terraform.values.value import Origin, Value
from astralint.trust.documents import Document, bounded
from astralint.trust.policies import account_text
from astralint.trust.policy_values import PolicyValue, policy_values
from astralint.trust.resource_policies import about_its_own

Change = Literal["added", "removed", "changed"]
Node = tuple[str, str, str]
Flow = Mapping[Node, frozenset[Node]]
ALL_STEPS = 1_000_000
"""So many steps are taken for all policies of a comparison."""
_OPEN: Plain = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}],
}
_SUBJECTS = ("role", "user", "group", "bucket", "name")
"""Arguments that tell whose policy it is."""
_QUOTED = re.compile(r"`([^`]+)`")


class PolicyChange(msgspec.Struct, frozen=True, eq=False):
    """A policy that a change adds, removes or changes; `answer` says whether it allows more than before."""

    workspace: str
    address: str
    argument: str
    kind: str
    change: Change
    answer: Inclusion
    span: Span | None

    @property
    def name(self) -> str:
        """What a person calls the policy."""
        return f"{self.workspace}: {self.address} ({self.argument})"

    @property
    def sentence(self) -> str:
        """What the change does, without a full stop."""
        answer = self.answer
        if answer.verdict == "undecided":
            return f"cannot tell whether it allows more, because {answer.reason}"
        if answer.request is None:
            return "allows no more"
        unheard = "" if answer.request.exists else " (the catalogue of actions knows no such request)"
        if not answer.denial:
            return f"newly allows {answer.request}{unheard}"
        if self.kind in ("scp", "rcp"):
            return f"newly allows {answer.request}, which it denied{unheard}"
        return f"newly allows, where another policy does, {answer.request}, which it denied{unheard}"


def policy_changes(before: Side, after: Side) -> tuple[PolicyChange, ...]:
    """Return the policies that are not the same in both revisions, those that allow more first."""
    old = {one.key: one for one in policy_values(before.platform)}
    new = {one.key: one for one in policy_values(after.platform)}
    pairs = [(old.get(key), new.get(key)) for key in sorted({*old, *new})]
    budget = Budget(ALL_STEPS)
    found = [_changed(one, other, before, after, budget) for one, other in _without_moves(pairs)]
    order = {"allows-more": 0, "undecided": 1, "allows-no-more": 2}
    return tuple(
        sorted((one for one in found if one is not None), key=lambda one: (order[one.answer.verdict], one.name))
    )


Pair = tuple[PolicyValue | None, PolicyValue | None]


def _without_moves(pairs: list[Pair]) -> Iterator[Pair]:
    """Yield the pairs, those apart that are one policy at another address."""
    gone = Counter(_content(one) for one, other in pairs if one is not None and other is None)
    come = Counter(_content(other) for one, other in pairs if one is None and other is not None)
    moved = {content for content in gone if content is not None and gone[content] == come.get(content)}
    for one, other in pairs:
        only = other if one is None else one if other is None else None
        if only is None or _content(only) not in moved:
            yield one, other


def _content(value: PolicyValue) -> str | None:
    """Return what a policy says and of what; None where something of it is not known."""
    plain = to_plain(value.value)
    told = (value.resource.text(argument) for argument in _SUBJECTS)
    subject = next((one for one in told if isinstance(one, str) and one), None)
    if not isinstance(plain, str) or subject is None:
        return None
    return f"{value.resource.workspace.name}\n{value.resource.type}\n{subject}\n{plain}"


def _changed(
    one: PolicyValue | None, other: PolicyValue | None, before: Side, after: Side, budget: Budget
) -> PolicyChange | None:
    value = other or one
    if value is None:
        return None
    flows = [_flow(side.value) if side is not None else {} for side in (one, other)]
    plains = [to_plain(side.value) if side is not None else None for side in (one, other)]
    is_same = one is not None and other is not None and plains[0] == plains[1]
    if is_same and (not _is_nameless(plains[0]) or flows[0] == flows[1]):
        return None
    common = _unchanged(*flows)
    old = _document(one, _identified(plains[0], common), before)
    new = _document(other, _identified(plains[1], common), after)

    def same(first: Statement, second: Statement) -> bool:
        """Say whether unknown parts come from the same: everything on the way is, and it is written alike."""
        if old is None or new is None or flows[0] != flows[1]:
            return False
        texts = [_written(side, document, own) for side, document, own in ((before, old, first), (after, new, second))]
        return texts[0] is not None and texts[0] == texts[1]

    left = budget.left
    mine = Budget(min(STEPS, left))
    answer = compare_policies(
        _policy(old, value), _policy(new, value), owner=account_text(value.resource), same=same, budget=mine
    )
    budget.left = left - (min(STEPS, left) - max(mine.left, 0))
    change: Change = "changed" if old is not None and new is not None else "added" if new is not None else "removed"
    workspace, address, argument = value.key
    return PolicyChange(workspace, address, argument, value.kind, change, answer, _span(answer, old, new))


def _policy(document: Document | None, value: PolicyValue) -> Policy | None:
    if document is not None:
        return document.policy
    # An endpoint without a policy lets everything through.
    is_endpoint = value.resource.type.startswith("aws_vpc_endpoint")
    return parse_policy(_OPEN, kind="resource") if is_endpoint else None


def _document(value: PolicyValue | None, plain: Any, side: Side) -> Document | None:
    if value is None:
        return None
    shown = value.resource.address
    if isinstance(plain, PlainUnknown):
        policy = Policy.unknown(plain.reason, name=shown, kind=value.kind)
    else:
        policy = about_its_own(bounded(parse_policy(plain, kind=value.kind, name=shown)), value.resource)
    return Document(policy, side.platform, value.resource, value.path, value.value)


def _span(answer: Inclusion, old: Document | None, new: Document | None) -> Span | None:
    """Return the place of the statement that decides; of what is gone, that of the policy."""
    if new is None:
        return old.span(()) if old is not None else None
    if answer.request is not None and not answer.denial:
        return new.span(answer.request.path)
    return new.span(())


def _written(side: Side, document: Document, statement: Statement) -> str | None:
    span = document.span(statement.path)
    text = side.texts.text(span.file)
    if text is None:
        return None
    lines = text.split("\n")[span.line - 1 : span.end_line]
    if not lines:
        return None
    lines[-1] = lines[-1][: span.end_column]
    lines[0] = lines[0][span.column - 1 :]
    return "\n".join(line.strip() for line in lines)


# --- what is not known, and where it comes from --------------------------------------------------


def _is_nameless(plain: Any) -> bool:
    """Say whether something is not known of which two may be different."""
    if isinstance(plain, PlainUnknown):
        return True
    if isinstance(plain, PartialText):
        return any(isinstance(part, Hole) and part.symbol is None for part in plain.parts)
    if isinstance(plain, dict):
        return any(_is_nameless(item) for item in plain.values())
    return isinstance(plain, list) and any(_is_nameless(item) for item in plain)


def _node(origin: Origin) -> Node:
    return origin.workspace, origin.kind, origin.address


def _flow(value: Value) -> Flow:
    """Return what a value came through, each with what that came from."""
    found: dict[Node, frozenset[Node]] = {}
    seen: set[Origin] = set()
    pending = list(value.origins)
    while pending:
        origin = pending.pop()
        if origin in seen:
            continue
        seen.add(origin)
        found[_node(origin)] = found.get(_node(origin), frozenset()) | frozenset(map(_node, origin.sources))
        pending.extend(origin.sources)
    return found


def _unchanged(first: Flow, second: Flow) -> dict[str, Node]:
    """Return the variables that both come from, by their names, where one of a name is all there is."""
    names = [_variables(flow) for flow in (first, second)]
    return {
        name: nodes[0]
        for name, nodes in names[0].items()
        if len(nodes) == 1 and names[1].get(name) == nodes and first[nodes[0]] == second[nodes[0]]
    }


def _variables(flow: Flow) -> dict[str, list[Node]]:
    found: dict[str, list[Node]] = {}
    for node in flow:
        if node[1] == "variable":
            found.setdefault(node[2].rpartition(".")[2], []).append(node)
    return found


def _identified(plain: Any, common: Mapping[str, Node]) -> Any:
    """Return a document in which a variable without a value, the same in both, is the same in both."""
    if isinstance(plain, PartialText):
        return PartialText(tuple(_part(part, common) for part in plain.parts))
    if isinstance(plain, dict):
        return {name: _identified(item, common) for name, item in plain.items()}
    return [_identified(item, common) for item in plain] if isinstance(plain, list) else plain


def _part(part: str | Hole, common: Mapping[str, Node]) -> str | Hole:
    if isinstance(part, str) or part.symbol is not None:
        return part
    named = _QUOTED.findall(part.reason)
    node = common.get(named[0]) if len(named) == 1 else None
    return part if node is None else Hole(part.reason, "variable:" + "/".join(node))
