"""Partitions and regions, from `data/partitions.json` (recorded by `scripts/record_facts.py`)."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from astralint.source.partial import Hole, PartialText

if TYPE_CHECKING:
    from astralint.aws.plain import Text

_DATA = Path(__file__).parent / "data" / "partitions.json"


class Region(msgspec.Struct, frozen=True):
    """A region: its description, and whether an account has to opt in."""

    description: str
    opt_in: bool = False


class Partition(msgspec.Struct, frozen=True):
    """A partition: the DNS suffix of its services, the pattern of its regions' names, the regions known."""

    name: str
    description: str
    dns_suffix: str
    region_pattern: str
    global_region: str
    regions: dict[str, Region]

    @property
    def reverse_dns_prefix(self) -> str:
        """The DNS suffix, its labels turned round."""
        return ".".join(reversed(self.dns_suffix.split(".")))


@cache
def partitions() -> dict[str, Partition]:
    """Return all partitions by name."""
    found = msgspec.json.decode(_DATA.read_bytes(), type=list[Partition])
    return {partition.name: partition for partition in found}


def partition_of(region: str) -> Partition | None:
    """Return the partition of a region, known or of a name that fits; None for other text."""
    for partition in partitions().values():
        if region in partition.regions:
            return partition
    for partition in partitions().values():
        if re.fullmatch(partition.region_pattern, region):
            return partition
    return None


def dns_suffix(partition: Text) -> Text:
    """Return the DNS suffix of a partition's services."""
    if isinstance(partition, str) and partition in partitions():
        return partitions()[partition].dns_suffix
    return PartialText.of(Hole("the partition is not known"))
