"""Fetching what is behind a result link. Links come from outside: each hop is checked, and no key is ever sent."""

from __future__ import annotations

import asyncio
import codecs
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from app.domain.base_url import is_loopback
from app.domain.errors import (
    BrokenAudio,
    RateLimited,
    ResultExpired,
    ServiceUnavailable,
    UnexpectedReply,
)
from app.domain.provider import AudioSink
from app.providers.network import Answer, Lane, Network, Outgoing
from app.providers.reply import Reply
from app.providers.resolving import is_public, literal
from app.providers.troubles import BrokeOff, NeverLeft

if TYPE_CHECKING:
    import httpx

_MOST_REDIRECTS = 5
_MOST_ADDRESSES = 4
_HEAD_BYTES = 512
_HEADERS = {"User-Agent": "Cuesmith", "Accept": "*/*", "Accept-Encoding": "identity"}
_REDIRECTS = (301, 302, 303, 307, 308)
_EXPIRED = (400, 401, 403, 404, 410)  # 400: Google's storage says so of a signed link that is too old
_NOT_PUBLIC = "it leads to this computer or to a private network"


@dataclass(frozen=True, slots=True)
class DownloadLimits:
    """What a result may cost in time and room.

    Attributes:
        open_s: From one hop until its answer begins.
        stall_s: How long no byte may come.
    """

    most_bytes: int = 2 << 30
    open_s: float = 60.0
    stall_s: float = 30.0
    total_s: float = 3_600.0


USUAL_LIMITS = DownloadLimits()


class _Astray(Exception):
    """A link that isn't followed. The text says why, as a clause for people."""


@dataclass(frozen=True, slots=True)
class _Hop:
    """A checked address.

    Attributes:
        addresses: The only IP addresses to connect to; None: whoever connects looks the host up.
    """

    url: httpx.URL
    addresses: tuple[str, ...] | None


async def download(
    network: Network,
    name: str,
    link: str,
    into: AudioSink,
    *,
    base_url: str,
    limits: DownloadLimits = USUAL_LIMITS,
) -> None:
    """Write what is behind a link. Free and repeatable.

    The errors say what fetching again may bring. An expired link is asked for anew. Anything that may pass, such as
    an error page instead of audio, is a `ServiceUnavailable` or an `UnexpectedReply`: it is tried until patience is
    over, and the take stays announced. Only what is too large ends a take for good: fetching gigabytes again and again
    helps nobody.

    Args:
        name: Of the service, for people.
        base_url: Where the service is reached. Only if that is on loopback may links lead there.
    Raises:
        ResultExpired: 400, 401, 403, 404 or 410: the link isn't valid any more.
        RateLimited, ServiceUnavailable: It can't be had now.
        UnexpectedReply: A hop leads where it mustn't, or the body isn't what can be audio (text, or nothing).
        BrokenAudio: It is larger than any result.
    """
    until = asyncio.get_running_loop().time() + limits.total_s
    try:
        answer = await _follow(network, link, limits, may_be_here=is_loopback(urlsplit(base_url).hostname or ""))
        try:
            _judge(answer, name, limits)
            await _write(answer, name, into, limits, until)
        finally:
            await answer.aclose()
    except _Astray as exc:
        raise UnexpectedReply(f"{name} gave a link that Cuesmith doesn’t follow: {exc}.") from exc
    except (NeverLeft, BrokeOff) as exc:
        raise ServiceUnavailable(f"The result can’t be fetched from {name} now: {exc}.") from exc


async def _follow(network: Network, link: str, limits: DownloadLimits, *, may_be_here: bool) -> Answer:
    """The first answer that isn't a redirect."""
    await network.open()
    url = _parsed(link)
    for _ in range(1 + _MOST_REDIRECTS):
        hop = await _checked(network, url, may_be_here=may_be_here)
        answer = await _open(network, hop, limits)
        if answer.status not in _REDIRECTS:
            return answer
        await answer.aclose()
        url = _parsed(answer.headers.get("location", ""), relative_to=url)
    raise _Astray("it leads from one address to the next without an end")


def _parsed(link: str, relative_to: httpx.URL | None = None) -> httpx.URL:
    """The one reading of a link: what is checked is what is connected to."""
    import httpx

    if not link:
        raise _Astray("it leads nowhere")
    try:
        url = httpx.URL(link) if relative_to is None else relative_to.join(link)
        return url.copy_with(fragment=None)
    except (httpx.InvalidURL, ValueError) as exc:
        raise _Astray("it isn’t an address") from exc


async def _checked(network: Network, url: httpx.URL, *, may_be_here: bool) -> _Hop:
    if url.scheme not in ("https", "http") or not url.host:
        raise _Astray("it isn’t a web address")
    if url.userinfo:
        raise _Astray("it holds a user name or a password")
    if may_be_here and is_loopback(url.host):
        return _Hop(url, None)
    if url.scheme != "https":
        raise _Astray("it isn’t encrypted (https)")
    written = literal(url.host)
    if is_loopback(url.host) or (written is not None and not is_public(written)):
        raise _Astray(_NOT_PUBLIC)
    addresses = await network.resolve(url.scheme, url.host, url.port or 443)
    if addresses is not None and not all(is_public(address) for address in addresses):
        raise _Astray(_NOT_PUBLIC)
    return _Hop(url, addresses)


async def _open(network: Network, hop: _Hop, limits: DownloadLimits) -> Answer:
    """Connect to an address that was checked, so that another answer of the name server changes nothing."""
    choices = (None,) if hop.addresses is None else _both_kinds_first(hop.addresses)[:_MOST_ADDRESSES]
    trouble = NeverLeft("its address wasn’t found")
    try:
        async with asyncio.timeout(limits.open_s):
            for address in choices:
                outgoing = Outgoing(
                    method="GET",
                    url=str(hop.url),
                    headers=_HEADERS,
                    read_timeout_s=limits.stall_s,
                    address=address,
                )
                try:
                    return await network.send(outgoing, Lane.RESULTS)
                except NeverLeft as exc:
                    trouble = exc
    except TimeoutError as exc:
        raise BrokeOff("nothing came in time") from exc
    raise trouble


def _both_kinds_first(addresses: tuple[str, ...]) -> tuple[str, ...]:
    """Alternately IPv6 and IPv4: many computers have only one that works."""
    first = [address for address in addresses if (":" in address) is (":" in addresses[0])]
    other = [address for address in addresses if address not in first]
    mixed = [address for pair in zip_longest(first, other) for address in pair]
    return tuple(address for address in mixed if address is not None)


def _judge(answer: Answer, name: str, limits: DownloadLimits) -> None:
    status = answer.status
    if status in _EXPIRED:
        raise ResultExpired(f"The link to the result at {name} isn’t valid any more (HTTP {status}).")
    if status == 429:
        after_s = Reply(status, answer.headers, b"").retry_after_s()
        raise RateLimited(f"{name} asks for patience before the result can be fetched.", after_s)
    if status >= 500 or status in (408, 425):
        raise ServiceUnavailable(f"{name} can’t hand out the result now (HTTP {status}).")
    if status != 200:
        raise UnexpectedReply(f"{name} answered with HTTP {status} instead of the result.")
    length = answer.headers.get("content-length", "")
    if length.isascii() and length.isdigit() and int(length[:20]) > limits.most_bytes:
        raise _too_large(limits)


async def _write(answer: Answer, name: str, into: AudioSink, limits: DownloadLimits, until: float) -> None:
    head: bytes | None = b""
    size = 0
    async for piece in answer.pieces(until):
        size += len(piece)
        if size > limits.most_bytes:
            raise _too_large(limits)
        if head is not None:
            head += piece
            if len(head) < _HEAD_BYTES:
                continue
            _check(head, name)
            piece, head = head, None
        await into.write(piece)
    if head is not None:
        _check(head, name)
        await into.write(head)


def _check(head: bytes, name: str) -> None:
    """No audio begins with 512 bytes of text; or is nothing but text."""
    if not head:
        raise UnexpectedReply(f"{name} handed out an empty result.")
    if _is_text(head[:_HEAD_BYTES]):
        raise UnexpectedReply(f"{name} handed out a page of text instead of the result.")


def _is_text(head: bytes) -> bool:
    try:
        # A character may be cut in two at the end: that makes no audio of it.
        text = codecs.getincrementaldecoder("utf-8-sig")().decode(head)
    except UnicodeDecodeError:
        return False
    return all(character.isprintable() or character.isspace() for character in text)


def _too_large(limits: DownloadLimits) -> BrokenAudio:
    return BrokenAudio(f"The result is larger than {limits.most_bytes >> 20:,} MB and wasn’t kept.")
