"""The relay function, wired."""

from __future__ import annotations

from darkroom.aws.changes import read_change
from darkroom.aws.delivery_queue import SqsSetAside
from darkroom.aws.secrets import DerivedSecrets
from darkroom.aws.session import Clients
from darkroom.bootstrap.faults import passes
from darkroom.bootstrap.telling import teller
from darkroom.settings import RelaySettings
from darkroom.system import SystemClock
from darkroom.usecases.relay_changes import Relay


def relay(settings: RelaySettings) -> Relay:
    clients, clock = Clients(), SystemClock()
    secrets = DerivedSecrets(clients.get("secretsmanager"), settings.signing_secret, clock)
    return Relay(
        read=read_change,
        passes=passes,
        teller=teller(settings, clients, secrets, clock),
        aside=SqsSetAside(clients.get("sqs"), settings.set_aside_queue_url),
    )
