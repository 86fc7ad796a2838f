"""What a prompt tells the writer to do, rather than to say."""

from __future__ import annotations

import re

_PLATFORM = r"(?:instagram|facebook|tiktok|twitter|x|linkedin|threads|pinterest|youtube)"
_ORDER = re.compile(
    r"^(?:please |can you |could you |i want (?:you to )?|i need |we need )*"
    r"(?:(?:write|create|make|generate|give|compose|draft|prepare|do|show)(?: me| us)?|"
    r"i want|i need|we need|need|want)?\s*(?:a|an|some|the|my|our|\d+)?\s*"
    r"(?:[\w-]+,? ){0,3}?(?:captions?|posts?|texts?|copy|pictures?|images?|photos?|photographs?)"
    rf"(?: (?:for|on) (?:my |our )?{_PLATFORM}\b)?"
    r"(?: (?:of|about|for|showing|on|announcing)| that shows?)\s+",
    re.IGNORECASE,
)
_BARE_ORDER = re.compile(
    r"^(?:please )?(?:(?:create|draw|paint|generate|design|make|depict|imagine|render|illustrate)"
    r"(?: me| us)? (?=(?:an?|some|two|three)\b)|(?:announce|promote|advertise|mention) (?:that )?|"
    r"(?:say|tell (?:people|them|everyone)) that |write (?:something )?about )",
    re.IGNORECASE,
)
_MANNER = (
    r"(?:(?:very|really|super|more|a bit|quite) )?"
    r"(?:short|brief|concise|simple|light|fun|funny|witty|casual|formal|professional|friendly|"
    r"playful|serious|warm|catchy|punchy|sweet|engaging|humorous|humourous|inspiring|emotional)"
)
_TO_US = (
    r"(?:(?:and|but|also|then|so|just|please|pls|kindly|make sure (?:to|you)|be sure to|"
    r"remember to|try to)[ ,]+)*"
    r"(?:(?:do not|don['’]?t|never|avoid|without|leave out|skip)(?: the)? "
    r"(?:mention(?:ing)?|includ(?:e|ing)|talk(?:ing)? about|reveal(?:ing)?|overdo|"
    r"(?:us(?:e|ing)|add(?:ing)?) (?:any |too many |the words? )?"
    r"(?:emojis?|hashtags?|slang|jargon|words?|exclamation|links?|[\"“'])|"
    r"(?:any )?(?:emojis?|hashtags?)|say(?:ing)? (?:the|how|that|anything|we))\b|"
    rf"(?:keep|make) (?:it|this|the \w+) (?:sound |feel )?{_MANNER}"
    rf"(?:(?:,| and|, and) {_MANNER})*(?: please)?[.!)]*(?=[,;]|$)|"
    r"(?:keep|make) (?:it|this) (?:to|under|below|within) \d+|"
    r"(?:use|write (?:it )?in|keep|in|with) (?:(?:an?|the|some|no|lots of|plenty of|a few) )?"
    r"(?:[\w-]+,? (?:and )?){0,3}?"
    r"(?:tone|voice|style|emojis?|hashtags?|wording)(?: of voice)?(?: please)?[.!)]*(?=[,;]|$)|"
    rf"(?:an? )?{_MANNER}(?:(?:,| and|, and) {_MANNER})* (?:tone|voice|style)[.!)]*(?=[,;]|$)|"
    r"(?:add|include|insert|put) (?:(?:an?|the|some|no|our|a few|lots of|\d+) )?(?:\w+ )?"
    r"(?:emojis?|hashtags?|call[- ]to[- ]action|cta|keywords?)\b|"
    r"(?:no|zero|\d+|a few|some) (?:emojis?|hashtags?|links?|prices?|slang|jargon|puns|"
    r"exclamation marks?)(?: (?:or|and) (?:emojis?|hashtags?|links?|prices?))?"
    r"(?: please)?[.!)]*(?=[,;]|$)|"
    r"(?:max(?:imum)?(?: of)?|at most|no more than|less than|under|up to) \d+ "
    r"(?:words|characters|sentences|lines|hashtags|emojis)\b|"
    r"(?:the )?(?:tone|style|voice|(?:target )?audience|length|language|format)"
    r"(?: of voice)?(?::| should be\b)|"
    r"(?:please|pls|thanks|thank you)[.!)]*(?=[,;]|$))"
)
_INSTRUCTS = re.compile(_TO_US, re.IGNORECASE)
_BEFORE_ONE = re.compile(
    rf"\s+(?:[–—-]+\s+|\((?={_TO_US}))|\s+(?=(?:and|but)\s+{_TO_US})|(?<=[,;])\s+",
    re.IGNORECASE,
)
_NO = r"\b(?:no|without|zero|(?:don['’]?t|do not|never) (?:use|add|include)|skip|avoid|leave out)"
_NO_HASHTAGS = re.compile(
    rf"{_NO}(?: using)?(?: any| the)?(?: emojis? (?:or|and))? hashtags?\b", re.IGNORECASE
)
_NO_EMOJI = re.compile(
    rf"{_NO}(?: using)?(?: any| the)?(?: hashtags? (?:or|and))? emojis?\b", re.IGNORECASE
)


def without_orders(sentence: str) -> str:
    """What is left to be said; "" where all of it speaks to the writer."""
    kept, between, at = "", "", 0
    for end in (*_BEFORE_ONE.finditer(sentence), None):
        clause = sentence[at : end.start() if end else len(sentence)]
        if not _INSTRUCTS.match(clause):
            kept += (between if kept else "") + clause
        if end:
            between, at = end[0], end.end()
    return _without_lead(kept.rstrip(" ,;"))


def refuses_hashtags(prompt: str) -> bool:
    return bool(_NO_HASHTAGS.search(prompt))


def refuses_emoji(prompt: str) -> bool:
    return bool(_NO_EMOJI.search(prompt))


def _without_lead(sentence: str) -> str:
    for order in (_ORDER, _BARE_ORDER):
        rest = order.sub("", sentence, count=1)
        if rest:
            sentence = rest
    return sentence
