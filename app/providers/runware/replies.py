"""What Runware answers, read leniently: in every shape that was seen, and whatever the HTTP status is.

Fields that we don't know are ignored; one of the wrong type counts as left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

import msgspec

T = TypeVar("T", bound=msgspec.Struct)

_JSON = msgspec.json.Decoder(float_hook=Decimal)  # money stays what the text says
_CAMEL = {
    "task_uuid": "taskUUID",
    "audio_uuid": "audioUUID",
    "audio_url": "audioURL",
    "audio_base64": "audioBase64Data",
    "audio_data_uri": "audioDataURI",
    "video_uuid": "videoUUID",
    "video_url": "videoURL",
    "result_index": "resultIndex",
    "media_uuid": "mediaUUID",
    "allowed_values": "allowedValues",
    "response_content": "responseContent",
}


class Item(msgspec.Struct, frozen=True, kw_only=True, rename=_CAMEL):
    """One entry of `data`. Of an account nothing but the balance is read: the rest is about people."""

    task_uuid: str | None = None
    status: str = ""
    audio_uuid: str = ""
    audio_url: str = ""
    audio_base64: str = ""
    audio_data_uri: str = ""
    video_uuid: str = ""
    video_url: str = ""
    result_index: int | None = None
    seed: int | None = None
    cost: Decimal | None = None
    progress: float | None = None
    media_uuid: str = ""
    balance: Decimal | None = None
    response: Any = None

    @property
    def link(self) -> str:
        """Where the file lies; some models put sound into a video."""
        return self.audio_url or self.video_url

    @property
    def inline(self) -> str:
        """The file itself, as base64 or as a data URI."""
        return self.audio_base64 or self.audio_data_uri

    @property
    def is_finished(self) -> bool:
        """Whether it is a result. Any other status, known or not, means that it still runs."""
        return self.status.lower() == "success" or bool(self.link or self.inline)


class Refusal(msgspec.Struct, frozen=True, kw_only=True, rename=_CAMEL):
    """One entry of `errors`, or an error wherever else it was found.

    Attributes:
        parameter: Field names or dotted paths; may be empty.
        response_content: What the provider behind Runware answered, in any shape.
    """

    code: str = ""
    message: str = ""
    parameter: tuple[str, ...] = ()
    task_uuid: str | None = None
    status: str = ""
    allowed_values: tuple[Any, ...] = ()
    min: Decimal | None = None
    max: Decimal | None = None
    multiplier: Decimal | None = None
    response_content: Any = None

    @property
    def says_failed(self) -> bool:
        """Whether it is a result that failed, by its own word, and not a question that was refused."""
        return self.status.lower() == "error"


@dataclass(frozen=True, slots=True)
class Envelope:
    """A whole answer.

    Attributes:
        has_data: Whether there was a `data` at all; an empty one acknowledges too.
    """

    items: tuple[Item, ...] = ()
    errors: tuple[Refusal, ...] = ()
    has_data: bool = False

    @property
    def is_empty(self) -> bool:
        return not self.items and not self.errors

    def of(self, key: UUID) -> Envelope:
        """What is said about one task. Of an entry that names none, the task is the one of the request."""
        return Envelope(
            tuple(item for item in self.items if _is_about(item.task_uuid, key)),
            tuple(error for error in self.errors if _is_about(error.task_uuid, key)),
            self.has_data,
        )


def decoded(body: bytes) -> Envelope | None:
    """An answer; None where it isn't readable, such as a gateway's page or a body that broke off."""
    try:
        found = _JSON.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return envelope_of(found)


def envelope_of(found: object) -> Envelope | None:
    """An answer from its JSON, such as the one that is stored inside task details."""
    if not isinstance(found, dict):
        return None
    tables = [each for each in _listed(found.get("data")) if isinstance(each, dict)]
    items = tuple(_read(Item, table) for table in tables if not _is_failure(table))
    told = [_refusal(each, {}) for each in _listed(found.get("errors")) if _says_something(each)]
    told += [_refusal(each, found) for each in _listed(found.get("error")) if _says_something(each)]
    for table in filter(_is_failure, tables):
        nested = _refusal(table.get("error") or table, {"taskUUID": table.get("taskUUID")}, status="error")
        if not any((nested.code, nested.message) == (other.code, other.message) for other in told):
            told.append(nested)  # else it is told in both places
    has_data = isinstance(found.get("data"), list | dict)
    return Envelope(items, tuple(told), has_data)


def _is_failure(table: Mapping[str, Any]) -> bool:
    if str(table.get("status", "")).lower() == "error":
        return True
    return bool(table.get("error")) and not _read(Item, table).is_finished


def _says_something(error: object) -> bool:
    return isinstance(error, dict | str) and bool(error)


def _refusal(error: object, around: Mapping[str, Any], *, status: str = "") -> Refusal:
    """An error that is a table or a mere text; what it leaves out may stand around it."""
    table: dict[str, Any] = dict(error) if isinstance(error, dict) else {"message": error}
    if table.get("taskUUID") is None and around.get("taskUUID") is not None:
        table["taskUUID"] = around["taskUUID"]
    if isinstance(table.get("parameter"), str):
        table["parameter"] = [table["parameter"]]
    return _read(Refusal, table | ({"status": status} if status else {}))


def _read(kind: type[T], table: Mapping[str, Any]) -> T:
    return kind(**dict(_values(kind, table)))


def _values(kind: type[msgspec.Struct], table: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for field in msgspec.structs.fields(kind):
        if table.get(field.encode_name) is None:
            continue
        try:
            yield field.name, msgspec.convert(table[field.encode_name], field.type, strict=False)
        except msgspec.ValidationError:
            continue  # a senseless value says as little as a missing one


def _listed(found: object) -> list[Any]:
    """One thing or an array of them, as an array."""
    if isinstance(found, list):
        return found
    return [] if found is None or found == "" else [found]


def _is_about(task_uuid: str | None, key: UUID) -> bool:
    return task_uuid is None or task_uuid.strip().lower() == str(key)
