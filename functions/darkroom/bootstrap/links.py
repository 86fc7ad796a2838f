"""Who signs the addresses of files."""

from __future__ import annotations

from darkroom.domain.file_links import LinkSigner
from darkroom.domain.secrets import Secrets


def link_signer(secrets: Secrets) -> LinkSigner:
    """The first signs, all verify."""
    numbers = secrets.generations()
    return LinkSigner(
        {str(number): secrets.derive(f"file-links/{number}", number) for number in numbers}
    )
