"""The settings in force and those on the disk keep in step, whoever changes them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from app.domain.audio import AudioFormat
from app.storage.settings import SettingsStore
from app.ui.kept_settings import KeptSettings


async def test_what_another_process_sets_meanwhile_stays_and_so_does_what_was_changed_here(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    store = SettingsStore(path)
    kept = KeptSettings(store, store.load())

    SettingsStore(path).set("export.format", "flac")
    assert (await kept.fresh()).export.format is AudioFormat.FLAC
    kept.now = replace(kept.now, theme="light")
    assert (await kept.fresh()).theme == "light"
    SettingsStore(path).set("clips_folder", str(tmp_path))
    await kept.fresh()
    await kept.save()

    there = SettingsStore(path).load()
    assert (there.theme, there.export.format, there.clips_folder) == ("light", AudioFormat.FLAC, tmp_path)


async def test_what_is_only_in_force_yet_goes_before_what_is_on_the_disk(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    store = SettingsStore(path)
    kept = KeptSettings(store, store.load())
    kept.now = replace(kept.now, export=replace(kept.now.export, format=AudioFormat.OPUS))

    SettingsStore(path).set("theme", "dark")
    fresh = await kept.fresh()

    assert (fresh.theme, fresh.export.format) == ("dark", AudioFormat.OPUS)
    await kept.save()
    assert SettingsStore(path).load() == fresh
