"""What the first picture of the window is made of: settings, model specs and names, before anything else is loaded."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.domain.service import Service
from app.engine.addresses import base_urls_of
from app.providers.registry import SERVICES, profiles_of
from app.storage.catalogue import Catalogue
from app.storage.kept_tables import KeptTables
from app.storage.limits_file import LimitsFile
from app.storage.locations import Locations, resources_dir
from app.storage.setting_values import Settings
from app.storage.settings import SettingsStore


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstParts:
    """Read once at the start; everything else is built on it.

    Attributes:
        resources: The folder with the catalogue, icons and fonts.
        limits_file: Tells of spending limits that another process has written since.
        first_settings: As they were at the start.
        first_services: Everyone there was at the start, in the order of the lists; the user’s own servers come
            and go.
        tables: What the files of the catalogue were parsed to.
    """

    locations: Locations
    resources: Path
    settings: SettingsStore
    limits_file: LimitsFile
    first_settings: Settings
    first_services: tuple[Service, ...]
    catalogue: Catalogue
    tables: KeptTables


def read_first_parts(locations: Locations) -> FirstParts:
    """Blocking, some milliseconds; whatever can’t be read is named by the parts themselves."""
    store = SettingsStore(locations.settings_file)
    limits_file = LimitsFile(locations.settings_file)  # first: what is written meanwhile is news
    settings = store.load()
    resources = resources_dir()
    order = [service.id for service in SERVICES]
    tables = KeptTables(locations.tables)
    return FirstParts(
        locations=locations,
        resources=resources,
        settings=store,
        limits_file=limits_file,
        first_settings=settings,
        first_services=(*SERVICES, *profiles_of(base_urls_of(settings))),
        catalogue=Catalogue.load([resources / "catalogue", locations.user_catalogue], order, tables=tables),
        tables=tables,
    )
