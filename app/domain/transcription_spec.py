"""What a model accepts as a transcription, and the check of a request against it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.domain.errors import Problem
from app.domain.parameter_spec import Range, counted, number, one_of
from app.domain.request import TranscriptionRequest
from app.domain.transcript import TranscriptFormat

SPOKEN_KBPS = 96
"""Of the MP3s in which parts of a recording are sent: nothing is lost of what is said."""

_FILLED_SHARE = 0.95  # of the largest file, by a part that is cut: MP3 has frames and tags besides


@dataclass(frozen=True, slots=True)
class TranscriptionSpec:
    """Attributes of a transcription model.

    Attributes:
        formats: The first one is the default.
        suffixes: Of files that the service reads, such as `.mp3`; empty takes all that can be read here.
        largest_bytes: Of one file that is sent.
        longest_s: Of one file that is sent; a longer recording is split.
        temperature: None where it can't be chosen.
        prompt_max: Characters; None is without a limit of ours.
        takes_prompt, takes_language: Whether these can be given.
        has_diarize, has_redact: Whether speakers can be told apart, and personal data left out.
    """

    formats: tuple[TranscriptFormat, ...]
    suffixes: tuple[str, ...] = ()
    largest_bytes: int | None = None
    longest_s: float | None = None
    temperature: Range | None = None
    prompt_max: int | None = None
    takes_prompt: bool = True
    takes_language: bool = True
    has_diarize: bool = False
    has_redact: bool = False

    def problems(self, label: str, request: TranscriptionRequest) -> Iterator[Problem]:
        """Everything that keeps a request from being sent, each at its field with the allowed values."""
        if request.format not in self.formats:
            made = one_of([each.value for each in self.formats])
            yield Problem("format", f"{label} writes {made}, not {request.format}.")
        if request.temperature is not None:
            complaint = (
                f"{label} takes no temperature."
                if self.temperature is None
                else self.temperature.complaint("Temperature", request.temperature)
            )
            if complaint is not None:
                yield Problem("temperature", complaint)
        yield from self._of_words(label, request)
        if request.diarize and not self.has_diarize:
            yield Problem("diarize", f"{label} can't tell speakers apart.")
        elif request.diarize and not request.format.has_times and self._has_times:
            yield Problem("diarize", "Speakers come only with times: choose srt, vtt or verbose_json.")
        if request.redact and not self.has_redact:
            yield Problem("redact", f"{label} can't leave out personal data.")

    @property
    def _has_times(self) -> bool:
        return any(each.has_times for each in self.formats)

    def _of_words(self, label: str, request: TranscriptionRequest) -> Iterator[Problem]:
        if request.prompt and not self.takes_prompt:
            yield Problem("prompt", f"{label} takes no prompt.")
        elif self.prompt_max is not None and len(request.prompt) > self.prompt_max:
            most = counted(self.prompt_max, "character")
            yield Problem("prompt", f"The prompt may have {most}; it has {len(request.prompt):,}.")
        if request.language is not None and not self.takes_language:
            yield Problem("language", f"{label} finds out the language by itself.")

    def part_s(self, duration_s: float, size_bytes: int) -> float | None:
        """How many seconds each part of a recording may have; None where it isn't cut.

        A file that is too large, but would be small enough as MP3, is the user's to export: what is sent is what they
        chose. It is cut only where no export would help.
        """
        if self.longest_s is not None and duration_s > self.longest_s:
            return self.longest_s
        if self.largest_bytes is None or size_bytes <= self.largest_bytes:
            return None
        fitting_s = self.largest_bytes * 8 / (SPOKEN_KBPS * 1000) * _FILLED_SHARE
        return fitting_s if duration_s > fitting_s else None

    def file_problems(self, name: str, suffix: str, size_bytes: int) -> Iterator[Problem]:
        """Why one file can't be sent."""
        if self.suffixes and suffix.lower() not in self.suffixes:
            yield Problem("audio", f"{name} must be {one_of(self.suffixes)}; convert it first.")
        if self.largest_bytes is not None and size_bytes > self.largest_bytes:
            most, size = (number(round(count / 1e6, 1)) for count in (self.largest_bytes, size_bytes))
            yield Problem(
                "audio", f"{name} may have {most} MB; it has {size}. Export it as MP3 first, with {SPOKEN_KBPS} kbit/s."
            )
