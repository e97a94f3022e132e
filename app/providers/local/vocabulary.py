"""The words around a sound: modifiers and what they do, words that join, words that may be passed over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from app.providers.local.traits import Traits


@dataclass(frozen=True, slots=True)
class Modifier:
    """A word that bends a sound.

    Attributes:
        name: As it is shown.
        words: In their base form.
        is_place: Said on its own it holds for every layer.
    """

    name: str
    words: tuple[str, ...]
    traits: Traits
    is_place: bool = False


def _material(name: str, *words: str) -> Modifier:
    return Modifier(name, (name, *words), Traits(material=name))


def _place(name: str, *words: str, wet: float = 0.35) -> Modifier:
    return Modifier(name, (name, *words), Traits(space=name, wet=wet), is_place=True)


MODIFIERS: tuple[Modifier, ...] = (
    # force
    Modifier("heavy", ("heavy", "strong", "intense", "violent", "powerful", "massive", "fierce", "hard", "torrential", "pouring down", "schwer", "stark", "starker", "heftig", "fort", "forte", "raging", "furious"), Traits(force=1.0, octaves=-0.1)),
    Modifier("light", ("light", "gentle", "soft", "calm", "delicate", "faint", "weak", "mild", "leicht", "leichter", "sanft", "léger", "légère", "doux", "tender", "subtle", "peaceful"), Traits(force=-1.0, tilt_db=-0.3)),
    Modifier("loud", ("loud", "laut", "deafening", "thundering", "blaring"), Traits(force=0.6)),
    Modifier("quiet", ("quiet", "silent", "low volume", "leise", "hushed", "muted", "silence"), Traits(force=-0.7, tilt_db=-0.5)),
    # size and pitch
    Modifier("huge", ("huge", "giant", "enormous", "gigantic", "colossal", "monstrous", "titanic", "riesig", "énorme", "immense"), Traits(octaves=-0.8, length=0.7, force=0.5, wet=0.15)),
    Modifier("big", ("big", "large", "great", "gross", "groß", "grand"), Traits(octaves=-0.45, length=0.35, force=0.3)),
    Modifier("small", ("small", "little", "mini", "klein", "petit", "petite"), Traits(octaves=0.45, length=-0.4, force=-0.3)),
    Modifier("tiny", ("tiny", "miniature", "minuscule", "winzig"), Traits(octaves=0.85, length=-0.7, force=-0.5)),
    Modifier("low", ("low", "deep", "bassy", "low-pitched", "tief", "grave", "low pitch", "sub-bass"), Traits(octaves=-0.8, tilt_db=-0.6)),
    Modifier("high", ("high", "high-pitched", "shrill", "piercing", "high pitch", "hoch", "aigu", "squealing"), Traits(octaves=0.7, tilt_db=0.5)),
    # brightness
    Modifier("dark", ("dark", "dull", "gloomy", "sinister", "evil", "dunkel", "sombre", "menacing", "grim", "sombre"), Traits(octaves=-0.3, tilt_db=-2.2)),
    Modifier("bright", ("bright", "crisp", "sharp", "clear", "brilliant", "shiny", "hell klingend", "clair"), Traits(tilt_db=2.0)),
    Modifier("warm", ("warm", "mellow", "cozy", "cosy", "smooth", "round"), Traits(tilt_db=-1.2)),
    Modifier("muffled", ("muffled", "behind a wall", "behind a door", "behind the door", "next room", "through a wall", "through the wall", "dumpf", "from next door", "from inside"), Traits(through="wall", force=-0.2)),
    Modifier("thin", ("thin", "tinny", "telephone line", "over the phone", "through a radio", "on the radio", "on a radio", "megaphone", "loudspeaker", "intercom", "walkie-talkie"), Traits(through="telephone")),
    Modifier("distorted", ("distorted", "overdriven", "crushed", "gritty", "dirty", "broken", "harsh", "aggressive", "verzerrt"), Traits(drive=1.0, tilt_db=0.4)),
    # distance
    Modifier("distant", ("distant", "far", "far away", "far off", "faraway", "remote", "in the distance", "fern", "entfernt", "lointain", "lointaine", "background", "in the background", "miles away", "horizon", "over there", "weit weg"), Traits(distance=1.0)),
    Modifier("close", ("close", "near", "nearby", "close-up", "close up", "intimate", "nah", "proche", "right here", "in front", "foreground", "next to me"), Traits(distance=-0.8)),
    Modifier("approaching", ("approaching", "approach", "coming closer", "arriving", "getting closer", "arrive"), Traits(travel="approach")),
    Modifier("receding", ("receding", "departing", "leaving", "driving away", "moving away", "fading", "fade out", "disappearing", "vanishing", "depart", "going away", "walking away"), Traits(travel="recede")),
    Modifier("passing", ("passing", "passes", "pass by", "passing by", "going by", "driving by", "flying by", "flyover", "overhead", "drive by", "passes by"), Traits(travel="pass")),
    Modifier("left", ("left", "links", "gauche"), Traits(side=-1)),
    Modifier("right", ("right", "rechts", "droite"), Traits(side=1)),
    # pace
    Modifier("fast", ("fast", "quick", "rapid", "hurried", "hurrying", "hectic", "frantic", "racing", "swift", "schnell", "rapide", "vite", "rushing", "brisk", "running"), Traits(speed=0.75)),
    Modifier("slow", ("slow", "sluggish", "lazy", "langsam", "lent", "lente", "unhurried", "slow-motion", "slow motion"), Traits(speed=-0.75)),
    Modifier("rhythmic", ("rhythmic", "rhythm", "rhythmical", "steady", "regular", "pulsing", "pulsating", "beat", "looping", "metronomic", "throbbing"), Traits(regular=1.0)),
    Modifier("long", ("long", "sustained", "lang", "endless", "lasting", "drawn out", "slow decay", "prolonged", "ringing out"), Traits(length=0.9)),
    Modifier("short", ("short", "brief", "kurz", "court", "snappy", "tight", "staccato", "sudden"), Traits(length=-0.9)),
    Modifier("many", ("many", "lots of", "dozens", "hundreds", "swarm of", "flock", "dense", "several", "multiple", "repeated", "busy", "continuous", "constant", "viele", "lot of", "full of", "herd", "crowded", "again and again"), Traits(density=1.2)),
    Modifier("sparse", ("sparse", "occasional", "rare", "few", "scattered", "now and then", "sporadic", "intermittent", "a few"), Traits(density=-1.2)),
    Modifier("single", ("single", "one", "lone", "lonely", "solitary", "once", "ein einzelner", "only one"), Traits(count=1)),
    *(
        Modifier(words[0], words, Traits(count=number))
        for number, words in enumerate((("two", "double", "twice", "zwei", "deux", "pair"), ("three", "triple", "thrice", "drei", "trois"), ("four", "vier", "quatre"), ("five", "fünf", "cinq"), ("six", "sechs"), ("seven",), ("eight",), ("nine",), ("ten",)), start=2)
    ),
    # character
    Modifier("old", ("old", "ancient", "rusty", "antique", "vintage", "alt", "alte", "vieux", "worn"), Traits(octaves=-0.15, tilt_db=-0.6, drive=0.15)),
    Modifier("reversed", ("reversed", "reverse", "backward", "backwards", "rückwärts"), Traits(is_reversed=True)),
    Modifier("dry", ("dry", "dead", "anechoic", "no reverb", "trocken"), Traits(wet=-1.0)),
    # materials
    _material("metal", "metallic", "tin", "steel", "iron", "copper", "brass", "aluminium", "aluminum", "tin roof", "corrugated", "blech", "stahl", "métal", "gong-like", "railing", "grate", "catwalk", "car roof"),
    _material("wood", "wooden", "oak", "parquet", "hardwood", "hölzern", "hollow wood", "floorboards", "wooden floor", "floor", "stair", "stairs", "staircase", "bridge", "table", "desk"),
    _material("stone", "concrete", "marble", "tile", "rocky", "asphalt", "pavement", "sidewalk", "cobblestone", "granite", "stony", "roof", "wall", "ground", "cement", "beton", "pierre"),
    _material("glass", "window", "windowpane", "pane", "crystal", "glassy", "skylight", "windscreen", "windshield", "fenster"),
    _material("plastic", "rubber", "vinyl floor"),
    _material("cloth", "tent", "canvas", "umbrella", "carpet", "tarp", "tarpaulin", "fabric", "cushion", "pillow", "rug", "barefoot", "slippers", "socks", "awning", "body"),
    _material("water", "puddle", "pond", "lake", "wet", "flooded", "shallow water", "pool"),
    _material("gravel", "pebble path", "gravel path", "shingle", "grit"),
    _material("snow", "snowy", "schnee", "neige", "icy"),
    _material("grass", "lawn", "gras", "herbe"),
    _material("leaves", "foliage", "dry leaves", "autumn leaves", "laub"),
    _material("mud", "muddy", "dirt", "soil", "sand", "sandy", "clay", "matsch"),
    # places
    _place("room", "living room", "bedroom", "indoors", "inside", "zimmer", "chamber", "cabin", "cellar", "basement", "attic", "house", "shed", wet=0.15),
    _place("hall", "hallway", "corridor", "warehouse", "stairwell", "gym", "reverb", "reverberant", "spacious", "halle", "garage hall", "auditorium", "theatre", "theater", "castle", "lobby", "museum", "mall", "ballroom", "hangar"),
    _place("cathedral", "church", "temple", "kirche", "église", "ethereal", "dreamy", "vast", "crypt", "monastery", "abbey"),
    _place("cave", "cavern", "dungeon", "höhle", "grotto", "grotte", "underground", "mine shaft", "catacomb", "caverne", "well"),
    _place("canyon", "echo", "echoing", "echoes", "valley", "mountain", "gorge", "mountains", "cliff", "echoey", "hallend"),
    _place("tunnel", "sewer", "pipeline", "culvert", "underpass", "vent shaft", "duct", "drain"),
    _place("bathroom", "shower room", "toilet", "tiled", "locker room", "swimming pool", wet=0.5),
    _place("open air", "outside", "outdoors", "outdoor", "open field", "desert", "courtyard", "alley", "draussen", "balcony", wet=0.1),
    Modifier("underwater", ("underwater", "under water", "submerged", "below the surface", "under the sea", "unterwasser", "deep sea"), Traits(space="underwater", through="water", wet=0.5), is_place=True),
)  # fmt: skip

# A word that names both a family and a material: it is the material where something else is made of it.
DUAL: Mapping[str, str] = MappingProxyType(
    {
        "glass": "glass break",
        "wood": "wood hit",
        "metal": "hit",
        "stone": "stone",
        "water": "stream",
        "leaves": "leaves",
        "snow": "snow",
        "grass": "leaves",
        "gravel": "rockfall",
        "plastic": "plastic bag",
        "cloth": "cloth",
        "canvas": "cloth",
        "fabric": "cloth",
        "foliage": "leaves",
    }
)

# Two families said in one breath that are really one sound.
MERGED: Mapping[frozenset[str], str] = MappingProxyType(
    {
        frozenset(pair): into
        for pair, into in (
            (("door", "creak"), "door creak"),
            (("door", "door creak"), "door creak"),
            (("door", "door slam"), "door slam"),
            (("door", "knock"), "knock"),
            (("door", "bell"), "bell"),
            (("door", "switch"), "door"),
            (("ship", "creak"), "ship"),
            (("ship", "door creak"), "ship"),
            (("ship", "train horn"), "train horn"),
            (("car", "train horn"), "train horn"),
            (("train", "train horn"), "train horn"),
            (("train", "whistle"), "train horn"),
            (("train", "steam"), "steam train"),
            (("car", "engine"), "car"),
            (("car", "flyby"), "car"),
            (("jet", "engine"), "jet"),
            (("jet", "flyby"), "jet"),
            (("helicopter", "flyby"), "helicopter"),
            (("spaceship", "engine"), "spaceship"),
            (("spaceship", "machine hum"), "spaceship"),
            (("engine", "machine hum"), "engine"),
            (("rope", "creak"), "rope"),
            (("tree", "creak"), "creak"),
            (("tree", "leaves"), "leaves"),
            (("tree", "wind"), "leaves"),
            (("stream", "water drip"), "water drip"),
            (("stream", "splash"), "splash"),
            (("stream", "pouring"), "pouring"),
            (("stream", "bubbles"), "bubbles"),
            (("stream", "waterfall"), "waterfall"),
            (("stream", "sea"), "sea"),
            (("sea", "crash"), "sea"),
            (("sea", "storm"), "storm"),
            (("thunder", "crash"), "thunder"),
            (("thunder", "earthquake"), "thunder"),
            (("thunder", "storm"), "storm"),
            (("thunder", "tree"), "thunder"),
            (("car", "crash"), "crash"),
            (("glass break", "crash"), "glass break"),
            (("glass break", "clink"), "clink"),
            (("glass break", "tree"), "glass break"),
            (("clock", "bell"), "big bell"),
            (("clock", "alarm"), "alarm"),
            (("phone", "bell"), "phone"),
            (("phone", "machine hum"), "phone"),
            (("gun", "reload"), "reload"),
            (("gun", "machine gun"), "machine gun"),
            (("gun", "laser"), "laser"),
            (("laser", "spaceship"), "laser"),
            (("arrow", "rope"), "arrow"),
            (("sword", "whoosh"), "whoosh"),
            (("sword", "crash"), "sword"),
            (("horse", "footsteps"), "horse"),
            (("insects", "birds"), "insects"),
            (("insects", "night"), "insects"),
            (("bee", "insects"), "bee"),
            (("bee", "machine hum"), "bee"),
            (("bee", "night"), "bee"),
            (("birds", "wings"), "wings"),
            (("birds", "forest"), "birds"),
            (("crow", "birds"), "crow"),
            (("gull", "birds"), "gull"),
            (("dog", "wolf"), "wolf"),
            (("wolf", "wind"), "wind"),
            (("crowd", "cheer"), "cheer"),
            (("crowd", "laugh"), "laugh"),
            (("crowd", "applause"), "applause"),
            (("cheer", "applause"), "cheer"),
            (("crowd", "footsteps"), "footsteps"),
            (("crowd", "whisper"), "whisper"),
            (("ghost", "whisper"), "whisper"),
            (("ghost", "wind"), "ghost"),
            (("fire", "fireplace"), "fire"),
            (("fire", "alarm"), "alarm"),
            (("fire", "tree"), "fire"),
            (("fire", "wood hit"), "fire"),
            (("paper", "leaves"), "paper"),
            (("paper", "tree"), "paper"),
            (("coins", "coin pickup"), "coins"),
            (("impact", "hit"), "impact"),
            (("drone", "spaceship"), "spaceship"),
            (("radio static", "machine hum"), "radio static"),
            (("sparks", "machine hum"), "sparks"),
            (("sparks", "bee"), "sparks"),
            (("heartbeat", "drum"), "heartbeat"),
            (("heartbeat", "medical"), "medical"),
            (("chain", "keys"), "chain"),
            (("chain", "snake"), "chain"),
            (("leaves", "wind"), "leaves"),
            (("keys", "piano"), "piano"),
            (("typing", "ui click"), "typing"),
            (("ui click", "ui beep"), "ui click"),
            (("rockfall", "tree"), "rockfall"),
            (("explosion", "earthquake"), "explosion"),
            (("monster", "breath"), "breath"),
            (("rain", "stream"), "rain"),
            (("rain", "splash"), "rain"),
            (("rain", "water drip"), "rain"),
            (("rain", "storm"), "storm"),
            (("rain", "jungle"), "rain"),
            (("wind", "storm"), "storm"),
            (("wind", "whistle"), "wind"),
            (("wind", "snow"), "snow"),
        )
    }
)

# Families so general that they yield to any other in the same phrase: "thunder strikes", "rain falls".
YIELDING: frozenset[str] = frozenset({"hit", "body fall", "wood hit", "stone", "cloth", "flyby"})

SEPARATORS: frozenset[str] = frozenset(
    ", ; . : ! ? & + / | ( ) – — \n and with then plus while as und mit et avec followed over sowie puis dann".split(
        " "
    )
)
SEQUENCE: frozenset[str] = frozenset({"then", "followed", "dann", "puis", "finally", "afterwards"})
PREPOSITIONS: frozenset[str] = frozenset(
    "in on under through against at near by from into onto inside outside behind across upon above below along "
    "auf in unter im am durch gegen dans sur sous during between around beneath beside towards toward down off to".split()
)
SURFACE_PREPOSITIONS: frozenset[str] = frozenset("on onto against across upon auf sur hitting".split())
PASSED_OVER: frozenset[str] = frozenset(
    """a an the of is are be being it its this that these those there here some any my your his her their our i you
    he she we they s t sound sounds effect effects sfx noise audio ambient-sound recording sample foley please make
    create generate give me want like very really quite rather so such just also too more less most than but or not
    no for up out has have having had was were will would can could should do does doing done goes going go get gets
    getting comes coming come gets ein eine einen einem einer der die das den dem des von zu ist und le la les un une
    des du de au aux est who which what when where how kind type-of bit somewhat slightly moderately extremely
    feel feeling style sounding heard hear background-noise set series""".split()
)
