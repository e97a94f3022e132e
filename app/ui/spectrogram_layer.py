"""The spectrogram on the lanes of a waveform, as a kept picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QPointF, QRectF
from PySide6.QtGui import QImage, QPainter, QPixmap

from app.audio.spectrogram import FLOOR_DBFS, STEP_DB
from app.audio.spectrogram_axis import FrequencyAxis
from app.domain.audio import AudioInfo
from app.ui.device_pixels import device_pixels
from app.ui.lane_place import LanePlace
from app.ui.spectrogram_loader import SpectrogramLoader
from app.ui.spectrogram_map import GROUND, HIGH_DBFS, LOW_DBFS, UNKNOWN, color_table
from app.ui.spectrogram_picture import Frame, SpectrogramPicture
from app.ui.view_span import ViewSpan
from app.ui.waveform_view import WaveformView

_LEAST_FITTED_DB = 60.0


@dataclass(frozen=True, slots=True)
class Reading:
    """What is at a point of a spectrogram. `dbfs` is None while it isn't known yet."""

    seconds: float
    hz: float
    dbfs: float | None


class SpectrogramLayer:
    """Paints the sound it is given below the wave; asks for tiles that it lacks, and shows coarser ones meanwhile."""

    def __init__(self, view: WaveformView, loader: SpectrogramLoader) -> None:
        self._view = view
        self._loader = loader
        self._picture: SpectrogramPicture | None = None
        self._axis = FrequencyAxis.of(48_000)
        self._rate_hz = 48_000
        self._range = (LOW_DBFS, HIGH_DBFS)
        self._table: list[int] = []
        self._image: QImage | None = None
        self._pixmap: QPixmap | None = None
        self._is_outdated = False
        self._unknown: list[tuple[int, int]] = []
        self._frame: Frame | None = None

    def show_sound(self, picture: SpectrogramPicture | None, info: AudioInfo | None) -> None:
        """Show another sound, or none."""
        self._picture = picture
        self._frame = self._image = self._pixmap = None
        if info is not None:
            self._rate_hz = info.sample_rate_hz
            self._axis = FrequencyAxis.of(info.sample_rate_hz)
        self.refresh()

    def grow(self, frames: int) -> None:
        """The sound on show is so long by now."""
        if self._picture is not None:
            self._picture.grow(frames)
            self.refresh()

    def refresh(self) -> None:
        """There are more tiles: draw anew."""
        self._is_outdated = True
        self._view.update()

    def show_range(self, low_dbfs: float, high_dbfs: float) -> None:
        """Which levels have the first and the last colour."""
        self._range = (low_dbfs, high_dbfs)
        self._table = []
        self._pixmap = None
        self._view.update()

    def paint(self, painter: QPainter, lanes: Sequence[QRectF], span: ViewSpan) -> None:
        if self._picture is None or not lanes:
            return
        ratio = self._view.devicePixelRatioF()
        frame = frame_of(lanes, span, ratio)
        if self._image is None or self._is_outdated or frame != self._frame:
            self._frame = frame
            self._image, self._pixmap = self._picture.image(frame), None
            self._is_outdated = False
            missing = self._picture.missing(frame)
            self._unknown = self._picture.unknown(frame) if missing else []
            self._loader.want(missing)
        if self._pixmap is None:
            self._pixmap = self._colored(self._image)
        painter.fillRect(lanes[0].united(lanes[-1]), GROUND)
        with device_pixels(painter, lanes[0].topLeft(), ratio):
            painter.drawPixmap(0, 0, self._pixmap)
            for left, right in self._unknown:
                painter.fillRect(left, 0, right - left, frame.height, UNKNOWN)

    def reading_at(self, point: QPointF) -> Reading | None:
        """What is shown at a point of the view; None beside the lanes, and where no sound is shown."""
        lanes = self._view.lanes()
        lane = next((number for number, each in enumerate(lanes) if each.top() <= point.y() < each.bottom()), None)
        if lane is None or self._picture is None or self._frame is None or self._image is None:
            return None
        share = (lanes[lane].bottom() - point.y() - 0.5) / lanes[lane].height()
        at_frame = self._view.frame_at(point)
        dbfs = None
        if self._picture.is_known(self._frame, at_frame):
            below = (point - lanes[0].topLeft()) * self._view.devicePixelRatioF()
            pixel = QPoint(int(below.x()), int(below.y()))
            dbfs = FLOOR_DBFS + self._image.pixelIndex(pixel) * STEP_DB if self._image.valid(pixel) else None
        return Reading(at_frame / self._rate_hz, self._axis.hz_at(share), dbfs)

    def loudest_at(self, at_frame: float) -> Reading | None:
        """The loudest frequency at a frame of the sound; None while that isn't known, and where no sound is shown."""
        if self._picture is None:
            return None
        frame = frame_of(self._view.lanes(), self._view.span, self._view.devicePixelRatioF())
        found = self._picture.loudest(frame, at_frame)
        if found is None:
            return None
        share, level = found
        return Reading(at_frame / self._rate_hz, self._axis.hz_at(share), FLOOR_DBFS + level * STEP_DB)

    def fitted_range(self) -> tuple[float, float] | None:
        """The lowest and the highest level worth a colour in what is in sight; None while nothing is known.

        Never less than `_LEAST_FITTED_DB` apart: of even noise each grain would be a peak.
        """
        if self._picture is None or self._frame is None:
            return None
        found = self._picture.extremes(self._frame)
        if found is None:
            return None
        low, high = (FLOOR_DBFS + level * STEP_DB for level in found)
        return min(low, high - _LEAST_FITTED_DB), high

    def _colored(self, image: QImage) -> QPixmap:
        if not self._table:
            self._table = color_table(*self._range, lambda level: FLOOR_DBFS + level * STEP_DB)
        image.setColorTable(self._table)
        return QPixmap.fromImage(image)


def frame_of(lanes: Sequence[QRectF], span: ViewSpan, ratio: float) -> Frame:
    """The lanes in device pixels, of which there are `ratio` in each of their own."""
    top = lanes[0].top()
    places = tuple(LanePlace(round((each.top() - top) * ratio), max(1, round(each.height() * ratio))) for each in lanes)
    width = max(1, round(lanes[0].width() * ratio))
    return Frame(span, width, places[-1].top + places[-1].height, places)
