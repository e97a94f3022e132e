"""Name, version, licence, and whose work is inside."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app import __version__
from app.ui.controls.label import Label
from app.ui.dialog import Dialog
from app.ui.theme import Theme

_PARTS = (
    ("Licence", "GNU General Public License, version 3 or later. There is no warranty."),
    ("Font", "Inter, by The Inter Project Authors, under the SIL Open Font License 1.1."),
    ("Icons", "Lucide, by the Lucide contributors, under the ISC License."),
    ("Speech", "espeak-ng, under the GNU General Public License, version 3 or later."),
    ("Window", "Qt and PySide6, under the GNU Lesser General Public License, version 3."),
)


class AboutDialog(Dialog):
    """What a curious person or a lawyer looks for."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, f"Cuesmith {__version__}", width=480, parent=parent)
        for name, text in _PARTS:
            self.body.addWidget(Label(theme, name, font="strong"))
            self.body.addWidget(Label(theme, text, role="text2", wrap=True))
            self.body.addSpacing(theme.px(8))
        self.add_button("Close", primary=True, safe=True).clicked.connect(self.accept)
