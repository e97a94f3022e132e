"""Output devices, and PortAudio itself: the one place that imports sounddevice.

A device is remembered by its name and host API, because PortAudio's numbers change when one is plugged in.
All functions may block (PortAudio asks the sound system): call them off the GUI thread.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Collection
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING, Any

from app.audio import runaway_threads
from app.audio.sound_card import ChannelsRefused, Fill, OutputDevice, OutputStream, RateRefused
from app.domain.errors import PlaybackError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_INVALID_CHANNEL_COUNT, _INVALID_SAMPLE_RATE = -9998, -9997  # PortAudio's paInvalid...
_NOT_THERE = {-9999, -9996, -9985}  # its host error, invalid and unavailable device: what is said of one that is away
_LONGEST_BELIEVABLE_DELAY_S = 5.0
_CLOSING_PATIENCE_S = 1.0  # closing a device that vanished may take forever: it goes on in the background
_WATCHED_EVERY_S = 0.05
_MANY_WRITES = 100  # between two looks; one that runs away makes thousands, one that waits for its device some
_NEWS_S = 1.0


def list_output_devices() -> list[OutputDevice]:
    """The output devices as PortAudio saw them when it was started.

    For a look from outside; beside a player ask its own `PortAudio`, which knows when it may look anew.

    Raises:
        PlaybackError: The PortAudio library is missing.
    """
    return _read_devices(_sounddevice())


def find(name: str, host_api: str) -> OutputDevice | None:
    """The device with this name on this host API, or None if it isn't there."""
    return _find_in(list_output_devices(), name, host_api)


def portaudio_version() -> str:
    """PortAudio's own version text.

    Raises:
        PlaybackError: The PortAudio library is missing.
    """
    return str(_sounddevice().get_portaudio_version()[1])


class PortAudio:
    """The computer's sound system; one for the whole app, since it must know of every open stream.

    PortAudio notices new devices, and on most systems another default device, only when it is started again,
    which cuts off every open stream. So it is started again when nothing sounds and somebody asks.
    """

    default_moves_along = sys.platform == "linux"  # its default is a name that the sound server resolves, and moves

    def __init__(self) -> None:
        self._settled = threading.Condition(threading.RLock())
        self._streams: set[_PortAudioStream] = set()
        self._looked_at_s: float | None = None

    def warm(self) -> None:
        """Load and start PortAudio.

        Raises:
            PlaybackError: The PortAudio library is missing.
        """
        _sounddevice()

    def list_output_devices(self) -> list[OutputDevice]:
        """All output devices; newly plugged ones are seen unless something sounds.

        Raises:
            PlaybackError: The PortAudio library is missing.
        """
        sounddevice = _sounddevice()
        with self._settled:
            for stream in [each for each in self._streams if each.is_resting]:
                stream.close()
            self._look_anew(sounddevice)
            return _read_devices(sounddevice)

    def find(self, name: str, host_api: str) -> OutputDevice | None:
        """The device with this name on this host API, or None if it isn't there now."""
        return _find_in(self.list_output_devices(), name, host_api)

    def open(
        self,
        device: OutputDevice | None,
        *,
        sample_rate_hz: int,
        channels: int,
        latency_s: float,
        fill: Fill,
    ) -> OutputStream:
        """Open and start a stream of 32 bit floats; None is the system's default device.

        Raises:
            RateRefused: The device is there but doesn't take this rate.
            ChannelsRefused: The device is there but hasn't that many channels.
            PlaybackError: No such device, it is busy, or the PortAudio library is missing.
        """
        sounddevice = _sounddevice()
        wish = _Wish(device, sample_rate_hz, channels, latency_s, fill)
        with self._settled:
            self._settled.wait_for(lambda: not any(each.is_abandoned for each in self._streams), _CLOSING_PATIENCE_S)
            if device is None and not self.default_moves_along and self._is_old_news:
                self._look_anew(sounddevice)
            try:
                stream = _open(sounddevice, wish, self)
            except PlaybackError as exc:
                if isinstance(exc, RateRefused | ChannelsRefused) or not self._look_anew(sounddevice):
                    raise
                stream = _open(sounddevice, wish, self)
            self._streams.add(stream)
        return stream

    @property
    def _is_old_news(self) -> bool:
        return self._looked_at_s is None or time.monotonic() - self._looked_at_s > _NEWS_S

    def _look_anew(self, sounddevice: ModuleType) -> bool:
        if self._streams:
            return False
        # sounddevice has no public way to start PortAudio again.
        try:
            sounddevice._terminate()  # noqa: SLF001
            sounddevice._initialize()  # noqa: SLF001
        except sounddevice.PortAudioError as exc:
            raise PlaybackError(f"The sound system can’t be started: {_reason(exc)}.") from exc
        self._looked_at_s = time.monotonic()
        return True

    def rest(self, stream: _PortAudioStream, *, is_resting: bool) -> bool:
        """Note whether a stream may be closed unasked; False if it was."""
        with self._settled:
            stream.is_resting = is_resting
            return stream in self._streams

    def forget(self, stream: _PortAudioStream) -> None:
        """A stream was closed."""
        with self._settled:
            self._streams.discard(stream)
            self._settled.notify_all()


@dataclass(frozen=True, slots=True)
class _Wish:
    device: OutputDevice | None
    sample_rate_hz: int
    channels: int
    latency_s: float
    fill: Fill


class _Feeding:
    """What PortAudio calls for samples.

    Attributes:
        calls: How often it did.
        is_filling: It is doing so.
        is_over: The stream was closed, or is being closed by a thread that hangs.
    """

    def __init__(self, fill: Fill) -> None:
        self.calls = 0
        self.is_filling = False
        self.is_over = False
        self.latency_s = 0.0
        self._fill = fill

    def __call__(self, outdata: npt.NDArray[np.float32], _frames: int, time: Any, status: Any) -> None:
        self.calls += 1
        if self.is_over:
            outdata.fill(0)
            return
        self.is_filling = True
        delay_s = time.outputBufferDacTime - time.currentTime
        if not 0 <= delay_s < _LONGEST_BELIEVABLE_DELAY_S:  # some drivers leave the times at zero
            delay_s = self.latency_s
        self._fill(outdata, delay_s, bool(status.output_underflow))
        self.is_filling = False


class _PortAudioStream:
    """One open stream; closing it twice is harmless."""

    def __init__(
        self, stream: Any, wish: _Wish, feeding: _Feeding, owner: PortAudio, thread_ids: Collection[int]
    ) -> None:
        self.is_resting = False
        self.is_abandoned = False
        self._stream = stream
        self._feeding = feeding
        self._owner = owner
        self._thread_ids = thread_ids
        self._closing: threading.Thread | None = None
        self._is_gone = threading.Event()
        self.sample_rate_hz = wish.sample_rate_hz
        self.channels = wish.channels
        if thread_ids:
            threading.Thread(target=self._watch, name="watch sound device", daemon=True).start()

    @property
    def latency_s(self) -> float:
        return float(self._stream.latency)

    @property
    def is_active(self) -> bool:
        return self._closing is None and bool(self._stream.active)

    def rest(self) -> None:
        self._owner.rest(self, is_resting=True)

    def wake(self) -> bool:
        return self._owner.rest(self, is_resting=False)

    def close(self) -> None:
        """Stop at once, without playing out what is queued; a device that hangs is left to a thread after a second."""
        if self._closing is None:
            self._begin_to_close()
            if self._is_gone.wait(_CLOSING_PATIENCE_S):
                self._owner.forget(self)  # at once: the thread may have to wait for who closes
            else:
                self.is_abandoned = True

    def abandon(self) -> None:
        self.is_abandoned = True
        if self._closing is None:
            self._begin_to_close()

    def _begin_to_close(self) -> None:
        self._feeding.is_over = True
        self._closing = threading.Thread(target=self._close, name="close sound device", daemon=True)
        self._closing.start()

    def _close(self) -> None:
        try:
            self._stream.close(ignore_errors=True)
        finally:
            self._is_gone.set()
            self._owner.forget(self)

    def _watch(self) -> None:
        """End the stream's thread if it prints and prints, and asks for no samples."""
        calls, before = -1, dict[int, int]()
        while not self._is_gone.wait(_WATCHED_EVERY_S):
            writes = runaway_threads.writes(self._thread_ids)
            is_asking = calls != self._feeding.calls or self._feeding.is_filling
            running = [each for each, count in writes.items() if count - before.get(each, count) > _MANY_WRITES]
            calls, before = self._feeding.calls, writes
            if running and not is_asking:
                runaway_threads.end(running)


def _sounddevice() -> ModuleType:
    try:
        import sounddevice
    except OSError as exc:
        raise PlaybackError(
            "Sound can’t be played because the PortAudio library is missing. "
            "On Debian or Ubuntu, install libportaudio2, then start Cuesmith again."
        ) from exc
    module: ModuleType = sounddevice
    return module


def _read_devices(sounddevice: ModuleType) -> list[OutputDevice]:
    try:
        host_apis = sounddevice.query_hostapis()
        devices = sounddevice.query_devices()
        default = sounddevice.default.device[1]
    except sounddevice.PortAudioError as exc:
        raise PlaybackError(f"The output devices can’t be listed: {_reason(exc)}.") from exc
    if default < 0 and host_apis:
        default = host_apis[0]["default_output_device"]
    return [
        OutputDevice(
            name=device["name"],
            host_api=host_apis[device["hostapi"]]["name"],
            channels=device["max_output_channels"],
            default_sample_rate_hz=round(device["default_samplerate"]),
            is_default=device["index"] == default,
        )
        for device in devices
        if device["max_output_channels"] > 0
    ]


def _find_in(devices: list[OutputDevice], name: str, host_api: str) -> OutputDevice | None:
    for device in devices:
        if device.name == name and device.host_api == host_api:
            return device
    return None


def _open(sounddevice: ModuleType, wish: _Wish, owner: PortAudio) -> _PortAudioStream:
    feeding = _Feeding(wish.fill)
    try:
        stream = sounddevice.OutputStream(
            device=_index_of(sounddevice, wish.device),
            samplerate=wish.sample_rate_hz,
            channels=wish.channels,
            dtype="float32",
            latency=wish.latency_s,
            callback=feeding,
        )
        feeding.latency_s = stream.latency
        others = runaway_threads.threads()
        _start(stream)
    except (sounddevice.PortAudioError, ValueError) as exc:
        if _INVALID_SAMPLE_RATE in exc.args:
            raise RateRefused(f"The output device doesn’t take {wish.sample_rate_hz:,} Hz.") from exc
        if _INVALID_CHANNEL_COUNT in exc.args:
            raise ChannelsRefused(f"The output device hasn’t {wish.channels} channels.") from exc
        raise PlaybackError(_could_not_open(wish.device, exc)) from exc
    others |= {each.native_id for each in threading.enumerate() if each.native_id is not None}  # begun meanwhile
    return _PortAudioStream(stream, wish, feeding, owner, runaway_threads.threads() - others)


def _start(stream: Any) -> None:
    try:
        stream.start()
    except BaseException:
        stream.close(ignore_errors=True)
        raise


def _index_of(sounddevice: ModuleType, device: OutputDevice | None) -> int:
    if device is None:
        default = int(sounddevice.default.device[1])
        if default < 0:
            raise PlaybackError("There is no sound output. Connect a device, then play again.")
        return default
    for index, found in enumerate(sounddevice.query_devices()):
        host_api = sounddevice.query_hostapis(found["hostapi"])["name"]
        if (found["name"], host_api) == (device.name, device.host_api) and found["max_output_channels"] > 0:
            return index
    raise PlaybackError(f"{device.name} isn’t connected. Connect it or choose another output device.")


def _could_not_open(device: OutputDevice | None, exc: Exception) -> str:
    name = "The output device" if device is None else device.name
    if _NOT_THERE.intersection(exc.args):
        return (
            f"{name} isn’t connected, or another program holds it ({_reason(exc)}). "
            "Connect it or choose another output device, then play again."
        )
    return f"{name} can’t be opened: {_reason(exc)}. Choose another output device or play again."


def _reason(exc: Exception) -> str:
    return str(exc.args[0] if exc.args else exc).rstrip(".")
