"""One take made into one file: part, fades, level, format and tags. Blocks; runs in the exporter's threads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.domain.audio import AudioInfo
from app.domain.export_settings import ExportSettings
from app.engine.export_level import Level, Measured, ceiling_of, has_level, level_for, signed
from app.engine.export_plan import ExportSource, PlannedExport

if TYPE_CHECKING:
    from app.audio.convert import Conversion, ConversionSettings
    from app.audio.tags import Tags
    from app.domain.measures import Measures

Progress = Callable[[float], None]
Cancelled = Callable[[], bool]

_TRIMMED = 0.2  # of the whole work, when it is known where the sound begins and ends
_MEASURED = 0.5
_TRIES = 5  # at a lossy file under a true peak
_OVER_DB = 0.05  # what a codec may add unnoticed
_ROOM_DB = 0.15
_TOLD_DB = 0.1


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
    return _Rendering(planned, source, target, progress, cancelled).run()


class _Rendering:
    """The steps of one export, and what is to be said about them."""

    def __init__(
        self, planned: PlannedExport, source: Path, target: Path, progress: Progress, cancelled: Cancelled
    ) -> None:
        self._planned = planned
        self._settings = planned.settings
        self._name = f"Take {planned.source.take.number}"
        self._source = source
        self._target = target
        self._progress = progress
        self._cancelled = cancelled
        self._done = 0.0
        self._remarks: list[str] = []

    def run(self) -> Rendered:
        from app.audio.files import inspect

        take = inspect(self._source)
        wanted = self._faded(take, self._trimmed(take, _selection(self._settings, take)))
        level = self._level(take, wanted)
        if level.remark:
            self._remarks.append(level.remark)
        info = self._written(replace(wanted, gain_db=level.gain_db))
        return Rendered(info, " ".join(self._remarks))

    def _trimmed(self, take: AudioInfo, wanted: ConversionSettings) -> ConversionSettings:
        """Without the silence at its ends."""
        from app.audio.convert import plan
        from app.audio.silence import sounding_part

        below_dbfs = self._settings.silence_dbfs
        if below_dbfs is None:
            return wanted
        part = plan(take, wanted)
        start, end = part.start_frame, part.start_frame + part.frames
        found = sounding_part(self._source, start, part.frames, below_dbfs=below_dbfs, cancelled=self._cancelled)
        self._reach(_TRIMMED)
        if found is None:
            self._remarks.append(f"{self._name} is silent below {below_dbfs:g} dBFS; nothing was trimmed.")
            return wanted
        margin = round(self._settings.margin_s * take.sample_rate_hz)
        return replace(wanted, start_frame=max(start, found[0] - margin), end_frame=min(end, found[1] + margin))

    def _faded(self, take: AudioInfo, wanted: ConversionSettings) -> ConversionSettings:
        """With its fades, as long as there is room for them."""
        from app.audio.convert import plan

        rate_hz, settings = take.sample_rate_hz, self._settings
        fade_in, fade_out = round(settings.fade_in_s * rate_hz), round(settings.fade_out_s * rate_hz)
        room = plan(take, wanted).frames
        if fade_in + fade_out > room:
            self._remarks.append(
                f"{self._name} is only {room / rate_hz:.3f} s long without its silence; its fades were shortened."
            )
            fade_in = fade_in * room // (fade_in + fade_out)
            fade_out = min(fade_out, room - fade_in)
        return replace(wanted, fade_in_frames=fade_in, fade_out_frames=fade_out, fade_shape=settings.fade_shape)

    def _level(self, take: AudioInfo, wanted: ConversionSettings) -> Level:
        """What is measured is the sound as it will be written: its part, fades, channels and rate."""
        from app.audio.convert import plan, sound_of
        from app.audio.measures import measure_blocks

        if not has_level(self._settings):
            return Level(self._settings.gain_db or 0.0)
        conversion = plan(take, wanted)
        known = self._known_measures(take, conversion)
        if known is not None:
            return level_for(Measured.of(known), self._settings, name=self._name)
        start = self._done
        blocks = sound_of(
            self._source,
            conversion,
            progress=lambda done: self._progress(start + done * (_MEASURED - start)),
            cancelled=self._cancelled,
        )
        found = measure_blocks(blocks, conversion.sample_rate_hz, conversion.channels)
        self._reach(_MEASURED)
        return level_for(Measured.of(found), self._settings, name=self._name)

    def _known_measures(self, take: AudioInfo, conversion: Conversion) -> Measures | None:
        """What the library knows of the take, where that is just what will be written."""
        stored = self._planned.source.take
        is_whole = (conversion.start_frame, conversion.frames) == (0, take.frames)
        is_same = (conversion.sample_rate_hz, conversion.channels) == (take.sample_rate_hz, take.channels)
        is_faded = conversion.settings.fade_in_frames or conversion.settings.fade_out_frames
        return stored.measures if stored.info == take and is_whole and is_same and not is_faded else None

    def _written(self, wanted: ConversionSettings) -> AudioInfo:
        """A lossy file is decoded again under a true peak, and made anew if its codec passed it."""
        lowered = wanted
        for number in range(_TRIES):
            try:
                info = self._convert(lowered, self._check_true_peak)
            except _TooLoud as error:
                # What a codec adds changes with the level; each try leaves it more room.
                lowered = replace(lowered, gain_db=lowered.gain_db - error.over_db - number * _ROOM_DB)
                continue
            break
        else:
            info = self._convert(lowered, lambda _path: None)
        ceiling, lost_db = ceiling_of(self._settings), wanted.gain_db - lowered.gain_db
        if ceiling is not None and lost_db > _TOLD_DB:
            self._remarks.append(
                f"{self._name} is {lost_db:.1f} dB quieter than it would be in WAV: what {info.format.value.upper()} "
                f"adds to its peaks would pass {signed(ceiling)} dBTP."
            )
        return info

    def _convert(self, wanted: ConversionSettings, checked: Callable[[Path], None]) -> AudioInfo:
        from app.audio.convert import convert

        start = self._done
        return convert(
            self._source,
            self._target,
            wanted,
            tags=_tags(self._planned.source) if self._settings.writes_tags else None,
            replace=self._planned.replaces,
            progress=lambda done: self._progress(start + done * (1.0 - start)),
            cancelled=self._cancelled,
            clipped=self._note_clipping,
            untagged=self._note_missing_tags,
            checked=checked,
        )

    def _check_true_peak(self, path: Path) -> None:
        from app.audio.files import inspect
        from app.audio.true_peak import true_peak_dbtp

        ceiling = ceiling_of(self._settings)
        if ceiling is None or inspect(path).format.is_lossless:
            return
        over_db = true_peak_dbtp(path, cancelled=self._cancelled) - ceiling
        if over_db > _OVER_DB:
            raise _TooLoud(over_db)

    def _note_clipping(self, over_db: float) -> None:
        self._remarks.append(
            f"{self._name} goes {over_db:.1f} dB over full scale and is cut off there. Choose less gain, a true peak, "
            "or WAV of 32 bit float."
        )

    def _note_missing_tags(self) -> None:
        self._remarks.append(f"{self._name} is a copy without tags: its file isn’t built as such files usually are.")

    def _reach(self, fraction: float) -> None:
        self._done = fraction
        self._progress(fraction)


class _TooLoud(Exception):
    """A codec passed the true peak; what it wrote is gone."""

    def __init__(self, over_db: float) -> None:
        super().__init__(over_db)
        self.over_db = over_db


def _selection(settings: ExportSettings, take: AudioInfo) -> ConversionSettings:
    from app.audio.convert import ConversionSettings

    rate_hz = take.sample_rate_hz
    return ConversionSettings(
        settings.format or take.format,
        settings.sample_rate_hz,
        settings.channels,
        settings.bit_depth,
        settings.bitrate_kbps,
        settings.quality,
        start_frame=0 if settings.start_s is None else round(settings.start_s * rate_hz),
        end_frame=None if settings.end_s is None else round(settings.end_s * rate_hz),
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
