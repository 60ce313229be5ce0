"""Functions of IP networks."""

from __future__ import annotations

import ipaddress
import re
from typing import NamedTuple

from astralint.terraform.functions.registry import implements
from astralint.terraform.functions.support import FunctionError, check_elements, text, whole
from astralint.terraform.values.types import STRING
from astralint.terraform.values.value import Value, boolean, list_of

_OCTETS = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+\Z")

# What IPv6 addresses begin with that stand for those of IPv4.
_MAPPED = 0xFFFF
_UINT64 = 2**64 - 1


class Network(NamedTuple):
    """A network: its first address as a number, the length of its prefix, and that of its addresses."""

    base: int
    prefix: int
    bits: int

    def address(self, number: int) -> str:
        """Return an address of the network's family as Go prints it."""
        if self.bits == 32:
            return str(ipaddress.IPv4Address(number))
        if number >> 32 == _MAPPED:
            return str(ipaddress.IPv4Address(number & 0xFFFFFFFF))
        return str(ipaddress.IPv6Address(number))

    @property
    def mapped(self) -> bool:
        """True where the addresses are those of IPv4, in IPv6's notation."""
        return self.bits == 128 and self.base >> 32 == _MAPPED

    def __str__(self) -> str:
        return f"{self.address(self.base)}/{self.prefix - 96 if self.mapped else self.prefix}"


@implements("cidrcontains")
def _cidrcontains(arguments: list[Value]) -> Value:
    outer = _network(arguments[0], 0)
    content: str = arguments[1].raw
    inner = _parsed(f"{content}/{128 if ':' in content else 32}") or _parsed(content)
    if inner is None:
        raise FunctionError(f"invalid IP address or prefix: {content[:80]}", 1)
    if inner.bits != outer.bits:
        raise FunctionError(f"address family mismatch: {outer} vs. {content[:80]}")
    return boolean(
        inner.prefix >= outer.prefix
        and inner.base >> (outer.bits - outer.prefix) == outer.base >> (outer.bits - outer.prefix)
    )


def _network(value: Value, argument: int | None) -> Network:
    content: str = value.raw
    parsed = _parsed(content)
    if parsed is None:
        raise FunctionError(f"invalid CIDR expression: invalid CIDR address: {content[:80]}", argument)
    return parsed


def _parsed(content: str) -> Network | None:
    address, slash, length = content.partition("/")
    if not slash or not (length.isascii() and length.isdigit()) or len(length) > 8:
        return None
    prefix = int(length)
    try:
        if ":" in address:
            if "%" in address:
                return None
            bits, number = 128, int(ipaddress.IPv6Address(_plain_octets(address)))
        else:
            bits, number = 32, int(ipaddress.IPv4Address(_plain_octets(address)))
    except ValueError:
        return None
    if prefix > bits:
        return None
    host = bits - prefix
    return Network(number >> host << host, prefix, bits)


def _plain_octets(address: str) -> str:
    """Return the address with the leading zeros of its octets dropped: Terraform reads them as decimals."""
    head, colon, octets = address.rpartition(":")
    if len(octets) > 60 or not _OCTETS.match(octets):
        return address
    return head + colon + ".".join(octet.lstrip("0") or "0" for octet in octets.split("."))


def _integer(value: Value, argument: int | None) -> int:
    raw = value.raw
    if not isinstance(raw, int) and raw != 0:
        raise FunctionError("value must be a whole number", argument)
    return int(raw)


@implements("cidrhost")
def _cidrhost(arguments: list[Value]) -> Value:
    number = _integer(arguments[1], None)
    network = _network(arguments[0], None)
    highest = (1 << (network.bits - network.prefix)) - 1
    position = number if number >= 0 else highest + 1 + number
    if not 0 <= position <= highest:
        raise FunctionError(f"prefix of {network.prefix} does not accommodate a host numbered {_short(number)}")
    if network.mapped:
        # Terraform counts from the 32nd bit, as if the address had no more, and leaves the network.
        position <<= 96
    return text(network.address(network.base | position))


def _short(number: int) -> str:
    return str(number) if number.bit_length() < 600 else "…"


@implements("cidrnetmask")
def _cidrnetmask(arguments: list[Value]) -> Value:
    network = _network(arguments[0], None)
    if network.bits != 32 and not network.mapped:
        raise FunctionError(f"IPv6 addresses cannot have a netmask: {arguments[0].raw}")
    return text(network.address(((1 << network.prefix) - 1) << (network.bits - network.prefix)))


@implements("cidrsubnet")
def _cidrsubnet(arguments: list[Value]) -> Value:
    added, number = whole(arguments[1], None), _integer(arguments[2], None)
    network = _network(arguments[0], None)
    prefix = network.prefix + added
    if not 0 <= prefix <= network.bits:
        raise FunctionError(f"insufficient address space to extend prefix of {network.prefix} by {added}")
    # Terraform compares the lowest 64 bits of the number's magnitude with a bound of 64 bits.
    bound = (1 << added) - 1 if 0 <= added < 64 else _UINT64
    if abs(number) & _UINT64 > bound or number.bit_length() > network.bits:
        raise FunctionError(f"prefix extension of {added} does not accommodate a subnet numbered {_short(number)}")
    base = abs(network.base | number << (network.bits - prefix))
    if base.bit_length() > network.bits:
        raise FunctionError(f"prefix extension of {added} does not accommodate a subnet numbered {_short(number)}")
    return text(str(Network(base, prefix, network.bits)))


@implements("cidrsubnets")
def _cidrsubnets(arguments: list[Value]) -> Value:
    network = _network(arguments[0], 0)
    check_elements(len(arguments))
    subnets: list[Value] = []
    if network.base == 0 and len(arguments) > 1:
        # Terraform looks for what comes before, and finds itself at the other end.
        raise FunctionError("not enough remaining address space for a subnet before 0", 1)
    if network.mapped and len(arguments) > 1:
        # And here it finds no mask for so many bits.
        raise FunctionError(_no_space(network.prefix + _extension(arguments[1], 1, network), "<nil>"), 1)
    following = network.base
    last = network.base + (1 << (network.bits - network.prefix)) - 1
    current = str(network)
    for argument, value in enumerate(arguments[1:], start=1):
        prefix = network.prefix + _extension(value, argument, network)
        size = 1 << (network.bits - prefix)
        start = -(-following // size) * size
        if start + size - 1 > last:
            raise FunctionError(_no_space(prefix, current), argument)
        following = start + size
        current = str(Network(start, prefix, network.bits))
        subnets.append(text(current))
    return list_of(STRING, subnets)


def _no_space(prefix: int, after: str) -> str:
    return f"not enough remaining address space for a subnet with a prefix of {prefix} bits after {after}"


def _extension(value: Value, argument: int, network: Network) -> int:
    added = whole(value, argument)
    if added < 1:
        raise FunctionError("must extend prefix by at least one bit", argument)
    if added > 32:
        raise FunctionError("may not extend prefix by more than 32 bits", argument)
    if network.prefix + added > network.bits:
        family = "IPv4" if network.bits == 32 else "IPv6"
        raise FunctionError(
            f"would extend prefix to {network.prefix + added} bits, which is too long for an {family} address", argument
        )
    return added
