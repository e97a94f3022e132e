"""A few words by which a built-in voice can be chosen, spoken in its own language."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from app.domain.audio import AudioFormat
from app.providers.local.making import make
from app.providers.local.orders import Audio, SpeechOrder

if TYPE_CHECKING:
    from app.domain.voice import Voice
    from app.providers.local.making import Encoder

ADDRESS = "local:sample/1"  # the number rises with other words: what is kept under the old one is then left

_SPEED_WPM, _PITCH, _VOLUME, _RATE_HZ = 175, 50, 100, 22_050
_WORDS = {
    "de": "So klinge ich, wenn ich einen Satz lese.",
    "en": "This is how I sound when I read a sentence.",
    "es": "Así sueno cuando leo una frase.",
    "fr": "Voici ma voix quand je lis une phrase.",
    "it": "Ecco la mia voce quando leggo una frase.",
    "nl": "Zo klink ik als ik een zin lees.",
    "pl": "Tak brzmię, kiedy czytam zdanie.",
    "pt": "É assim que eu soo quando leio uma frase.",
    "ru": "Так я звучу, когда читаю предложение.",
    "sv": "Så här låter jag när jag läser en mening.",
}
_NUMBERS = "1, 2, 3, 4, 5, 6."  # which every voice reads in its own language


def spoken_sample(voice: Voice, encode: Encoder) -> bytes:
    """The words of a voice as a WAV file. Blocking, some 50 ms.

    Raises:
        RequestRejected: There is no such voice.
        GenerationFailed: The speech library can't be loaded.
        StorageError: The file can't be made.
    """
    language = voice.languages[0].partition("-")[0] if voice.languages else ""
    audio = Audio(AudioFormat.WAV, _RATE_HZ, 1, None)
    order = SpeechOrder(_WORDS.get(language, _NUMBERS), voice.id, _SPEED_WPM, _PITCH, _VOLUME, audio)
    return make(order, 0, encode, lambda _fraction: None, threading.Event()).data
