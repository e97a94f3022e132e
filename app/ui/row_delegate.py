"""Paints the rows of the library: state, progress, prompt, mini waveforms, numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFontMetrics, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from app.domain.model_spec import Kind
from app.domain.take import Take, TakeState
from app.ui.item_models.library import LibraryItemModel, Row
from app.ui.item_models.row_text import COLUMNS, CellText, Column
from app.ui.library_header import LibraryHeader, text_inset_px
from app.ui.mini_waveform import paint_mini_waveform
from app.ui.task_words import RowAction, StateWords
from app.ui.theme import Theme

Index = QModelIndex | QPersistentModelIndex

KIND_ICONS = {
    Kind.EFFECT: "audio-waveform",
    Kind.MUSIC: "music",
    Kind.SPEECH: "mic",
    Kind.SCENE: "drama",
    Kind.TRANSCRIPTION: "speech",
}
_TAKE_INDENT_PX = 22
_WAVEFORM_PX = 168
_UNMEASURED_SHARE = 0.3  # of the row: the bar of a task that tells no percentage


@dataclass(slots=True)
class Liveliness:
    """What moves in the list, set by whoever knows it.

    Attributes:
        angle: Of the running icon, in degrees.
        pass_fraction: Where the bar of a task without a percentage is, 0.0 to 1.0 of a pass.
        playing: The take that sounds, and how much of it was heard (0.0 to 1.0).
        current_take: The take in the preview.
        levels: Mini waveforms by take id.
        hovered: Row under the pointer, or -1.
    """

    angle: float = 0.0
    pass_fraction: float = 0.0
    playing: tuple[str, float] | None = None
    current_take: str | None = None
    levels: dict[str, Sequence[float]] = field(default_factory=dict)
    hovered: int = -1


def _rgb(colour: QColor) -> tuple[float, float, float]:
    return colour.redF(), colour.greenF(), colour.blueF()


def _mixed(front: QColor, back: QColor, share: float) -> QColor:
    return QColor.fromRgbF(*(f * share + b * (1 - share) for f, b in zip(_rgb(front), _rgb(back), strict=True)))


def _items_of(index: Index) -> LibraryItemModel:
    model = index.model()
    assert isinstance(model, LibraryItemModel)
    return model


class RowDelegate(QStyledItemDelegate):
    """Paints cells; announces clicks on the star, the fold arrow and the action of a row."""

    favourite_clicked = Signal(int)  # row
    fold_clicked = Signal(int)
    action_clicked = Signal(int, str)  # row, RowAction

    def __init__(self, theme: Theme, liveliness: Liveliness, view: QAbstractItemView) -> None:
        super().__init__(view)
        self._theme = theme
        self._live = liveliness
        self._view = view
        self._rows_of_frame: dict[int, Row | None] | None = None
        self._words_of_frame: dict[int, StateWords] | None = None

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(self._theme.px(60), self._theme.px(32))

    # Painting

    @contextmanager
    def frame(self) -> Iterator[None]:
        """While the list is painted once: a row that all its cells need is looked up for the first one only."""
        self._rows_of_frame, self._words_of_frame = {}, {}
        try:
            yield
        finally:
            self._rows_of_frame = self._words_of_frame = None

    def _row(self, index: Index) -> Row | None:
        rows, at = self._rows_of_frame, index.row()
        if rows is None:
            return _items_of(index).row(at)
        if at not in rows:
            rows[at] = _items_of(index).row(at)
        return rows[at]

    def _words(self, index: Index, row: Row) -> StateWords:
        known, at = self._words_of_frame, index.row()
        if known is None:
            return _items_of(index).words(row)
        if at not in known:
            known[at] = _items_of(index).words(row)
        return known[at]

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = self._row(index)
        rect: QRect = option.rect
        from PySide6.QtWidgets import (
            QStyle,
        )  # late: PySide makes its 20 enums, 4 ms, and no row is in the first picture

        is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setClipRect(rect)
        self._paint_ground(painter, rect, index, row, is_selected)
        if row is not None:
            self._paint_cell(painter, rect, COLUMNS[index.column()], index, row)
        painter.restore()

    def _paint_ground(self, painter: QPainter, rect: QRect, index: Index, row: Row | None, is_selected: bool) -> None:
        theme = self._theme
        window = theme.color("window")
        if is_selected:
            ground = theme.color("sel")
        elif index.row() == self._live.hovered or (row is not None and row.take is None and row.is_open):
            ground = theme.color("hover")
        elif row is not None and row.take is not None:
            ground = _mixed(theme.color("panel"), window, 0.6)
        else:
            ground = window
        painter.fillRect(rect, ground)
        line = _mixed(theme.color("line"), window, 0.55)
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, line)
        if row is not None and row.take is None:
            self._paint_progress(painter, rect, index, row)
        if is_selected and index.column() == 0 and self._is_only_selection():
            painter.fillRect(rect.left(), rect.top(), theme.px(3), rect.height(), theme.color("accent"))

    def _paint_progress(self, painter: QPainter, rect: QRect, index: Index, row: Row) -> None:
        words = self._words(index, row)
        whole = self._view.viewport().width()
        if words.fraction is not None:
            left, done = 0, int(whole * min(1.0, words.fraction))
        elif words.is_unmeasured:
            done = int(whole * _UNMEASURED_SHARE)
            left = int((whole + done) * self._live.pass_fraction) - done
            if self._theme.reduce_motion:
                left = 0
        else:
            return
        tint = self._theme.color("accent_tint")
        tint.setAlphaF(0.5)
        painter.fillRect(QRect(left, rect.top(), done, rect.height()), tint)
        painter.fillRect(left, rect.bottom() - 1, done, 2, self._theme.color("accent"))

    def _is_only_selection(self) -> bool:
        return len(self._view.selectionModel().selectedRows()) == 1

    def _is_last(self, column: Column) -> bool:
        header = self._view.horizontalHeader() if isinstance(self._view, QTableView) else None
        return isinstance(header, LibraryHeader) and header.is_last(column)

    def _paint_cell(self, painter: QPainter, rect: QRect, column: Column, index: Index, row: Row) -> None:
        cell = _items_of(index).cell(column, row)
        match column:
            case Column.ICON:
                self._paint_icon(painter, rect, index, row)
            case Column.FAVOURITE:
                self._paint_star(painter, rect, index, row, is_set=bool(cell.text))
            case Column.PROMPT if row.take is not None:
                self._paint_take(painter, rect, row.take, cell)
            case Column.PROMPT:
                self._paint_prompt(painter, rect, row, cell)
            case Column.STATE:
                self._paint_state(painter, rect, index, row, cell)
            case _:
                left, right = text_inset_px(column, is_last=self._is_last(column))
                inner = rect.adjusted(self._theme.px(left), 0, -self._theme.px(right), 0)
                side = Qt.AlignmentFlag.AlignRight if column.is_number else Qt.AlignmentFlag.AlignLeft
                self._text(painter, inner, cell.text, cell.role, side=side)

    def _paint_icon(self, painter: QPainter, rect: QRect, index: Index, row: Row) -> None:
        take, right = row.take, rect.right() - self._theme.px(6)
        if take is not None and self._live.playing is not None and self._live.playing[0] == take.id:
            self._icon(painter, QPoint(right - self._theme.px(8), rect.center().y()), "volume-2", "accent")
            return
        words = self._words(index, row)
        if words.icon:
            centre = QPoint(right - self._theme.px(8), rect.center().y())
            angle = self._live.angle if words.turns else 0.0
            self._icon(painter, centre, words.icon, words.role, angle=angle)
        if take is None and row.task.takes:
            name = "chevron-down" if row.is_open else "chevron-right"
            centre = QPoint(right - self._theme.px(28), rect.center().y())
            self._icon(painter, centre, name, "text3", size=14)

    def _paint_star(self, painter: QPainter, rect: QRect, index: Index, row: Row, *, is_set: bool) -> None:
        if is_set:
            self._icon(painter, rect.center(), "star", "text", filled=True, size=14)
        elif index.row() == self._live.hovered and row.task.takes:
            self._icon(painter, rect.center(), "star", "line_control", size=14)

    def _paint_prompt(self, painter: QPainter, rect: QRect, row: Row, cell: CellText) -> None:
        theme = self._theme
        middle = QPoint(rect.left() + theme.px(8), rect.center().y())
        self._icon(painter, middle, KIND_ICONS[row.task.kind], "text3", size=14)
        inner = rect.adjusted(theme.px(24), 0, -theme.px(8), 0)
        self._text(painter, inner, cell.text, cell.role, font="body", medium=row.is_open)

    def _paint_take(self, painter: QPainter, rect: QRect, take: Take, cell: CellText) -> None:
        theme = self._theme
        is_current = take.id == self._live.current_take
        left = rect.left() + theme.px(_TAKE_INDENT_PX)
        number = QRect(left, rect.top(), theme.px(18), rect.height())
        self._text(painter, number, str(take.number), "text" if is_current else "text2", font="body", bold=True)
        left += theme.px(22)
        width = min(theme.px(_WAVEFORM_PX), rect.right() - left - theme.px(4))
        levels = self._live.levels.get(take.id)
        if levels and width > theme.px(20):
            height = theme.px(20)
            area = QRectF(left, rect.center().y() - height / 2 + 0.5, width, height)
            colour = theme.color("wpeak" if is_current else "wcoreoff")
            playing = self._live.playing
            heard = (playing[1], theme.color("accent")) if playing and playing[0] == take.id else None
            paint_mini_waveform(painter, area, levels, colour, heard)
        inner = QRect(
            left + width + theme.px(10), rect.top(), rect.right() - left - width - theme.px(18), rect.height()
        )
        self._text(painter, inner, cell.text, cell.role, font="small")

    def _paint_state(self, painter: QPainter, rect: QRect, index: Index, row: Row, cell: CellText) -> None:
        theme = self._theme
        inner = rect.adjusted(theme.px(12), 0, -theme.px(4), 0)
        if row.take is not None and row.take.state is TakeState.STORED:
            if self._live.playing is not None and self._live.playing[0] == row.take.id:
                width = self._text(painter, inner, "Playing", "accent", medium=True)
                inner = inner.adjusted(width + theme.px(8), 0, 0, 0)
            self._text(painter, inner, cell.text, cell.role)
            return
        words = self._words(index, row)
        button = self._action_rect(rect, words)
        if button is not None:
            inner.setRight(button.left() - theme.px(6))
        width = self._text(painter, inner, words.word, words.word_role)
        rest = inner.adjusted(width + theme.px(8), 0, 0, 0)
        if words.detail:
            self._text(painter, rest, words.detail, "text3" if row.task.state == "cancelled" else "text2")
        elif words.trouble:
            self._icon(painter, QPoint(rest.left() + theme.px(7), rest.center().y()), "octagon-alert", "err", size=14)
            self._text(painter, rest.adjusted(theme.px(18), 0, 0, 0), words.trouble, "err")
        if button is not None and words.action is not None:
            self._paint_button(painter, button, words)

    def _paint_button(self, painter: QPainter, rect: QRect, words: StateWords) -> None:
        assert words.action is not None
        theme = self._theme
        needs_you = words.action is RowAction.DECIDE
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.color("warn" if needs_you else "line_field"))
        painter.setBrush(Qt.BrushStyle.NoBrush if needs_you else theme.color("field"))
        painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), theme.px(5), theme.px(5))
        painter.restore()
        role = "warn" if needs_you else "text"
        centre = Qt.AlignmentFlag.AlignHCenter
        self._text(painter, rect, words.action.value, role, font="small", medium=True, side=centre)

    def _action_rect(self, rect: QRect, words: StateWords) -> QRect | None:
        if words.action is None:
            return None
        theme = self._theme
        metrics = QFontMetrics(theme.font("label"))
        after = metrics.horizontalAdvance(words.word) + theme.px(12 + 8)
        width = QFontMetrics(theme.font("small", medium=True)).horizontalAdvance(words.action.value) + theme.px(16)
        left = min(rect.left() + after, rect.right() - width - theme.px(2))
        height = theme.px(22)
        return QRect(left, rect.center().y() - height // 2, width, height)

    # Ink

    def _text(
        self,
        painter: QPainter,
        rect: QRect,
        text: str,
        role: str,
        *,
        font: str = "label",
        bold: bool = False,
        medium: bool = False,
        side: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    ) -> int:
        """Write one line, cut with an ellipsis; returns its width in pixels."""
        if not text or rect.width() <= 0:
            return 0
        painter.setFont(self._theme.font(font, bold=bold, medium=medium))
        painter.setPen(self._theme.color(role))
        metrics = painter.fontMetrics()
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(rect, side | Qt.AlignmentFlag.AlignVCenter, shown)
        return metrics.horizontalAdvance(shown)

    def _icon(
        self,
        painter: QPainter,
        centre: QPoint,
        name: str,
        role: str,
        *,
        size: int = 16,
        angle: float = 0.0,
        filled: bool = False,
    ) -> None:
        ratio = self._view.devicePixelRatioF()
        pixmap = self._theme.pixmap(name, role, size=size, device_pixel_ratio=ratio, filled=filled)
        half = self._theme.px(size) / 2
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.translate(centre.x() + 0.5, centre.y() + 0.5)
        painter.rotate(angle)
        painter.drawPixmap(QRectF(-half, -half, 2 * half, 2 * half), pixmap, QRectF(pixmap.rect()))
        painter.restore()

    # Clicks

    def editorEvent(self, event: QEvent, _model: QObject, option: QStyleOptionViewItem, index: Index) -> bool:
        if event.type() is not QEvent.Type.MouseButtonRelease or not isinstance(event, QMouseEvent):
            return False
        row = self._row(index)
        if row is None or event.button() is not Qt.MouseButton.LeftButton:
            return False
        if event.modifiers() != Qt.KeyboardModifier.NoModifier:
            return False  # that chooses rows
        column = COLUMNS[index.column()]
        if column is Column.FAVOURITE and row.task.takes:
            self.favourite_clicked.emit(index.row())
            return True
        if column is Column.ICON and row.take is None and row.task.takes:
            self.fold_clicked.emit(index.row())
            return True
        if column is Column.STATE:
            words = self._words(index, row)
            button = self._action_rect(option.rect, words)
            if button is not None and words.action is not None and button.contains(event.position().toPoint()):
                self.action_clicked.emit(index.row(), words.action.value)
                return True
        return False

    def createEditor(self, _parent: QWidget, _option: QStyleOptionViewItem, _index: Index) -> QWidget:
        return None  # type: ignore[return-value]  # Qt takes nothing as "can't be edited"
