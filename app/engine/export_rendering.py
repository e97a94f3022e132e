"""One take made into one file: part, level, format and tags. Blocks; runs in the exporter's threads."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.domain.audio import AudioFormat, AudioInfo, BitDepth
from app.domain.export_settings import ExportSettings
from app.domain.take import Take
from app.engine.export_level import Level, level_for
from app.engine.export_plan import ExportSource, PlannedExport

if TYPE_CHECKING:
    from app.audio.convert import ConversionSettings
    from app.audio.tags import Tags

Progress = Callable[[float], None]
Cancelled = Callable[[], bool]

_PART_DONE = 0.3  # of the whole work, when the part to be measured is there
_MEASURED = 0.5


@dataclass(frozen=True, slots=True)
class Rendered:
    """What was written, and what people should know about it; often nothing."""

    info: AudioInfo
    remark: str = ""


def render(planned: PlannedExport, source: Path, target: Path, *, progress: Progress, cancelled: Cancelled) -> Rendered:
    """Write one file. It appears under its name whole or not at all.

    Args:
        source: The take's own file.
        target: Usually the planned one.
    Raises:
        ExportError: It can't be written, or exists and isn't meant to be replaced.
        StorageError: The take can't be read.
        concurrent.futures.CancelledError: `cancelled` said so.
    """
    from app.audio.convert import convert

    settings, take = planned.settings, planned.source.take
    tags = _tags(planned.source) if settings.writes_tags else None
    wanted = _conversion(settings, take)
    if settings.loudness_lufs is None and settings.peak_dbfs is None:
        info = convert(
            source, target, wanted, tags=tags, replace=planned.replaces, progress=progress, cancelled=cancelled
        )
        return Rendered(info)
    with _measurable(source, wanted, lambda done: progress(done * _PART_DONE), cancelled) as (part, left):
        level = _level(part, settings, take, cancelled)
        progress(_MEASURED)
        info = convert(
            part,
            target,
            replace(left, gain_db=level.gain_db),
            tags=tags,
            replace=planned.replaces,
            progress=lambda done: progress(_MEASURED + done * (1 - _MEASURED)),
            cancelled=cancelled,
        )
    return Rendered(info, level.remark)


def _conversion(settings: ExportSettings, take: Take) -> ConversionSettings:
    from app.audio.convert import ConversionSettings

    assert take.info is not None
    rate_hz = take.info.sample_rate_hz
    return ConversionSettings(
        settings.format or take.info.format,
        settings.sample_rate_hz,
        settings.channels,
        settings.bit_depth,
        settings.bitrate_kbps,
        start_frame=0 if settings.start_s is None else round(settings.start_s * rate_hz),
        end_frame=None if settings.end_s is None else round(settings.end_s * rate_hz),
    )


@contextmanager
def _measurable(
    source: Path, wanted: ConversionSettings, progress: Progress, cancelled: Cancelled
) -> Iterator[tuple[Path, ConversionSettings]]:
    """A file whose loudness is that of the export, and what is left to be done to it.

    The source itself, unless only a part of it or another number of channels is wanted.
    """
    from app.audio.convert import ConversionSettings, convert

    if wanted.start_frame == 0 and wanted.end_frame is None and wanted.channels is None:
        yield source, wanted
        return
    part = ConversionSettings(
        AudioFormat.WAV,
        channels=wanted.channels,
        bit_depth=BitDepth.FLOAT32,
        start_frame=wanted.start_frame,
        end_frame=wanted.end_frame,
    )
    with tempfile.TemporaryDirectory(prefix="cuesmith-export-") as folder:
        path = Path(folder) / "part.wav"
        convert(source, path, part, progress=progress, cancelled=cancelled)
        yield path, replace(wanted, channels=None, start_frame=0, end_frame=None)


def _level(path: Path, settings: ExportSettings, take: Take, cancelled: Cancelled) -> Level:
    from app.audio.loudness import measure

    measured = measure(path, cancelled=cancelled)
    return level_for(
        measured.integrated_lufs,
        measured.true_peak_dbtp,
        wanted_lufs=settings.loudness_lufs,
        peak_dbfs=settings.peak_dbfs,
        name=f"Take {take.number}",
    )


def _tags(source: ExportSource) -> Tags:
    from app.audio.tags import Tags

    request, take = source.task.request, source.take
    return Tags(
        title=" ".join(request.prompt.split()),
        comment=take.note,
        prompt=request.prompt,
        model=request.model,
        service=request.provider,
        seed="" if take.seed is None else str(take.seed),
    )
