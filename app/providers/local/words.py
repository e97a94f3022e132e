"""From words to layers: which sounds a prompt names, and which words bend which of them.

Fast enough for every keystroke, and free of NumPy.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from app.providers.local.inflection import base_forms
from app.providers.local.sounds import FAMILIES
from app.providers.local.traits import Traits
from app.providers.local.vocabulary import (
    DUAL,
    MERGED,
    MODIFIERS,
    PASSED_OVER,
    PREPOSITIONS,
    SEPARATORS,
    SEQUENCE,
    SURFACE_PREPOSITIONS,
    YIELDING,
    Modifier,
)

_TOKEN = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*|[,;.:!?&+/|()–—\n]")
_MOST_LAYERS = 8
_LONGEST_PHRASE = 5


@dataclass(frozen=True, slots=True)
class Layer:
    """One sound of a prompt.

    Attributes:
        family: Name of its family.
        modifiers: As they are shown, in the order of the prompt.
        step: 0, or later where the prompt says "then".
    """

    family: str
    modifiers: tuple[str, ...] = ()
    traits: Traits = Traits()  # noqa: RUF009  (frozen)
    step: int = 0

    def __str__(self) -> str:
        return f"{self.family} ({', '.join(self.modifiers)})" if self.modifiers else self.family


@dataclass(frozen=True, slots=True)
class Understanding:
    """What a prompt means to the sketch generator.

    Attributes:
        layers: Empty where no sound was named.
        understood: Words that were used, in their order.
        ignored: Words that meant nothing to it.
        traits: What bends the texture that is made where no sound was named.
    """

    layers: tuple[Layer, ...]
    understood: tuple[str, ...]
    ignored: tuple[str, ...]
    traits: Traits = Traits()  # noqa: RUF009  (frozen)

    @property
    def is_texture(self) -> bool:
        """No sound was named: a texture is made from the look of the words."""
        return not self.layers

    @property
    def summary(self) -> str:
        """One line for people."""
        if self.layers:
            return f"Understood: {', '.join(map(str, self.layers))}"
        if not (self.understood or self.ignored):
            return ""
        kept = f" ({', '.join(self.understood)})" if self.understood else ""
        return f"No known sound in these words: makes a texture that fits them{kept}"


@dataclass(frozen=True, slots=True)
class _Item:
    """A token, or several, with what they mean."""

    text: str
    family: str | None = None
    modifier: Modifier | None = None
    clause: int = 0
    phrase: int = 0
    step: int = 0
    on_surface: bool = False


@lru_cache(maxsize=128)
def understand(prompt: str) -> Understanding:
    """Read a prompt. Never fails; unknown words are told."""
    items, ignored = _read(prompt)
    items = _decide_duals(items)
    items = _merge(items)
    layers, free = _bind(items)
    understood = tuple(dict.fromkeys(item.text for item in items))
    return Understanding(tuple(layers[:_MOST_LAYERS]), understood, tuple(dict.fromkeys(ignored)), free)


def _tokens(prompt: str) -> list[str]:
    text = unicodedata.normalize("NFC", prompt).lower().replace("’", "'")
    found: list[str] = []
    for token in _TOKEN.findall(text):
        word = token.removesuffix("'s")
        # A hyphen joins words that may be known together ("far-away") or apart ("slow-moving").
        if "-" in word and word not in _lexicon():
            found.extend(part for part in word.split("-") if part)
        else:
            found.append(word)
    return found


@lru_cache(maxsize=1)
def _lexicon() -> dict[str, list[tuple[tuple[str, ...], str | None, Modifier | None]]]:
    """Known phrases by their first word, the longest first."""
    entries: dict[str, list[tuple[tuple[str, ...], str | None, Modifier | None]]] = {}

    def add(phrase: str, family: str | None, modifier: Modifier | None) -> None:
        parts = tuple(phrase.split())
        known = entries.setdefault(parts[0], [])
        for place, (other, other_family, other_modifier) in enumerate(known):
            if other == parts:
                known[place] = (parts, other_family or family, other_modifier or modifier)
                return
        known.append((parts, family, modifier))

    for family in FAMILIES.values():
        for phrase in (family.name, *family.words):
            add(phrase, family.name, None)
    for modifier in MODIFIERS:
        for phrase in modifier.words:
            add(phrase, None, modifier)
    for word, name in DUAL.items():
        add(word, name, None)
    for known in entries.values():
        known.sort(key=lambda entry: -len(entry[0]))
    return entries


def _matches(tokens: list[str], start: int) -> tuple[int, str | None, Modifier | None]:
    """How many tokens from `start` are a known phrase, and what it means."""
    best: tuple[int, str | None, Modifier | None] = (0, None, None)
    for form in base_forms(tokens[start]):
        for parts, family, modifier in _lexicon().get(form, ()):
            length = len(parts)
            if length <= best[0] or start + length > len(tokens):
                continue
            if all(part in base_forms(tokens[start + place]) for place, part in enumerate(parts) if place):
                best = (length, family, modifier)
                break
    return best


def _read(prompt: str) -> tuple[list[_Item], list[str]]:
    tokens = _tokens(prompt)
    items: list[_Item] = []
    ignored: list[str] = []
    clause = phrase = step = place = 0
    on_surface = False
    while place < len(tokens):
        token = tokens[place]
        length, family, modifier = _matches(tokens, place)
        if length and not (length == 1 and token in SEPARATORS | PREPOSITIONS):
            text = " ".join(tokens[place : place + length])
            items.append(_Item(text, family, modifier, clause, phrase, step, on_surface))
            place += length
            continue
        if token in SEQUENCE and items:
            step = items[-1].step + 1
        if token in SEPARATORS:
            clause, phrase, on_surface = clause + 1, phrase + 1, False
        elif token in PREPOSITIONS:
            phrase, on_surface = phrase + 1, token in SURFACE_PREPOSITIONS
        elif token not in PASSED_OVER and token not in SEQUENCE and not token.isdigit():
            ignored.append(token)
        place += 1
    return items, ignored


def _decide_duals(items: list[_Item]) -> list[_Item]:
    """Settle words that are a family and a material: `rain on glass`, but `glass shatters`."""
    decided = []
    for item in items:
        if item.family is None or item.modifier is None:
            decided.append(item)
            continue
        material = item.modifier.traits.material
        others = [
            other.family
            for other in items
            if other.clause == item.clause and other is not item and other.family and not other.modifier
        ]
        made_of = any(material in FAMILIES[name].materials for name in others)
        is_material = made_of or (item.on_surface and bool(others))
        decided.append(replace(item, family=None) if is_material else replace(item, modifier=None))
    return decided


def _merge(items: list[_Item]) -> list[_Item]:
    """Two families in one phrase that are one sound become one; the other word stays understood."""
    merged = list(items)
    for place, item in enumerate(merged):
        if item.family is None:
            continue
        for other_place, other in enumerate(merged):
            if other_place == place or other.family is None or other.clause != item.clause:
                continue
            family = merged[place].family
            if family is None:
                break
            into = _one_sound(family, other.family, other.phrase == item.phrase)
            if into is not None:
                merged[other_place] = replace(other, family=into)
                merged[place] = replace(item, family=None)
                break
    return merged


def _one_sound(family: str, other: str, same_phrase: bool) -> str | None:
    if family == other:
        return family
    into = MERGED.get(frozenset((family, other)))
    if into is not None and same_phrase:
        return into
    return other if same_phrase and family in YIELDING and other not in YIELDING else None


def _bind(items: list[_Item]) -> tuple[list[Layer], Traits]:
    """Give every modifier to its layer. What belongs to no layer is the second answer."""
    heads = [place for place, item in enumerate(items) if item.family is not None]
    bound: dict[int, list[Modifier]] = {head: [] for head in heads}
    everywhere: list[Modifier] = []
    loose: list[Modifier] = []
    for place, item in enumerate(items):
        if item.modifier is None:
            continue
        in_clause = [head for head in heads if items[head].clause == item.clause]
        if not heads:
            loose.append(item.modifier)
        elif item.modifier.is_place and not in_clause:
            everywhere.append(item.modifier)
        else:
            bound[_head_of(place, items, heads, in_clause)].append(item.modifier)
    material = next((modifier for modifier in loose if modifier.traits.material), None)
    if not heads and material is not None:
        # Only a material is named, such as "metallic": something made of it is struck.
        return [_layer("hit", loose, 0)], Traits()
    layers = list(
        dict.fromkeys(_layer(str(items[head].family), bound[head] + everywhere, items[head].step) for head in heads)
    )
    return layers, _sum(loose)


def _head_of(place: int, items: list[_Item], heads: list[int], in_clause: list[int]) -> int:
    """Forward to the next family of the phrase, else back to the last; then the clause, then the neighbours."""
    for group in ([h for h in in_clause if items[h].phrase == items[place].phrase], in_clause):
        if group:
            own_phrase = items[group[0]].phrase == items[place].phrase
            after = [head for head in group if head > place]
            before = [head for head in group if head < place]
            if own_phrase:
                return after[0] if after else before[-1]
            return before[-1] if before else after[0]
    before = [head for head in heads if head < place]
    return before[-1] if before else heads[0]


def _layer(family: str, modifiers: list[Modifier], step: int) -> Layer:
    names = tuple(dict.fromkeys(modifier.name for modifier in modifiers))
    return Layer(family, names, _sum(modifiers), step)


def _sum(modifiers: Iterator[Modifier] | list[Modifier]) -> Traits:
    total = Traits()
    for modifier in dict.fromkeys(modifiers):
        total += modifier.traits
    return total.within_reason
