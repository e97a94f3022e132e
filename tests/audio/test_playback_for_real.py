"""What a real sound server receives, sample by sample."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import soundfile

from app.audio.devices import PortAudio
from app.audio.player import Buffering, Failed, Player, PlayerEvent, PlayerState, StateChanged
from app.audio.sound_card import OutputDevice
from app.domain.errors import PlaybackError
from tests.audio.arriving import ArrivingWav
from tests.audio.conftest import Floats, WriteWav, noise
from tests.sound_server import SINK, SoundServer, missing_tool

RATE = 48_000
FADE = 240
LATENCY_S = 0.25  # roomy, so that a busy machine loses nothing
ALSA_CONFIG = Path("/usr/share/alsa/alsa.conf")
_PATIENCE_S = 60.0


class RealDeck:
    """A player on a real server."""

    def __init__(self) -> None:
        self.sound_card = PortAudio()
        self.sound_card.list_output_devices()
        self.player = Player(self.sound_card, latency_s=LATENCY_S, buffer_s=3.0)
        self.events: queue.Queue[PlayerEvent] = queue.Queue()
        self.player.listen(self.events.put)

    def wait_for(self, state: PlayerState) -> None:
        self.wait_for_event(StateChanged(state))

    def wait_for_event(self, wanted: PlayerEvent) -> None:
        while (event := self.events.get(timeout=_PATIENCE_S)) != wanted:
            assert not isinstance(event, Failed), event

    def wait_for_failure(self) -> Failed:
        while not isinstance(event := self.events.get(timeout=_PATIENCE_S), Failed):
            pass
        return event


@pytest.fixture
def real_deck(sound_server: SoundServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[RealDeck]:
    for name, value in sound_server.environment.items():
        monkeypatch.setenv(name, value)
    try:
        deck = RealDeck()
    except PlaybackError as error:
        pytest.skip(str(error))
    if not deck.sound_card.list_output_devices():
        pytest.skip("ALSA has no way to PulseAudio here (libasound2-plugins)")
    yield deck
    deck.player.close()


def start_of(sound: Floats, recorded: Floats) -> int:
    """Where a sound begins in a recording that may begin with anything; its first frames tell."""
    for start in np.flatnonzero((recorded == sound[0]).all(axis=1)):
        if np.array_equal(recorded[start : start + 64], sound[:64]):
            return int(start)
    raise AssertionError("the sound isn't in the recording")


def play_out(deck: RealDeck, path: Path) -> None:
    deck.player.load(path)
    deck.player.play()
    deck.wait_for(PlayerState.ENDED)


KINDS = [
    ("PCM_16", 16, 2),
    ("PCM_16", 16, 1),
    ("PCM_24", 24, 2),
    ("PCM_24", 24, 1),
    ("FLOAT", 24, 2),
    ("FLOAT", 24, 1),
]


def test_the_device_receives_every_kind_of_file_bit_for_bit(
    real_deck: RealDeck, sound_server: SoundServer, write_wav: WriteWav
) -> None:
    """All of each file, one after the other, with nothing but silence between them."""
    sounds = [noise(RATE // 4, channels, bits=bits, seed=seed) for seed, (_, bits, channels) in enumerate(KINDS)]
    sounds[4] *= 2.5  # a float may be above full scale: that is up to the device
    paths = [
        write_wav(samples, subtype=kind[0], name=f"{number}.wav")
        for number, (samples, kind) in enumerate(zip(sounds, KINDS, strict=True))
    ]

    with sound_server.recording() as recording:
        for path in paths:
            play_out(real_deck, path)
        recording.wait_for(RATE // 5)
        recorded = recording.samples()

    at = 0
    for samples in sounds:
        wanted = np.broadcast_to(samples, (len(samples), 2))
        start = at + start_of(wanted, recorded[at:])
        assert not recorded[at:start].any()
        at = start + len(wanted)
        assert np.array_equal(recorded[start:at], wanted)
    assert not recorded[at:].any()
    assert real_deck.player.underruns == 0


def frames_in(recorded: Floats, samples: Floats) -> npt.NDArray[np.intp]:
    """Which frame of a sound each recorded one is, bit for bit; -1 where it is none of them."""
    keys, found = (np.ascontiguousarray(each).view(np.uint64)[:, 0] for each in (samples, recorded + np.float32(0)))
    order = np.argsort(keys)
    nearest = order[np.minimum(np.searchsorted(keys, found, sorter=order), len(keys) - 1)]
    return np.where(keys[nearest] == found, nearest, -1)


LOOPS = [(1_000, 1_007), (9_000, 11_401), (30_000, 37_001), (5_000, 29_000)]  # from 7 frames to half a second


def test_the_device_receives_loops_of_any_length_without_a_gap(
    real_deck: RealDeck, sound_server: SoundServer, write_wav: WriteWav
) -> None:
    samples = noise(RATE, bits=24)
    assert len(np.unique(samples, axis=0)) == len(samples)
    real_deck.player.load(write_wav(samples, subtype="PCM_24"))

    with sound_server.recording() as recording:
        real_deck.player.play()
        real_deck.wait_for(PlayerState.PLAYING)
        for start, end in LOOPS:
            real_deck.player.set_loop(start, end)
            recording.wait_for(RATE // 2 + 2 * (end - start))
        recorded = recording.samples()

    frames = frames_in(recorded, samples)
    assert real_deck.player.underruns == 0
    for start, end in LOOPS:
        seams = np.flatnonzero((frames[:-1] == end - 1) & (frames[1:] == start))
        assert len(seams) >= 2
        turns = frames[seams[0] + 1 : seams[-1] + 1]
        assert np.array_equal(turns, start + np.arange(len(turns)) % (end - start))
        assert len(turns) >= RATE // 3 // (end - start) * (end - start)


def test_the_device_receives_loops_of_every_format_without_a_gap(
    real_deck: RealDeck, sound_server: SoundServer, tmp_path: Path
) -> None:
    """What comes out of the decoder, turn by turn. All formats go around in one recording."""
    start, end = 9_000, 11_401
    decoded = []
    with sound_server.recording() as recording:
        for kind, subtype in (("FLAC", "PCM_24"), ("MP3", None), ("OGG", "VORBIS"), ("OGG", "OPUS")):
            path = tmp_path / f"{subtype}"
            soundfile.write(path, noise(20_000, bits=24), RATE, format=kind, subtype=subtype)
            decoded.append(soundfile.read(path, dtype="float32", always_2d=True)[0])
            real_deck.player.load(path)
            real_deck.player.set_loop(start, end)
            real_deck.player.play()
            real_deck.wait_for(PlayerState.PLAYING)
            recording.wait_for(3 * RATE // 5)
        recorded = recording.samples()

    for samples in decoded:
        frames = frames_in(recorded, samples)
        seams = np.flatnonzero((frames[:-1] == end - 1) & (frames[1:] == start))
        assert len(seams) >= 2
        heard = frames[seams[0] + 1 : seams[-1] + 1]
        assert np.array_equal(heard, start + np.arange(len(heard)) % (end - start))
    assert real_deck.player.underruns == 0


class Takes:
    """Takes that share what is on the left, and tell who they are on the right."""

    def __init__(self, write_wav: WriteWav) -> None:
        self.carrier = self._carrier(np.arange(8 * RATE) / RATE)
        self.signs = [noise(8 * RATE, 1, seed=seed)[:, 0] for seed in range(3)]
        self.paths = [
            write_wav(np.stack([self.carrier, sign], axis=1), subtype="FLOAT", name=f"{number}.wav")
            for number, sign in enumerate(self.signs)
        ]
        other = self._carrier(np.arange(8 * 44_100) / 44_100)
        self.other_rate = write_wav(other[:, None], rate_hz=44_100, subtype="FLOAT", name="mono at 44.1 kHz.wav")

    def _carrier(self, time_s: npt.NDArray[np.float64]) -> Floats:
        return sum(0.1 * np.sin(2 * np.pi * hz * time_s + hz) for hz in (313.0, 1_217.0, 4_999.0)).astype(np.float32)


def test_takes_are_switched_in_step_and_without_a_gap(
    real_deck: RealDeck, sound_server: SoundServer, write_wav: WriteWav
) -> None:
    """Slowly, faster than they fade, over to one of another rate and back: no frame is missing and none comes twice.

    What the takes share goes on as if there were no switches, through every fade.
    """
    takes = Takes(write_wav)
    player = real_deck.player
    player.load(takes.paths[0])

    with sound_server.recording() as recording:
        player.play()
        real_deck.wait_for(PlayerState.PLAYING)
        for number in (1, 2, 0):
            recording.wait_for(RATE // 4)
            player.switch(takes.paths[number])
        recording.wait_for(RATE // 4)
        for number in (1, 2, 0, 1):
            player.switch(takes.paths[number])
        recording.wait_for(RATE // 4)
        player.switch(takes.other_rate)
        recording.wait_for(RATE // 4)
        player.switch(takes.paths[2])
        recording.wait_for(RATE // 2)
        recorded = recording.samples()

    start = start_of(np.stack([takes.carrier, takes.signs[0]], axis=1), recorded)
    left, right = recorded[start:].T
    assert real_deck.player.underruns == 0
    assert len(left) > 1.5 * RATE
    assert np.abs(left - takes.carrier[: len(left)]).max() < 1e-5
    who = [right == sign[: len(right)] for sign in (*takes.signs, left)]  # mono is the same on both sides
    assert [bool(each.sum() > RATE // 10) for each in who] == [True] * 4
    is_fading = ~np.any(who, axis=0)
    fades = np.diff(np.flatnonzero(np.diff(np.concatenate([[False], is_fading, [False]]).astype(int))))[::2]
    assert fades.max() <= 3 * FADE  # at most three in a row: one under way, one that waits and the newest
    assert is_fading.sum() <= 9 * FADE
    assert np.abs(right).max() <= max(np.abs(sign).max() for sign in takes.signs)
    assert who[2][-RATE // 10 :].all()


def test_pause_and_seek_reach_the_device(real_deck: RealDeck, sound_server: SoundServer, write_wav: WriteWav) -> None:
    samples = noise(6 * RATE)
    player = real_deck.player
    player.load(write_wav(samples))

    with sound_server.recording() as recording:
        player.play()
        real_deck.wait_for(PlayerState.PLAYING)
        recording.wait_for(RATE)
        player.pause()
        real_deck.wait_for(PlayerState.PAUSED)
        recording.wait_for(RATE)
        paused_at = player.position_frames
        silence = recording.samples()[-RATE // 4 :]
        player.seek(4 * RATE)
        player.play()
        recording.wait_for(RATE)
        recorded = recording.samples()

    assert not silence.any()
    start = start_of(samples, recorded)
    sounded = int(np.argmin(recorded[start:].any(axis=1)))
    assert np.array_equal(recorded[start : start + sounded - FADE], samples[: sounded - FADE])
    assert abs(paused_at - sounded) <= 1
    landed = start_of(samples[4 * RATE + FADE :], recorded)
    heard = recorded[landed:]
    assert np.array_equal(heard, samples[4 * RATE + FADE :][: len(heard)])


def test_a_take_is_heard_while_its_second_half_is_held_back(
    real_deck: RealDeck, sound_server: SoundServer, tmp_path: Path
) -> None:
    samples = noise(3 * RATE)
    half = 3 * RATE // 2 + 77
    wav = ArrivingWav(tmp_path, samples)
    release, half_is_there = threading.Event(), threading.Event()

    def write() -> None:
        for frame in range(1_000, half, 1_000):
            wav.send_until(frame)
        wav.send_until(half)
        half_is_there.set()
        assert release.wait(_PATIENCE_S)
        while wav.send(10_001):
            pass
        real_deck.player.arrived(wav.finish())

    writing = threading.Thread(target=write)
    writing.start()
    assert half_is_there.wait(_PATIENCE_S)

    with sound_server.recording() as recording:
        real_deck.player.load_arriving(wav.path)
        real_deck.player.play()
        real_deck.wait_for_event(Buffering(True))
        recording.wait_for(RATE)
        release.set()
        real_deck.wait_for_event(Buffering(False))
        real_deck.wait_for(PlayerState.ENDED)
        recording.wait_for(RATE // 5)
        recorded = recording.samples()
    writing.join(_PATIENCE_S)

    sounding = np.flatnonzero(recorded.any(axis=1))  # no frame of the noise is silent
    gaps = np.flatnonzero(np.diff(sounding) > 1)
    assert np.array_equal(recorded[sounding], samples)
    assert [int(at) + 1 for at in gaps] == [half]
    assert int(np.diff(sounding)[half - 1]) > RATE // 2
    assert real_deck.player.underruns == 0
    assert real_deck.player.path == wav.path


def test_a_server_that_dies_says_so_and_a_new_one_plays(
    monkeypatch: pytest.MonkeyPatch, sound_server: SoundServer, write_wav: WriteWav
) -> None:
    path = write_wav(noise(10 * RATE))
    with SoundServer() as doomed:
        for name, value in doomed.environment.items():
            monkeypatch.setenv(name, value)
        deck = RealDeck()
        try:
            deck.player.load(path)
            deck.player.play()
            deck.wait_for(PlayerState.PLAYING)
            doomed.kill()
            vanished = deck.wait_for_failure()
            deck.player.play()
            refused = deck.wait_for_failure()
            for name, value in sound_server.environment.items():
                monkeypatch.setenv(name, value)
            deck.player.play()
            deck.wait_for(PlayerState.PLAYING)
        finally:
            deck.player.close()

    assert isinstance(vanished.error, PlaybackError)
    assert isinstance(refused.error, PlaybackError)


class UsbServer(SoundServer):
    """A server whose sink ALSA also knows as “usb”, once that is plugged in."""

    def __init__(self, config: Path) -> None:
        self._config = config
        self._tell("")
        super().__init__()
        self.environment = {**self.environment, "ALSA_CONFIG_PATH": str(config)}

    def show_usb(self) -> None:
        """ALSA knows the name from now on, and whoever looks for devices anew."""
        self._tell(f'pcm.usb {{ type pulse device "{SINK}" hint {{ show on description "usb" }} }}')

    def make_default(self, sink: str) -> None:
        """The user chooses another output in the settings of the system."""
        if sink not in self._ask("list", "short", "sinks"):
            self._ask("load-module", "module-null-sink", f"sink_name={sink}", "norewinds=1")
        self._ask("set-default-sink", sink)

    def heard_on(self) -> str:
        """The sink that the only stream plays into."""
        [stream] = self._ask("list", "short", "sink-inputs").splitlines()
        sinks = dict(line.split("\t")[:2] for line in self._ask("list", "short", "sinks").splitlines())
        return sinks[stream.split("\t")[1]]

    def _tell(self, pcm: str) -> None:
        self._config.write_text(f"<{ALSA_CONFIG}>\n{pcm}\n")


@pytest.fixture
def usb_server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[UsbServer]:
    if missing_tool() is not None or not ALSA_CONFIG.exists():
        pytest.skip("PulseAudio or the configuration of ALSA isn’t installed")
    with UsbServer(tmp_path / "asound.conf") as server:
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        yield server


def test_a_chosen_device_is_missed_while_it_is_away_and_plays_when_it_is_back(
    usb_server: UsbServer, write_wav: WriteWav
) -> None:
    """It was plugged in while another stream was open: as soon as nothing sounds it is found."""
    samples = noise(10 * RATE)
    deck = RealDeck()
    player = deck.player
    try:
        if not deck.sound_card.list_output_devices():
            pytest.skip("ALSA has no way to PulseAudio here (libasound2-plugins)")
        player.load(write_wav(samples))
        player.play()
        deck.wait_for(PlayerState.PLAYING)
        usb_server.show_usb()
        seen_while_it_sounds = deck.sound_card.find("usb", "ALSA")
        player.pause()
        deck.wait_for(PlayerState.PAUSED)
        usb = found_soon(deck.sound_card)

        player.set_device(usb)
        player.play()
        deck.wait_for(PlayerState.PLAYING)
        usb_server.unplug()
        vanished = deck.wait_for_failure()
        player.play()
        away = deck.wait_for_failure()
        usb_server.plug_in()
        with usb_server.recording() as recording:
            position = player.position_frames
            player.play()
            deck.wait_for(PlayerState.PLAYING)
            recording.wait_for(RATE // 2)
            recorded = recording.samples()
    finally:
        player.close()

    assert seen_while_it_sounds is None
    assert str(vanished.error).startswith("usb is gone.")
    assert "usb isn’t connected" in str(away.error)
    assert start_of(samples[position + FADE :], recorded) > 0


def found_soon(sound_card: PortAudio) -> OutputDevice:
    """The device, once the stream that was paused counts as silent."""
    waiting = threading.Event()
    for _ in range(200):
        usb = sound_card.find("usb", "ALSA")
        if usb is not None:
            return usb
        waiting.wait(0.05)
    raise AssertionError("usb isn't found")


def test_the_default_device_of_the_system_is_followed(usb_server: UsbServer, write_wav: WriteWav) -> None:
    deck = RealDeck()
    try:
        if not deck.sound_card.list_output_devices():
            pytest.skip("ALSA has no way to PulseAudio here (libasound2-plugins)")
        deck.player.load(write_wav(noise(10 * RATE)))
        deck.player.play()
        deck.wait_for(PlayerState.PLAYING)
        first = usb_server.heard_on()
        usb_server.make_default("other")
        while_it_plays = usb_server.heard_on()
        deck.player.stop()
        deck.wait_for(PlayerState.STOPPED)
        usb_server.make_default(SINK)
        deck.player.play()
        deck.wait_for(PlayerState.PLAYING)
        next_play = usb_server.heard_on()
    finally:
        deck.player.close()

    assert PortAudio.default_moves_along
    assert (first, while_it_plays, next_play) == (SINK, "other", SINK)


def test_elsewhere_the_default_device_is_looked_up_anew_for_each_stream(
    real_deck: RealDeck, monkeypatch: pytest.MonkeyPatch, a_wav: Path
) -> None:
    """PortAudio of Windows and macOS knows the default of the moment in which it was started."""
    import sounddevice

    starts = []
    start = sounddevice._initialize
    monkeypatch.setattr(sounddevice, "_initialize", lambda: (starts.append(1), start()))
    monkeypatch.setattr(PortAudio, "default_moves_along", False)
    monkeypatch.setattr("app.audio.devices._NEWS_S", -1.0)
    real_deck.player.load(a_wav)
    counts = []

    for device in (None, real_deck.sound_card.list_output_devices()[0]):
        real_deck.player.set_device(device)
        starts.clear()
        real_deck.player.play()
        real_deck.wait_for(PlayerState.PLAYING)
        counts.append(len(starts))
        real_deck.player.stop()
        real_deck.wait_for(PlayerState.STOPPED)

    assert counts == [1, 0]


def test_devices_are_found_by_name_and_host_api(real_deck: RealDeck) -> None:
    devices = real_deck.sound_card.list_output_devices()

    assert sum(device.is_default for device in devices) == 1
    for device in devices:
        assert device.channels > 0
        assert device.default_sample_rate_hz > 0
        assert real_deck.sound_card.find(device.name, device.host_api) == device
    assert real_deck.sound_card.find(devices[0].name, "another host") is None


def test_a_list_of_devices_disturbs_no_sound(
    real_deck: RealDeck, sound_server: SoundServer, write_wav: WriteWav
) -> None:
    samples = noise(RATE)

    with sound_server.recording() as recording:
        real_deck.player.load(write_wav(samples))
        real_deck.player.play()
        real_deck.wait_for(PlayerState.PLAYING)
        asking = threading.Thread(target=real_deck.sound_card.list_output_devices)
        asking.start()
        asking.join(_PATIENCE_S)
        real_deck.wait_for(PlayerState.ENDED)
        recording.wait_for(RATE // 5)
        recorded = recording.samples()

    start = start_of(samples, recorded)
    assert np.array_equal(recorded[start : start + RATE], samples)


def test_a_chosen_device_plays_and_one_that_is_gone_says_so(real_deck: RealDeck, write_wav: WriteWav) -> None:
    device = real_deck.sound_card.list_output_devices()[0]
    real_deck.player.load(write_wav(noise(RATE)))

    real_deck.player.set_device(device)
    real_deck.player.play()
    real_deck.wait_for(PlayerState.ENDED)
    real_deck.player.set_device(type(device)("USB Interface", "ALSA", 2, RATE, is_default=False))
    real_deck.player.play()

    assert "USB Interface" in str(real_deck.wait_for_failure().error)
