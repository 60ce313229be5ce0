"""Lists what is in one account and region: each type by its own call, with the tags that the tagging API knows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import msgspec
from botocore.exceptions import EndpointConnectionError

from astralint.inventory.collect.access import Access
from astralint.inventory.collect.failures import ExpiredError, Failure, failure_or_raise
from astralint.inventory.collect.parts import Part, now_text
from astralint.inventory.collect.reading import Place, arguments_of, items_of, live_of, live_of_arn
from astralint.inventory.model import GLOBAL, TAGS, Covered, Live, Status
from astralint.inventory.tables import CollectedType, collected_types

TOKENS = ("NextToken", "nextToken", "Marker", "NextMarker")
"""What answers of calls that have no paginator name the next page by."""
PAGES = 100_000


class _Asked(msgspec.Struct):
    """What a type's call answered: its items, with the item of the type that it was asked for of."""

    items: list[tuple[Any, Any]]
    failure: Failure | None = None


class Lister:
    """Lists one account's region, or what is in none."""

    def __init__(self, access: Access, account: str, region: str, partition: str, home: str) -> None:
        self._access = access
        self._place = Place(partition, account, region)
        self._client_region = home if region == GLOBAL else region
        self._asked: dict[str, _Asked] = {}
        self._stopped: Callable[[], bool] = lambda: False

    def list(
        self, types: Iterable[str], known: Mapping[str, tuple[Live, ...]], key: str, stopped: Callable[[], bool]
    ) -> Part:
        """Return all of these types; `known` are those that another source has shown already. Raises ExpiredError."""
        self._stopped = stopped
        found: list[Live] = []
        coverage: list[Covered] = []
        marks: dict[str, tuple[str, str]] = {}
        place = self._place
        for name in types:
            row = collected_types()[name]
            if name in known:
                found += known[name]
                coverage.append(Covered(place.account, place.region, name, "complete", "config"))
                if not any(collected_types()[other].of == name for other in types):
                    continue
            asked = self._ask(name, row)
            if row.helper:
                for item, parent in asked.items if row.marks else ():
                    marks[str(item.get("PhysicalResourceId"))] = row.marks, _stack(parent)
            if name in known or (row.helper and not row.marks):
                continue
            source = "cloud-control" if row.service == "cloudcontrol" else "list"
            for item, parent in asked.items if not row.helper else ():
                live = live_of(name, row, item, place, parent)
                if live is not None:
                    found.append(live)
            failure = asked.failure
            status: Status = failure.status if failure is not None else "complete"
            message = failure.message if failure is not None else ""
            coverage.append(Covered(place.account, place.region, name, status, source, message))
        tags, failure = self._tags()
        status = failure.status if failure is not None else "complete"
        coverage.append(Covered(place.account, place.region, TAGS, status, message=failure.message if failure else ""))
        found = list(self._enriched(found, coverage, tags, marks))
        complete = all(one.status != "failed" for one in coverage)
        return Part(key, place.account, place.region, now_text(), complete, tuple(coverage), tuple(found))

    # --- a type --------------------------------------------------------------------------

    def _ask(self, name: str, row: CollectedType) -> _Asked:
        if name not in self._asked:
            self._asked[name] = self._of_parents(row) if row.of else self._own(row)
        return self._asked[name]

    def _own(self, row: CollectedType) -> _Asked:
        return self._detailed(row, self._pages(row, row.parameters))

    def _of_parents(self, row: CollectedType) -> _Asked:
        parents = self._ask(row.of, collected_types()[row.of])
        answer = _Asked([], parents.failure)
        for parent, _ in parents.items:
            asked = self._detailed(row, self._pages(row, {**row.parameters, **arguments_of(row.arguments, parent)}))
            answer.items += [(item, parent) for item, _ in asked.items]
            answer.failure = answer.failure or asked.failure
        return answer

    def _detailed(self, row: CollectedType, asked: _Asked) -> _Asked:
        """Return the items with what a further call tells of each; those of which it tells nothing are not seen."""
        if row.detail is None:
            return asked
        answer = _Asked([], asked.failure)
        for item, parent in asked.items:
            try:
                client = self._access.client(row.service, self._client_region)
                told = self._call(client, row.detail.call, arguments_of(row.detail.arguments, item))
            except Exception as error:
                answer.failure = failure_or_raise(error)
                continue
            more = told.get(row.detail.items) or {}
            answer.items.append(({**item, **more}, parent))
        return answer

    def _pages(self, row: CollectedType, arguments: Mapping[str, Any]) -> _Asked:
        answer = _Asked([])
        try:
            client = self._access.client(row.service, self._client_region)
            for page in self._answers(client, row.call, dict(arguments)):
                answer.items += [(item, None) for item in items_of(row, page)]
        except EndpointConnectionError as error:
            regions = self._access.available(row.service, self._place.partition)
            if regions and self._client_region not in regions:
                answer.failure = Failure("off", f"there is no {row.service} in {self._client_region}")
            else:
                answer.failure = failure_or_raise(error)
        except Exception as error:
            answer.failure = failure_or_raise(error)
        return answer

    def _answers(self, client: Any, operation: str, arguments: dict[str, Any]) -> Iterator[Mapping[str, Any]]:
        if client.can_paginate(operation):
            for page in client.get_paginator(operation).paginate(**arguments):
                self._check()
                yield page
            return
        takes = client.meta.service_model.operation_model(client.meta.method_to_api_mapping[operation]).input_shape
        for _ in range(PAGES):
            page = self._call(client, operation, arguments)
            yield page
            token = next((name for name in TOKENS if page.get(name) and name in (takes.members if takes else ())), None)
            if token is None:
                return
            arguments = {**arguments, token: page[token]}

    def _call(self, client: Any, operation: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        self._check()
        answer: Mapping[str, Any] = getattr(client, operation)(**arguments)
        return answer

    def _check(self) -> None:
        if self._stopped():
            raise ExpiredError("the collection was ended")

    # --- tags ----------------------------------------------------------------------------

    def _tags(self) -> tuple[dict[str, dict[str, str]], Failure | None]:
        """Return the tags of everything that has any, by ARN."""
        found: dict[str, dict[str, str]] = {}
        try:
            client = self._access.client("resourcegroupstaggingapi", self._client_region)
            for page in self._answers(client, "get_resources", {}):
                for one in page["ResourceTagMappingList"]:
                    found[one["ResourceARN"]] = {tag["Key"]: tag["Value"] for tag in one["Tags"]}
        except Exception as error:
            return found, failure_or_raise(error)
        return found, None

    def _enriched(
        self,
        found: Iterable[Live],
        coverage: Iterable[Covered],
        tags: Mapping[str, Mapping[str, str]],
        marks: Mapping[str, tuple[str, str]],
    ) -> Iterator[Live]:
        """Yield what was found with its tags, and what tags alone show of types whose calls failed."""
        seen: set[str] = set()
        for live in found:
            seen.add(live.arn)
            own = {**live.tags, **tags.get(live.arn, {})}
            marked = marks.get(live.id) or marks.get(live.name) or marks.get(live.arn)
            if marked is not None:
                own.setdefault(*marked)
            yield live if own == live.tags else msgspec.structs.replace(live, tags=own)
        failed = {one.type for one in coverage if one.status in ("denied", "failed")}
        for arn, own_tags in tags.items():
            shown = live_of_arn(arn, own_tags) if arn not in seen else None
            if shown is None or shown.type not in failed or shown.region not in ("", self._place.region):
                continue
            if shown.account in ("", self._place.account):
                yield msgspec.structs.replace(shown, account=self._place.account, region=self._place.region)


def _stack(parent: Any) -> str:
    return str(parent.get("StackName", "")) if isinstance(parent, dict) else ""
