"""What the bar below the waveform leaves out where there is no room for it."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from app.ui.position_readout import PositionReadout
from app.ui.transport_bar import TransportBar


@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_a_tight_bar_leaves_out_the_measures_and_cuts_no_number(theme, shown, scale):
    theme.set_text_scale(scale)
    window = QWidget()
    bar = TransportBar(theme, window)
    bar.show_take(4 * 48_000, 48_000)
    bar.resize(theme.px(380), bar.height())
    shown(window)

    assert (bar.lufs.isVisible(), bar.dbtp.isVisible()) == (False, False)
    bar.resize(theme.px(580), bar.height())
    QApplication.processEvents()
    assert (bar.lufs.isVisible(), bar.dbtp.isVisible()) == (True, True)


def test_the_length_beside_the_position_is_shown_whole_or_not_at_all(theme, shown):
    readout = PositionReadout(theme)
    readout.show_time(0, 4 * 48_000, 48_000)
    whole = readout.sizeHint().width()
    shown(readout)

    def is_length_painted(width: int) -> bool:
        readout.resize(width, readout.sizeHint().height())
        image = readout.grab().toImage()
        ground = image.pixelColor(image.width() - 1, 0)
        right = range(whole - theme.px(50), image.width())
        return any(image.pixelColor(x, y) != ground for x in right for y in range(image.height()))

    assert is_length_painted(whole)
    assert not is_length_painted(whole - theme.px(8))


def test_the_loudness_range_is_the_first_measure_to_be_left_out(theme, shown):
    window = QWidget()
    bar = TransportBar(theme, window)
    bar.show_take(4 * 48_000, 48_000)
    shown(window)

    def seen(width: int) -> tuple[bool, ...]:
        bar.resize(theme.px(width), bar.height())
        QApplication.processEvents()
        return tuple(readout.isVisible() for readout in (bar.lufs, bar.dbtp, bar.lra))

    assert seen(640) == (True, True, True)
    assert seen(580) == (True, True, False)
    assert seen(460) == (False, False, False)
