"""Write audio files: integers rounded by us, lossy formats at a chosen bit rate, always in small blocks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from app.audio.channel_order import loudspeakers, order_for_ogg
from app.audio.formats import BIT_DEPTHS, MAX_CHANNELS, QUALITIES, VORBIS_QUALITIES, accepts_rate, bitrates_of
from app.domain.audio import AudioFormat, AudioInfo, BitDepth
from app.domain.errors import StorageError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

# libsndfile crashes when it gets minutes of Vorbis in one call.
_MOST_FRAMES_A_WRITE = 65_536
_SET_CHANNEL_MAP = 0x1101  # SFC_SET_CHANNEL_MAP_INFO
_LOUDEST = 16.0  # 24 dB above full scale
_WAV_BYTES_LIMIT = (1 << 32) - (1 << 16)
_CONTAINERS = {
    AudioFormat.WAV: "WAV",
    AudioFormat.FLAC: "FLAC",
    AudioFormat.MP3: "MP3",
    AudioFormat.OGG: "OGG",
    AudioFormat.OPUS: "OGG",
}
_IN_OGG = (AudioFormat.OGG, AudioFormat.OPUS)
_CODECS = {AudioFormat.MP3: "MPEG_LAYER_III", AudioFormat.OGG: "VORBIS", AudioFormat.OPUS: "OPUS"}
_PCM = {BitDepth.INT16: "PCM_16", BitDepth.INT24: "PCM_24", BitDepth.FLOAT32: "FLOAT"}
_SAMPLE_BYTES = {BitDepth.INT16: 2, BitDepth.INT24: 3, BitDepth.FLOAT32: 4}


class NotWritten(StorageError):
    """A file that can't be written; `reason` says why, in the encoder's words."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"The file {name} can’t be written: {reason}.")
        self.reason = reason


def encode(
    blocks: Iterable[npt.NDArray[np.float32]],
    target: Path | IO[bytes],
    *,
    format: AudioFormat,  # noqa: A002
    sample_rate_hz: int,
    channels: int,
    bit_depth: BitDepth | None = None,
    bitrate_kbps: int | None = None,
    quality: float | None = None,
) -> AudioInfo:
    """Write blocks of samples as an audio file; an existing file is replaced, a failed one is left as it is.

    Integer formats are rounded to the nearest step and limited at full scale, without dither.

    Args:
        blocks: Shape (n, channels) or, for mono, (n,), nominally -1.0 to 1.0, any n; channels in the order of WAV.
        target: The file to write, its suffix plays no part; or one in memory that can be read and sought, too.
        format: What the bytes become.
        sample_rate_hz: One that the format takes (`accepts_rate`).
        channels: At most `MAX_CHANNELS` of the format.
        bit_depth: For lossless formats, 24 bit if None; ignored by lossy ones.
        bitrate_kbps: One of `bitrates_of`; None leaves the encoder's own default.
        quality: In `QUALITIES` of the format, instead of a bit rate.
    Returns:
        What was written.
    Raises:
        ValueError: The format can't hold this (see `problem_with`).
        NotWritten: The file can't be written.
        StorageError: A WAV would be larger than 4 GiB.
    """
    import soundfile

    depth = (bit_depth or BitDepth.INT24) if format.is_lossless else None
    problem = problem_with(format, sample_rate_hz, channels, depth, bitrate_kbps, quality)
    if problem is not None:
        raise ValueError(problem)
    most_frames = _WAV_BYTES_LIMIT if depth is None else _WAV_BYTES_LIMIT // (channels * _SAMPLE_BYTES[depth])
    options = _encoder_options(format, sample_rate_hz, channels, bitrate_kbps, quality)
    order = order_for_ogg(channels) if format in _IN_OGG else None
    frames = 0
    try:
        with _opened(target, format, sample_rate_hz, channels, depth, options) as sound:
            for block in _in_small_blocks(blocks, channels):
                frames += len(block)
                if format is AudioFormat.WAV and frames > most_frames:
                    raise StorageError("A WAV file can’t be larger than 4 GiB. Choose FLAC.")
                sound.write(_as_stored(block if order is None else block.take(order, axis=1), depth))
        if format is AudioFormat.MP3 and bitrate_kbps is not None and isinstance(target, Path):
            from app.audio.mp3_info import ensure_info

            ensure_info(target, frames)
    except (soundfile.SoundFileError, OSError) as exc:
        raise NotWritten(getattr(target, "name", ""), str(exc).strip(" .")) from exc
    return AudioInfo(format, sample_rate_hz, channels, frames, depth)


def sane(block: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """The block with 0 for what is no number or has no end, and nothing more than 24 dB above full scale."""
    import numpy as np

    if not block.size or (block.max() <= _LOUDEST and block.min() >= -_LOUDEST):  # False for what is no number
        return block
    return np.clip(np.nan_to_num(block, nan=0.0, posinf=0.0, neginf=0.0), -_LOUDEST, _LOUDEST)


def problem_with(
    audio_format: AudioFormat,
    sample_rate_hz: int,
    channels: int,
    bit_depth: BitDepth | None,
    bitrate_kbps: int | None,
    quality: float | None = None,
) -> str | None:
    """Say why a file like this can't be written, in a whole sentence; None if it can."""
    name = audio_format.value.upper()
    if not accepts_rate(audio_format, sample_rate_hz):
        return f"{name} can’t be written at {sample_rate_hz:,} Hz."
    if not 1 <= channels <= MAX_CHANNELS[audio_format]:
        return f"{name} takes 1 to {MAX_CHANNELS[audio_format]} channels, not {channels}."
    if bit_depth is not None and bit_depth not in BIT_DEPTHS[audio_format]:
        return f"{name} can’t be written with a bit depth of {bit_depth}."
    if quality is not None:
        return _problem_with_quality(audio_format, quality, bitrate_kbps)
    if bitrate_kbps is not None:
        offered = bitrates_of(audio_format, sample_rate_hz)
        if not offered:
            return f"The bit rate of {name} at {sample_rate_hz:,} Hz can’t be chosen."
        if bitrate_kbps not in offered:
            return f"The bit rate of {name} must be one of {', '.join(map(str, offered))} kbit/s."
    return None


def _problem_with_quality(audio_format: AudioFormat, quality: float, bitrate_kbps: int | None) -> str | None:
    name = audio_format.value.upper()
    if bitrate_kbps is not None:
        return "Choose either a bit rate or a quality."
    if audio_format not in QUALITIES:
        return f"The quality of {name} can’t be chosen."
    lowest, highest = QUALITIES[audio_format]
    if not lowest <= quality <= highest:  # also refuses NaN
        return f"The quality of {name} must be from {lowest} to {highest}."
    return None


def _encoder_options(
    audio_format: AudioFormat, sample_rate_hz: int, channels: int, bitrate_kbps: int | None, quality: float | None
) -> dict[str, Any]:
    """libsndfile knows one knob, from 0 (best) to 1 (smallest); how it maps to bit rates was measured."""
    if quality is not None:
        if audio_format is AudioFormat.MP3:
            return {"bitrate_mode": "VARIABLE", "compression_level": quality / 10.0}
        return {"compression_level": 1.0 - quality / 10.0}
    if bitrate_kbps is None:
        return {}
    if audio_format is AudioFormat.MP3:
        offered = bitrates_of(audio_format, sample_rate_hz)
        level = (offered[-1] - bitrate_kbps) / (offered[-1] - offered[0])
        # 1.0 itself is refused; the lowest bit rate is still hit.
        return {"bitrate_mode": "CONSTANT", "compression_level": min(level, 0.999)}
    if audio_format is AudioFormat.OGG:
        return {"compression_level": 1.0 - VORBIS_QUALITIES[bitrate_kbps]}
    level = 1.0 - (bitrate_kbps / channels - 6.0) / 250.0
    return {"compression_level": min(max(level, 0.0), 1.0)}


def _opened(
    target: Path | IO[bytes],
    audio_format: AudioFormat,
    sample_rate_hz: int,
    channels: int,
    depth: BitDepth | None,
    options: dict[str, Any],
) -> Any:
    """What has a `write` and closes itself at the end of a `with`."""
    import soundfile

    from app.audio import system_encoder  # late: a start writes no file

    if isinstance(target, Path):
        quick = system_encoder.opened(target, audio_format, sample_rate_hz, channels, **options)
        if quick is not None:
            return quick
    is_surround = audio_format is AudioFormat.WAV and channels > 2
    sound = soundfile.SoundFile(
        str(target) if isinstance(target, Path) else target,
        "w",
        sample_rate_hz,
        channels,
        _CODECS[audio_format] if depth is None else _PCM[depth],
        format="WAVEX" if is_surround else _CONTAINERS[audio_format],
        **options,
    )
    if is_surround:
        _name_loudspeakers(sound, loudspeakers(channels))
    return sound


def _name_loudspeakers(sound: Any, names: Sequence[int]) -> None:
    """Without them other programs take the centre of three channels for the LFE, and of 7.1 the sides for the front."""
    import soundfile

    if names:
        numbers = soundfile._ffi.new("int[]", names)  # noqa: SLF001 - there is no public way
        soundfile._snd.sf_command(sound._file, _SET_CHANNEL_MAP, numbers, soundfile._ffi.sizeof(numbers))  # noqa: SLF001


def _in_small_blocks(blocks: Iterable[npt.NDArray[np.float32]], channels: int) -> Iterator[npt.NDArray[np.float32]]:
    for block in blocks:
        whole = block.reshape(-1, channels)
        for at in range(0, len(whole), _MOST_FRAMES_A_WRITE):
            yield whole[at : at + _MOST_FRAMES_A_WRITE]


def _as_stored(block: npt.NDArray[np.float32], depth: BitDepth | None) -> npt.NDArray[Any]:
    """Integers are made here: libsndfile cuts off where it should round."""
    import numpy as np

    # LAME ends the process over samples that aren't numbers, and over some that are far too large.
    block = sane(block)
    if depth is BitDepth.INT16:
        shorts: npt.NDArray[Any] = np.clip(np.rint(block * np.float32(1 << 15)), -(1 << 15), (1 << 15) - 1)
        return shorts.astype(np.int16)
    if depth is BitDepth.INT24:
        steps: npt.NDArray[Any] = np.clip(np.rint(block * np.float32(1 << 23)), -(1 << 23), (1 << 23) - 1)
        upper = steps.astype(np.int32)
        upper <<= 8  # libsndfile takes the upper 24 of 32 bits
        return upper
    return block.astype(np.float32, copy=False)
