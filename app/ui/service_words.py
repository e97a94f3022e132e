"""What the row of a service says about its key, and what it offers to do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from app.domain import errors
from app.domain.errors import AppError
from app.domain.provider import Account
from app.domain.service import Service
from app.engine.addresses import origin_of
from app.engine.keys import KeyInfo, KeySource
from app.ui.error_messages import error_text
from app.ui.readouts import billed
from app.ui.service_keys import Standing


@dataclass(frozen=True, slots=True)
class StandingWords:
    """
    Attributes:
        icon: Name of the icon.
        icon_role: Its colour.
        text: One or two sentences.
        details: The service's own words, for those who ask.
    """

    icon: str
    icon_role: str
    text: str
    role: str = "text"
    is_strong: bool = False
    details: str = ""


class KeyAct(Enum):
    """A button of the row, by its words."""

    ADD = "Add key"
    TEST = "Test"
    REPLACE = "Replace"
    DELETE = "Delete key"
    CONFIRM = "Send it there"
    LOOK_AGAIN = "Try again"
    CANCEL = "Cancel"
    REMOVE = "Remove server"


def standing_words(service: Service, standing: Standing, base_url: str) -> StandingWords:
    """
    Args:
        base_url: Where the service is reached now.
    """
    info = standing.info
    if not service.needs_key:
        return StandingWords("circle-check", "text2", "Ready. Needs no key.")
    if standing.doing:
        return StandingWords("loader-circle", "accent", standing.doing)
    if standing.trouble:
        return StandingWords("lock", "warn", standing.trouble)
    if not standing.is_known:
        return StandingWords("loader-circle", "text3", "Looking…", "text2")
    if info is None:
        if service.needs_key_at(base_url):
            return StandingWords("circle-dashed", "text3", "Not set up.", "text2")
        return _without_key(standing.verdict)
    if not info.is_confirmed:
        known = f"This key was given for {info.origin}." if info.origin else "Another program kept this key."
        question = f"{known} Send it to {origin_of(base_url)} from now on?"
        return StandingWords("circle-question-mark", "warn", question, "warn")
    return _with_key(service, info, standing.verdict)


def _without_key(verdict: Account | AppError | None) -> StandingWords:
    """A server of the user's own, which often takes anybody."""
    match verdict:
        case None:
            return StandingWords("circle-check", "text2", "Ready, without a key.")
        case Account():
            return StandingWords("circle-check", "text2", "Works, without a key.")
        case errors.CredentialsRejected() | errors.CredentialsMissing():
            text = "This server wants a key. Paste it."
            return StandingWords("octagon-alert", "err", text, "err", is_strong=True, details=str(verdict))
        case _:
            text = f"It couldn’t be tested: {_why_untested(verdict)}."
            return StandingWords("triangle-alert", "warn", text, details=_details(verdict))


def _with_key(service: Service, info: KeyInfo, verdict: Account | AppError | None) -> StandingWords:
    is_outside = info.source is KeySource.ENVIRONMENT
    where = f"Set by {service.key_variable} outside the app."
    if isinstance(verdict, errors.CredentialsRejected):
        text = f"Key refused. {where}" if is_outside else "Key refused. Paste a new one."
        return StandingWords("octagon-alert", "err", text, "err", is_strong=True, details=str(verdict))
    known = where if is_outside else f"Key ends in {info.ending}." if info.ending else "A key is set."
    if info.source is KeySource.SESSION:
        known = f"{known} Kept until you quit."
    if verdict is None or isinstance(verdict, Account | errors.QuotaExhausted):
        text = f"{known} {_works(verdict)}".rstrip()
        return StandingWords("lock" if is_outside else "circle-check", "text2", text, details=_details(verdict))
    if isinstance(verdict, errors.CredentialsMissing):
        return StandingWords("octagon-alert", "err", f"{known} That can’t be a key.", "err", is_strong=True)
    text = f"{known} It couldn’t be tested: {_why_untested(verdict)}."
    return StandingWords("triangle-alert", "warn", text, details=_details(verdict))


def _works(verdict: Account | AppError | None) -> str:
    if verdict is None:
        return ""
    balance = verdict.balance if isinstance(verdict, Account) else None
    if isinstance(verdict, errors.QuotaExhausted) or (balance is not None and balance <= 0):
        return "Works, no credit left."
    return "Works." if balance is None else f"Works, {billed(balance)} left."


def _details(verdict: Account | AppError | None) -> str:
    return str(verdict) if isinstance(verdict, AppError) else ""


def _why_untested(error: AppError) -> str:
    match error:
        case errors.NotConnected():
            return "no connection"
        case errors.ServiceUnavailable():
            return "the service can’t be reached"
        case errors.RateLimited():
            return "the service is busy"
        case errors.UnexpectedReply():
            return "the service’s answer is unclear"
        case _:
            sentence = error_text(error).sentence.rstrip(".")
            return sentence[:1].lower() + sentence[1:]


def key_acts(
    service: Service, standing: Standing, *, can_test: bool, is_entering: bool, needs_key: bool
) -> tuple[KeyAct, ...]:
    """What the row offers now, from left to right.

    Args:
        is_entering: Whether the field for a key is open.
        needs_key: Whether the service, where it is reached now, can't be used without one.
    """
    info = standing.info
    if not service.needs_key or not (standing.is_known or standing.trouble):
        return ()
    entering = () if not is_entering else (KeyAct.CANCEL,)
    if standing.trouble:
        return (KeyAct.LOOK_AGAIN, *(entering or (KeyAct.ADD,)))
    if info is None:
        may_test = can_test and not needs_key
        return (*((KeyAct.TEST,) * may_test), *(entering or (KeyAct.ADD,)))
    if info.source is KeySource.ENVIRONMENT:
        if not info.is_confirmed:
            return (KeyAct.CONFIRM,)
        return (KeyAct.TEST,) if can_test else ()
    if not info.is_confirmed:
        return (KeyAct.CONFIRM, *(entering or (KeyAct.REPLACE,)), KeyAct.DELETE)
    if is_refused(standing):  # the field is open anyway
        return (KeyAct.DELETE,)
    testing = (KeyAct.TEST,) if can_test else ()
    return (*testing, *(entering or (KeyAct.REPLACE,)), KeyAct.DELETE)


def is_refused(standing: Standing) -> bool:
    """Whether the service said no to the key that is there."""
    return isinstance(standing.verdict, errors.CredentialsRejected)


def can_enter(standing: Standing) -> bool:
    """Whether a key that is typed would be used: one of the environment beats it."""
    return standing.info is None or standing.info.source is not KeySource.ENVIRONMENT
