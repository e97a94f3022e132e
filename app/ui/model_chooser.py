"""Which model makes the sound: a button with its name, and a list by service to choose from."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.domain.model_spec import Kind, ModelSpec
from app.ui.controls.label import Label
from app.ui.controls.link import LinkButton
from app.ui.controls.search_field import SearchField
from app.ui.row_delegate import KIND_ICONS
from app.ui.theme import Theme

_POPUP_PX, _HIGHEST_POPUP_PX = 372, 480

_KIND_WORDS = {
    Kind.EFFECT: "effects",
    Kind.MUSIC: "music",
    Kind.SPEECH: "speech",
    Kind.SCENE: "scenes",
    Kind.TRANSCRIPTION: "transcription",
}


def kinds_text(spec: ModelSpec) -> str:
    """`effects and music`."""
    words = [_KIND_WORDS[kind] for kind in spec.kinds]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


class _TwoLineButton(QPushButton):
    """An icon in a tile, a name, a quieter line below it, and something at the right."""

    def __init__(self, theme: Theme, *, is_framed: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._is_framed = is_framed
        self._icon, self._title, self._line, self._trailing = "cpu", "", "", ""
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setAutoDefault(False)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setProperty("ringRadius", 6)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        theme.changed.connect(self._on_theme)

    def _on_theme(self) -> None:
        self.updateGeometry()
        self.update()

    def show_text(self, icon: str, title: str, line: str, trailing: str = "") -> None:
        self._icon, self._title, self._line, self._trailing = icon, title, line, trailing
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(296), self._theme.px(40))

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, px = self._theme, self._theme.px
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter)
        tile = QRect(px(6), (self.height() - px(28)) // 2, px(28), px(28))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("accent_tint"))
        painter.drawRoundedRect(tile, px(6), px(6))
        self._paint_icon(painter, tile, self._icon, "accent", 16)
        right = self.width() - px(10)
        if self._is_framed:
            chevrons = QRect(right - px(14), (self.height() - px(14)) // 2, px(14), px(14))
            self._paint_icon(painter, chevrons, "chevrons-up-down", "text3", 14)
            right = chevrons.left() - px(6)
        painter.setFont(theme.font("caption"))
        painter.setPen(theme.color("text3"))
        if self._trailing:
            width = painter.fontMetrics().horizontalAdvance(self._trailing)
            where = QRect(right - width, 0, width, self.height())
            painter.drawText(where, Qt.AlignmentFlag.AlignVCenter, self._trailing)
            right = where.left() - px(8)
        left = tile.right() + px(10)
        self._paint_lines(painter, left, right - left)
        painter.end()

    def _paint_ground(self, painter: QPainter) -> None:
        theme = self._theme
        rect = self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5)
        is_lit = self.underMouse() or self.isDown() or (not self._is_framed and self.hasFocus())
        if self._is_framed:
            painter.setPen(theme.color("line_control" if is_lit else "line_field"))
            painter.setBrush(theme.color("pressed" if self.isDown() else "field"))
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("sel" if self.isChecked() else "hover" if is_lit else "panel"))
        painter.drawRoundedRect(rect, theme.px(6), theme.px(6))

    def _paint_lines(self, painter: QPainter, left: int, width: int) -> None:
        theme, middle = self._theme, self.height() // 2
        lines = (
            (
                self._title,
                theme.font("strong"),
                "text",
                QRect(left, middle - theme.px(17), width, theme.px(17)),
            ),
            (self._line, theme.font("caption"), "text2", QRect(left, middle, width, theme.px(15))),
        )
        for text, font, role, where in lines:
            painter.setFont(font)
            painter.setPen(theme.color(role))
            shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, width)
            painter.drawText(where, Qt.AlignmentFlag.AlignVCenter, shown)

    def _paint_icon(self, painter: QPainter, where: QRect, name: str, role: str, size: int) -> None:
        ratio = self.devicePixelRatioF()
        pixmap = self._theme.pixmap(name, role, size=size, device_pixel_ratio=ratio)
        side = self._theme.px(size)
        corner = where.center() - QPoint(side // 2 - 1, side // 2 - 1)
        painter.drawPixmap(QRect(corner, QSize(side, side)), pixmap)


class ModelPopup(QFrame):
    """The models by service, found by typing; a pressed one is `chosen`. A service without a key offers to add one."""

    chosen = Signal(object)  # ModelSpec
    other_wanted = Signal(str)  # provider of a model that isn't listed
    key_wanted = Signal(str)  # provider

    def __init__(
        self,
        theme: Theme,
        specs: Sequence[ModelSpec],
        provider_names: dict[str, str],
        current: ModelSpec,
        parent: QWidget,
        *,
        others: Sequence[str] = (),
    ) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self._theme = theme
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName("Models")
        self._rows: list[tuple[_TwoLineButton, str]] = []
        self._headings: list[tuple[Label, list[_TwoLineButton]]] = []
        self._others = tuple(others)
        self._other_buttons: list[_TwoLineButton] = []
        self._missing_keys: frozenset[str] = frozenset()
        self._key_links: dict[str, tuple[LinkButton, list[_TwoLineButton]]] = {}
        self._search = SearchField(theme, "Search models", placeholder="Search models")
        self._nothing = Label(theme, "No model matches.", font="small", role="text2")
        self._nothing.hide()
        self._area = QScrollArea()
        self._lay_out(specs, provider_names, current)
        self._search.searched.connect(self._filter)
        self._search.setFocus(Qt.FocusReason.PopupFocusReason)

    def _lay_out(self, specs: Sequence[ModelSpec], provider_names: dict[str, str], current: ModelSpec) -> None:
        px = self._theme.px
        inside = QWidget()
        column = QVBoxLayout(inside)
        ring = px(4)  # room for the focus ring around a row
        column.setContentsMargins(ring, ring, ring, ring)
        column.setSpacing(px(2))
        for provider in dict.fromkeys((*(spec.provider for spec in specs), *self._others)):
            heading = Label(self._theme, provider_names.get(provider, provider), font="caption", role="text3")
            heading.setContentsMargins(px(6), 0, 0, 0)
            add_key = self._key_link(provider, heading.text())
            line = QHBoxLayout()
            line.addWidget(heading, 1)
            line.addWidget(add_key)
            column.addLayout(line)
            buttons: list[_TwoLineButton] = []
            for spec in (spec for spec in specs if spec.provider == provider):
                button = self._button(self._theme, spec, is_current=spec is current)
                column.addWidget(button)
                buttons.append(button)
                words = (spec.label, spec.id, heading.text(), provider, kinds_text(spec), spec.summary)
                self._rows.append((button, " ".join(words).casefold()))
            if provider in self._others:
                other = self._other_button(provider, heading.text())
                column.addWidget(other)
                buttons.append(other)
                self._other_buttons.append(other)
                self._rows.append((other, f"other model {heading.text()} {provider}".casefold()))
            self._headings.append((heading, buttons))
            self._key_links[provider] = (add_key, buttons)
        column.addWidget(self._nothing)
        column.addStretch(1)
        self._area.setWidget(inside)
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(px(8), px(8), px(8), px(8))
        outer.setSpacing(px(4))
        outer.addWidget(self._search)
        outer.addWidget(self._area)
        self.setFixedWidth(px(_POPUP_PX))
        needed = inside.sizeHint().height() + self._search.sizeHint().height() + px(24)
        self.setFixedHeight(min(px(_HIGHEST_POPUP_PX), needed))

    def show_missing_keys(self, providers: frozenset[str]) -> None:
        """Which services have no key; others have one, or nobody knows."""
        self._missing_keys = providers
        self._refresh_key_links()

    def _refresh_key_links(self) -> None:
        for provider, (link, buttons) in self._key_links.items():
            has_models = any(not button.isHidden() for button in buttons)
            link.setVisible(provider in self._missing_keys and has_models)

    def _key_link(self, provider: str, name: str) -> LinkButton:
        link = LinkButton(self._theme, "Add key", font="caption")
        link.setAccessibleName(f"Add a key for {name}")
        link.setContentsMargins(0, 0, self._theme.px(10), 0)
        link.clicked.connect(lambda: self._add_key(provider))
        link.hide()
        return link

    def _add_key(self, provider: str) -> None:
        self.close()
        self.key_wanted.emit(provider)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self._theme.color("line_field"))
        painter.setBrush(self._theme.color("panel"))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def _button(self, theme: Theme, spec: ModelSpec, *, is_current: bool) -> _TwoLineButton:
        button = _TwoLineButton(theme, is_framed=False)
        price = "price unknown" if spec.price is None else spec.price.in_words
        button.show_text(KIND_ICONS[spec.kind], spec.label, spec.summary or kinds_text(spec), price)
        button.setCheckable(True)
        button.setChecked(is_current)
        button.setAccessibleName(spec.label)
        button.setAccessibleDescription(f"{kinds_text(spec)}, {price}")
        button.setFixedHeight(theme.px(44))
        button.clicked.connect(lambda: self._choose(spec))
        return button

    def _other_button(self, provider: str, name: str) -> _TwoLineButton:
        button = _TwoLineButton(self._theme, is_framed=False)
        button.show_text("ellipsis", "Other model…", f"Any model of {name}, by its id")
        button.setAccessibleName(f"Other model of {name}")
        button.setFixedHeight(self._theme.px(44))
        button.clicked.connect(lambda: self._choose_other(provider))
        return button

    def _choose_other(self, provider: str) -> None:
        self.close()
        self.other_wanted.emit(provider)

    def _choose(self, spec: ModelSpec) -> None:
        self.close()
        self.chosen.emit(spec)

    def _filter(self, text: str) -> None:
        words = text.casefold().split()
        for button, haystack in self._rows:
            button.setVisible(all(word in haystack for word in words))
        is_nothing = all(button.isHidden() for button, _words in self._rows)
        for button in self._other_buttons if is_nothing else ():
            button.show()  # what isn't listed can still be named
        for heading, buttons in self._headings:
            heading.setVisible(any(not button.isHidden() for button in buttons))
        self._refresh_key_links()
        self._nothing.setVisible(is_nothing)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        shown = [button for button, _words in self._rows if not button.isHidden()]
        at = next((place for place, button in enumerate(shown) if button.hasFocus()), -1)
        match event.key():
            case Qt.Key.Key_Down if shown:
                self._go_to(shown[min(at + 1, len(shown) - 1)])
            case Qt.Key.Key_Up if at > 0:
                self._go_to(shown[at - 1])
            case Qt.Key.Key_Up:
                self._search.setFocus(Qt.FocusReason.TabFocusReason)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if shown:
                shown[max(at, 0)].click()
            case _ if at >= 0 and event.text().isprintable() and event.text().strip():
                self._search.setFocus(Qt.FocusReason.OtherFocusReason)
                self._search.insert(event.text())
            case _:
                super().keyPressEvent(event)

    def _go_to(self, button: _TwoLineButton) -> None:
        button.setFocus(Qt.FocusReason.TabFocusReason)
        self._area.ensureWidgetVisible(button, 0, self._theme.px(8))


class ModelChooser(_TwoLineButton):
    """Shows the chosen model; opens the list of all."""

    chosen = Signal(object)  # ModelSpec
    other_wanted = Signal(str)  # provider of a model that isn't listed
    opening = Signal()  # somebody is about to see which services have a key
    key_wanted = Signal(str)  # provider

    def __init__(self, theme: Theme, provider_names: dict[str, str], parent: QWidget | None = None) -> None:
        super().__init__(theme, is_framed=True, parent=parent)
        self._names = provider_names
        self._specs: Sequence[ModelSpec] = ()
        self._current: ModelSpec | None = None
        self._others: tuple[str, ...] = ()
        self._missing_keys: frozenset[str] = frozenset()
        self._popup: ModelPopup | None = None
        self.clicked.connect(self.open_list)

    def show_models(self, specs: Sequence[ModelSpec], current: ModelSpec) -> None:
        self._specs, self._current = specs, current
        where = "On this computer" if current.provider == "local" else self._names.get(current.provider, "")
        self.show_text(
            KIND_ICONS[current.kind],
            current.label,
            f"{where} · {kinds_text(current)}" if where else kinds_text(current),
        )
        self.setAccessibleName(f"Model: {current.label}")
        self.setAccessibleDescription(f"{where}, {kinds_text(current)}" if where else kinds_text(current))
        about = f"{current.label}: {current.summary}" if current.summary else current.label
        self.setToolTip(f"{about}\nChoose the model (Ctrl+L)")

    def show_services(self, provider_names: dict[str, str]) -> None:
        """What people call the providers there are now."""
        self._names = provider_names

    def offer_others(self, providers: Sequence[str]) -> None:
        """Providers whose models can be named without being listed."""
        self._others = tuple(providers)

    def open_list(self) -> None:
        if self._current is None:
            return
        self.opening.emit()
        specs = self._specs if self._current in self._specs else [*self._specs, self._current]
        popup = self._popup = ModelPopup(self._theme, specs, self._names, self._current, self, others=self._others)
        popup.show_missing_keys(self._missing_keys)
        popup.chosen.connect(self.chosen)
        popup.other_wanted.connect(self.other_wanted)
        popup.key_wanted.connect(self.key_wanted)
        popup.destroyed.connect(self._on_popup_gone)
        popup.move(self.mapToGlobal(QPoint(0, self.height() + self._theme.px(4))))
        popup.show()

    def show_missing_keys(self, providers: frozenset[str]) -> None:
        """Which services have no key, also in a list that is open."""
        self._missing_keys = providers
        if self._popup is not None:
            self._popup.show_missing_keys(providers)

    def _on_popup_gone(self) -> None:
        self._popup = None
