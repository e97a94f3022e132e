"""The built-in voice."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.errors import GenerationFailed, RequestRejected
from app.domain.voice import Voice
from app.providers.local.espeak import Espeak
from app.providers.local.orders import DEFAULT_VOICE
from app.providers.local.speech import Speech, list_voices, speak
from app.providers.local.voices import resolved
from app.providers.local.watch import Cancelled

SENTENCE = "The quick brown fox jumps over the lazy dog."


@pytest.fixture(scope="module")
def voices() -> tuple[Voice, ...]:
    return list_voices("local")


def pitch_hz(speech: Speech) -> float:
    """The strongest repetition between 60 and 400 Hz, the middle of many pieces."""
    samples = speech.samples[:, 0]
    found = []
    for start in range(0, len(samples) - 2048, 1024):
        piece = samples[start : start + 2048]
        if np.sqrt(np.mean(piece**2)) < 0.05:
            continue
        repeats = np.correlate(piece, piece, "full")[2047:]
        shortest, longest = speech.sample_rate_hz // 400, speech.sample_rate_hz // 60
        found.append(speech.sample_rate_hz / (shortest + int(np.argmax(repeats[shortest:longest]))))
    return float(np.median(found))


def test_voices_have_unique_ids_names_and_languages(voices):
    assert len({voice.id for voice in voices}) == len(voices)
    assert all(voice.name and voice.languages and voice.provider == "local" for voice in voices)
    assert {"en-US", "en-GB", "de", "fr-FR", "es", "it", "ja", "ru"} <= {voice.languages[0] for voice in voices}
    assert {"female", "male"} <= {voice.gender for voice in voices}
    assert voices[0].id == DEFAULT_VOICE


def test_every_voice_speaks(voices):
    for voice in voices:
        assert len(speak("Hello 12", voice.id).samples) > 4_000, voice


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("en-us", "en-us"),
        ("en-US", "en-us"),
        ("en-GB", "en"),
        ("fr-FR", "fr"),
        ("de", "de"),
        ("zh", "cmn"),
        ("en-gb+f2", "en+f2"),
        ("no", "nb"),
    ],
)
def test_a_voice_is_found_by_its_id_or_by_its_language(voices, asked, found):
    voice = resolved(asked, voices)

    assert voice is not None
    assert voice.id == found


@pytest.mark.parametrize("asked", ["", "klingonese", "en-us+nobody", "+f2", "../en"])
def test_an_unknown_voice_is_refused_at_its_field(asked):
    with pytest.raises(RequestRejected) as caught:
        speak(SENTENCE, asked)

    assert caught.value.field == "voice"


def test_speech_is_mono_audible_and_within_full_scale():
    speech = speak(SENTENCE, "en-us")

    assert speech.sample_rate_hz == 22_050
    assert speech.samples.shape[1] == 1
    assert 0.1 < np.max(np.abs(speech.samples)) <= 1.0
    assert 1.5 < len(speech.samples) / speech.sample_rate_hz < 5.0


def test_speed_changes_the_length_and_pitch_the_pitch():
    slow, fast = speak(SENTENCE, "en-us", speed_wpm=100), speak(SENTENCE, "en-us", speed_wpm=300)
    low, high = speak(SENTENCE, "en-us", pitch=10), speak(SENTENCE, "en-us", pitch=90)

    assert len(slow.samples) > 2 * len(fast.samples)
    assert pitch_hz(high) > 1.3 * pitch_hz(low)


def test_volume_changes_the_level_and_settings_dont_stick():
    quiet, normal = speak(SENTENCE, "en-us", volume=25), speak(SENTENCE, "en-us")

    assert np.std(normal.samples) > 2 * np.std(quiet.samples)
    again = speak(SENTENCE, "en-us")
    assert len(again.samples) == pytest.approx(len(normal.samples), rel=0.01)
    assert np.std(again.samples) == pytest.approx(np.std(normal.samples), rel=0.05)


def test_a_female_voice_is_higher():
    assert pitch_hz(speak(SENTENCE, "en-us+f2")) > 1.2 * pitch_hz(speak(SENTENCE, "en-us"))


@pytest.mark.parametrize("text", ["", " ", "...", "\0", "\n\n"])
def test_a_text_without_words_is_an_error_with_advice(text):
    with pytest.raises(GenerationFailed, match="Use words"):
        speak(text, "en-us")


@pytest.mark.parametrize(("text", "voice"), [("Grüße aus Köln — schön!", "de"), ("Привет, мир", "ru"), ("ça va", "fr")])
def test_texts_beyond_ascii_are_spoken(text, voice):
    assert len(speak(text, voice).samples) > 8_000


@settings(max_examples=40)
@given(st.text(max_size=60))
def test_any_text_is_spoken_or_refused(text):
    try:
        speech = speak(text, "en-us", speed_wpm=450)
    except GenerationFailed:
        return
    assert len(speech.samples) > 0


def test_voices_can_be_used_from_many_threads_at_once():
    alone = {voice: speak(SENTENCE, voice).samples for voice in ("en-us", "de", "fr", "en-us+f4")}

    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(lambda voice: (voice, speak(SENTENCE, voice).samples), list(alone) * 6))

    for voice, samples in together:
        assert len(samples) == pytest.approx(len(alone[voice]), rel=0.01)


def test_cancelling_stops_in_the_middle_of_a_long_text():
    stop = threading.Event()
    seen: list[float] = []

    def stop_soon(fraction: float) -> None:
        seen.append(fraction)
        if fraction > 0.05:
            stop.set()

    with pytest.raises(Cancelled):
        speak("All work and no play makes Jack a dull boy. " * 400, "en-us", progress=stop_soon, cancelled=stop)

    assert max(seen) < 0.2
    assert len(speak("Still able to speak.", "en-us").samples) > 4_000


def test_progress_rises_to_one():
    seen: list[float] = []

    speak(f"{SENTENCE} " * 10, "en-us", progress=seen.append)

    assert seen == sorted(seen)
    assert seen[-1] == 1.0


def test_an_error_of_the_listener_comes_out_whole():
    def broken(_: float) -> None:
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        speak(SENTENCE, "en-us", progress=broken)


def test_a_missing_library_is_told_to_people(tmp_path):
    with pytest.raises(GenerationFailed, match="Install Cuesmith again"):
        Espeak(str(tmp_path / "nothing.so"), str(tmp_path))
