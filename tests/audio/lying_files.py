"""Small files that claim what they don't hold, or hold what no decoder should be given; and what is done with them."""

from __future__ import annotations

import io
import json
import shutil
import struct
import sys
import tempfile
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from tests.most_memory import most_megabytes

_PCM, _FLOAT, _GSM = 1, 3, 0x31
_OGG_POLYNOMIAL = 0x04C11DB7


def wav(
    *,
    channels: int = 2,
    rate_hz: int = 44_100,
    bits: int = 16,
    tag: int = _PCM,
    data: bytes = b"\1\0" * 400,
    claimed: int | None = None,
    before: bytes = b"",
) -> bytes:
    """A WAV whose head says what a test wants it to."""
    frame_bytes = channels * bits // 8
    told = struct.pack(
        "<HHIIHH", tag, channels, rate_hz, rate_hz * frame_bytes & 0xFFFFFFFF, frame_bytes & 0xFFFF, bits
    )
    size = len(data) if claimed is None else claimed
    body = b"WAVEfmt " + struct.pack("<I", len(told)) + told + before + b"data" + struct.pack("<I", size) + data
    return b"RIFF" + struct.pack("<I", len(body) if claimed is None else claimed) + body


def encoded(container: str, codec: str | None = None, *, rate_hz: int = 48_000) -> bytes:
    """A tenth of a second that is what it says."""
    file = io.BytesIO()
    soundfile.write(file, 0.3 * np.sin(np.arange(4_800) / 10), rate_hz, format=container, subtype=codec)
    return file.getvalue()


def flac_claiming(*, samples: int | None = None, rate_hz: int | None = None, channels: int | None = None) -> bytes:
    """Source: RFC 9639, section 8.2."""
    file = bytearray(encoded("FLAC"))
    told = int.from_bytes(file[18:26], "big")
    for value, at, bits in ((rate_hz, 44, 20), (None if channels is None else channels - 1, 41, 3), (samples, 0, 36)):
        if value is not None:
            told = told & ~(((1 << bits) - 1) << at) | value << at
    file[18:26] = told.to_bytes(8, "big")
    return bytes(file)


def ogg_claiming(codec: str, granule: int) -> bytes:
    """The last page says that so many samples came before its end; its checksum is right."""
    file = bytearray(encoded("OGG", codec))
    at = file.rfind(b"OggS")
    file[at + 6 : at + 14] = struct.pack("<q", granule)
    file[at + 22 : at + 26] = bytes(4)
    file[at + 22 : at + 26] = struct.pack("<I", _ogg_checksum(file[at:]))
    return bytes(file)


def mp3_promising(frames: int) -> bytes:
    file = bytearray(encoded("MP3", rate_hz=44_100))
    at = max(file.find(b"Xing"), file.find(b"Info"))
    file[at + 8 : at + 12] = struct.pack(">I", frames)
    return bytes(file)


def floats(*values: float, bits: int = 32) -> bytes:
    kind = "f" if bits == 32 else "d"
    return wav(channels=1, bits=bits, tag=_FLOAT, data=struct.pack(f"<{len(values)}{kind}", *values) * 500)


def _ogg_checksum(page: bytes | bytearray) -> int:
    checksum = 0
    for byte in page:
        checksum ^= byte << 24
        for _ in range(8):
            checksum = (checksum << 1 ^ _OGG_POLYNOMIAL if checksum & 1 << 31 else checksum << 1) & 0xFFFFFFFF
    return checksum


def _id3(size: int, then: bytes) -> bytes:
    told = bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\4\0\0" + told + then


FILES: dict[str, Callable[[], bytes]] = {
    "a WAV that claims four gigabytes": lambda: wav(claimed=0x7FFFFF00),
    "a WAV that knows no size": lambda: wav(claimed=0xFFFFFFFF),
    "a WAV of 32 channels at 768 kHz": lambda: wav(channels=32, rate_hz=768_000, data=bytes(640)),
    "a WAV of 1,024 channels": lambda: wav(channels=1_024, data=bytes(4_096)),
    "a WAV of no channels": lambda: wav(channels=0),
    "a WAV at 0 Hz": lambda: wav(rate_hz=0),
    "a WAV at 1 Hz": lambda: wav(channels=1, rate_hz=1, data=b"\1\0" * 20_000),
    "a WAV at 4 GHz": lambda: wav(rate_hz=0xFFFFFFFF),
    "a WAV without a sample": lambda: wav(data=b""),
    "a WAV of one sample": lambda: wav(channels=1, data=b"\1\0"),
    "a WAV whose samples have no bits": lambda: wav(bits=0, tag=_GSM),
    "a WAV of 100,000 chunks": lambda: wav(before=b"junk\0\0\0\0" * 100_000),
    "a WAV whose chunk leads past its end": lambda: b"RIFF\xff\xff\xff\xffWAVE" + b"\xff" * 1_000,
    "a WAV without chunks": lambda: b"RIFF\4\0\0\0WAVE",
    "a WAV of samples that are no numbers": lambda: floats(float("nan"), float("inf"), -float("inf")),
    "a WAV of samples that no float holds": lambda: floats(1e300, -1e300, bits=64),
    "a WAV of samples far too large": lambda: floats(1e30, -1e30),
    "a FLAC of 2^36 samples": lambda: flac_claiming(samples=(1 << 36) - 1),
    "a FLAC of 8 channels at 655,350 Hz": lambda: flac_claiming(channels=8, rate_hz=655_350),
    "a FLAC at 0 Hz": lambda: flac_claiming(rate_hz=0),
    "an Ogg Vorbis of 2^60 samples": lambda: ogg_claiming("VORBIS", 1 << 60),
    "an Ogg Vorbis of ten hours": lambda: ogg_claiming("VORBIS", 36_000 * 48_000),
    "an Ogg Vorbis that ends before it begins": lambda: ogg_claiming("VORBIS", -2),
    "an Ogg Opus of 2^60 samples": lambda: ogg_claiming("OPUS", 1 << 60),
    "an Ogg Opus of ten hours": lambda: ogg_claiming("OPUS", 36_000 * 48_000),
    "two Ogg Vorbis in one": lambda: encoded("OGG", "VORBIS") * 2,
    "an Ogg Vorbis and an Opus in one": lambda: encoded("OGG", "VORBIS") + encoded("OGG", "OPUS"),
    "an MP3 of 2^31 frames": lambda: mp3_promising(0x7FFFFFFF),
    "an MP3 with a picture of 2 MB": lambda: _id3(2 << 20, bytes(2 << 20) + encoded("MP3", rate_hz=44_100)),
    "an MP3 whose tag leads past its end": lambda: _id3((1 << 28) - 1, encoded("MP3", rate_hz=44_100)),
    "an MP3 and 2 MB of what might be frames": lambda: encoded("MP3", rate_hz=44_100) + b"\xff" * (2 << 20),
    "nothing": lambda: b"",
}


def deeds(path: Path, folder: Path) -> Iterator[tuple[str, Callable[[], object]]]:
    """Everything that the app does with a file of sound."""
    from app.audio import convert, files, input_facts, measures, peaks, splitting, stretches, tags, trimming
    from app.audio.clip import Clip
    from app.audio.growing import Growth
    from app.audio.source import Source
    from app.audio.track import Plan
    from app.domain.audio import AudioFormat

    def played() -> int:
        info = files.inspect(path)
        plan = Plan(Fraction(0), info.frames, None, Fraction(info.sample_rate_hz, 48_000))
        source = Source(Clip(path, info).open(), plan, rate_hz=info.sample_rate_hz, out_rate_hz=48_000)
        try:
            frames = 0
            while (block := source.read()) is not None:
                frames += len(block)
            return frames
        finally:
            source.close()

    def played_while_it_grows() -> int:
        growth = Growth(path)
        growth.is_over = True
        sound = growth.open()
        try:
            frames = 0
            while count := len(sound.read(4_096)):
                frames += count
            return frames
        finally:
            sound.close()
            growth.close()

    def tagged() -> str:
        copy = folder / "tagged"
        shutil.copy(path, copy)
        tags.write_tags(copy, tags.Tags(title="rain"))
        return tags.read_tags(copy).title

    def exported(audio_format: AudioFormat) -> int:
        settings = convert.ConversionSettings(audio_format, channels=2, sample_rate_hz=48_000)
        return convert.convert(path, folder / f"out{audio_format.suffix}", settings).frames

    yield "input facts", lambda: input_facts.facts_of(path).duration_s
    yield "verifying", lambda: files.verify(path).frames
    yield "peaks", lambda: peaks.build(path).frames
    yield "samples", lambda: stretches.Stretches(path).read(0, 1_000).shape
    yield "measures", lambda: str(measures.measure(path))
    yield "splitting", lambda: len(splitting.split(path, 600, folder))
    yield "trimming", lambda: trimming.trimmed(path, 5, folder / "trimmed").name
    yield "playing", played
    yield "playing while it grows", played_while_it_grows
    yield "tagging", tagged
    for each in AudioFormat:
        yield f"exporting as {each.value}", lambda each=each: exported(each)


def tried(file: str, deed: str, do: Callable[[], object]) -> dict[str, Any]:
    """What came of it: a result, a refusal, or a fault, for which a test fails."""
    from app.domain.errors import AppError

    told: dict[str, Any] = {"file": file, "deed": deed}
    try:
        told["result"] = do()
    except AppError as error:
        told["refusal"] = str(error)
    except Exception as error:  # noqa: BLE001 - the test fails for it
        told["fault"] = repr(error)
    return told


def main() -> None:
    """Do everything with every file, and tell how it went: a fault in a decoder ends this process and no other."""
    for name, make in FILES.items():
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "liar"
            path.write_bytes(make())
            for deed, do in deeds(path, Path(folder)):
                told = {**tried(name, deed, do), "megabytes": most_megabytes()}
                sys.stdout.write(json.dumps(told, default=str) + "\n")


if __name__ == "__main__":
    main()
