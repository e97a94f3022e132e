"""What the channels of a take are called, by how many there are: in the order of WAV, as all sound is in Cuesmith."""

from __future__ import annotations

_NAMES = {
    1: ("",),
    2: ("L", "R"),
    3: ("L", "R", "C"),
    4: ("L", "R", "Ls", "Rs"),
    5: ("L", "R", "C", "Ls", "Rs"),
    6: ("L", "R", "C", "LFE", "Ls", "Rs"),
    7: ("L", "R", "C", "LFE", "Cs", "Ls", "Rs"),
    8: ("L", "R", "C", "LFE", "Lb", "Rb", "Ls", "Rs"),
}


def channel_names(channels: int) -> tuple[str, ...]:
    """One for each; more than eight have numbers.

    Source: Microsoft, "Multiple Channel Audio Data and WAVE Files", the default mapping of channels to loudspeakers.
    """
    channels = max(channels, 1)
    return _NAMES.get(channels) or tuple(str(number + 1) for number in range(channels))
