from __future__ import annotations

import re

import pytest

from app.ui.tokens import DARK, LIGHT, Tokens

SCHEMES = pytest.mark.parametrize("tokens", [DARK, LIGHT], ids=["dark", "light"])

SURFACES = ("canvas", "window", "panel", "field", "raised", "hover", "pressed", "sel", "accent_tint")


def luminance(color: str) -> float:
    def linear(channel: float) -> float:
        return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(int(color[i : i + 2], 16) / 255) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_the_contrast_of_black_on_white_is_twenty_one():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)


@SCHEMES
def test_every_token_is_a_colour(tokens: Tokens):
    wrong = {name: value for name, value in tokens.named().items() if not re.fullmatch("#[0-9A-F]{6}", value)}

    assert wrong == {}


@SCHEMES
@pytest.mark.parametrize("surface", [*SURFACES, "warn_tint", "err_tint"])
def test_text_can_be_read_on_every_surface(tokens: Tokens, surface: str):
    assert contrast(tokens.text, tokens.named()[surface]) >= 4.5


@SCHEMES
@pytest.mark.parametrize("role", ["text2", "text3", "accent", "warn", "err"])
@pytest.mark.parametrize("surface", ["window", "panel", "field", "sel"])
def test_labels_hints_and_signals_can_be_read_where_they_stand(tokens: Tokens, role: str, surface: str):
    assert contrast(tokens.named()[role], tokens.named()[surface]) >= 4.5


@SCHEMES
def test_signals_can_be_read_on_their_own_tint(tokens: Tokens):
    pairs = [(tokens.accent, tokens.accent_tint), (tokens.warn, tokens.warn_tint), (tokens.err, tokens.err_tint)]

    assert min(contrast(*pair) for pair in pairs) >= 4.5


@SCHEMES
@pytest.mark.parametrize("fill", ["accent_fill", "accent_hover", "accent_pressed"])
def test_the_words_on_a_filled_button_can_be_read(tokens: Tokens, fill: str):
    assert contrast(tokens.on_accent, tokens.named()[fill]) >= 4.5


@SCHEMES
def test_outlines_of_controls_and_the_waveform_stand_out(tokens: Tokens):
    pairs = [
        (tokens.line_control, tokens.panel),
        (tokens.line_control, tokens.field),
        (tokens.wpeak, tokens.canvas),
        (tokens.wcore, tokens.canvas),
        (tokens.playhead, tokens.canvas),
        (tokens.accent, tokens.panel),
    ]

    assert min(contrast(*pair) for pair in pairs) >= 3.0


@SCHEMES
def test_more_contrast_makes_lines_and_hints_stronger(tokens: Tokens):
    more = tokens.with_more_contrast()

    assert contrast(more.line, more.panel) > contrast(tokens.line, tokens.panel)
    assert contrast(more.line_field, more.panel) >= 3.0
    assert contrast(more.text3, more.panel) > contrast(tokens.text3, tokens.panel)
