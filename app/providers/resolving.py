"""Names of hosts to IP addresses, and which of these belong to the public internet."""

from __future__ import annotations

import asyncio
import socket
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

_RELAYS_OF_6TO4 = IPv4Network("192.88.99.0/24")
_SHARED = IPv4Network("100.64.0.0/10")
_GLOBAL_UNICAST = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")
_NOT_ONLY_PUBLIC = (
    IPv6Network("2001::/23"),  # protocols, with Teredo, which carries any IPv4 address
    IPv6Network("2001:db8::/32"),  # documentation
    IPv6Network("2002::/16"),  # 6to4, which carries any IPv4 address
    IPv6Network("3fff::/20"),  # documentation
)


async def addresses_of(host: str, port: int) -> tuple[str, ...]:
    """All IP addresses of a host, in the order of the system.

    Raises:
        OSError: It has none.
    """
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as exc:  # a name that can't be one
        raise OSError(str(exc)) from exc
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


def literal(host: str) -> str | None:
    """The IP address that a host is written as, in any of the ways that systems read one; None for a name."""
    try:
        return str(ip_address(host))
    except ValueError:
        pass
    try:
        return socket.inet_ntoa(socket.inet_aton(host))  # 127.1, 0x7f000001, 2130706433
    except (OSError, UnicodeError):
        return None


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet, and not of this computer, its network or its cloud."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return _is_public_v4(parsed) if isinstance(parsed, IPv4Address) else _is_public_v6(parsed)


def _is_public_v4(address: IPv4Address) -> bool:
    is_special = address.is_private or address.is_multicast or address.is_reserved or address.is_link_local
    return not is_special and address not in _SHARED and address not in _RELAYS_OF_6TO4


def _is_public_v6(address: IPv6Address) -> bool:
    if address in _NAT64:  # how everything of IPv4 looks in networks without it: what counts is what it stands for
        return _is_public_v4(IPv4Address(int(address) & 0xFFFF_FFFF))
    return address in _GLOBAL_UNICAST and not any(address in network for network in _NOT_ONLY_PUBLIC)
