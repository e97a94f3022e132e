"""What wheel, touch pad and two fingers do on a waveform: zoom where they are, and scroll sideways."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QNativeGestureEvent, QWheelEvent
from PySide6.QtWidgets import QGestureEvent, QPinchGesture

from app.ui.view_span import ViewSpan

if TYPE_CHECKING:
    from app.ui.waveform_view import WaveformView

_ZOOM = 1.25  # for one notch
_NOTCH = 120
_SCROLLED_SHARE = 0.1  # of the visible part, for one notch
_SMALLEST_PINCH = 0.1


class WaveWheel(QObject):
    """Takes these events from a view. However many come between two frames, one frame is painted of them."""

    def __init__(self, view: WaveformView) -> None:
        super().__init__(view)
        self._view = view
        view.grabGesture(Qt.GestureType.PinchGesture)
        view.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        view = self._view
        match event:
            case QWheelEvent():
                view.show_span(turned(event, view.span, view.width(), view.frame_at(event.position())))
                event.accept()
            case QNativeGestureEvent() if event.gestureType() is Qt.NativeGestureType.ZoomNativeGesture:
                view.show_span(pinched(view.span, 1 + event.value(), event.position().x(), view.width()))
            case QGestureEvent():
                return self._on_touch(event)
            case _:
                return False
        return True

    def _on_touch(self, event: QGestureEvent) -> bool:
        """Two fingers on a touch screen: they zoom, and take along what is between them."""
        pinch = event.gesture(Qt.GestureType.PinchGesture)
        if not isinstance(pinch, QPinchGesture):
            return False
        view = self._view
        view.drop_mouse()  # the first finger had begun something else
        before, now = (view.mapFromGlobal(at.toPoint()).x() for at in (pinch.lastCenterPoint(), pinch.centerPoint()))
        if pinch.state() is not Qt.GestureState.GestureStarted:
            scrolled = view.span.scrolled((before - now) / max(view.width(), 1) * view.span.length)
            view.show_span(pinched(scrolled, pinch.scaleFactor(), now, view.width()))
        event.accept(pinch)
        return True


def turned(event: QWheelEvent, span: ViewSpan, width: int, around: float) -> ViewSpan:
    """The span after a turn of the wheel over frame `around`, in a view `width` pixels wide."""
    pixels, notches = event.pixelDelta(), event.angleDelta()
    sideways = abs(notches.x()) > abs(notches.y())
    if sideways or event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
        if pixels.isNull():
            return span.scrolled(-(notches.x() or notches.y()) / _NOTCH * _SCROLLED_SHARE * span.length)
        return span.scrolled(-(pixels.x() or pixels.y()) / max(width, 1) * span.length)
    return span.zoomed(_ZOOM ** (notches.y() / _NOTCH), around)


def pinched(span: ViewSpan, factor: float, x: float, width: int) -> ViewSpan:
    """The span after two fingers around `x` have moved apart by a factor."""
    return span.zoomed(max(_SMALLEST_PINCH, factor), span.frame_at(x, width))
