"""Which failures to try again, and how long to wait: small values that add up."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass

from app.domain.errors import (
    AppError,
    ContentRefused,
    CredentialsMissing,
    CredentialsRejected,
    GenerationFailed,
    KeychainError,
    NotConnected,
    ProviderError,
    QuotaExhausted,
    RateLimited,
    RequestRejected,
    ResultGone,
    ServiceUnavailable,
    StorageError,
    UnexpectedReply,
)

NOT_ACCEPTED = (NotConnected, RateLimited)
"""From a first submit: provably nothing was accepted, so it may simply be tried again."""

NOT_UPLOADED = (NotConnected, RateLimited, ServiceUnavailable, UnexpectedReply)
"""From an upload, which is free: it may work later."""

REFUSED = (
    CredentialsMissing,
    CredentialsRejected,
    QuotaExhausted,
    RequestRejected,
    ContentRefused,
    KeychainError,
    StorageError,
)
"""From a first submit: the service refused, or a key or file that belongs to the request can't be read here;
nothing was started, and trying again by itself won't help."""

REFUSED_FOR_NOW = (CredentialsMissing, CredentialsRejected, QuotaExhausted, KeychainError, StorageError)
"""Refusals that say something about the account, nothing about a request that may have been accepted before."""


def is_passing(error: AppError) -> bool:
    """Whether a free question (poll, fetch, find) may bring something later.

    Asking is free, so only the word that there is nothing to be had any more ends it: a missing network,
    a refused key or an empty disk can all be mended while the job waits at the service.
    """
    return not isinstance(error, ResultGone | GenerationFailed)


@dataclass(frozen=True, slots=True)
class Setback:
    """A failure, and the how many-th in a row it is, from 1."""

    count: int
    error: AppError


class Wait:
    """How long to wait before the next try. `a + b` waits for both, `a | b` for the longer one."""

    __slots__ = ()

    def seconds(self, setback: Setback, /) -> float:
        raise NotImplementedError

    def __add__(self, other: Wait) -> Wait:
        return _Both(self, other)

    def __or__(self, other: Wait) -> Wait:
        return _Longer(self, other)


@dataclass(frozen=True, slots=True)
class Doubling(Wait):
    """`first_s`, then twice as long each time, at most `most_s`."""

    first_s: float = 1.0
    most_s: float = 60.0

    def seconds(self, setback: Setback, /) -> float:
        doublings = min(setback.count - 1, 32)  # any sane limit is reached by then, and floats stay finite
        return min(self.first_s * 2.0**doublings, self.most_s)


@dataclass(frozen=True, slots=True)
class AsTold(Wait):
    """What the service asked for, at most `most_s`; nothing if it said nothing."""

    most_s: float = 3_600.0

    def seconds(self, setback: Setback, /) -> float:
        told_s = setback.error.retry_after_s if isinstance(setback.error, RateLimited) else None
        if told_s is None or math.isnan(told_s):
            return 0.0
        return min(max(told_s, 0.0), self.most_s)


@dataclass(frozen=True, slots=True)
class Scatter(Wait):
    """A random part of `most_s`, so that many waiting tasks don't come back in the same instant.

    Attributes:
        dice: Gives numbers from 0.0 to 1.0.
    """

    most_s: float
    dice: Callable[[], float] = random.random

    def seconds(self, _: Setback, /) -> float:
        return self.most_s * self.dice()


@dataclass(frozen=True, slots=True)
class _Both(Wait):
    one: Wait
    other: Wait

    def seconds(self, setback: Setback, /) -> float:
        return self.one.seconds(setback) + self.other.seconds(setback)


@dataclass(frozen=True, slots=True)
class _Longer(Wait):
    one: Wait
    other: Wait

    def seconds(self, setback: Setback, /) -> float:
        return max(self.one.seconds(setback), self.other.seconds(setback))


class Patience:
    """Counts failures in a row and says when to stop hoping.

    Args:
        wait: How long to wait after each.
        limit_s: Seconds of nothing but failure after which patience is over.
        monotonic: Seconds that never run backwards.
    """

    def __init__(self, wait: Wait, limit_s: float, monotonic: Callable[[], float]) -> None:
        self._wait = wait
        self._limit_s = limit_s
        self._monotonic = monotonic
        self._failures = 0
        self._since = 0.0

    def failed(self, error: AppError) -> float:
        """Note a failure; returns the seconds to wait before the next try."""
        if self._failures == 0:
            self._since = self._monotonic()
        self._failures += 1
        return self._wait.seconds(Setback(self._failures, error))

    def is_over(self, wait_s: float = 0.0) -> bool:
        """Whether waiting `wait_s` more would pass the limit."""
        return self._failures > 0 and self._monotonic() - self._since + wait_s > self._limit_s

    def succeeded(self) -> None:
        self._failures = 0


def in_words(error: AppError) -> str:
    """What went wrong, in a sentence for a row of the list."""
    text = str(error).strip()
    if text:
        return text
    return "The service can't be reached." if isinstance(error, ProviderError) else "Something went wrong."
