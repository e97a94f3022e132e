"""eSpeak NG as a shared library: its voices, and speech as samples.

Source: espeak-ng 1.52, src/include/espeak-ng/speak_lib.h.
"""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from app.domain.errors import GenerationFailed, RequestRejected

_SYNCHRONOUS = 2
_DONT_EXIT = 0x8000
_POSITION_CHARACTER = 1
_UTF8 = 1
_OK = 0
_RATE, _VOLUME, _PITCH = 1, 2, 3
_MALE, _FEMALE = 1, 2
_EVENT_END_OF_LIST = 0

# The library keeps its state in global variables: one voice speaks at a time in a process.
_ONE_AT_A_TIME = threading.Lock()


class _VoiceRecord(ctypes.Structure):
    _fields_ = (
        ("name", ctypes.c_char_p),
        ("languages", ctypes.POINTER(ctypes.c_char)),
        ("identifier", ctypes.c_char_p),
        ("gender", ctypes.c_ubyte),
        ("age", ctypes.c_ubyte),
        ("variant", ctypes.c_ubyte),
        ("reserved", ctypes.c_ubyte),
        ("score", ctypes.c_int),
        ("spare", ctypes.c_void_p),
    )


class _Event(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", ctypes.c_char * 8),
    )


_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event))


@dataclass(frozen=True, slots=True)
class EspeakVoice:
    """A voice as the library lists it; the first language is its main one.

    Attributes:
        key: What `speak` takes; unlike its languages it is always understood.
    """

    key: str
    name: str
    languages: tuple[str, ...]
    is_female: bool


class Espeak:
    """The library, loaded once a process; every method may be called from any thread.

    Raises:
        GenerationFailed: The library or its data can't be loaded.
    """

    def __init__(self, library_path: str, data_path: str) -> None:
        try:
            self._library = ctypes.CDLL(library_path)
        except OSError as exc:
            raise GenerationFailed("The built-in voice can’t be loaded. Install Cuesmith again to repair it.") from exc
        self._declare()
        with _ONE_AT_A_TIME:
            rate = self._library.espeak_Initialize(_SYNCHRONOUS, 0, data_path.encode(), _DONT_EXIT)
        if rate <= 0:
            raise GenerationFailed("The built-in voice has no data. Install Cuesmith again to repair it.")
        self.sample_rate_hz = int(rate)

    def _declare(self) -> None:
        library = self._library
        library.espeak_Initialize.argtypes = (ctypes.c_int, ctypes.c_int, ctypes.c_char_p, ctypes.c_int)
        library.espeak_ListVoices.argtypes = (ctypes.POINTER(_VoiceRecord),)
        library.espeak_ListVoices.restype = ctypes.POINTER(ctypes.POINTER(_VoiceRecord))
        library.espeak_SetVoiceByName.argtypes = (ctypes.c_char_p,)
        library.espeak_SetParameter.argtypes = (ctypes.c_int, ctypes.c_int, ctypes.c_int)
        library.espeak_SetSynthCallback.argtypes = (_Callback,)
        library.espeak_SetSynthCallback.restype = None
        library.espeak_Synth.argtypes = (
            ctypes.c_char_p,
            ctypes.c_size_t,
            ctypes.c_uint,
            ctypes.c_int,
            ctypes.c_uint,
            ctypes.c_uint,
            ctypes.POINTER(ctypes.c_uint),
            ctypes.c_void_p,
        )

    def voices(self) -> tuple[EspeakVoice, ...]:
        """All voices of the library, without its variants."""
        with _ONE_AT_A_TIME:
            return tuple(self._listed())

    def _listed(self) -> Iterator[EspeakVoice]:
        records = self._library.espeak_ListVoices(None)
        number = 0
        while records[number]:
            record = records[number].contents
            yield EspeakVoice(
                record.identifier.decode().rpartition("/")[2].lower(),
                record.name.decode().strip(),
                tuple(_languages(record.languages)),
                record.gender == _FEMALE,
            )
            number += 1

    def speak(
        self,
        text: str,
        voice: str,
        *,
        speed_wpm: int,
        pitch: int,
        volume: int,
        heard: Callable[[bytes, int], bool],
    ) -> None:
        """Speak a text; `heard` gets the samples as they come.

        Args:
            voice: The key of a voice, with an optional variant: `en-us+f2`.
            speed_wpm: Words a minute, 80 to 450.
            pitch: 0 to 99; 50 is normal.
            volume: 0 to 200; 100 is normal.
            heard: Receives 16-bit mono samples and the position in the text in characters; returns whether to
                go on.
        Raises:
            RequestRejected: There is no such voice.
            GenerationFailed: The library gave up.
        """
        trouble: list[BaseException] = []

        def take(samples: ctypes._Pointer[ctypes.c_short], count: int, events: ctypes._Pointer[_Event]) -> int:
            try:
                block = ctypes.string_at(samples, 2 * count) if samples and count > 0 else b""
                return 0 if heard(block, _text_position(events)) else 1
            except BaseException as exc:  # noqa: BLE001  (C can't carry it; it is raised below)
                trouble.append(exc)
                return 1

        callback = _Callback(take)
        data = text.replace("\0", " ").encode("utf-8", "replace") + b"\0"
        with _ONE_AT_A_TIME:
            if self._library.espeak_SetVoiceByName(voice.encode()) != _OK:
                raise RequestRejected(f"There is no voice “{voice}”. Choose another one.", "voice")
            for parameter, value in ((_RATE, speed_wpm), (_PITCH, pitch), (_VOLUME, volume)):
                self._library.espeak_SetParameter(parameter, value, 0)
            self._library.espeak_SetSynthCallback(callback)
            code = self._library.espeak_Synth(data, len(data), 0, _POSITION_CHARACTER, 0, _UTF8, None, None)
        if trouble:
            raise trouble[0]
        if code != _OK:
            raise GenerationFailed("The built-in voice could not speak this text. Try a shorter one.")


def _languages(raw: ctypes._Pointer[ctypes.c_char]) -> Iterator[str]:
    """Each is a priority byte and a name with its zero; a zero priority ends the list."""
    place = 0
    while raw[place] != b"\0":
        place += 1
        name = b""
        while raw[place] != b"\0":
            name += raw[place]
            place += 1
        place += 1
        yield name.decode()


def _text_position(events: ctypes._Pointer[_Event]) -> int:
    last = number = 0
    while events and events[number].type != _EVENT_END_OF_LIST:
        last = max(last, events[number].text_position)
        number += 1
    return last


@lru_cache(maxsize=1)
def espeak() -> Espeak:
    """The one library of this process, loaded when it is first needed."""
    import espeakng_loader

    return Espeak(str(espeakng_loader.get_library_path()), str(espeakng_loader.get_data_path()))
