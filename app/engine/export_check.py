"""What is wrong with an export before it begins, each problem at its field."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from app.audio.formats import BIT_DEPTHS, MAX_CHANNELS, QUALITIES, RATES, accepts_rate, bitrates_of, nearest_rate
from app.domain.audio import AudioFormat, AudioInfo
from app.domain.errors import Problem
from app.domain.export_settings import ExportSettings
from app.domain.parameter_spec import number, one_of
from app.engine.name_template import NameTemplate

_NAMES = {
    AudioFormat.WAV: "WAV",
    AudioFormat.FLAC: "FLAC",
    AudioFormat.MP3: "MP3",
    AudioFormat.OGG: "Ogg Vorbis",
    AudioFormat.OPUS: "Opus",
}
_LOUDNESS_LUFS = (-70.0, 0.0)
_PEAK_DBFS = (-60.0, 0.0)
_GAIN_DB = (-120.0, 60.0)
_SILENCE_DBFS = (-120.0, -20.0)
_MARGIN_S = (0.0, 10.0)
_LONGEST_FADE_S = 3_600.0
_FRAME_S = 1 / 8_000  # lengths in seconds are rounded to frames


def problems_of(settings: ExportSettings, sources: Sequence[AudioInfo] = ()) -> tuple[Problem, ...]:
    """Every problem of the settings, for the takes that they are meant for; empty when they can be used.

    Args:
        sources: What the takes are. Without any, only what is wrong for every take is named.
    """
    found = [
        *_level_problems(settings),
        *_trim_problems(settings),
        *_fade_length_problems(settings),
        *_place_problems(settings),
        *NameTemplate(settings.name).problems(),
    ]
    infos: Sequence[AudioInfo | None] = sources or [None]
    for source in infos:
        audio_format = settings.format or (source.format if source is not None else None)
        if audio_format is not None:
            found += _format_problems(settings, audio_format, source)
    if sources:
        shortest_s = min(source.duration_s for source in sources)
        wrong = [*_selection_problems(settings, shortest_s)]
        found += wrong or _fade_room_problems(settings, shortest_s)
    return tuple(dict.fromkeys(found))


def _format_problems(
    settings: ExportSettings, audio_format: AudioFormat, source: AudioInfo | None
) -> Iterator[Problem]:
    name = _NAMES[audio_format]
    rate = settings.sample_rate_hz
    is_rate_taken = rate is None or accepts_rate(audio_format, rate)
    if not is_rate_taken:
        allowed = one_of(RATES[audio_format])
        yield Problem("sample_rate", f"The sample rate of {name} must be {allowed} Hz; it is {rate:,} Hz.")
    yield from _channel_problems(settings, audio_format, source)
    depth = settings.bit_depth
    if depth is not None and depth not in BIT_DEPTHS[audio_format]:
        depths = BIT_DEPTHS[audio_format]
        allowed = f"must be {one_of([d.value for d in depths])}" if depths else "can’t be chosen"
        yield Problem("bit_depth", f"The bit depth of {name} {allowed}; it is {depth}.")
    yield from _quality_problems(settings, audio_format)
    if settings.bitrate_kbps is not None and is_rate_taken:
        kept = rate or (nearest_rate(audio_format, source.sample_rate_hz) if source is not None else 48_000)
        yield from _bitrate_problems(settings.bitrate_kbps, audio_format, kept)


def _channel_problems(
    settings: ExportSettings, audio_format: AudioFormat, source: AudioInfo | None
) -> Iterator[Problem]:
    channels = settings.channels
    if channels is None:
        return
    kept = source.channels if source is not None else 1
    if channels not in (1, 2, kept) or channels > MAX_CHANNELS[audio_format]:
        yield Problem("channels", f"The channels must be 1 or 2; they are {channels}.")


def _bitrate_problems(bitrate_kbps: int, audio_format: AudioFormat, rate_hz: int) -> Iterator[Problem]:
    offered = bitrates_of(audio_format, rate_hz)
    if bitrate_kbps in offered:
        return
    where = f"{_NAMES[audio_format]} at {rate_hz:,} Hz"
    allowed = f"must be {one_of(offered)} kbps" if offered else "can’t be chosen"
    yield Problem("bitrate", f"The bit rate of {where} {allowed}; it is {bitrate_kbps:,} kbps.")


def _quality_problems(settings: ExportSettings, audio_format: AudioFormat) -> Iterator[Problem]:
    quality = settings.quality
    if quality is None:
        return
    if settings.bitrate_kbps is not None:
        yield Problem("quality", "Choose either a bit rate or a quality.")
    elif audio_format not in QUALITIES:
        named = one_of([_NAMES[each] for each in QUALITIES])
        yield Problem("quality", f"Only {named} has a quality to choose; {_NAMES[audio_format]} has none.")
    else:
        lowest, highest = QUALITIES[audio_format]
        best = "0 is the best" if audio_format is AudioFormat.MP3 else f"{highest} is the best"
        label = f"The quality of {_NAMES[audio_format]}, of which {best},"
        yield from _range_problems("quality", label, "", (lowest, highest), quality)


def _level_problems(settings: ExportSettings) -> Iterator[Problem]:
    wishes = (
        ("gain", "The gain", "dB", _GAIN_DB, settings.gain_db),
        ("loudness", "Loudness", "LUFS", _LOUDNESS_LUFS, settings.loudness_lufs),
        ("momentary", "Momentary loudness", "LUFS", _LOUDNESS_LUFS, settings.momentary_lufs),
        ("peak", "Peak", "dBFS", _PEAK_DBFS, settings.peak_dbfs),
    )
    for field, label, unit, span, value in wishes:
        yield from _range_problems(field, label, unit, span, value)
    yield from _range_problems("true_peak", "True peak", "dBTP", _PEAK_DBFS, settings.true_peak_dbtp)
    chosen = [field for field, _label, _unit, _span, value in wishes if value is not None]
    if len(chosen) > 1:
        yield Problem(
            chosen[-1], "Choose one of gain, loudness, momentary loudness and peak; a true peak goes with each."
        )


def _trim_problems(settings: ExportSettings) -> Iterator[Problem]:
    yield from _range_problems("silence", "The level of silence", "dBFS", _SILENCE_DBFS, settings.silence_dbfs)
    yield from _range_problems("margin", "The margin", "s", _MARGIN_S, settings.margin_s)


def _fade_length_problems(settings: ExportSettings) -> Iterator[Problem]:
    for field, label, value in (
        ("fade_in", "The fade in", settings.fade_in_s),
        ("fade_out", "The fade out", settings.fade_out_s),
    ):
        yield from _range_problems(field, label, "s", (0.0, _LONGEST_FADE_S), value)


def _fade_room_problems(settings: ExportSettings, shortest_s: float) -> Iterator[Problem]:
    """The fades against the part; what is left of it without its silence is known later."""
    start = settings.start_s or 0.0
    room_s = (shortest_s if settings.end_s is None else min(settings.end_s, shortest_s)) - start
    fades_s = settings.fade_in_s + settings.fade_out_s
    if fades_s > room_s + _FRAME_S:
        field = "fade_out" if settings.fade_out_s else "fade_in"
        both = "fades together take" if settings.fade_in_s and settings.fade_out_s else "fade takes"
        yield Problem(field, f"The {both} {fades_s:.3f} s; the sound is {room_s:.3f} s long.")


def _range_problems(
    field: str, label: str, unit: str, span: tuple[float, float], value: float | None
) -> Iterator[Problem]:
    lowest, highest = span
    if value is not None and not lowest <= value <= highest:  # also refuses NaN
        words = f"from {number(lowest)} to {number(highest)} {unit}".rstrip()
        yield Problem(field, f"{label} must be {words}; it is {number_or_word(value)}.")


def _place_problems(settings: ExportSettings) -> Iterator[Problem]:
    if settings.folder is None:
        yield Problem("folder", "No folder is chosen for the files.")


def _selection_problems(settings: ExportSettings, shortest_s: float) -> Iterator[Problem]:
    start = 0.0 if settings.start_s is None else settings.start_s
    end = shortest_s if settings.end_s is None else settings.end_s
    if shortest_s <= 0:
        yield Problem("start", "The take holds no sound.")
    elif not 0 <= start < shortest_s:
        yield Problem("start", f"The selection must start within the take’s {shortest_s:.3f} s.")
    elif not end > start:
        yield Problem("end", "The selection is empty: its end must come after its start.")


def number_or_word(value: float) -> str:
    """As people read it, whatever it is."""
    return number(value) if math.isfinite(value) else str(value)
