"""All families of sounds the sketch generator knows, by name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from app.providers.local.recipe import Family
from app.providers.local.sounds import (
    beasts,
    birds,
    doors,
    fantasy,
    fire,
    games,
    household,
    instruments,
    interface,
    machines,
    materials,
    metalware,
    people,
    places,
    signals,
    trailer,
    vehicles,
    voices,
    water,
    weapons,
    weather,
)

FAMILIES: Mapping[str, Family] = MappingProxyType(
    {
        family.name: family
        for module in (
            weather,
            water,
            fire,
            birds,
            beasts,
            people,
            voices,
            doors,
            materials,
            metalware,
            household,
            instruments,
            vehicles,
            machines,
            signals,
            weapons,
            trailer,
            fantasy,
            interface,
            games,
            places,
        )
        for family in module.FAMILIES
    }
)
