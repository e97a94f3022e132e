"""What each key does in the preview."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.ui.preview_panel import PreviewPanel


def preview_keys(preview: PreviewPanel) -> Mapping[str, Callable[[], None]]:
    """Act by key; single keys are not for the time when a text field has the focus."""
    view, looks = preview.waveform, preview.head.looks
    numbers = {str(number): lambda number=number: preview.choose_number(number) for number in range(1, 10)}
    always = {
        "Space": preview.toggle_play,
        "Home": preview.go_to_start,
        "L": preview.toggle_loop,
        "C": preview.bar.monitor.step,
        "M": preview.comparing.toggle_matching,
        "B": preview.comparing.toggle_blind,
        **numbers,
    }
    if preview.comparing.is_blind:
        return {**always, "Return": preview.pick, "Enter": preview.pick, "Esc": preview.comparing.end_blind}
    return {
        **always,
        "I": view.start_loop_here,
        "O": view.end_loop_here,
        "+": view.zoom_in,
        "-": view.zoom_out,
        "0": view.zoom_to_fit,
        "E": view.zoom_to_selection,
        "D": view.toggle_scale,
        "Z": view.toggle_snapping,
        "[": preview.trim_start_here,
        "]": preview.trim_end_here,
        "S": looks.toggle_spectrogram,
        "Shift+S": looks.toggle_overlay,
        "Ctrl+E": preview.export,
    }
