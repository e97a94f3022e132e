from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtGui import QColor

from app.ui.spectrogram_map import color_at, color_table

# Full strength; G. M. Machado, M. M. Oliveira, L. A. F. Fernandes, "A Physiologically-based Model for Simulation of
# Color Vision Deficiency", IEEE TVCG 15 (2009).
EYES = {
    "usual": np.eye(3),
    "protan": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deutan": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritan": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}


def lightness(color: QColor, eye: np.ndarray) -> float:
    """CIE L* of a colour of sRGB, as an eye sees it."""
    encoded = np.array([color.redF(), color.greenF(), color.blueF()])
    linear = np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
    seen = np.clip(eye @ linear, 0, 1)
    luminance = float(seen @ [0.2126, 0.7152, 0.0722])
    return 116 * luminance ** (1 / 3) - 16 if luminance > 216 / 24_389 else luminance * 24_389 / 27


@pytest.mark.parametrize("eye", EYES)
def test_louder_is_lighter_for_every_eye(eye: str) -> None:
    steps = [lightness(color_at(place / 32), EYES[eye]) for place in range(33)]

    assert all(after > before + 0.2 for before, after in pairwise(steps))
    assert steps[0] < 6
    assert steps[-1] > 95


def test_the_stops_are_those_of_the_design() -> None:
    stops = {0.0: "#0d1012", 0.18: "#112028", 0.38: "#164654", 0.56: "#2b7a8a", 0.72: "#68b2b4", 0.86: "#e2cd8a"}

    assert {place: color_at(place ** (1 / 1.45)).name() for place in stops} == stops
    assert color_at(1.0).name() == "#fff6de"


def test_a_range_gives_its_ends_the_first_and_the_last_colour() -> None:
    table = color_table(-80, -20, lambda level: level / 2 - 120)

    assert len(table) == 256
    assert {QColor(rgb).name() for rgb in table[:81]} == {color_at(0).name()}
    assert {QColor(rgb).name() for rgb in table[200:]} == {color_at(1).name()}
    assert QColor(table[140]).name() == color_at(0.5).name()
