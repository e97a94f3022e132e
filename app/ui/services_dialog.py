"""Services and keys: which services are set up, with which key, where, and what may be spent."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QSize, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from app.domain.service import Service
from app.storage.settings import ProviderSettings, Settings, SpendingSettings
from app.ui.controls.divider import Divider
from app.ui.controls.text_field import TextField
from app.ui.dialog import Dialog
from app.ui.own_servers import OwnServers
from app.ui.server_entry import ServerEntry
from app.ui.service_keys import ServiceKeys
from app.ui.service_row import ServiceRow
from app.ui.service_words import KeyAct
from app.ui.spending_limits import SpendingLimits
from app.ui.theme import Theme

WIDTH_PX = 672
_SUBTITLES = {
    None: "A key is sent only to the service it belongs to.",
    True: "Keys are kept in this computer’s keychain and sent only to the service they belong to.",
    False: "Keys are kept in memory until you quit, and sent only to the service they belong to.",
}
_LEAST_LIST_PX = 120
_AROUND_PX = 96  # of the screen's height, left to its panels and the frame of the desktop


class ServicesDialog(Dialog):
    """Every change takes effect at once; `changed` carries the new settings, keys go straight to `ServiceKeys`."""

    changed = Signal(object)  # Settings
    moved = Signal(str)  # provider: it is reached elsewhere now

    def __init__(
        self,
        theme: Theme,
        servers: OwnServers,
        keys: ServiceKeys,
        settings: Settings,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(
            theme, "Services and keys", subtitle=_SUBTITLES[keys.has_keychain], width=WIDTH_PX, parent=parent
        )
        self._keys = keys
        self._settings = settings
        self._fit_soon = QTimer(self, interval=0, singleShot=True)
        self._see_soon = QTimer(self, interval=0, singleShot=True)  # once the rows are where they belong
        self._theme = theme
        self._servers = servers
        self.rows = {service.id: self._made_row(service) for service in servers.services}
        self.entry = ServerEntry(theme)
        self._limits = SpendingLimits(theme, settings.spending)
        self._list = QWidget()
        self._column = QVBoxLayout(self._list)
        self._area = _RowsArea(self._list, self._column)
        self._wanted_row: QWidget | None = None
        self._close = self.add_button("Close", safe=True)
        self._lay_out(theme)
        self._connect()
        for provider in self.rows:
            self._show(provider)
            keys.look_again(provider)  # the command line may have changed it since
        self._show_entry()
        self._show_keychain()
        keys.look_at_keychain()
        self._close.setFocus(Qt.FocusReason.OtherFocusReason)

    def take(self, settings: Settings) -> None:
        """They were changed elsewhere."""
        self._settings = settings

    def go_to(self, provider: str, reason: str = "", *, wants_new_key: bool = False) -> None:
        """Bring the user to one service; see `ServiceRow.turn_to`."""
        row = self.rows.get(provider)
        if row is not None:
            self._wanted_row = row
            row.turn_to(reason, wants_new_key=wants_new_key)

    def go_to_limits(self) -> None:
        self._limits.focus_first()

    # Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter in a field takes over what was typed; the dialog stays, to see what it did."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(self.focusWidget(), TextField):
            event.accept()
            return
        super().keyPressEvent(event)

    def done(self, result: int) -> None:
        for row in self.rows.values():
            row.forget_typing()  # no key outlives the dialog in a field
        self.entry.take_key()
        super().done(result)
        self.deleteLater()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_soon.start()

    # Building

    def _lay_out(self, theme: Theme) -> None:
        column = self._column
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for row in self.rows.values():
            column.addWidget(row)
        column.addWidget(self.entry)
        column.addStretch(1)
        self.body.setSpacing(0)
        self.body.addWidget(self._area, 1)
        self.body.addWidget(Divider(theme))
        self.body.addWidget(self._limits)

    def _connect(self) -> None:
        self.entry.wanted.connect(self._servers.add)
        self.entry.grown.connect(self._fit_soon.start)
        self.entry.opened.connect(self._go_to_entry)
        self._servers.added.connect(self._on_added)
        self._servers.refused.connect(self.entry.refuse)
        self._servers.changed.connect(self._on_server)
        self._fit_soon.timeout.connect(self._fit)
        self._see_soon.timeout.connect(self._see)
        self._limits.changed.connect(self._change_limits)
        self._keys.changed.connect(self._show)
        self._keys.kept.connect(self._on_kept)
        self._keys.keychain_changed.connect(self._show_keychain)
        self._close.clicked.connect(self._finish)

    def _made_row(self, service: Service) -> ServiceRow:
        provider = service.id
        can_test, can_remove = self._keys.can_test(provider), self._servers.is_own(provider)
        row = ServiceRow(self._theme, service, can_test=can_test, can_remove=can_remove)
        row.act_wanted.connect(lambda act: self._act(provider, act))
        row.save_wanted.connect(lambda key: self._keys.keep(provider, key))
        row.session_wanted.connect(lambda key: self._keys.keep_until_exit(provider, key))
        row.address_chosen.connect(lambda address: self._change_address(provider, address))
        row.page_wanted.connect(lambda page: QDesktopServices.openUrl(QUrl(page)))
        row.grown.connect(self._fit_soon.start)
        return row

    # What the user does

    def _act(self, provider: str, act: KeyAct) -> None:
        match act:
            case KeyAct.TEST:
                self._keys.test(provider)
            case KeyAct.CONFIRM:
                self._keys.confirm(provider)
            case KeyAct.DELETE:
                self._keys.delete(provider)
            case KeyAct.REMOVE:
                self._servers.remove(provider)
            case KeyAct.LOOK_AGAIN:
                self._keys.look_again(provider)
                self._keys.look_at_keychain()

    def _change_address(self, provider: str, address: str) -> None:
        of_provider = self._settings.providers.get(provider, ProviderSettings())
        changed = replace(of_provider, base_url=address or None)
        self._change(replace(self._settings, providers={**self._settings.providers, provider: changed}))
        self._show(provider)
        self._keys.on_moved(provider)
        self.moved.emit(provider)

    def _change_limits(self, limits: SpendingSettings) -> None:
        self._change(replace(self._settings, spending=limits))

    def _change(self, settings: Settings) -> None:
        self._settings = settings
        self.changed.emit(settings)

    def _finish(self) -> None:
        """Close, unless an amount is left that can't be used."""
        if self._limits.finish():
            self.accept()

    # What is shown

    def _show(self, provider: str) -> None:
        row = self.rows.get(provider)
        if row is not None:
            own = self._settings.providers.get(provider, ProviderSettings()).base_url
            row.show_standing(self._keys.standing(provider), own or row.service.base_url)

    def _show_keychain(self) -> None:
        self.set_subtitle(_SUBTITLES[self._keys.has_keychain])
        self.set_footer_note(self._keys.keychain_words or "Looking for the keychain…")

    def _go_to_entry(self) -> None:
        self._wanted_row = self.entry
        self._fit_soon.start()

    def _on_server(self, provider: str) -> None:
        """A server came, or went."""
        service = self._servers.service(provider)
        row = self.rows.get(provider)
        if service is None and row is not None:
            del self.rows[provider]
            self._wanted_row = None if self._wanted_row is row else self._wanted_row
            if row.isAncestorOf(self.focusWidget() or self):
                self._close.setFocus(Qt.FocusReason.OtherFocusReason)
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        elif service is not None and row is None:
            row = self.rows[provider] = self._made_row(service)
            self._column.insertWidget(self._column.indexOf(self.entry), row)
            self._show(provider)
            self._keys.look_again(provider)
        self._show_entry()

    def _on_added(self, provider: str) -> None:
        """What was typed is a server now: see whether it answers, with its key if it has one."""
        key = self.entry.take_key()
        self.entry.fold()
        self.go_to(provider)
        if key:
            self.rows[provider].give_key(key)
        else:
            self._keys.test(provider)

    def _show_entry(self) -> None:
        self.entry.show_servers(any(map(self._servers.is_own, self.rows)))

    def _on_kept(self, provider: str) -> None:
        if provider in self.rows:
            self.rows[provider].forget_typing()

    def _fit(self) -> None:
        """As high as the rows need, up to the height of the screen; then they scroll."""
        width = max(self.width(), self.minimumWidth())
        rest = self.heightForWidth(width) - self._area.height()
        room = self.screen().availableGeometry().height() - _AROUND_PX - rest
        wanted = max(min(self._area.needed_height(), room), self._theme.px(_LEAST_LIST_PX))
        self._area.setFixedHeight(wanted)
        frame = self.layout()
        assert frame is not None, "the frame of every dialog is laid out"
        frame.activate()  # else the height before is still the least there may be
        self.resize(width, rest + wanted)
        if self._wanted_row is not None:
            self._see_soon.start()

    def _see(self) -> None:
        if self._wanted_row is not None:
            self._area.ensureWidgetVisible(self._wanted_row, 0, 0)
            focus = self.focusWidget()
            if focus is not None and self._wanted_row.isAncestorOf(
                focus
            ):  # with large text a row may not fit as a whole
                self._area.ensureWidgetVisible(focus, 0, 0)
        self._wanted_row = None


class _RowsArea(QScrollArea):
    """The rows, which scroll once the screen is too low for them."""

    def __init__(self, inside: QWidget, column: QVBoxLayout) -> None:
        super().__init__()
        self._column = column
        inside.setObjectName("scrolled")
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def needed_height(self) -> int:
        """What the rows need at the present width."""
        layout = self._column
        layout.activate()
        return max(layout.heightForWidth(self.viewport().width()), layout.minimumSize().height())

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self.height())
