from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import UnexpectedReply
from app.providers.client import Reply

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def asking_to_wait(value: str, date: str = format_datetime(NOW, usegmt=True)) -> float | None:
    return Reply(429, {"retry-after": value, "date": date}, b"").retry_after_s()


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("7", 7),
        (" 7 ", 7),
        ("0", 0),
        ("1.5", 1.5),
        ("999999999999", 86_400),
        ("9" * 1000, 86_400),
        (format_datetime(NOW + timedelta(seconds=90), usegmt=True), 90),
        (format_datetime(NOW - timedelta(days=9), usegmt=True), 0),
        (format_datetime(NOW + timedelta(days=999), usegmt=True), 86_400),
    ],
)
def test_retry_after_is_read_in_both_ways(value: str, seconds: float) -> None:
    assert asking_to_wait(value) == seconds


@pytest.mark.parametrize("value", ["", "-5", "nan", "inf", "1e9", "soon", "٣", "7 s", "Wed, 99 Feb 2026 00:00:00 GMT"])
def test_senseless_waits_are_none(value: str) -> None:
    assert asking_to_wait(value) is None


def test_no_wait_is_none() -> None:
    assert Reply(429, {}, b"").retry_after_s() is None


def test_without_a_date_of_the_service_this_computers_clock_counts() -> None:
    in_a_minute = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)

    wait_s = asking_to_wait(in_a_minute, date="nonsense")

    assert wait_s is not None
    assert 0 < wait_s <= 60


@given(st.text(), st.text())
def test_no_header_makes_it_stumble(value: str, date: str) -> None:
    seconds = asking_to_wait(value, date)

    assert seconds is None or 0 <= seconds <= 86_400


@pytest.mark.parametrize("body", [b"", b"<html>secret</html>", b"\xff\xfe", b"[" * 200_000, b"9" * 5000])
def test_what_isnt_json_is_told_without_quoting_it(body: bytes) -> None:
    with pytest.raises(UnexpectedReply) as caught:
        Reply(200, {}, body).json()

    assert str(caught.value) == "The service gave an answer (HTTP 200) that Cuesmith can’t read."
