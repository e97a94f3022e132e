"""Words inside an exported file: title, artist, comment, and how the sound was made.

MP3 and WAV carry them as ID3, FLAC, Ogg Vorbis and Opus as Vorbis comments. The audio itself isn't touched.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from app.audio.containers import format_of
from app.domain.audio import AudioFormat
from app.domain.errors import BrokenAudio, StorageError

_ENCODING_UTF_8 = 3
_YES = "yes"
# Our name -> the Vorbis comment and ID3 user field; the first three have ID3 frames of their own.
_NAMES = {
    "title": "TITLE",
    "artist": "ARTIST",
    "comment": "COMMENT",
    "prompt": "PROMPT",
    "model": "MODEL",
    "service": "SERVICE",
    "seed": "SEED",
}
_MADE_WITH_AI = "MADE_WITH_AI"


@dataclass(frozen=True, slots=True)
class Tags:
    """What to write; an empty text is left out.

    Attributes:
        prompt: What was asked for.
        model: The model's name.
        service: Who ran the model.
        seed: As text; services' seeds may be larger than any integer type.
        is_made_with_ai: Says so in the file, in plain words.
    """

    title: str = ""
    artist: str = ""
    comment: str = ""
    prompt: str = ""
    model: str = ""
    service: str = ""
    seed: str = ""
    is_made_with_ai: bool = False


def write_tags(path: Path, tags: Tags) -> None:
    """Write into a file, replacing these tags and keeping others. Blocks.

    Raises:
        BrokenAudio: Not audio.
        StorageError: The tags can't be written, or don't read back as they were.
    """
    try:
        if _has_id3(path):
            _write_id3(path, tags)
        else:
            _write_comments(path, tags)
    except BrokenAudio:
        raise
    except Exception as exc:  # of a file that lies about itself mutagen raises anything, such as struct.error
        raise StorageError(f"The tags of {path.name} can’t be written: {_why(exc)}.") from exc
    if read_tags(path) != tags:
        raise StorageError(f"The tags of {path.name} don’t read back as they were written.")


def read_tags(path: Path) -> Tags:
    """Read what `write_tags` wrote; a file without tags gives empty ones. Blocks.

    Raises:
        BrokenAudio: Not audio.
        StorageError: The file can't be read.
    """
    try:
        values = _read_id3(path) if _has_id3(path) else _read_comments(path)
    except BrokenAudio:
        raise
    except Exception as exc:
        raise StorageError(f"The tags of {path.name} can’t be read: {_why(exc)}.") from exc
    words = {name: values.get(field, "") for name, field in _NAMES.items()}
    return Tags(**words, is_made_with_ai=values.get(_MADE_WITH_AI) == _YES)


def _why(error: Exception) -> str:
    causes = (error, error.__cause__, error.__context__)
    reason = next((each.strerror for each in causes if isinstance(each, OSError) and each.strerror), None)
    return reason or "it isn’t built as such files usually are"


def _values(tags: Tags) -> dict[str, str]:
    """Tag name -> text, empty where there is none."""
    values = {_NAMES[each.name]: getattr(tags, each.name) for each in fields(tags) if each.name in _NAMES}
    values[_MADE_WITH_AI] = _YES if tags.is_made_with_ai else ""
    return values


def _has_id3(path: Path) -> bool:
    return format_of(path) in (AudioFormat.WAV, AudioFormat.MP3)


def _open_id3(path: Path) -> Any:
    """The file whose `tags` are ID3."""
    from mutagen import mp3, wave

    file_class: Any = wave.WAVE if format_of(path) is AudioFormat.WAV else mp3.MP3
    file = file_class(path)
    if file.tags is None:
        file.add_tags()
    return file


def _write_id3(path: Path, tags: Tags) -> None:
    from mutagen import id3 as typed_id3

    id3: Any = typed_id3  # its classes have no types
    file = _open_id3(path)
    frames = {"TITLE": (id3.TIT2, "TIT2"), "ARTIST": (id3.TPE1, "TPE1")}
    for name, text in _values(tags).items():
        if name in frames:
            frame_class, key = frames[name]
            frame = frame_class(encoding=_ENCODING_UTF_8, text=[text])
        elif name == "COMMENT":
            key, frame = "COMM", id3.COMM(encoding=_ENCODING_UTF_8, lang="eng", desc="", text=[text])
        else:
            key, frame = f"TXXX:{name}", id3.TXXX(encoding=_ENCODING_UTF_8, desc=name, text=[text])
        file.tags.delall(key)
        if text:
            file.tags.add(frame)
    file.save()


def _read_id3(path: Path) -> dict[str, str]:
    tags = _open_id3(path).tags
    keys = {"TITLE": "TIT2", "ARTIST": "TPE1", "COMMENT": "COMM"}
    names = [*_NAMES.values(), _MADE_WITH_AI]
    found = {name: tags.getall(keys.get(name, f"TXXX:{name}")) for name in names}
    return {name: str(frames[0].text[0]) for name, frames in found.items() if frames and frames[0].text}


def _open_comments(path: Path) -> Any:
    from mutagen.flac import FLAC
    from mutagen.oggopus import OggOpus
    from mutagen.oggvorbis import OggVorbis

    file_classes: dict[AudioFormat, Any] = {
        AudioFormat.FLAC: FLAC,
        AudioFormat.OGG: OggVorbis,
        AudioFormat.OPUS: OggOpus,
    }
    file = file_classes[format_of(path)](path)
    if file.tags is None:
        file.add_tags()
    return file


def _write_comments(path: Path, tags: Tags) -> None:
    file = _open_comments(path)
    for name, text in _values(tags).items():
        if text:
            file.tags[name] = [text]
        elif name in file.tags:
            del file.tags[name]
    file.save()


def _read_comments(path: Path) -> dict[str, str]:
    tags = _open_comments(path).tags
    return {name: tags[name][0] for name in (*_NAMES.values(), _MADE_WITH_AI) if name in tags}
