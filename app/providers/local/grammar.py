"""Words that join, divide or mean nothing here."""

from __future__ import annotations

from app.providers.local.order import Order


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words of order; those that are adverbs only speak of what was said before ("a creak beforehand").
ORDERS: dict[str, Order] = {
    word: order
    for order, words in (
        (
            Order.THEN,
            """then followed until afterwards afterward later finally eventually ends ending dann danach schließlich
            puis ensuite""",
        ),
        (Order.AFTER, "after preceded nach après"),
        (Order.BEFORE, "before beforehand earlier bevor vorher davor zuvor avant first zuerst"),
    )
    for word in _words(words)
}
ADVERBS = _words("beforehand earlier vorher davor zuvor first zuerst")
POINTERS = _words("that this it which")
# What these join sounds at the same time; commas and "and" may also tell a story.
TOGETHER = _words("& + / | with while as plus mit während avec over")
SEPARATORS = frozenset("\n") | TOGETHER | _words(", ; . : ! ? ( ) – — and und et as sowie") | frozenset(ORDERS)
PREPOSITIONS = _words(
    """in on under through against at near by from into onto inside outside behind across upon above below along auf in
    unter im am durch gegen dans sur sous between around beneath beside towards toward down off to"""
)
SURFACE_PREPOSITIONS = _words("on onto against across upon auf sur hitting")
PASSED_OVER = frozenset(ORDERS) | _words(
    """a an the of is are be being it its this that these those there here some any my your his her their our i you
    he she we they s t sound sounds effect effects sfx noise audio recording sample foley please make create generate
    give me want like very really quite rather so such just also too more less most than but or not no for up out has
    have having had was were will would can could should do does doing done goes going go get gets getting comes
    coming come ein eine einen einem einer der die das den dem des von zu ist le la les un une du de au aux est who
    which what when where how kind bit somewhat slightly moderately extremely feel feeling style sounding heard hear
    set series times time mal fois open opens opened opening close closes closing closed shut start
    starts starting stop stops stopping silence
    scene quickly making made gefolgt"""
)
