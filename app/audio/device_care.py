"""The output device: chosen, opened when there is something to hear, given back after a while or when it vanished."""

from __future__ import annotations

from collections.abc import Callable

from app.audio.mixer import Mixer
from app.audio.output import Output, open_output
from app.audio.player_events import SILENT, Levels, Monitor
from app.audio.sound_card import OutputDevice, SoundCard
from app.domain.errors import PlaybackError

_RESTS_AFTER_S = 0.5  # what was sent is heard by then
_STALE_AFTER_S = 5.0  # a default device that was opened longer ago may not be the default any more


class DeviceCare:
    """Holds at most one open device.

    Attributes:
        chosen: Where to play, whatever becomes of that device; None is the system's default.
        output: The open device; one reference that is replaced whole, so that others may read it.
    """

    def __init__(
        self,
        sound_card: SoundCard,
        device: OutputDevice | None,
        *,
        latency_s: float,
        fade_s: float,
        close_after_s: float,
        stall_s: float,
        clock: Callable[[], float],
    ) -> None:
        self.chosen = device
        self.output: Output | None = None
        self._sound_card = sound_card
        self._latency_s = latency_s
        self._fade_s = fade_s
        self._close_after_s = close_after_s
        self._stall_s = stall_s
        self._clock = clock
        self._gain = 1.0
        self._monitor = Monitor.STEREO
        self._silent_since = clock()
        self._is_resting = False
        self._rates: dict[tuple[OutputDevice | None, int], int] = {}  # what a device took for the rate of a file
        self._earlier_underruns = 0

    @property
    def underruns(self) -> int:
        output = self.output
        return self._earlier_underruns + (0 if output is None else output.mixer.underruns)

    def take_levels(self) -> Levels:
        output = self.output
        return SILENT if output is None else output.mixer.take_levels()

    def rate_for(self, file_rate_hz: int) -> int:
        """The rate that the device most likely will be open at for such a file."""
        output = self.output
        if output is not None and output.file_rate_hz == file_rate_hz:
            return output.mixer.rate_hz
        return self._rates.get((self.chosen, file_rate_hz), file_rate_hz)

    def warm(self) -> None:
        """Start the sound system, which takes a while the first time.

        Raises:
            PlaybackError: There is none.
        """
        if self.output is None:
            self._sound_card.warm()

    def open(self, file_rate_hz: int, prepare: Callable[[Mixer], None]) -> Output:
        """Open the chosen device; see `open_output`.

        Raises:
            PlaybackError: It isn't there or can't be opened.
        """
        output = open_output(
            self._sound_card,
            self.chosen,
            file_rate_hz,
            prepare,
            gain=self._gain,
            monitor=self._monitor,
            latency_s=self._latency_s,
            fade_s=self._fade_s,
            clock=self._clock,
        )
        self._rates[self.chosen, file_rate_hz] = output.mixer.rate_hz
        self.output = output
        self.note_sound()
        self._is_resting = False
        return output

    def wake(self, file_rate_hz: int) -> bool:
        """Whether the open device can play such a file now. If not, it has to be given back."""
        output = self.output
        if output is None:
            return False
        is_stale = (
            self._is_resting
            and self.chosen is None
            and not self._sound_card.default_moves_along
            and self._clock() - self._silent_since > _STALE_AFTER_S
        )
        if is_stale or output.file_rate_hz != file_rate_hz or self.has_vanished or not output.wake():
            return False
        self._is_resting = False
        return True

    def note_sound(self) -> None:
        """Something sounds until now."""
        self._silent_since = self._clock()

    def look_after_silence(self) -> bool:
        """Nothing sounds. False if the device isn't needed any longer."""
        silent_s = self._clock() - self._silent_since
        if not self._is_resting and silent_s >= _RESTS_AFTER_S and self.output is not None:
            self._is_resting = True
            self.output.rest()
        return silent_s < self._close_after_s

    @property
    def has_vanished(self) -> bool:
        output = self.output
        return output is not None and output.has_vanished(self._clock(), self._stall_s)

    def give_back(self) -> None:
        """Close the device; one that vanished isn't waited for."""
        output, has_vanished = self.output, self.has_vanished
        if output is None:
            return
        self._earlier_underruns += output.mixer.underruns
        self.output = None
        if has_vanished:
            output.abandon()
        else:
            output.close()

    def vanished(self) -> PlaybackError:
        """What to tell about it."""
        name = "The output device" if self.chosen is None else self.chosen.name
        return PlaybackError(f"{name} is gone. Connect it again or choose another output device, then play on.")

    def set_gain(self, gain: float) -> None:
        self._gain = gain
        if self.output is not None:
            self.output.mixer.gain = gain

    def set_monitor(self, monitor: Monitor) -> None:
        self._monitor = monitor
        if self.output is not None:
            self.output.mixer.monitor = monitor
