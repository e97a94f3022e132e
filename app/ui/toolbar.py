"""The bar at the top: menu, model, Generate with its price, what was spent, services, settings."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.model_spec import ModelSpec
from app.domain.receipt import Estimate, Spent
from app.ui import readouts
from app.ui.controls.divider import Divider
from app.ui.controls.ghost_button import GhostButton, IconButton
from app.ui.controls.label import Label
from app.ui.controls.primary_button import PrimaryButton
from app.ui.model_chooser import ModelChooser
from app.ui.spent_button import SpentButton
from app.ui.theme import Theme

if TYPE_CHECKING:
    from app.engine.spending import LastTime
    from app.storage.ledger import Excess

_NARROW_BELOW_PX, _TIGHT_BELOW_PX = 1180, 800
_CEILING = "Ceiling reached"
_CHOOSER_PX, _NARROW_CHOOSER_PX, _TIGHT_CHOOSER_PX = 296, 232, 180
_KEYS = "Ctrl+Return"


class Toolbar(QWidget):
    """Announces wishes; shows the chosen model, what it would cost and what was spent."""

    generate_wanted = Signal()
    key_wanted = Signal()  # Generate was pressed while the service has no key that may be used
    limits_wanted = Signal()  # Generate was pressed while it would pass a limit
    menu_wanted = Signal()
    batch_wanted = Signal()
    services_wanted = Signal()
    spending_wanted = Signal()
    settings_wanted = Signal()
    model_shown = Signal(object)  # ModelSpec: what the next click asks

    def __init__(self, theme: Theme, provider_names: dict[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.menu_button = IconButton(theme, "menu", "Menu", icon_size=18)
        self.chooser = ModelChooser(theme, provider_names)
        self.generate = PrimaryButton(theme, "Generate", icon="audio-lines", size="toolbar")
        self._basis = Label(theme, font="small", role="text2", elide=True)
        self._source = Label(theme, font="caption", role="text3", elide=True)
        self._spent = SpentButton(theme)
        self._line = Divider(theme, vertical=True, length=20)
        self._batch = GhostButton(theme, "Batch", icon="table-2")
        self._batch.setAccessibleName("Import a script")
        self._batch.setToolTip("Import a script (Ctrl+B)")
        self._services = GhostButton(theme, "Services", icon="key-round")
        self._services.setAccessibleName("Services and keys")
        self._services.setToolTip("Services and keys (Ctrl+K)")
        self._settings = IconButton(theme, "settings", "Settings", tooltip="Settings (Ctrl+,)", icon_size=17)
        # A click leaves the focus where it was: Space plays, and must never pay once more.
        self.generate.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._offer, self._price, self._reckoning = "Generate", "", ""
        self._origin = "", ""  # of the price: how it was worked out, and from what
        self._lack = self._lack_reason = ""
        self._excess: Excess | None = None
        self._row, self._words = QHBoxLayout(self), QVBoxLayout()
        self._lay_out()
        self._refresh_sizes()
        self._refresh_generate()
        theme.changed.connect(self._refresh_sizes)
        self.generate.clicked.connect(self._on_generate)
        self.menu_button.clicked.connect(self.menu_wanted)
        self._batch.clicked.connect(self.batch_wanted)
        self._services.clicked.connect(self.services_wanted)
        self._spent.clicked.connect(self.spending_wanted)
        self._settings.clicked.connect(self.settings_wanted)

    def _lay_out(self) -> None:
        words = self._words
        words.addStretch(1)
        words.addWidget(self._basis)
        words.addWidget(self._source)
        words.addStretch(1)
        row = self._row
        row.addWidget(self.menu_button)
        row.addWidget(self.chooser)
        row.addWidget(self.generate)
        row.addLayout(words, 1)
        row.addWidget(self._spent)
        row.addWidget(self._line, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._batch)
        row.addWidget(self._services)
        row.addWidget(self._settings)
        self._line.hide()

    def _refresh_sizes(self) -> None:
        px = self._theme.px
        self.setFixedHeight(px(56))
        self._row.setContentsMargins(px(12), 0, px(12), 0)
        self._row.setSpacing(px(8))
        self._words.setSpacing(px(1))
        self._words.setContentsMargins(px(8), 0, 0, 0)
        self._fit()

    def _fit(self) -> None:
        """A narrow bar leaves out how the price was worked out, and words beside icons; tooltips keep both.

        A tight one, on a small screen with large text, leaves out everything but what a click makes and costs.
        """
        px = self._theme.px
        is_narrow, is_tight = self.width() < px(_NARROW_BELOW_PX), self.width() < px(_TIGHT_BELOW_PX)
        self.chooser.setFixedWidth(
            px(_TIGHT_CHOOSER_PX if is_tight else _NARROW_CHOOSER_PX if is_narrow else _CHOOSER_PX)
        )
        self.generate.set_key_hint("" if is_tight else _KEYS)
        self._basis.setVisible(not is_narrow)
        self._source.setVisible(not is_narrow and bool(self._source.text()))  # alone, the other line is in the middle
        self._spent.set_narrow(is_narrow)
        self._spent.set_room(not is_tight)
        self._line.setVisible(not self._spent.isHidden())
        self._batch.setText("" if is_narrow else "Batch")
        self._services.setText("" if is_narrow else "Services")

    def show_request(self, spec: ModelSpec, takes: int, estimate: Estimate, last_time: LastTime | None = None) -> None:
        """Verb and count on the button, what it costs, and how that was worked out.

        Args:
            last_time: Of a model without a published price, what it cost when it was last asked.
        """
        self._offer = f"Generate {readouts.counted(takes, 'take')}"
        self._price = readouts.estimated(estimate.expected)
        is_local = spec.provider == "local"
        read_on = spec.price.read_on if spec.price is not None else ""
        basis = "Made on this computer" if is_local else f"{estimate.basis}{_last(last_time)}"
        source = "Nothing is sent anywhere" if is_local else f"Price list of {readouts.day(read_on)}" if read_on else ""
        self._origin = basis, source
        self._reckoning = ". ".join(part for part in (_span(estimate), basis, source) if part)
        self._refresh_generate()
        self.model_shown.emit(spec)

    def show_key_missing(self, service: str, *, is_unconfirmed: bool = False) -> None:
        """Say on the button what has to be done first: its click then asks for that instead.

        Args:
            service: The name of the service without a key; empty while all is well.
            is_unconfirmed: There is a key, which the user must let go to another address.
        """
        verb = "Confirm the key for" if is_unconfirmed else "Set a key for"
        needs = "doesn’t get its key at this address before you agree" if is_unconfirmed else "needs a key"
        self._lack = f"{verb} {service}" if service else ""
        self._lack_reason = f"{service} {needs}." if is_unconfirmed else f"{service} {needs} before it can generate."
        self._refresh_generate()

    def show_excess(self, excess: Excess | None) -> None:
        """Say before the click that it would pass a limit: it then leads to the limits instead."""
        self._excess = excess
        self._refresh_generate()

    def _refresh_generate(self) -> None:
        excess = None if self._lack else self._excess
        stop = self._lack or (_CEILING if excess is not None else "")
        basis, source = self._origin if excess is None else (excess.limit, excess.figures)
        reason = f"{excess.limit}: {excess.figures}." if excess is not None else self._reckoning
        self._basis.setText(basis)
        self._source.setText(source)
        self._fit()
        self.generate.setText(stop or self._offer)
        self.generate.set_icon("key-round" if self._lack else "audio-lines" if excess is None else "octagon-alert")
        self.generate.set_price("" if stop else self._price)
        self.generate.setToolTip(self._lack_reason if self._lack else reason)

    def _on_generate(self) -> None:
        otherwise = self.generate_wanted if self._excess is None else self.limits_wanted
        wish = self.key_wanted if self._lack else otherwise
        wish.emit()

    def show_spent(self, month: str, spent: Spent, ceiling: Decimal | None, *, unknown: int = 0) -> None:
        """What this month cost; see `SpentButton`."""
        self._spent.show_spent(month, spent, ceiling, unknown=unknown)
        self._line.setVisible(not self._spent.isHidden())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.color("panel"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, self._theme.color("line"))
        painter.end()


def _last(time: LastTime | None) -> str:
    """`; last time $0.060`, with the number of takes unless it was one."""
    if time is None:
        return ""
    takes = f" for {readouts.counted(time.takes, 'take')}" if time.takes > 1 else ""
    return f"; last time {readouts.billed(time.billed)}{takes}"


def _span(estimate: Estimate) -> str:
    """`About $0.07, at most $0.95`; empty where both are the same, or nothing is known."""
    if estimate.most == estimate.expected or estimate.expected is None:
        return ""
    most = "nobody knows the most" if estimate.most is None else f"at most {readouts.at_most(estimate.most)}"
    expected = readouts.estimated(estimate.expected)
    return f"{expected[:1].upper()}{expected[1:]}, {most}"
