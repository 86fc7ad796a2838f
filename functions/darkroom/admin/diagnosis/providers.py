"""The providers' keys, each with its harmless request."""

from __future__ import annotations

from collections.abc import Iterator

from darkroom.admin.deployment import Deployment
from darkroom.admin.diagnosis.finding import Finding, bad, good, judged, not_checked


def check_providers(deployment: Deployment) -> Iterator[Finding]:
    """Those that this deployment asks, and those that a key is kept for."""
    are_any = False
    for status in deployment.services.provider_keys.statuses(with_checks=True):
        subject = f"provider {status.name}"
        if not status.key and not status.enabled:
            continue
        are_any = True
        if not status.key:
            yield bad(subject, f"no key: providers set {status.name}")
        elif status.is_unknown:
            yield not_checked(subject, "a key is kept; no harmless request is known")
        else:
            yield judged(subject, f"its key: {status.check}", is_good=not status.is_bad)
    if not are_any:
        yield good("providers", "none but the painter, which needs no key")
