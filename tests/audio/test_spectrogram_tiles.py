from __future__ import annotations

from concurrent.futures import CancelledError
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from app.audio.spectrogram import ROWS, Analysis, Levels
from app.audio.spectrogram_grid import TILE_COLUMNS, Grid
from app.audio.spectrogram_tiles import TileKey, TileMaker, TileStore
from app.domain.errors import BrokenAudio, StorageError
from tests.audio.arriving import ArrivingWav
from tests.audio.conftest import Floats, WriteWav, noise

RATE_HZ = 48_000
MEDIUM = Grid(256, 2_048)


def tiles_of(path: Path, grid: Grid, numbers: list[int]) -> list[Levels]:
    with TileMaker(path) as maker:
        return [maker.make(TileKey(grid, number)) for number in numbers]


def at_once(samples: Floats, grid: Grid, columns: int) -> Levels:
    """The spectrogram of a whole sound of one channel, without tiles."""
    analysis = Analysis(grid, RATE_HZ)
    around = np.zeros(analysis.frames_for(columns), np.float32)
    part = samples[: len(around) - grid.lead_in]
    around[grid.lead_in : grid.lead_in + len(part)] = part
    return analysis.columns(around, columns)


@pytest.mark.parametrize("grid", [Grid(8, 512), MEDIUM, Grid(512, 4_096), Grid(4_096, 4_096)])
def test_tiles_join_without_a_seam(write_wav: WriteWav, grid: Grid) -> None:
    frames = min(3 * grid.tile_frames - 77, 700_000)
    samples = noise(frames, 1)
    path = write_wav(samples)

    tiles = np.concatenate(tiles_of(path, grid, [0, 1, 2]), axis=1)

    assert np.array_equal(tiles[0], at_once(samples[:, 0], grid, 3 * TILE_COLUMNS))


def test_tiles_are_the_same_in_any_order(write_wav: WriteWav) -> None:
    path = write_wav(noise(4 * MEDIUM.tile_frames, 2))

    onward = tiles_of(path, MEDIUM, [0, 1, 2, 3])

    for order in ([3, 2, 1, 0], [1, 3, 0, 2]):
        shuffled = tiles_of(path, MEDIUM, order)
        assert all(np.array_equal(onward[number], tile) for number, tile in zip(order, shuffled, strict=True))


@pytest.mark.parametrize(("kind", "subtype"), [("MP3", "MPEG_LAYER_III"), ("OGG", "VORBIS"), ("FLAC", "PCM_16")])
def test_every_kind_of_file_has_the_same_tiles_in_any_order(tmp_path: Path, kind: str, subtype: str) -> None:
    path = tmp_path / "a.bin"
    soundfile.write(path, noise(4 * MEDIUM.tile_frames, 2), RATE_HZ, format=kind, subtype=subtype)

    onward = tiles_of(path, MEDIUM, [0, 1, 2, 3])
    back = tiles_of(path, MEDIUM, [3, 1, 0])

    # A decoder of MP3 that jumps begins with a little less of what was before.
    for number, tile in zip([3, 1, 0], back, strict=True):
        assert np.abs(onward[number].astype(int) - tile).max() <= 2


def test_channels_stay_apart(write_wav: WriteWav) -> None:
    time_s = np.arange(MEDIUM.tile_frames) / RATE_HZ
    tones = [0.5 * np.sin(2 * np.pi * hz * time_s) for hz in (300, 3_000, 9_000)]
    path = write_wav(np.stack(tones, axis=1).astype(np.float32))

    (tile,) = tiles_of(path, MEDIUM, [0])

    alone = [at_once(tone.astype(np.float32), MEDIUM, TILE_COLUMNS) for tone in tones[:2]]
    assert tile.shape == (3, TILE_COLUMNS, ROWS)
    for lane in range(2):
        loud = alone[lane] > 150  # -45 dBFS: above what 16 bits add
        loud[-8:] = False  # where the tones are cut off all frequencies sound
        loud[:8] = False
        assert np.abs(tile[lane][loud].astype(int) - alone[lane][loud]).max() <= 1
        assert tile[1 - lane][loud].max() < 60


@pytest.mark.parametrize("grid", [Grid(4, 512), MEDIUM, Grid(512, 4_096), Grid(8_192, 4_096)])
@pytest.mark.parametrize("share", [0.1, 0.42, 0.77])
def test_a_click_is_where_it_is_in_the_file(write_wav: WriteWav, grid: Grid, share: float) -> None:
    frames = 2 * grid.tile_frames
    click = round(share * frames)
    samples = np.zeros((frames, 1), np.float32)
    samples[click] = 0.9

    loudness = np.concatenate(tiles_of(write_wav(samples), grid, [0, 1]), axis=1)[0].max(axis=1)

    # At the top of a window several columns have the same half decibel; the click is in their middle.
    middle = np.flatnonzero(loudness == loudness.max()).mean()
    assert abs(middle + 0.5 - click / grid.column_frames) <= 1


def test_a_click_in_an_hour_is_seen_from_afar(tmp_path: Path) -> None:
    path = tmp_path / "hour.wav"
    rate_hz, click = 8_000, 17_654_321
    with soundfile.SoundFile(path, "w", rate_hz, 1, "PCM_U8", format="WAV") as file:
        samples = np.zeros(3_600 * rate_hz, np.float32)
        samples[click] = 0.9
        file.write(samples)
    grid = Grid.nearest(len(samples) / 1_400, rate_hz)
    number, column = divmod(click // grid.column_frames, TILE_COLUMNS)

    (tile,) = tiles_of(path, grid, [number])

    loudness = tile[0].max(axis=1)
    assert loudness.argmax() == column
    assert loudness[column] > loudness[column - 2] + 20


@pytest.mark.parametrize("frames", [0, 1, 100])
@pytest.mark.parametrize("channels", [1, 2, 6, 9])
def test_hardly_any_sound_has_a_tile_too(write_wav: WriteWav, frames: int, channels: int) -> None:
    path = write_wav(noise(frames, channels))

    (tile,) = tiles_of(path, MEDIUM, [0])

    assert tile.shape == (channels if channels <= 8 else 2, TILE_COLUMNS, ROWS)
    assert tile.any() == (frames > 0)
    assert not tile[:, 10:].any()


@pytest.mark.parametrize("rate_hz", [1_000, 8_000, 192_000, 655_350])
def test_every_rate_has_tiles(write_wav: WriteWav, rate_hz: int) -> None:
    path = write_wav(noise(rate_hz // 10, 1), rate_hz=rate_hz)

    (tile,) = tiles_of(path, Grid.nearest(rate_hz / 100, rate_hz), [0])

    assert tile[:, 0].all()


def test_what_is_no_number_is_silent(write_wav: WriteWav) -> None:
    samples = np.full((MEDIUM.tile_frames, 1), np.nan, np.float32)

    (tile,) = tiles_of(write_wav(samples, subtype="FLOAT"), MEDIUM, [0])

    assert not tile.any()


def test_past_the_end_is_silence(write_wav: WriteWav) -> None:
    (tile,) = tiles_of(write_wav(noise(1_000)), MEDIUM, [7])

    assert not tile.any()


def test_a_tile_that_nobody_wants_any_more_is_given_up(write_wav: WriteWav) -> None:
    path = write_wav(noise(2_000_000, 1))
    asked: list[int] = []

    def cancelled() -> bool:
        asked.append(1)
        return len(asked) == 3

    with TileMaker(path) as maker, pytest.raises(CancelledError):
        maker.make(TileKey(Grid(65_536, 4_096), 0), cancelled=cancelled)


def test_what_is_no_audio_or_is_not_there_is_told(tmp_path: Path) -> None:
    (tmp_path / "text.wav").write_text("no sound")

    with pytest.raises(BrokenAudio):
        TileMaker(tmp_path / "text.wav")
    with pytest.raises(StorageError):
        TileMaker(tmp_path / "missing.wav")


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 400)), max_size=60))
def test_a_store_never_holds_more_than_it_may(puts: list[tuple[int, int]]) -> None:
    store = TileStore(max_bytes=1_000)
    newest: dict[int, int] = {}

    for number, size in puts:
        newest[number] = size
        store.put(TileKey(MEDIUM, number), np.full((1, 1, size), number, np.uint8))
        assert TileKey(MEDIUM, number) in store
        assert store.bytes <= 1_000

    there = [number for number in newest if TileKey(MEDIUM, number) in store]
    assert store.bytes == sum(newest[number] for number in there)
    assert store.grids == ([MEDIUM] if puts else [])


def test_a_store_lets_go_of_what_was_not_looked_at_longest() -> None:
    store = TileStore(max_bytes=2)
    one, two, three = (TileKey(MEDIUM, number) for number in range(3))
    store.put(one, np.zeros((1, 1, 1), np.uint8))
    store.put(two, np.zeros((1, 1, 1), np.uint8))

    store.get(one)
    store.put(three, np.zeros((1, 1, 1), np.uint8))

    assert [key in store for key in (one, two, three)] == [True, False, True]


@pytest.mark.parametrize("grid", [MEDIUM, Grid(4_096, 4_096)])
def test_of_a_sound_that_arrives_tiles_show_what_is_there_and_then_all(tmp_path: Path, grid: Grid) -> None:
    samples = noise(round(1.5 * grid.tile_frames), 1)
    wav = ArrivingWav(tmp_path, samples, subtype="FLOAT")
    there = grid.tile_frames // 3 + 5
    wav.send_until(there)

    with TileMaker(wav.path, is_growing=True) as maker:
        early, early_frames = maker.make(TileKey(grid, 0)), maker.frames
        wav.send_until(grid.tile_frames + there)
        late = [maker.make(TileKey(grid, number)) for number in (0, 1)]

    assert early_frames == there
    assert np.array_equal(early[0], at_once(samples[:there, 0], grid, TILE_COLUMNS))
    assert np.array_equal(
        np.concatenate(late, axis=1)[0], at_once(samples[: grid.tile_frames + there, 0], grid, 2 * TILE_COLUMNS)
    )


def test_a_store_knows_which_tiles_show_less_than_has_arrived() -> None:
    store = TileStore()
    levels = np.zeros((1, TILE_COLUMNS, ROWS), np.uint8)
    first, second = TileKey(MEDIUM, 0), TileKey(MEDIUM, 1)
    store.grow(second.start + 100)
    store.put(first, levels, made_of=second.start + 100)
    store.put(second, levels, made_of=second.start + 100)
    assert store.is_current(first)
    assert store.is_current(second)

    store.grow(second.start + MEDIUM.tile_frames)
    assert not store.is_current(second)
    assert not store.is_current(first)  # its last windows look further than itself
    assert second in store

    store.put(first, levels, made_of=first.reach)
    store.put(second, levels)
    store.grow(1 << 40)
    assert store.is_current(first)
    assert store.is_current(second)  # made of a sound that was whole
