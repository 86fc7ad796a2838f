"""The relay function, wired."""

from __future__ import annotations

from darkroom.aws.changes import read_change
from darkroom.bootstrap.ports import Ports, is_temporary
from darkroom.usecases.relay_changes import Relay


def relay(ports: Ports) -> Relay:
    return Relay(
        read=read_change,
        is_temporary=is_temporary,
        event_publisher=ports.event_publisher,
        failed_records=ports.failed_records,
    )
