"""Words that bend a sound, and how."""

from __future__ import annotations

from msgspec import Struct

from app.providers.local.recipe import listed
from app.providers.local.traits import Traits


class Modifier(Struct, frozen=True):
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


def _bends(name: str, words: str, traits: Traits) -> Modifier:
    return Modifier(name, (name, *listed(words)), traits)


def _material(name: str, words: str) -> Modifier:
    return Modifier(name, (name, *listed(words)), Traits(material=name))


def _place(name: str, words: str, *, wet: float = 0.35, through: str = "") -> Modifier:
    return Modifier(name, (name, *listed(words)), Traits(space=name, wet=wet, through=through), is_place=True)


MODIFIERS: tuple[Modifier, ...] = (
    # force
    _bends(
        "heavy",
        "strong, intense, violent, stormy, powerful, massive, fierce, hard, torrential, pouring down, schwer, stark, "
        "starker, heftig, fort, forte, raging, furious",
        Traits(octaves=-0.1, force=1.0),
    ),
    _bends(
        "light",
        "gentle, soft, calm, delicate, faint, weak, mild, leicht, leichter, sanft, léger, légère, doux, tender, "
        "subtle, peaceful",
        Traits(force=-1.0, tilt_db=-0.3),
    ),
    _bends(
        "loud",
        "laut, deafening, thundering, blaring",
        Traits(force=0.6),
    ),
    _bends(
        "quiet",
        "silent, low volume, leise, hushed, muted",
        Traits(force=-0.7, tilt_db=-0.5),
    ),
    # size and pitch
    _bends(
        "huge",
        "giant, enormous, gigantic, colossal, monstrous, titanic, riesig, énorme, immense",
        Traits(octaves=-0.8, length=0.7, force=0.5, wet=0.15),
    ),
    _bends(
        "big",
        "large, great, gross, groß, grand",
        Traits(octaves=-0.45, length=0.35, force=0.3),
    ),
    _bends(
        "small",
        "little, mini, klein, petit, petite",
        Traits(octaves=0.45, length=-0.4, force=-0.3),
    ),
    _bends(
        "tiny",
        "miniature, minuscule, winzig",
        Traits(octaves=0.85, length=-0.7, force=-0.5),
    ),
    _bends(
        "low",
        "deep, bassy, low-pitched, tief, grave, low pitch, sub-bass",
        Traits(octaves=-0.8, tilt_db=-0.6),
    ),
    _bends(
        "high",
        "high-pitched, shrill, piercing, high pitch, hoch, aigu, squealing",
        Traits(octaves=0.7, tilt_db=0.5),
    ),
    # brightness, and what stands between
    _bends(
        "dark",
        "dull, gloomy, sinister, evil, dunkel, sombre, menacing, grim",
        Traits(octaves=-0.3, tilt_db=-2.2),
    ),
    _bends(
        "bright",
        "crisp, sharp, clear, brilliant, shiny, hell klingend, clair",
        Traits(tilt_db=2.0),
    ),
    _bends(
        "warm",
        "mellow, cozy, cosy, smooth, round",
        Traits(tilt_db=-1.2),
    ),
    _bends(
        "muffled",
        "behind a wall, behind a door, behind the door, next room, through a wall, through the wall, dumpf, from "
        "next door, from inside",
        Traits(force=-0.2, through="wall"),
    ),
    _bends(
        "thin",
        "tinny, telephone line, over the phone, through a radio, on the radio, on a radio, megaphone, "
        "loudspeaker, intercom, walkie-talkie",
        Traits(through="telephone"),
    ),
    _bends(
        "distorted",
        "overdriven, crushed, gritty, dirty, broken, harsh, aggressive, verzerrt",
        Traits(tilt_db=0.4, drive=1.0),
    ),
    # distance and movement
    _bends(
        "distant",
        "far, far away, far off, faraway, remote, in the distance, fern, entfernt, lointain, lointaine, "
        "background, in the background, miles away, horizon, over there, weit weg",
        Traits(distance=1.0),
    ),
    _bends(
        "close",
        "near, nearby, close-up, close up, intimate, nah, proche, right here, in front, foreground, next to me",
        Traits(distance=-0.8),
    ),
    _bends(
        "approaching",
        "approach, coming closer, arriving, getting closer, arrive",
        Traits(travel="approach"),
    ),
    _bends(
        "receding",
        "departing, leaving, driving away, moving away, fading, fade out, disappearing, vanishing, depart, going "
        "away, walking away",
        Traits(travel="recede"),
    ),
    _bends(
        "passing",
        "passes, pass by, passing by, going by, driving by, flying by, flyover, overhead, drive by, passes by",
        Traits(travel="pass"),
    ),
    _bends(
        "left",
        "links, gauche",
        Traits(side=-1),
    ),
    _bends(
        "right",
        "rechts, droite",
        Traits(side=1),
    ),
    # pace and number
    _bends(
        "fast",
        "quick, rapid, hurried, hurrying, hectic, frantic, racing, swift, schnell, rapide, vite, rushing, brisk, "
        "running",
        Traits(speed=0.75),
    ),
    _bends(
        "getting faster",
        "faster and faster, accelerating, accelerate, speeding up, speed up, hastening, immer schneller",
        Traits(ramp=1.4),
    ),
    _bends(
        "getting slower",
        "slower and slower, slowing down, slow down, decelerating, braking, winding down, immer langsamer",
        Traits(ramp=-1.4),
    ),
    _bends(
        "getting louder",
        "louder and louder, growing louder, swelling, crescendo, fading in, fade in, growing",
        Traits(travel="grow"),
    ),
    _bends(
        "slow",
        "sluggish, lazy, langsam, lent, lente, unhurried, slow-motion, slow motion",
        Traits(speed=-0.75),
    ),
    _bends(
        "rhythmic",
        "rhythm, rhythmical, steady, regular, pulsing, pulsating, beat, looping, metronomic, throbbing",
        Traits(regular=1.0),
    ),
    _bends(
        "long",
        "sustained, lang, endless, lasting, drawn out, slow decay, prolonged, ringing out",
        Traits(length=0.9),
    ),
    _bends(
        "short",
        "brief, kurz, court, snappy, tight, staccato, sudden",
        Traits(length=-0.9),
    ),
    _bends(
        "many",
        "lots of, dozens, hundreds, swarm of, flock, dense, several, multiple, repeated, busy, continuous, "
        "constant, viele, lot of, full of, herd, crowded, again and again",
        Traits(density=1.2),
    ),
    _bends(
        "sparse",
        "occasional, rare, few, scattered, now and then, sporadic, intermittent, a few",
        Traits(density=-1.2),
    ),
    _bends(
        "single",
        "one, lone, lonely, solitary, once, ein einzelner, only one",
        Traits(count=1),
    ),
    _bends(
        "two",
        "2, double, twice, zwei, deux, pair",
        Traits(count=2),
    ),
    _bends(
        "three",
        "3, triple, thrice, drei, trois",
        Traits(count=3),
    ),
    _bends(
        "four",
        "4, vier, quatre",
        Traits(count=4),
    ),
    _bends(
        "five",
        "5, fünf, cinq",
        Traits(count=5),
    ),
    _bends(
        "six",
        "6, sechs",
        Traits(count=6),
    ),
    _bends(
        "seven",
        "",
        Traits(count=7),
    ),
    _bends(
        "eight",
        "",
        Traits(count=8),
    ),
    _bends(
        "nine",
        "",
        Traits(count=9),
    ),
    _bends(
        "ten",
        "",
        Traits(count=10),
    ),
    # character
    _bends(
        "old",
        "ancient, rusty, antique, vintage, alt, alte, vieux, worn",
        Traits(octaves=-0.15, tilt_db=-0.6, drive=0.15),
    ),
    _bends(
        "eerie",
        "spooky, ominous, haunted, tense, mysterious, horror, creepy, ghostly, unheimlich",
        Traits(octaves=-0.15, tilt_db=-0.9, wet=0.35),
    ),
    _bends("empty", "bare, leer, vide", Traits(room=0.3, wet=0.15)),
    _bends("cold", "chilly, frozen, freezing, frosty, kalt, froid", Traits(tilt_db=0.5)),
    _bends(
        "reversed",
        "reverse, backward, backwards, rückwärts",
        Traits(is_reversed=True),
    ),
    _bends(
        "dry",
        "dead, anechoic, no reverb, trocken",
        Traits(wet=-1.0),
    ),
    # how an engine runs
    _material("idling", "idle, ticking over, leerlauf"),
    _material("revving", "rev, rev up, revving up, gunning"),
    # materials
    _material(
        "metal",
        "metallic, tin, steel, iron, copper, brass, aluminium, aluminum, tin roof, corrugated, blech, stahl, "
        "métal, gong-like, railing, grate, catwalk, car roof",
    ),
    _material(
        "wood",
        "wooden, oak, parquet, hardwood, hölzern, hollow wood, wooden floor, floor, stair, stairs, "
        "staircase, bridge, table, desk",
    ),
    _material(
        "stone",
        "concrete, marble, tile, rocky, asphalt, pavement, sidewalk, cobblestone, granite, stony, roof, wall, "
        "ground, cement, beton, pierre",
    ),
    _material(
        "glass",
        "in a glass, into a glass, bottle, window, windowpane, pane, crystal, glassy, skylight, windscreen, fenster",
    ),
    _material(
        "plastic",
        "rubber, vinyl floor",
    ),
    _material(
        "cloth",
        "tent, canvas, umbrella, carpet, tarp, tarpaulin, fabric, cushion, pillow, rug, barefoot, slippers, "
        "socks, awning, body",
    ),
    _material(
        "water",
        "puddle, pond, lake, wet, flooded, shallow water, pool",
    ),
    _material(
        "gravel",
        "pebble path, gravel path, shingle, grit",
    ),
    _material(
        "snow",
        "snowy, schnee, neige, icy",
    ),
    _material(
        "grass",
        "lawn, gras, herbe",
    ),
    _material(
        "leaves",
        "foliage, dry leaves, autumn leaves, laub",
    ),
    _material(
        "mud",
        "muddy, dirt, soil, sand, sandy, clay, matsch",
    ),
    # places
    _place(
        "room",
        "living room, bedroom, indoors, inside, zimmer, chamber, cabin, cellar, basement, attic, house, shed",
        wet=0.15,
    ),
    _place(
        "hall",
        "warehouse, stairwell, gym, reverb, reverberant, spacious, halle, garage hall, "
        "auditorium, theatre, theater, castle, lobby, museum, mall, ballroom, hangar",
    ),
    _place(
        "corridor",
        "hallway, passage, passageway, korridor, flur, gang, couloir",
    ),
    _place(
        "cathedral",
        "church, temple, kirche, église, ethereal, dreamy, vast, crypt, monastery, abbey",
    ),
    _place(
        "cave",
        "cavern, dungeon, höhle, grotto, grotte, underground, mine shaft, catacomb, caverne, well",
    ),
    _place(
        "canyon",
        "echo, echoing, echoes, valley, mountain, gorge, mountains, cliff, echoey, hallend",
        wet=0.6,
    ),
    _place(
        "tunnel",
        "sewer, pipeline, culvert, underpass, vent shaft, duct, drain",
    ),
    _place(
        "bathroom",
        "shower room, toilet, tiled, locker room, swimming pool",
        wet=0.5,
    ),
    _place(
        "open air",
        "outside, outdoors, outdoor, open field, desert, courtyard, alley, draussen, balcony",
        wet=0.1,
    ),
    _place(
        "underwater",
        "under water, submerged, below the surface, under the sea, unterwasser, deep sea",
        wet=0.5,
        through="water",
    ),
)
