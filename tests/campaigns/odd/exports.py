"""One export of an odd file, put together by chance; and whether what it wrote is what was asked for."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from app.audio.files import inspect, read_blocks, verify
from app.audio.formats import BIT_DEPTHS, QUALITIES, RATES, bitrates_of, nearest_rate
from app.audio.measures import measure
from app.domain.audio import AudioFormat, AudioInfo
from app.domain.errors import AppError
from app.domain.export_settings import ExportSettings, FadeShape
from app.domain.measures import LoudnessBasis
from app.engine.export_check import problems_of
from app.engine.export_plan import PlannedExport
from app.engine.export_rendering import Rendered, render
from tests.engine.export_takes import source_of

_WITHIN_DB = 0.11


@dataclass(frozen=True)
class Export:
    """An odd file, and what is to become of it."""

    file: str
    path: Path
    settings: ExportSettings

    @classmethod
    def by_chance(cls, dice: random.Random, sources: Mapping[str, Path]) -> Export:
        file = dice.choice([*sources])
        info = inspect(sources[file])
        audio_format = dice.choice([*AudioFormat])
        rate_hz = dice.choice([None, None, *RATES[audio_format]])
        kept_rate_hz = rate_hz or nearest_rate(audio_format, info.sample_rate_hz)
        bitrates = bitrates_of(audio_format, kept_rate_hz)
        quality = dice.choice([None, dice.uniform(*QUALITIES[audio_format])]) if audio_format in QUALITIES else None
        start_s, end_s = sorted(dice.uniform(0, info.duration_s) for _ in range(2))
        room_s = info.duration_s / 3
        level = {
            "gain_db": dice.uniform(-30, 30),
            "loudness_lufs": dice.uniform(-40, -6),
            "momentary_lufs": dice.uniform(-40, -6),
            "peak_dbfs": dice.uniform(-20, 0),
            "none": None,
        }
        wish = dice.choice([*level])
        settings = ExportSettings(
            audio_format,
            rate_hz,
            dice.choice([None, 1, 2]),
            dice.choice([None, *BIT_DEPTHS[audio_format]]),
            dice.choice([None, *bitrates]) if quality is None else None,
            folder=Path(),
            quality=quality,
            start_s=dice.choice([None, start_s]),
            end_s=dice.choice([None, end_s]),
            silence_dbfs=dice.choice([None, -60.0, -30.0]),
            fade_in_s=dice.choice([0.0, dice.uniform(0, room_s)]),
            fade_out_s=dice.choice([0.0, dice.uniform(0, room_s)]),
            fade_shape=dice.choice([*FadeShape]),
            true_peak_dbtp=dice.choice([None, dice.uniform(-12, 0)]),
            writes_tags=dice.random() < 0.5,
            **({} if wish == "none" else {wish: level[wish]}),  # type: ignore[arg-type]
        )
        return cls(file, sources[file], settings)


def went_wrong(export: Export, folder: Path) -> tuple[str, list[str]]:
    """Carry it out: in a word what came of it, and in sentences what should not have."""
    settings, target = export.settings, folder / f"out{export.settings.format}"
    target.unlink(missing_ok=True)
    source = source_of(export.path.name, inspect(export.path))
    if problems_of(settings, [source.take.info]):
        return "refused beforehand", []
    try:
        rendered = render(
            PlannedExport(source, settings, target, target),
            export.path,
            target,
            progress=lambda _fraction: None,
            cancelled=lambda: False,
        )
    except AppError as error:
        wrong = [] if str(error).endswith(".") else [f"It says {error!s}"]
        return "refused", wrong + [f"{each.name} is left" for each in folder.glob(".cuesmith*")]
    except Exception as error:  # noqa: BLE001 - that's what is looked for
        return "raised", [f"{error!r} was raised"]
    return "written", list(_flaws(export, source.take.info, rendered, target))


def _flaws(export: Export, take: AudioInfo, rendered: Rendered, target: Path) -> Iterator[str]:
    settings = export.settings
    nothing = np.zeros((0, inspect(target).channels), np.float32)
    samples = np.concatenate([nothing, *read_blocks(target)])
    if not np.isfinite(samples).all():
        yield "It holds samples that are no numbers."
    is_copy = target.read_bytes() == export.path.read_bytes()
    try:
        info = inspect(target) if is_copy else verify(target)
    except AppError as error:
        if not _is_tagged_copy(export, take):
            yield f"It can't be read: {error}"
        return
    if len(samples) != info.frames or info != rendered.info:
        yield f"It has {len(samples)} frames and says {info}; {rendered.info} was told."
    part_s = min(settings.end_s or math.inf, take.duration_s) - (settings.start_s or 0.0)
    expected = part_s * info.sample_rate_hz
    # Start and end are rounded to frames of the take, and a frame more or less comes from the resampler.
    if settings.silence_dbfs is None and abs(info.frames - expected) > 1 + info.sample_rate_hz / take.sample_rate_hz:
        yield f"It has {info.frames} frames, not {expected:.1f}."
    if info.format is not settings.format:
        yield f"It is {info.format}."
    if not is_copy and not rendered.remark:
        yield from _wrong_levels(settings, target)


def _is_tagged_copy(export: Export, take: AudioInfo) -> bool:
    """What was cut stays so in a copy, though tags were put beside it."""
    return export.settings.format is take.format and export.settings.writes_tags


def _wrong_levels(settings: ExportSettings, target: Path) -> Iterator[str]:
    found = measure(target)
    if found.sample_peak_dbfs is None or found.true_peak_dbtp is None or found.basis is LoudnessBasis.QUIET:
        return
    ceiling = settings.true_peak_dbtp
    if ceiling is not None and found.true_peak_dbtp > ceiling + _WITHIN_DB:
        yield f"Its true peak is {found.true_peak_dbtp:.2f}, not {ceiling:.2f}."
    if settings.format is None or not settings.format.is_lossless:  # of so short sounds a codec keeps little
        return
    for name, wanted, reached in (
        ("integrated loudness", settings.loudness_lufs, found.integrated_lufs),
        ("momentary loudness", settings.momentary_lufs, found.momentary_max_lufs),
        ("peak", settings.peak_dbfs, found.sample_peak_dbfs),
    ):
        if wanted is not None and (reached is None or abs(reached - wanted) > _WITHIN_DB):
            yield f"Its {name} is {reached}, not {wanted:.2f}."
