"""How loud an export becomes: one way to say it, its number, and the true peak that it never passes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from PySide6.QtCore import QObject, Signal

from app.domain.export_settings import ExportSettings
from app.engine.export_level import DEFAULT_CEILING_DBTP
from app.ui.controls.choice import Choice
from app.ui.controls.field_row import FieldRow
from app.ui.controls.optional_number_field import OptionalNumberField
from app.ui.readouts import level
from app.ui.theme import Theme

CEILINGS_DBTP = (-0.1, -0.3, -1.0, -2.0, -3.0)
_USUAL, _NUMBER_PX = "usual", 92


class LevelKind(StrEnum):
    """What is set of the level; the others follow."""

    AS_IT_IS = "as-it-is"
    GAIN = "gain"
    LOUDNESS = "loudness"
    MOMENTARY = "momentary"
    PEAK = "peak"
    TRUE_PEAK = "true-peak"


@dataclass(frozen=True, slots=True)
class _Scale:
    """Words, unit and limits of a kind, and what it is set to at first."""

    words: str
    unit: str
    lowest: float
    highest: float
    first: float


_SCALES = {
    LevelKind.GAIN: _Scale("Gain", "dB", -120.0, 60.0, 0.0),
    LevelKind.LOUDNESS: _Scale("Loudness", "LUFS", -70.0, 0.0, -16.0),
    LevelKind.MOMENTARY: _Scale("Momentary", "LUFS", -70.0, 0.0, -15.0),
    LevelKind.PEAK: _Scale("Sample peak", "dBFS", -60.0, 0.0, -1.0),
    LevelKind.TRUE_PEAK: _Scale("True peak", "dBTP", -60.0, 0.0, -1.0),
}
_EXPLANATIONS = {
    LevelKind.AS_IT_IS: "",
    LevelKind.GAIN: "Louder or quieter by this",
    LevelKind.LOUDNESS: "Integrated loudness to reach",
    LevelKind.MOMENTARY: "Highest momentary loudness to reach",
    LevelKind.PEAK: "Level that the highest sample gets",
    LevelKind.TRUE_PEAK: "Level that the true peak gets",
}


class ExportLevelFields(QObject):
    """Two rows; `changed` follows every change by the user.

    Attributes:
        rows: By the names that problems give their fields.
    """

    changed = Signal()

    def __init__(self, theme: Theme, settings: ExportSettings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        words = [(kind.value, scale.words) for kind, scale in _SCALES.items()]
        self.kind = Choice(theme, "Level", [(LevelKind.AS_IT_IS.value, "As it is"), *words])
        self.number = OptionalNumberField(theme, "Level in dB", placeholder="", minimum=0, maximum=0, step=0.1)
        self.number.setFixedWidth(theme.px(_NUMBER_PX))
        self.ceiling = Choice(theme, "True peak at most")
        self.rows = {
            "level": FieldRow(theme, "Level", self.kind, trailing=self.number),
            "true_peak": FieldRow(theme, "Ceiling", self.ceiling),
        }
        kind, value = _wish_of(settings)
        self._kind = kind
        self.kind.set_value(kind.value)
        self._show_number(value)
        self._show_ceiling(None if kind is LevelKind.TRUE_PEAK else settings.true_peak_dbtp)
        self.kind.changed.connect(self._on_kind)
        self.number.changed.connect(lambda _value: self.changed.emit())
        self.number.error_changed.connect(self._on_typed_problem)
        self.ceiling.changed.connect(lambda _key: self.changed.emit())

    def applied(self, settings: ExportSettings) -> ExportSettings:
        """The settings with what the fields say."""
        value = self.number.value()
        wishes = {kind: value if kind is self._kind else None for kind in LevelKind}
        exact = wishes[LevelKind.TRUE_PEAK]
        return replace(
            settings,
            gain_db=wishes[LevelKind.GAIN],
            loudness_lufs=wishes[LevelKind.LOUDNESS],
            momentary_lufs=wishes[LevelKind.MOMENTARY],
            peak_dbfs=wishes[LevelKind.PEAK] if exact is None else exact,
            true_peak_dbtp=self._ceiling() if exact is None else exact,  # both the same: the true peak gets it
        )

    @property
    def has_typed_problem(self) -> bool:
        """Whether what stands in the number can't be used."""
        return self.number.error() is not None

    # inside

    def _ceiling(self) -> float | None:
        key = self.ceiling.value()
        return None if key in (None, _USUAL) else float(key)

    def _on_kind(self, key: str) -> None:
        ceiling = self._ceiling()
        self._kind = LevelKind(key)
        scale = _SCALES.get(self._kind)
        self._show_number(None if scale is None else scale.first)
        self._show_ceiling(ceiling)
        self.changed.emit()

    def _on_typed_problem(self, problem: str) -> None:
        self.rows["level"].set_error(problem or None)
        self.changed.emit()

    def _show_number(self, value: float | None) -> None:
        scale = _SCALES.get(self._kind)
        self.number.setVisible(scale is not None)
        if scale is not None:
            self.number.set_unit(scale.unit)
            self.number.set_bounds(scale.lowest, scale.highest, step=0.1)
        self.number.set_value(value)
        self.number.setToolTip(_EXPLANATIONS[self._kind])
        self.number.setAccessibleDescription(_EXPLANATIONS[self._kind])

    def _show_ceiling(self, wanted: float | None) -> None:
        """Under a loudness there always is one; a true peak that is set is its own."""
        self.ceiling.setEnabled(self._kind is not LevelKind.TRUE_PEAK)
        is_loudness = self._kind in (LevelKind.LOUDNESS, LevelKind.MOMENTARY)
        offered = {*CEILINGS_DBTP, *(() if wanted is None else (wanted,))}
        usual = "No limit"
        if self._kind is LevelKind.TRUE_PEAK:
            usual = "is what is set"
        elif is_loudness:
            usual = _at_most(DEFAULT_CEILING_DBTP)
            if wanted != DEFAULT_CEILING_DBTP:
                offered.discard(DEFAULT_CEILING_DBTP)
        others = [(f"{dbtp:g}", _at_most(dbtp)) for dbtp in sorted(offered, reverse=True)]
        has_usual = not (is_loudness and wanted == DEFAULT_CEILING_DBTP)
        self.ceiling.set_options([*([(_USUAL, usual)] if has_usual else []), *others])
        self.ceiling.set_value(_USUAL if wanted is None else f"{wanted:g}")


def _wish_of(settings: ExportSettings) -> tuple[LevelKind, float | None]:
    if settings.peak_dbfs is not None and settings.peak_dbfs == settings.true_peak_dbtp:
        return LevelKind.TRUE_PEAK, settings.peak_dbfs
    wishes = {
        LevelKind.GAIN: settings.gain_db,
        LevelKind.LOUDNESS: settings.loudness_lufs,
        LevelKind.MOMENTARY: settings.momentary_lufs,
        LevelKind.PEAK: settings.peak_dbfs,
    }
    wished = [(kind, value) for kind, value in wishes.items() if value is not None]
    return wished[0] if wished else (LevelKind.AS_IT_IS, None)


def _at_most(dbtp: float) -> str:
    return f"at most {level(dbtp)} dBTP"
