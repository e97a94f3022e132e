"""One clip or picture that goes along: its tag, how it looks, its name, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QImage, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.domain.request import InputKind
from app.ui import readouts
from app.ui.controls.button import Button
from app.ui.controls.ghost_button import IconButton
from app.ui.controls.label import Label
from app.ui.controls.note_line import NoteLine, NoteTone
from app.ui.controls.painted_button import Look, PaintedButton, Shape
from app.ui.controls.painting import fill_rounded
from app.ui.mini_waveform import paint_mini_waveform
from app.ui.theme import Theme

_CARD_PX, _RADIUS_PX = 38, 6
_WAVE_PX, _NARROW_WAVE_PX, _WAVE_HEIGHT_PX = 66, 33, 22
_NARROW_BELOW_PX = 280
_THUMBNAIL_PX = 28
_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class ReferenceRow(QWidget):
    """Announces wishes; Alt with the arrows or a drag moves a clip, Delete removes it, Enter plays it."""

    insert_wanted = Signal()
    play_wanted = Signal()
    remove_wanted = Signal()
    trim_wanted = Signal()
    step_wanted = Signal(int)  # -1 up, 1 down
    dragged = Signal(QPoint)  # where the pointer is, in global coordinates
    dropped = Signal(QPoint)

    def __init__(self, theme: Theme, path: Path, kind: InputKind, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.path, self.kind = path, kind
        self._title, self._place = path.stem, ""
        self.card = _Card(theme, self)
        self._tag = _Tag(theme)
        self._picture: _Wave | _Thumbnail = _Wave(theme) if kind is InputKind.CLIP else _Thumbnail(theme)
        self._name = Label(theme, path.stem, font="small", elide=True)
        self._length = Label(theme, font="caption", role="text3")
        self._play = IconButton(theme, "play", "Play", size=24, icon_size=14)
        self._remove = IconButton(theme, "x", "Remove", size=24, icon_size=14)
        self._note = NoteLine(theme)
        self._trim = Button(theme, "", size="row")
        self._below = QHBoxLayout()
        self._inside, self._words, self._column = QHBoxLayout(self.card), QVBoxLayout(), QVBoxLayout(self)
        self._lay_out()
        self._tag.clicked.connect(self.insert_wanted)
        self._play.clicked.connect(self.play_wanted)
        self._remove.clicked.connect(self.remove_wanted)
        self._trim.clicked.connect(self.trim_wanted)
        self._refresh_sizes()
        theme.changed.connect(self._refresh_sizes)

    def _lay_out(self) -> None:
        self._words.addStretch(1)
        self._words.addWidget(self._name)
        self._words.addWidget(self._length)
        self._words.addStretch(1)
        self._inside.addWidget(self._tag)
        self._inside.addWidget(self._picture)
        self._inside.addLayout(self._words, 1)
        self._inside.addWidget(self._play)
        self._inside.addWidget(self._remove)
        self._below.addWidget(self._note, 1)
        self._below.addWidget(self._trim, 0, Qt.AlignmentFlag.AlignTop)
        self._column.addWidget(self.card)
        self._column.addLayout(self._below)
        self._trim.hide()
        self.setFocusProxy(self.card)
        self._play.setVisible(self.kind is InputKind.CLIP)

    def show_tag(self, tag: str, place: str) -> None:
        """What the prompt calls it, empty where it has no name there; and which of all clips it is, in words."""
        self._tag.setVisible(bool(tag))
        self._tag.show_tag(tag)
        self._title = ", ".join(part for part in (tag, self.path.stem) if part)
        for button, verb in ((self._play, "Play"), (self._remove, "Remove")):
            button.set_name(f"{verb} {tag or self.path.stem}")
        self._place = place
        self._describe()

    def show_length(self, duration_s: float | None) -> None:
        self._length.setText(readouts.length(duration_s) if duration_s is not None else "")
        self._length.setVisible(duration_s is not None)
        self._describe()

    def show_levels(self, levels: Sequence[float]) -> None:
        if isinstance(self._picture, _Wave):
            self._picture.show_levels(levels)

    def show_thumbnail(self, image: QImage | None) -> None:
        if isinstance(self._picture, _Thumbnail):
            self._picture.show_image(image)

    def show_note(self, text: str, tone: NoteTone) -> None:
        self._note.say(text, tone)
        self.card.show_problem(bool(text) and tone is NoteTone.PROBLEM)
        self._describe()

    def offer_trim(self, longest_s: float | None, *, is_under_way: bool) -> None:
        """A shorter copy, of so many seconds; None where the clip is short enough."""
        had_focus = self._trim.hasFocus()
        self._trim.setText("Trimming…" if is_under_way else f"Trim to {_brief(longest_s or 0.0)}")
        self._trim.setAccessibleName(f"{self._trim.text()}: {self._title}")
        self._trim.setEnabled(not is_under_way)
        self._trim.setVisible(longest_s is not None)
        if had_focus and not self._trim.hasFocus():
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def has_problem(self) -> bool:
        return self.card.has_problem

    def focus_remedy(self) -> None:
        """Go to what mends it, where something here does."""
        remedy = self._trim if self._trim.isVisibleTo(self) and self._trim.isEnabled() else self.card
        remedy.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_playing(self, *, is_playing: bool) -> None:
        self._play.set_icon("pause" if is_playing else "play", role="accent" if is_playing else "text2")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is not None and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.step_wanted.emit(step)
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.remove_wanted.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.kind is InputKind.CLIP:
            self.play_wanted.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if isinstance(self._picture, _Wave):  # a narrow row keeps the room for the name
            is_narrow = self.width() < self._theme.px(_NARROW_BELOW_PX)
            self._picture.setFixedWidth(self._theme.px(_NARROW_WAVE_PX if is_narrow else _WAVE_PX))

    def _describe(self) -> None:
        parts = (self._title, self._length.text(), self._place, self._note.text())
        self.card.setAccessibleName(", ".join(part for part in parts if part))

    def _refresh_sizes(self) -> None:
        px = self._theme.px
        self.card.setFixedHeight(px(_CARD_PX))
        self._inside.setContentsMargins(px(6), 0, px(4), 0)
        self._inside.setSpacing(px(6))
        self._words.setSpacing(0)
        self._column.setContentsMargins(0, 0, 0, px(6))
        self._column.setSpacing(px(3))
        self._below.setSpacing(px(6))


def _brief(seconds: float) -> str:
    """`0:30`, `0:07.5`."""
    return readouts.length(seconds).removesuffix(".0")


class _Card(QWidget):
    """The box of a row, which can be dragged and holds the keyboard focus."""

    def __init__(self, theme: Theme, row: ReferenceRow) -> None:
        super().__init__(row)
        self._theme = theme
        self._row = row
        self._pressed_at: QPoint | None = None
        self._is_dragging = False
        self.has_problem = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setProperty("ringRadius", _RADIUS_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleDescription("Alt with up or down moves it, Delete removes it")
        theme.changed.connect(self.update)

    def show_problem(self, has_problem: bool) -> None:
        self.has_problem = has_problem
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        color = self._theme.color
        fill = "hover" if self.underMouse() or self._is_dragging else "window"
        outline = "err" if self.has_problem else "line_control" if self._is_dragging else "line"
        painter = QPainter(self)
        fill_rounded(painter, QRectF(self.rect()), self._theme.px(_RADIUS_PX), color(fill), color(outline))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._pressed_at = event.position().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed_at is None:
            return
        way = (event.position().toPoint() - self._pressed_at).manhattanLength()
        if not self._is_dragging and way >= QApplication.startDragDistance():
            self._is_dragging = True
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        if self._is_dragging:
            self._row.dragged.emit(event.globalPosition().toPoint())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        was_dragging, self._is_dragging, self._pressed_at = self._is_dragging, False, None
        self.unsetCursor()
        self.update()
        if was_dragging:
            self._row.dropped.emit(event.globalPosition().toPoint())


class _Tag(PaintedButton):
    """What the prompt calls a clip; a click puts it there."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "", Shape(18, 5, radius=3, font="caption"))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_tag(self, tag: str) -> None:
        self.setText(tag)
        self.setAccessibleName(f"Insert {tag} into the prompt")
        self.setToolTip(f"Insert {tag} into the prompt")
        self.updateGeometry()

    def look(self, *, hovered: bool, pressed: bool) -> Look:
        return Look("accent", fill="sel" if hovered or pressed else "accent_tint", bold=True)

    def text_font(self, *, bold: bool) -> QFont:  # noqa: ARG002 - tags have one weight
        return self._theme.font("caption", bold=True)

    def _reserves_bold(self) -> bool:
        return True


class _Wave(QWidget):
    """The clip in the width of a word."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._levels: Sequence[float] = ()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_levels(self, levels: Sequence[float]) -> None:
        self._levels = levels
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(_WAVE_PX), self._theme.px(_WAVE_HEIGHT_PX))

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._levels:
            paint_mini_waveform(QPainter(self), QRectF(self.rect()), self._levels, self._theme.color("wpeak"))


class _Thumbnail(QWidget):
    """The middle of a picture, with round corners."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._image: QImage | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_image(self, image: QImage | None) -> None:
        self._image = image
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(_THUMBNAIL_PX), self._theme.px(_THUMBNAIL_PX))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._image is None or self._image.isNull():
            ratio, side = self.devicePixelRatioF(), self._theme.px(16)
            sign = self._theme.pixmap("image", "text3", size=16, device_pixel_ratio=ratio)
            painter.drawPixmap((self.width() - side) // 2, (self.height() - side) // 2, sign)
            return
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        corners = QPainterPath()
        corners.addRoundedRect(QRectF(self.rect()), self._theme.px(4), self._theme.px(4))
        painter.setClipPath(corners)
        side = min(self._image.width(), self._image.height())
        left, top = (self._image.width() - side) / 2, (self._image.height() - side) / 2
        painter.drawImage(QRectF(self.rect()), self._image, QRectF(left, top, side, side))
