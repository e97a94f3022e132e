"""The recogniser hears what was spoken, whole or in parts, and forms are read as they were sent."""

from __future__ import annotations

import httpx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.servers.forms import NotAForm, Part, read_form, typed
from tests.servers.sounds import Sound, encode_samples
from tests.servers.transcribing import VOCABULARY, NotAudio, hear, samples_of, seconds_of, spoken

_RATE_HZ = 16_000
_TEXT = "alfa bravo charlie delta echo. foxtrot golf ada@example.org. 555-0143 Grace seven zulu"
_HEARD = "alfa bravo charlie delta echo foxtrot golf ada@example.org 555-0143 Grace seven zulu"

_words = st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=9)
_sentences = st.lists(_words, min_size=1, max_size=3)


@pytest.mark.parametrize("sample_rate_hz", [8_000, 24_000, 48_000])
@pytest.mark.parametrize("audio_format", ["wav", "flac", "mp3", "ogg", "opus"])
def test_it_hears_what_was_spoken_in_any_format(audio_format, sample_rate_hz):
    heard = hear(spoken(_TEXT, audio_format, sample_rate_hz=sample_rate_hz))

    assert heard.text == _HEARD
    assert heard.duration_s == pytest.approx(8.0, abs=0.1)
    assert [segment.speaker for segment in heard.segments] == [0, 1, 0, 1]
    assert [word.end_s - word.start_s for word in heard.words] == pytest.approx([0.5] * 12, abs=0.03)
    starts_s = [segment.start_s for segment in heard.segments]
    assert starts_s == pytest.approx([0.0, 2.0, 3.5, 6.0], abs=0.03)


@given(_sentences)
@settings(max_examples=60)
def test_it_hears_any_words(sentences):
    heard = hear(spoken(". ".join(" ".join(sentence) for sentence in sentences), pause_s=0.6))

    assert heard.text == " ".join(word for sentence in sentences for word in sentence)
    assert all(1 <= len(segment.words) <= 4 for segment in heard.segments)


@given(_sentences, _sentences, st.floats(0.3, 2.0))
@settings(max_examples=60)
def test_parts_cut_in_a_pause_and_shifted_give_the_transcript_of_the_whole(before, after, pause_s):
    parts = [samples_of(". ".join(" ".join(s) for s in part) + ".", _RATE_HZ, pause_s) for part in (before, after)]
    whole = hear(encode_samples(np.concatenate(parts), "wav", _RATE_HZ))
    shift_s = len(parts[0]) / _RATE_HZ

    first, second = (hear(encode_samples(part, "wav", _RATE_HZ)) for part in parts)

    assert whole.text == f"{first.text} {second.text}"
    joined_s = [word.start_s for word in first.words] + [word.start_s + shift_s for word in second.words]
    assert [word.start_s for word in whole.words] == pytest.approx(joined_s, abs=0.03)


@pytest.mark.parametrize("number", range(36))
def test_a_tone_of_the_services_is_one_word_over_and_over(number):
    heard = hear(Sound("mp3", 44_100, 2, 4.0, 128, number).encoded())

    assert set(heard.text.split()) == {VOCABULARY[number]}
    assert [len(segment.words) for segment in heard.segments] == [4, 4]


def test_nothing_is_heard_in_silence_and_private_words_can_be_left_out():
    silence = hear(encode_samples(np.zeros((_RATE_HZ, 1), dtype=np.float32), "flac", _RATE_HZ))

    assert (silence.text, silence.segments, silence.duration_s) == ("", (), 1.0)
    told = hear(spoken("echo ada@example.org 555-0143 Grace")).redacted().text
    assert told == "echo [REDACTED_EMAIL] [REDACTED_PHONE] [REDACTED_NAME]"


@pytest.mark.parametrize("content", [b"", b"hello", b"{}", bytes(range(256)) * 99, b"RIFF" + bytes(60), b"ID3" * 999])
def test_what_is_no_audio_is_refused(content):
    for read in (hear, seconds_of):
        with pytest.raises(NotAudio):
            read(content)


# --- forms

_names = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\\"), min_size=1)


@given(st.dictionaries(_names, st.text(st.characters(codec="utf-8"))), _names, st.binary())
@settings(max_examples=150)
def test_a_form_is_read_as_a_client_sent_it(fields, file_name, content):
    request = httpx.Request("POST", "http://x", data=fields, files={"file": (file_name, content, "audio/wav")})

    parts = read_form(request.headers["Content-Type"], request.read())

    assert parts[:-1] == [Part(name, value.encode()) for name, value in fields.items()]
    assert parts[-1] == Part("file", content, file_name, "audio/wav")


@pytest.mark.parametrize(
    ("content_type", "content"),
    [
        ("application/json", b"--b--"),
        ("multipart/form-data", b"--b--"),
        ("multipart/form-data; boundary=b", b""),
        ("multipart/form-data; boundary=b", b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'),
        ("multipart/form-data; boundary=b", b"--b\r\nno headers\r\n--b--"),
        ("multipart/form-data; boundary=b", b"--b\r\nContent-Disposition: form-data\r\n\r\n1\r\n--b--"),
        ("multipart/form-data; boundary=b", b'--b\r\nContent-Disposition: x; name="a"\r\n\r\n1\r\n--b--'),
        ("multipart/form-data; boundary=b", b'\r\n--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--b--'),
    ],
)
def test_a_broken_form_is_no_form(content_type, content):
    with pytest.raises(NotAForm):
        read_form(content_type, content)


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("0.5", "number", 0.5),
        ("half", "number", "half"),
        ("3", "whole", 3),
        ("3.0", "whole", "3.0"),
        ("true", "flag", True),
        ("True", "flag", "True"),
        ("1", "flag", "1"),
        ("1", "text", "1"),
    ],
)
def test_the_text_of_a_field_stands_for_a_value_of_its_kind_or_for_itself(text, kind, value):
    assert typed(text, kind) == value
