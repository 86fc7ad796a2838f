"""The words the painter knows, as plain tables."""

from __future__ import annotations

# kind -> words that mean it (singular), then names of several words after a comma each
_SUBJECT_WORDS: dict[str, str] = {
    "sun": "sun sunshine sunlight",
    "moon": "moon crescent moonlight moonrise",
    "stars": "star starry starlight constellation,milky way",
    "aurora": "aurora,northern light",
    "rainbow": "rainbow",
    "clouds": "cloud cloudy cloudscape,cloudy sky",
    "mountains": "mountain mount peak alp alpine summit ridge himalaya sierra dolomite fuji cliff",
    "volcano": "volcano lava eruption",
    "hills": "hill countryside valley meadow field tuscany grassland prairie pasture landscape "
    "farmland vineyard moor plain",
    "desert": "desert dune sahara sand mesa canyon",
    "forest": "forest woods woodland jungle rainforest grove taiga wilderness",
    "tree": "tree oak maple birch willow bonsai",
    "pine": "pine fir spruce conifer,christmas tree",
    "palm": "palm,palm tree",
    "blossom": "sakura,cherry blossom tree,cherry blossom,blossom tree,cherry tree",
    "cactus": "cactus cacti saguaro",
    "lavender": "lavender",
    "wheat": "wheat barley corn",
    "waterfall": "waterfall cascade",
    "path": "path road trail highway lane",
    "iceberg": "iceberg glacier arctic antarctica",
    "sea": "sea ocean seascape wave surf bay harbor harbour coast coastline shore water tide",
    "beach": "beach seaside shoreline tropical lagoon",
    "lake": "lake pond reservoir fjord lakeside",
    "river": "river stream creek brook canal",
    "island": "island isle islet atoll",
    "underwater": "underwater coral reef aquarium seabed,deep sea",
    "boat": "boat sailboat yacht sailing regatta schooner,sailing boat,sailing ship,sail boat",
    "ship": "ship steamer ferry tanker liner",
    "lighthouse": "lighthouse beacon",
    "city": "city skyline cityscape downtown metropolis skyscraper manhattan london chicago "
    "shanghai dubai town building hong kong,new york,san francisco,hong kong",
    "street": "street alley avenue tokyo market crosswalk sidewalk shibuya,times square",
    "bridge": "bridge viaduct,golden gate",
    "house": "house cottage home hut farmhouse villa bungalow mansion",
    "cabin": "cabin lodge chalet treehouse",
    "barn": "barn farm",
    "village": "village hamlet houses santorini",
    "castle": "castle fortress palace citadel kingdom",
    "eiffel": "paris eiffel,the eiffel tower,eiffel tower",
    "pagoda": "pagoda temple shrine kyoto japan",
    "windmill": "windmill mill holland netherlands",
    "pyramid": "pyramid egypt giza",
    "tent": "tent camp camping campsite",
    "campfire": "fire campfire bonfire flame burning",
    "balloon": "balloon airship,hot air balloon,air balloon",
    "rocket": "rocket spaceship spacecraft shuttle starship",
    "plane": "airplane aeroplane plane aircraft jet",
    "kite": "kite",
    "car": "car automobile taxi van truck vehicle bus beetle",
    "train": "train locomotive railway",
    "cat": "cat kitten kitty tabby feline",
    "dog": "dog puppy corgi labrador retriever terrier hound poodle husky pup",
    "fox": "fox vixen",
    "wolf": "wolf coyote",
    "bear": "bear grizzly",
    "panda": "panda",
    "rabbit": "rabbit bunny hare",
    "lion": "lion lioness",
    "tiger": "tiger leopard cheetah",
    "owl": "owl",
    "bird": "bird sparrow robin raven crow parrot hummingbird finch eagle hawk dove",
    "gulls": "seagull gull goose geese swallow,flock of birds,birds flying,flying bird",
    "penguin": "penguin",
    "fish": "fish goldfish koi salmon shark",
    "whale": "whale dolphin orca",
    "jellyfish": "jellyfish octopus",
    "turtle": "turtle tortoise",
    "horse": "horse pony stallion mare unicorn",
    "deer": "deer stag elk reindeer moose doe",
    "elephant": "elephant mammoth",
    "cow": "cow bull cattle sheep lamb",
    "butterfly": "butterfly moth",
    "dragon": "dragon",
    "woman": "woman girl lady queen princess female actress ballerina dancer bride mother witch",
    "man": "man boy guy king prince male gentleman sailor wizard knight samurai father fisherman "
    "farmer monk warrior",
    "person": "person portrait people face human headshot child kid hiker traveler traveller "
    "wanderer figure character someone couple family crowd walker cyclist runner self-portrait",
    "robot": "robot android cyborg droid bot machine",
    "astronaut": "astronaut cosmonaut spaceman",
    "flower": "flower bouquet floral wildflower daisy peony bloom garden orchid lily petal",
    "rose": "rose",
    "sunflower": "sunflower",
    "tulip": "tulip",
    "poppy": "poppy anemone",
    "leaf": "leaf leaves foliage fern monstera plant houseplant",
    "mushroom": "mushroom toadstool",
    "apple": "apple",
    "orange_fruit": "tangerine mandarin clementine peach apricot",
    "lemon": "lemon lime citrus",
    "pear": "pear",
    "grapes": "grape",
    "fruit": "fruit banana berry strawberry food",
    "bottle": "bottle wine carafe flask perfume",
    "vase": "vase pot jug pitcher",
    "cup": "cup coffee tea mug espresso latte cappuccino teacup breakfast cocoa",
    "laptop": "laptop computer notebook keyboard macbook monitor",
    "desk": "desk workspace office workplace studio desktop",
    "table": "table interior room kitchen,still life",
    "book": "book library novel",
    "candle": "candle candlelight lantern",
    "lamp": "lamp",
    "window": "window",
    "planet": "planet saturn jupiter mars venus neptune exoplanet",
    "earth": "earth globe",
    "galaxy": "galaxy nebula cosmos universe space cosmic,outer space,deep space",
    "comet": "comet meteor,shooting star",
    "heart": "heart love",
    "umbrella": "umbrella parasol",
}


_LIGHT_WORDS: dict[str, str] = {
    "dawn": "dawn sunrise daybreak,early morning,first light",
    "day": "day daylight daytime noon midday afternoon sunny morning,clear sky,blue sky",
    "golden": ",golden hour,golden light,warm light,magic hour,late afternoon",
    "sunset": "sunset sundown,setting sun",
    "dusk": "dusk twilight evening,blue hour",
    "night": "night midnight nighttime nocturne moonlit starry moonlight nocturnal",
    "overcast": "overcast gloomy grey sky,gray sky,soft light",
}


_WEATHER_WORDS: dict[str, str] = {
    "rain": "rain rainy drizzle raining wet monsoon",
    "snow": "snow snowy snowfall blizzard frost frosty snowing",
    "fog": "fog foggy mist misty haze hazy smoky moody",
    "storm": "storm stormy thunderstorm lightning thunder tempest hurricane",
    "wind": "windy breeze wind",
}


_SEASON_WORDS: dict[str, str] = {
    "spring": "spring springtime",
    "summer": "summer summertime",
    "autumn": "autumn autumnal fall october november",
    "winter": "winter wintry december january",
}


_STYLE_WORDS: dict[str, str] = {
    "watercolour": "watercolor watercolour aquarelle,water color,water colour",
    "oil": "impressionist impressionism impasto monet,oil painting,oil paint,oil on canvas,"
    "van gogh",
    "pencil": "pencil sketch drawing charcoal drawing graphite,pencil sketch,hand drawn",
    "ink": "ink sumi sumi-e calligraphy woodcut linocut,ink wash,line art,ink drawing",
    "neon": "neon cyberpunk synthwave vaporwave retrowave tron",
    "minimal": "minimal minimalist minimalism simple clean flat,flat design,flat illustration",
    "pixel": "pixel pixelated 8-bit 16-bit,pixel art,8 bit,16 bit",
    "pastel": "pastel kawaii,soft pastel,chalk",
    "noir": "noir monochrome,black and white,film noir,black white,black & white",
    "pop": "comic,pop art,comic book,warhol,lichtenstein",
    "lowpoly": "lowpoly low-poly polygonal,low poly",
    "glass": "mosaic,stained glass,stained-glass",
    "photo": "photo photograph photographic photography photorealistic realistic cinematic bokeh "
    "dslr 35mm,film still",
    "vintage": "vintage retro nostalgic antique polaroid sepia,old photo",
}


_MOOD_WORDS: dict[str, str] = {
    "warm": "warm cosy cozy hot",
    "cold": "cold cool icy chilly frozen frosty",
}


ABSTRACT_WORDS = frozenset(
    [
        "abstract",
        "geometric",
        "geometry",
        "pattern",
        "circle",
        "square",
        "triangle",
        "line",
        "shape",
        "bauhaus",
        "kandinsky",
        "mondrian",
        "composition",
        "gradient",
        "texture",
        "spiral",
        "swirl",
        "fractal",
        "surreal",
        "wallpaper",
        "shard",
        "band",
        "cubist",
        "suprematist",
        "rothko",
    ]
)


NUMBERS: dict[str, int] = {
    "a": 1,
    "an": 1,
    "one": 1,
    "single": 1,
    "lone": 1,
    "lonely": 1,
    "solitary": 1,
    "two": 2,
    "pair": 2,
    "couple": 2,
    "twin": 2,
    "three": 3,
    "trio": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "dozen": 12,
    "few": 3,
    "several": 5,
    "some": 3,
    "many": 9,
    "flock": 9,
    "herd": 6,
    "fleet": 6,
    "group": 5,
    "lots": 9,
}


NEGATIONS = frozenset({"no", "without", "not", "minus", "except"})


def _by_word(table: dict[str, str]) -> dict[str, str]:
    """Turn kind -> words into word -> kind; names of several words follow a comma each."""
    known: dict[str, str] = {}
    for kind, words in table.items():
        singles, *phrases = words.split(",")
        known.update(dict.fromkeys([*singles.split(), *phrases], kind))
    return known


SUBJECTS = _by_word(_SUBJECT_WORDS)


LIGHTS = _by_word(_LIGHT_WORDS)


WEATHERS = _by_word(_WEATHER_WORDS)


SEASONS = _by_word(_SEASON_WORDS)


STYLES = _by_word(_STYLE_WORDS)


MOODS = _by_word(_MOOD_WORDS)


STYLE_KINDS = tuple(_STYLE_WORDS)
