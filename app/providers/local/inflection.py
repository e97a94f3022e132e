"""From a word as written to the base forms it may have: plurals, verb forms, adverbs, adjectives."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

_SHORTEST_STEM = 3


@lru_cache(maxsize=4096)
def base_forms(word: str) -> tuple[str, ...]:
    """Possible base forms, the word itself first. A form need not be a word of any language."""
    forms = [word]
    forms.extend(form for form in _stripped(word) if len(form) >= _SHORTEST_STEM)
    return tuple(dict.fromkeys(forms))


def _stripped(word: str) -> Iterator[str]:
    if word.endswith("ies"):
        yield word[:-3] + "y"
    if word.endswith("eaux"):
        yield word[:-1]
    if word.endswith("ves"):
        yield word[:-3] + "f"
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        yield word[:-1]
        if word.endswith("es"):
            yield word[:-2]
        # "drippings", "creakings"
        if word.endswith("ings"):
            yield from _without("ing", word[:-1])
    for ending in ("ing", "ed", "er", "est", "y", "en", "ly", "ily"):
        yield from _without(ending, word)


def _without(ending: str, word: str) -> Iterator[str]:
    """The stem before an ending: as it is, with its `e` or `y` back, or with its doubled letter single."""
    if not word.endswith(ending):
        return
    stem = word.removesuffix(ending)
    yield stem
    yield stem + "e"
    if ending in ("ily", "er", "est", "ed") and stem.endswith("i"):
        yield stem[:-1] + "y"
    if ending == "ily":
        yield stem + "y"
    if len(stem) > 2 and stem[-1] == stem[-2]:
        yield stem[:-1]
