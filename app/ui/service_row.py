"""One service in the list of services: who it is, how it stands with its key, and what can be done about that."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QLabel, QMenu, QVBoxLayout, QWidget

from app.domain.service import Service
from app.ui.address_entry import AddressEntry
from app.ui.announcement import announce
from app.ui.controls.button import Button
from app.ui.controls.divider import Divider
from app.ui.controls.ghost_button import GhostButton, IconButton
from app.ui.controls.label import Label
from app.ui.controls.painting import fill_rounded
from app.ui.key_field import KeyEntry
from app.ui.service_keys import Standing
from app.ui.service_words import KeyAct, StandingWords, can_enter, is_refused, key_acts, standing_words
from app.ui.theme import Theme

NAME_PX = 128
_TILE_PX, _LINE_PX = 28, 32
INDENT_PX = 40  # what stands below the line begins under the name


class ServiceRow(QWidget):
    """Announces what the user wants done with the key of one service; shows how the service stands."""

    act_wanted = Signal(KeyAct)  # TEST, DELETE and REMOVE (confirmed), CONFIRM, LOOK_AGAIN
    save_wanted = Signal(str)
    session_wanted = Signal(str)
    address_chosen = Signal(str)  # empty for the service's own
    page_wanted = Signal(str)  # an address to be opened in the browser
    grown = Signal()  # the row needs another height

    def __init__(
        self,
        theme: Theme,
        service: Service,
        *,
        can_test: bool,
        can_remove: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self.service = service
        self._can_test, self._can_remove = can_test, can_remove
        self._standing = Standing()
        self._base_url = service.base_url
        self._reason = self._problem = ""
        self._is_entering = False
        self._asking: KeyAct | None = None  # DELETE or REMOVE, while the user is asked whether that is meant
        self._awaits_turn = self._wants_new_key = False
        self._tile = ServiceTile(theme, "cloud" if service.needs_key else "cpu")
        self._name = Label(theme, service.name, font="strong", elide=True)
        self._about = Label(theme, service.about, font="caption", role="text3", elide=True)
        self._sign = QLabel()
        self._words = Label(theme, font="small", wrap=True)
        self._buttons = self._made_buttons()
        self._keep = Button(theme, "Keep it")
        self._delete = Button(theme, "", tone="warn")
        self._more = IconButton(
            theme,
            "ellipsis",
            f"More about {service.name}",
            tooltip="Address, remove" if can_remove else "Account, address",
        )
        self._entry = KeyEntry(theme, service.name, service.account_page)
        self._address = AddressEntry(theme, service.name, service.base_url)
        self._line, self._answers, self._actions = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        self._state, self._below, self._column = QVBoxLayout(), QVBoxLayout(), QVBoxLayout(self)
        self._sentence, self._title = QHBoxLayout(), QVBoxLayout()
        self._lay_out()
        self._connect()
        self._refresh_sizes()
        self._refresh()

    # What is shown

    def show_standing(self, standing: Standing, base_url: str) -> None:
        """
        Args:
            base_url: Where the service is reached now.
        """
        before, self._standing = self._standing, standing
        self._base_url = base_url
        self._address.show_address(base_url)
        if standing.info != before.info:
            self._asking = None
        if standing.info is not None and self._reason:
            self._reason = ""
        if standing.problem != before.problem:
            self._problem = standing.problem
            if self._problem and self._is_open_for_keys():
                self._entry.field.setFocus(Qt.FocusReason.OtherFocusReason)
        if is_refused(standing) and not is_refused(before) and self._holds_focus():
            self._is_entering = can_enter(standing)
            self._refresh()
            self._entry.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self._refresh()
        if before.doing and not standing.doing:
            announce(self, f"{self.service.name}: {standing.problem or self._words.text()}")
        self._take_turn()

    def turn_to(self, reason: str = "", *, wants_new_key: bool = False) -> None:
        """Bring the user to what this row needs, as soon as that is known.

        Args:
            reason: A sentence that stands in the row while there is no key.
            wants_new_key: The key that is there didn't do.
        """
        self._reason = reason
        self._awaits_turn, self._wants_new_key = True, wants_new_key
        self._refresh()
        self._take_turn()

    def give_key(self, key: str) -> None:
        """As if the user had typed it here and pressed “Save and test”."""
        self._enter()
        self._entry.field.setText(key)
        self.save_wanted.emit(key)

    def forget_typing(self) -> None:
        """What was typed is kept, or given up."""
        was_there = self._entry.field.hasFocus()
        self._entry.field.forget()
        self._problem = ""
        self._is_entering = False
        self._refresh(focus_in_row=was_there or self._holds_focus())

    # Building

    def _made_buttons(self) -> dict[KeyAct, QAbstractButton]:
        theme, name = self._theme, self.service.name
        names = {
            KeyAct.LOOK_AGAIN: f"Look for the key for {name} again",
            KeyAct.TEST: f"Test the key for {name}",
            KeyAct.CONFIRM: f"Send the key for {name} there",
            KeyAct.CANCEL: f"Cancel the key for {name}",
            KeyAct.REPLACE: f"Replace the key for {name}",
            KeyAct.ADD: f"Add a key for {name}",
            KeyAct.DELETE: f"Delete the key for {name}",
        }
        made: dict[KeyAct, QAbstractButton] = {}
        for act, accessible in names.items():
            if act is KeyAct.DELETE:
                made[act] = IconButton(theme, "trash-2", accessible, tooltip="Delete the key", icon_size=15)
            elif act in (KeyAct.TEST, KeyAct.LOOK_AGAIN, KeyAct.CANCEL):
                made[act] = GhostButton(theme, act.value)
            else:
                made[act] = Button(theme, act.value)
            made[act].setAccessibleName(accessible)
        return made

    def _lay_out(self) -> None:
        top = Qt.AlignmentFlag.AlignTop
        self._title.addWidget(self._name)
        self._title.addWidget(self._about)
        self._sentence.addWidget(self._sign, 0, top)
        self._sentence.addWidget(self._words, 1)
        self._answers.addWidget(self._buttons[KeyAct.CONFIRM])
        self._answers.addWidget(self._delete)
        self._answers.addWidget(self._keep)
        self._state.addStretch(1)
        self._state.addLayout(self._sentence)
        self._state.addLayout(self._answers)
        self._state.addStretch(1)
        for act, button in self._buttons.items():
            if act is not KeyAct.CONFIRM:
                self._actions.addWidget(button)
        self._actions.addWidget(self._more)
        self._line.addWidget(self._tile, 0, top)
        self._line.addLayout(self._title)
        self._line.setAlignment(self._title, top)
        self._line.addLayout(self._state, 1)
        self._line.addLayout(self._actions)
        self._line.setAlignment(self._actions, top)
        self._below.addWidget(self._entry)
        self._below.addWidget(self._address)
        self._column.addWidget(Divider(self._theme))
        self._column.addLayout(self._line)
        self._column.addLayout(self._below)
        self._answers.addStretch(1)

    def _connect(self) -> None:
        self._theme.changed.connect(self._refresh_sizes)
        self._buttons[KeyAct.ADD].clicked.connect(self._enter)
        self._buttons[KeyAct.REPLACE].clicked.connect(self._enter)
        self._buttons[KeyAct.CANCEL].clicked.connect(self.forget_typing)
        self._buttons[KeyAct.DELETE].clicked.connect(lambda: self._ask(KeyAct.DELETE))
        for act in (KeyAct.TEST, KeyAct.CONFIRM, KeyAct.LOOK_AGAIN):
            self._buttons[act].clicked.connect(lambda _checked=False, act=act: self.act_wanted.emit(act))
        self._keep.clicked.connect(self._ask_no_more)
        self._delete.clicked.connect(self._delete_now)
        self._more.clicked.connect(self._open_menu)
        self._entry.save_wanted.connect(self.save_wanted)
        self._entry.session_wanted.connect(self.session_wanted)
        self._entry.field.textEdited.connect(self._on_edited)
        self._entry.page_wanted.connect(lambda: self.page_wanted.emit(self.service.account_page))
        self._address.chosen.connect(self.address_chosen)
        self._address.folded.connect(self._on_address_folded)

    # What the user does

    def _enter(self) -> None:
        self._is_entering, self._asking = True, None
        self._refresh()
        self._entry.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_edited(self) -> None:
        if self._problem:
            self._problem = ""
            self._refresh()

    def _ask(self, act: KeyAct) -> None:
        """In place, before something goes that can't be brought back."""
        self._asking = act
        name = self.service.name
        is_key = act is KeyAct.DELETE
        self._delete.setText(act.value)
        self._delete.setAccessibleName(
            f"Delete the key for {name}, it can’t be brought back" if is_key else f"Remove {name} and its key"
        )
        self._keep.setAccessibleName(f"Keep the key for {name}" if is_key else f"Keep {name}")
        self._refresh()
        self._keep.setFocus(Qt.FocusReason.TabFocusReason)

    def _ask_no_more(self) -> None:
        asked, self._asking = self._asking, None
        self._refresh()
        target = self._buttons[KeyAct.DELETE] if asked is KeyAct.DELETE else self._more
        target.setFocus(Qt.FocusReason.TabFocusReason)

    def _delete_now(self) -> None:
        asked, self._asking = self._asking, None
        self._refresh()
        if asked is not None:
            self.act_wanted.emit(asked)

    def _open_menu(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for text, page in (
            ("Account and keys…", self.service.account_page),
            ("What was charged…", self.service.usage_page),
        ):
            if page:
                menu.addAction(text).triggered.connect(lambda _checked=False, page=page: self.page_wanted.emit(page))
        menu.addAction("Change address").triggered.connect(self.change_address)
        if self._can_remove:
            menu.addAction("Remove server").triggered.connect(lambda: self._ask(KeyAct.REMOVE))
        menu.popup(self._more.mapToGlobal(QPoint(0, self._more.height())))

    def change_address(self) -> None:
        self._address.open_field()
        self._fit()

    def _on_address_folded(self) -> None:
        if not self._holds_focus():
            self._more.setFocus(Qt.FocusReason.OtherFocusReason)
        self._fit()

    def _take_turn(self) -> None:
        """Once: later changes leave the focus where the user put it."""
        standing = self._standing
        if not self._awaits_turn or standing.doing or not standing.is_known:
            return
        self._awaits_turn = False
        is_missing = standing.info is None and self._needs_key
        if can_enter(standing) and (is_missing or self._wants_new_key or is_refused(standing)):
            self._enter()
            return
        # Never the button that lets a key go elsewhere: Enter must not press it by chance.
        harmless = (KeyAct.TEST, KeyAct.REPLACE, KeyAct.ADD)
        self._focus_first([*(self._buttons[act] for act in harmless), self._more])

    # Inside

    def _acts(self) -> tuple[KeyAct, ...]:
        if self._asking is not None:
            return ()
        return key_acts(
            self.service,
            self._standing,
            can_test=self._can_test,
            is_entering=self._is_entering,
            needs_key=self._needs_key,
        )

    @property
    def _needs_key(self) -> bool:
        return self.service.needs_key_at(self._base_url)

    def _is_open_for_keys(self) -> bool:
        is_forced = is_refused(self._standing) and not self._standing.is_unconfirmed
        return can_enter(self._standing) and (self._is_entering or is_forced) and self._asking is None

    def _shown_words(self) -> StandingWords:
        standing, info = self._standing, self._standing.info
        if self._asking is KeyAct.REMOVE:
            return StandingWords("trash-2", "warn", f"Remove {self.service.name}, with its key? Its takes stay.")
        if self._asking is KeyAct.DELETE and info is not None:
            which = f" that ends in {info.ending}" if info.ending else ""
            return StandingWords("trash-2", "warn", f"Delete the key{which}? It can’t be brought back.")
        words = standing_words(self.service, standing, self._base_url)
        if self._reason and standing.is_missing and not standing.doing:
            return StandingWords("key-round", "warn", self._reason)
        return words

    def _refresh(self, *, focus_in_row: bool | None = None) -> None:
        """Show what belongs here now. What appears does so before the rest goes, so the focus can move over."""
        had_focus = self._holds_focus() if focus_in_row is None else focus_in_row
        self._show_words(self._shown_words())
        acts = self._acts()
        wanted: dict[QWidget, bool] = {button: act in acts for act, button in self._buttons.items()}
        wanted[self._keep] = wanted[self._delete] = self._asking is not None
        wanted[self._entry] = self._is_open_for_keys()
        wanted[self._more] = self.service.needs_key
        self._entry.show_test(self._can_test)
        self._entry.show_page(self._standing.info is None)
        self._entry.show_problem(self._problem, is_refused=is_refused(self._standing))
        for widget, is_wanted in wanted.items():
            if is_wanted:
                widget.show()
        focused = self.focusWidget() if had_focus else None
        leaving = [widget for widget, is_wanted in wanted.items() if not is_wanted and not widget.isHidden()]
        if focused is not None and any(each is focused or each.isAncestorOf(focused) for each in leaving):
            self._focus_first([widget for widget in wanted if widget not in leaving and widget is not self._entry])
        for widget in leaving:
            widget.hide()
        self._fit()

    def _fit(self) -> None:
        """What stands below the line has as much room below it as the line."""
        has_below = not (self._entry.isHidden() and self._address.isHidden())
        px = self._theme.px
        self._below.setContentsMargins(px(INDENT_PX), 0, 0, px(12) if has_below else 0)
        self.grown.emit()

    def _show_words(self, words: StandingWords) -> None:
        ratio = self.devicePixelRatioF()
        stroke = 2.0 if words.is_strong else 1.75
        picture = self._theme.pixmap(words.icon, words.icon_role, size=14, stroke=stroke, device_pixel_ratio=ratio)
        self._sign.setPixmap(picture)
        self._words.setText(words.text)
        self._words.set_role(words.role)
        self._words.set_medium(words.is_strong)
        self._words.setToolTip(words.details)
        standing = self._standing
        self._tile.set_quiet(self._needs_key and (not standing.is_known or standing.is_missing))

    def _focus_first(self, widgets: Sequence[QWidget]) -> None:
        usable = (w for w in widgets if not w.isHidden() and w.isEnabled())
        first = next((w for w in usable if w.focusPolicy() & Qt.FocusPolicy.TabFocus), None)
        if first is not None:
            first.setFocus(Qt.FocusReason.TabFocusReason)

    def _holds_focus(self) -> bool:
        focused = self.window().focusWidget()
        return focused is not None and self.isAncestorOf(focused)

    def _refresh_sizes(self) -> None:
        px = self._theme.px
        self._line.setSpacing(px(12))
        self._actions.setSpacing(px(8))
        self._actions.setContentsMargins(0, px(2), 0, 0)  # in the middle of the line, which is higher than a button
        self._answers.setSpacing(px(8))
        self._sentence.setSpacing(px(6))
        self._state.setSpacing(px(8))
        self._title.setSpacing(0)
        self._below.setSpacing(px(10))
        self._column.setSpacing(0)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._line.setContentsMargins(0, px(10), 0, px(10))
        for label in (self._name, self._about):
            label.setFixedWidth(px(NAME_PX))
        self._sign.setFixedHeight(self._theme.line_height("small"))
        if self._words.text():
            self._show_words(self._shown_words())
        self._fit()


class ServiceTile(QWidget):
    """The icon of a service; quiet while it can't be used."""

    def __init__(self, theme: Theme, icon: str) -> None:
        super().__init__()
        self._theme = theme
        self._icon = icon
        self._is_quiet = False
        theme.changed.connect(self._on_theme)
        self._on_theme()

    def set_quiet(self, is_quiet: bool) -> None:
        self._is_quiet = is_quiet
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(_TILE_PX), self._theme.px(_LINE_PX))

    def paintEvent(self, _event: QPaintEvent) -> None:
        px, color = self._theme.px, self._theme.color
        side = px(_TILE_PX)
        tile = QRectF(0, (self.height() - side) // 2, side, side)
        painter = QPainter(self)
        fill_rounded(painter, tile, px(6), color("field" if self._is_quiet else "accent_tint"))
        role = "text3" if self._is_quiet else "accent"
        picture = self._theme.pixmap(self._icon, role, size=16, device_pixel_ratio=self.devicePixelRatioF())
        inset = (side - px(16)) / 2
        painter.drawPixmap(tile.topLeft().toPoint() + QPoint(round(inset), round(inset)), picture)

    def _on_theme(self) -> None:
        self.setFixedSize(self.sizeHint())
        self.update()
