"""What a request should cost, from the published price and what is known of its length."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from app.domain.parameter_spec import number
from app.domain.price import PriceUnit
from app.domain.receipt import FREE, Estimate
from app.domain.request import GenerationRequest

if TYPE_CHECKING:
    from app.domain.model_spec import ModelSpec

_FINEST = Decimal("0.000000001")


def estimate(spec: ModelSpec, request: GenerationRequest) -> Estimate:
    """The expected cost, and the most that it can be, in US dollars; each unknown where nobody can know it."""
    if spec.price is None:
        return Estimate(basis="No published price")
    price = spec.price
    if price.amount == FREE:
        return Estimate(FREE, FREE, "free")
    rate = price.in_words
    if price.unit is PriceUnit.REQUEST:
        requests = -(-request.takes // spec.max_takes)  # a model that makes fewer takes is asked several times
        return _known(price.amount * requests, price.amount * requests, rate)
    if price.unit is PriceUnit.CHARACTER:
        amount = price.amount * len(request.prompt) * request.takes
        return _known(amount, amount, f"{len(request.prompt):,} characters at {rate}")
    expected_s, most_s = lengths_s(spec, request)
    a_second = price.amount / 60 if price.unit is PriceUnit.MINUTE else price.amount
    length = "unknown length" if expected_s is None else readable_length(expected_s)
    about = "about " if expected_s != most_s else ""
    basis = f"{request.takes} × {about}{length} at {rate}" if request.takes > 1 else f"{about}{length} at {rate}"
    return Estimate(
        None if expected_s is None else _money(a_second * Decimal(str(expected_s)) * request.takes),
        None if most_s is None else _money(a_second * Decimal(str(most_s)) * request.takes),
        basis[:1].upper() + basis[1:],
    )


def of_recording(spec: ModelSpec, duration_s: float | None) -> Estimate:
    """What the transcription of a recording should cost."""
    price = spec.price
    if price is None:
        return Estimate(basis="No published price")
    if price.amount == FREE:
        return Estimate(FREE, FREE, "free")
    rate = price.in_words
    if price.unit is PriceUnit.REQUEST:
        return _known(price.amount, price.amount, rate)
    if duration_s is None or price.unit is PriceUnit.CHARACTER:
        return Estimate(basis="The length isn't known beforehand")
    a_second = price.amount / 60 if price.unit is PriceUnit.MINUTE else price.amount
    amount = a_second * Decimal(str(duration_s))
    return _known(amount, amount, f"{readable_length(duration_s)} at {rate}")


def lengths_s(spec: ModelSpec, request: GenerationRequest) -> tuple[float | None, float | None]:
    """How long a take should become, and the longest that it can become, in seconds."""
    if request.plan is not None:
        return request.plan.duration_s, request.plan.duration_s
    if request.duration_s is not None:
        return request.duration_s, request.duration_s
    if spec.duration is not None and not spec.is_duration_optional:
        return spec.duration.default, spec.duration.default
    guess = spec.length_guess
    if guess is None:
        return None, spec.duration.maximum if spec.duration is not None else None
    expected_s = max(guess.shortest_s, len(request.prompt.strip()) / guess.characters_per_second)
    return (expected_s if guess.longest_s is None else min(expected_s, guess.longest_s)), guess.longest_s


def readable_length(seconds: float) -> str:
    """`0:09`, `2:00`, `3:12:05`; below a second `0.5 s`."""
    if seconds < 1:
        return f"{number(round(seconds, 1))} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def _known(expected: Decimal, most: Decimal, basis: str) -> Estimate:
    return Estimate(_money(expected), _money(most), basis)


def _money(amount: Decimal) -> Decimal:
    """Without the endless digits of a division."""
    return amount.quantize(_FINEST).normalize() if amount else FREE
