"""Sound effects from words: reads a prompt, builds each sound it names and mixes them.

The same words, seed and version give the same samples. It makes placeholders: recognisable, quick and free, not
recordings.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app.providers.local.arrangement import Voice, arranged
from app.providers.local.blocks.curves import joined
from app.providers.local.blocks.filters import filtered
from app.providers.local.blocks.grains import scatter
from app.providers.local.blocks.levels import clean_ends, loudness, peak_limited, soft_limited
from app.providers.local.blocks.noise import bed
from app.providers.local.blocks.signal import SAMPLE_RATE_HZ, Stereo, frames_of, from_db
from app.providers.local.blocks.space import SPACES, heard_in
from app.providers.local.orders import SKETCH_VERSION
from app.providers.local.recipe import Bed, Colour
from app.providers.local.watch import CancelFlag, Cancelled, Watch
from app.providers.local.words import understand

__all__ = ["SAMPLE_RATE_HZ", "Cancelled", "Sketch", "render"]

SHORTEST_S, LONGEST_S = 0.1, 60.0
PEAK_DB = -1.0
_TARGET_DB = -19.0
_SHARE_OF_LAYERS = 0.8
_FADE_S = 0.08
# Nothing below hearing is left, so that silence between events is silence.
_WITHOUT_RUMBLE = Colour(24.0, 20_000.0, slope_db=24.0)


@dataclass(frozen=True, slots=True)
class Sketch:
    """One rendered take.

    Attributes:
        samples: Shape (frames, 2), float32, 48 kHz, its peak at or under -1 dBFS.
        understood: Words that were used.
        ignored: Words that meant nothing.
        is_texture: No sound was named; a fitting texture was made.
        summary: What was understood, in one line for people.
    """

    samples: npt.NDArray[np.float32]
    understood: tuple[str, ...]
    ignored: tuple[str, ...]
    is_texture: bool
    summary: str


def render(
    prompt: str,
    duration_s: float,
    seed: int,
    *,
    progress: Callable[[float], None] | None = None,
    cancelled: CancelFlag | None = None,
) -> Sketch:
    """Make one take of a prompt.

    Args:
        duration_s: 0.1 to 60 seconds; exact to the frame.
        seed: Any whole number; another one gives another take of the same sounds.
        progress: Told a fraction of 0 to 1, on the thread that renders.
        cancelled: Looked at all the time; like `threading.Event`.
    Raises:
        Cancelled: `cancelled` was set.
        ValueError: The duration is out of range.
    """
    if not SHORTEST_S <= duration_s <= LONGEST_S:
        raise ValueError(f"duration must be {SHORTEST_S} to {LONGEST_S} s, not {duration_s}")
    watch = Watch(progress, cancelled)
    meaning = understand(prompt)
    voices = arranged(meaning, duration_s)
    words = " ".join(prompt.lower().split())
    mix = _mixed(voices, frames_of(duration_s), f"{SKETCH_VERSION}|{seed}|{words}", watch)
    samples = np.ascontiguousarray(_finished(mix, voices, duration_s).T)
    watch.within(0.0, 1.0)
    watch.reached(1.0)
    return Sketch(samples, meaning.understood, meaning.ignored, meaning.is_texture, meaning.summary)


def _generator(name: str) -> np.random.Generator:
    """Random numbers that depend on this name alone."""
    return np.random.Generator(np.random.PCG64(int.from_bytes(hashlib.sha256(name.encode()).digest())))


def _mixed(voices: tuple[Voice, ...], frames: int, key: str, watch: Watch) -> Stereo:
    """All voices, each at its level, with the answers of the spaces they are in."""
    mix = np.zeros((2, frames), dtype=np.float32)
    rooms: dict[tuple[str, float], Stereo] = {}
    for number, voice in enumerate(voices):
        watch.within(_SHARE_OF_LAYERS * number / len(voices), _SHARE_OF_LAYERS / len(voices))
        sound = _rendered(voice, frames, f"{key}|{number}|{voice.name}", watch)
        mix += sound * np.float32(from_db(voice.dry_db))
        if voice.wet > 0.0:
            room = rooms.setdefault((voice.space, voice.traits.room), np.zeros_like(mix))
            room += sound * np.float32(voice.wet)
    watch.within(_SHARE_OF_LAYERS, 1.0 - _SHARE_OF_LAYERS)
    for number, ((space, size), sound) in enumerate(rooms.items()):
        watch.reached(number / len(rooms))
        mix += heard_in(SPACES[space].sized(size), sound, _generator(f"{key}|{space}"))
    watch.check()
    return mix


def _rendered(voice: Voice, frames: int, key: str, watch: Watch) -> Stereo:
    """One voice at its level, over the whole length."""
    start = min(round(voice.span.start_s * SAMPLE_RATE_HZ), frames - 1)
    length = min(frames - start, frames_of(voice.span.length_s))
    sound = np.zeros((2, length), dtype=np.float32)
    times = voice.span.times_s
    for number, time_s in enumerate(times):
        stray_s = 0.0 if number == 0 or voice.traits.regular > 0.0 else 0.05 * (times[1] - times[0])
        late = _generator(f"{key}|again|{number}").uniform(-stray_s, stray_s)
        at = min(length - 1, round((time_s + late) * SAMPLE_RATE_HZ))
        piece = min(length - at, frames_of(voice.span.piece_s) if voice.span.piece_s else length)
        sound[:, at : at + piece] += _event(voice, piece, f"{key}|{number}" if number else key, watch, number)
    traits = voice.traits
    if traits.drive:
        loud = loudness(sound) or 1.0
        sound = np.tanh(sound * np.float32((1.0 + 4.0 * traits.drive) * 0.2 / loud))
    if voice.colour is not None:
        sound = filtered(sound, voice.colour)
    sound = _moved(sound, voice)
    if traits.is_reversed:
        sound = np.ascontiguousarray(sound[:, ::-1])
    loud = loudness(sound)
    if loud > 0.0:
        sound *= np.float32(from_db(_TARGET_DB + voice.level_db) / loud)
    if length == frames:
        return sound
    whole = np.zeros((2, frames), dtype=np.float32)
    whole[:, start : start + length] = _handed_over(sound, voice, ends=start + length < frames)
    return whole


def _event(voice: Voice, frames: int, key: str, watch: Watch, before: int) -> Stereo:
    """All parts of a voice together, once; it has happened so many times before."""
    sound = np.zeros((2, frames), dtype=np.float32)
    movement = int(_generator(f"{key}|motion").integers(2**32))
    for number, part in enumerate(voice.parts):
        watch.reached((before + number / len(voice.parts)) / len(voice.span.times_s))
        rng = _generator(f"{key}|{number}")
        if isinstance(part, Bed):
            sound += bed(part, frames, rng, watch, movement=movement)
        else:
            sound += scatter(part, frames, rng, watch, ramp=voice.traits.ramp)
    return sound


def _handed_over(sound: Stereo, voice: Voice, *, ends: bool) -> Stereo:
    """A lasting sound that begins or ends within the mix does so without a click."""
    frames = sound.shape[1]
    fade_in = min(frames // 4, frames_of(_FADE_S)) if voice.is_lasting and voice.span.start_s > 0.0 else 0
    fade_out = min(frames // 4, frames_of(_FADE_S)) if ends else 0
    level = joined(((0.0, 0.0), (fade_in / frames, 1.0), (1.0 - fade_out / frames, 1.0), (1.0, 0.0)), frames)
    if not fade_in:
        level[: frames // 2] = 1.0
    if not fade_out:
        level[frames // 2 :] = 1.0
    return sound * level


def _moved(sound: Stereo, voice: Voice) -> Stereo:
    """A sound that comes, goes or passes, or stands to one side."""
    traits, frames = voice.traits, sound.shape[1]
    if traits.travel:
        level = {
            "approach": ((0.0, 0.06), (0.85, 1.0), (1.0, 1.0)),
            "grow": ((0.0, 0.08), (0.9, 1.0), (1.0, 1.0)),
            "recede": ((0.0, 1.0), (0.15, 1.0), (1.0, 0.04)),
            "pass": ((0.0, 0.1), (0.48, 1.0), (0.55, 1.0), (1.0, 0.08)),
        }[traits.travel]
        sound = sound * joined(level, frames)
    if traits.travel == "pass":
        sound = _swept_past(sound)
        side = -1.0 if traits.side == 0 else float(traits.side)
        place = joined(((0.0, 0.8 * side), (0.5, 0.0), (1.0, -0.8 * side)), frames)
    elif traits.side:
        place = np.full(frames, 0.75 * traits.side, dtype=np.float32)
    else:
        return sound
    angle = (place + 1.0) * np.float32(np.pi / 4.0)
    middle = sound.mean(axis=0)
    balance = np.stack((np.cos(angle), np.sin(angle)))
    return np.asarray((0.35 * sound + 0.9 * middle) * balance * 1.2, dtype=np.float32)


def _swept_past(sound: Stereo) -> Stereo:
    """What comes sounds higher, what goes sounds lower: about 70 km/h."""
    frames = sound.shape[1]
    speed = np.exp2(joined(((0.0, 0.09), (0.35, 0.08), (0.65, -0.08), (1.0, -0.09)), frames))
    place = np.cumsum(speed, dtype=np.float64)
    place *= (frames - 1) / place[-1]
    at = np.arange(frames)
    return np.stack([np.interp(place, at, channel) for channel in sound]).astype(np.float32)


def _finished(mix: Stereo, voices: tuple[Voice, ...], duration_s: float) -> Stereo:
    """The mix at a sensible loudness, with clean ends and its peak under the ceiling."""
    strongest = max(voice.traits.force - 1.6 * max(0.0, voice.traits.distance) for voice in voices)
    # Balance inside the mix is kept; heavy prompts end up louder than light ones, but all can be heard.
    asked_db = 3.0 * max(-2.0, min(1.5, strongest))
    mix = filtered(mix, _WITHOUT_RUMBLE)
    loud = loudness(mix)
    if loud > 0.0:
        gain = from_db(_TARGET_DB + asked_db) / loud
        if not any(voice.is_lasting for voice in voices):
            # Single events are handed over at full height, as a sample library would.
            full = from_db(PEAK_DB + 1.6 * min(0.0, asked_db)) / float(np.max(np.abs(mix)))
            gain = max(gain, min(full, gain * from_db(6.0)))
        mix = mix * np.float32(gain)
    mix = soft_limited(mix)
    begins_softly = all(voice.is_lasting or voice.span.start_s > 0.0 for voice in voices)
    mix = clean_ends(mix, 0.02 if begins_softly else 0.0015, min(0.2, 0.15 * duration_s))
    return peak_limited(mix, PEAK_DB)
