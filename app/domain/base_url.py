"""Where a service may be reached: https, or plain http on this very computer."""

from __future__ import annotations

import re
from ipaddress import AddressValueError, IPv4Address, IPv4Network, IPv6Address
from urllib.parse import urlsplit

_LOOPBACK_V4 = IPv4Network("127.0.0.0/8")
_LOOPBACK_V6 = IPv6Address("::1")
_HOST = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
# What some systems read as an IP address in another notation: 127.1, 0x7f000001, 0177.0.0.1, 2130706433.
_NUMERIC = re.compile(r"(?:^|\.)(?:[0-9]+|0[xX][0-9A-Fa-f]*)\.?$")
# Whatever two parsers of addresses might read differently: backslashes, and all that isn’t visible ASCII.
_DISPUTED = re.compile(r"[^\x21-\x5b\x5d-\x7e]")


def is_loopback(host: str) -> bool:
    """Whether a host, as parsed from an address, is this computer: `localhost`, 127.0.0.0/8 or `::1`."""
    if host.lower() == "localhost":
        return True
    try:
        return IPv4Address(host) in _LOOPBACK_V4
    except AddressValueError:
        pass
    try:
        return IPv6Address(host) == _LOOPBACK_V6
    except AddressValueError:
        return False


def base_url(text: str) -> str:
    """The address of a service as it is kept: without a slash at its end.

    Raises:
        ValueError: It can't be used; the message is a sentence for people.
    """
    if _DISPUTED.search(text):
        raise ValueError("The address must not contain spaces, backslashes or letters beyond ASCII.")
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise ValueError(f"This is not an address: {error}.") from error
    if parts.scheme not in ("https", "http") or not host:
        raise ValueError("The address must look like https://api.example.com/v1.")
    if parts.username is not None or parts.password is not None:
        raise ValueError("The address must not contain a user name or a password.")
    if parts.query or parts.fragment or "?" in text or "#" in text:
        raise ValueError("The address must end with its path, without “?” or “#”.")
    if port == 0 or not _is_host(host):
        raise ValueError(f"“{host}” can’t be reached under this address.")
    if parts.scheme == "http" and not is_loopback(host):
        raise ValueError("The address must begin with https://; http:// is for this computer alone.")
    return text.rstrip("/")


def _is_host(host: str) -> bool:
    if ":" in host:
        try:
            IPv6Address(host)
        except AddressValueError:
            return False
        return True
    if _NUMERIC.search(host):
        try:
            IPv4Address(host)
        except AddressValueError:
            return False
        return True
    return len(host) <= 253 and _HOST.fullmatch(host) is not None
