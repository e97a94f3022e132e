"""Where sound comes out and how loud: a button with a list of devices, and a volume slider."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from itertools import groupby
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRectF, Signal
from PySide6.QtGui import QAction, QColor, QPainter
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QWidget

from app.domain.errors import AppError
from app.ui.background import Background
from app.ui.controls.ghost_button import GhostButton, IconButton
from app.ui.controls.slider import Slider
from app.ui.readouts import rate
from app.ui.theme import Theme
from app.ui.volume_scale import STEPS, gain_db_of, step_of

if TYPE_CHECKING:
    from app.audio.sound_card import OutputDevice

NO_DEVICE = "No output device. Plug one in or choose another."
NOT_CONNECTED = "{name}, not connected"
AWAY = "{name} isn’t connected. Sound goes to the system’s own output until it is back."
_SLIDER_PX, _ARROW_PX = 64, 12
_LONGEST_NAME = 32


def device_key(device: OutputDevice) -> str:
    """How a device is remembered: `HOST API/NAME`."""
    return f"{device.host_api}/{device.name}"


class OutputDeviceChooser(QWidget):
    """Devices are listed off the GUI thread, each time anew.

    A chosen device that isn't connected stays the chosen one. Until it is back the system's own output is used; it is
    looked for when the menu opens, before each play, and when a device was lost.

    Args:
        list_devices: May block and may raise PlaybackError.
    """

    device_chosen = Signal(object)  # OutputDevice, or None for the system's default
    volume_changed = Signal(float)  # dB; -inf is silence
    device_missing = Signal(str)  # a sentence

    def __init__(
        self,
        theme: Theme,
        list_devices: Callable[[], Sequence[OutputDevice]],
        background: Background,
        *,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._list_devices = list_devices
        self._background = background
        self._key: str | None = None
        self._is_listing = False
        self._is_missing = False
        self._is_away = False
        self._step_before_mute = STEPS
        self._device = _DeviceButton(theme)
        self._mute = IconButton(theme, "volume-2", "Mute", size=24, icon_size=14)
        self._volume = Slider(theme, "Volume")
        self._volume.setRange(0, STEPS)
        self._volume.setPageStep(10)
        self._volume.setValue(STEPS)
        self._menu = QMenu(self)
        self._menu.setAccessibleName("Output device")
        self._device.clicked.connect(self.open_menu)
        self._mute.clicked.connect(self._toggle_mute)
        self._volume.valueChanged.connect(self._on_volume)
        self._volume.reset.connect(lambda: self._volume.setValue(STEPS))
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        for widget in (self._device, self._mute, self._volume):
            self._row.addWidget(widget)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._refresh_from_theme)
        self._refresh_from_theme()
        self._show_name("Default output")
        self._on_volume(STEPS)

    # what is shown

    def restore(self, key: str | None, volume_db: float) -> None:
        """Take up what was chosen at the last start; asks for the devices, so not before the first paint.

        Args:
            key: As `device_key` gives it; None is the system's default.
        """
        self._key = key
        self._volume.setValue(step_of(volume_db))
        self._ask(self._on_restored)

    def show_missing(self) -> None:
        """Nothing can be heard: the player found no device, or lost it."""
        self._is_missing = True
        self._show_name("No output device", missing=True)

    def show_found(self) -> None:
        """Something is heard: if a device was missing, it is there again."""
        if self._is_missing:
            self._ask(self._on_found)

    def look_after_loss(self) -> None:
        """A device was lost while it played; perhaps the chosen one."""
        self._ask(self._on_lost, is_told=False)

    def look_for_chosen(self) -> Coroutine[None, None, None] | None:
        """Look whether the chosen device is back, to be awaited before anything is played; None if it isn't away."""
        return self._look() if self._is_away else None

    @property
    def is_away(self) -> bool:
        """Whether another device than the chosen one is used, which isn't connected."""
        return self._is_away

    @property
    def key(self) -> str | None:
        """The chosen device, as it is remembered."""
        return self._key

    @property
    def volume_db(self) -> float:
        return gain_db_of(self._volume.value())

    def open_menu(self) -> None:
        """List the devices of this moment and offer them."""
        self._ask(self._offer)

    @property
    def offers(self) -> list[QAction]:
        """The entries of the menu as it was opened last."""
        return [action for action in self._menu.actions() if action.isCheckable()]

    # devices

    def _ask(self, then: Callable[[Sequence[OutputDevice]], None], *, is_told: bool = True) -> None:
        if not self._is_listing:
            self._is_listing = True
            self._background.start(self._list(then, is_told=is_told))

    async def _list(self, then: Callable[[Sequence[OutputDevice]], None], *, is_told: bool) -> None:
        try:
            devices = await asyncio.to_thread(self._list_devices)
        except AppError as error:
            self.show_missing()
            if is_told:
                self.device_missing.emit(str(error))
            return
        finally:
            self._is_listing = False
        then(devices)

    async def _look(self) -> None:
        with suppress(AppError):  # playing says what is wrong with the sound system
            self._take_back(await asyncio.to_thread(self._list_devices))

    def _on_restored(self, devices: Sequence[OutputDevice]) -> None:
        wanted = self._wanted(devices)
        if not devices:
            self.show_missing()
        elif wanted is None:
            self._show_away()
            self.device_missing.emit(AWAY.format(name=self._chosen_name))
        else:
            self._show_device(wanted)
            if self._key is not None:
                self.device_chosen.emit(wanted)

    def _on_lost(self, devices: Sequence[OutputDevice]) -> None:
        if not devices:
            self.show_missing()
        elif self._wanted(devices) is None and not self._is_away:
            self._show_away()
            self.device_chosen.emit(None)
        elif not self._is_away:
            self._show_device(self._wanted(devices))

    def _on_found(self, devices: Sequence[OutputDevice]) -> None:
        if devices:
            self._is_missing = False
            if self._wanted(devices) is None:
                self._show_away()
            else:
                self._show_device(self._wanted(devices))

    def _take_back(self, devices: Sequence[OutputDevice]) -> None:
        """Use the chosen device again if it is there again."""
        wanted = self._wanted(devices) if self._is_away else None
        if wanted is not None:
            self._show_device(wanted)
            self.device_chosen.emit(wanted)

    def _offer(self, devices: Sequence[OutputDevice]) -> None:
        self._menu.clear()
        if not devices:
            self.show_missing()
            self.device_missing.emit(NO_DEVICE)
            return
        self._take_back(devices)
        default = self._default(devices)
        self._add(f"System default: {default.name}" if default else "System default", None, default)
        if self._is_away:
            gone = self._add(NOT_CONNECTED.format(name=self._chosen_name), None, None)
            gone.setChecked(True)
            gone.setEnabled(False)
        by_host = sorted(devices, key=lambda device: device.host_api)
        for host_api, group in groupby(by_host, key=lambda device: device.host_api):
            self._menu.addSection(host_api)
            for device in group:
                self._add(device.name, device, device)
        self._menu.adjustSize()
        height = self._menu.sizeHint().height()
        self._menu.popup(self._device.mapToGlobal(QPoint(0, -height - self._theme.px(2))))

    def _add(self, text: str, device: OutputDevice | None, shown: OutputDevice | None) -> QAction:
        action = QAction(text.replace("&", "&&"), self._menu)
        action.setCheckable(True)
        action.setChecked(self._key == (device_key(device) if device else None))
        action.triggered.connect(lambda: self._choose(device, shown))
        self._menu.addAction(action)
        return action

    def _choose(self, device: OutputDevice | None, shown: OutputDevice | None) -> None:
        self._key = device_key(device) if device else None
        self._show_device(shown)
        self.device_chosen.emit(device)

    def _wanted(self, devices: Sequence[OutputDevice]) -> OutputDevice | None:
        if self._key is None:
            return self._default(devices)
        return next((device for device in devices if device_key(device) == self._key), None)

    def _default(self, devices: Sequence[OutputDevice]) -> OutputDevice | None:
        return next((device for device in devices if device.is_default), devices[0] if devices else None)

    def _show_device(self, device: OutputDevice | None) -> None:
        if device is not None:
            self._is_missing = self._is_away = False
            name = device.name if len(device.name) <= _LONGEST_NAME else f"{device.name[:_LONGEST_NAME]}…"
            self._show_name(f"{name}, {rate(device.default_sample_rate_hz)}")
            self._device.setToolTip(f"Output device: {device.name} ({device.host_api})")

    def _show_away(self) -> None:
        """The chosen device isn't connected; sound goes elsewhere."""
        self._is_missing, self._is_away = False, True
        name = self._chosen_name
        short = name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}…"
        self._show_name(NOT_CONNECTED.format(name=short), missing=True)
        self._device.setToolTip(AWAY.format(name=name))

    @property
    def _chosen_name(self) -> str:
        return (self._key or "").partition("/")[2]

    def _show_name(self, text: str, *, missing: bool = False) -> None:
        self._device.setText(text)
        self._device.set_icon("triangle-alert" if missing else "headphones")
        self._device.setAccessibleName(f"Output device: {text}")
        self._device.setToolTip(NO_DEVICE if missing else "Output device")

    # volume

    def _on_volume(self, step: int) -> None:
        is_silent = step == 0
        self._mute.set_icon("volume-x" if is_silent else "volume-2")
        self._mute.set_name("Unmute" if is_silent else "Mute")
        gain_db = gain_db_of(step)
        self._volume.setToolTip("Silent" if math.isinf(gain_db) else f"Volume {gain_db:.1f} dB".replace("-", "−"))
        self.volume_changed.emit(gain_db)

    def _toggle_mute(self) -> None:
        if self._volume.value() == 0:
            self._volume.setValue(self._step_before_mute)
        else:
            self._step_before_mute = self._volume.value()
            self._volume.setValue(0)

    def _refresh_from_theme(self) -> None:
        self._row.setSpacing(self._theme.px(4))
        self._volume.setFixedWidth(self._theme.px(_SLIDER_PX))


class _DeviceButton(GhostButton):
    """The name of the device, with an arrow: there are more."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "", icon="headphones", size="row")

    def extra_width(self) -> int:
        return self._theme.px(_ARROW_PX + 4)

    def paint_extra(self, painter: QPainter, rect: QRectF, color: QColor) -> None:  # noqa: ARG002 - has a role
        side = self._theme.px(_ARROW_PX)
        ratio = self.devicePixelRatioF()
        arrow = self._theme.pixmap("chevron-down", "text2", size=_ARROW_PX, device_pixel_ratio=ratio)
        painter.drawPixmap(round(rect.right()) - side, round((self.height() - side) / 2), arrow)
