"""From words to layers: which sounds a prompt names, and which words bend which of them.

Fast enough for every keystroke, and free of NumPy.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import groupby

from msgspec import structs

from app.providers.local.lexicon import Item, read
from app.providers.local.merging import MERGED, ONE_BLOW, SEVERAL, STYLES, YIELDING
from app.providers.local.sounds import FAMILIES
from app.providers.local.traits import Traits, of_a_place

_MOST_LAYERS = 8


@dataclass(frozen=True, slots=True)
class Layer:
    """One sound of a prompt.

    Attributes:
        family: Name of its family.
        modifiers: As they are shown, in the order of the prompt.
        place: Where it sounds, as it is shown; may be empty.
        step: 0, or later where the prompt says so.
        is_together: The words tie it to the sound before.
    """

    family: str
    modifiers: tuple[str, ...] = ()
    traits: Traits = field(default_factory=Traits)
    step: int = 0
    place: str = ""
    is_together: bool = False

    def __str__(self) -> str:
        more = "; ".join(part for part in (", ".join(self.modifiers), self.place) if part)
        return f"{self.family} ({more})" if more else self.family


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
    traits: Traits = field(default_factory=Traits)

    @property
    def is_texture(self) -> bool:
        """No sound was named: a texture is made from the look of the words."""
        return not self.layers

    @property
    def summary(self) -> str:
        """One line for people; empty for a prompt without words."""
        if self.layers:
            by_step = groupby(self.layers, key=lambda layer: layer.step)
            line = "Understood: " + ", then ".join(", ".join(map(str, layers)) for _, layers in by_step)
            return f"{line}. Not understood: {', '.join(self.ignored)}" if self.ignored else line
        if not (self.understood or self.ignored):
            return ""
        kept = f" ({', '.join(self.understood)})" if self.understood else ""
        return f"No known sound in these words. A texture is made that fits them{kept}"


@lru_cache(maxsize=128)
def understand(prompt: str) -> Understanding:
    """Read a prompt. Never fails; unknown words are told."""
    items, ignored = read(prompt)
    layers, free = _layers(_merged(_decided(items)))
    return Understanding(
        tuple(sorted(layers[:_MOST_LAYERS], key=lambda layer: layer.step)),
        tuple(dict.fromkeys(item.text for item in items)),
        tuple(dict.fromkeys(ignored)),
        free,
    )


def _decided(items: list[Item]) -> list[Item]:
    """Settle words that are a sound or something else: `rain on glass`, but `glass shatters`; `retro jump`."""
    is_styled = any(item.family and item.text not in STYLES for item in items)
    decided = [replace(item, family=None) if is_styled and item.text in STYLES else item for item in items]
    for place, item in enumerate(decided):
        if item.family is None or item.modifier is None or not item.modifier.traits.material:
            continue
        if item.modifier.traits.material in FAMILIES[item.family].materials:
            continue  # "revving" is an engine, and how it runs
        is_material = _is_material(place, items)
        decided[place] = replace(item, family=None) if is_material else replace(item, modifier=None)
    return decided


def _is_material(place: int, items: list[Item]) -> bool:
    item = items[place]
    assert item.modifier is not None
    others = [
        other.family
        for other in items
        if other.clause == item.clause and other is not item and other.family and not other.modifier
    ]
    if any(item.modifier.traits.material in FAMILIES[name].materials for name in others):
        return True
    if item.on_surface:
        return bool(others)
    after = items[place + 1] if place + 1 < len(items) else None
    if after is not None and after.phrase == item.phrase and _is_place(after):
        return True  # "a stone corridor"
    # "Glass door": the word right before another sound says what that is made of.
    return (
        after is not None
        and after.phrase == item.phrase
        and after.family not in (None, item.family)
        and after.modifier is None
        and frozenset((str(item.family), str(after.family))) not in MERGED
    )


def _merged(items: list[Item]) -> list[Item]:
    """Two sounds said in one breath that are one become one; the other word stays understood."""
    merged = list(items)
    for place, item in enumerate(merged):
        for other_place, other in enumerate(merged):
            if other_place == place or item.family is None or other.family is None or other.clause != item.clause:
                continue
            into = _one_sound(item, other)
            if into is not None:
                # "A door slams" is one event, "a wolf howling" goes on.
                going_on = [said for said in (item, other) if said.is_going_on and into not in ONE_BLOW]
                is_many = (item.is_many and other.is_many) or bool(going_on) or bool({item.text, other.text} & SEVERAL)
                merged[other_place] = replace(other, family=into, is_many=is_many)
                merged[place] = replace(item, family=None)
                break
    return merged


def _one_sound(item: Item, other: Item) -> str | None:
    """The family that both are, or None where they are two."""
    family, its = str(item.family), str(other.family)
    if family == its:
        return family
    into = MERGED.get(frozenset((family, its)))
    if item.phrase != other.phrase:
        # "Knock on a door" is a knock, "ship in a swell" are two.
        touches = item.on_surface or other.on_surface
        return into if touches and into in (family, its) else None
    if into is not None:
        return into
    return its if family in YIELDING and its not in YIELDING else None


@dataclass(frozen=True, slots=True)
class _Said:
    """A modifier with what the words around it make of it."""

    name: str
    traits: Traits
    is_place: bool


def _layers(items: list[Item]) -> tuple[list[Layer], Traits]:
    """Every sound with its modifiers. What belongs to no sound is the second answer."""
    heads = [place for place, item in enumerate(items) if item.family is not None]
    bound: dict[int, list[_Said]] = {head: [] for head in heads}
    everywhere: list[_Said] = []
    loose: list[_Said] = []
    for place, item in enumerate(items):
        if item.modifier is None:
            continue
        said = _said(place, items)
        if not heads:
            loose.append(said)
        elif item.modifier.is_place and not any(items[head].clause == item.clause for head in heads):
            everywhere.append(said)
        else:
            bound[_head_of(place, items, heads)].append(said)
    if not heads and any(said.traits.material for said in loose):
        # Only a material is named, such as "metallic": something made of it is struck.
        return [_layer(Item("", "hit"), loose)], Traits()
    layers: dict[tuple[str, int], Layer] = {}
    for head in heads:
        layer = _layer(items[head], bound[head] + everywhere)
        layers.setdefault((str(layer), layer.step), layer)  # the same sound said twice is one
    return list(layers.values()), _sum(loose)


def _said(place: int, items: list[Item]) -> _Said:
    """A modifier as it is shown and meant; "long" and "stone" before "corridor" are about the corridor."""
    item = items[place]
    assert item.modifier is not None
    if item.modifier.is_place:
        before = [other for other in items[:place] if _describes(other, place, items)]
        return _Said(" ".join(said.text for said in (*before, item)), item.modifier.traits, is_place=True)
    nearest = next((at for at in range(place + 1, len(items)) if _is_place(items[at])), None)
    if nearest is not None and _describes(item, nearest, items):
        return _Said(" ".join(said.text for said in items[place : nearest + 1]), of_a_place(item.modifier.traits), True)
    return _Said(item.modifier.name, item.modifier.traits, is_place=False)


def _is_place(item: Item) -> bool:
    return item.modifier is not None and item.modifier.is_place


def _describes(item: Item, place: int, items: list[Item]) -> bool:
    """It stands in the same phrase right before a place, where no sound is named."""
    phrase = [other for other in items if other.phrase == items[place].phrase]
    return (
        item.phrase == items[place].phrase
        and item.modifier is not None
        and not item.modifier.is_place
        and item.modifier.traits.is_of_bodies
        and all(other.family is None for other in phrase)
    )


def _head_of(place: int, items: list[Item], heads: list[int]) -> int:
    """Whose modifier it is: the next sound of its phrase, else the last; then of its clause, then of the prompt."""
    own = items[place]
    if own.family is not None:
        return place
    phrase = [head for head in heads if items[head].phrase == own.phrase]
    if phrase:
        return next((head for head in phrase if head > place), phrase[-1])
    clause = [head for head in heads if items[head].clause == own.clause]
    before = [head for head in clause or heads if head < place]
    return before[-1] if before else (clause or heads)[0]


def _layer(head: Item, modifiers: list[_Said]) -> Layer:
    names = tuple(dict.fromkeys(said.name for said in modifiers if not said.is_place))
    places = tuple(dict.fromkeys(said.name for said in modifiers if said.is_place))
    # "long stone corridor" says all that "stone corridor" does
    shown = [name for name in places if not any(name != other and other.endswith(name) for other in places)]
    traits = structs.replace(_sum(modifiers), is_repeated=head.is_many)
    return Layer(str(head.family), names, traits, head.step, ", ".join(shown), head.is_together)


def _sum(modifiers: Iterable[_Said]) -> Traits:
    total = Traits()
    for said in dict.fromkeys(modifiers):
        total += said.traits
    return total.within_reason
