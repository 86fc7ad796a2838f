"""Who signs the addresses of files."""

from __future__ import annotations

from darkroom.domain.file_links import LinkSigner
from darkroom.domain.ports import Secrets

# The first signs, all verify: a new one goes in front, and the old one leaves a week later.
_LINK_KEYS = ("1",)


def link_signer(secrets: Secrets) -> LinkSigner:
    return LinkSigner({kid: secrets.derive(f"file-links/{kid}") for kid in _LINK_KEYS})
