"""What an export does at both ends of a sound: silence that is trimmed, and fades."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from app.domain.export_settings import ExportSettings, FadeShape
from app.ui.controls.choice import Choice
from app.ui.controls.field_row import FieldRow
from app.ui.readouts import level
from app.ui.theme import Theme

SILENCES_DBFS = (-40.0, -50.0, -60.0, -70.0, -80.0)
FADES_S = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
_KEPT = "kept"
SHAPE_WORDS = {
    FadeShape.LINEAR: "Linear",
    FadeShape.EQUAL_POWER: "Equal power",
    FadeShape.EXPONENTIAL: "Exponential",
    FadeShape.LOGARITHMIC: "Logarithmic",
    FadeShape.S_CURVE: "S-curve",
}


class ExportEnds(QObject):
    """Four choices; `changed` follows every change by the user.

    Attributes:
        rows: By the names that problems give their fields.
    """

    changed = Signal()

    def __init__(self, theme: Theme, settings: ExportSettings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._silence = Choice(theme, "Silence", _silences(settings.silence_dbfs))
        self._shape = Choice(theme, "Fade shape", [(shape.value, text) for shape, text in SHAPE_WORDS.items()])
        self._fade_in = Choice(theme, "Fade in", _fades(settings.fade_in_s))
        self._fade_out = Choice(theme, "Fade out", _fades(settings.fade_out_s))
        self.rows = {
            "silence": FieldRow(theme, "Silence", self._silence),
            "fade_shape": FieldRow(theme, "Fade shape", self._shape),
            "fade_in": FieldRow(theme, "Fade in", self._fade_in),
            "fade_out": FieldRow(theme, "Fade out", self._fade_out),
        }
        self._silence.set_value(_KEPT if settings.silence_dbfs is None else f"{settings.silence_dbfs:g}")
        self._shape.set_value(settings.fade_shape.value)
        self._fade_in.set_value(_key(settings.fade_in_s))
        self._fade_out.set_value(_key(settings.fade_out_s))
        for choice in (self._silence, self._shape, self._fade_in, self._fade_out):
            choice.changed.connect(self._on_changed)
        self._refresh()

    def show_fades(self, fade_in_s: float, fade_out_s: float, shape: FadeShape) -> None:
        """Put other fades into the fields; announces nothing."""
        for choice, seconds in ((self._fade_in, fade_in_s), (self._fade_out, fade_out_s)):
            choice.set_options(_fades(seconds))
            choice.set_value(_key(seconds))
        self._shape.set_value(shape.value)
        self._refresh()

    def applied(self, settings: ExportSettings) -> ExportSettings:
        """The settings with what the fields say."""
        silence = self._silence.value()
        return replace(
            settings,
            silence_dbfs=None if silence in (None, _KEPT) else float(silence),
            fade_in_s=float(self._fade_in.value() or 0.0),
            fade_out_s=float(self._fade_out.value() or 0.0),
            fade_shape=FadeShape(self._shape.value() or FadeShape.EQUAL_POWER),
        )

    def _on_changed(self) -> None:
        self._refresh()
        self.changed.emit()

    def _refresh(self) -> None:
        """A shape can be chosen where there is a fade."""
        fades = {self._fade_in.value(), self._fade_out.value()}
        self._shape.setEnabled(fades != {"0"})


def _silences(wanted: float | None) -> list[tuple[str, str]]:
    offered = _with(SILENCES_DBFS, wanted)
    return [(_KEPT, "Kept"), *((f"{dbfs:g}", f"Trim below {level(dbfs)} dBFS") for dbfs in reversed(offered))]


def _fades(wanted: float) -> list[tuple[str, str]]:
    return [("0", "None"), *((_key(each), _length(each)) for each in _with(FADES_S, wanted or None))]


def _key(seconds: float) -> str:
    return f"{seconds:g}" if float(f"{seconds:g}") == seconds else repr(seconds)  # a handle's is exact to the frame


def _with(usual: Iterable[float], wanted: float | None) -> list[float]:
    return sorted({*usual, *(() if wanted is None else (wanted,))})


def _length(seconds: float) -> str:
    return f"{seconds * 1_000:.4g} ms" if seconds < 1.0 else f"{seconds:.4g} s"
