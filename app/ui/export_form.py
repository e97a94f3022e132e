"""The fields of an export: folder, name, format, level and ends, and what is wrong with each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QDir, Signal
from PySide6.QtWidgets import QFileDialog, QGridLayout, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from app.audio.formats import BIT_DEPTHS, RATES, bitrates_of
from app.domain.audio import AudioFormat, AudioInfo, BitDepth
from app.domain.errors import Problem
from app.domain.export_settings import ExportSettings
from app.engine.name_template import FIELDS
from app.ui.controls.button import Button
from app.ui.controls.choice import Choice, ChoiceOption
from app.ui.controls.divider import Divider
from app.ui.controls.field_row import FieldRow
from app.ui.controls.ghost_button import GhostButton
from app.ui.controls.segmented import SegmentedControl
from app.ui.controls.text_field import TextField
from app.ui.export_ends import ExportEnds
from app.ui.export_level_fields import ExportLevelFields
from app.ui.readouts import exact_rate, format_name
from app.ui.theme import Theme

AS_IT_IS = "as-it-is"
_QUALITY = "quality:"
_QUALITIES = {AudioFormat.MP3: (0, 2, 4, 6), AudioFormat.OGG: (10, 8, 6, 5, 4, 2)}
_PLACES = {**dict.fromkeys(("gain", "loudness", "momentary", "peak"), "level"), "quality": "bitrate"}
"""Problems of these fields stand at another one."""
_DEPTHS = ((BitDepth.INT16, "16"), (BitDepth.INT24, "24"), (BitDepth.FLOAT32, "32 float"))


class ExportForm(QWidget):
    """Settings in, settings out; `changed` follows every change by the user.

    Args:
        infos: What the takes are: what stays as it is, and whether it is the same for all.
    """

    changed = Signal()

    def __init__(
        self, theme: Theme, infos: Sequence[AudioInfo], settings: ExportSettings, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._infos = infos
        self._base = settings
        self._picker: QFileDialog | None = None
        self._folder = TextField(theme, "Folder", icon="folder-open")
        self._name = TextField(theme, "Name")
        self._format = SegmentedControl(theme, "Format", [(each.value, format_name(each)) for each in AudioFormat])
        self._depth = SegmentedControl(theme, "Bit depth", [(depth.value, text) for depth, text in _DEPTHS])
        self._bitrate = Choice(theme, "Bit rate")
        self._rate = Choice(theme, "Sample rate")
        self._channels = SegmentedControl(theme, "Channels", [(AS_IT_IS, "As it is"), ("1", "Mono"), ("2", "Stereo")])
        self._levels = ExportLevelFields(theme, settings, self)
        self.ends = ExportEnds(theme, settings, self)
        self._rows = {**self._build_rows(), **self._levels.rows, **self.ends.rows}
        self._lay_out()
        self._connect()
        self._show(settings)
        theme.changed.connect(self._refresh_from_theme)
        self._refresh_from_theme()

    # values

    def settings(self) -> ExportSettings:
        """What the fields say; what can't be asked for together is left out."""
        audio_format = AudioFormat(self._format.value() or AudioFormat.WAV)
        folder = self._folder.text().strip()
        bitrate_kbps, quality = _size_wish(self._bitrate.value())
        return replace(
            self._levels.applied(self.ends.applied(self._base)),
            folder=Path(folder).expanduser() if folder else None,
            name=self._name.text().strip(),
            format=audio_format,
            sample_rate_hz=_whole(self._rate.value()),
            channels=_whole(self._channels.value()),
            bit_depth=BitDepth(self._depth.value() or BitDepth.INT24) if audio_format.is_lossless else None,
            bitrate_kbps=None if audio_format.is_lossless else bitrate_kbps,
            quality=None if audio_format.is_lossless else quality,
        )

    def show_problems(self, problems: Iterable[Problem]) -> list[Problem]:
        """Put each problem at its field; those that have no field here come back."""
        by_field = {_PLACES.get(problem.field, problem.field): problem for problem in problems}
        for field, row in self._rows.items():
            problem = by_field.pop(field, None)
            row.set_error(problem.message if problem else None)
        return list(by_field.values())

    @property
    def has_typed_problem(self) -> bool:
        """Whether a number was typed that can't be used."""
        return self._levels.has_typed_problem

    def focus_first_problem(self) -> None:
        """Go to the first field that has to be mended."""
        wrong = next((row for row in self._rows.values() if row.error()), None)
        if wrong is not None:
            wrong.control.setFocus()

    @property
    def rows(self) -> dict[str, FieldRow]:
        """The rows by the names that problems give their fields."""
        return self._rows

    def add_row(self, row: QWidget) -> None:
        """Put another row below the name."""
        self._column.insertWidget(2, row)

    # building

    def _build_rows(self) -> dict[str, FieldRow]:
        choose = Button(self._theme, "Choose")
        choose.clicked.connect(self._choose_folder)
        choose.setAccessibleName("Choose a folder")
        field = GhostButton(self._theme, "Field", icon="plus")
        field.setAccessibleName("Add a field to the name")
        field.clicked.connect(partial(self._offer_fields, field))
        controls = (
            ("folder", "Folder", self._folder, choose),
            ("name", "Name", self._name, field),
            ("format", "Format", self._format, None),
            ("bit_depth", "Bit depth", self._depth, None),
            ("bitrate", "Bit rate", self._bitrate, None),
            ("sample_rate", "Sample rate", self._rate, None),
            ("channels", "Channels", self._channels, None),
        )
        return {
            name: FieldRow(self._theme, label, control, trailing=trailing)
            for name, label, control, trailing in controls
        }

    def _lay_out(self) -> None:
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self._rows["folder"])
        self._column.addWidget(self._rows["name"])
        self._column.addWidget(Divider(self._theme))
        self._grid = QGridLayout()
        places = ("format", "bit_depth", "sample_rate", "channels", *self._levels.rows, *self.ends.rows)
        for number, field in enumerate(places):
            self._grid.addWidget(self._rows[field], number // 2, number % 2)
        depth_or_rate = QHBoxLayout()
        depth_or_rate.addWidget(self._rows["bit_depth"])
        depth_or_rate.addWidget(self._rows["bitrate"])
        self._grid.addLayout(depth_or_rate, 0, 1)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1)
        self._column.addLayout(self._grid)

    def _connect(self) -> None:
        self._folder.textChanged.connect(self._on_changed)
        self._name.textChanged.connect(self._on_changed)
        controls: tuple[SegmentedControl | Choice, ...] = (
            self._format,
            self._depth,
            self._bitrate,
            self._rate,
            self._channels,
        )
        for control in controls:
            control.changed.connect(self._on_changed)
        self._levels.changed.connect(self.changed)
        self.ends.changed.connect(self.changed)

    # showing

    def _show(self, settings: ExportSettings) -> None:
        self._folder.setText(str(settings.folder or default_folder()))
        self._name.setText(settings.name)
        own = {info.format for info in self._infos}
        audio_format = settings.format or (own.pop() if len(own) == 1 else AudioFormat.WAV)
        self._format.set_value(audio_format.value)
        depths = [depth for depth, _text in _DEPTHS]
        own_depths = [info.bit_depth for info in self._infos if info.bit_depth]
        finest = max(own_depths, key=depths.index, default=BitDepth.INT24)
        self._depth.set_value((settings.bit_depth or finest).value)
        self._channels.set_value(str(settings.channels) if settings.channels in (1, 2) else AS_IT_IS)
        self._refresh(settings.sample_rate_hz, _size_key(settings.bitrate_kbps, settings.quality))

    def _on_changed(self) -> None:
        self._refresh(_whole(self._rate.value()), self._bitrate.value() or AS_IT_IS)
        self.changed.emit()

    def _refresh(self, rate_hz: int | None, size: str) -> None:
        """Offer what the chosen format can have; what it can't have falls back to "as it is"."""
        audio_format = AudioFormat(self._format.value() or AudioFormat.WAV)
        self._fill(self._rate, _rates(audio_format, self._infos), _key(rate_hz))
        own_rates = {info.sample_rate_hz for info in self._infos}
        kept_rate = rate_hz or (own_rates.pop() if len(own_rates) == 1 else 48_000)
        self._fill(self._bitrate, _sizes(audio_format, kept_rate), size)
        allowed = BIT_DEPTHS[audio_format]
        for depth, _text in _DEPTHS:
            name = format_name(audio_format)
            self._depth.set_option_enabled(depth.value, not allowed or depth in allowed, f"{name} can’t have it")
        if allowed and BitDepth(self._depth.value() or BitDepth.INT24) not in allowed:
            self._depth.set_value(allowed[-1].value)
        self._rows["bit_depth"].setVisible(audio_format.is_lossless)
        self._rows["bitrate"].setVisible(not audio_format.is_lossless)

    def _fill(self, choice: Choice, options: Sequence[ChoiceOption | tuple[str, str]], wanted: str) -> None:
        choice.set_options(options)
        choice.set_value(wanted if wanted in choice.keys() else AS_IT_IS)  # noqa: SIM118 - not a dict

    # the folder and the fields of the name

    def _choose_folder(self) -> None:
        """Qt's own dialog: a system's would block the loop on some platforms."""
        picker = QFileDialog(self, "Export into", self._nearest_folder())
        picker.setFileMode(QFileDialog.FileMode.Directory)
        picker.setOption(QFileDialog.Option.ShowDirsOnly)
        picker.setOption(QFileDialog.Option.DontUseNativeDialog)
        picker.setLabelText(QFileDialog.DialogLabel.Accept, "Choose folder")
        picker.fileSelected.connect(self._folder.setText)
        picker.finished.connect(picker.deleteLater)
        picker.open()
        self._picker = picker

    def _nearest_folder(self) -> str:
        folder = Path(self._folder.text().strip() or default_folder()).expanduser()
        there = next((each for each in (folder, *folder.parents) if each.is_dir()), Path.home())
        return str(there)

    def _offer_fields(self, below: QWidget) -> None:
        menu = QMenu(self)
        for name in FIELDS:
            menu.addAction(name, partial(self._add_field, name))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(below.mapToGlobal(below.rect().bottomLeft()))

    def _add_field(self, name: str) -> None:
        self._name.insert(f"{{{name}}}")
        self._name.setFocus()

    def _refresh_from_theme(self) -> None:
        px = self._theme.px
        self._column.setSpacing(px(4))
        self._grid.setHorizontalSpacing(px(32))
        self._grid.setVerticalSpacing(px(2))


def default_folder() -> Path:
    """Where exports go until a folder was chosen: where the clips are that are dragged out, see `Locations`."""
    return Path(QDir.homePath()) / "Cuesmith"  # asked of Qt, which has an answer also for an account without a home


def _key(value: float | None) -> str:
    return AS_IT_IS if value is None else f"{value:g}"


def _whole(key: str | None) -> int | None:
    return None if key in (None, AS_IT_IS) else int(key)


def _rates(audio_format: AudioFormat, infos: Sequence[AudioInfo]) -> list[tuple[str, str]]:
    own = {info.sample_rate_hz for info in infos}
    as_it_is = f"{exact_rate(own.pop())}, as it is" if len(own) == 1 else "As it is"
    usual = [hz for hz in RATES[audio_format] if hz >= 16_000]
    return [(AS_IT_IS, as_it_is), *((str(hz), exact_rate(hz)) for hz in reversed(usual))]


def _sizes(audio_format: AudioFormat, rate_hz: int) -> list[ChoiceOption]:
    """What a lossy file can be sized by: the encoder’s own choice, its qualities, or bits a second."""
    group = "Constant" if audio_format is AudioFormat.MP3 else "On average"
    return [
        ChoiceOption(AS_IT_IS, "Automatic"),
        *(
            ChoiceOption(_size_key(None, quality), _quality_words(audio_format, quality), group="Variable")
            for quality in _QUALITIES.get(audio_format, ())
        ),
        *(
            ChoiceOption(_size_key(kbps, None), f"{kbps} kbps", group=group)
            for kbps in reversed(bitrates_of(audio_format, rate_hz))
        ),
    ]


def _quality_words(audio_format: AudioFormat, quality: int) -> str:
    name, best = ("V", 0) if audio_format is AudioFormat.MP3 else ("Quality ", 10)
    return f"{name}{quality}, the best" if quality == best else f"{name}{quality}"


def _size_key(bitrate_kbps: int | None, quality: float | None) -> str:
    return f"{_QUALITY}{quality:g}" if quality is not None else _key(bitrate_kbps)


def _size_wish(key: str | None) -> tuple[int | None, float | None]:
    """The bit rate or the quality that a key means, one at most."""
    if key is not None and key.startswith(_QUALITY):
        return None, float(key.removeprefix(_QUALITY))
    return _whole(key), None
