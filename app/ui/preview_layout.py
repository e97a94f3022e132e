"""Where the parts of the preview lie: head, overview, lanes, meter and bar; a transcript beside them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from app.ui.empty_well import EmptyWell
from app.ui.level_meter import LevelMeter
from app.ui.overview_strip import OVERVIEW_PX, SMALL_OVERVIEW_PX, OverviewStrip
from app.ui.preview_head import PreviewHead
from app.ui.preview_place import WELL_EDGE_PX, WELL_RIGHT_PX
from app.ui.splitter import Splitter
from app.ui.theme import Theme
from app.ui.time_ruler import RULER_PX
from app.ui.transport_bar import TransportBar
from app.ui.waveform_view import WaveformView

_GAP_PX = 6
_WORDS_SHARE = 0.42  # of the width, for the transcript beside its recording
_SMALL_BELOW_PX = 320


class PreviewLayout:
    """Puts widgets that somebody else made into a panel, and keeps their sizes in step with it."""

    def __init__(
        self,
        theme: Theme,
        panel: QWidget,
        head: PreviewHead,
        overview: OverviewStrip,
        waveform: WaveformView,
        meter: LevelMeter,
        bar: TransportBar,
        well: EmptyWell,
    ) -> None:
        self._theme = theme
        self._panel = panel
        self._overview = overview
        self._meter = meter
        self._words: QWidget | None = None
        self._lanes = QVBoxLayout()
        self._lanes.addWidget(overview)
        self._beside_lanes = QHBoxLayout()
        self._beside_lanes.setSpacing(0)
        self._beside_lanes.addWidget(waveform, 1)
        self._lanes.addLayout(self._beside_lanes, 1)
        content = QWidget()
        self._content = QHBoxLayout(content)
        self._content.setContentsMargins(0, 0, 0, 0)
        self._content.addLayout(self._lanes, 1)
        self._content.addWidget(meter)
        body = QWidget()
        self._stack = QStackedLayout(body)
        self._stack.addWidget(well)
        self._stack.addWidget(content)
        self._body = QHBoxLayout()
        self._body.addWidget(body)
        seen = QWidget()
        left = QVBoxLayout(seen)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(0)
        left.addWidget(head)
        left.addLayout(self._body, 1)
        left.addWidget(bar)
        self._beside = Splitter(Qt.Orientation.Horizontal, "Waveform and transcript")
        self._beside.addWidget(seen)
        self._beside.reset_wanted.connect(self._share_width)
        column = QVBoxLayout(panel)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._beside)

    def put_left_of_lanes(self, widget: QWidget) -> None:
        """Beside the waveform and its ruler; the overview keeps the full width."""
        self._beside_lanes.insertWidget(0, widget)

    def show_sound(self, *, can_sound: bool, cover: QWidget | None = None) -> None:
        """The lanes, or in their place why there is nothing to hear, or what hides them."""
        if cover is None:
            self._stack.setCurrentIndex(1 if can_sound else 0)
            return
        if self._stack.indexOf(cover) < 0:
            self._stack.addWidget(cover)
        self._stack.setCurrentWidget(cover)

    def add_words(self, words: QWidget) -> None:
        """Give the transcript its place beside the lanes; it is shown by `show_words`."""
        self._words = words
        words.hide()
        self._beside.addWidget(words)

    def show_words(self, words: QWidget | None) -> None:
        """The transcript takes its share of the width when it comes; the line beside it can be dragged.

        Args:
            words: What was added, or None where it isn't wanted.
        """
        if words is not None and words.isHidden():
            words.show()
            self._share_width()
        elif words is None and self._words is not None:
            self._words.hide()

    def refresh(self, *, is_empty: bool) -> None:
        """Take on the sizes of the theme."""
        self._lanes.setSpacing(self._theme.px(_GAP_PX))
        self._content.setSpacing(self._theme.px(8))
        self.refresh_margins(is_empty=is_empty)
        self.refresh_height()

    def refresh_height(self) -> None:
        """A low panel has a lower overview; the meter's bars stay beside the lanes."""
        is_small = self._panel.height() < self._theme.px(_SMALL_BELOW_PX)
        self._overview.set_small(is_small)
        self._meter.set_head_px((SMALL_OVERVIEW_PX if is_small else OVERVIEW_PX) + _GAP_PX + RULER_PX)

    def refresh_margins(self, *, is_empty: bool) -> None:
        """Without head and bar the well has an edge of its own all around."""
        px = self._theme.px
        edge = px(WELL_EDGE_PX) if is_empty else 0
        self._body.setContentsMargins(px(WELL_EDGE_PX), edge, px(WELL_RIGHT_PX), edge)

    def _share_width(self) -> None:
        words = int(self._panel.width() * _WORDS_SHARE)
        self._beside.setSizes([max(1, self._panel.width() - words), words])
