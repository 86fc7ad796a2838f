"""The writer: captions for posts and richer prompts for pictures, by rules and tables.

It looks nothing up and knows nothing of a subject but the words it was given. "Deep" captions say
more, they are not better informed.

from writer import Brief, Post, captions, enhance

enhance("a red boat")
captions(Brief(prompt="a red boat", posts={"x-post": Post(most_characters=280, hashtags=(1, 2))}))
"""

from writer.briefs import Brief, Caption, Post
from writer.captioning import captions
from writer.enhancing import enhance

__all__ = ["Brief", "Caption", "Post", "captions", "enhance"]
