"""Of what people make, drive and work on."""

from __future__ import annotations

from collections.abc import Mapping

from darkroom.writing.phrases import Phrases

OF_THINGS: Mapping[str, Phrases] = {
    "product": Phrases(
        emoji="🤍",
        tags="ProductDesign DesignDetails WishList NewFavourite DesignLovers",
        hooks=(
            "Meet your next favourite.",
            "It is the details that do it.",
            "Made to be noticed.",
        ),
        thoughts=(
            "Good design does not shout. It just makes you reach out.",
            "You can tell a lot from the way something is finished.",
            "The kind of thing you are glad to see every day.",
        ),
        angles=(
            (
                "Look at the edges, the surface, the way the parts meet. That is where care "
                "shows, and where it is easiest to skip."
            ),
            (
                "Imagine it where you would use it: on the desk, in the bag, by the door. If that "
                "comes easily, the design is doing its job."
            ),
        ),
        lessons=(
            (
                "A product is understood in one glance or not at all. Show it clearly, then let "
                "people ask questions."
            ),
            "Details are not decoration. They are the part of a promise that people can check.",
        ),
        questions=(
            "Where would this find its place with you?",
            "Which detail did you notice first?",
            "Keep it or gift it?",
        ),
        pin="Save it for your wish list or gift ideas.",
    ),
    "vehicle": Phrases(
        emoji="🧭",
        tags="OnTheMove JourneyAhead DesignInMotion TravelMood AdventureAwaits",
        hooks=(
            "Ready when you are.",
            "Some journeys start with a look.",
            "Next stop: anywhere.",
        ),
        thoughts=(
            "Built to go somewhere, and it shows.",
            "Half the pleasure is in the going.",
            "You can almost feel it start to move.",
        ),
        angles=(
            "Follow the lines from front to back. Someone drew every one of them for a reason.",
            "Imagine the route: who is on board, what is packed, what was left behind on purpose.",
        ),
        lessons=(
            (
                "Momentum is easier to keep than to start. Most projects need one good push, then "
                "a clear road."
            ),
            "Form follows function until both become character.",
        ),
        questions=(
            "Where would you go first?",
            "Short trip or no return date?",
            "Who is coming along?",
        ),
        pin="Save it for travel plans, the garage wall or a print collection.",
    ),
    "work": Phrases(
        emoji="💡",
        tags="Teamwork WorkLife IdeasAtWork GoodWork Inspiration",
        hooks=(
            "Good work starts here.",
            "Some news worth sharing.",
            "Here is what has been on our mind.",
        ),
        thoughts=(
            "Ideas are easy. Showing up for them is the work.",
            "Good things happen when people look at the same question from different sides.",
            "Big plans look a lot like small steps from close up.",
        ),
        angles=(
            (
                "Behind every result there is a table full of half-finished thoughts. That part "
                "deserves to be seen, too."
            ),
            "The tools change every year. Curiosity, clear words and a bit of courage do not.",
        ),
        lessons=(
            "Progress is mostly a habit: make the next step small enough to take today.",
            "Clarity is kind. When everyone sees the same picture, decisions get easier.",
        ),
        questions=(
            "Who comes to mind?",
            "What would you add?",
            "Who should hear about this?",
        ),
        pin="Save it for your next project, pitch or planning day.",
    ),
}
