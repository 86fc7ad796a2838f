"""How the prompt of a picture follows from the captions that it is to go with."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from darkroom.domain.captions import LONGEST_PROMPT
from darkroom.domain.texts import HASHTAG, ended, in_words, sentences, undecorated, within

_MOST_CONTEXT = 600
_LEAST_CONTEXT = 60
_OPENING = "A picture that goes with this: "
_MOOD = " (Mood: {})"
_OF_NOTHING = "A simple, friendly scene for a social media post."
_CLAUSE_END = re.compile(r"[,;]\s+|\s+[–—-]\s+")
_CALL_TO_ACTION = re.compile(
    r"\blink in (?:\w+ )?(?:bio|profile|comments)\b|\b(?:in|leave) (?:the |a )?comments?\b|"
    r"\bcomment(?:s)? (?:below|with)\b|\btag (?:a|someone|your|us)\b|\b(?:dm|message|tell) us\b|"
    r"\blet (?:us|me) know\b|\bsign up\b|\bturn on notifications\b|\bdouble[- ]tap\b|"
    r"\b(?:shop|order|buy|book|read|learn|find|register|download|click|call|visit|join)"
    r" (?:more|out more|now|today|here|us|via)\b|"
    r"^(?:please |so |then |and |now )*(?:(?:save|share|like|bookmark|pin|repost|watch|send|keep) "
    r"(?:it|this|that|and|for|if)|follow|subscribe|swipe|tap|click|reply|comment|drop)\b",
    re.IGNORECASE,
)
_ASKS_THE_READER = re.compile(r"\b(?:you|your|yours|who|whom)\b.*\?$", re.IGNORECASE)
# The first words of what the writer that is built in says of anything, whatever the subject.
_FIRST_WORDS = 5
_FILLERS = (
    "some moments need no caption | here is one anyway | you know this feeling | "
    "there is a story here | it is never about the | it is about the half | "
    "a small gesture can say | some people tell you everything | start with the posture then | "
    "together they say something that | think of the minute before | the best moments leave room "
    "| people follow people | one honest expression does more | before anyone reads what you | "
    "it is worth showing | save it for portrait ideas | no script | just instinct | "
    "one look and the day | somebody has our full attention | animals never try to impress | "
    "there is a whole conversation | nothing to prove nowhere else | "
    "we could learn something here | look twice once at the | they tell two different stories | "
    "the setting does half the | take it away and you | our eyes go to a | if a message has to | "
    "patience is a method | the best moments come to | which name fits | suggestions are open | "
    "save it for animal art | growing quietly | closer | a little closer | "
    "nature got the design right | no rush no noise and | the closer you look the | "
    "a small thing that changes | try to find two parts | you will not and that | "
    "give it ten seconds before | notice the edges the veins | growth is slow until it | "
    "from the outside patience looks | nature repeats a good idea | it is a fine way | "
    "save it for garden plans | warning may cause sudden hunger | save some room for this | "
    "good taste starts with a | good things start working long | "
    "simple ingredients treated with respect | it rarely takes more than | the kind of thing that "
    "| think of what happens around | that is the part we | look at the textures for | "
    "they tell you more than | people decide with their eyes | presentation is part of the | "
    "appetite is a good teacher | save it for your next | please take a moment with | "
    "some things ask for silence | worth remembering | there is no easy caption | "
    "shared with care and with | some moments deserve more than | some scenes stay with us | "
    "it is good to let | it is all right to | not every subject needs our | "
    "some only need our attention | how we speak of hard | fewer words are often the | "
    "if you would like to | kept as a quiet place | breathe in | hold it | there | "
    "the view is doing all | out here nobody is in | some places make every to | "
    "the longer you look the | a good view needs no | it only needs a minute | "
    "follow it from front to | every layer has its own | imagine the sound of it | "
    "wind water or nothing at | perspective is rarely about seeing | it is about deciding what | "
    "a wide view only works | so does a strategy | stay for an hour or | "
    "save it for travel dreams | every place has its own | look up | then look again | "
    "never the same twice | a thousand small plans crossing | lines windows corners it is | "
    "everyone passes through | few stop to look | pick one window and make | then pick another | "
    "that is how a place | cities are drawn twice once | it helps to look for | "
    "a city works because many | the same is true of | good structure is invisible until | "
    "then you see it everywhere | coffee first or straight out | save it for city trips | "
    "come in sit down stay | rooms have moods too | it is all in the | a good room tells you | "
    "you can tell how a | every object seems to have | look at what has been | "
    "space is the one material | picture it on a slow | a room that works for | "
    "spaces shape behaviour | before changing how people work | good design is mostly leaving | "
    "looking up never gets old | we are very small | it is wonderful | far away and somehow close "
    "| it puts monday in perspective | there is more out there | silence on the largest scale | "
    "whatever was on your mind | it just got smaller | scale is the hard part | "
    "big goals look empty for | then one point of light | exploring starts with accepting how | "
    "so does good work | save it for wallpapers space | once upon a time just | "
    "you will not find this | every legend starts somewhere | it is made up and | "
    "somewhere in here a story | believing it for a minute | write the first sentence of | "
    "the best invented worlds have | look for them here what | imagination is a practical skill | "
    "good stories make the impossible | that is what makes people | what happens next | "
    "friend or foe | save it for story prompts | meet your next favourite | "
    "it is the details that | made to be noticed | good design does not shout | "
    "it just makes you reach | you can tell a lot | the kind of thing you | look at the edges the "
    "| that is where care shows | imagine it where you would | if that comes easily the | "
    "a product is understood in | show it clearly then let | details are not decoration | "
    "they are the part of | ready when you are | some journeys start with a | next stop anywhere "
    "| built to go somewhere and | half the pleasure is in | you can almost feel it | "
    "someone drew every one of | imagine the route who is | momentum is easier to keep | "
    "most projects need one good | form follows function until both | short trip or no return | "
    "save it for travel plans | good work starts here | some news worth sharing | "
    "here is what has been | ideas are easy | showing up for them is | "
    "good things happen when people | big plans look a lot | behind every result there is | "
    "that part deserves to be | the tools change every year | curiosity clear words and a | "
    "progress is mostly a habit | clarity is kind | when everyone sees the same | "
    "one shape one idea | simple is the hard part | a good mark says who | "
    "take one more thing away | that is the point to | it has to work on | try it in your head | "
    "what survives is the idea | look at the space between | it counts just as much | "
    "a mark is a promise | it is only as strong | simplicity is a decision made | "
    "what is the first word | read it out loud | words dressed for the occasion | "
    "put it where you can | good lettering gives words a | a few words given room | say it once | "
    "say it clearly | squint at it | what you can still read | type is a voice before | "
    "if everything is important nothing | pick the one line that | white space is not wasted | "
    "it is what makes people | save it for your wall | no right answer here | "
    "feel first think later | first impressions count double | it means something different on | "
    "shapes and colours talking without | there is nothing to solve | you can just look | "
    "turn your phone upside down | if it still holds together | let your eye wander and | "
    "that says as much about | not everything has to explain | "
    "curiosity holds attention longer than | balance is not symmetry | it is knowing which side | "
    "save it for your walls | worth a second look | stop here for a moment | this one is for you "
    "| look what we have here | sometimes one look says what | take a moment with it | "
    "it grows on you | some ideas only make sense | look once for the whole | "
    "you will find a different | every choice in it is | that is worth a thought | "
    "attention is earned in the | show then tell | people remember what they have | "
    "save it for later or | save it share it come | leave your answer below and | "
    "more to come subscribe and"
)
_LEAD = re.compile(
    r"^(?:take a closer look|worth a second look|in the picture|in this set|on screen): ",
    re.IGNORECASE,
)
_LITTLE_WORDS = (
    "a an and as at be but by for from in into is it its no of on or our so than that the their "
    "there they this to we what when with you your"
)
_MOSTLY_KNOWN = 0.8
_TIMES_LESS = 2
_ENOUGH_WORDS = 3


def prompt_of(captions: Mapping[str, str], source: str | None, direction: str | None) -> str:
    """The prompt of a picture that goes with these captions. Raises KeyError for the source."""
    texts = tuple(captions.values()) if source is None else (captions[source],)
    # Whole, however long: the context makes room for it.
    wish = (direction or "").strip()
    room = min(_MOST_CONTEXT, LONGEST_PROMPT - len(wish) - 1)
    if not texts or room < _LEAST_CONTEXT:
        return wish
    about = _themes(texts) or _what_hashtags_say(texts) or _OF_NOTHING
    told = within(_OPENING + about, room)
    moods = _moods(texts) or (_questions(texts) if source is not None else ())
    return f"{told}{_mood(moods, room - len(told))} {wish}".strip()


def _mood(moods: Iterable[str], room: int) -> str:
    """Whole sentences, in brackets, so that the painter can leave them out."""
    kept = ""
    for said in moods:
        longer = f"{kept} {said}".strip()
        if len(_MOOD.format(longer)) <= room:
            kept = longer
    return _MOOD.format(kept) if kept else ""


def _moods(texts: Sequence[str]) -> Iterable[str]:
    """What the captions say beside their subject: by this alone the built-in writer's differ."""
    said = (part for text in texts for part in sentences(undecorated(text)) if _is_filler(part))
    return dict.fromkeys(ended(part) for part in said if not _CALL_TO_ACTION.search(part))


def _questions(texts: Sequence[str]) -> Iterable[str]:
    asked = (part for text in texts for part in sentences(undecorated(text)))
    return (part for part in asked if part.endswith("?") and not _CALL_TO_ACTION.search(part))


def _themes(texts: Sequence[str]) -> str:
    """What the captions share comes first; what one of many adds may be left out."""
    told = [[ended(part) for part in _told(undecorated(text))] for text in texts]
    spread = Counter(word for parts in told for word in _words(" ".join(parts)))

    def shared(part: str) -> float:
        return sum(spread[word] for word in _words(part)) / max(len(_words(part)), 1)

    ranked = sorted((part for parts in told for part in parts), key=shared, reverse=True)
    kept: list[str] = []
    for part in ranked:
        known = max((_alike(_words(part), _words(other)) for other in kept), default=0.0)
        needed = len(_words(" ".join(kept))) < _ENOUGH_WORDS
        if known < _MOSTLY_KNOWN and (needed or shared(part) >= shared(ranked[0]) / _TIMES_LESS):
            kept.append(part)
    return " ".join(kept)


def _alike(some: frozenset[str], others: frozenset[str]) -> float:
    """How much of the one there is in the other, the shorter in the longer."""
    fewer = min(some, others, key=len) if len(others) >= _ENOUGH_WORDS else some
    return len(some & others) / max(len(fewer), 1)


def _told(text: str) -> Iterable[str]:
    """The sentences that are about something, without what they ask of the reader."""
    for whole in sentences(text):
        if _ASKS_THE_READER.search(whole) or _is_filler(whole):
            continue
        sentence = _LEAD.sub("", whole)
        clauses = _CLAUSE_END.split(sentence)
        about = [clause for clause in clauses if not _CALL_TO_ACTION.search(clause)]
        if len(about) == len(clauses):
            yield sentence
        elif about:
            yield ", ".join(about)


def _is_filler(sentence: str) -> bool:
    return " ".join(re.findall(r"\w+", sentence.casefold())[:_FIRST_WORDS]) in _FILLERS.split(" | ")


def _what_hashtags_say(texts: Sequence[str]) -> str:
    named = (in_words(tag) for text in texts for tag in HASHTAG.findall(text))
    return ", ".join(dict.fromkeys(named))


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.casefold())).difference(_LITTLE_WORDS.split())
