"""What is to be made, complete and explicit: no default is resolved after this."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Format = Literal["png", "jpeg", "webp"]
FORMATS: tuple[Format, ...] = ("png", "jpeg", "webp")
ContentType = Literal["image/png", "image/jpeg", "image/webp"]
CONTENT_TYPES: Mapping[Format, ContentType] = {
    "png": "image/png",
    "jpeg": "image/jpeg",
    "webp": "image/webp",
}
EXTENSIONS: Mapping[Format, str] = {"png": "png", "jpeg": "jpg", "webp": "webp"}

# Seeds travel as JSON numbers, to providers too: 32 bits is what all of them take.
MAX_SEED = 2**32 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    format: Format = "webp"
    quality: int = 85


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A picture that the new one is made after: one of the library, or one on the web."""

    media: str | None = None
    file: str | None = None  # the name of that media's file, looked up when the job is accepted
    url: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageRequest:
    prompt: str
    model: str
    width: int
    height: int
    n: int
    seed: int
    output: Output = field(default_factory=Output)
    negative_prompt: str | None = None
    steps: int | None = None
    guidance: float | None = None
    temperature: float | None = None
    quality: str | None = None
    references: tuple[Reference, ...] = ()
    strength: float | None = None  # how closely the references are followed, 0 to 1
    mask: Reference | None = None  # white where the first reference is to change
    enhance: bool = False  # let a writer make the prompt richer
    metadata: Mapping[str, str] = field(default_factory=dict)
    served_by: str = ""  # the model that stands in for the one that was asked for

    def seed_of(self, slot: int) -> int:
        """Each image of a job has its own seed, so that n images are n pictures."""
        return (self.seed + slot) % (MAX_SEED + 1)
