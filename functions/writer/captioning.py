"""Captions out of parts: what to say of a subject, laid out for each kind of post."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from writer import platforms
from writer.briefs import Brief, Caption, Post
from writer.choice import pick
from writer.hashtags import hashtags
from writer.links import linked, pointed, unlinked
from writer.story import Story, story_of
from writer.themes import shortened

_ARTICLES = ("A ", "An ", "The ", "Two ", "Three ", "Some ")
_POST_TYPES = tuple(platforms.LAYOUTS)
# Nobody means them, and nobody sees them in a post; a caption must not begin or end with one.
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]|[^\S \n\r\t]")


def captions(brief: Brief) -> dict[str, Caption]:
    """One for each of the posts."""
    seen = tuple(_plain(text) for text in brief.seen)
    brief = replace(brief, prompt=_plain(brief.prompt), seen=seen)
    story = story_of(brief)
    return {
        post_type: _caption(story, post_type, post, is_deep=brief.is_deep)
        for post_type, post in brief.posts.items()
    }


def _plain(text: str) -> str:
    return _CONTROLS.sub(" ", text)


def _caption(story: Story, post_type: str, post: Post, *, is_deep: bool) -> Caption:
    parts: dict[str, str] = {}
    subjects: dict[str, str] = {}
    for part, text, subject in _parts(story, post_type, post):
        parts[part], subjects[part] = text, subject
    layout = platforms.LAYOUTS[post_type]
    by_importance = [part for part in platforms.IMPORTANCE if parts.get(part)]
    # Deep captions add to the regular ones: whatever is in those is in these.
    candidates = [part for part in by_importance if part in layout.split()]
    if is_deep:
        candidates += [part for part in by_importance if f"{part}+" in layout.split()]
    chosen: list[str] = []
    for part in candidates:
        if post.length(_laid_out(layout, parts, [*chosen, part])) <= post.most_characters:
            chosen.append(part)
    return Caption(
        text=_laid_out(layout, parts, chosen),
        subject="\n".join(subjects[part] for part in parts if part in chosen and subjects[part]),
    )


def _laid_out(layout: str, parts: Mapping[str, str], chosen: Collection[str]) -> str:
    paragraphs = (
        " ".join(parts[part] for part in paragraph.replace("+", "").split() if part in chosen)
        for paragraph in layout.split("|")
    )
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def _reachable(post_type: str) -> bool:
    return platforms.platform(post_type) in platforms.WITH_LINKS


def _where(post_type: str) -> str:
    """Where a post has the link that its sentences speak of."""
    has_line = "link" in platforms.LAYOUTS[post_type].split()
    below = _reachable(post_type) and has_line
    return platforms.LINK_BELOW if below else platforms.LINK_IN_BIO


def _theme(story: Story, post_type: str, post: Post) -> str:
    most, where = platforms.THEMES[post_type], _where(post_type)
    reachable = _reachable(post_type)
    told = linked(story.theme, story.links) if reachable else pointed(story.theme, where)
    if post.length(told) < most:
        return told
    return shortened(pointed(story.theme, where), most, post.length)


def _parts(story: Story, post_type: str, post: Post) -> Iterable[tuple[str, str, str]]:
    """The name of each, its text, and what of that says what the post is about."""
    phrases, seed = story.phrases, "\n".join((story.theme, *story.shown))

    def one_of(options: Sequence[str], purpose: str) -> str:
        return pick(options, seed, purpose, _POST_TYPES.index(post_type))

    hook = one_of(phrases.hooks, "hook")
    with_emoji = post_type in platforms.WITH_EMOJI and phrases.emoji
    title, theme = "", _theme(story, post_type, post)
    if post.longest_title is not None:
        form = platforms.TITLES[0] if story.is_notice else one_of(platforms.TITLES, "title")
        told = _title(unlinked(story.theme, _where(post_type)), post.longest_title, form)
        # Without one, the first line would be another part, which may be longer than a title.
        title, _ = told if told[0] else _title(hook, post.longest_title, form)
        yield "title", title, told[1]
    if hook.rstrip(".") not in title:
        yield "hook", f"{hook} {phrases.emoji}" if with_emoji else hook, ""
    if theme.rstrip(".").casefold() not in title.casefold():
        yield "theme", theme, theme
    yield "thought", one_of(phrases.thoughts, "thought"), ""
    yield "angle", one_of(phrases.angles, "angle"), ""
    yield "lesson", one_of(phrases.lessons, "lesson"), ""
    yield "question", one_of(phrases.questions, "question"), ""
    yield "pin", phrases.pin, ""
    if post_type in platforms.ASKS and not (story.reading.solemn or story.is_notice):
        yield "ask", one_of(platforms.ASKS[post_type], "ask"), ""
    if story.shown:
        shown = "; ".join(map(_lower_first, story.shown))
        yield "shown", _form_of_shown(story, post_type).format(shown=shown), shown
    if story.links and story.links[0] not in theme and platforms.LINK_IN_BIO not in theme:
        link = story.links[0] if _reachable(post_type) else platforms.LINK_ELSEWHERE
        yield "link", link, ""
    yield "tags", hashtags(story, post_type, post.hashtags), ""


def _title(theme: str, most: int, form: str) -> tuple[str, str]:
    """A title and the theme in it; both empty where the theme says nothing that fits."""
    title = shortened(theme, most).rstrip(".")
    if len(title) <= platforms.LONGEST_TITLED and title.startswith(_ARTICLES):
        told = title if form.startswith("{") else _lower_first(title)
        return form.format(theme=told), told
    return title, title


def _form_of_shown(story: Story, post_type: str) -> str:
    if post_type in platforms.FILMS:
        return platforms.IN_FILMS
    return platforms.IN_SETS if len(story.shown) > 1 else platforms.IN_PICTURES


def _lower_first(text: str) -> str:
    return text[0].lower() + text[1:] if text.startswith(_ARTICLES) else text
