"""What can go wrong on the way, as the two cases that matter for money."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator


class NeverLeft(Exception):
    """Provably not a byte of the request was written. The text says why, as a clause for people."""


class BrokeOff(Exception):
    """Something may have left, and no whole answer came. The text says why, as a clause for people."""


def translated(error: Exception) -> NeverLeft | BrokeOff:
    """An exception of httpx, of a socket or of TLS.

    Only the errors of getting a connection are taken for “nothing left”: httpcore raises them before it writes,
    and tries nothing twice. Whatever else there is, or will be, counts as sent. A failed write as well: httpx keeps it
    to itself and reads on, because services may answer early; then no answer comes, or it is a broken one.
    """
    import httpx

    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout | httpx.ProxyError):
        return NeverLeft(_why_not_connected(error))
    return BrokeOff(_why_broken(error))


def _why_not_connected(error: Exception) -> str:
    import httpx

    if isinstance(error, httpx.PoolTimeout):
        return "too many connections are open already"
    if isinstance(error, httpx.ConnectTimeout):
        return "no connection was made in time"
    if isinstance(error, httpx.ProxyError):
        return "the proxy of this computer lets nothing through to it"
    causes = tuple(_causes(error))
    for kind, words in _CLAUSES:
        if any(isinstance(cause, kind) for cause in causes):
            return words
    return "no connection could be made"


_CLAUSES: tuple[tuple[type[BaseException], str], ...] = (
    (ssl.SSLCertVerificationError, "its certificate can’t be trusted"),
    (ssl.SSLError, "no secure connection could be made"),
    (socket.gaierror, "its address wasn’t found (is this computer online?)"),
    (ConnectionRefusedError, "it refuses connections"),
)


def _why_broken(error: Exception) -> str:
    import httpx

    if isinstance(error, httpx.ReadTimeout):
        return "nothing came in time"
    if isinstance(error, httpx.WriteTimeout):
        return "the request couldn’t be sent in time"
    if isinstance(error, httpx.ProtocolError):
        return "the answer was cut off or garbled"
    return "the connection broke"


def _causes(error: BaseException) -> Iterator[BaseException]:
    """An error and everything it came from; httpcore hides its causes (`from None`), so contexts count as well."""
    waiting, seen = [error], set[int]()
    while waiting:
        cause = waiting.pop()
        if id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        if isinstance(cause, BaseExceptionGroup):
            waiting += cause.exceptions
        waiting += [other for other in (cause.__cause__, cause.__context__) if other is not None]
