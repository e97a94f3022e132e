"""The order of the channels: Ogg Vorbis and Opus have one of their own, everything in Cuesmith is in that of WAV.

libsndfile hands channels over as a file has them. Sources: Vorbis I specification, 4.3.9, which Opus (RFC 7845,
5.1.1.2) follows; Microsoft, "Multiple Channel Audio Data and WAVE Files". FLAC and MP3 have the order of WAV.
"""

from __future__ import annotations

# Which channel of the Ogg file is the first of a WAV, the second and so on. One, two and four are alike in both.
_OGG: dict[int, tuple[int, ...]] = {
    3: (0, 2, 1),  # L C R
    5: (0, 2, 1, 3, 4),  # L C R Ls Rs
    6: (0, 2, 1, 5, 3, 4),  # L C R Ls Rs LFE
    7: (0, 2, 1, 6, 5, 3, 4),  # L C R Ls Rs Cs LFE
    8: (0, 2, 1, 7, 5, 6, 3, 4),  # L C R Ls Rs Lb Rb LFE
}

_LEFT, _RIGHT, _CENTRE, _LFE = 2, 3, 4, 11
_REAR_CENTRE, _REAR_LEFT, _REAR_RIGHT, _SIDE_LEFT, _SIDE_RIGHT = 8, 9, 10, 14, 15
_LOUDSPEAKERS: dict[int, tuple[int, ...]] = {
    3: (_LEFT, _RIGHT, _CENTRE),
    4: (_LEFT, _RIGHT, _REAR_LEFT, _REAR_RIGHT),
    5: (_LEFT, _RIGHT, _CENTRE, _REAR_LEFT, _REAR_RIGHT),
    6: (_LEFT, _RIGHT, _CENTRE, _LFE, _REAR_LEFT, _REAR_RIGHT),
    7: (_LEFT, _RIGHT, _CENTRE, _LFE, _REAR_CENTRE, _SIDE_LEFT, _SIDE_RIGHT),
    8: (_LEFT, _RIGHT, _CENTRE, _LFE, _REAR_LEFT, _REAR_RIGHT, _SIDE_LEFT, _SIDE_RIGHT),
}


def loudspeakers(channels: int) -> tuple[int, ...]:
    """What each channel of three to eight is for, in libsndfile's numbers (SF_CHANNEL_MAP_…); else empty."""
    return _LOUDSPEAKERS.get(channels, ())


def order_in_ogg(channels: int) -> list[int] | None:
    """For each channel of a WAV its place in an Ogg file: `block.take(order, axis=1)` is in the order of WAV.

    Returns:
        None where the two are alike, or the file names no loudspeakers.
    """
    order = _OGG.get(channels)
    return None if order is None else list(order)


def order_for_ogg(channels: int) -> list[int] | None:
    """The other way round: `block.take(order, axis=1)` of a block in the order of WAV is in that of an Ogg file.

    Returns:
        None as above.
    """
    order = _OGG.get(channels)
    return None if order is None else sorted(range(channels), key=order.__getitem__)
