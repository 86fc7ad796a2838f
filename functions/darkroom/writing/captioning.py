"""Captions out of parts: what to say of a subject, laid out for each kind of post."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial

from darkroom.domain.captions import LIMITS, POST_TYPES, TITLES, CaptionBrief, length_on, platform
from darkroom.writing import platforms
from darkroom.writing.choice import pick
from darkroom.writing.hashtags import hashtags
from darkroom.writing.links import linked, pointed, unlinked
from darkroom.writing.story import Story, story_of
from darkroom.writing.themes import shortened

_ARTICLES = ("A ", "An ", "The ", "Two ", "Three ", "Some ")


def captioned(brief: CaptionBrief) -> dict[str, str]:
    story, is_deep = story_of(brief), brief.research_mode == "deep"
    return {post_type: _caption(story, post_type, is_deep) for post_type in brief.post_types}


def _caption(story: Story, post_type: str, is_deep: bool) -> str:  # noqa: FBT001 - it is private
    parts = dict(_parts(story, post_type))
    layout = platforms.LAYOUTS[post_type]
    by_importance = [part for part in platforms.IMPORTANCE.split() if parts.get(part)]
    # Deep captions add to the regular ones: whatever is in those is in these.
    candidates = [part for part in by_importance if part in layout.split()]
    if is_deep:
        candidates += [part for part in by_importance if f"{part}+" in layout.split()]
    chosen: list[str] = []
    for part in candidates:
        if length_on(post_type, _laid_out(layout, parts, [*chosen, part])) <= LIMITS[post_type]:
            chosen.append(part)
    return _laid_out(layout, parts, chosen)


def _laid_out(layout: str, parts: Mapping[str, str], chosen: Collection[str]) -> str:
    paragraphs = (
        " ".join(parts[part] for part in paragraph.replace("+", "").split() if part in chosen)
        for paragraph in layout.split("|")
    )
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def _parts(story: Story, post_type: str) -> Iterable[tuple[str, str]]:
    phrases, theme = story.phrases, story.theme
    length = partial(length_on, post_type)
    seed = "\n".join((theme, *story.shown))

    def one_of(options: Sequence[str], purpose: str) -> str:
        return pick(options, seed, purpose, POST_TYPES.index(post_type))

    reachable = platform(post_type) in platforms.WITH_LINKS
    has_line = "link" in platforms.LAYOUTS[post_type].split()
    where = platforms.LINK_BELOW if reachable and has_line else platforms.LINK_IN_BIO
    hook = one_of(phrases.hooks, "hook")
    with_emoji = post_type in platforms.WITH_EMOJI and phrases.emoji
    title = ""
    if post_type in TITLES:
        form = platforms.TITLES[0] if story.is_notice else one_of(platforms.TITLES, "title")
        most = TITLES[post_type]
        # Without one, the first line would be another part, which may be longer than a title.
        title = _title(unlinked(theme, where), most, form) or _title(hook, most, form)
        yield "title", title
    if hook.rstrip(".") not in title:
        yield "hook", f"{hook} {phrases.emoji}" if with_emoji else hook
    told = linked(theme, story.links) if reachable else pointed(theme, where)
    if length(told) >= platforms.THEMES[post_type]:
        told = shortened(pointed(theme, where), platforms.THEMES[post_type], length)
    if told.rstrip(".").casefold() not in title.casefold():
        yield "theme", told
    yield "thought", one_of(phrases.thoughts, "thought")
    yield "angle", one_of(phrases.angles, "angle")
    yield "lesson", one_of(phrases.lessons, "lesson")
    yield "question", one_of(phrases.questions, "question")
    yield "pin", phrases.pin
    if post_type in platforms.ASKS and not (story.reading.solemn or story.is_notice):
        yield "ask", one_of(platforms.ASKS[post_type], "ask")
    if story.shown:
        yield "shown", _shown(story.shown, post_type)
    if story.links and story.links[0] not in told and platforms.LINK_IN_BIO not in told:
        yield "link", story.links[0] if reachable else platforms.LINK_ELSEWHERE
    yield "tags", hashtags(story, post_type)


def _title(theme: str, most: int, form: str) -> str:
    """Empty where the theme says nothing that fits."""
    title = shortened(theme, most).rstrip(".")
    if len(title) <= platforms.LONGEST_TITLED and title.startswith(_ARTICLES):
        return form.format(theme=title if form.startswith("{") else _lower_first(title))
    return title


def _shown(shown: Sequence[str], post_type: str) -> str:
    told = "; ".join(map(_lower_first, shown))
    if post_type in platforms.FILMS:
        return platforms.IN_FILMS.format(shown=told)
    form = platforms.IN_SETS if len(shown) > 1 else platforms.IN_PICTURES
    return form.format(shown=told)


def _lower_first(text: str) -> str:
    return text[0].lower() + text[1:] if text.startswith(_ARTICLES) else text
