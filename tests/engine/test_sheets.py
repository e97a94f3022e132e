"""Sheets of lines, as spreadsheets and people write them."""

from __future__ import annotations

import csv
import io
import os
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.audio import AudioFormat
from app.domain.errors import RowProblem, SheetInvalid
from app.engine.batch_names import id_problems, name_clashes
from app.engine.sheet_cells import asked_of
from app.engine.sheet_table import COLUMNS, MOST_ROWS, Sheet, SheetRow, read_sheet, sheet_of
from app.engine.sheet_text import decoded

QUOTED = '"rain, then; sun"'
SHEET = Path("/sheets/episode.csv")
ENCODINGS = {"utf-8": b"", "utf-8-sig": b"", "utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}

cells = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)


def sheet(text: str | bytes) -> Sheet:
    return sheet_of(SHEET, decoded(text if isinstance(text, bytes) else text.encode()))


def problems(text: str | bytes) -> tuple[RowProblem, ...]:
    with pytest.raises(SheetInvalid) as caught:
        sheet(text)
    return caught.value.problems


def row(**named: str) -> SheetRow:
    return SheetRow(2, {"id": "a", "prompt": "rain", **named})


@settings(max_examples=60)
@given(
    rows=st.lists(st.tuples(cells, cells, cells), min_size=1, max_size=6),
    delimiter=st.sampled_from(",;\t"),
    encoding=st.sampled_from(sorted(ENCODINGS)),
    # Python's writer leaves a lone carriage return bare where lines end with \n; no spreadsheet does.
    manner=st.sampled_from([("\r\n", csv.QUOTE_ALL), ("\r\n", csv.QUOTE_MINIMAL), ("\n", csv.QUOTE_ALL)]),
)
def test_what_a_spreadsheet_writes_is_read_back(
    rows: list[tuple[str, str, str]], delimiter: str, encoding: str, manner: tuple[str, int]
) -> None:
    text, (line_end, quoting) = io.StringIO(newline=""), manner
    # a mark of its own in each row, so that none is empty
    written = [(f"{number} {first}", *rest) for number, (first, *rest) in enumerate(rows)]
    csv.writer(text, delimiter=delimiter, lineterminator=line_end, quoting=quoting).writerows(  # type: ignore[call-overload]
        [("id", "prompt", "voice"), *written]
    )

    read = sheet(ENCODINGS[encoding] + text.getvalue().encode(encoding))

    assert [tuple(each.cells.get(name, "") for name in read.columns) for each in read.rows] == [
        tuple(cell.strip() for cell in each) for each in written
    ]


@settings(max_examples=150)
@given(
    st.binary(max_size=200) | st.text(max_size=100).map(lambda text: ("id,prompt\n" + text).encode(errors="replace"))
)
def test_no_bytes_whatever_are_more_than_a_problem(data: bytes) -> None:
    with suppress(SheetInvalid):
        assert sheet(data).columns


def test_rows_are_counted_as_an_editor_counts_lines() -> None:
    read = sheet('\r\nid,prompt\r\na,"All hands!\r\nAll hands on deck!"\r\n\r\n,,\r\nb,bail faster\r\n')

    assert [(each.line, each.id) for each in read.rows] == [(3, "a"), (7, "b")]
    assert read.rows[0].cells["prompt"] == "All hands!\r\nAll hands on deck!"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_headings_tell_what_parts_the_cells(delimiter: str) -> None:
    headings = delimiter.join(["ID ", "Prompt", "Sample rate", '"#colour, or so; maybe"', "note"])

    read = sheet("\n".join([headings, delimiter.join(["a", QUOTED, "48000"])]))

    assert read.columns == ("id", "prompt", "sample_rate")
    assert read.rows[0].cells["sample_rate"] == "48000"


def test_what_excel_says_about_its_delimiter_is_believed() -> None:
    read = sheet("sep=;\r\nid;prompt\r\na;rain, heavy\r\n")

    assert (read.rows[0].line, read.rows[0].cells["prompt"]) == (3, "rain, heavy")


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        ("id,prompt,voise\na,b,c\n", "voise", "Did you mean “voice”?"),
        ("id,prompt,wibble\na,b,c\n", "wibble", "Begin it with #"),
        ("id,text\na,b\n", "prompt", "The column “prompt” is missing"),
        ("name;prompt\na;b\n", "id", "The column “id” is missing"),
        ("id,prompt,ID\na,b,c\n", "id", "is there twice"),
    ],
    ids=["nearly", "unknown", "no prompt", "no id", "twice"],
)
def test_headings_that_nobody_knows_are_refused_with_what_was_meant(text: str, column: str, words: str) -> None:
    (found,) = [each for each in problems(text) if each.column == column]

    assert words in found.message
    assert found.line == 1


@pytest.mark.parametrize(
    ("data", "line", "words"),
    [
        (b"id,prompt\na,rain\nb,T\xfcr\n", 3, "isn’t UTF-8"),
        ("id,prompt\r\na,x\r\n".encode("utf-16") + b"\x00", 3, "isn’t UTF-16"),
        ("id,prompt\na,x\n".encode("utf-16-le"), 1, "characters that no text has"),
        ("id,prompt\na,x\n".encode("utf-32"), 1, "UTF-32"),
        (b"PK\x03\x04rest of a workbook", 1, "spreadsheet’s own file"),
        (b"", 1, "is empty"),
        (b"\xef\xbb\xbf\r\n \r\n", 1, "is empty"),
        (b"id,prompt\n", 1, "no rows"),
        (b'id,prompt\na,rain\nb,"never closed\nc,sun\n', 3, "never closed"),
        (b'id,prompt\na,"rain" falls\n', 2, "Double it"),
        (b"id,prompt\n" + b"a,b\n" * (MOST_ROWS + 1), MOST_ROWS + 2, "may have 10,000 rows"),
    ],
    ids=["latin", "cut", "no mark", "utf-32", "xlsx", "empty", "blank", "only headings", "quote", "half", "long"],
)
def test_what_is_no_sheet_is_refused_with_the_line(data: bytes, line: int, words: str) -> None:
    (found,) = problems(data)

    assert words in found.message
    assert found.line == line


def test_a_huge_sheet_is_refused_before_it_fills_the_memory(tmp_path: Path) -> None:
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        os.truncate(file.fileno(), 1 << 33)

    with pytest.raises(SheetInvalid, match="larger than 64 MB"):
        read_sheet(path)


def test_a_row_with_more_cells_than_columns_is_named() -> None:
    read = sheet("id,prompt\na,rain, heavy\nb,sun,,\n")

    assert [(each.line, each.row_id) for each in read.problems] == [(2, "a")]


def test_every_column_means_what_its_option_means() -> None:
    texts = {
        "voice": "Fable",
        "duration": "2,5",
        "takes": "2.0",
        "format": ".FLAC",
        "sample_rate": "48000",
        "channels": "2",
        "bitrate": "192",
        "language": "de",
        "speed": "1,5",
        "seed": "7",
        "negative_prompt": "wind",
        "reference": "clips/a.wav | b.png",
        "param.steps": "50",
    }
    asked, found = asked_of(row(**texts), Path("/sheets"))

    assert found == []
    assert (asked.voice, asked.duration_s, asked.takes, asked.seed, asked.speed) == ("Fable", 2.5, 2, 7, "1,5")
    assert asked.audio.format is AudioFormat.FLAC
    assert (asked.audio.sample_rate_hz, asked.audio.channels, asked.audio.bitrate_kbps) == (48_000, 2, 192)
    assert (asked.language, asked.negative_prompt) == ("de", "wind")
    assert asked.references == (Path("/sheets/clips/a.wav"), Path("/sheets/b.png"))
    assert asked.parameters == (("steps", "50"),)
    assert set(texts) | {"id", "prompt", "provider", "model"} >= set(COLUMNS)


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("takes", "two"),
        ("takes", "1,5"),
        ("duration", "soon"),
        ("duration", "inf"),
        ("format", "aac"),
        ("seed", "9" * 40),
        ("prompt", "#NAME?"),
    ],
)
def test_a_cell_that_means_nothing_is_named_by_its_column(column: str, text: str) -> None:
    _, found = asked_of(row(**{column: text}), SHEET.parent)

    assert [each.field for each in found] == [column]


def test_a_formula_is_only_a_text() -> None:
    asked, found = asked_of(row(prompt="=SUM(A1:A9)"), SHEET.parent)

    assert (asked.prompt, found) == ("=SUM(A1:A9)", [])


def test_ids_must_make_file_names_of_their_own() -> None:
    ids = ["EP3_001", "", "a/b", "ep3_001", "EP3_001", "a:b", "...", "1e3", "1E3 "]
    rows = [SheetRow(line, {"id": each} if each else {}) for line, each in enumerate(ids, 2)]

    found = {each.line: each.message for each in id_problems(rows)}

    assert set(found) == {3, 5, 6, 7, 8, 10}
    assert "no id" in found[3]
    assert "line 2" in found[5]
    assert "used in line 2 already" in found[6]
    assert "“a/b” in line 4" in found[7]


def test_numbered_takes_must_not_get_the_name_of_another_row() -> None:
    first, second = SheetRow(2, {"id": "A"}), SheetRow(3, {"id": "A_01"})

    assert [each.line for each in name_clashes([(first, 2), (second, 1)])] == [3]
    assert name_clashes([(first, 1), (second, 1)]) == []
