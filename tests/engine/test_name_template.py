"""Names of exported files from a template."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.model_spec import Kind
from app.domain.request import GenerationRequest
from app.domain.take import Take
from app.domain.task import Task, TaskState
from app.engine.file_names import numbered, safe_name
from app.engine.name_template import FIELDS, NameTemplate

MADE = datetime(2026, 3, 4, 12, 30, 5, tzinfo=UTC)
TASK = Task(
    id="0123456789ab",
    click_id="ba9876543210",
    request=GenerationRequest("local", "sketch", "Heavy rain on a tin roof"),
    kind=Kind.EFFECT,
    state=TaskState.FINISHED,
    created_at=MADE,
    updated_at=MADE,
    project="Storm",
)
TAKE = Take("0123456789ab-2", TASK.id, "attempt", 2, "result", seed=77)


@pytest.mark.parametrize(
    ("template", "name"),
    [
        ("{prompt}_{take}", "Heavy rain on a tin roof_2"),
        ("{project}-{model}-{provider}", "Storm-sketch-local"),
        ("{take:03} {seed}", "002 77"),
        ("{id} {number:02}", "0123456789ab-2 05"),
        ("{date}", MADE.astimezone().date().isoformat()),
        ("{time}", MADE.astimezone().strftime("%H-%M-%S")),
        ("just words", "just words"),
    ],
)
def test_fields_are_filled_in(template: str, name: str) -> None:
    assert NameTemplate(template).name(TASK, TAKE, number=5) == name


def test_an_empty_field_leaves_no_separator_at_the_ends() -> None:
    bare = replace(TASK, project="")

    assert NameTemplate("{project}_{prompt}").name(bare, TAKE) == "Heavy rain on a tin roof"
    assert NameTemplate("{project}").name(bare, TAKE) == "0123456789ab-2"


def test_a_long_prompt_is_cut_at_a_word() -> None:
    long = replace(TASK, request=replace(TASK.request, prompt="a distant thunder, " * 20))

    assert NameTemplate("{prompt}_{take}").name(long, TAKE) == (
        "a distant thunder, a distant thunder, a distant thunder, a_2"
    )


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("{promt}", "no field {promt}"),
        ("{}", "no field {}"),
        ("{prompt", "brace"),
        ("prompt}", "brace"),
        ("{prompt:02}", "width"),
        ("{take:x}", "width"),
        ("a/b", "folder"),
        ("  ", "empty"),
    ],
)
def test_a_template_that_cannot_be_used_says_why_at_its_field(template: str, words: str) -> None:
    (problem,) = NameTemplate(template).problems()

    assert problem.field == "name"
    assert words in problem.message
    with pytest.raises(ValueError):
        NameTemplate(template).name(TASK, TAKE)


@given(
    st.lists(st.sampled_from([*(f"{{{field}}}" for field in FIELDS), " ", "_", "-", "..", "é", ":"]), min_size=1),
    st.text(min_size=1, max_size=3000),
    st.text(max_size=300),
)
def test_any_prompt_and_project_give_a_safe_name(parts: list[str], prompt: str, project: str) -> None:
    template = NameTemplate("".join(parts))
    task = replace(TASK, project=project, request=replace(TASK.request, prompt=prompt))

    if not template.problems():
        name = template.name(task, TAKE)
        assert safe_name(name) == name
        assert len(name.encode()) < 255 - 40


@given(
    st.text(max_size=300)
    | st.sampled_from(["../../x", "CON", "nul.txt", "\u202egpj", ".", "a" * 300, "é" * 300, "😀" * 99]),
    st.sampled_from(
        ["{prompt}", "{project}_{prompt}_{take:02}", "{seed}{prompt}", ".{prompt}.", "CON{number}", "{model}"]
    ),
    st.integers(1, 10**6),
)
def test_whatever_prompt_and_project_the_name_is_legal_everywhere_with_room_for_a_number(
    text: str, template: str, number: int
) -> None:
    task = replace(TASK, request=GenerationRequest("acme", text, text), project=text)

    name = NameTemplate(template).name(task, TAKE, number=number)

    assert safe_name(name) == name
    assert len(numbered(name, ".flac", 10**9).encode()) <= 255
