"""Subtitles are read as they are written by us, by services, and by careless programs."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.domain.transcript import Segment, Transcript, TranscriptFormat
from app.domain.transcript_writing import written
from app.providers.openai_audio.subtitles import segments_of

TIMES = some.integers(0, 360_000_000).map(lambda milliseconds: milliseconds / 1000)
LINE = some.text(some.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp"]), min_size=1, max_size=30).filter(
    lambda text: text.strip() == text and "-->" not in text and not text.isdigit()
)
SPEAKER = LINE.filter(lambda text: ">" not in text and "&" not in text and "<" not in text)


@some.composite
def segments(draw: some.DrawFn, *, has_speakers: bool) -> tuple[Segment, ...]:
    found = []
    for _ in range(draw(some.integers(0, 5))):
        start_s, end_s = sorted((draw(TIMES), draw(TIMES)))
        text = "\n".join(draw(some.lists(LINE, min_size=1, max_size=3)))
        speaker = draw(some.one_of(some.just(""), SPEAKER)) if has_speakers else ""
        found.append(Segment(start_s, end_s, text, speaker))
    return tuple(found)


@given(segments(has_speakers=True))
def test_webvtt_that_we_write_is_read_back_as_it_was(told: tuple[Segment, ...]) -> None:
    assert segments_of(written(Transcript("words", told), TranscriptFormat.VTT)) == (
        told or (Segment(0.0, 0.0, "words"),)
    )


@given(segments(has_speakers=False))
def test_srt_that_we_write_is_read_back_as_it_was(told: tuple[Segment, ...]) -> None:
    told = tuple(each for each in told if "<" not in each.text and "{" not in each.text)

    assert segments_of(written(Transcript("words", told), TranscriptFormat.SRT)) == (
        told or (Segment(0.0, 0.0, "words"),)
    )


@given(some.text())
def test_no_text_is_too_odd_to_be_read(text: str) -> None:
    for begin in ("", "WEBVTT\n\n", "00:01.0 --> 00:02.0\n"):
        assert all(each.start_s <= each.end_s for each in segments_of(begin + text))


@given(segments(has_speakers=False), some.sampled_from(["\n", "\r\n", "\r"]), some.booleans(), some.booleans())
def test_line_ends_marks_and_settings_make_no_difference(
    told: tuple[Segment, ...], line_end: str, has_mark: bool, has_settings: bool
) -> None:
    text = written(Transcript("words", told), TranscriptFormat.VTT)
    plain = segments_of(text)
    if has_settings:
        text = re.sub(r"(?m)^([0-9:.]+) --> ([0-9:.]+)$", r"  \1  -->\t\2 align:start position:0%", text)
    odd = ("\ufeff" if has_mark else "") + text.replace("\n", line_end)

    assert segments_of(odd) == plain


@pytest.mark.parametrize(
    ("timing", "start_s", "end_s"),
    [
        ("00:00:01,500 --> 00:00:02,000", 1.5, 2.0),
        ("00:00:01.500 --> 00:00:02.000", 1.5, 2.0),
        ("00:01.500 --> 00:02.000", 1.5, 2.0),
        ("01:02:03.004 --> 100:00:00.000", 3_723.004, 360_000.0),
        ("0:00:01.5 --> 0:00:02", 1.5, 2.0),
        ("1:5,25-->1:6,5", 65.25, 66.5),
        ("   00:01.000   -->   00:02.000   ", 1.0, 2.0),
        ("00:01.000 --> 00:02.000 align:start position:10% line:-1", 1.0, 2.0),
        ("00:00:01,000 --> 00:00:02,000 X1:40 X2:600 Y1:20 Y2:50", 1.0, 2.0),
        ("00:02.000 --> 00:01.000", 2.0, 2.0),
    ],
)
def test_times_are_read_in_every_way_that_they_are_written(timing: str, start_s: float, end_s: float) -> None:
    assert segments_of(f"1\n{timing}\nHello\n\n") == (Segment(start_s, end_s, "Hello"),)


@pytest.mark.parametrize(
    ("line", "text", "speaker"),
    [
        ("<v Ann>Hello", "Hello", "Ann"),
        ("<v Ann Lee>Hello</v>", "Hello", "Ann Lee"),
        ("<v.loud.first Ann &amp; Bob>Hello", "Hello", "Ann & Bob"),
        ("<v Ann>Hello</v> <v Bob>Hi</v>", "Hello Hi", "Ann"),
        ("<c.yellow.bg_blue>Hello</c> <i>there</i>", "Hello there", ""),
        ("Hel<00:00:01.500>lo", "Hello", ""),
        ("<lang en-GB>Hello</lang> <b>you</b>", "Hello you", ""),
        ("Tom &amp; Jerry &lt;3", "Tom & Jerry <3", ""),
        ("AT&T says 1 < 2 > 0", "AT&T says 1 < 2 > 0", ""),
        ("<very odd>", "<very odd>", ""),
    ],
)
def test_tags_of_webvtt_are_taken_off_and_voices_kept(line: str, text: str, speaker: str) -> None:
    assert segments_of(f"WEBVTT\n\n00:01.000 --> 00:02.000\n{line}\n") == (Segment(1.0, 2.0, text, speaker),)


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("<i>Hello</i> <b>you</b>", "Hello you"),
        ('<font color="#fff">Hello</font>', "Hello"),
        ("{\\an8}Hello", "Hello"),
        ("{curly} and <v Ann> stay", "{curly} and <v Ann> stay"),
        ("AT&amp;T stays", "AT&amp;T stays"),
    ],
)
def test_tags_of_srt_are_taken_off(line: str, text: str) -> None:
    assert segments_of(f"1\n00:00:01,000 --> 00:00:02,000\n{line}\n") == (Segment(1.0, 2.0, text),)


def test_notes_styles_and_names_of_cues_are_no_words() -> None:
    text = (
        "WEBVTT - a title\nKind: captions\n\nNOTE\nnothing to hear\n\nSTYLE\n::cue { color: red }\n\n"
        "REGION\nid:one\n\nfirst cue\n00:01.000 --> 00:02.000\nHello\nagain\n\nNOTE the end\n"
    )

    assert segments_of(text) == (Segment(1.0, 2.0, "Hello\nagain"),)


def test_forgotten_empty_lines_split_cues_all_the_same() -> None:
    text = "1\n00:01,000 --> 00:02,000\nRoom\n101\n2\n00:02,000 --> 00:03,000\n\n3\n00:03,000 --> 00:04,000\nend"

    assert segments_of(text) == (Segment(1.0, 2.0, "Room\n101"), Segment(2.0, 3.0, ""), Segment(3.0, 4.0, "end"))
