"""The waveform of a take: lanes, ruler, playhead and the part that loops. It announces wishes and shows values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.clip_edit import ClipEdit
from app.ui.announcement import announce
from app.ui.channel_names import channel_names
from app.ui.following import goes_along
from app.ui.lane_painter import LanePainter
from app.ui.loop_region import Edge, LoopRegion
from app.ui.position_slider import PositionSlider
from app.ui.ruler_scale import is_in_samples
from app.ui.theme import Theme
from app.ui.time_ruler import TimeRuler
from app.ui.view_span import ViewSpan
from app.ui.wave_keys import DESCRIPTION, LONG_NUDGE_S, NUDGE_S, WaveKeys
from app.ui.wave_layers import Depth, Grips, Layer
from app.ui.wave_mouse import WaveMouse
from app.ui.wave_readout import paint_words, words_of
from app.ui.wave_scale import WaveScale
from app.ui.wave_selection import WaveSelection
from app.ui.wave_wheel import WaveWheel

if TYPE_CHECKING:
    from app.audio.peaks import Floats, Peaks

KEY_ZOOM = 2.0
_CAP_PX = 7  # half of the playhead's cap, rounded up
_LANES_PX = 64
_PAGE = 0.9  # of what is in sight
_AROUND_SELECTION = 0.02


class WaveformView(PositionSlider):
    """Paints peaks column by column; a click seeks, a drag selects, the wheel zooms at the pointer.

    To assistive technology it is a slider: its value is the position in milliseconds. Everything else counts in
    frames of the take.
    """

    region_changed = Signal(object)  # LoopRegion | None, by the user's hand
    typing_wanted = Signal()  # the ends of the selection are to be typed
    crossings_wanted = Signal(tuple)  # frames: where near them does the sound pass through zero?
    scale_changed = Signal(object)  # WaveScale
    samples_wanted = Signal(object, int)  # int, first frame; how many: the zoom is closer than the peaks are
    span_changed = Signal(object)  # ViewSpan, by the user's hand or because the playhead left the view
    scrub_started = Signal(object)  # int: the playhead is dragged from this frame
    scrubbed = Signal(object)  # int: the frame below the pointer
    scrub_ended = Signal()
    picture_shown = Signal(bool)  # whether a picture lies below the wave, dark in any scheme
    pointed = Signal(object)  # QPointF: where the mouse is; None: it has left

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(NUDGE_S, LONG_NUDGE_S, parent)
        self._theme = theme
        self._ruler = TimeRuler(theme)
        self._span = ViewSpan.whole(1)
        self.selection = WaveSelection(self)
        self._painter = LanePainter(theme, self)
        self._mouse = WaveMouse(self)
        self._keys = WaveKeys(self)
        self._wheel = WaveWheel(self)
        self._asked_for: tuple[int, int] | None = None
        self._button = Qt.MouseButton.LeftButton  # that went down last
        self._is_empty = True
        self._note = ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Waveform")
        self.setProperty("ringRadius", 4)
        self.selection.shown.connect(self.update)
        self.selection.chosen.connect(self.region_changed)
        self.selection.chosen.connect(self._announce_selection)
        self.selection.crossings_wanted.connect(self.crossings_wanted)
        theme.changed.connect(self._refresh_from_theme)
        self._refresh_from_theme()

    # what is shown

    def show_take(self, frames: int, sample_rate_hz: int, channels: int) -> None:
        """Make room for another take: all of it, without peaks or a region, at its start."""
        self._is_empty = frames <= 0
        self._painter.show_channels(channel_names(channels))
        self._describe()
        self._mouse.let_go()
        self.selection.set_total(frames)
        self.selection.show(None)
        self._asked_for = None
        self._position = 0
        self.set_length(frames, sample_rate_hz)
        self.announce_position()
        self._set_span(ViewSpan.whole(max(frames, 1)))
        self.update()

    def grow(self, frames: int) -> None:
        """The take on show has become longer. Position and region stay; if all of it was in view, all of it is."""
        self._is_empty = frames <= 0
        self.set_length(frames, self._rate_hz)
        total = max(frames, 1)
        self.selection.set_total(total)
        self._set_span(ViewSpan.whole(total) if self._span.is_whole else self._span.grown_to(total))
        self.update()

    def show_nothing(self) -> None:
        self.show_take(0, self._rate_hz, 2)

    def show_peaks(self, peaks: Peaks) -> None:
        """The peaks of the take that is on show."""
        self._painter.show(peaks)
        self._asked_for = None
        self._ask_for_samples()
        self.update()

    def show_samples(self, start: int, samples: Floats) -> None:
        """Single samples of the take that is on show, shape (channels, frames); asked for with `samples_wanted`."""
        from app.ui.wave_samples import block_of  # NumPy, which the start of the window doesn't need

        self._painter.show_samples(block_of(start, samples))
        self._asked_for = None
        self.update()

    def show_crossings(self, crossings: Mapping[int, int]) -> None:
        """Where the sound passes through zero near the frames that `crossings_wanted` told."""
        self.selection.snap(crossings)

    def show_region(self, region: LoopRegion | None) -> None:
        """Mark another part; announces nothing."""
        self.selection.show(region)

    def set_scale(self, scale: WaveScale) -> None:
        """Draw samples in proportion, or their levels in decibels."""
        if scale is not self._painter.scale:
            self._painter.set_scale(scale)
            self.update()
            self.scale_changed.emit(scale)

    def show_edit(self, edit: ClipEdit) -> None:
        """Draw the wave as it will sound with these fades, and grey where it is cut off."""
        self._painter.set_edit(edit)
        self.update()

    def show_position(self, frame: int, *, follow: bool = False) -> None:
        """Move the playhead; with `follow` the view turns the page when it leaves, unless somebody looks elsewhere."""
        last, before = self._position, self._playhead_column()
        is_sent, self._is_sent, self._position = self._is_sent, False, frame
        is_followed = is_sent or goes_along(self._span, last, frame, self.region, self._rate_hz)
        if follow and is_followed and not self._mouse.is_busy:
            self._set_span(self._span.paged_to(frame))
        after = self._playhead_column()
        if before != after:
            self._update_column(before)
            self._update_column(after)

    def note_position(self, note: str) -> None:
        """Say more about where the playhead is, to assistive technology; for each place anew."""
        self._note = note
        self._describe()

    def show_span(self, span: ViewSpan) -> None:
        """Show another part of the take; one of another take is ignored."""
        if span.total == self._span.total:
            self._set_span(span)

    # what others put on it

    def add_layer(self, layer: Layer, depth: Depth = Depth.ABOVE_WAVE) -> None:
        """Have something painted on the lanes with every frame."""
        self._painter.add_layer(layer, depth)
        self.update()

    def add_grips(self, grips: Grips) -> None:
        """Ask these handles first when the mouse is pressed on the lanes."""
        self._mouse.add_grips(grips)

    def show_wave(self, opacity: float) -> None:
        """How strong the wave is: 0 isn't there at all, 1 is as usual, between them it lies over what is below."""
        self._painter.set_opacity(min(max(opacity, 0.0), 1.0))
        self.picture_shown.emit(opacity < 1)
        self.update()

    def lanes(self) -> list[QRectF]:
        """Where each channel is drawn, in pixels of this widget."""
        return self._painter.lanes(self.lane_area)

    @property
    def lane_area(self) -> QRectF:
        """All lanes together: everything below the ruler."""
        top = self._ruler.height_px
        return QRectF(0, top, self.width(), max(self.height() - top, 1))

    def x_of(self, frame: float) -> float:
        """Where a frame is, in pixels; outside the widget when it isn't visible."""
        return self._span.x_of(frame, self.width())

    def frame_at(self, point: QPointF) -> float:
        """The frame at a point, kept inside the take."""
        return self._span.frame_at(point.x(), self.width())

    @property
    def counts_samples(self) -> bool:
        """Whether the ruler shows numbers of samples and not times."""
        return is_in_samples(self._span, self.width(), self._rate_hz, self._theme.text_scale)

    @property
    def span(self) -> ViewSpan:
        return self._span

    @property
    def region(self) -> LoopRegion | None:
        return self.selection.region

    @property
    def scale(self) -> WaveScale:
        return self._painter.scale

    # what a person can do here; also for menus and shortcuts

    def zoom_in(self) -> None:
        """Closer, at the playhead if it is in sight, else in the middle."""
        self._set_span(self._span.zoomed(KEY_ZOOM, self._zoom_centre()))

    def zoom_out(self) -> None:
        self._set_span(self._span.zoomed(1 / KEY_ZOOM, self._zoom_centre()))

    def zoom_to_fit(self) -> None:
        """All of the take."""
        self._set_span(ViewSpan.whole(self._span.total))

    def zoom_to_selection(self) -> None:
        """The selection fills the view, with a little around it."""
        if self.region is not None:
            around = self.region.frames * _AROUND_SELECTION
            self._set_span(self._span.between(max(self.region.start - around, 0), self.region.end + around))

    def turn_pages(self, pages: int) -> None:
        """Scroll by most of what is in sight, to the right when positive."""
        self._set_span(self._span.scrolled(pages * self._span.length * _PAGE))

    def toggle_scale(self) -> None:
        """Decibels, or in proportion again."""
        self.set_scale(WaveScale.LINEAR if self.scale is WaveScale.DECIBELS else WaveScale.DECIBELS)

    def toggle_snapping(self) -> None:
        """Ends of the selection go to zero crossings, or stay where they are put again."""
        self.selection.set_snapping(not self.selection.is_snapping)

    def start_loop_here(self, *, is_inverted: bool = False) -> None:
        """The region begins at the playhead; it reaches to its old end, or to the end of the take."""
        self.selection.start_at(self._position, is_inverted=is_inverted)

    def end_loop_here(self, *, is_inverted: bool = False) -> None:
        """The region ends at the playhead; it begins at its old start, or at the start of the take."""
        self.selection.end_at(self._position, is_inverted=is_inverted)

    def select_all(self) -> None:
        self.selection.choose(LoopRegion.between(0, self._span.total, self._span.total))

    def select_visible(self) -> None:
        """Select what is in sight."""
        self.selection.choose(LoopRegion.between(self._span.start, self._span.end, self._span.total))

    def nudge_edge(self, edge: Edge, steps: int) -> None:
        """Move an end of the selection by so many pixels, at least by a sample each."""
        self.selection.nudge(edge, steps * max(1, round(self._span.length / max(self.width(), 1))))

    def clear_region(self) -> None:
        self.selection.clear()

    def drop_mouse(self) -> None:
        """What the mouse has begun is over."""
        self._mouse.let_go()

    # keys and mouse; the wheel has a module of its own

    def keyPressEvent(self, event: QKeyEvent) -> None:
        act = None if self._is_empty else self._keys.act_of(event)
        if act is None:
            event.ignore()
        else:
            act()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        button = event.button()
        is_second = self._mouse.is_busy and button is not self._button and bool(event.buttons() & self._button)
        if self._is_empty or is_second or button not in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            return
        self._button = button
        if button is Qt.MouseButton.LeftButton:
            self._mouse.press(event.position(), event.modifiers())
        else:
            self._mouse.press_middle(event.position())
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._mouse.move(event.position())
        if not self._mouse.is_busy:
            self._show_cursor(event.position())
        if not self._is_empty:
            self.pointed.emit(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is self._button:
            self._mouse.release(event.modifiers())
            self._show_cursor(event.position())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and not self._is_empty:
            self._mouse.double_click(event.position())

    def leaveEvent(self, event: QEvent) -> None:
        self.pointed.emit(None)
        super().leaveEvent(event)

    def _show_cursor(self, point: QPointF) -> None:
        self.setCursor(Qt.CursorShape.ArrowCursor if self._is_empty else self._mouse.cursor_at(point))

    # wishes

    def _announce_selection(self, region: LoopRegion | None) -> None:
        """Tell who can't see it."""
        words = "Nothing" if region is None else words_of(region, self._rate_hz, in_samples=self.counts_samples)
        announce(self, f"Selected: {words}")

    def _set_span(self, span: ViewSpan) -> None:
        if span != self._span:
            self._span = span
            self._ask_for_samples()
            self.update()
            self.span_changed.emit(span)

    def _ask_for_samples(self) -> None:
        if not self._painter.has_peaks:
            return
        from app.ui.wave_samples import stretch_wanted  # NumPy, which the start of the window doesn't need

        stretch = stretch_wanted(self._span, self._painter.columns, self._painter.block)
        if stretch is not None and stretch != self._asked_for:
            self._asked_for = stretch
            self.samples_wanted.emit(*stretch)

    def _zoom_centre(self) -> float:
        is_in_sight = self._span.start <= self._position <= self._span.end
        return self._position if is_in_sight else (self._span.start + self._span.end) / 2

    def _playhead_column(self) -> int:
        return self._painter.column_of(self._position, self._span)

    def _update_column(self, column: int) -> None:
        """Have what hangs on a device pixel column painted anew."""
        x = int(column / self._painter.ratio)
        self.update(QRect(x - _CAP_PX, 0, 2 * _CAP_PX + 2, self.height()))

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setClipRegion(event.region())
        ruler = QRectF(0, 0, self.width(), self._ruler.height_px)
        area, ratio = self.lane_area, self._painter.ratio
        self._painter.paint_ground(painter, area)
        if self._is_empty:
            return
        self._painter.paint(painter, area, self._span, self.region)
        self._ruler.paint_scale(painter, ruler, self._span, self._rate_hz, ratio)
        if self.region is not None:
            self._ruler.paint_brace(painter, ruler, self._span, self.region, ratio)
        column = self._playhead_column()
        if -_CAP_PX <= column / ratio <= self.width() + _CAP_PX:
            self._painter.paint_playhead(painter, area, column)
            self._ruler.paint_playhead(painter, ruler, column, ratio)
        self._painter.paint_top(painter, area, self._span)
        pointer = self._mouse.selects_at
        if pointer is not None and self.region is not None:
            words = words_of(self.region, self._rate_hz, in_samples=self.counts_samples)
            paint_words(painter, self._theme, words, pointer, area)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._describe()
        self._ask_for_samples()
        super().resizeEvent(event)

    def _describe(self) -> None:
        """Say what is at the playhead and what keys do, and which channels are on show if not all."""
        channels = self._painter.note(self.lane_area)
        said = (self._note, DESCRIPTION, f"Shows the {channels}." if channels else "")
        self.describe(" ".join(filter(None, said)))

    def _refresh_from_theme(self) -> None:
        self._painter.forget()
        self.setMinimumHeight(self._theme.px(_LANES_PX) + self._ruler.height_px)
        self.update()
