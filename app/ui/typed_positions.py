"""Places in a take as people type and read them: times, or samples."""

from __future__ import annotations

import re

from app.ui.typed_values import parsed_length

_SAMPLES = re.compile(r"([\d, ]+?)\s*(?:samples?|smp|frames?)", re.IGNORECASE)


def position_words(frame: int, sample_rate_hz: int, *, in_samples: bool) -> str:
    """`0:01.923`, above an hour `1:02:01.923`, or `92,304 samples`."""
    if in_samples:
        return f"{frame:,} samples"
    seconds, rest_ms = divmod(round(frame * 1000 / sample_rate_hz), 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{f'{hours}:{minutes:02}' if hours else minutes}:{seconds:02}.{rest_ms:03}"


def parsed_position(text: str, sample_rate_hz: int) -> int | None:
    """The frame of a typed place: `1.923`, `1.923 s`, `0:01.923` or `92,304 samples`; None if it is none."""
    samples = _SAMPLES.fullmatch(text.strip())
    if samples is not None:
        figures = samples[1].replace(",", "").replace(" ", "")
        return int(figures) if figures.isdecimal() else None
    seconds = parsed_length(text)
    return None if seconds is None else round(seconds * sample_rate_hz)
