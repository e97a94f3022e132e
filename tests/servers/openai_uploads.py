"""Audio that is uploaded to be transcribed: read from the form, checked, and recognised."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.servers.fields import Fields, Kind, Problem
from tests.servers.forms import FieldKind, NotAForm, Part, read_form, typed
from tests.servers.openai_errors import refused, refused_for
from tests.servers.recording import RecordedRequest
from tests.servers.transcribing import Hearing, NotAudio, hear

SHORTEST_S = 0.1
_MEMBER = re.compile(r"(\w+)\[(\w+)\]")


@dataclass(frozen=True)
class FormRules:
    """What a form of a server holds beside the file.

    Attributes:
        fields: The rules; names of lists end in `[]`.
        kinds: What the text of a field stands for; text if not named. Lists hold text.
        nested: Objects that come as JSON text, or member by member as `name[member]`; with the kinds of the members.
        endings: How names of files may end, without a dot.
        unknown_code: How an unknown field is called.
        lenient: Whether unknown fields are left out, instead of refused.
    """

    fields: Fields
    kinds: Mapping[str, FieldKind] = field(default_factory=dict)
    nested: Mapping[str, Mapping[str, FieldKind]] = field(default_factory=dict)
    endings: frozenset[str] = frozenset()
    unknown_code: str = "unknown_parameter"
    lenient: bool = False


@dataclass(frozen=True)
class Upload:
    """A form as it was understood. `fields` holds numbers and booleans where the form's text stands for them."""

    file_name: str
    content_type: str | None
    content: bytes
    fields: Mapping[str, Any]


def read_upload(request: RecordedRequest, rules: FormRules, largest_bytes: int | None = None) -> Upload:
    """The form of a request.

    Args:
        largest_bytes: How large the file may be; None for any size.
    Raises:
        Refused: something is missing, unknown, wrong or too large.
    """
    try:
        parts = read_form(request.headers.get("content-type", ""), request.content)
        files = [part for part in parts if part.name == "file"]
        fields, problems = _fields_of([part for part in parts if part.name != "file"], rules)
    except NotAForm as exc:
        raise refused(400, str(exc)) from exc
    problems += [
        problem for problem in rules.fields.check(fields, "") if not (rules.lenient and problem.kind is Kind.UNKNOWN)
    ]
    if len(files) != 1 or files[0].file_name is None:
        problems.append(Problem(Kind.MISSING, "file", "file: is required, once, with the name of a file"))
    if problems:
        raise refused_for(problems, fields, rules.unknown_code)
    return _checked(files[0], fields, rules, largest_bytes)


async def recognised(upload: Upload) -> Hearing:
    """What is said in an upload.

    Raises:
        Refused: it is no audio, or too short.
    """
    try:
        hearing = await asyncio.to_thread(hear, upload.content)
    except NotAudio as exc:
        raise refused(400, "Audio file might be corrupted or unsupported", "invalid_value", "file") from exc
    if hearing.duration_s < SHORTEST_S:
        raise refused(400, f"Audio file is too short. Minimum is {SHORTEST_S} seconds.", "audio_too_short", "file")
    return hearing


def _checked(file: Part, fields: Mapping[str, Any], rules: FormRules, largest_bytes: int | None) -> Upload:
    name = file.file_name or ""
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    if largest_bytes is not None and len(file.content) > largest_bytes:
        found = f"Maximum content size limit ({largest_bytes}) exceeded ({len(file.content)} bytes read)"
        raise refused(413, found, param="file")
    if rules.endings and ending not in rules.endings:
        message = f"Unrecognized file format. Supported formats: {sorted(rules.endings)}"
        raise refused(400, message, "invalid_value", "file")
    return Upload(name, file.content_type, file.content, fields)


def _fields_of(parts: Iterable[Part], rules: FormRules) -> tuple[dict[str, Any], list[Problem]]:
    fields: dict[str, Any] = {}
    problems: list[Problem] = []
    for part in parts:
        member = _MEMBER.fullmatch(part.name)
        if part.file_name is not None:
            problems.append(Problem(Kind.SHAPE, part.name, f"{part.name}: is no file"))
        elif part.name.endswith("[]"):
            fields.setdefault(part.name, []).append(part.text())
        elif member is not None and member[1] in rules.nested:
            kind = rules.nested[member[1]].get(member[2], "text")
            fields.setdefault(member[1], {})[member[2]] = typed(part.text(), kind)
        elif part.name in fields:
            problems.append(Problem(Kind.SHAPE, part.name, f"{part.name}: came twice"))
        else:
            fields[part.name] = _value_of(part, rules)
    return fields, problems


def _value_of(part: Part, rules: FormRules) -> object:
    text = part.text()
    if part.name in rules.nested and text.startswith("{"):
        try:
            return json.loads(text)
        except ValueError:
            return text
    return typed(text, rules.kinds.get(part.name, "text"))
