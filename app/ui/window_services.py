"""What the window works with: everything that the command line has, and sound and sight."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.engine.changes import Changes
from app.engine.services import Services
from app.storage.window_state import WindowStateStore

if TYPE_CHECKING:  # NumPy is read after the first paint, when a wave is drawn or a take is played
    from app.audio.peaks_cache import PeaksCache
    from app.audio.player import Player
    from app.audio.sound_card import OutputDevice


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowServices(Services):
    """Built once, before the window; nothing in it has touched the disk or a device.

    Attributes:
        make_player: Raises PlaybackError where PortAudio is missing. Slow the first time.
        list_devices: Where sound can come out now. Blocks; raises PlaybackError like `make_player`.
        make_peaks: Slow the first time.
        faults: A sentence for the user whenever a fault of the app was logged.
    """

    window_state: WindowStateStore
    make_player: Callable[[], Player]
    list_devices: Callable[[], Sequence[OutputDevice]]
    make_peaks: Callable[[], PeaksCache]
    faults: Changes[str]

    async def open(self) -> None:
        """Open the library; takes that were never measured are measured from now on.

        Raises:
            StorageError: The library can't be opened, or was written by a newer Cuesmith.
        """
        await Services.open(self)  # a class with slots is made twice: `super()` would mean the first one
        self.measuring.start()
