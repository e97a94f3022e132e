"""What the wheel and the touch pad ask of a view: zoom at the pointer, scroll sideways."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QNativeGestureEvent, QWheelEvent

from app.ui.view_span import ViewSpan

_ZOOM = 1.25  # for one notch
_NOTCH = 120
_SCROLLED_SHARE = 0.1  # of the visible part, for one notch
_SMALLEST_PINCH = 0.1


def turned(event: QWheelEvent, span: ViewSpan, width: int) -> ViewSpan:
    """The span after a turn of the wheel over a view `width` pixels wide."""
    pixels, notches = event.pixelDelta(), event.angleDelta()
    sideways = abs(notches.x()) > abs(notches.y())
    if sideways or event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
        if pixels.isNull():
            return span.scrolled(-(notches.x() or notches.y()) / _NOTCH * _SCROLLED_SHARE * span.length)
        return span.scrolled(-(pixels.x() or pixels.y()) / max(width, 1) * span.length)
    return span.zoomed(_ZOOM ** (notches.y() / _NOTCH), span.frame_at(event.position().x(), width))


def pinched(event: QNativeGestureEvent, span: ViewSpan, width: int) -> ViewSpan:
    """The span after two fingers have moved; other gestures change nothing."""
    if event.gestureType() is not Qt.NativeGestureType.ZoomNativeGesture:
        return span
    around = span.frame_at(event.position().x(), width)
    return span.zoomed(max(_SMALLEST_PINCH, 1 + event.value()), around)
