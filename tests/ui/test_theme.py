from __future__ import annotations

import logging
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QFont, QFontInfo, QFontMetrics, QIcon, QPalette, QPixmap
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.ui.style_sheet import style_sheet_of
from app.ui.theme import Scheme, Theme
from app.ui.tokens import DARK, LIGHT
from app.ui.type_scale import load_fonts

RESOURCES = Path(__file__).parents[2] / "resources"

# What the design names, use by use.
DESIGNED_ICONS = [
    "menu",
    "settings",
    "audio-lines",
    "audio-waveform",
    "music",
    "mic",
    "drama",
    "speech",
    "history",
    "bookmark",
    "circle-dashed",
    "loader-circle",
    "circle-question-mark",
    "ban",
    "star",
    "skip-back",
    "play",
    "pause",
    "repeat",
    "chart-no-axes-column",
    "grip-vertical",
    "dices",
    "key-round",
    "table-2",
    "cpu",
    "cloud",
    "plus",
    "x",
    "minus",
    "arrow-up",
    "circle-check",
    "octagon-alert",
    "volume-2",
    "search",
    "list-filter",
    "scale",
    "zoom-in",
    "zoom-out",
    "maximize-2",
    "share",
    "headphones",
    "shield-check",
    "lock",
]


def colors_in(pixmap: QPixmap) -> set[str]:
    """The colours of all pixels that are not see-through."""
    image = pixmap.toImage()
    pixels = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    return {pixel.name().upper() for pixel in pixels if pixel.alpha() == 255}


def is_close_to(color: str, wanted: str) -> bool:
    """Equal but for the rounding of overlapping strokes."""
    one, other = QColor(color), QColor(wanted)
    parts = zip(one.getRgb(), other.getRgb(), strict=True)
    return max(abs(a - b) for a, b in parts) <= 2


# schemes


def test_a_forced_scheme_wins_over_the_system(theme: Theme):
    theme.set_scheme(Scheme.LIGHT)
    light = (theme.is_dark, theme.tokens)
    theme.set_scheme(Scheme.DARK)

    assert light == (False, LIGHT)
    assert (theme.is_dark, theme.tokens) == (True, DARK)


def test_changing_the_scheme_is_told_once(theme: Theme, qtbot: QtBot):
    told: list[bool] = []
    theme.changed.connect(lambda: told.append(theme.is_dark))

    theme.set_scheme(Scheme.LIGHT)
    theme.set_scheme(Scheme.LIGHT)

    assert told == [False]


_FOLLOWING = """
import sys
from pathlib import Path
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from app.ui.theme import Theme

app = QApplication([])
hints = app.styleHints()
theme = Theme(app, Path(sys.argv[1]))
told = []
theme.changed.connect(lambda: told.append(theme.is_dark))
for scheme in (Qt.ColorScheme.Dark, Qt.ColorScheme.Light, Qt.ColorScheme.Dark):
    hints.setColorScheme(scheme)
    app.processEvents()
    assert hints.colorScheme() == scheme, hints.colorScheme()
print(told, app.palette().window().color().name())
"""


def test_the_system_is_followed_while_the_app_runs():
    # A desktop that has a colour scheme: the offscreen platform has none.
    if shutil.which("Xvfb") is None:
        pytest.skip("needs Xvfb")
    read, write = os.pipe()
    screen = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-nolisten", "tcp"], pass_fds=[write], stderr=subprocess.DEVNULL
    )
    os.close(write)
    with os.fdopen(read) as numbers:
        display = numbers.readline().strip()

    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "xcb",
        "QT_QPA_PLATFORMTHEME": "gnome",
        "DISPLAY": f":{display}",
        "PYTHONPATH": str(RESOURCES.parent),
    }
    try:
        done = subprocess.run(
            [sys.executable, "-c", _FOLLOWING, str(RESOURCES)],
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    finally:
        screen.terminate()
        screen.wait(10)

    assert done.stdout.strip() == f"[False, True] {DARK.panel.lower()}", done.stderr[-2000:]


def test_palette_and_sheet_belong_to_the_scheme(theme: Theme, qapp: QApplication):
    theme.set_scheme(Scheme.LIGHT)

    assert qapp.palette().color(QPalette.ColorRole.Window).name().upper() == LIGHT.panel
    disabled = qapp.palette().color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.ButtonText)
    assert disabled.name().upper() == LIGHT.disabled
    assert LIGHT.line_field in qapp.styleSheet()
    assert "@" not in qapp.styleSheet()


def test_a_sheet_that_names_an_unknown_colour_is_refused():
    with pytest.raises(KeyError):
        style_sheet_of("QLabel { color: @mauve; }", DARK, text_scale=1)


def test_lengths_in_the_sheet_grow_with_the_text():
    assert style_sheet_of("a { width: @px(10); color: @accent-tint }", DARK, text_scale=1.5) == (
        f"a {{ width: 15px; color: {DARK.accent_tint} }}"
    )


def test_colours_are_found_by_both_spellings(theme: Theme):
    assert theme.color("line-field") == theme.color("line_field")
    with pytest.raises(KeyError):
        theme.color("mauve")


# type


def test_inter_is_bundled_and_used_in_three_weights(theme: Theme):
    for name, weight in (
        ("label", QFont.Weight.Normal),
        ("control", QFont.Weight.Medium),
        ("title", QFont.Weight.DemiBold),
    ):
        info = QFontInfo(theme.font(name))
        assert (info.family(), info.weight()) == ("Inter", weight)
    assert (RESOURCES / "fonts" / "OFL.txt").read_text(encoding="utf-8").count("SIL OPEN FONT LICENSE") == 1


def test_figures_have_one_width(theme: Theme):
    metrics = QFontMetrics(theme.font("title"))

    assert len({metrics.horizontalAdvance(digit * 8) for digit in "0123456789"}) == 1


def test_text_and_sizes_grow_together(theme: Theme):
    theme.set_text_scale(2.0)

    assert theme.font("body").pixelSize() == 26
    assert (theme.px(28), theme.line_height("caption")) == (56, 28)


def test_the_text_scale_keeps_within_its_limits(theme: Theme):
    theme.set_text_scale(5)
    largest = theme.text_scale
    theme.set_text_scale(0.1)

    assert (largest, theme.text_scale) == (2.0, 0.8)


def test_without_the_fonts_one_line_is_logged(tmp_path: Path, qapp: QApplication, caplog: pytest.LogCaptureFixture):
    shutil.copy(RESOURCES / "fonts" / "Inter-Regular.otf", tmp_path)

    with caplog.at_level(logging.WARNING):
        loaded = load_fonts(tmp_path)

    assert not loaded
    assert [record.levelname for record in caplog.records] == ["WARNING"]


# icons


@pytest.mark.parametrize("name", DESIGNED_ICONS)
def test_every_icon_of_the_design_is_there_and_tinted(theme: Theme, name: str):
    drawn = theme.pixmap(name, "accent", size=48)

    assert colors_in(drawn)
    assert all(is_close_to(color, DARK.accent) for color in colors_in(drawn))


def test_every_icon_in_the_folder_can_be_drawn(theme: Theme):
    names = {path.stem for path in (RESOURCES / "icons").glob("*.svg")} - {"blank"}

    assert {name for name in names if not colors_in(theme.pixmap(name, "text", size=48))} == set()


def test_every_icon_that_the_code_names_is_there():
    sources = (RESOURCES.parent / "app" / "ui").rglob("*.py")
    pattern = re.compile(r"(?:theme\.(?:icon|pixmap)|IconButton)\(\s*(?:theme|self\._theme)?,?\s*\"([a-z0-9-]+)\"")
    named = {name for source in sources for name in pattern.findall(source.read_text(encoding="utf-8"))}

    missing = {name for name in named if not (RESOURCES / "icons" / f"{name}.svg").is_file()}

    assert missing == set()
    assert named


def test_the_licence_of_the_icons_is_beside_them():
    assert "Lucide" in (RESOURCES / "icons" / "LICENSE").read_text(encoding="utf-8")


def test_an_unknown_icon_is_a_key_error(theme: Theme):
    with pytest.raises(KeyError):
        theme.icon("unicorn")


def test_icons_follow_the_scheme(theme: Theme):
    dark = colors_in(theme.pixmap("play", "accent", size=48))
    theme.set_scheme(Scheme.LIGHT)

    assert (dark, colors_in(theme.pixmap("play", "accent", size=48))) == ({DARK.accent}, {LIGHT.accent})


def test_an_icon_is_grey_when_its_control_is_disabled(theme: Theme):
    icon = theme.icon("play", "accent", size=48)

    assert colors_in(icon.pixmap(48, QIcon.Mode.Disabled)) == {DARK.disabled}


def test_icons_are_drawn_in_device_pixels(theme: Theme):
    drawn = theme.pixmap("play", size=16, device_pixel_ratio=2.0)

    assert (drawn.width(), drawn.deviceIndependentSize().width()) == (32, 16)


def test_a_set_star_is_filled(theme: Theme):
    outline = theme.pixmap("star", "text", size=48).toImage().pixelColor(24, 24).alpha()
    filled = theme.pixmap("star", "text", size=48, filled=True).toImage().pixelColor(24, 24).alpha()

    assert (outline, filled) == (0, 255)
