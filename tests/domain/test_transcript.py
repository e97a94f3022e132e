"""A recording that was heard in parts has one transcript, with the times of the whole."""

from __future__ import annotations

from app.domain.transcript import Segment, Transcript, TranscriptFormat, joined
from app.domain.transcript_writing import written

TIMED = Transcript("Hello there.", (Segment(1.0, 2.5, "Hello there.", "Ann"),), "english", 10.0)
UNTIMED = Transcript(" Good bye.\n", duration_s=7.0)
SILENT = Transcript("")


def test_times_are_those_of_the_whole_recording() -> None:
    whole = joined([TIMED, SILENT, TIMED], [0.0, 10.0, 20.0])

    assert [(each.start_s, each.end_s) for each in whole.segments] == [(1.0, 2.5), (21.0, 22.5)]
    assert (whole.text, whole.language, whole.duration_s) == ("Hello there.\nHello there.", "english", 30.0)


def test_a_part_without_times_among_others_with_them_is_in_the_subtitles() -> None:
    first, last = joined([UNTIMED, TIMED], [0.0, 12.0]), joined([TIMED, UNTIMED], [0.0, 12.0])

    assert first.segments[0] == Segment(0.0, 12.0, "Good bye.")
    assert last.segments[-1] == Segment(12.0, 19.0, "Good bye.")
    for form in TranscriptFormat:
        assert "Good bye." in written(last, form)


def test_parts_without_times_stay_without() -> None:
    whole = joined([UNTIMED, UNTIMED], [0.0, 7.0])

    assert (whole.text, whole.segments) == ("Good bye.\nGood bye.", ())


def test_a_speaker_of_a_later_part_is_not_taken_for_one_of_the_first() -> None:
    part = Transcript("Hello.", (Segment(0.0, 1.0, "Hello.", "A"), Segment(1.0, 2.0, "Rain.")), duration_s=2.0)

    assert [each.speaker for each in joined([part, part, part], [0.0, 2.0, 4.0]).segments] == [
        *("A", ""),
        *("A (part 2)", ""),
        *("A (part 3)", ""),
    ]


def test_a_text_has_a_paragraph_for_each_turn_of_a_speaker() -> None:
    turns = (("Ann", " Hello. "), ("Ann", "It rains."), ("", "Thunder."), ("Bob", "Yes."), ("Ann", "Good."))
    segments = tuple(Segment(0.0, 1.0, text, speaker) for speaker, text in turns)

    text = written(Transcript("", segments), TranscriptFormat.TEXT)

    assert text == "Ann: Hello. It rains.\n\nThunder.\n\nBob: Yes.\n\nAnn: Good.\n"
