"""The words by which the house writer knows what a prompt is about."""

from __future__ import annotations

from collections.abc import Mapping

# Names of things, one each, singular; plurals that are no mere -s, too.
SUBJECTS: Mapping[str, str] = {
    "people": "woman man girl boy child kid baby toddler teenager person lady gentleman couple "
    "family friend crowd mother father mum mom dad parent grandmother grandfather grandma grandpa "
    "bride groom dancer ballerina musician guitarist pianist violinist singer fisherman farmer "
    "chef baker barista nurse doctor teacher student athlete runner cyclist surfer skier climber "
    "hiker traveler traveller tourist model actor actress artist painter potter craftsman worker "
    "firefighter police soldier monk nun cowboy sailor pilot astronaut boxer yogi swimmer skater "
    "women men children people sister brother twin neighbour neighbor barber tailor carpenter",
    "animals": "animal cat kitten dog puppy corgi labrador retriever terrier poodle husky "
    "dachshund pug fox wolf bear panda rabbit bunny hare lion lioness tiger leopard cheetah owl "
    "bird sparrow robin raven crow parrot hummingbird eagle hawk dove swan duck goose penguin "
    "flamingo peacock fish goldfish koi shark whale dolphin orca octopus jellyfish turtle "
    "tortoise horse pony deer stag elk moose elephant giraffe zebra rhino hippo monkey gorilla "
    "koala kangaroo camel llama alpaca cow bull sheep lamb goat pig chicken hen rooster butterfly "
    "bee dragonfly frog snake lizard hedgehog squirrel raccoon otter seal pet wolves geese mice "
    "mouse hamster snail crab",
    "food": "food meal dish breakfast lunch dinner brunch dessert cake cupcake pie pizza pasta "
    "ramen noodle soup salad sandwich burger taco sushi steak bread sourdough croissant bagel "
    "pancake waffle cookie chocolate icecream gelato cheese fruit apple lemon oranges tangerine "
    "banana strawberry berry cherry peach grape mango avocado tomato pumpkin mushroom vegetable "
    "coffee espresso latte cappuccino tea matcha cocktail wine beer juice smoothie lemonade honey "
    "pastry donut doughnut macaron risotto curry dumpling pho paella tapas barbecue rice egg "
    "omelette spice herb menu cookies strawberries berries cherries peaches tomatoes cheesecake "
    "brownie muffin falafel",
    "product": "product perfume watch sneaker shoe boot handbag backpack bag wallet sunglasses "
    "headphone earbud phone smartphone laptop camera speaker keyboard lipstick serum skincare "
    "cream candle mug vase ceramic ceramics pottery jewelry jewellery necklace earring bracelet "
    "ring chair lamp sofa furniture packaging package bottle toy notebook pen guitar shirt tshirt "
    "dress jacket coat hoodie sweater scarf hat collection gadget tool knife knives soap cosmetics",
    "landscape": "landscape seascape mountain mountains hill valley meadow field prairie desert "
    "dune canyon cliff forest woodland jungle rainforest waterfall river lake sea ocean beach "
    "coast coastline island lagoon glacier iceberg fjord volcano countryside vineyard farmland "
    "horizon sunset sunrise sky cloud storm rainbow aurora coral reef cave lighthouse cabin "
    "windmill barn snow shore wave path trail moor swamp savanna tundra cliffs wilderness nature "
    "tent campfire garden park pond",
    "city": "city cityscape skyline downtown street alley avenue skyscraper building tower bridge "
    "plaza market cathedral church castle temple pagoda mosque palace village town rooftop facade "
    "architecture subway metro station harbor harbour canal crosswalk monument ruin ruins house "
    "tokyo paris london lisbon venice rome berlin barcelona kyoto istanbul york manhattan dubai "
    "amsterdam prague havana marrakesh shanghai chicago",
    "interior": "interior room kitchen bedroom bathroom lounge hallway library cafe café "
    "restaurant bakery bar hotel loft attic study nursery studio apartment fireplace shop "
    "bookshop bookstore boutique gallery museum lobby greenhouse workshop",
    "vehicle": "car automobile van truck bus taxi motorcycle motorbike scooter bicycle bike train "
    "locomotive tram boat sailboat yacht ship ferry canoe kayak plane airplane aircraft "
    "helicopter balloon rocket roadster tractor campervan rowboat",
    "plants": "flower rose tulip sunflower poppy daisy peony orchid lily lavender blossom bouquet "
    "wildflower dahlia hydrangea tree oak willow bonsai palm cactus cacti succulent fern monstera "
    "leaf leaves plant houseplant moss petal ivy magnolia wisteria",
    "space": "planet galaxy nebula moon star stars comet meteor asteroid saturn jupiter mars "
    "universe cosmos spaceship spacecraft satellite constellation earth",
    "fantasy": "dragon unicorn wizard witch fairy elf mermaid knight phoenix goblin troll giant "
    "spirit ghost vampire werewolf robot cyborg android alien monster samurai warrior sorcerer "
    "kingdom elves sorceress golem",
    "work": "office team meeting startup conference workshop webinar company business launch "
    "event job career project presentation desk workspace hiring colleague coworker customer "
    "client strategy report service consultant agency newsletter course",
    "abstract": "abstract pattern shape geometry gradient fractal texture swirl spiral circle "
    "wave composition emotion chaos harmony",
}

# Rooms that are known for what is eaten there, and words for how a room looks.
SERVING_FOOD = "bakery cafe café restaurant bistro pizzeria patisserie"
FURNISHING = "interior furniture decor décor renovation renovated wallpaper sofa armchair"

# What holds or names a picture's subject rather than being one.
CARRIERS: Mapping[str, str] = {
    "people": "portrait headshot selfie face figure character silhouette",
    "food": "bowl plate cup glass slice bar",
    "product": "product bottle box jar ring",
    "landscape": "landscape nature sky horizon snow sunset sunrise storm cloud wave path",
    "abstract": "abstract pattern shape texture composition wave gradient",
    "space": "moon star stars earth",
    "work": "collection project event launch service team",
}

# They say what a picture is, whatever else it shows.
ABSTRACT = "abstract"
LETTERING = "poster banner flyer typography lettering calligraphy infographic headline invitation"
LOGO = "logo emblem monogram wordmark icon badge mascot favicon sticker crest"

# Where, or when, the picture stands; the earlier ones win.
PLACES: Mapping[str, str] = {
    "underwater": "underwater,coral reef,seabed,deep sea,aquarium,ocean floor,scuba",
    "space": "outer space,deep space,in space,nebula,galaxy,planet,cosmos",
    "storm": "storm,stormy,thunderstorm,lightning,tornado,hurricane,thunder",
    "night": "night,midnight,nocturnal,starry,stars,moonlit,after dark,nighttime,aurora,"
    "northern lights,milky way,moonlight,bonfire,campfire,fireworks,nacht,nuit,noche,notte,noite",
    "dusk": "sunset,sunrise,dawn,dusk,twilight,golden hour,blue hour,sundown,daybreak,evening",
    "wet": "rain,rainy,raining,fog,foggy,mist,misty,overcast,cloudy,drizzle,haze,hazy,gloomy",
    "snow": "snow,snowy,winter,icy,glacier,iceberg,arctic,frost,frozen,blizzard",
    "indoors": "room,kitchen,bedroom,cafe,café,restaurant,studio,office,interior,library,indoor,"
    "indoors,table,desk,windowsill,shop,bakery,museum,gallery,sofa,couch,workshop,hotel,classroom,"
    "bathroom,fireplace,bookshop,bookstore,greenhouse,church interior,counter,armchair,meeting,"
    "conference",
    "outdoors": "street,beach,forest,garden,park,field,meadow,mountain,mountains,sea,ocean,lake,"
    "river,city,desert,outdoors,outdoor,market,rooftop,hill,hills,valley,road,harbour,harbor,"
    "island,village,jungle,coast,cliff,countryside,bridge,vineyard,skyline,woods,shore",
}

# What needs a quiet voice, whatever else it is about.
SOLEMN = (
    "war,warzone,funeral,grave,graveyard,cemetery,memorial,mourning,grief,grieving,refugee,"
    "refugees,earthquake,flooded homes,disaster,famine,bombing,bombed,massacre,genocide,holocaust,"
    "terror,victim,victims,died,death,deceased,passed away,in memory of,suicide,cancer,hospice,"
    "poverty,homeless,crying,tragedy,tragic,obituary,condolences,casualties,wounded,abuse,"
    "violence,depression,loss of,rest in peace,remembrance,auschwitz,chernobyl"
)
NEGATIONS = frozenset({"no", "without", "not", "never", "avoid", "exclude", "minus", "except"})
# What else is unwanted where this is.
REFUSALS: Mapping[str, str] = {
    "background": "surroundings setting backdrop distance behind",
    "people": "gesture expression skin features unposed human",
    "person": "gesture expression skin features unposed human",
    "human": "gesture expression skin features unposed",
    "text": "headline lettering words",
    "letter": "headline lettering words",
    "words": "headline lettering",
    "blur": "blurred soft softly softer",
    "bokeh": "blurred softly softer",
    "prop": "prop object objects",
    "photo": "photograph photographed",
}
# Whoever writes more of the one than of the other does not write English.
FOREIGN = (
    "und der das ein eine einen einer mit im auf für nicht unter über el una unos para sobre del "
    "y il gli nel nella uno della di che le les des une dans avec sur au aux et est um uma com em "
    "och på ett med het een op og til w bei vor zum zur con por como sous chez"
)
ENGLISH = "the of with and at for from an is are by to her his its our my"
