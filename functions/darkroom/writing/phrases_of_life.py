"""Of people, animals, plants, food, and of what is no light matter."""

from __future__ import annotations

from collections.abc import Mapping

from darkroom.writing.phrases import Phrases

OF_LIFE: Mapping[str, Phrases] = {
    "people": Phrases(
        emoji="✨",
        tags="Portrait PortraitArt PeopleAndStories HumanMoments Storytelling",
        hooks=(
            "Some moments need no caption. Here is one anyway.",
            "You know this feeling.",
            "There is a story here.",
        ),
        thoughts=(
            "It is never about the pose. It is about the half second before or after it.",
            "A small gesture can say more than a paragraph.",
            "Some people tell you everything without saying a word.",
        ),
        angles=(
            (
                "Start with the posture, then go to the expression. Together they say something "
                "that neither says alone."
            ),
            (
                "Think of the minute before this one, and the minute after. The best moments "
                "leave room for both."
            ),
        ),
        lessons=(
            (
                "People follow people. One honest expression does more for a brand than ten "
                "polished claims."
            ),
            "Before anyone reads what you do, they look at who you are. It is worth showing.",
        ),
        questions=(
            "What do you think happened just before this?",
            "Which one word would you give this mood?",
            "Who came to mind when you saw this?",
        ),
        pin="Save it for portrait ideas, character studies or a mood board.",
    ),
    "animals": Phrases(
        emoji="🐾",
        tags="AnimalLovers AnimalArt CuteAnimals AnimalPortrait NatureLovers",
        hooks=(
            "No script. Just instinct.",
            "One look, and the day gets quieter.",
            "Somebody has our full attention.",
        ),
        thoughts=(
            "Animals never try to impress anyone, and that is exactly why we keep looking.",
            "There is a whole conversation in the way they hold still.",
            "Nothing to prove, nowhere else to be. We could learn something here.",
        ),
        angles=(
            (
                "Look twice: once at the whole scene, then only at the face. They tell two "
                "different stories."
            ),
            (
                "The setting does half the work. Take it away and you have a portrait; leave it "
                "in and you have a story."
            ),
        ),
        lessons=(
            (
                "Our eyes go to a living thing first, every time. If a message has to land in a "
                "second, give people someone to look at."
            ),
            "Patience is a method. The best moments come to those who stay still long enough.",
        ),
        questions=(
            "What do you think is going through that head right now?",
            "Who does this remind you of?",
            "Which name fits? Suggestions are open.",
        ),
        pin="Save it for animal art, a nursery wall or gift ideas.",
    ),
    "plants": Phrases(
        emoji="🌿",
        tags="Botanical PlantLovers FlowerPower NatureInspired GardenLovers",
        hooks=(
            "Growing quietly.",
            "Closer. A little closer.",
            "Nature got the design right the first time.",
        ),
        thoughts=(
            "No rush, no noise, and everything happens on time.",
            "The closer you look, the better it gets.",
            "A small thing that changes the whole room.",
        ),
        angles=(
            (
                "Try to find two parts that are exactly alike. You will not, and that is the "
                "beauty of it."
            ),
            (
                "Give it ten seconds before you scroll on. Notice the edges, the veins, the way "
                "one shape leans on the next."
            ),
        ),
        lessons=(
            (
                "Growth is slow until it is obvious. From the outside, patience looks a lot like "
                "doing nothing."
            ),
            "Nature repeats a good idea with small changes. It is a fine way to build anything.",
        ),
        questions=(
            "Would you bring it home or leave it where it grows?",
            "Garden, balcony or windowsill: where do yours live?",
            "Who deserves flowers today?",
        ),
        pin="Save it for garden plans, bouquets or botanical art.",
    ),
    "food": Phrases(
        emoji="🍽️",
        tags="Foodie FoodLovers FoodArt FoodStyling GoodTaste",
        hooks=(
            "Warning: may cause sudden hunger.",
            "Save some room for this.",
            "Good taste starts with a good look.",
        ),
        thoughts=(
            "Good things start working long before the first taste.",
            "Simple ingredients, treated with respect. It rarely takes more than that.",
            "The kind of thing that makes a table go quiet for a minute.",
        ),
        angles=(
            (
                "Think of what happens around it: who is at the table, who reaches first, who "
                "says they only wanted a little. That is the part we remember."
            ),
            "Look at the textures for a moment. They tell you more than any menu could.",
        ),
        lessons=(
            (
                "People decide with their eyes before they read a word of the menu. Presentation "
                "is part of the product."
            ),
            (
                "Appetite is a good teacher: show the thing itself, close and honest, and leave "
                "out the rest."
            ),
        ),
        questions=(
            "Who are you sharing this with?",
            "Would you go for seconds?",
            "Slow morning or late night: when would you have this?",
        ),
        pin="Save it for your next menu, table setting or weekend in the kitchen.",
    ),
    "solemn": Phrases(
        emoji="",
        tags="Humanity WithRespect Compassion Remembrance Together",
        hooks=(
            "Please take a moment with this.",
            "Some things ask for silence first.",
            "Worth remembering.",
        ),
        thoughts=(
            "There is no easy caption for it, so this one stays short.",
            "Shared with care, and with respect for everyone it concerns.",
            "Some moments deserve more than a quick look.",
        ),
        angles=(
            "Some scenes stay with us. It is good to let them.",
            "It is all right to stay with it for a minute and to leave the words for later.",
        ),
        lessons=(
            "Not every subject needs our opinion. Some only need our attention.",
            "How we speak of hard things says who we are. Fewer words are often the better ones.",
        ),
        questions=(
            "If you would like to share a memory or a thought, there is room for it here.",
            "Be kind to one another in the comments.",
        ),
        pin="Kept as a quiet place to remember.",
    ),
}
