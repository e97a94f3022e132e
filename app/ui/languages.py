"""Names of languages, as people read them."""

from __future__ import annotations

from PySide6.QtCore import QLocale

_TAGS = (
    "af ar az be bg bs ca cs cy da de el en es et fa fi fr gl he hi hr hu hy id is it ja kk kn ko lt lv mi mk mr "
    "ms ne nl no pl pt ro ru sk sl sr sv sw ta th tl tr uk ur vi zh"
)
SPOKEN = tuple(_TAGS.split())
"""Languages that models for transcription are usually good at. Source: OpenAI's guide on speech to text."""


def language_name(tag: str) -> str:
    """`German`, `Portuguese (Brazil)`; what is no known tag stays as it is, with a capital letter."""
    locale = QLocale(tag.replace("-", "_"))
    code = QLocale.languageToCode(locale.language())
    base, _, rest = tag.partition("-")
    if locale.language() is QLocale.Language.C or base.lower() not in (code, *_OTHER_CODES.get(code, ())):
        return tag[:1].upper() + tag[1:]
    name = QLocale.languageToString(locale.language())
    is_territory = len(rest) == 2 and rest.isalpha()
    detail = _territory_name(locale, rest.upper()) if is_territory else rest
    return f"{name} ({detail})" if detail else name


def _territory_name(locale: QLocale, code: str) -> str:
    """What Qt doesn't know it takes for the most usual one of the language, which would be another."""
    if code == "UK":  # as some services write it
        return QLocale.territoryToString(QLocale.Country.UnitedKingdom)
    is_known = QLocale.territoryToCode(locale.territory()) == code
    return QLocale.territoryToString(locale.territory()) if is_known else code


_OTHER_CODES = {"nb": ("no",), "fil": ("tl",)}
