"""Places: several families that belong together, each at its level."""

from __future__ import annotations

from app.providers.local.recipe import Family, listed

FAMILIES = (
    Family(
        "forest",
        listed(
            "forest, wood clearing, woodland, woods, meadow, garden, park, wald, forêt, nature, countryside, spring "
            "morning, field"
        ),
        scene=(("birds", 0), ("leaves", -9), ("wind", -14)),
    ),
    Family(
        "playground",
        listed("playground, kid, child, children, schoolyard, school, kinder, enfants"),
        scene=(("laugh", -2), ("crowd", -9), ("birds", -14)),
    ),
    Family(
        "jungle",
        listed("jungle, rainforest, tropical, amazon"),
        scene=(("insects", -3), ("birds", -1), ("frog", -10), ("leaves", -12)),
    ),
    Family(
        "night",
        listed("night, nighttime, summer night, midnight, nacht, nuit, evening"),
        scene=(("insects", 0), ("owl", -9), ("wind", -17)),
    ),
    Family(
        "city",
        listed("city, town, urban, downtown, stadt, ville, rush hour"),
        scene=(("traffic", 0), ("crowd", -12), ("train horn", -22)),
    ),
    Family(
        "café",
        listed("café, cafe, restaurant, coffee shop, bistro, canteen, diner, tavern, inn, kneipe"),
        scene=(("crowd", 0), ("clink", -13), ("steam", -26)),
    ),
    Family(
        "office",
        listed("office, workplace, büro, bureau, newsroom"),
        scene=(("typing", -4), ("machine hum", -12), ("crowd", -14)),
    ),
    Family(
        "harbour",
        listed("harbour, harbor, port, dock, marina, pier, hafen"),
        scene=(("sea", -5), ("gull", -5), ("ship", -7)),
    ),
    Family(
        "farm",
        listed("farm, barnyard, village, bauernhof, barn"),
        scene=(("birds", -8), ("cow", -6), ("sheep", -9), ("rooster", -6)),
    ),
    Family(
        "swamp",
        listed("swampland, bog, marsh, wetland, bayou, pond"),
        scene=(("frog", -3), ("insects", -5), ("bubbles", -14)),
    ),
    Family(
        "kitchen",
        listed("kitchen, cooking, fry, frying, sizzle, küche, bacon"),
        scene=(("fire", -9), ("clink", -7), ("bubbles", -11)),
    ),
    Family(
        "construction",
        listed("construction, construction site, workshop, building site, baustelle, garage"),
        scene=(("drill", -6), ("hit", -5), ("engine", -9)),
    ),
    Family(
        "lab",
        listed("laboratory, lab, control room, cockpit, mission control"),
        scene=(("machine hum", -5), ("ui beep", -10), ("fan", -12)),
    ),
    Family(
        "volcano",
        listed("volcano, lava, magma, eruption, hell"),
        scene=(("earthquake", 0), ("fire", -5), ("bubbles", -8)),
    ),
)
