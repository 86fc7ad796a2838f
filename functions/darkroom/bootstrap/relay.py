"""The relay function, wired."""

from __future__ import annotations

from functools import cached_property

from darkroom.aws.changes import read_change
from darkroom.aws.delivery_queue import SqsFailedRecords
from darkroom.bootstrap.ports import BusPorts, is_temporary
from darkroom.settings import RelaySettings
from darkroom.usecases.relay_changes import Relay


class RelayPorts(BusPorts):
    settings: RelaySettings

    @cached_property
    def failed_records(self) -> SqsFailedRecords:
        return SqsFailedRecords(self.clients.get("sqs"), self.settings.set_aside_queue_url)


def relay(ports: RelayPorts) -> Relay:
    return Relay(
        read=read_change,
        is_temporary=is_temporary,
        event_publisher=ports.event_publisher,
        failed_records=ports.failed_records,
    )
