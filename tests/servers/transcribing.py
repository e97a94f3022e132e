"""A recogniser that hears tones: deterministic, and so exact that transcripts of parts can be compared with the whole.

Every word is half a second of one pitch, the same pitches that `Sound.number` chooses. `spoken("alfa bravo. charlie")`
makes audio, and `hear` finds these words in it, after any lossy codec too. A tone of two seconds is the same word four
times. Silence splits segments, and so does the fourth word: a segment lasts two seconds at most.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import soundfile

from tests.servers.sounds import encode_samples

EMAIL, PHONE, NAME = "ada@example.org", "555-0143", "Grace"
# fmt: off
VOCABULARY = (
    "alfa", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel", "india", "juliett", "kilo", "lima",
    "mike", "november", "oscar", "papa", "quebec", "romeo", "sierra", "tango", "uniform", "victor", "whiskey",
    "x-ray", "yankee", "zulu", "one", "two", "three", "four", "five", "six", "seven",
    EMAIL, PHONE, NAME,
)
# fmt: on
REDACTED = {EMAIL: "[REDACTED_EMAIL]", PHONE: "[REDACTED_PHONE]", NAME: "[REDACTED_NAME]"}

WORD_S = 0.5
WORDS_PER_SEGMENT = 4
_LOWEST_HZ = 220.0
_SOUNDING = 0.01  # RMS, -40 dBFS
_STEP_S = 0.01
_SHORTEST_PAUSE_S = 0.2
_SHORTEST_SOUND_S = 0.05
_FFT_FRAMES = 65_536

Samples = npt.NDArray[np.float32]


class NotAudio(Exception):
    """The bytes cannot be decoded."""


@dataclass(frozen=True)
class Word:
    """Times are in seconds from the start of the audio."""

    text: str
    start_s: float
    end_s: float


@dataclass(frozen=True)
class Segment:
    """One to four words without a pause between them. Speakers 0 and 1 take turns."""

    number: int
    words: tuple[Word, ...]

    @property
    def start_s(self) -> float:
        return self.words[0].start_s

    @property
    def end_s(self) -> float:
        return self.words[-1].end_s

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def speaker(self) -> int:
        return self.number % 2


@dataclass(frozen=True)
class Hearing:
    """What was heard in one file."""

    duration_s: float
    segments: tuple[Segment, ...]

    @property
    def text(self) -> str:
        return " ".join(segment.text for segment in self.segments)

    @property
    def words(self) -> list[Word]:
        return [word for segment in self.segments for word in segment.words]

    def redacted(self) -> Hearing:
        """Without addresses, telephone numbers and names."""
        return Hearing(
            self.duration_s,
            tuple(
                Segment(
                    segment.number,
                    tuple(Word(REDACTED.get(word.text, word.text), word.start_s, word.end_s) for word in segment.words),
                )
                for segment in self.segments
            ),
        )


def hear(content: bytes) -> Hearing:
    """Recognise the words of a file of any format that soundfile reads.

    Raises:
        NotAudio: it is something else.
    """
    try:
        samples, sample_rate_hz = soundfile.read(io.BytesIO(content), dtype="float32", always_2d=True)
    except (soundfile.LibsndfileError, OSError) as exc:
        raise NotAudio(str(exc)) from exc
    segments: list[Segment] = []
    for start, end in _sounding(samples, sample_rate_hz):
        words = _words(samples[:, 0], start, end, sample_rate_hz)
        for first in range(0, len(words), WORDS_PER_SEGMENT):
            segments.append(Segment(len(segments), tuple(words[first : first + WORDS_PER_SEGMENT])))
    return Hearing(len(samples) / sample_rate_hz, tuple(segments))


def seconds_of(content: bytes) -> float:
    """How long audio is.

    Raises:
        NotAudio: it is something else.
    """
    try:
        return float(soundfile.info(io.BytesIO(content)).duration)
    except (soundfile.LibsndfileError, OSError) as exc:
        raise NotAudio(str(exc)) from exc


def spoken(
    text: str,
    audio_format: Literal["wav", "flac", "mp3", "ogg", "opus"] = "wav",
    *,
    sample_rate_hz: int = 16_000,
    pause_s: float = 1.0,
) -> bytes:
    """A mono file of words of `VOCABULARY`; after each full stop that ends a word comes a pause.

    Raises:
        ValueError: a word is not in the vocabulary.
    """
    return encode_samples(samples_of(text, sample_rate_hz, pause_s), audio_format, sample_rate_hz)


def samples_of(text: str, sample_rate_hz: int = 16_000, pause_s: float = 1.0) -> Samples:
    """As `spoken`, before it is encoded: shape (frames, 1)."""
    pause = np.zeros(round(pause_s * sample_rate_hz), dtype=np.float32)
    time_s = np.arange(round(WORD_S * sample_rate_hz)) / sample_rate_hz
    pieces: list[Samples] = []
    for token in text.split():
        pitch_hz = _LOWEST_HZ * 2 ** (VOCABULARY.index(token.rstrip(".")) / 12)
        pieces.append((0.5 * np.sin(2 * np.pi * pitch_hz * time_s)).astype(np.float32))
        if token.endswith("."):
            pieces.append(pause)
    return np.concatenate([*pieces, np.zeros(0, dtype=np.float32)])[:, np.newaxis]


def _sounding(samples: Samples, sample_rate_hz: int) -> Iterator[tuple[int, int]]:
    """Stretches of sound between pauses, in frames."""
    step = max(round(_STEP_S * sample_rate_hz), 1)
    steps = -(-len(samples) // step)
    padded = np.zeros((steps * step, samples.shape[1]), dtype=np.float32)
    padded[: len(samples)] = samples
    loudness = np.sqrt(np.mean(np.square(padded.reshape(steps, -1)), axis=1)) if steps else np.zeros(0)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], (loudness > _SOUNDING).astype(np.int8), [0]])))
    joined: list[tuple[int, int]] = []
    for start, end in edges.reshape(-1, 2).tolist():
        if joined and (start - joined[-1][1]) * _STEP_S < _SHORTEST_PAUSE_S:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    for start, end in joined:
        if (end - start) * _STEP_S >= _SHORTEST_SOUND_S:
            yield start * step, min(end * step, len(samples))


def _words(channel: Samples, start: int, end: int, sample_rate_hz: int) -> list[Word]:
    count = max(round((end - start) / sample_rate_hz / WORD_S), 1)
    bounds = np.linspace(start, end, count + 1)
    return [
        Word(
            VOCABULARY[_semitone(channel[round(left) : round(right)], sample_rate_hz)],
            round(left / sample_rate_hz, 2),
            round(right / sample_rate_hz, 2),
        )
        for left, right in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True)
    ]


def _semitone(word: Samples, sample_rate_hz: int) -> int:
    """The strongest pitch in the middle of a word, counted from the lowest one."""
    margin = len(word) // 5
    middle = word[margin : len(word) - margin]
    spectrum = np.abs(np.fft.rfft(middle * np.hanning(len(middle)), _FFT_FRAMES))
    bin_hz = sample_rate_hz / _FFT_FRAMES
    lowest = int(_LOWEST_HZ * 0.9 / bin_hz)
    highest = int(_LOWEST_HZ * 2 ** (len(VOCABULARY) / 12) / bin_hz)
    pitch_hz = (lowest + int(np.argmax(spectrum[lowest:highest]))) * bin_hz
    return round(12 * math.log2(pitch_hz / _LOWEST_HZ)) % len(VOCABULARY)
