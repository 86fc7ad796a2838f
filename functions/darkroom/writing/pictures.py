"""What a prompt is helped with: the composition, the light and the colours of its picture.

Each sentence comes with the words of a prompt that it would argue with; `{it}` is the subject.
"""

from __future__ import annotations

from collections.abc import Mapping

Advice = tuple[str, str]

COMPOSITIONS: Mapping[str, tuple[Advice, ...]] = {
    "people": (
        ("Seen at eye level, the {it} set slightly off centre with quiet space to one side", ""),
        (
            "A natural, unposed moment, with gesture and expression given room in the frame",
            "posing",
        ),
        ("Just enough of the surroundings is left in to tell the story of the {it}", "plain white"),
    ),
    "animals": (
        ("A low, eye-level view of the {it}, with open space in the direction of the gaze", "~air"),
        ("The {it} close in the frame, the background simple enough to keep the outline clear", ""),
        ("The {it} off centre, with enough of the surroundings to give a sense of place", ""),
    ),
    "food": (
        ("A close three-quarter view, the {it} generous in the frame, with one simple prop", ""),
        ("A tight, appetising crop with the {it} off centre and calm space beside it", ""),
        ("Seen from straight above, neatly arranged, with clean space around", "~tall"),
    ),
    "product": (
        ("The {it} alone at the centre, unobstructed, with generous clean space on every side", ""),
        ("A three-quarter view that shows the form of the {it}, on a plain surface", "~worn"),
        ("The {it} slightly off centre, with room left for a headline", ""),
    ),
    "landscape": (
        (
            "Layered from a clear foreground through a middle distance to far, simple shapes",
            "~deep",
        ),
        ("A wide view with one strong line that draws the eye into the distance", "~deep"),
        ("A broad, calm view in which one small detail gives the scale", ""),
    ),
    "city": (
        ("Seen from street level, with leading lines that run deep into the scene", "~high"),
        (
            "Layered facades and clear verticals, one point of interest kept free of the rest",
            "~high",
        ),
        ("A wide view with strong diagonals, the nearest shapes framing what lies behind", ""),
    ),
    "interior": (
        ("A straight-on view with true verticals and a clear path for the eye to the far wall", ""),
        ("Seen from one corner, with a single piece given the space to lead the eye", ""),
        (
            "Balanced and uncluttered, with near and far objects giving the room its depth",
            "clutter",
        ),
    ),
    "vehicle": (
        ("A low three-quarter view that gives the {it} presence, the surroundings simple", "~air"),
        ("The {it} off centre, with open space ahead in the direction of travel", ""),
        ("A clean side view, the setting wide enough to give the {it} scale", ""),
    ),
    "plants": (
        ("The {it} close and slightly off centre, with softer shapes behind for depth", ""),
        ("One clear centre of interest, with gentle repetition around it", ""),
        ("Seen a little from above, the shapes filling most of the frame", "tree trees oak willow"),
    ),
    "space": (
        ("Vast and uncluttered, with one dominant shape and great distance around it", ""),
        ("A sweeping diagonal crosses the scene, with small points of light giving the scale", ""),
        (
            "The largest shape is cut by the edge of the frame, which makes the rest feel endless",
            "",
        ),
    ),
    "fantasy": (
        ("A dramatic low viewpoint gives the {it} scale, with layers of setting behind", "~air"),
        ("The {it} against open distance, with dark foreground shapes framing the view", "~white"),
        ("A clear silhouette leads the scene, with the setting built up in depth around it", ""),
    ),
    "work": (
        ("A natural, unposed moment at eye level, with one clear point of interest", ""),
        ("An orderly composition with clean lines and room left for a headline", ""),
        ("Clear depth from the nearest object to the far wall, nothing accidental in between", ""),
    ),
    "logo": (
        ("One simple, balanced mark, centred with generous clear space on every side", ""),
        ("Built from a few bold shapes that stay readable at the size of a thumbnail", ""),
        ("A compact design with a strong outline, centred on a plain background", ""),
    ),
    "lettering": (
        ("All lettering is large, correctly spelled and easy to read, with wide margins", ""),
        ("A clear hierarchy: one element dominates, everything else supports it", ""),
        ("A strong central block with generous margins, readable from across a room", ""),
    ),
    "abstract": (
        ("One dominant movement across the frame, balanced by an area left almost empty", ""),
        ("Large shapes against small ones, the weight off centre, the edges left open", ""),
        ("A rhythm of repeated forms that loosens towards one side", ""),
    ),
    "anything": (
        ("One clear focal point with room around it, and nothing at the edges to distract", ""),
        ("A balanced composition with simple surroundings and a clear sense of depth", ""),
        ("The main subject slightly off centre, with foreground and background clearly apart", ""),
    ),
}

# Groups of words that sentences above and below argue with.
GROUPS: Mapping[str, str] = {
    "~air": "flying flight soaring gliding diving swimming underwater airplane plane aircraft "
    "helicopter balloon rocket eagle hawk whale dolphin fish shark octopus jellyfish above aerial",
    "~tall": "burger cake stack tower cocktail glass icecream bottle wine beer juice smoothie cup "
    "drinking eating holding",
    "~worn": "wearing worn flying floating wrist hand holding splash levitating",
    "~deep": "underwater reef cave above aerial coral",
    "~high": "skyline cityscape aerial above rooftop rooftops drone window balcony",
    "~white": "white bright background",
    "~dark": "dark moody gloomy horror eerie dramatic gothic noir sinister black",
    "~bright": "bright sunny cheerful neon colorful colourful vibrant playful",
}

LIGHTS: Mapping[str, tuple[Advice, ...]] = {
    "underwater": (
        ("Light filters down from the surface in soft shafts and fades into depth", "~dark"),
        (
            "Dim, blue-green light with a few bright glints and a gentle fall into darkness",
            "~bright",
        ),
    ),
    "space": (
        ("One hard source of light from the side, a thin bright rim against deep black", ""),
        ("Faint, cold starlight with one luminous area that the eye returns to", "sunlit"),
    ),
    "storm": (
        ("Heavy, dramatic light, with one bright opening under the dark clouds", "night"),
        ("Dim, charged light that flattens the distance and sharpens the nearest edges", ""),
    ),
    "night": (
        ("Low light with deep but readable shadows, the brightest point drawing the eye first", ""),
        ("Cool ambient light with one brighter source picking out what matters", ""),
    ),
    "indoor night": (
        (
            "One warm lamp in an otherwise dim setting, with soft shadows falling away",
            "neon office",
        ),
        ("Low, intimate light from one side, with the corners left in shadow", ""),
    ),
    "wet": (
        ("Soft, diffused light, with the distance fading gently into the air", ""),
        ("Even, muted light with a quiet glow and almost no hard shadows", "neon"),
    ),
    "snow": (
        ("Clear, cold light with soft blue shadows and texture kept in the whites", ""),
        ("Soft winter light, reflected from below so that the shadows stay open", ""),
    ),
    "indoors": (
        ("Soft window light from one side, with gentle shadows that shape every form", ""),
        ("Diffused daylight that fills the scene, with one warmer accent", "~dark"),
    ),
    "outdoors": (
        ("Natural light from the side, giving every form soft but definite shadows", ""),
        ("Clear, gentle daylight with open shadows and a fresh feel", "~dark"),
        ("A low, slanting sun that brings out texture and throws long, soft shadows", "~dark noon"),
    ),
    "product": (
        ("A large, soft light from one side, with a gentle gradient behind", ""),
        ("Soft light from behind and to the side, so that edges glow and textures read", ""),
    ),
    "people": (
        ("Soft, directional light that models the features and falls gently into shadow", ""),
        ("Light from one side, with a subtle lift in the shadows and a natural feel", ""),
    ),
    "fantasy": (
        ("Dramatic light from one side, with a luminous haze in the distance", ""),
        ("A single strong source of light carves the forms out of soft shadow", "~bright"),
    ),
    "anything": (
        ("Soft, directional light that gives every form weight and volume", ""),
        ("Clear light from one side, with gentle transitions into shadow", ""),
    ),
}

COLOURS: Mapping[str, tuple[Advice, ...]] = {
    "underwater": (("Layered blues and greens that deepen with the distance", ""),),
    "space": (("Deep blacks and indigos with a few luminous accents", ""),),
    "storm": (("Slate greys and deep blues, with one paler, brighter tone", ""),),
    "night": (
        ("Deep blues and near-blacks, with warmth kept for a few small accents", "~bright"),
        ("A dark, close-toned palette in which the few bright colours glow", ""),
    ),
    "dusk": (("Warm and cool tones that meet in soft, gradual transitions", ""),),
    "wet": (("A muted, close-toned palette with one quiet warm accent", "~bright"),),
    "snow": (("A restrained palette of whites and pale blues with one warmer note", ""),),
    "people": (
        ("Natural skin tones against a restrained, harmonious palette", "alien astronaut"),
        ("An understated palette, with the strongest tone kept for the {it}", ""),
    ),
    "animals": (
        ("Natural, close-toned colours around the {it}, with one slightly warmer accent", ""),
        ("A quiet setting, with the richest colour kept for the {it}", "parrot flamingo peacock"),
    ),
    "food": (("Fresh, appetising colours set off by natural, quieter tones", ""),),
    "product": (("Two or three restrained tones, chosen to let the {it} stand out", ""),),
    "landscape": (
        ("Natural colours that grow paler and calmer towards the distance", ""),
        ("An earthy, natural palette lifted by one clean, brighter tone", "sea ocean reef sky"),
    ),
    "city": (("Muted tones of stone and glass, lifted by one or two saturated accents", ""),),
    "interior": (("A calm palette of natural materials with one considered accent", ""),),
    "vehicle": (("A subdued setting, with the cleanest colour kept for the {it}", ""),),
    "plants": (("Fresh, natural greens around one clear, slightly warmer accent", "autumn dry"),),
    "fantasy": (("Rich jewel tones against a misty, muted distance", ""),),
    "work": (("Clean, neutral tones with one confident accent colour", ""),),
    "logo": (("No more than two flat colours, in strong contrast", "gradient"),),
    "lettering": (("Two or three well-matched colours in strong contrast", ""),),
    "abstract": (("Three or four related tones, with one sharp contrast", ""),),
    "anything": (("A harmonious, limited palette with one clear accent", ""),),
}

ONE_COLOUR = "The {colour} stays the strongest note, with everything around it kept quieter"
SOME_COLOURS = "{colours} carry the palette, held together by quiet neutrals"
