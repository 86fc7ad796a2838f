"""The relay function, wired."""

from __future__ import annotations

from darkroom.aws.changes import read_change
from darkroom.aws.delivery_queue import SqsFailedRecords
from darkroom.aws.secrets import DerivedSecrets
from darkroom.aws.session import Clients
from darkroom.bootstrap.events import event_publisher
from darkroom.bootstrap.outages import is_temporary
from darkroom.clock_and_ids import SystemClock
from darkroom.settings import RelaySettings
from darkroom.usecases.relay_changes import Relay


def relay(settings: RelaySettings) -> Relay:
    clients, clock = Clients(), SystemClock()
    secrets = DerivedSecrets(clients.get("secretsmanager"), settings.signing_secret, clock)
    return Relay(
        read=read_change,
        is_temporary=is_temporary,
        event_publisher=event_publisher(settings, clients, secrets, clock),
        failed_records=SqsFailedRecords(clients.get("sqs"), settings.set_aside_queue_url),
    )
