"""Where the worker, as it is wired, lets providers say that an image is done."""

import pytest

from darkroom.bootstrap.worker import WorkerPorts, worker
from darkroom.domain.job import JobKind
from darkroom.settings import WorkerSettings

VARIABLES = dict.fromkeys(WorkerSettings.environment_names(), "")
VARIABLES |= {"PROVIDERS": "painter", "LEASE_SECONDS": "30", "MEDIA_DAYS": "0"}


@pytest.mark.parametrize(
    ("public_url", "told"),
    [
        ("https://images.example", "https://images.example"),
        ("http://127.0.0.1:8700", ""),
        ("http://localhost:8700", ""),
        ("", ""),
    ],
)
def test_providers_are_told_of_no_address_that_they_cannot_call(public_url, told):
    settings = WorkerSettings.from_environment(VARIABLES | {"PUBLIC_URL": public_url})
    processor = worker(WorkerPorts(settings)).process.__self__
    assert processor.handlers[JobKind.IMAGES].public_url == told
