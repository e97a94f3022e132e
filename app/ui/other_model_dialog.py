"""A model that no list has, by its id."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QItemSelectionModel, QStringListModel, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from app.domain.errors import RequestInvalid
from app.domain.model_spec import ModelSpec
from app.ui.controls.field_row import FieldRow
from app.ui.controls.label import Label
from app.ui.controls.text_field import TextField
from app.ui.dialog import Dialog
from app.ui.theme import Theme

_SHOWN_MODELS = 6
_ROW_PX = 26


class OtherModelDialog(Dialog):
    """`chosen` carries the spec; what can't be an id is told at the field.

    Args:
        service: The provider's name, as people read it.
        spec_of: Raises RequestInvalid for what can't be a model of this provider.
    """

    chosen = Signal(object)  # ModelSpec

    def __init__(self, theme: Theme, service: str, spec_of: Callable[[str], ModelSpec], parent: QWidget) -> None:
        super().__init__(
            theme,
            f"Another model of {service}",
            subtitle="It is asked with the settings that most models know. The service refuses what it doesn’t have.",
            width=460,
            parent=parent,
        )
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._service, self._spec_of = service, spec_of
        self._listed: tuple[str, ...] = ()
        self._id = TextField(theme, "Model id", placeholder="as the service writes it")
        self._row = FieldRow(theme, "Model id", self._id)
        self._found = QStringListModel(self)
        self._list = QListView()
        self._list.setModel(self._found)
        self._list.setAccessibleName("Models of the service")
        self._list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._list.setFont(theme.font("label"))
        self._list.setUniformItemSizes(True)
        self._list.setStyleSheet(f"QListView::item {{ height: {theme.px(_ROW_PX)}px; padding: 0 {theme.px(8)}px; }}")
        self._list.setFixedHeight(theme.px(_ROW_PX) * _SHOWN_MODELS)
        self._list.setFrameShape(QListView.Shape.NoFrame)
        self._status = Label(theme, font="small", role="text3", wrap=True)
        for part in (self._row, self._list, self._status):
            self.body.addWidget(part)
        self._list.hide()
        self._status.hide()
        self.add_button("Cancel", safe=True).clicked.connect(self.reject)
        self.add_button("Use this model", primary=True).clicked.connect(self._choose)
        self._id.textEdited.connect(self._on_edit)
        self._id.returnPressed.connect(self._choose)
        self._list.selectionModel().currentChanged.connect(lambda index: self._take(index.data()))
        self._list.doubleClicked.connect(lambda _index: self._choose())

    def show_loading(self) -> None:
        self._say("Asking the service for its models…")

    def show_models(self, ids: Sequence[str]) -> None:
        """Suggestions, as the service lists them."""
        self._listed = tuple(ids)
        self._say("" if ids else "The service lists no models.")
        self._show_found()

    def show_trouble(self, text: str) -> None:
        """Why there are no suggestions; the id can be typed all the same."""
        self._say(text)

    def _say(self, text: str) -> None:
        self._status.setText(text)
        self._status.setVisible(bool(text))
        self._fit()

    def _fit(self) -> None:
        """As high as what it shows."""
        self.body.activate()
        self.adjustSize()

    def _on_edit(self) -> None:
        self._row.set_error(None)
        self._show_found()

    def _show_found(self) -> None:
        words = self._id.text().casefold().split()
        found = [each for each in self._listed if all(word in each.casefold() for word in words)]
        self._found.setStringList(found)
        self._list.selectionModel().setCurrentIndex(self._found.index(-1, 0), QItemSelectionModel.SelectionFlag.Clear)
        if self._list.isHidden() and self._listed:
            self._list.show()
            self._fit()

    def _take(self, model: str | None) -> None:
        if model is not None:
            self._id.setText(model)
            self._row.set_error(None)

    def _choose(self) -> None:
        model = self._id.text().strip()
        if not model:
            self._refuse("Type the id of a model.")
            return
        try:
            spec = self._spec_of(model)
        except RequestInvalid:
            self._refuse(f"“{model}” can’t be a model of {self._service}. Copy the id from its page at the service.")
            return
        self.accept()
        self.chosen.emit(spec)

    def _refuse(self, reason: str) -> None:
        self._row.set_error(reason)
        self._fit()
        self._id.setFocus(Qt.FocusReason.OtherFocusReason)
