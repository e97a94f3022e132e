"""What a drag has marked, exactly, beside the pointer: start, end and length, in milliseconds or in samples."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from app.ui.controls.painting import fill_rounded
from app.ui.loop_region import LoopRegion
from app.ui.position_readout import clock
from app.ui.theme import Theme

_FROM_POINTER_PX = 14
_PADDING_PX = 6


def length_words(frames: int, sample_rate_hz: int) -> str:
    """`2.980 s`, below a second `5.0 ms`, with the number of samples."""
    seconds = frames / sample_rate_hz
    time = f"{seconds:.3f} s" if seconds >= 1 else f"{seconds * 1000:.3f} ms"
    return f"{time}, {frames:,} sample{'' if frames == 1 else 's'}"


def words_of(region: LoopRegion, sample_rate_hz: int, *, in_samples: bool) -> str:
    """`00:02.040 – 00:05.020 · 2.980 s`, and with samples `96,110 – 96,120 · 10 samples (0.208 ms)`."""
    seconds = region.frames / sample_rate_hz
    if in_samples:
        samples = f"{region.frames:,} sample{'' if region.frames == 1 else 's'}"
        return f"{region.start:,} – {region.end:,} · {samples} ({seconds * 1000:.3f} ms)"
    ends = f"{clock(region.start, sample_rate_hz)} – {clock(region.end, sample_rate_hz)}"
    return f"{ends} · {length_of(region.frames, sample_rate_hz)}"


def length_of(frames: int, sample_rate_hz: int) -> str:
    """`2.980 s`, below a second `5.0 ms`."""
    seconds = frames / sample_rate_hz
    return f"{seconds:.3f} s" if seconds >= 1 else f"{seconds * 1000:.1f} ms"


def paint_words(painter: QPainter, theme: Theme, words: str, pointer: QPointF, area: QRectF) -> None:
    """A plate above the pointer, or below it where there is no room, and always inside the area."""
    painter.save()
    painter.setFont(theme.font("small"))
    width = painter.fontMetrics().horizontalAdvance(words) + 2 * theme.px(_PADDING_PX)
    height = theme.line_height("small") + theme.px(_PADDING_PX)
    away = theme.px(_FROM_POINTER_PX)
    left = min(max(pointer.x() - width / 2, area.left() + 2), area.right() - width - 2)
    top = pointer.y() - away - height
    if top < area.top():
        top = min(pointer.y() + away, area.bottom() - height)
    box = QRectF(round(left), round(top), width, height)
    fill_rounded(painter, box, 4, theme.color("raised"), theme.color("line_field"))
    painter.setPen(theme.color("text"))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
    painter.restore()
