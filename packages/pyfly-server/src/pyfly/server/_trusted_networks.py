# SPDX-License-Identifier: Apache-2.0
"""Addresses and networks that are trusted, and addresses as proxies write them."""

import re
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import NoReturn

from pyfly.server.exceptions import RefusedSettingError

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_UNIX = "unix"
_MAPPED = IPv6Network("::ffff:0:0/96")
_LARGEST_PORT = 65535
_WITH_PORT = re.compile(r"(?:\[(?P<six>[^\[\]]+)\]|(?P<four>[^:\[\]]+))(?::(?P<port>[0-9]{1,5}))?")


class TrustedNetworks:
    """Tell whether an address is on the list.

    Attributes:
        unix: Whether peers on a Unix socket are trusted.
    """

    def __init__(self, entries: Sequence[str]) -> None:
        """Read the list.

        Args:
            entries: Addresses, networks (CIDR) and ``unix``.

        Raises:
            RefusedSettingError: An entry is something else.
        """
        networks = [_network(str(entry).strip()) for entry in entries if str(entry).strip() != _UNIX]
        self.unix = any(str(entry).strip() == _UNIX for entry in entries)
        self._single = frozenset(
            network.network_address for network in networks if network.prefixlen == network.max_prefixlen
        )
        self._networks = tuple(network for network in networks if network.prefixlen != network.max_prefixlen)

    def __contains__(self, address: Address) -> bool:
        return address in self._single or any(address in network for network in self._networks)


def peer_address(text: str) -> Address | None:
    """Read the address of a peer, as the system gives it; None where it is none."""
    return _address(text.partition("%")[0])


def forwarded_address(text: str) -> tuple[Address, int] | None:
    """Read an address as proxies write it: ``192.0.2.1``, ``192.0.2.1:80``, ``2001:db8::1``, ``[::1]:80``.

    Returns:
        The address and the port, 0 where there is none; None where it is no address.
    """
    plain = None if "%" in text else _address(text)
    if plain is not None:
        return plain, 0

    match = _WITH_PORT.fullmatch(text)
    if match is None:
        return None

    six, four = match["six"], match["four"]
    address = None if "%" in text else _address(six or four)
    port = int(match["port"] or 0)
    if address is None or port > _LARGEST_PORT or (six and ":" not in six):
        return None

    return address, port


def _address(text: str) -> Address | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None

    # A socket that serves both versions shows IPv4 in this form.
    return getattr(address, "ipv4_mapped", None) or address


def _network(entry: str) -> Network:
    if entry == "*":
        _refuse(entry, "everybody could pretend to be anybody.", "Name the addresses of the proxies")

    try:
        network = ip_network(entry)
    except ValueError as error:
        _refuse(entry, f"{error}.", "Use addresses, networks such as 10.0.0.0/8, and unix", error)

    if isinstance(network, IPv6Network):
        if network.network_address.scope_id is not None:
            _refuse(entry, "a zone cannot be told apart.", "Write the address without it")

        if network.subnet_of(_MAPPED):
            inner = IPv4Address(int(network.network_address) & 0xFFFFFFFF)
            return IPv4Network((inner, network.prefixlen - _MAPPED.prefixlen))

    return network


def _refuse(entry: str, reason: str, action: str, cause: ValueError | None = None) -> NoReturn:
    raise RefusedSettingError(
        "pyfly.server.proxy.trusted",
        entry,
        server="pyfly",
        reason=reason,
        action=f"{action}; 0.0.0.0/0 and ::/0 stand for everybody.",
    ) from cause
