"""What everything in the window looks like: one theme, rebuilt when system, settings or text size change."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QIcon, QPalette, QPixmap
from PySide6.QtWidgets import QApplication

from app.ui.focus_ring import FocusRing
from app.ui.icons import IconSet
from app.ui.style_sheet import palette_of, style_sheet_of
from app.ui.tokens import DARK, LIGHT, Tokens
from app.ui.type_scale import FAMILY, TYPE_STEPS, font_of_step, load_fonts

STYLE = "Fusion"
"""Qt’s style that looks the same on every system."""

_SMALLEST_SCALE, _LARGEST_SCALE = 0.8, 2.0

# Fonts of the classes that Qt draws itself; everything else has the body font.
_CLASS_FONTS = {
    "QMenu": "label",
    "QLineEdit": "label",
    "QSpinBox": "strong",
    "QTipLabel": "small",
    "QHeaderView": "caption",
    "QPlainTextEdit": "prompt",
}


class Scheme(StrEnum):
    """Which scheme the user wants."""

    SYSTEM = "system"
    DARK = "dark"
    LIGHT = "light"


class Theme(QObject):
    """Colours, fonts, icons and sizes by name; `changed` says that all of them may be new.

    Args:
        resources: The folder that holds `fonts`, `icons` and `style.qss`.
        text_scale: 1.0 is 13 px for running text; rows and controls grow with it.
        is_dressed: Whether the style sheet is put on at once, by an application of any style; else by `dress`, and the
            application was started in `STYLE`.
    """

    changed = Signal()

    def __init__(
        self,
        app: QApplication,
        resources: Path,
        *,
        scheme: Scheme = Scheme.SYSTEM,
        text_scale: float = 1.0,
        reduce_motion: bool = False,
        is_dressed: bool = True,
    ) -> None:
        super().__init__(app)
        self._app = app
        self._icons = IconSet(resources / "icons")
        self._template = (resources / "style.qss").read_text(encoding="utf-8")
        self._family = FAMILY if load_fonts(resources / "fonts") else app.font().family()
        self._scheme = scheme
        self._text_scale = _within_limits(text_scale)
        self._reduce_motion = reduce_motion
        self._is_dressed = is_dressed
        self._shown: tuple[Tokens, float] | None = None
        self._icon_cache: dict[tuple[object, ...], QIcon] = {}
        self._pixmap_cache: dict[tuple[object, ...], QPixmap] = {}
        self._font_cache: dict[tuple[object, ...], QFont] = {}
        if is_dressed:
            app.setStyle(STYLE)
        # Both are kept: the second is no longer valid once Python has let go of the first.
        self._hints = app.styleHints()
        self._wishes = self._hints.accessibility()
        self._hints.colorSchemeChanged.connect(self._rebuild)
        self._wishes.contrastPreferenceChanged.connect(self._rebuild)
        self._tell_system()
        self._rebuild()
        self._focus_ring = FocusRing(self, app)

    def dress(self) -> None:
        """Put the style sheet on, once all parts of a window are in their places.

        Qt goes through the sheet anew for every part that gets a parent: a fifth of the time to build our window.
        """
        if not self._is_dressed:
            self._is_dressed = True
            self._put_on_sheet()

    # what is shown

    @property
    def tokens(self) -> Tokens:
        """The colours in force."""
        tokens = DARK if self.is_dark else LIGHT
        more = self._wishes.contrastPreference() == Qt.ContrastPreference.HighContrast
        return tokens.with_more_contrast() if more else tokens

    @property
    def is_dark(self) -> bool:
        """A system that has no opinion gets the dark scheme."""
        if self._scheme is not Scheme.SYSTEM:
            return self._scheme is Scheme.DARK
        return self._hints.colorScheme() != Qt.ColorScheme.Light

    def color(self, role: str) -> QColor:
        """A colour by its name, with `-` or `_`. Raises KeyError for one that does not exist."""
        return QColor(self._values[role.replace("-", "_")])

    def font(self, name: str, *, bold: bool = False, medium: bool = False) -> QFont:
        """A font by the name of its step; `bold` is weight 600, `medium` 500. Raises KeyError."""
        key = (name, bold, medium, self._text_scale)
        if key not in self._font_cache:
            step = TYPE_STEPS[name]
            weight = QFont.Weight.DemiBold if bold else QFont.Weight.Medium if medium else step.weight
            self._font_cache[key] = font_of_step(step, family=self._family, scale=self._text_scale, weight=weight)
        return QFont(self._font_cache[key])

    def line_height(self, name: str) -> int:
        """Distance between two lines of a font, in pixels."""
        return self.px(TYPE_STEPS[name].line_px)

    @property
    def palette(self) -> QPalette:
        """A palette of the colours in force, for a widget that needs one changed."""
        return palette_of(self.tokens)

    def px(self, design_px: float) -> int:
        """A length of the design in whole pixels, grown with the text."""
        return int(design_px * self._text_scale + 0.5)

    def icon(
        self, name: str, role: str = "text2", *, size: int = 16, stroke: float = 1.75, filled: bool = False
    ) -> QIcon:
        """An icon in a colour, greyed when its control is disabled. Raises KeyError for an unknown name."""
        ratios = frozenset({1.0, 2.0} | {screen.devicePixelRatio() for screen in self._app.screens()})
        key = (name, role, size, stroke, filled, ratios)
        if key not in self._icon_cache:
            self._icon_cache[key] = self._icons.icon(
                name,
                {QIcon.Mode.Normal: self.color(role), QIcon.Mode.Disabled: self.color("disabled")},
                size_px=self.px(size),
                device_pixel_ratios=ratios,
                stroke=stroke,
                filled=filled,
            )
        return self._icon_cache[key]

    def pixmap(
        self,
        name: str,
        role: str = "text2",
        *,
        size: int = 16,
        device_pixel_ratio: float = 1.0,
        stroke: float = 1.75,
        filled: bool = False,
    ) -> QPixmap:
        """An icon as a picture, for painting. Raises KeyError for an unknown name."""
        key = (name, role, size, device_pixel_ratio, stroke, filled)
        if key not in self._pixmap_cache:
            self._pixmap_cache[key] = self._icons.pixmap(
                name,
                self.color(role),
                size_px=self.px(size),
                device_pixel_ratio=device_pixel_ratio,
                stroke=stroke,
                filled=filled,
            )
        return self._pixmap_cache[key]

    # what the user wants

    @property
    def scheme(self) -> Scheme:
        """What the user asked for; `is_dark` says what came of it."""
        return self._scheme

    def set_scheme(self, scheme: Scheme) -> None:
        """Force dark or light, or follow the system again."""
        self._scheme = scheme
        self._tell_system()
        self._rebuild()

    @property
    def text_scale(self) -> float:
        """0.8 to 2.0."""
        return self._text_scale

    def set_text_scale(self, scale: float) -> None:
        """Grow or shrink the text and all that holds text; kept within 0.8 to 2.0."""
        self._text_scale = _within_limits(scale)
        self._rebuild()

    @property
    def reduce_motion(self) -> bool:
        """Nothing may move except data."""
        return self._reduce_motion

    def set_reduce_motion(self, wanted: bool) -> None:
        """Stand still, or move again."""
        self._reduce_motion = wanted

    def _tell_system(self) -> None:
        # Title bars and native dialogs follow too, where the platform can.
        if self._scheme is Scheme.SYSTEM:
            self._hints.unsetColorScheme()
        else:
            dark = self._scheme is Scheme.DARK
            self._hints.setColorScheme(Qt.ColorScheme.Dark if dark else Qt.ColorScheme.Light)

    def _rebuild(self) -> None:
        tokens = self.tokens
        if self._shown == (tokens, self._text_scale):
            return
        self._shown = (tokens, self._text_scale)
        self._values = tokens.named()
        self._icon_cache.clear()
        self._pixmap_cache.clear()
        self._app.setFont(self.font("body"))
        for class_name, step in _CLASS_FONTS.items():
            # The binding takes the name as str, whatever its stub says.
            self._app.setFont(self.font(step), class_name)  # type: ignore[arg-type]
        # The palette comes first: the sheet is resolved against it.
        self._app.setPalette(palette_of(tokens))
        if self._is_dressed:
            self._put_on_sheet()
        self.changed.emit()

    def _put_on_sheet(self) -> None:
        self._app.setStyleSheet(style_sheet_of(self._template, self.tokens, text_scale=self._text_scale))


def _within_limits(scale: float) -> float:
    return min(max(scale, _SMALLEST_SCALE), _LARGEST_SCALE)
