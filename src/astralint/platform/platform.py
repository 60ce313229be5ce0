"""The platform: all accounts, workspaces and resources, and the questions that rules ask of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from astralint.platform.account_names import OF_WORKSPACE, SYMBOL, AccountNames
from astralint.platform.model import Account, Resource, Workspace
from astralint.platform.views import Undecided
from astralint.source.partial import Text
from astralint.terraform.configuration.body import SourceFile
from astralint.terraform.evaluation.builtin import text_of
from astralint.terraform.requests import RemoteStateRequest
from astralint.terraform.results import WorkspaceResult
from astralint.terraform.values.value import Reason, Unknown, Value
from astralint.terraform.workspace import WorkspaceSpec

if TYPE_CHECKING:
    import networkx as nx

    from astralint.config.settings import Settings
    from astralint.platform.lookups import ResourceDirectory
    from astralint.platform.trust.index import TrustIndex

SourceLookup = Callable[[str], SourceFile | None]


class Platform:
    """All that is known, in stable order. Immutable once it is built."""

    def __init__(
        self,
        settings: Settings,
        accounts: Iterable[Account],
        evaluated: Iterable[tuple[WorkspaceSpec, WorkspaceResult]],
        source: SourceLookup,
        own_accounts: dict[str, str],
        certain: frozenset[str],
        producers: Mapping[RemoteStateRequest, str],
    ) -> None:
        self.settings = settings
        self.accounts: dict[str, Account] = {account.name: account for account in accounts}
        self._source = source
        self.producers = producers
        """The workspace that answered each remote-state read."""
        self._by_number = {account.number: account for account in self.accounts.values() if account.number}
        self.workspaces: dict[str, Workspace] = {}
        for spec, result in evaluated:
            account = self.accounts.get(own_accounts.get(spec.name, ""))
            self.workspaces[spec.name] = Workspace(self, spec, result, account, certain=spec.name in certain)

    def source(self, file: str) -> SourceFile | None:
        """Return a parsed file by its path; None where it could not be read."""
        return self._source(file)

    # --- accounts ----------------------------------------------------------------------

    def account_of(self, value: Value | Text | None, workspace: Workspace | None = None) -> Account | None:
        """Return the account that a number or a symbol stands for; None where it stands for none of ours.

        Where a provider's account is not known, but it is the workspace's own, the workspace's account counts.
        """
        if isinstance(value, Value):
            raw = value.raw
            own = isinstance(raw, Unknown) and raw.text is None and raw.reasons[0].code == "account-not-known"
            if own and workspace is not None and raw.reasons[0].message.startswith(OF_WORKSPACE):
                return workspace.account_or_none
            value = text_of(value)
        if value is None:
            return None
        if isinstance(value, str):
            return self._by_number.get(value)
        only = value.parts[0] if len(value.parts) == 1 else None
        symbol = only.symbol if only is not None and not isinstance(only, str) else None
        return self.accounts.get(symbol.removeprefix(SYMBOL)) if symbol and symbol.startswith(SYMBOL) else None

    def of_kind(self, *kinds: str) -> tuple[Account, ...]:
        """Return the accounts of these kinds."""
        return tuple(account for account in self.accounts.values() if account.kind in kinds)

    def account_of_kind(self, kind: str) -> Account | None:
        """Return the first account of a kind; None where there is none."""
        return next(iter(self.of_kind(kind)), None)

    @property
    def environments(self) -> tuple[Account, ...]:
        """The accounts of production, staging and sandbox."""
        return tuple(account for account in self.accounts.values() if account.is_environment)

    def workspaces_of(self, account: Account) -> tuple[Workspace, ...]:
        """Return the workspaces that are for an account."""
        return tuple(w for w in self.workspaces.values() if w.account_or_none is account)

    # --- resources ---------------------------------------------------------------------

    @cached_property
    def _by_type(self) -> dict[tuple[str, str], list[Resource]]:
        index: dict[tuple[str, str], list[Resource]] = {}
        for workspace in self.workspaces.values():
            for resource in (*workspace.resources, *workspace.data_sources):
                index.setdefault((resource.mode, resource.type), []).append(resource)
        return index

    def resources(self, *types: str) -> Iterator[Resource]:
        """Yield all managed resources of these types; `aws_iam_group*` stands for all that begin so."""
        for type_ in self._matching("managed", types):
            yield from self._by_type["managed", type_]

    def data_sources(self, *types: str) -> Iterator[Resource]:
        """Yield all data sources of these types; a `*` at the end as with `resources`."""
        for type_ in self._matching("data", types):
            yield from self._by_type["data", type_]

    def _matching(self, mode: str, types: Iterable[str]) -> list[str]:
        exact = {type_ for type_ in types if not type_.endswith("*")}
        prefixes = tuple(type_[:-1] for type_ in types if type_.endswith("*"))
        return sorted(
            type_
            for found, type_ in self._by_type
            if found == mode and (type_ in exact or (prefixes and type_.startswith(prefixes)))
        )

    @cached_property
    def _by_address(self) -> dict[tuple[str, str], Resource]:
        return {
            (workspace.name, resource.address): resource
            for workspace in self.workspaces.values()
            for resource in (*workspace.resources, *workspace.data_sources)
        }

    def find(self, workspace: str, address: str) -> Resource | None:
        """Return a resource instance or data source by its address; None where there is none."""
        return self._by_address.get((workspace, address))

    def require_complete(self, *types: str, what: str, workspaces: Iterable[Workspace] | None = None) -> None:
        """Raise Undecided where one of the workspaces (all, by default) may hide a resource of these types.

        To be called before a rule concludes that something does not exist. `what`
        names it: "a delegation of `x`".
        """
        for workspace in self.workspaces.values() if workspaces is None else workspaces:
            for spot in workspace.result.blind_spots:
                if not spot.type or not types or spot.type in types:
                    message = (
                        f"{what} may stand where workspace `{workspace.name}` could not be seen: {spot.reason.message}"
                    )
                    raise Undecided(Reason(spot.reason.code, message, spot.reason.span))

    def lookup(self, data: Resource) -> bool:
        """Say whether some workspace makes what a data source looks up; raises Undecided where that is open."""
        from astralint.platform.lookups import LOOKUPS, lookup_request

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
        from astralint.platform.lookups import ResourceDirectory

        names = AccountNames(self.settings, (workspace.spec for workspace in self.workspaces.values()))
        return ResourceDirectory((workspace.result for workspace in self.workspaces.values()), names)

    @property
    def regions(self) -> tuple[str, ...]:
        """The regions that the configuration allows; none where it says nothing."""
        return self.settings.platform.regions

    @property
    def root_domains(self) -> tuple[str, ...]:
        """The configured root domains, without a dot at the end."""
        own = self.settings.platform
        return tuple(dict.fromkeys(d.rstrip(".").lower() for d in (own.root_domain, *own.root_domains) if d))

    # --- the graph -----------------------------------------------------------------------

    @cached_property
    def trust(self) -> TrustIndex:
        """Everything that carries trust: roles, policies, principals, and the decisions between them."""
        from astralint.platform.trust.index import build_trust

        return build_trust(self)

    @cached_property
    def graph(self) -> nx.MultiDiGraph[str]:
        """The whole platform as one graph; see `astralint.platform.graph_model`."""
        from astralint.platform.graph import build_graph

        return build_graph(self)
