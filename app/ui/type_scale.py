"""The steps of the type: sizes in pixels at a text scale of 1, all set in Inter with tabular figures."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtGui import QFont, QFontDatabase

_log = logging.getLogger(__name__)

FONT_FILES = ("Inter-Regular.otf", "Inter-Medium.otf", "Inter-SemiBold.otf")
FAMILY = "Inter"


@dataclass(frozen=True, slots=True)
class TypeStep:
    """One step: size and line height in pixels, and its usual weight."""

    size_px: float
    line_px: float
    weight: QFont.Weight = QFont.Weight.Normal


TYPE_STEPS = {
    "time": TypeStep(20, 24, QFont.Weight.DemiBold),
    "title": TypeStep(15, 20, QFont.Weight.DemiBold),
    "prompt": TypeStep(13.5, 20),
    "body": TypeStep(13, 18),
    "strong": TypeStep(13, 18, QFont.Weight.DemiBold),
    "control": TypeStep(12.5, 16, QFont.Weight.Medium),
    "control_strong": TypeStep(12.5, 16, QFont.Weight.DemiBold),
    "label": TypeStep(12.5, 16),
    "small": TypeStep(12, 16),
    "caption": TypeStep(11, 14),
}


def load_fonts(folder: Path) -> bool:
    """Make the bundled Inter known to Qt; False, and one line in the log, if a file of it can't be loaded."""
    for name in FONT_FILES:
        if QFontDatabase.addApplicationFont(str(folder / name)) < 0:
            _log.warning("Font %s could not be loaded; the system font is used instead", name)
            return False
    return True


def font_of_step(step: TypeStep, *, family: str, scale: float, weight: QFont.Weight) -> QFont:
    """A font of a step, scaled; figures all have the same width."""
    font = QFont(family)
    font.setWeight(weight)
    font.setFeature(QFont.Tag("tnum"), 1)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    # Qt draws whole pixel sizes only; half a pixel counts up, so fields are never smaller than designed.
    font.setPixelSize(max(1, int(step.size_px * scale + 0.5)))
    return font
