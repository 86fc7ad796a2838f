"""Of landscapes, cities, rooms, the sky, and of worlds that are made up."""

from __future__ import annotations

from collections.abc import Mapping

from darkroom.writing.phrases import Phrases

OF_PLACES: Mapping[str, Phrases] = {
    "landscape": Phrases(
        emoji="🌄",
        tags="Landscape NatureLovers EarthFocus GreatOutdoors Wanderlust",
        hooks=(
            "Breathe in. Hold it. There.",
            "The view is doing all the talking today.",
            "Out here, nobody is in a hurry.",
        ),
        thoughts=(
            "Some places make every to-do list look small.",
            "The longer you look, the more there is to find.",
            "A good view needs no explaining. It only needs a minute.",
        ),
        angles=(
            (
                "Follow it from front to back: what lies at your feet, what lies in between, what "
                "you can only guess at. Every layer has its own pace."
            ),
            (
                "Imagine the sound of it. Wind, water or nothing at all: your answer says a lot "
                "about the day you are having."
            ),
        ),
        lessons=(
            "Perspective is rarely about seeing more. It is about deciding what may stay small.",
            "A wide view only works with one clear point to come back to. So does a strategy.",
        ),
        questions=(
            "Stay for an hour or stay for a week?",
            "Who would you take along?",
            "What would you hear if you stood there right now?",
        ),
        pin="Save it for travel dreams, wallpapers or a quiet wall at home.",
    ),
    "city": Phrases(
        emoji="🏙️",
        tags="CityLife StreetScenes Architecture UrbanArt CityViews",
        hooks=(
            "Every place has its own tempo.",
            "Look up. Then look again.",
            "Never the same twice.",
        ),
        thoughts=(
            "A thousand small plans crossing each other, and somehow it all fits.",
            "Lines, windows, corners: it is all there if you slow down for a second.",
            "Everyone passes through. Few stop to look.",
        ),
        angles=(
            (
                "Pick one window and make up the life behind it. Then pick another. That is how a "
                "place becomes a neighbourhood."
            ),
            (
                "Cities are drawn twice: once by those who plan them, once by those who use them. "
                "It helps to look for both."
            ),
        ),
        lessons=(
            (
                "A city works because many small decisions point the same way. The same is true "
                "of most good projects."
            ),
            "Good structure is invisible until you look for it. Then you see it everywhere.",
        ),
        questions=(
            "Where does this take you back to?",
            "Coffee first, or straight out walking?",
            "Would you live here or just visit?",
        ),
        pin="Save it for city trips, prints or a mood board.",
    ),
    "interior": Phrases(
        emoji="🛋️",
        tags="InteriorInspo InteriorDesign HomeInspiration SlowLiving DesignLovers",
        hooks=(
            "Come in, sit down, stay a while.",
            "Rooms have moods, too.",
            "It is all in the details.",
        ),
        thoughts=(
            "A good room tells you where to sit without saying a word.",
            "You can tell how a day would feel in here.",
            "Every object seems to have found its place.",
        ),
        angles=(
            "Look at what has been left empty. Space is the one material that nobody delivers.",
            (
                "Picture it on a slow Sunday, then on a Monday at eight. A room that works for "
                "both is worth copying."
            ),
        ),
        lessons=(
            "Spaces shape behaviour. Before changing how people work, look at where they do it.",
            "Good design is mostly leaving things out, and knowing what to keep.",
        ),
        questions=(
            "Where would you sit first?",
            "What would you add, and what would you take away?",
            "Could you see yourself here?",
        ),
        pin="Save it for your next room, renovation or mood board.",
    ),
    "space": Phrases(
        emoji="🌌",
        tags="SpaceArt Cosmos Stargazing OuterSpace SenseOfWonder",
        hooks=(
            "Looking up never gets old.",
            "We are very small. It is wonderful.",
            "Far away, and somehow close.",
        ),
        thoughts=(
            "It puts Monday in perspective.",
            "There is more out there than we will ever have names for.",
            "Silence, on the largest scale there is.",
        ),
        angles=(
            "Whatever was on your mind a minute ago is still there. It just got smaller.",
            (
                "Scale is the hard part: nothing out there is close to anything else, and still "
                "the eye finds a pattern."
            ),
        ),
        lessons=(
            (
                "Big goals look empty for a long time. Then one point of light gives everyone a "
                "direction."
            ),
            "Exploring starts with accepting how much we do not know. So does good work.",
        ),
        questions=(
            "Would you go if the ticket were one way?",
            "What would you pack?",
            "Does this make you feel tiny or free?",
        ),
        pin="Save it for wallpapers, space lovers and a sense of wonder.",
    ),
    "fantasy": Phrases(
        emoji="🐉",
        tags="FantasyArt Worldbuilding CharacterDesign ConceptArt FantasyWorld",
        hooks=(
            "Once upon a time, just now.",
            "You will not find this on any map.",
            "Every legend starts somewhere.",
        ),
        thoughts=(
            "It is made up, and still it feels like a memory.",
            "Somewhere in here a story is waiting for its first line.",
            "Believing it for a minute costs nothing.",
        ),
        angles=(
            (
                "Write the first sentence of the story in your head. Now look again: what had you "
                "not noticed?"
            ),
            (
                "The best invented worlds have rules. Look for them here: what is old, what is "
                "new, what is hiding."
            ),
        ),
        lessons=(
            (
                "Imagination is a practical skill: you have to picture something before you can "
                "build it."
            ),
            "Good stories make the impossible specific. That is what makes people believe.",
        ),
        questions=(
            "What happens next?",
            "Friend or foe?",
            "Would you step inside this story?",
        ),
        pin="Save it for story prompts, game nights or fantasy boards.",
    ),
}
