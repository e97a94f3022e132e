"""The fuzz campaign, short: `python -m tests.campaigns.fuzz` runs it at length."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.campaigns.fuzz.targets import Target, targets

_INPUTS = 30
_RAW = settings(
    max_examples=_INPUTS,
    deadline=None,
    database=None,
    derandomize=True,  # the same inputs in each run: news are for the long one to find
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("target", targets(), ids=lambda target: target.name)
def test_whatever_somebody_wrote_is_taken_or_refused_with_a_sentence(target: Target) -> None:
    def one(value: object) -> None:
        target(value)

    _RAW(given(target.inputs)(one))()
