"""Settings of the app: how it looks and where things are. Keys and limits have a dialog of their own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QKeyEvent
from PySide6.QtWidgets import QFileDialog, QWidget

from app.storage.settings import Settings
from app.ui.controls.button import Button
from app.ui.controls.check_box import CheckBox
from app.ui.controls.divider import Divider
from app.ui.controls.field_row import FieldRow
from app.ui.controls.label import Label
from app.ui.controls.link import LinkButton
from app.ui.controls.segmented import SegmentedControl
from app.ui.controls.slider_field import SliderField
from app.ui.controls.text_field import TextField
from app.ui.dialog import Dialog
from app.ui.theme import Theme

_LABEL_PX = 110


class PreferencesDialog(Dialog):
    """Every change takes effect at once; `changed` carries the new settings."""

    changed = Signal(object)  # Settings
    services_wanted = Signal()  # keys, addresses and limits; this dialog is closed

    def __init__(
        self,
        theme: Theme,
        settings: Settings,
        takes_folder: Path,
        usual_clips_folder: Path,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, "Settings", width=520, parent=parent)
        self._settings = settings
        self._usual_clips_folder = usual_clips_folder
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
        self._services = Button(theme, "Open services and keys", icon="key-round")
        self._folder = Button(theme, "Show in the file manager", icon="folder-open")
        self._clips = Button(theme, "Choose a folder", icon="folder-open")
        self._clips.setAccessibleName("Choose a folder for clips")
        self._usual = LinkButton(theme, "Use the usual one", font="small")
        self._clips_place = Label(theme, font="small", role="text3", wrap=True)
        self._picker: QFileDialog | None = None
        self._fill(theme, takes_folder)
        self._show(settings)
        self._connect(takes_folder)

    def _fill(self, theme: Theme, takes_folder: Path) -> None:
        body = self.body
        body.addWidget(FieldRow(theme, "Appearance", self._scheme, label_width=_LABEL_PX))
        body.addWidget(FieldRow(theme, "Text size", self._scale, label_width=_LABEL_PX))
        body.addWidget(FieldRow(theme, "", self._motion, label_width=_LABEL_PX))
        body.addWidget(Divider(theme))
        body.addWidget(FieldRow(theme, "Keys and limits", self._services, stretch=False, label_width=_LABEL_PX))
        hint = "The keys of the services, where they are reached, and what may be spent."
        body.addWidget(Label(theme, hint, font="small", role="text3", wrap=True))
        body.addWidget(Divider(theme))
        body.addWidget(FieldRow(theme, "Takes are in", self._folder, stretch=False, label_width=_LABEL_PX))
        body.addWidget(Label(theme, str(takes_folder), font="small", role="text3", wrap=True))
        body.addWidget(Divider(theme))
        body.addWidget(
            FieldRow(theme, "Clips go to", self._clips, trailing=self._usual, stretch=False, label_width=_LABEL_PX)
        )
        body.addWidget(self._clips_place)
        self.add_button("Close", primary=True, safe=True).clicked.connect(self.accept)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter in a field takes over what was typed; the dialog stays, to see what it did."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(self.focusWidget(), TextField):
            event.accept()
            return
        super().keyPressEvent(event)

    def _show(self, settings: Settings) -> None:
        self._scheme.set_value(settings.theme)
        self._motion.setChecked(settings.reduce_motion)
        self._show_clips()

    def _show_clips(self) -> None:
        folder = self._settings.clips_folder
        self._usual.setVisible(folder is not None)
        self._clips_place.setText(
            f"{folder or self._usual_clips_folder}\nFiles that are dragged or copied out of the window stay there, in "
            "a folder for each project."
        )

    def _connect(self, takes_folder: Path) -> None:
        self._scheme.changed.connect(lambda scheme: self._change(theme=scheme))
        self._scale.changed.connect(lambda percent: self._change(text_scale=percent / 100))
        self._motion.toggled.connect(lambda is_on: self._change(reduce_motion=is_on))
        self._services.clicked.connect(self._go_to_services)
        self._folder.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(takes_folder))))

        self._clips.clicked.connect(self._choose_clips_folder)
        self._usual.clicked.connect(lambda: self._take_clips_folder(None))

    def _choose_clips_folder(self) -> None:
        """Qt's own dialog: a system's would block the loop on some platforms."""
        wanted = self._settings.clips_folder or self._usual_clips_folder
        there = next((each for each in (wanted, *wanted.parents) if each.is_dir()), Path.home())
        picker = QFileDialog(self, "Clips go to", str(there))
        picker.setFileMode(QFileDialog.FileMode.Directory)
        picker.setOption(QFileDialog.Option.ShowDirsOnly)
        picker.setOption(QFileDialog.Option.DontUseNativeDialog)
        picker.setLabelText(QFileDialog.DialogLabel.Accept, "Choose folder")
        picker.fileSelected.connect(lambda folder: self._take_clips_folder(Path(folder)))
        picker.finished.connect(picker.deleteLater)
        picker.open()
        self._picker = picker

    def _take_clips_folder(self, folder: Path | None) -> None:
        self._change(clips_folder=folder)
        self._show_clips()

    def _change(self, **changes: object) -> None:
        self._settings = replace(self._settings, **changes)  # type: ignore[arg-type]  # names of settings
        self.changed.emit(self._settings)

    def _go_to_services(self) -> None:
        self.accept()
        self.services_wanted.emit()
