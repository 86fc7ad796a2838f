"""Of what is drawn, and of anything else."""

from __future__ import annotations

from collections.abc import Mapping

from darkroom.writing.phrases import Phrases

OF_DESIGNS: Mapping[str, Phrases] = {
    "logo": Phrases(
        emoji="✏️",
        tags="LogoDesign Branding BrandIdentity GraphicDesign DesignInspiration",
        hooks=(
            "One shape, one idea.",
            "Simple is the hard part.",
            "Would you know it again in a second?",
        ),
        thoughts=(
            "A good mark says who you are before anyone reads a word.",
            "Take one more thing away and it would be too little. That is the point to stop at.",
            "It has to work on a door sign and on a phone.",
        ),
        angles=(
            (
                "Try it in your head: tiny, huge, in one colour, upside down. What survives is "
                "the idea."
            ),
            "Look at the space between the shapes. It counts just as much as the shapes do.",
        ),
        lessons=(
            (
                "A mark is a promise in shorthand. It is only as strong as what people have "
                "learned to expect behind it."
            ),
            "Simplicity is a decision, made many times over.",
        ),
        questions=(
            "What is the first word it brings to mind?",
            "Bold or understated: which would you choose?",
            "Where would you like to see it?",
        ),
        pin="Save it for branding and design inspiration.",
    ),
    "lettering": Phrases(
        emoji="🖋️",
        tags="Typography GraphicDesign PosterDesign Lettering DesignInspiration",
        hooks=(
            "Read it out loud.",
            "Words, dressed for the occasion.",
            "Put it where you can see it.",
        ),
        thoughts=(
            "Good lettering gives words a tone of voice.",
            "A few words, given room, go a long way.",
            "Say it once. Say it clearly.",
        ),
        angles=(
            "Squint at it. What you can still read is the message; the rest is the mood.",
            "Type is a voice before it is a text: you hear loud or quiet before you read a word.",
        ),
        lessons=(
            "If everything is important, nothing gets read. Pick the one line that has to land.",
            "White space is not wasted. It is what makes people read the rest.",
        ),
        questions=(
            "Where would you hang this?",
            "Who needs to read this today?",
            "Which part catches your eye first?",
        ),
        pin="Save it for your wall, your planner or your next design.",
    ),
    "abstract": Phrases(
        emoji="🎨",
        tags="AbstractArt ContemporaryArt ShapesAndColours ArtLovers ModernArt",
        hooks=(
            "No right answer here.",
            "Feel first, think later.",
            "First impressions count double.",
        ),
        thoughts=(
            "It means something different on a Monday than on a Friday.",
            "Shapes and colours, talking without us.",
            "There is nothing to solve. You can just look.",
        ),
        angles=(
            (
                "Turn your phone upside down and look again. If it still holds together, the "
                "balance is right."
            ),
            (
                "Let your eye wander and notice where it rests. That says as much about you as "
                "about what you are looking at."
            ),
        ),
        lessons=(
            (
                "Not everything has to explain itself at once. Curiosity holds attention longer "
                "than an answer."
            ),
            "Balance is not symmetry. It is knowing which side needs more room.",
        ),
        questions=(
            "What do you see?",
            "Which mood is this for you?",
            "What would you call it?",
        ),
        pin="Save it for your walls, wallpapers and palettes.",
    ),
    "anything": Phrases(
        emoji="👀",
        tags="VisualStory CreativeDaily WorthALook FreshIdeas Inspiration",
        hooks=(
            "Worth a second look.",
            "Stop here for a moment.",
            "This one is for you.",
            "Look what we have here.",
        ),
        thoughts=(
            "Sometimes one look says what a paragraph cannot.",
            "Take a moment with it. It grows on you.",
            "Some ideas only make sense once you can see them.",
        ),
        angles=(
            (
                "Look once for the whole, once for the details, and once for what is missing. You "
                "will find a different story each time."
            ),
            (
                "Every choice in it is a choice against something else. That is worth a thought "
                "before the next one of your own."
            ),
        ),
        lessons=(
            "Attention is earned in the first second and kept by the second look.",
            "Show, then tell. People remember what they have seen.",
        ),
        questions=(
            "What is the first thing you notice?",
            "What would you call this one?",
            "Who should see this?",
        ),
        pin="Save it for later, or for your next idea.",
    ),
}
