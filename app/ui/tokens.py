"""Colours of the window, dark and light: one name for each use, never a hex value elsewhere.

Text keeps a contrast of at least 4.5 on every surface it is drawn on, outlines of controls and the waveform
3.0; disabled text is exempt.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace


@dataclass(frozen=True, slots=True)
class Tokens:
    """One scheme; values are `#RRGGBB`."""

    # surfaces
    canvas: str
    window: str
    panel: str
    field: str
    raised: str
    hover: str
    pressed: str
    sel: str
    accent_tint: str
    warn_tint: str
    err_tint: str
    # lines
    line: str
    line_field: str
    line_control: str
    # text and signals
    text: str
    text2: str
    text3: str
    disabled: str
    accent: str
    warn: str
    err: str
    # fills
    accent_fill: str
    accent_hover: str
    accent_pressed: str
    on_accent: str
    # waveform
    wpeak: str
    wcore: str
    wpeakoff: str
    wcoreoff: str
    wzero: str
    wsel: str
    playhead: str

    def with_more_contrast(self) -> Tokens:
        """Every line one step stronger, hints as strong as labels; for people who ask for contrast."""
        return replace(self, line=self.line_field, line_field=self.line_control, text3=self.text2)

    def named(self) -> dict[str, str]:
        """Name to value, for templates and look-ups."""
        return asdict(self)


DARK = Tokens(
    canvas="#0E1113",
    window="#15181B",
    panel="#1A1E21",
    field="#22272B",
    raised="#2A3035",
    hover="#252A2F",
    pressed="#1F2428",
    sel="#1B353C",
    accent_tint="#1C3A41",
    warn_tint="#332A18",
    err_tint="#3A2222",
    line="#2A2F34",
    line_field="#424A51",
    line_control="#757F87",
    text="#E9ECEE",
    text2="#AEB6BC",
    text3="#949DA4",
    disabled="#69727A",
    accent="#62C4D6",
    warn="#E8B75A",
    err="#FF8A80",
    accent_fill="#4DB0C3",
    accent_hover="#7AD2E2",
    accent_pressed="#3E9AAC",
    on_accent="#06191D",
    wpeak="#3C8796",
    wcore="#A7E6F0",
    wpeakoff="#39434A",
    wcoreoff="#5C676F",
    wzero="#263036",
    wsel="#16252A",
    playhead="#FFFFFF",
)

LIGHT = Tokens(
    canvas="#FFFFFF",
    window="#FBFCFC",
    panel="#F1F3F4",
    field="#FFFFFF",
    raised="#E1E5E8",
    hover="#EEF1F2",
    pressed="#DDE2E5",
    sel="#D6EBEF",
    accent_tint="#D3E9ED",
    warn_tint="#FBEFD6",
    err_tint="#FBE4E9",
    line="#DADEE1",
    line_field="#B4BCC2",
    line_control="#7A838A",
    text="#171B1E",
    text2="#4A535A",
    text3="#5B646B",
    disabled="#8E979E",
    accent="#0B6E80",
    warn="#855600",
    err="#A4133C",
    accent_fill="#0B6E80",
    accent_hover="#095C6B",
    accent_pressed="#074B58",
    on_accent="#FFFFFF",
    wpeak="#3F8C9C",
    wcore="#07414D",
    wpeakoff="#CBD2D6",
    wcoreoff="#A3ADB3",
    wzero="#DDE3E6",
    wsel="#E4F2F5",
    playhead="#171B1E",
)
