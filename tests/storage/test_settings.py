"""Settings are checked one by one; what can't be used is told, and nothing that was in the file is lost."""

from __future__ import annotations

import math
import threading
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.domain.audio import AudioFormat, BitDepth
from app.domain.errors import SettingsError
from app.domain.export_settings import ExportSettings, FadeShape
from app.storage.settings import (
    NetworkSettings,
    ProviderSettings,
    Settings,
    SettingsStore,
    SpendingSettings,
)

EVERYTHING = Settings(
    theme="dark",
    text_scale=1.25,
    reduce_motion=True,
    output_device="ALSA/Speakers, front",
    volume_db=-6.5,
    match_loudness=True,
    providers={
        "runware": ProviderSettings("https://eu.runware.example/v1", 2.5, 8),
        "openai:kokoro": ProviderSettings(base_url="http://127.0.0.1:8880/v1"),
    },
    network=NetworkSettings(patience_s=30.0),
    spending=SpendingSettings(Decimal("2.50"), Decimal(40)),
    export=ExportSettings(
        AudioFormat.MP3,
        44_100,
        1,
        BitDepth.FLOAT32,
        192,
        -16.0,
        -1.0,
        "{date}_{prompt}",
        Path("/takes"),
        momentary_lufs=-12.0,
        true_peak_dbtp=-2.0,
        silence_dbfs=-50.0,
        margin_s=0.1,
        fade_in_s=0.05,
        fade_out_s=1.5,
        fade_shape=FadeShape.S_CURVE,
        writes_tags=False,
    ),
)


@pytest.fixture
def path(tmp_path) -> Path:
    return tmp_path / "config" / "settings.toml"


@pytest.fixture
def store(path) -> SettingsStore:
    return SettingsStore(path)


def write(path: Path, text: str | bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())


def test_without_a_file_there_are_defaults_and_none_is_made(store, path):
    assert store.load() == Settings()
    assert store.problems == ()
    assert not path.exists()


def test_everything_comes_back(store, path):
    store.save(EVERYTHING)

    again = SettingsStore(path)
    assert again.load() == EVERYTHING
    assert again.problems == ()


def test_everything_can_be_unset_again(store, path):
    store.save(EVERYTHING)

    store.save(Settings())

    assert SettingsStore(path).load() == Settings()


def test_every_setting_can_be_set_to_what_it_is_shown_as(store, path):
    store.save(EVERYTHING)

    for key, value in SettingsStore(path).items():
        store.set(key, value)

    assert SettingsStore(path).load() == EVERYTHING


def test_a_setting_is_kept_by_its_dotted_name(store, path):
    store.set("network.patience_s", "5")
    store.set("providers.openai:kokoro.base_url", "http://localhost:8880/v1/")
    store.set('providers."openai:kokoro".concurrency', "2")

    assert store.get("network.patience_s") == "5.0"
    settings = SettingsStore(path).load()
    assert settings.providers == {"openai:kokoro": ProviderSettings("http://localhost:8880/v1", None, 2)}
    assert settings.network.patience_s == 5.0


def test_what_is_not_set_is_shown_as_none_and_none_unsets(store):
    assert store.get("spending.day_usd") == "none"
    store.set("spending.day_usd", "12.30")
    assert store.get("spending.day_usd") == "12.30"

    store.set("spending.day_usd", "none")

    assert store.load().spending.day_usd is None


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("theme", "blue", "system, dark or light"),
        ("text_scale", "0.79", "from 0.8 to 2"),
        ("text_scale", "nan", "from 0.8 to 2"),
        ("text_scale", "big", "from 0.8 to 2"),
        ("reduce_motion", "maybe", "true or false"),
        ("volume_db", "1", "to 0"),
        ("network.patience_s", "-1", "from 0 to 86,400"),
        ("network.patience_s", "inf", "from 0 to 86,400"),
        ("spending.day_usd", "much", "such as 40"),
        ("spending.day_usd", "-1", "such as 40"),
        ("spending.day_usd", "NaN", "such as 40"),
        ("spending.month_usd", "1e400000", "such as 40"),
        ("export.format", "aac", "wav, flac, mp3, ogg or opus"),
        ("export.bit_depth", "12", "16, 24 or 32f"),
        ("export.channels", "3", "from 1 to 2"),
        ("export.channels", "1.0", "whole number"),
        ("export.sample_rate_hz", "9" * 5_000, "whole number"),
        ("export.name", "a\nb", "control characters"),
        ("providers.runware.concurrency", "0", "from 1 to 64"),
        ("providers.runware.poll_interval_s", "0", "from 0.02"),
        ("providers.runware.base_url", "http://api.runware.ai", "https://"),
        ("providers.local.base_url", "https://example.com", "no address"),
        ("providers.nobody.base_url", "https://example.com", "openai:NAME"),
        ("providers.openai:.base_url", "https://example.com", "openai:NAME"),
        ("providers.openai:a/b.base_url", "https://example.com", "openai:NAME"),
        ("providers.runware.key", "secret", "no setting"),
        ("providers", "x", "no setting"),
        ("export", "x", "no setting"),
        ("export.start_s", "1", "no setting"),
        ("tehme", "dark", "Did you mean theme"),
        ("", "x", "no setting"),
        ("." * 300, "x", "no setting"),
    ],
)
def test_what_cannot_be_used_is_refused_with_what_can(store, path, key, value, reason):
    with pytest.raises(SettingsError, match=reason) as caught:
        store.set(key, value)

    assert caught.value.key is not None
    assert len(str(caught.value)) < 500
    assert not path.exists()


def test_an_unusable_value_in_the_file_is_told_and_only_it_left_out(store, path):
    write(path, 'theme = "dark"\ntext_scale = 9\ncolour = "red"\n[spending]\nday_usd = 2.50\nmonth_usd = true\n')

    settings = store.load()

    assert (settings.theme, settings.text_scale, settings.spending.day_usd) == ("dark", 1.0, Decimal("2.50"))
    assert len(store.problems) == 3
    for problem, about in zip(store.problems, ("text_scale", "colour", "month_usd"), strict=True):
        assert about in problem
        assert str(path) in problem


def test_what_a_newer_app_knows_stays_in_the_file(store, path):
    write(path, 'theme = "dark"\nmood = "calm"\n[lab]\nlasers = 3\n')

    store.set("theme", "light")
    store.save(replace(store.load(), text_scale=1.5))

    assert 'mood = "calm"' in path.read_text()
    assert "lasers = 3" in path.read_text()
    assert SettingsStore(path).load() == Settings(theme="light", text_scale=1.5)


def test_saving_leaves_alone_what_another_process_set_meanwhile(store, path):
    settings = store.load()
    SettingsStore(path).set("spending.day_usd", "3")

    store.save(replace(settings, theme="dark"))

    assert SettingsStore(path).load() == Settings(theme="dark", spending=SpendingSettings(day_usd=Decimal(3)))


LIMITS = ("day_usd", "month_usd")
DAMAGED = [
    b"theme = ",
    b"\xff\xfe\x00",
    b"x = " + b"[" * 5_000,
    b"x = " + b"1" * 5_000,
    b"",
    b"[spending]\nday_usd = 5\0",
]


@pytest.mark.parametrize("damaged", DAMAGED, ids=["cut", "binary", "nested", "digits", "empty", "control character"])
def test_a_damaged_file_is_left_as_it_is_and_told_and_no_limit_is_lost_with_it(store, path, damaged):
    write(path, damaged)

    settings = store.load()
    with pytest.raises(SettingsError, match="Nothing was changed"):
        store.set("theme", "dark")
    with pytest.raises(SettingsError, match="Nothing was changed"):
        store.save(replace(settings, theme="dark"))

    assert settings == Settings(spending=SpendingSettings(unreadable=LIMITS))
    (problem,) = store.problems
    assert str(path) in problem
    assert "nothing is sent that may cost money" in problem
    assert path.read_bytes() == damaged


def test_a_limit_that_is_decided_begins_a_new_file_and_the_other_is_still_not_taken_for_none(store, path):
    write(path, b"[spending]\nmonth_usd = 40\nday_usd = ")

    store.set("spending.day_usd", "5")

    (aside,) = path.parent.glob("settings.toml.damaged-*")
    assert aside.read_bytes() == b"[spending]\nmonth_usd = 40\nday_usd = "
    assert store.load().spending == SpendingSettings(day_usd=Decimal(5), unreadable=("month_usd",))
    store.set("theme", "dark")
    store.set("spending.month_usd", "none")
    assert SettingsStore(path).load() == Settings(theme="dark", spending=SpendingSettings(day_usd=Decimal(5)))


def test_a_limit_that_is_no_amount_is_told_with_its_line_and_not_taken_for_none(store, path):
    write(path, b"theme = 'dark'\n[spending]\nday_usd = 5\nmonth_usd = 'a lot'\n")

    settings = store.load()

    assert settings.spending == SpendingSettings(day_usd=Decimal(5), unreadable=("month_usd",))
    (problem,) = store.problems
    assert f"line 4 of {path}" in problem
    store.save(replace(settings, spending=settings.spending.with_limit("month_usd", None)))
    assert SettingsStore(path).load() == Settings(theme="dark", spending=SpendingSettings(day_usd=Decimal(5)))


def test_a_file_that_is_a_folder_is_told_and_the_app_starts(store, path):
    path.mkdir(parents=True)

    assert store.load() == Settings(spending=SpendingSettings(unreadable=LIMITS))
    assert len(store.problems) == 1
    with pytest.raises(SettingsError, match="directory"):
        store.set("theme", "dark")


def test_a_value_in_the_place_of_a_table_gives_way(store, path):
    write(path, 'spending = "nothing"\nproviders = 3\n')

    store.set("spending.day_usd", "3")
    store.set("providers.camb.concurrency", "3")

    assert SettingsStore(path).load() == Settings(
        providers={"camb": ProviderSettings(concurrency=3)}, spending=SpendingSettings(Decimal(3))
    )


def test_a_value_that_cannot_be_kept_is_refused_and_the_file_stays(store, path):
    store.set("theme", "dark")
    before = path.read_bytes()

    with pytest.raises(SettingsError):
        store.save(replace(store.load(), text_scale=99.0, theme="light"))

    assert path.read_bytes() == before


def test_silence_is_a_volume(store, path):
    store.save(Settings(volume_db=-math.inf))

    assert SettingsStore(path).load().volume_db == -math.inf
    assert SettingsStore(path).get("volume_db") == "-inf"


def test_threads_that_set_at_once_lose_nothing(store, path):
    names = ("runware", "camb", "runinfra", "aimlapi", "openai", "openai:a", "openai:b", "openai:c")
    threads = [threading.Thread(target=store.set, args=(f"providers.{name}.concurrency", "3")) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert set(SettingsStore(path).load().providers) == set(names)
    assert [each.name for each in path.parent.iterdir()] == ["settings.toml"]


TOML_LIKE = some.text(some.sampled_from("[]{}\"'=.,#\n\\ab1-:e+n_"), max_size=60)
KEYS = ("theme", "text_scale", "volume_db", "spending.day_usd", "providers.openai.base_url", "export.folder")


@given(
    some.binary(max_size=100)
    | TOML_LIKE.map(str.encode)
    | some.tuples(
        some.sampled_from(KEYS),
        some.sampled_from(["nan", "-inf", "1e999", "[]", "{}", "{a.b=1}", "'x'", "9" * 30, "1979-05-27", "true", "''"]),
    ).map(lambda line: f"{line[0]} = {line[1]}".encode())
)
def test_nothing_that_can_be_in_the_file_fails(data):
    with TemporaryDirectory() as folder:
        path = Path(folder) / "settings.toml"
        path.write_bytes(data)
        store = SettingsStore(path)

        settings = store.load()
        try:
            store.save(replace(settings, theme="light"))
        except SettingsError:
            assert settings == Settings(spending=SpendingSettings(unreadable=LIMITS))
            assert path.read_bytes() == data
        else:
            assert SettingsStore(path).load() == replace(settings, theme="light")


@given(some.text(max_size=30) | some.sampled_from(KEYS), some.text(some.characters(exclude_categories=[]), max_size=30))
def test_nothing_that_can_be_typed_fails_otherwise_than_in_a_sentence(key, value):
    with TemporaryDirectory() as folder:
        store = SettingsStore(Path(folder) / "settings.toml")
        with suppress(SettingsError):
            store.set(key, value)

        again = SettingsStore(Path(folder) / "settings.toml")
        again.load()
        assert again.problems == ()


def test_a_number_larger_than_any_is_told_and_left_out(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(f"[network]\npatience_s = {10**400}\n")
    store = SettingsStore(path)

    assert store.load() == Settings()
    assert ["patience_s" in problem for problem in store.problems] == [True]


def test_a_file_that_could_not_be_written_again_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    text = f"mine = 0x{'f' * 20_000}\n"
    path.write_text(text)

    with pytest.raises(SettingsError, match="can’t be written again"):
        SettingsStore(path).set("theme", "dark")

    assert path.read_text() == text
