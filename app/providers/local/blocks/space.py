"""Rooms and open places: synthetic echoes and reverberation, by convolution."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from app.providers.local.blocks.filters import gains_at
from app.providers.local.blocks.noise import moving_noise
from app.providers.local.blocks.signal import SAMPLE_RATE_HZ, Stereo, fast_length, frames_of, from_db
from app.providers.local.recipe import Colour, Points

_DECAY_60_DB = 6.9078
_LOUDEST_ECHO = 0.7


@dataclass(frozen=True, slots=True)
class Space:
    """A place that answers.

    Attributes:
        decay_s: Time in which the reverberation falls by 60 dB.
        delay_s: Until it begins.
        colour: What the walls leave of the sound.
        echoes: Single answers: each (seconds, dB).
        diffuse: Level of the reverberation against the echoes, 0 to 1.
        onset_s: How long it takes to build up.
    """

    decay_s: float
    delay_s: float
    colour: Colour
    echoes: Points = ()
    diffuse: float = 1.0
    onset_s: float = 0.004

    def sized(self, doublings: float) -> Space:
        """The same place, larger or smaller: its reverberation lasts longer by this many doublings."""
        return replace(self, decay_s=min(9.0, self.decay_s * 2.0**doublings)) if doublings else self


SPACES: dict[str, Space] = {
    "dry": Space(0.12, 0.002, Colour(200, 8000, -2), diffuse=0.6),
    "room": Space(0.45, 0.006, Colour(160, 8500, -1.5), ((0.011, -8), (0.017, -10), (0.023, -12))),
    "open air": Space(1.3, 0.03, Colour(140, 3800, -3), ((0.09, -16), (0.21, -21)), 0.5, 0.12),
    "hall": Space(2.3, 0.022, Colour(110, 8000, -2), ((0.019, -10), (0.031, -12), (0.047, -14))),
    "corridor": Space(
        1.9,
        0.01,
        Colour(120, 7000, -2, ((210, 0.5, 4),)),
        ((0.016, -9), (0.032, -11), (0.049, -13), (0.066, -15), (0.13, -15)),
    ),
    "cathedral": Space(5.2, 0.035, Colour(90, 6000, -2.5), ((0.04, -12), (0.07, -14)), 1.0, 0.05),
    "cave": Space(3.4, 0.05, Colour(90, 4800, -2.5), ((0.11, -9), (0.19, -12), (0.31, -16))),
    "canyon": Space(
        3.0,
        0.3,
        Colour(120, 3500, -3),
        ((0.42, -8), (0.84, -14), (1.26, -20), (1.68, -26)),
        0.35,
        0.2,
    ),
    "tunnel": Space(2.6, 0.012, Colour(140, 4500, -2, ((310, 0.6, 6), (620, 0.5, 4))), ((0.03, -8),)),
    "bathroom": Space(0.9, 0.004, Colour(220, 11000, 0, ((520, 0.5, 4),)), ((0.006, -8), (0.01, -9))),
    "underwater": Space(1.8, 0.01, Colour(60, 900, -4), diffuse=1.0, onset_s=0.03),
    "spaceship": Space(1.4, 0.01, Colour(120, 6000, -2, ((180, 0.4, 7), (430, 0.4, 5))), ((0.02, -9),)),
}


def heard_in(space: Space, sound: Stereo, rng: np.random.Generator) -> Stereo:
    """The answer of a space to a sound, without the sound itself; shape (2, frames)."""
    frames = sound.shape[1]
    response = _response(space, frames, rng)
    length = fast_length(frames + response.shape[1])
    out = np.empty_like(sound)
    for channel in range(2):
        spectrum = np.fft.rfft(sound[channel], length)
        spectrum *= np.fft.rfft(response[channel], length)
        out[channel] = np.fft.irfft(spectrum, length)[:frames]
    return out


def _response(space: Space, longest: int, rng: np.random.Generator) -> Stereo:
    """The impulse response of unit energy in both channels; what would come after `longest` frames isn't made."""
    frames = frames_of(space.delay_s + space.decay_s * 1.1)
    start = frames_of(space.delay_s)
    response = np.zeros((2, min(frames, longest)), dtype=np.float32)
    made = max(0, response.shape[1] - start)
    at_s = np.arange(frames - start, dtype=np.float32) / SAMPLE_RATE_HZ
    fall = np.exp(-_DECAY_60_DB * at_s / space.decay_s) * np.minimum(at_s / space.onset_s, 1.0)
    # High sounds die sooner than low ones: the colour sinks while the tail fades.
    sink = -1.4 * np.minimum(np.arange((frames - start) // 256 + 2) * 256 / (frames - start), 1.0)
    fall *= np.float32(space.diffuse / np.linalg.norm(fall))
    for channel in range(2 if made else 0):
        tail = moving_noise(space.colour, sink.astype(np.float32), 256, made, rng)
        response[channel, start:] = tail * fall[:made]
    loudest = _add_echoes(response, space)
    energy = float(np.sqrt(space.diffuse**2 + sum(from_db(2.0 * gain_db) for _, gain_db in space.echoes)))
    if loudest:
        # An echo is never louder than what it answers.
        energy = max(energy, loudest / _LOUDEST_ECHO)
    return response / np.float32(energy)


def _add_echoes(response: Stereo, space: Space) -> float:
    """Each echo is a small, coloured stroke, a little later in the other ear. Returns the gain of the loudest."""
    hz = np.fft.rfftfreq(512, 1.0 / SAMPLE_RATE_HZ)
    stroke = np.fft.irfft(gains_at(space.colour, hz) * np.exp(-2j * np.pi * hz * 0.0012), 512)
    stroke = (stroke / (np.linalg.norm(stroke) + 1e-9)).astype(np.float32)
    for number, (at_s, gain_db) in enumerate(space.echoes):
        for channel in range(2):
            late = frames_of(at_s * (1.0 + (0.013 if (channel + number) % 2 else 0.0)))
            stop = min(response.shape[1], late + 512)
            if late < stop:
                response[channel, late:stop] += stroke[: stop - late] * np.float32(from_db(gain_db))
    in_band = float(np.max(np.abs(np.fft.rfft(stroke))))
    return max((from_db(gain_db) * in_band for _, gain_db in space.echoes), default=0.0)
