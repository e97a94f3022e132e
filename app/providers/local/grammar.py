"""Words that join, divide or mean nothing here."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


SEPARATORS = frozenset("\n") | _words(
    ", ; . : ! ? & + / | ( ) – — and with then plus while as und mit et avec followed over sowie puis"
)
SEQUENCE = _words("then followed dann puis finally afterwards")
PREPOSITIONS = _words(
    """in on under through against at near by from into onto inside outside behind across upon above below along auf in
    unter im am durch gegen dans sur sous during between around beneath beside towards toward down off to"""
)
SURFACE_PREPOSITIONS = _words("on onto against across upon auf sur hitting")
PASSED_OVER = SEQUENCE | _words(
    """a an the of is are be being it its this that these those there here some any my your his her their our i you
    he she we they s t sound sounds effect effects sfx noise audio recording sample foley please make create generate
    give me want like very really quite rather so such just also too more less most than but or not no for up out has
    have having had was were will would can could should do does doing done goes going go get gets getting comes
    coming come ein eine einen einem einer der die das den dem des von zu ist le la les un une du de au aux est who
    which what when where how kind bit somewhat slightly moderately extremely feel feeling style sounding heard hear
    set series"""
)
