"""What the channels of a file are called: by how many there are, in the order of its format."""

from __future__ import annotations

from app.domain.audio import AudioFormat

_WAV = {
    1: ("",),
    2: ("L", "R"),
    3: ("L", "R", "C"),
    4: ("L", "R", "Ls", "Rs"),
    5: ("L", "R", "C", "Ls", "Rs"),
    6: ("L", "R", "C", "LFE", "Ls", "Rs"),
    7: ("L", "R", "C", "LFE", "Cs", "Ls", "Rs"),
    8: ("L", "R", "C", "LFE", "Lb", "Rb", "Ls", "Rs"),
}
_OGG = {
    3: ("L", "C", "R"),
    5: ("L", "C", "R", "Ls", "Rs"),
    6: ("L", "C", "R", "Ls", "Rs", "LFE"),
    7: ("L", "C", "R", "Ls", "Rs", "Cs", "LFE"),
    8: ("L", "C", "R", "Ls", "Rs", "Lb", "Rb", "LFE"),
}


def channel_names(channels: int, audio_format: AudioFormat = AudioFormat.WAV) -> tuple[str, ...]:
    """One for each; more than eight have numbers.

    Sources: Microsoft, "Multiple Channel Audio Data and WAVE Files", the default mapping of channels to loudspeakers;
    Vorbis I specification, 4.3.9, which Opus (RFC 7845, 5.1.1.2) follows.
    """
    channels = max(channels, 1)
    ogg = _OGG.get(channels) if audio_format in (AudioFormat.OGG, AudioFormat.OPUS) else None
    return ogg or _WAV.get(channels) or tuple(str(number + 1) for number in range(channels))
