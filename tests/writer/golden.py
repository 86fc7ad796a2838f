"""Texts by the built-in writer, and what follows from them, that must stay as they are.

python -m tests.writer.golden records them anew, into golden.json: only where a text is meant to
change.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from itertools import product
from pathlib import Path

from darkroom.domain.caption_prompts import prompt_of
from darkroom.domain.captions import POST_TYPES, CaptionBrief
from darkroom.providers.embedded_writer import EmbeddedWriter

RECORDED = Path(__file__).with_name("golden.json")
PROMPTS = (
    "a red fox in the snow",
    "an old fisherman mending his nets at dawn",
    "portrait of a woman, oil painting",
    "Two golden retriever puppies sleeping in a basket",
    "a bowl of ramen with a soft egg, close up",
    "our new sourdough bread, fresh every morning from six",
    "a perfume bottle on marble, soft light",
    "handmade ceramic mugs, now in our shop: https://example.com/mugs",
    "dunes in the desert at golden hour, 35mm, bokeh",
    "a lighthouse in a storm",
    "city skyline at night, cyberpunk, 8k, highly detailed",
    "Tokyo street in the rain",
    "a cosy living room with a fireplace",
    "our café in Lisbon: come in, sit down, stay",
    "a red vintage car on a coastal road",
    "sunflowers in a blue vase, watercolour",
    "spiral galaxy, deep space",
    "a dragon over a castle, no people, no text",
    "our team at the annual conference #teamwork #Berlin2026",
    "logo for a bakery, minimal",
    'poster that says "Jazz Night" in red',
    "abstract circles in teal and gold",
    "melancholy",
    "a turtle at a coral reef",
    "flowers on a grave, remembering those who died in the war",
    "Recall: our kettle KX-2 may catch fire. Stop using it and read https://example.com/recall",
    "We apologise: the app is down until further notice.",
    "Write a caption for Instagram about our spring sale. Keep it short and funny, no hashtags.",
    "Please announce that Café Luna opens on Friday! Use a warm tone, no emojis.",
    "Grand opening of our bakery on Friday. Fresh bread from six.",
    "ein alter Leuchtturm im Nebel und eine Möwe",
    "猫が屋根の上で眠っている。空は青い。",
    "https://a.test",
    "IMG_1234.png",
    "A very long announcement of a small festival by the river, with lanterns, boats and music; "
    "children swim, grandparents dance, and the bakers of three villages bring bread. " * 5,
    "",
)
SEEN = ((), ("a red boat in a harbour at dusk", "IMG_0001.jpg", "a plate of grilled fish"))
MODES = ("regular", "deep")
TO_ENHANCE = (
    *PROMPTS,
    "a kitchen at night",
    "pixel art of a city",
    "a village in the fog, from above",
    "a red and blue kite",
    "a pencil sketch of a cathedral",
    "a samurai in the rain, ukiyo-e",
    "an underwater wreck, bright",
    "a snowman in a garden, without shadows, avoid blur",
    "product shot of sneakers, white background, studio lighting, sharp, teal and orange",
)


def hash_of(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:24]


def briefs() -> Mapping[str, CaptionBrief]:
    """By what they are told by in golden.json."""
    return {
        json.dumps([prompt[:60], len(seen), mode], ensure_ascii=False): CaptionBrief(
            prompt=prompt, seen=seen, post_types=POST_TYPES, research_mode=mode
        )
        for prompt, seen, mode in product(PROMPTS, SEEN, MODES)
    }


def captions(brief: CaptionBrief) -> Mapping[str, str]:
    return {name: caption.text for name, caption in EmbeddedWriter().captions(brief).items()}


def picture_prompts(brief: CaptionBrief) -> Mapping[str, str]:
    """The prompts of pictures that go with the captions: with each of them, and with all."""
    written = EmbeddedWriter().captions(brief)
    return {str(source): prompt_of(written, source, None) for source in (*written, None)}


def enhanced(prompt: str) -> str:
    return EmbeddedWriter().enhance(prompt)


def main() -> None:
    record = {
        "captions": {name: hash_of(captions(brief)) for name, brief in briefs().items()},
        "picture_prompts": {
            name: hash_of(picture_prompts(brief)) for name, brief in briefs().items()
        },
        "enhanced": {prompt: hash_of(enhanced(prompt)) for prompt in TO_ENHANCE},
    }
    RECORDED.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
