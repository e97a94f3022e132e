"""A voice that a speech model can speak with."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Voice:
    """One voice of a provider.

    Attributes:
        id: As it is sent.
        name: As people read it.
        languages: BCP 47 tags, the main one first.
        gender: `female`, `male` or an empty string.
        traits: Further words for the list.
        sample: Address of a clip to audition it by; may be valid for a while only. Empty where there is none;
            else its provider is a `VoiceSampler`.
    """

    id: str
    name: str
    provider: str
    languages: tuple[str, ...] = ()
    gender: str = ""
    traits: str = ""
    sample: str = ""
