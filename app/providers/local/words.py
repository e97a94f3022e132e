"""From words to layers: which sounds a prompt names, and which words bend which of them.

Fast enough for every keystroke, and free of NumPy.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache

from msgspec import structs

from app.providers.local.lexicon import Item, read
from app.providers.local.merging import MERGED, YIELDING
from app.providers.local.modifiers import Modifier
from app.providers.local.sounds import FAMILIES
from app.providers.local.traits import Traits

_MOST_LAYERS = 8


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
    traits: Traits = field(default_factory=Traits)
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
    traits: Traits = field(default_factory=Traits)

    @property
    def is_texture(self) -> bool:
        """No sound was named: a texture is made from the look of the words."""
        return not self.layers

    @property
    def summary(self) -> str:
        """One line for people; empty for a prompt without words."""
        if self.layers:
            line = f"Understood: {', '.join(map(str, self.layers))}"
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
        tuple(layers[:_MOST_LAYERS]),
        tuple(dict.fromkeys(item.text for item in items)),
        tuple(dict.fromkeys(ignored)),
        free,
    )


def _decided(items: list[Item]) -> list[Item]:
    """Settle words that are a sound and a material: `rain on glass`, but `glass shatters`."""
    decided = list(items)
    for place, item in enumerate(items):
        if item.family is None or item.modifier is None:
            continue
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
                is_many = item.is_many and other.is_many  # "a door slams" is one event
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


def _layers(items: list[Item]) -> tuple[list[Layer], Traits]:
    """Every sound with its modifiers. What belongs to no sound is the second answer."""
    heads = [place for place, item in enumerate(items) if item.family is not None]
    bound: dict[int, list[Modifier]] = {head: [] for head in heads}
    everywhere: list[Modifier] = []
    loose: list[Modifier] = []
    for place, item in enumerate(items):
        if item.modifier is None:
            continue
        if not heads:
            loose.append(item.modifier)
        elif item.modifier.is_place and not any(items[head].clause == item.clause for head in heads):
            everywhere.append(item.modifier)
        else:
            bound[_head_of(place, items, heads)].append(item.modifier)
    if not heads and any(modifier.traits.material for modifier in loose):
        # Only a material is named, such as "metallic": something made of it is struck.
        return [_layer(Item("", "hit"), loose)], Traits()
    layers = list(dict.fromkeys(_layer(items[head], bound[head] + everywhere) for head in heads))
    return layers, _sum(loose)


def _head_of(place: int, items: list[Item], heads: list[int]) -> int:
    """Whose modifier it is: the next sound of its phrase, else the last; then of its clause, then of the prompt."""
    own = items[place]
    phrase = [head for head in heads if items[head].phrase == own.phrase]
    if phrase:
        return next((head for head in phrase if head > place), phrase[-1])
    clause = [head for head in heads if items[head].clause == own.clause]
    before = [head for head in clause or heads if head < place]
    return before[-1] if before else (clause or heads)[0]


def _layer(head: Item, modifiers: list[Modifier]) -> Layer:
    names = tuple(dict.fromkeys(modifier.name for modifier in modifiers))
    traits = structs.replace(_sum(modifiers), is_repeated=head.is_many)
    return Layer(str(head.family), names, traits, head.step)


def _sum(modifiers: Iterable[Modifier]) -> Traits:
    total = Traits()
    for modifier in dict.fromkeys(modifiers):
        total += modifier.traits
    return total.within_reason
