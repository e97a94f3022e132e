"""Trim and fades of the take on show: handles on its waveform, and what they make of the edit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from functools import cache

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from app.audio.player_events import PlayedShape
from app.domain.clip_edit import WHOLE, ClipEdit
from app.domain.export_settings import FadeShape
from app.ui.loop_region import LoopRegion
from app.ui.theme import Theme
from app.ui.tokens import DARK
from app.ui.view_span import ViewSpan
from app.ui.wave_readout import length_of, paint_words, words_of

_GRAB_PX = 7  # to either side of a handle
_LINE_GRAB_PX = 3  # of the line of a trim: what is next to it is for seeking and selecting
_LINE_PX, _CURVE_PX = 2.0, 1.25
_GRIP_PX = (10.0, 20.0)
_ROUND_PX = 8.0
_ROUND_TOP_PX = 8.0  # from the top of the lanes to the middle of a round grip
_VEIL, _VEIL_OVER_PICTURE = 0.5, 0.72
_QUIET = 0.55  # how opaque the grip of an end is that nobody has moved
_CURVE_STEPS = 48
_NOT_BEFORE_END = "Nothing would be left: the clip ends there or earlier. Choose a place before its end."
_NOT_AFTER_START = "Nothing would be left: the clip starts there or later. Choose a place after its start."


class Handle(Enum):
    """What can be held; its value says what it does."""

    START = "Trim start"
    END = "Trim end"
    FADE_IN = "Fade in"
    FADE_OUT = "Fade out"


def played_shape(edit: ClipEdit, frames: int) -> PlayedShape | None:
    """The edit of a take, `frames` long, as a player takes it; None plays the whole take."""
    if edit.is_plain or not frames:
        return None
    return PlayedShape(edit.start, edit.end_in(frames), edit.fade_in, edit.fade_out, edit.shape)


class ClipHandles(QObject):
    """A layer and grips for the waveform, and the edit that they show. Frames are those of the take."""

    changed = Signal(object)  # ClipEdit, also while a handle is being dragged
    settled = Signal(object, object)  # ClipEdit before and after, by the user's hand
    crossings_wanted = Signal(tuple)  # frames, near which to look for a place to cut
    refused = Signal(str)  # why an end can’t be there
    snapped = Signal(object)  # ClipEdit, once the ends that were settled have gone there

    def __init__(
        self,
        theme: Theme,
        update: Callable[[], None],
        is_snapping: Callable[[], bool] = lambda: False,
        parent: QObject | None = None,
    ) -> None:
        """
        Args:
            update: Has the waveform painted anew.
            is_snapping: Whether ends go to zero crossings.
        """
        super().__init__(parent)
        self._theme = theme
        self._update = update
        self._is_snapping = is_snapping
        self._unsnapped: tuple[int, ...] = ()
        self._is_over_picture = False
        self._edit = WHOLE
        self._total = 0
        self._rate_hz = 0
        self._pointer = QPointF()
        self._held: tuple[Handle, ClipEdit, float] | None = None  # what, the edit before, how far beside it was taken

    # what is shown

    def show_clip(self, edit: ClipEdit, total: int, sample_rate_hz: int = 0) -> None:
        """Show the edit of another take, or a restored one; 0 frames show no handles.

        Args:
            sample_rate_hz: For the time that is told beside a handle while it is dragged; 0 tells none.
        """
        self._rate_hz = sample_rate_hz
        self._held, self._unsnapped = None, ()
        self._total = total
        self._show(edit.within(total))

    def show_over_picture(self, is_over_picture: bool) -> None:
        """Show everything in the colours of the dark scheme, for the picture is dark in any."""
        self._is_over_picture = is_over_picture
        self._update()

    @property
    def edit(self) -> ClipEdit:
        return self._edit

    @property
    def played(self) -> PlayedShape | None:
        """The edit as a player takes it; None plays the whole take."""
        return played_shape(self._edit, self._total)

    @property
    def is_held(self) -> bool:
        """Whether a handle is being dragged."""
        return self._held is not None

    @property
    def is_shown(self) -> bool:
        return self._total > 0

    # what a person can do; also for keys and menus

    def trim_start(self, frame: float) -> None:
        """The clip begins here; refused where it has ended already."""
        if self._total and round(frame) >= self._edit.end_in(self._total):
            self.refused.emit(_NOT_BEFORE_END)
        else:
            self._settle(self._edit.with_start(frame, self._total))

    def trim_end(self, frame: float) -> None:
        """The clip ends here; refused where it hasn’t begun yet."""
        if self._total and round(frame) <= self._edit.start:
            self.refused.emit(_NOT_AFTER_START)
        else:
            self._settle(self._edit.with_end(frame, self._total))

    def trim_to(self, start: int, end: int) -> None:
        """The clip is this part."""
        if start > self._edit.start:
            self._settle(self._edit.with_end(end, self._total).with_start(start, self._total))
        else:
            self._settle(self._edit.with_start(start, self._total).with_end(end, self._total))

    def fade_in(self, frames: float) -> None:
        self._settle(self._edit.with_fade_in(frames, self._total))

    def fade_out(self, frames: float) -> None:
        self._settle(self._edit.with_fade_out(frames, self._total))

    def choose_shape(self, shape: FadeShape) -> None:
        """Of both fades."""
        self._settle(self._edit.with_shape(shape))

    def reset(self, handle: Handle) -> None:
        """As if it had never been moved."""
        edit, total = self._edit, self._total
        match handle:
            case Handle.START:
                self._settle(edit.with_start(0, total))
            case Handle.END:
                self._settle(edit.with_end(total, total))
            case Handle.FADE_IN:
                self._settle(edit.with_fade_in(0, total))
            case Handle.FADE_OUT:
                self._settle(edit.with_fade_out(0, total))

    def clear(self) -> None:
        """The whole take, without fades."""
        self._settle(WHOLE)

    def snap(self, crossings: Mapping[int, int]) -> None:
        """Take the ends to the crossings that were asked for, unless they have moved on.

        What was found near other frames is for somebody else, or late.
        """
        if not crossings.keys() & set(self._unsnapped):
            return
        asked, self._unsnapped = self._unsnapped, ()
        edit = self._edit
        if edit.start in asked:
            edit = edit.with_start(crossings.get(edit.start, edit.start), self._total)
        if edit.end is not None and edit.end in asked:
            edit = edit.with_end(crossings.get(edit.end, edit.end), self._total)
        if edit != self._edit:
            self._show(edit)
            self.snapped.emit(edit)

    # the mouse

    def handle_at(self, point: QPointF, area: QRectF, span: ViewSpan) -> Handle | None:
        """The handle under a point, if any."""
        if not self._total:
            return None
        for handle in (Handle.FADE_IN, Handle.FADE_OUT):
            if _near(point, self._round_centre(handle, area, span)):
                return handle
        for handle in (Handle.START, Handle.END):
            x = self._x(self._frame_of(handle), area, span)
            if self._grip(handle, x, area).adjusted(-2, -4, 2, 0).contains(point):
                return handle
            if self._is_moved(handle) and abs(point.x() - x) <= _LINE_GRAB_PX:
                return handle
        return None

    def cursor_at(self, point: QPointF, area: QRectF, span: ViewSpan) -> Qt.CursorShape | None:
        return None if self.handle_at(point, area, span) is None else Qt.CursorShape.SizeHorCursor

    def press(self, point: QPointF, area: QRectF, span: ViewSpan) -> bool:
        handle = self.handle_at(point, area, span)
        if handle is None:
            return False
        beside = span.frame_at(point.x() - area.left(), area.width()) - self._frame_of(handle)
        self._held = (handle, self._edit, beside)
        self._pointer = QPointF(point)
        self._update()
        return True

    def drag(self, point: QPointF, area: QRectF, span: ViewSpan) -> None:
        if self._held is None:
            return
        handle, before, beside = self._held
        self._pointer = QPointF(point)
        # From the edit as it was: a fade that gave way comes back with the hand.
        x = point.x() - area.left()
        frame = span.start + span.length * x / max(area.width(), 1.0) - beside
        match handle:
            case Handle.START:
                edit = before.with_start(frame, self._total)
            case Handle.END:
                edit = before.with_end(frame, self._total)
            case Handle.FADE_IN:
                edit = before.with_fade_in(frame - before.start, self._total)
            case Handle.FADE_OUT:
                edit = before.with_fade_out(before.end_in(self._total) - frame, self._total)
        self._show(edit)

    def release(self) -> None:
        held, self._held = self._held, None
        self._update()
        if held is not None and held[1] != self._edit:
            self._tell(held[1])

    def double_click(self, point: QPointF, area: QRectF, span: ViewSpan) -> bool:
        handle = self.handle_at(point, area, span)
        if handle is None:
            return False
        self._held = None
        self.reset(handle)
        return True

    # painting

    def paint(self, painter: QPainter, lanes: Sequence[QRectF], span: ViewSpan) -> None:
        if not self._total or not lanes:
            return
        area = lanes[0].united(lanes[-1])
        start, end = (self._x(self._frame_of(handle), area, span) for handle in (Handle.START, Handle.END))
        self._paint_veil(painter, area, start, end)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for handle in (Handle.FADE_IN, Handle.FADE_OUT):
            self._paint_fade(painter, handle, area, span)
        for handle, x in ((Handle.START, start), (Handle.END, end)):
            self._paint_trim(painter, handle, x, area)
        if self._held is not None and self._rate_hz:
            paint_words(painter, self._theme, self._words_of(self._held[0]), self._pointer, area)

    def _paint_veil(self, painter: QPainter, area: QRectF, start: float, end: float) -> None:
        veil = self._color("panel")
        veil.setAlphaF(_VEIL_OVER_PICTURE if self._is_over_picture else _VEIL)
        if start > area.left():
            painter.fillRect(
                QRectF(area.left(), area.top(), min(start, area.right()) - area.left(), area.height()), veil
            )
        if end < area.right():
            left = max(end, area.left())
            painter.fillRect(QRectF(left, area.top(), area.right() - left, area.height()), veil)

    def _paint_trim(self, painter: QPainter, handle: Handle, x: float, area: QRectF) -> None:
        if not area.left() - _GRIP_PX[0] <= x <= area.right() + _GRIP_PX[0]:
            return
        is_moved = self._is_moved(handle)
        painter.setOpacity(1.0 if is_moved else _QUIET)
        color = self._color("text2")
        if is_moved:
            left = x - (_LINE_PX if handle is Handle.END else 0)
            painter.fillRect(QRectF(round(left), area.top(), _LINE_PX, area.height()).toRect(), color)
        grip = self._grip(handle, x, area)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawRoundedRect(grip, 2, 2)
        ridges = self._color("canvas")
        for beside in (-2.0, 1.0):
            painter.fillRect(QRectF(round(grip.center().x() + beside), grip.top() + 6, 1, 8).toRect(), ridges)
        painter.setOpacity(1.0)

    def _paint_fade(self, painter: QPainter, handle: Handle, area: QRectF, span: ViewSpan) -> None:
        centre = self._round_centre(handle, area, span)
        length = self._edit.fade_in if handle is Handle.FADE_IN else self._edit.fade_out
        quiet = self._x(self._frame_of(handle), area, span)
        edge = self._x(self._edge_of(handle), area, span)
        if length and max(edge, quiet) >= area.left() and min(edge, quiet) <= area.right():
            painter.setPen(QPen(self._color("text"), _CURVE_PX))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPath(_curve(self._edit.shape, edge, quiet, centre.y(), area.bottom()))
        painter.setOpacity(1.0 if length else _QUIET)
        painter.setPen(QPen(self._color("canvas"), 1.0))
        painter.setBrush(self._color("text"))
        painter.drawEllipse(centre, _ROUND_PX / 2 + 0.5, _ROUND_PX / 2 + 0.5)
        painter.setOpacity(1.0)

    def _words_of(self, handle: Handle) -> str:
        """What dragging a handle has come to: both ends of the clip, or how long a fade is."""
        edit, end = self._edit, self._edit.end_in(self._total)
        if handle in (Handle.START, Handle.END):
            return words_of(LoopRegion(edit.start, end), self._rate_hz, in_samples=False)
        return f"{handle.value} {length_of(edit.fade_in if handle is Handle.FADE_IN else edit.fade_out, self._rate_hz)}"

    # where things are

    def _color(self, role: str) -> QColor:
        return QColor(DARK.named()[role]) if self._is_over_picture else self._theme.color(role)

    def _frame_of(self, handle: Handle) -> int:
        edit, end = self._edit, self._edit.end_in(self._total)
        return {
            Handle.START: edit.start,
            Handle.END: end,
            Handle.FADE_IN: edit.start + edit.fade_in,
            Handle.FADE_OUT: end - edit.fade_out,
        }[handle]

    def _edge_of(self, fade: Handle) -> int:
        return self._frame_of(Handle.START if fade is Handle.FADE_IN else Handle.END)

    def _is_moved(self, handle: Handle) -> bool:
        return self._edit.start > 0 if handle is Handle.START else self._edit.end is not None

    @staticmethod
    def _x(frame: float, area: QRectF, span: ViewSpan) -> float:
        return area.left() + span.x_of(frame, area.width())

    @staticmethod
    def _grip(handle: Handle, x: float, area: QRectF) -> QRectF:
        """Inside the clip, so that the grip of an end that nobody has moved is in sight."""
        width, height = _GRIP_PX
        return QRectF(round(x) - (width if handle is Handle.END else 0), area.bottom() - height, width, height)

    def _round_centre(self, fade: Handle, area: QRectF, span: ViewSpan) -> QPointF:
        """At the end of a fade; of none, beside the end of the clip."""
        x = self._x(self._frame_of(fade), area, span)
        if fade is Handle.FADE_IN:
            x = max(x, self._x(self._edit.start, area, span) + _GRAB_PX)
        else:
            x = min(x, self._x(self._frame_of(Handle.END), area, span) - _GRAB_PX)
        return QPointF(x, area.top() + _ROUND_TOP_PX)

    # inside

    def _show(self, edit: ClipEdit) -> None:
        self._edit = edit
        self._update()
        self.changed.emit(edit)

    def _settle(self, edit: ClipEdit) -> None:
        before = self._edit
        if self._total and edit != before:
            self._show(edit)
            self._tell(before)

    def _tell(self, before: ClipEdit) -> None:
        self.settled.emit(before, self._edit)
        ends = ((before.start, self._edit.start), (before.end, self._edit.end))
        self._unsnapped = tuple(now for was, now in ends if now != was and now)
        if self._unsnapped and self._is_snapping():
            self.crossings_wanted.emit(self._unsnapped)
        else:
            self._unsnapped = ()


def _near(point: QPointF, centre: QPointF) -> bool:
    return abs(point.x() - centre.x()) <= _GRAB_PX and abs(point.y() - centre.y()) <= _GRAB_PX


def _curve(shape: FadeShape, edge: float, full: float, top: float, bottom: float) -> QPainterPath:
    """The gain of a fade from silence at the edge of the clip to its whole level."""
    path = QPainterPath(QPointF(edge, bottom))
    for step, gain in enumerate(_unit_curve(shape), start=1):
        path.lineTo(edge + (full - edge) * step / _CURVE_STEPS, bottom + (top - bottom) * gain)
    return path


@cache
def _unit_curve(shape: FadeShape) -> tuple[float, ...]:
    import numpy as np  # late: there is no fade before the first paint

    from app.audio.fading import gains

    return tuple(float(gain) for gain in gains(shape, np.arange(1, _CURVE_STEPS + 1) / _CURVE_STEPS))
