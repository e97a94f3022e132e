"""How the audio is written: format, rate, channels, bit rate, as far as the model lets one choose."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from app.domain.audio import AudioFormat, AudioSettings
from app.domain.draft import Draft
from app.domain.errors import Problem
from app.domain.model_spec import ModelSpec
from app.domain.parameter_spec import FormatSpec, Panel
from app.ui import readouts
from app.ui.controls.choice import Choice
from app.ui.controls.field_row import FieldRow
from app.ui.controls.label import Label
from app.ui.controls.ladder_field import LadderField
from app.ui.controls.section import Section
from app.ui.controls.segmented import SegmentedControl
from app.ui.parameter_fields import ParameterFields
from app.ui.theme import Theme

_FEWEST_ON_SLIDER, _BITRATE_PX = 3, 82
_AROUND_FORMATS_PX = 78 + 10 + 2 * 14  # label, gap and padding
_MODEL_DECIDES = "This model decides format and rate. The library shows what really arrived; convert at export."


class AudioSettingsPanel(Section):
    """Built from the formats of the chosen model; an impossible combination can't be chosen."""

    edited = Signal(dict)  # fields of the draft and their new values
    parameter_edited = Signal(str, object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "Audio", parent=parent)
        self._theme = theme
        self._audio = AudioSettings()
        self._format = SegmentedControl(theme, "Format", [])
        self._rate = Choice(theme, "Sample rate", [])
        self._channels = SegmentedControl(theme, "Channels", [("1", "Mono"), ("2", "Stereo")])
        self._bitrate = LadderField(theme, "Bit rate", unit="kbps", field_width=_BITRATE_PX)
        self._bitrate_list = Choice(theme, "Bit rate", [])
        self._format_list = Choice(theme, "Format", [])
        self._format_row = FieldRow(theme, "Format", self._format)
        self._format_list_row = FieldRow(theme, "Format", self._format_list)
        self._rate_row = FieldRow(theme, "Sample rate", self._rate)
        self._channels_row = FieldRow(theme, "Channels", self._channels)
        self._bitrate_row = FieldRow(theme, "Bit rate", self._bitrate)
        self._bitrate_list_row = FieldRow(theme, "Bit rate", self._bitrate_list)
        self._note = Label(theme, font="caption", role="text3", wrap=True)
        self.parameters = ParameterFields(theme, Panel.AUDIO)
        self._offered: dict[QWidget, tuple[tuple[str, str], ...]] = {}
        self._has_formats = False
        self._room_px = 0
        formats, bitrates = (self._format_row, self._format_list_row), (self._bitrate_row, self._bitrate_list_row)
        for row in (*formats, self._rate_row, self._channels_row, *bitrates, self._note, self.parameters):
            self.content.addWidget(row)
        self.parameters.edited.connect(self.parameter_edited)
        self._format.changed.connect(lambda key: self._edit(replace(self._audio, format=AudioFormat(key))))
        self._format_list.changed.connect(lambda key: self._edit(replace(self._audio, format=AudioFormat(key))))
        self._rate.changed.connect(lambda key: self._edit(replace(self._audio, sample_rate_hz=int(key))))
        self._channels.changed.connect(lambda key: self._edit(replace(self._audio, channels=int(key))))
        self._bitrate.changed.connect(lambda kbps: self._edit(replace(self._audio, bitrate_kbps=round(kbps))))
        self._bitrate_list.changed.connect(lambda key: self._edit(replace(self._audio, bitrate_kbps=int(key))))

    def show_draft(self, spec: ModelSpec, draft: Draft, *, anew: bool = False) -> None:
        """Show what can be chosen for this model, set as near to the draft as it allows."""
        self._audio = draft.audio
        chosen, audio = draft.format_for(spec), draft.audio_for(spec)
        self._has_formats = len(spec.formats) > 0
        formats = tuple((each.format.value, readouts.format_name(each.format)) for each in spec.formats)
        for control in (self._format, self._format_list):
            self._offer(control, formats, audio.format.value if audio.format is not None else None)
        self._fit_formats()
        rates = chosen.sample_rates_hz if chosen is not None else ()
        self._show_numbers(self._rate_row, self._rate, rates, audio.sample_rate_hz, readouts.exact_rate)
        self._show_channels(chosen, audio.channels)
        bitrates = chosen.bitrates_kbps(audio.sample_rate_hz, audio.channels) if chosen is not None else ()
        self._show_bitrates(bitrates, audio.bitrate_kbps)
        note = _MODEL_DECIDES if chosen is None else _fixed_formats(spec.formats)
        self._note.setText(note)
        self._note.setVisible(bool(note))
        self.parameters.show_draft(spec, draft, anew=anew)

    def set_room(self, width_px: int) -> None:
        """Fit into a column of this width."""
        self._room_px = width_px
        self._fit_formats()

    def show_problems(self, problems: Mapping[str, str]) -> None:
        for field, row in self._rows().items():
            row.set_error(problems.get(field))
        self.parameters.show_problems(problems)

    def typed_problems(self) -> list[Problem]:
        wrong = self._bitrate.error() if self._bitrate_row.isVisibleTo(self) else None
        return [*([Problem("bitrate", wrong)] if wrong else []), *self.parameters.typed_problems()]

    def fields(self) -> tuple[str, ...]:
        return (*self._rows(), *self.parameters.names())

    def focus_field(self, field: str) -> bool:
        row = self._rows().get(field)
        if row is None or not row.isVisibleTo(self):
            return self.parameters.focus_field(field)
        row.control.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def _rows(self) -> dict[str, FieldRow]:
        return {
            "format": self._format_list_row if self._format_row.isHidden() else self._format_row,
            "sample_rate": self._rate_row,
            "channels": self._channels_row,
            "bitrate": self._bitrate_list_row if self._bitrate_row.isHidden() else self._bitrate_row,
        }

    def _fit_formats(self) -> None:
        """Side by side where there is room for all of them, else in a list."""
        around = self._theme.px(_AROUND_FORMATS_PX)
        fits = self._room_px == 0 or self._format.minimumSizeHint().width() + around <= self._room_px
        self._format_row.setVisible(self._has_formats and fits)
        self._format_list_row.setVisible(self._has_formats and not fits)

    def _show_numbers(
        self,
        row: FieldRow,
        control: Choice,
        values: tuple[int, ...],
        value: int | None,
        text: Callable[[int], str],
    ) -> None:
        row.setVisible(bool(values))
        options = tuple((str(each), text(each)) for each in values)
        self._offer(control, options, str(value) if value is not None else None)

    def _show_bitrates(self, values: tuple[int, ...], value: int | None) -> None:
        """On a slider; where there are only one or two, in a list that names them."""
        is_slider = len(values) >= _FEWEST_ON_SLIDER and value is not None
        listed = ((), None) if is_slider else (values, value)
        self._show_numbers(self._bitrate_list_row, self._bitrate_list, *listed, "{:,} kbps".format)
        self._bitrate_row.setVisible(is_slider)
        if is_slider and value is not None:
            self._bitrate.set_rungs(values)
            self._bitrate.set_value(value)

    def _show_channels(self, chosen: FormatSpec | None, value: int | None) -> None:
        allowed = chosen.channels if chosen is not None else ()
        self._channels_row.setVisible(bool(allowed))
        for count, name in ((1, "Mono"), (2, "Stereo")):
            reason = f"{readouts.format_name(chosen.format)} of this model has no {name.lower()}." if chosen else ""
            self._channels.set_option_enabled(str(count), count in allowed, reason=reason)
        self._channels.set_value(str(value) if value is not None else None)

    def _offer(
        self, control: SegmentedControl | Choice, options: tuple[tuple[str, str], ...], value: str | None
    ) -> None:
        """Options are only built anew where they differ: the one with the focus would lose it."""
        if self._offered.get(control) != options:
            self._offered[control] = options
            control.set_options(options)
        control.set_value(value)

    def _edit(self, audio: AudioSettings) -> None:
        self._audio = audio
        self.edited.emit({"audio": audio})


def _fixed_formats(formats: Sequence[FormatSpec]) -> str:
    """Which formats leave nothing to choose, where others do."""
    fixed = [each for each in formats if not (each.sample_rates_hz or each.channels or each.bitrates)]
    if not fixed or len(fixed) == len(formats):
        return ""
    names = [readouts.format_name(each.format) for each in fixed]
    if len(names) == 1:
        return f"{names[0]} sets rate, channels and quality itself."
    return f"{', '.join(names[:-1])} and {names[-1]} set rate, channels and quality themselves."
