"""The platform that rules, reports and the library receive: the estate, its trust and its graph."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from astralint.estate.account_names import AccountNames
from astralint.estate.estate import Estate
from astralint.estate.model import Resource
from astralint.estate.origins import resource_behind, resources_behind
from astralint.estate.views import Undecided
from astralint.terraform.values.value import Reason, Value

if TYPE_CHECKING:
    import networkx as nx

    from astralint.assembly.lookups import ResourceDirectory
    from astralint.estate.arns import Arns
    from astralint.estate.buckets import Buckets
    from astralint.inventory.divergence import Divergence
    from astralint.inventory.events import Write
    from astralint.inventory.judgement import Judged
    from astralint.inventory.model import Inventory
    from astralint.trust.can import Can
    from astralint.trust.escalation.index import Escalations
    from astralint.trust.index import TrustIndex
    from astralint.trust.purpose import Belonging, Purposes
    from astralint.trust.who_can import WhoCan
    from astralint.trust.why import Why


class Platform(Estate):
    """An estate with all that is concluded from it; each part is computed when somebody asks for it."""

    today: date | None = None
    """The day by which rules judge what expires; None where nobody says it."""

    inventory: Inventory | None = None
    """What exists; None where nobody says it."""

    earlier: tuple[Inventory, ...] = ()
    """What existed on other days."""

    writes: tuple[Write, ...] = ()
    """What people changed by hand, by events that were given."""

    @cached_property
    def trust(self) -> TrustIndex:
        """Everything that carries trust: roles, policies, principals, and the decisions between them."""
        from astralint.trust.index import TrustIndex

        return TrustIndex(self)

    @cached_property
    def escalations(self) -> Escalations:
        """Who can make themselves whom by what their permissions let them change."""
        from astralint.trust.escalation.index import Escalations

        return Escalations(self.trust)

    @cached_property
    def graph(self) -> nx.MultiDiGraph[str]:
        """The whole platform as one graph; see `astralint.graph.model`."""
        from astralint.graph.builder import build_graph

        return build_graph(self, self.trust)

    @cached_property
    def arns(self) -> Arns:
        """Which ARNs resources have, and which they name."""
        from astralint.estate.arns import Arns

        return Arns(self)

    @cached_property
    def buckets(self) -> Buckets:
        """Which bucket a value names, and what is configured of it elsewhere."""
        from astralint.estate.buckets import Buckets

        return Buckets(self)

    def purposes(self, table: Belonging) -> Purposes:
        """Return the query of what resources serve, by a table of what belongs into their account."""
        from astralint.trust.purpose import Purposes

        found = self._purposes.get(id(table))
        if found is None or found.table is not table:
            found = self._purposes[id(table)] = Purposes(self, table)
        return found

    @cached_property
    def _purposes(self) -> dict[int, Purposes]:
        return {}

    @cached_property
    def existing(self) -> tuple[Judged, ...]:
        """All that the inventory holds, judged against states and code; nothing without an inventory."""
        from astralint.inventory.judgement import Judge

        return tuple(Judge(self, self.inventory).judged()) if self.inventory is not None else ()

    @cached_property
    def first_seen(self) -> Mapping[tuple[str, str, str, str], str]:
        """When everything that exists was seen first, by account, region, type and id."""
        from astralint.inventory.statistics import first_seen

        return first_seen(self.inventory, self.earlier) if self.inventory is not None else {}

    @cached_property
    def divergences(self) -> tuple[Divergence, ...]:
        """Where the states that were given and the code do not agree."""
        from astralint.inventory.divergence import divergences
        from astralint.inventory.reverse import gone

        return (*divergences(self), *(gone(self, self.inventory) if self.inventory is not None else ()))

    def why(self, source: str, target: str, *, escalation: bool = True) -> Why:
        """Return every shortest way by which one can become the other, or what stops it.

        Ways of escalation stand apart from those by assuming; without `escalation` they are not looked for.

        Raises NameProblem for names that fit nobody, or several.
        """
        from astralint.trust.why import why

        return why(self.trust, source, target, self.escalations if escalation else None)

    def who_can(self, action: str, resource: str | None = None) -> WhoCan:
        """Return everybody who can do something, on a resource or on any, and who can become one of these.

        Raises NameProblem for an action that AWS has not, and for a name that fits no resource, or several.
        """
        from astralint.trust.who_can import who_can

        return who_can(self.trust, action, resource)

    def can(self, principal: str) -> Can:
        """Return what a role, user or permission set can do, by service and access level; raises NameProblem."""
        from astralint.trust.can import can

        return can(self.trust, principal)

    def resource_behind(self, value: Value | None, *types: str) -> Resource | None:
        """Return the nearest resource or data source of one of these types that a value comes from; None if none is."""
        return resource_behind(self, value, *types)

    def resources_behind(self, value: Value | None) -> Iterator[Resource]:
        """Yield the resources and data sources that a value comes from, the nearest first."""
        return resources_behind(self, value)

    def lookup(self, data: Resource) -> bool:
        """Say whether some workspace makes what a data source looks up; raises Undecided where that is open."""
        from astralint.assembly.lookups import LOOKUPS, lookup_request

        provider = data.instance.provider
        raw = data.instance.values.raw
        given = {name: raw[name] for name in data.arguments if name in raw} if isinstance(raw, dict) else {}
        request = lookup_request(data.type, given, provider) if provider is not None else None
        if request is None:
            raise Undecided(Reason("data-source", f"what `{data.address}` is looked up by is not compared"))
        candidates = self._directory.candidates(request)
        if any(outcome for outcome, _, _ in candidates):
            return True
        if candidates:
            other = candidates[0][2]
            raise Undecided(Reason("data-source", f"`{data.address}` may find `{other.address}`", other.span))
        account = data.account
        workspaces = self.workspaces_of(account)
        if not workspaces:
            raise Undecided(Reason("account-without-workspace", f"no workspace here is for the account `{account}`"))
        self.require_complete(*LOOKUPS[data.type].resources, what=f"what `{data.address}` finds", workspaces=workspaces)
        return False

    @cached_property
    def _directory(self) -> ResourceDirectory:
        from astralint.assembly.lookups import ResourceDirectory

        names = AccountNames(self.settings, (workspace.spec for workspace in self.workspaces.values()))
        return ResourceDirectory((workspace.result for workspace in self.workspaces.values()), names)
