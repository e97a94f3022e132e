"""Small files of every odd kind that people have, none of which lies; and everything that is done with them.

What lies about itself is in `lying_files`. `python -m tests.audio.odd_files` does everything with every file.
"""

from __future__ import annotations

import io
import json
import struct
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import soundfile

from tests.audio.lying_files import deeds as deeds_of_lying_files
from tests.audio.lying_files import tried

Floats = npt.NDArray[np.float32]

RATE_HZ = 48_000
_SHORT = 4_800
_IN_MEMORY = Path("/dev/shm")  # where flushing to the disk takes no time


@dataclass(frozen=True)
class Odd:
    """A file, and what it should be taken for.

    Attributes:
        make: Its bytes.
        frames: How long it is; None where that is up to the codec, or to how much of it is left.
        rate_hz: Its sample rate.
        channels: How many it has.
        suffix: Of its name, which plays no part.
        is_whole: `verify` takes it for a finished file.
        is_read: Its sound can be used; if not, everything refuses it.
    """

    make: Callable[[], bytes]
    frames: int | None = _SHORT
    rate_hz: int = RATE_HZ
    channels: int = 2
    suffix: str = ".wav"
    is_whole: bool = True
    is_read: bool = True


def wave(frames: int = _SHORT, channels: int = 2, *, level: float = 0.4, seed: int = 7) -> Floats:
    """A tone over noise, each channel with a tone of its own."""
    at = np.arange(frames)[:, None]
    tone = np.sin(at * (0.05 + 0.02 * np.arange(channels)))
    grain = np.random.default_rng(seed).uniform(-1, 1, (frames, channels))
    return (level * (0.8 * tone + 0.2 * grain)).astype(np.float32)


def written(
    samples: npt.NDArray[Any], container: str = "WAV", codec: str | None = None, *, rate_hz: int = RATE_HZ
) -> bytes:
    file = io.BytesIO()
    soundfile.write(file, samples, rate_hz, format=container, subtype=codec)
    return file.getvalue()


def holed(*values: float, codec: str = "FLOAT", frames: int = _SHORT) -> bytes:
    """A sound with samples in it that are no such thing."""
    samples = wave(frames).astype(np.float64)
    for number, value in enumerate(values):
        samples[frames // 3 + 7 * number :: frames // 5, number % 2] = value
    return written(samples, codec=codec)


def cut(whole: bytes, share: float = 0.6) -> bytes:
    return whole[: int(len(whole) * share)]


def with_chunks(whole: bytes, *chunks: tuple[bytes, bytes], at_end: bool = False) -> bytes:
    """A WAV with more chunks: before all others, or behind them. What is odd is padded."""
    more = b"".join(name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2) for name, body in chunks)
    body = whole[8:] + more if at_end else whole[8:12] + more + whole[12:]
    return whole[:4] + struct.pack("<I", len(body)) + body


def lasting(whole: bytes, data_bytes: int) -> bytes:
    """A WAV whose head says so many bytes of samples, whatever there are."""
    at = whole.index(b"data") + 4
    return whole[:at] + struct.pack("<I", data_bytes) + whole[at + 4 :]


def _square(frames: int = _SHORT) -> Floats:
    return np.repeat(np.where(np.arange(frames) // 50 % 2, 1.0, -1.0).astype(np.float32)[:, None], 2, axis=1)


_WHOLE = {
    "a WAV": lambda: written(wave()),
    "a FLAC": lambda: written(wave(), "FLAC"),
    "an MP3": lambda: written(wave(9_600), "MP3"),
    "an Ogg Vorbis": lambda: written(wave(9_600), "OGG", "VORBIS"),
    "an Opus": lambda: written(wave(9_600), "OGG", "OPUS"),
}

FILES: dict[str, Odd] = {
    # Lengths
    "no sample": Odd(lambda: written(wave(0)), frames=0, is_whole=False),
    "one sample": Odd(lambda: written(wave(1)), frames=1),
    "one sample of mono": Odd(lambda: written(wave(1, 1)), frames=1, channels=1),
    "two samples": Odd(lambda: written(wave(2)), frames=2),
    "one sample of float": Odd(lambda: written(wave(1), codec="FLOAT"), frames=1),
    "one sample of FLAC": Odd(lambda: written(wave(1), "FLAC"), frames=1),
    "one sample of MP3": Odd(lambda: written(wave(1), "MP3"), frames=1),
    "one sample of Ogg Vorbis": Odd(lambda: written(wave(1), "OGG", "VORBIS"), frames=1),
    "one sample of Opus": Odd(lambda: written(wave(1), "OGG", "OPUS"), frames=1),
    "255 samples": Odd(lambda: written(wave(255)), frames=255),
    "50 ms": Odd(lambda: written(wave(2_400)), frames=2_400),
    # Rates and channels
    "8 kHz mono": Odd(lambda: written(wave(800, 1), rate_hz=8_000), frames=800, rate_hz=8_000, channels=1),
    "192 kHz": Odd(lambda: written(wave(19_200), codec="PCM_24", rate_hz=192_000), frames=19_200, rate_hz=192_000),
    "384 kHz": Odd(lambda: written(wave(19_200), codec="FLOAT", rate_hz=384_000), frames=19_200, rate_hz=384_000),
    "37,800 Hz": Odd(lambda: written(wave(3_780), rate_hz=37_800), frames=3_780, rate_hz=37_800),
    "three channels": Odd(lambda: written(wave(channels=3)), channels=3),
    "six channels": Odd(lambda: written(wave(channels=6)), channels=6),
    "six channels of FLAC": Odd(lambda: written(wave(channels=6), "FLAC"), channels=6),
    "six channels of Ogg Vorbis": Odd(lambda: written(wave(9_600, 6), "OGG", "VORBIS"), frames=9_600, channels=6),
    "eight channels": Odd(lambda: written(wave(channels=8)), channels=8),
    "32 channels": Odd(lambda: written(wave(channels=32)), channels=32),
    # Samples
    "float above full scale": Odd(lambda: written(wave(level=4.0), codec="FLOAT")),
    "float far above full scale": Odd(lambda: written(wave(level=3_000.0), codec="FLOAT")),
    "samples that are no numbers": Odd(lambda: holed(np.nan, np.nan), is_whole=False),
    "endless samples": Odd(lambda: holed(np.inf, -np.inf), is_whole=False),
    "endless samples of double": Odd(lambda: holed(np.inf, np.nan, codec="DOUBLE"), is_whole=False),
    "nothing but samples that are no numbers": Odd(
        lambda: written(np.full((_SHORT, 2), np.nan), codec="FLOAT"), is_whole=False
    ),
    "the smallest floats": Odd(lambda: written(np.full((_SHORT, 2), 1e-42), codec="FLOAT")),
    "all silence": Odd(lambda: written(wave(level=0.0))),
    "all silence in FLAC": Odd(lambda: written(wave(level=0.0), "FLAC")),
    "all silence in Opus": Odd(lambda: written(wave(9_600, level=0.0), "OGG", "OPUS"), frames=9_600),
    "nothing but an offset": Odd(lambda: written(np.full((_SHORT, 2), 0.25))),
    "a full-scale square": Odd(lambda: written(_square())),
    "a full-scale square of float": Odd(lambda: written(_square(), codec="FLOAT")),
    # Encodings and containers
    "unsigned 8 bit": Odd(lambda: written(wave(), codec="PCM_U8")),
    "32 bit": Odd(lambda: written(wave(), codec="PCM_32")),
    "64 bit float": Odd(lambda: written(wave().astype(np.float64), codec="DOUBLE")),
    "A-law": Odd(lambda: written(wave(), codec="ALAW")),
    "µ-law": Odd(lambda: written(wave(), codec="ULAW")),
    "IMA ADPCM": Odd(lambda: written(wave(), codec="IMA_ADPCM"), frames=None),
    "GSM": Odd(lambda: written(wave(channels=1), codec="GSM610"), frames=None, channels=1),
    "8 bit FLAC": Odd(lambda: written(wave(), "FLAC", "PCM_S8")),
    "WAVEX": Odd(lambda: written(wave(channels=6), "WAVEX", "PCM_24"), channels=6),
    "WAVEX of float": Odd(lambda: written(wave(), "WAVEX", "FLOAT")),
    "RF64": Odd(lambda: written(wave(), "RF64")),
    "big-endian WAV": Odd(lambda: _big_endian()),
    "W64": Odd(lambda: written(wave(), "W64"), suffix=".w64", is_read=False),
    "AIFF": Odd(lambda: written(wave(), "AIFF"), suffix=".aiff", is_read=False),
    "Core Audio": Odd(lambda: written(wave(), "CAF"), suffix=".caf", is_read=False),
    "Sun audio": Odd(lambda: written(wave(), "AU"), suffix=".au", is_read=False),
    # Chunks and heads
    "junk before the format": Odd(lambda: with_chunks(written(wave()), (b"JUNK", b"x" * 4_097))),
    "chunks behind the samples": Odd(
        lambda: with_chunks(written(wave()), (b"LIST", b"INFO"), (b"cue ", b"\xff" * 33), (bytes(4), b""), at_end=True)
    ),
    "a head that says less than there is": Odd(lambda: lasting(written(wave()), 400), frames=100),
    "a head that says more than there is": Odd(lambda: lasting(written(wave()), 4 * _SHORT + 4_000), is_whole=False),
    "half a frame at the end": Odd(lambda: lasting(written(wave()) + b"\1\2\3", 4 * _SHORT + 3)),
    # Cut, and under another's name
    "a cut WAV": Odd(lambda: cut(_WHOLE["a WAV"]()), frames=None, is_whole=False),
    "a WAV cut within a frame": Odd(lambda: _WHOLE["a WAV"]()[:-3], frames=None, is_whole=False),
    "a WAV cut in its head": Odd(lambda: _WHOLE["a WAV"]()[:30], is_read=False),
    "a cut FLAC": Odd(lambda: cut(_WHOLE["a FLAC"]()), frames=None, is_whole=False),
    "a FLAC cut in its head": Odd(lambda: _WHOLE["a FLAC"]()[:30], is_read=False),
    "a cut MP3": Odd(lambda: cut(_WHOLE["an MP3"]()), frames=None, is_whole=False),
    "a cut Ogg Vorbis": Odd(lambda: cut(written(wave(96_000), "OGG", "VORBIS")), frames=None, is_whole=False),
    "an Ogg Vorbis cut within its only page": Odd(lambda: _WHOLE["an Ogg Vorbis"]()[:-1], frames=0, is_whole=False),
    "an Ogg Vorbis cut in its head": Odd(lambda: _WHOLE["an Ogg Vorbis"]()[:900], is_read=False),
    "a cut Opus": Odd(lambda: cut(written(wave(96_000), "OGG", "OPUS")), frames=None, is_whole=False),
    "an Opus cut within its only page": Odd(lambda: _WHOLE["an Opus"]()[:-1], is_read=False),
    "an MP3 called WAV": Odd(_WHOLE["an MP3"], frames=9_600, suffix=".wav"),
    "a WAV called MP3": Odd(_WHOLE["a WAV"], suffix=".mp3"),
    "a FLAC called Ogg": Odd(_WHOLE["a FLAC"], suffix=".ogg"),
    "an Opus called FLAC": Odd(_WHOLE["an Opus"], frames=9_600, suffix=".flac"),
    "an Ogg Vorbis called raw": Odd(_WHOLE["an Ogg Vorbis"], frames=9_600, suffix=".raw"),
    "a WAV without a suffix": Odd(_WHOLE["a WAV"], suffix=""),
    "a text called WAV": Odd(lambda: b"This is no sound.\n" * 100, is_read=False),
    "an empty file": Odd(lambda: b"", is_read=False),
    "zeros": Odd(lambda: bytes(10_000), is_read=False),
}


def _big_endian() -> bytes:
    file = io.BytesIO()
    soundfile.write(file, wave(), RATE_HZ, format="WAV", subtype="PCM_16", endian="BIG")
    return file.getvalue()


def deeds(path: Path, folder: Path) -> Iterator[tuple[str, Callable[[], object]]]:
    """Everything that is done with a file of sound: what is done with lying ones, and what a person does besides."""
    from app.audio import files, measures
    from app.audio.files import inspect
    from app.audio.peaks_cache import PeaksCache
    from app.audio.pyramid import columns_of_samples
    from app.audio.stretches import Stretches
    from app.domain.audio import AudioFormat
    from app.domain.export_settings import ExportSettings

    yield "inspecting", lambda: _told(inspect(path))
    yield from deeds_of_lying_files(path, folder)

    def cached() -> int:
        """From the cache the same columns as those that were built, at every zoom; all of them numbers."""
        cache = PeaksCache(folder / "cache")
        built, kept = cache.load_or_build(path), cache.load_or_build(path)
        for start, end, columns in ((0, max(1, built.frames), 300), (-50, built.frames + 50, 7), (0, 1, 1)):
            for one, other in zip(built.columns(start, end, columns), kept.columns(start, end, columns), strict=True):
                assert np.isfinite(one).all()
                assert np.array_equal(one, other)
        return built.frames

    def zoomed() -> int:
        block = Stretches(path).read(0, 500)
        if not block.shape[1]:
            return 0
        assert all(np.isfinite(each).all() for each in columns_of_samples(block, 900))
        return int(block.shape[1])

    def measured() -> str:
        found = measures.measure(path)
        numbers = [each for each in (getattr(found, name) for name in found.__slots__) if isinstance(each, float)]
        assert np.isfinite(numbers).all(), found
        return found.basis.value

    def exported(name: str, settings: ExportSettings) -> dict[str, Any]:
        remark, target = _rendered(path, folder, name, settings)
        samples = np.concatenate(list(files.read_blocks(target)))
        assert np.isfinite(samples).all()
        is_copy = target.read_bytes() == path.read_bytes()
        info = inspect(target) if is_copy else files.verify(target)
        assert len(samples) == info.frames
        return {**_told(info), "remark": remark, "is_copy": is_copy}

    def one_frame_of(rate_hz: int) -> ExportSettings:
        return ExportSettings(AudioFormat.WAV, folder=folder, start_s=0.0, end_s=1 / rate_hz)

    yield "peaks, twice", cached
    yield "single samples", zoomed
    yield "measures that are numbers", measured
    for each in AudioFormat:
        plain = ExportSettings(each, folder=folder)
        everything = replace(
            plain,
            sample_rate_hz=24_000,
            channels=2,
            loudness_lufs=-20.0,
            silence_dbfs=-60.0,
            fade_in_s=0.01,
            fade_out_s=0.01,
        )
        yield f"{each.value}, as it is", lambda plain=plain: exported("plain", plain)
        yield f"{each.value}, with everything", lambda everything=everything: exported("all", everything)
    peak = ExportSettings(AudioFormat.WAV, folder=folder, peak_dbfs=-1.0, true_peak_dbtp=-1.0)
    yield "wav, to a peak", lambda: exported("peak", peak)
    yield "wav, one frame of it", lambda: exported("one", one_frame_of(inspect(path).sample_rate_hz))
    yield "playing by hand", lambda: _played(path)
    yield "playing in every way", lambda: _played_in_every_way(path)
    yield "spectrogram", lambda: _tiles(path)
    yield "zero crossings", lambda: _crossings(path)


def _rendered(path: Path, folder: Path, name: str, settings: Any) -> tuple[str, Path]:
    from app.audio.files import inspect
    from app.domain.errors import RequestInvalid
    from app.engine.export_check import problems_of
    from app.engine.export_plan import PlannedExport
    from app.engine.export_rendering import render
    from tests.engine.export_takes import source_of

    source = source_of(path.name, inspect(path))
    if problems := problems_of(replace(settings, folder=folder), [source.take.info]):
        raise RequestInvalid(problems)
    target = folder / f"{name}{settings.format.suffix}"
    target.unlink(missing_ok=True)
    planned = PlannedExport(source, settings, target, target)
    rendered = render(planned, path, target, progress=lambda _fraction: None, cancelled=lambda: False)
    return rendered.remark, target


def _played(path: Path) -> float:
    """The highest sample that the sound card was given, of the whole file and a second of silence."""
    from app.audio.files import inspect
    from tests.audio.conftest import Deck

    info, deck = inspect(path), Deck()
    try:
        deck.start(path)
        _look_for_failure(deck)
        heard = deck.take(round(info.duration_s * RATE_HZ) + 4_800)
        _look_for_failure(deck)
    finally:
        deck.player.close()
    assert np.isfinite(heard).all()
    return float(np.abs(heard).max())


def _played_in_every_way(path: Path) -> float:
    """The highest sample, with the clip trimmed and faded, looped, sought, scrubbed and heard on each side."""
    from app.audio.files import inspect
    from app.audio.player_events import Monitor, PlayedShape
    from app.domain.export_settings import FadeShape
    from tests.audio.conftest import Deck

    frames, deck = inspect(path).frames, Deck()
    third = frames // 3
    try:
        deck.player.load(path, gain_db=-3.0, shape=PlayedShape(third, frames, third // 2, third // 2, FadeShape.LINEAR))
        deck.player.set_loop(0, max(1, frames // 2))
        deck.player.play()
        deck.settle()
        _look_for_failure(deck)
        heard = [deck.take(500)]
        for number, monitor in enumerate(Monitor):
            deck.player.set_monitor(monitor)
            deck.player.set_take_gain(6.0 * number)
            deck.player.seek(third * number)
            heard.append(deck.take(500))
        deck.player.begin_scrub()
        for place in (0, frames // 2, frames, frames + 1_000):
            deck.player.scrub(place)
            heard.append(deck.take(300))
        deck.player.end_scrub()
        deck.player.set_shape(None)
        deck.player.set_loop(None)
        deck.player.switch(path, gain_db=3.0)
        heard.append(deck.take(3_000))
        levels = deck.player.levels()
        _look_for_failure(deck)
    finally:
        deck.player.close()
    assert np.isfinite(np.concatenate(heard)).all()
    assert np.isfinite([*levels.peak, *levels.rms]).all()
    return float(np.abs(np.concatenate(heard)).max())


def _tiles(path: Path) -> list[int]:
    """How many columns show something, from far away and from near."""
    from app.audio.files import inspect
    from app.audio.spectrogram_grid import Grid
    from app.audio.spectrogram_tiles import TileKey, TileMaker

    rate_hz = inspect(path).sample_rate_hz
    found = []
    with TileMaker(path) as maker:
        for pixel_frames in (1.0, 64.0, 10_000.0):
            for number in (0, 1, 1_000):
                levels = maker.make(TileKey(Grid.nearest(pixel_frames, rate_hz), number))
                found.append(int((levels > 0).any(axis=(0, 2)).sum()))
    return found


def _crossings(path: Path) -> dict[int, int]:
    from app.audio.files import inspect
    from app.audio.stretches import Stretches
    from app.audio.zero_crossing import crossings_near

    info = inspect(path)
    found = crossings_near(Stretches(path), (0, 1, 100, info.frames // 2, info.frames, info.frames + 7, 1 << 40))
    assert all(abs(at - frame) <= 0.02 * info.sample_rate_hz + 1 for frame, at in found.items())
    return found


def _look_for_failure(deck: Any) -> None:
    from app.audio.player_events import Failed

    while not deck.events.empty():
        event = deck.events.get()
        if isinstance(event, Failed):
            raise event.error


def _told(info: Any) -> dict[str, Any]:
    return {"frames": info.frames, "rate_hz": info.sample_rate_hz, "channels": info.channels}


def main(names: list[str]) -> None:
    """Tell how everything went with every file: a fault in a decoder ends this process and no other."""
    for name in names or FILES:
        odd = FILES[name]
        with tempfile.TemporaryDirectory(dir=_IN_MEMORY if _IN_MEMORY.is_dir() else None) as folder:
            path = Path(folder) / f"odd{odd.suffix}"
            path.write_bytes(odd.make())
            for deed, do in deeds(path, Path(folder)):
                sys.stdout.write(json.dumps(tried(name, deed, do), default=str) + "\n")
                sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
