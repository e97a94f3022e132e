"""What the bar below the waveform leaves out where there is no room for it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from app.audio.player_events import Monitor
from app.domain.clip_edit import ClipEdit
from app.ui.loop_region import LoopRegion
from app.ui.monitor_button import MonitorButton
from app.ui.position_readout import PositionReadout
from app.ui.transport_bar import TransportBar
from tests.fakes.measures import measures_of

DIRECTLY = Qt.FindChildOption.FindDirectChildrenOnly


@pytest.fixture
def full_bar(theme, shown):
    """Makes a bar that has everything to show, within a window: one alone can't be narrower than its content."""
    windows: list[QWidget] = []
    yield lambda: everything(theme, shown(windows.append(QWidget()) or windows[0]))
    windows.clear()


def everything(theme, window) -> TransportBar:
    bar = TransportBar(theme, window)
    bar.show_take(4 * 48_000, 48_000)
    bar.show_measures(measures_of(-18.0))
    bar.show_region(LoopRegion(48_000, 96_000))
    bar.show_edit(ClipEdit(start=4_800, end=100_000))
    bar.show_underruns(12)
    bar.show_clip()
    bar.monitor.step()
    bar.show()
    return bar


def resized(bar: TransportBar, width: int) -> None:
    bar.resize(width, bar.height())
    QApplication.processEvents()


@pytest.mark.parametrize("scale", [0.8, 1.0, 1.5, 2.0])
def test_at_any_width_nothing_in_the_bar_overlaps_or_is_cut(theme, full_bar, scale):
    theme.set_text_scale(scale)
    bar = full_bar()

    for width in range(theme.px(440), theme.px(1_400), theme.px(20)):
        resized(bar, width)
        parts = [each for each in bar.findChildren(QWidget, options=DIRECTLY) if each.isVisible()]
        edges = sorted((part.geometry().left(), part.geometry().right()) for part in parts)
        assert all(before[1] < after[0] for before, after in pairwise(edges)), width
        assert (edges[0][0] >= 0, edges[-1][1] < bar.width()) == (True, True), width
        assert all(part.width() >= part.minimumSizeHint().width() for part in parts), width


def test_what_can_be_seen_elsewhere_goes_first_and_what_is_needed_or_warns_stays(full_bar):
    bar = full_bar()
    told = {
        "trim": bar._trim.isVisible,
        "loop": bar._part.isVisible,
        "drag to DAW": lambda: bar.handle.text() != "",
        "range": bar.lra.isVisible,
        "monitor in a word": lambda: bar.monitor.text() == "Left",
        "dropouts in a word": lambda: bar.dropouts.text() == "12 dropouts",
        "true peak": bar.dbtp.isVisible,
        "export in a word": lambda: bar._export.text() != "",
        "loudness": bar.lufs.isVisible,
        "length": lambda: not bar._time._is_short,
    }
    gone: list[str] = []
    for width in range(1_400, 430, -4):
        resized(bar, width)
        gone += [name for name, is_told in told.items() if not is_told() and name not in gone]
        assert all(each.isVisible() for each in (bar._play, bar._loop, bar.monitor, bar.dropouts, bar._export))

    assert gone == list(told)
    resized(bar, 1_400)
    assert all(is_told() for is_told in told.values())


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


def test_hidden_takes_are_told_apart_by_nothing_in_the_bar(full_bar):
    bar = full_bar()
    resized(bar, 1_400)
    bar.show_take(4 * 48_000, 48_000, channels=1)

    bar.show_blind(is_blind=True)

    assert not any(each.isVisible() for each in (bar.lufs, bar.dbtp, bar.lra, bar._part, bar._trim))
    assert bar.time_text == "00:00.000"
    assert bar.monitor.isEnabled()
    assert not bar.handle.isEnabled()
    bar.show_blind(is_blind=False)
    assert bar.lufs.isVisible()
    assert not bar.monitor.isEnabled()
    assert bar.handle.isEnabled()


def test_the_monitor_goes_round_and_warns_while_it_is_not_stereo(theme, qtbot):
    button = MonitorButton(theme)
    qtbot.addWidget(button)
    chosen: list[Monitor] = []
    button.chosen.connect(chosen.append)
    width = button.sizeHint().width()

    looks = []
    for _ in range(4):
        button.click()
        looks.append((button.text(), button.accessibleName(), button.look(hovered=False, pressed=False).text))

    assert chosen == [Monitor.LEFT, Monitor.RIGHT, Monitor.MONO, Monitor.STEREO]
    assert looks == [
        ("Left", "Monitor: Left", "warn"),
        ("Right", "Monitor: Right", "warn"),
        ("Mono", "Monitor: Mono", "warn"),
        ("Stereo", "Monitor: Stereo", "text2"),
    ]
    assert button.sizeHint().width() == width


def test_the_monitor_says_why_a_mono_take_has_none_and_how_many_channels_are_folded_down(theme, qtbot):
    button = MonitorButton(theme)
    qtbot.addWidget(button)

    button.show_channels(1)
    button.step()
    assert not button.isEnabled()
    assert button.monitor is Monitor.STEREO
    assert "mono" in button.toolTip()
    button.show_channels(6)

    assert button.isEnabled()
    assert "6 channels are folded down to two" in button.toolTip()


def test_dropouts_are_counted_quietly_until_they_are_clicked_away(theme, shown):
    bar = TransportBar(theme)
    bar.resize(1_000, 56)
    shown(bar)
    assert not bar.dropouts.isVisible()

    bar.show_underruns(1)
    assert (bar.dropouts.isVisible(), bar.dropouts.text()) == (True, "1 dropout")
    bar.show_underruns(3)
    assert bar.dropouts.accessibleName() == "3 dropouts"
    assert "choose another output device" in bar.dropouts.toolTip()
    bar.dropouts.click()
    assert not bar.dropouts.isVisible()
    bar.show_underruns(5)

    assert bar.dropouts.text() == "2 dropouts"


def test_what_is_selected_is_a_loop_only_while_it_loops(full_bar):
    bar = full_bar()
    titles = [bar._part.title]

    for is_looping in (True, False):
        bar.show_looping(is_looping=is_looping)
        titles.append(bar._part.title)

    assert titles == ["Selection", "Loop", "Selection"]


def test_fades_of_a_whole_take_are_told_as_lengths(full_bar):
    bar = full_bar()
    assert (bar._trim.title, bar._trim.text) == ("Trim", "0.100 – 2.083 s")

    bar.show_edit(ClipEdit(fade_in=480, fade_out=72_000))

    assert (bar._trim.title, bar._trim.text) == ("Fades in / out", "0.010 / 1.500 s")
