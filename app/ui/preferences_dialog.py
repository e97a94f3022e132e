"""Settings of the app: how it looks, what may be spent, where things are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QKeyEvent
from PySide6.QtWidgets import QWidget

from app.storage.settings import Settings
from app.ui.controls.button import Button
from app.ui.controls.check_box import CheckBox
from app.ui.controls.divider import Divider
from app.ui.controls.field_row import FieldRow
from app.ui.controls.label import Label
from app.ui.controls.segmented import SegmentedControl
from app.ui.controls.slider_field import SliderField
from app.ui.controls.text_field import TextField
from app.ui.dialog import Dialog
from app.ui.theme import Theme
from app.ui.typed_values import parsed_amount

_LABEL_PX = 110


class PreferencesDialog(Dialog):
    """Every change takes effect at once; `changed` carries the new settings."""

    changed = Signal(object)  # Settings

    def __init__(self, theme: Theme, settings: Settings, takes_folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(theme, "Settings", width=520, parent=parent)
        self._settings = settings
        self._scheme = SegmentedControl(
            theme, "Appearance", [("system", "Like the system"), ("dark", "Dark"), ("light", "Light")]
        )
        self._scale = SliderField(
            theme,
            "Text size",
            minimum=80,
            maximum=200,
            default=100,
            step=10,
            value=round(settings.text_scale * 100),
            unit="%",
        )
        self._motion = CheckBox(theme, "Reduce motion")
        self._day = TextField(theme, "Limit a day", placeholder="No limit", align_right=True)
        self._month = TextField(theme, "Limit a month", placeholder="No limit", align_right=True)
        self._day_row = FieldRow(theme, "Limit a day", self._day, label_width=_LABEL_PX)
        self._month_row = FieldRow(theme, "Limit a month", self._month, label_width=_LABEL_PX)
        self._folder = Button(theme, "Show in the file manager", icon="folder-open")
        self._fill(theme, takes_folder)
        self._show(settings)
        self._connect(takes_folder)

    def _fill(self, theme: Theme, takes_folder: Path) -> None:
        body = self.body
        body.addWidget(FieldRow(theme, "Appearance", self._scheme, label_width=_LABEL_PX))
        body.addWidget(FieldRow(theme, "Text size", self._scale, label_width=_LABEL_PX))
        body.addWidget(FieldRow(theme, "", self._motion, label_width=_LABEL_PX))
        body.addWidget(Divider(theme))
        body.addWidget(Label(theme, "Stop before spending more than", font="strong"))
        body.addWidget(self._day_row)
        body.addWidget(self._month_row)
        hint = "In US dollars, checked before anything is sent. The built-in generator is free."
        body.addWidget(Label(theme, hint, font="small", role="text3", wrap=True))
        body.addWidget(Divider(theme))
        body.addWidget(FieldRow(theme, "Takes are in", self._folder, stretch=False, label_width=_LABEL_PX))
        body.addWidget(Label(theme, str(takes_folder), font="small", role="text3", wrap=True))
        self.add_button("Close", primary=True, safe=True).clicked.connect(self._finish)

    def _finish(self) -> None:
        """Close, unless an amount is left that can't be used."""
        self._limit(self._day, self._day_row, "day_usd")
        self._limit(self._month, self._month_row, "month_usd")
        for row in (self._day_row, self._month_row):
            if row.error() is not None:
                row.control.setFocus(Qt.FocusReason.OtherFocusReason)
                return
        self.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter in a field takes over what was typed; the dialog stays, to see what it did."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(self.focusWidget(), TextField):
            event.accept()
            return
        super().keyPressEvent(event)

    def _show(self, settings: Settings) -> None:
        self._scheme.set_value(settings.theme)
        self._motion.setChecked(settings.reduce_motion)
        for field, amount in ((self._day, settings.spending.day_usd), (self._month, settings.spending.month_usd)):
            field.setText("" if amount is None else f"{amount}")

    def _connect(self, takes_folder: Path) -> None:
        self._scheme.changed.connect(lambda scheme: self._change(theme=scheme))
        self._scale.changed.connect(lambda percent: self._change(text_scale=percent / 100))
        self._motion.toggled.connect(lambda is_on: self._change(reduce_motion=is_on))
        self._day.editingFinished.connect(lambda: self._limit(self._day, self._day_row, "day_usd"))
        self._month.editingFinished.connect(lambda: self._limit(self._month, self._month_row, "month_usd"))
        self._folder.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(takes_folder))))

    def _change(self, **changes: object) -> None:
        self._settings = replace(self._settings, **changes)  # type: ignore[arg-type]  # names of settings
        self.changed.emit(self._settings)

    def _limit(self, field: TextField, row: FieldRow, name: str) -> None:
        text = field.text().strip()
        amount = parsed_amount(text)
        if text and amount is None:
            row.set_error("Type an amount such as 40, or leave it empty for no limit.")
            return
        row.set_error(None)
        if amount != getattr(self._settings.spending, name):
            self._change(spending=replace(self._settings.spending, **{name: amount}))
