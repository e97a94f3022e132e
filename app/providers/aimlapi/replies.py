"""What AI/ML API answers, read leniently: an odd field is as good as a missing one, and new ones are ignored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec

from app.domain.errors import UnexpectedReply
from app.domain.provider import ListedModel

CREDITS_PER_DOLLAR = 2_000_000

_FINISHED = frozenset({"completed", "complete"})  # the schema says one, its text the other
_FAILED = frozenset({"error", "failed", "cancelled", "canceled"})
_LONGEST_ID, _LONGEST_NUMBER = 500, 30
_MOST_DOLLARS = Decimal(1_000_000)  # nothing costs more; such a number is a mistake
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class Complaint(msgspec.Struct, frozen=True):
    """Why a generation failed, in the service's words."""

    name: str
    message: str

    def __str__(self) -> str:
        return ": ".join(part for part in (self.name, self.message) if part)


class Generation(msgspec.Struct, frozen=True):
    """One generation, as its creation and every poll tell it.

    Attributes:
        id: Opaque; may have `:` and `/` in it. None where the answer has none.
        status: In small letters; empty where the answer has none.
        link: Where the finished audio lies.
        cost: US dollars. Before the end this is only what is reserved.
    """

    id: str | None
    status: str
    link: str | None
    complaint: Complaint | None
    cost: Decimal | None

    @classmethod
    def read(cls, body: bytes) -> Generation:
        """
        Raises:
            UnexpectedReply: It isn't a JSON object.
        """
        told = decoded(body)
        status = _text(told.get("status")) or ""
        return cls(
            id=_id(told.get("id")),
            status=status.strip().lower(),
            link=_link(told.get("audio_file")),
            complaint=_complaint(told.get("error")),
            cost=_cost(told),
        )

    @property
    def is_finished(self) -> bool:
        return self.status in _FINISHED

    @property
    def is_failed(self) -> bool:
        return self.status in _FAILED


class Speech(msgspec.Struct, frozen=True):
    """The JSON answer of text-to-speech.

    Attributes:
        link: None where there is no audio in it.
        cost: US dollars.
    """

    link: str | None
    complaint: Complaint | None
    cost: Decimal | None

    @classmethod
    def read(cls, body: bytes) -> Speech:
        """
        Raises:
            UnexpectedReply: It isn't a JSON object.
        """
        told = decoded(body)
        # The schema says that `audio` is an address, the samples show an object with one.
        return cls(link=_link(told.get("audio")), complaint=_complaint(told.get("error")), cost=_cost(told))


def cost_in_headers(headers: Mapping[str, str]) -> Decimal | None:
    """What an answer that is the audio itself says it cost, in US dollars."""
    return _dollars(headers.get("x-aimlapi-usd-spent"), headers.get("x-aimlapi-credits-used"))


def balance(body: bytes) -> Decimal | None:
    """US dollars left; None where the account is in another currency, or nothing is said.

    Raises:
        UnexpectedReply: It isn't a JSON object.
    """
    told = decoded(body)
    currency = _text(told.get("currency")) or ""
    number = _number(told.get("current_balance"))
    return number if currency.strip().upper() == "USD" else None


def models(body: bytes) -> tuple[ListedModel, ...]:
    """The models of a listing, each once, by their ids.

    Raises:
        UnexpectedReply: It isn't a JSON object.
    """
    found: dict[str, str] = {}
    for entry in _objects(decoded(body).get("data")):
        model = _text(entry.get("id"))
        if model and len(model) <= _LONGEST_ID and model.isprintable():
            label = (_text(_object(entry.get("info")).get("name")) or "")[:_LONGEST_ID]
            found[model] = found.get(model) or label or ""
    return tuple(ListedModel(model, found[model]) for model in sorted(found))


def decoded(body: bytes) -> dict[str, Any]:
    """An answer as a JSON object; fractions are decimal, so that no cent is lost.

    Raises:
        UnexpectedReply: It isn't a JSON object.
    """
    try:
        value = _DECODER.decode(body.removeprefix(_BYTE_ORDER_MARK))
    except (ValueError, RecursionError) as exc:
        raise UnexpectedReply("The answer isn’t JSON.") from exc
    if not isinstance(value, dict):
        raise UnexpectedReply("The answer isn’t a JSON object.")
    return value


def _exact(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:  # an exponent beyond all numbers
        return Decimal("NaN")


_DECODER = msgspec.json.Decoder(float_hook=_exact)


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    for each in value if isinstance(value, list) else ():
        if isinstance(each, dict):
            yield each


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _id(value: Any) -> str | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if abs(value) < 10**_LONGEST_NUMBER else None
    text = _text(value) or ""
    return text if 0 < len(text) <= _LONGEST_ID else None


def _link(value: Any) -> str | None:
    """An address, or an object with one; anything else can't be fetched."""
    link = (_text(value) or _text(_object(value).get("url")) or "").strip()
    return link if link.lower().startswith(("https://", "http://")) else None


def _complaint(value: Any) -> Complaint | None:
    if isinstance(value, str):
        return Complaint("", value.strip()) if value.strip() else None
    told = _object(value)
    name, message = _text(told.get("name")) or "", _text(told.get("message")) or ""
    return Complaint(name.strip(), message.strip()) if name.strip() or message.strip() else None


def _cost(told: Mapping[str, Any]) -> Decimal | None:
    usage = _object(_object(told.get("meta")).get("usage"))
    return _dollars(usage.get("usd_spent"), usage.get("credits_used"))


def _dollars(spent: Any, credits_used: Any) -> Decimal | None:
    """Older answers have credits alone."""
    dollars = _number(spent)
    if dollars is None:
        used = _number(credits_used)
        dollars = None if used is None else used / CREDITS_PER_DOLLAR
    return dollars if dollars is not None and 0 <= dollars <= _MOST_DOLLARS else None


def _number(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        return None
    number = _exact(value) if isinstance(value, str) else Decimal(value)
    # One with a million digits would be written out when it is shown.
    return number if number.is_finite() and abs(number.adjusted()) <= _LONGEST_NUMBER else None
