"""Links within sentences: each is a mark until it is known where the sentence will stand."""

from __future__ import annotations

import re

_LINK = re.compile(r"(?:https?://|www\.)\S*[^\s.,;:!?()\[\]{}'\"»”’]", re.IGNORECASE)
_FIRST_MARK = 0xE000
_MARKS = "\ue000-\ue00f"
_MOST_MARKS = 16
_LOOSE = re.compile(rf"[\s:(>–—-]*(?<!\0)[{_MARKS}]\)?(?=\s*(?:[.,;!?]|$))")
_MARK = re.compile(rf"\s*[{_MARKS}]")
# A sentence that goes on with a link after these cannot do without it.
_LEANS_ON_IT = (
    r"(?:at|on|via|from|through|to|under|in|with|by|is|are|of|for|and|or|visit|see|read|join|use|"
    r"click|try|check out|open|watch|browse|follow|unter|auf|bei|über|sur|en|sous|su|em|op|på|à)"
)
_LEANING = re.compile(rf"\b({_LEANS_ON_IT}):?\s*[{_MARKS}]", re.IGNORECASE)


def links_of(prompt: str) -> tuple[str, ...]:
    return tuple(_LINK.findall(prompt))[:_MOST_MARKS]


def marked(prompt: str) -> str:
    """With marks for links; without what only looks like a mark."""
    text = re.sub(rf"[{_MARKS}]", "", prompt)
    for number, link in enumerate(links_of(prompt)):
        text = text.replace(link, chr(_FIRST_MARK + number), 1)
    return _LINK.sub(" ", text)


def has_link(marked_text: str) -> bool:
    return bool(_MARK.search(marked_text))


def without_loose(sentence: str) -> str:
    """Without the links that are no part of the grammar: "Our menu: https://…"."""
    kept = _LEANING.sub(lambda found: f"{found[0][:-1]}\0{found[0][-1]}", sentence)
    return _LOOSE.sub("", kept).replace("\0", "")


def linked(theme: str, links: tuple[str, ...]) -> str:
    for number, link in enumerate(links):
        theme = theme.replace(chr(_FIRST_MARK + number), link)
    return theme


def pointed(theme: str, where: str) -> str:
    """With words instead of the links: "the link in bio"."""
    text = _LEANING.sub(rf"\1 the {where}", theme)
    return _MARK.sub(f" ({where})", text).strip()


def unlinked(theme: str, where: str) -> str:
    """The sentences that have no link, if there are any."""
    parts = re.split(r"(?<=[.!?…])\s+", theme)
    plain = " ".join(part for part in parts if not _MARK.search(part))
    return plain or pointed(theme, where)
