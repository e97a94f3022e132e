"""The ways in which the campaign has something made: every kind of exchange of every service."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

SHORT_PARTS = "whisper-in-short-parts"
_RATE_HZ = 16_000
_WORDS = ("The lighthouse is dark.", "Nobody looks back.", "We leave at first light.")

SHORT_PARTS_FILE = f"""
provider = "runinfra"

[[model]]
id = "{SHORT_PARTS}"
label = "Whisper, in short parts"
kinds = ["transcription"]

[model.transcription]
formats = ["verbose_json"]
longest_s = 4
"""
"""A model file of the user's: a recording of some seconds is cut as one of some hours would be."""


@dataclass(frozen=True)
class Way:
    """A command, and what comes of it.

    Attributes:
        options: After the words; CLIP and LONG_CLIP stand for files.
        phases: Of the service, in the order in which they come; those of its file host begin with "files:".
        seconds: Length of each take, where the command or the stand-in decides it.
        is_billed: Whether the app takes its service for one that charges.
        tells_cost: Whether it is known in the end what it cost.
        keeps_parts: Nobody can bring its takes again, so what came of one before a death stays.
        opening: What the words begin with.
        rows: Of a sheet, whose lines are made by one command; 0 for other commands. Its options are columns.
    """

    name: str
    provider: str
    options: tuple[str, ...]
    phases: tuple[str, ...] = ()
    takes: int = 1
    seconds: float | None = None
    is_billed: bool = True
    tells_cost: bool = True
    is_transcription: bool = False
    keeps_parts: bool = False
    opening: str = ""
    rows: int = 0

    @property
    def has_inputs(self) -> bool:
        """Whether files go along with it."""
        return any(option.isupper() for option in self.options)

    def __str__(self) -> str:
        return self.name

    def command(self, click: str, files: Path) -> list[str]:
        """The arguments of one click; its mark is in what is sent."""
        if self.rows:
            sheet, out = files / f"{click}.csv", self.folder_of(click, files)
            sheet.write_text(self._sheet(click))
            return ["batch", str(sheet), "--out", str(out), "--provider", self.provider, "--json"]
        options = [str(files / option.lower()) if option.isupper() else option for option in self.options]
        if self.is_transcription:
            return ["transcribe", *options, "--provider", self.provider, "--prompt", click, "--json"]
        takes = ("--takes", str(self.takes)) if self.takes > 1 else ()
        words = f"{self.opening}The lighthouse is dark, {click}"
        return ["generate", words, "--provider", self.provider, *options, *takes, "--json"]

    @staticmethod
    def folder_of(click: str, files: Path) -> Path:
        """Where the files of a sheet go."""
        return files.parent / "out" / click

    def _sheet(self, click: str) -> str:
        """Each line with words of its own, and the mark of the click."""
        lines = [f"line-{row},{_WORDS[row]} {click},{','.join(self.options)}" for row in range(self.rows)]
        return "\n".join(["id,prompt,model,voice,format", *lines, ""])


WAYS = (
    Way("effects made here", "local", ("--duration", "2"), takes=2, seconds=2.0, is_billed=False),
    Way(
        *("Runware, scenes", "runware", ("--model", "bytedance:seed-audio@1.0", "--format", "wav")),
        phases=("submit", "poll", "files:download"),
        takes=3,
        seconds=2.0,
    ),
    Way(
        *("Runware, with a clip", "runware"),
        ("--model", "bytedance:seed-audio@1.0", "--format", "mp3", "--reference", "CLIP.WAV"),
        phases=("upload", "submit", "poll", "files:download"),
        takes=2,
        seconds=2.0,
        opening="@Audio1 ",
    ),
    Way(
        *("Runware, with a long clip", "runware"),
        ("--model", "bytedance:seed-audio@1.0", "--format", "flac", "--reference", "LONG_CLIP.WAV", "--trim"),
        phases=("upload", "submit", "poll", "files:download"),
        seconds=2.0,
        opening="@Audio1 ",
    ),
    Way(
        *("AI/ML API, music", "aimlapi", ("--model", "stable-audio", "--duration", "2")),
        phases=("submit", "poll", "files:download"),
        seconds=2.0,
    ),
    Way(
        *("AI/ML API, speech", "aimlapi", ("--model", "openai/tts-1", "--format", "wav")),
        phases=("tts", "files:download"),
        seconds=2.0,
    ),
    Way(
        *("AI/ML API, cover of a clip", "aimlapi", ("--model", "minimax/music-cover", "--reference", "CLIP.WAV")),
        phases=("submit", "poll", "files:download"),
    ),
    Way(
        *("Camb.ai, sound", "camb", ("--model", "text-to-sound", "--duration", "2")),
        phases=("submit", "poll", "result"),
        seconds=2.0,
        tells_cost=False,
    ),
    Way(
        *("Camb.ai, speech", "camb", ("--model", "mars-flash", "--voice", "147320", "--format", "wav")),
        phases=("speech",),
        seconds=2.0,
        tells_cost=False,
        keeps_parts=True,
    ),
    Way(
        *("RunInfra, speech", "runinfra", ("--model", "kokoro", "--voice", "nova", "--format", "wav")),
        phases=("speech",),
        seconds=2.0,
        tells_cost=False,
    ),
    Way(
        *("RunInfra, voice of a clip", "runinfra", ("--model", "xtts-v2", "--reference", "CLIP.WAV")),
        phases=("speech",),
        seconds=2.0,
        tells_cost=False,
    ),
    Way(
        *("RunInfra, in parts", "runinfra", ("RECORDING.WAV", "--model", SHORT_PARTS)),
        phases=("transcription",),
        tells_cost=False,
        is_transcription=True,
    ),
    Way(
        *("OpenAI, speech", "openai", ("--model", "tts-1", "--voice", "alloy", "--format", "wav")),
        phases=("speech",),
        seconds=2.0,
        is_billed=False,
    ),
    Way(
        *("OpenAI, a recording", "openai", ("RECORDING.WAV", "--model", "whisper-1")),
        phases=("transcription",),
        is_billed=False,
        is_transcription=True,
    ),
    Way(
        *("server of one’s own", "openai:kokoro", ("--model", "kokoro", "--voice", "af_heart", "--format", "wav")),
        phases=("speech",),
        seconds=2.0,
        is_billed=False,
    ),
    Way(
        *("Runware, a sheet", "runware", ("bytedance:seed-audio@1.0", "", "wav")),
        phases=("submit", "poll", "files:download"),
        takes=3,
        seconds=2.0,
        rows=3,
    ),
    Way(
        *("Camb.ai, a sheet", "camb", ("mars-flash", "147320", "wav")),
        phases=("speech",),
        takes=2,
        seconds=2.0,
        tells_cost=False,
        keeps_parts=True,
        rows=2,
    ),
)

ONE_OF_EACH_KIND = tuple(
    way
    for way in WAYS
    if way.name
    in {
        "effects made here",
        "Runware, with a clip",
        "AI/ML API, music",
        "Camb.ai, sound",
        "Camb.ai, speech",
        "RunInfra, speech",
        "RunInfra, in parts",
        "server of one’s own",
    }
)


def write_files(folder: Path) -> None:
    """The clips and the recording that commands name; the recording has pauses to be cut at."""
    folder.mkdir(parents=True)
    _write(folder / "clip.wav", _tone(8.0))
    _write(folder / "long_clip.wav", _tone(40.0))
    word, pause = _tone(1.2), np.zeros(int(0.6 * _RATE_HZ))
    _write(folder / "recording.wav", np.concatenate([word, pause] * 6))


def _tone(seconds: float) -> np.ndarray:
    return 0.4 * np.sin(2 * np.pi * 440 * np.arange(int(seconds * _RATE_HZ)) / _RATE_HZ)


def _write(path: Path, samples: np.ndarray) -> None:
    soundfile.write(path, samples, _RATE_HZ, subtype="PCM_16")
