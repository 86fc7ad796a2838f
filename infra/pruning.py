"""Takes out of installed packages what no function uses: most of botocore, for one.

botocore describes 400 services in 27 MB. Fewer bytes also start faster: endpoints.json alone is
parsed whole by the first client of every cold start.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

SERVICES = frozenset({"dynamodb", "events", "s3", "secretsmanager", "sqs"})

UNUSED = (
    "bin",
    # The installer's own.
    ".lock",
    "botocore/data/*/*/examples-1.json",
    # An older interface of DynamoDB, without a description.
    "botocore/data/dynamodb/2011-12-05",
    # A decoder for images that we refuse anyway, and one for windows on a screen.
    "PIL/_avif*",
    "pillow.libs/libavif*",
    "PIL/_imagingtk*",
    # Of Powertools we use the logger and the metrics, which need its types and its JMESPath.
    "aws_lambda_powertools/event_handler",
    "aws_lambda_powertools/utilities/[!_jt]*",
    # The interface of another time, generators of documents and code, a copy of the time zones.
    "pydantic/v1",
    # What cryptography was built with; it runs with the library beside it, _cffi_backend.
    "cffi",
    # For a type checker, and for Python in a browser.
    "pydantic/mypy.py",
    "urllib3/contrib/emscripten",
    "pycparser*",
    "dateutil/zoneinfo/*.tar.gz",
    "**/*.pyi",
    "**/py.typed",
)
# What a distribution must keep: its licences, and its name and version.
LICENCES = ("LICEN", "NOTICE", "COPYING", "AUTHORS")


def prune(folder: Path, kept: frozenset[str] = SERVICES) -> None:
    """`kept` are the services of AWS that stay in botocore."""
    for pattern in UNUSED:
        _remove(folder.glob(pattern))
    services = (path for path in (folder / "botocore" / "data").iterdir() if path.is_dir())
    _remove(path for path in services if path.name not in kept)
    _shorten_endpoints(folder / "botocore" / "data" / "endpoints.json", kept)
    for metadata in folder.glob("*.dist-info"):
        _shorten_metadata(metadata)


def _remove(paths: Iterator[Path]) -> None:
    for path in list(paths):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def _shorten_endpoints(file: Path, kept: frozenset[str]) -> None:
    endpoints = json.loads(file.read_text("utf-8"))
    for partition in endpoints["partitions"]:
        services = partition["services"]
        partition["services"] = {name: services[name] for name in kept & services.keys()}
    file.write_text(json.dumps(endpoints, separators=(",", ":"), sort_keys=True), "utf-8")


def _shorten_metadata(folder: Path) -> None:
    for path in list(folder.rglob("*")):
        licence = path.parent.name == "licenses" or path.name.upper().startswith(LICENCES)
        if path.is_file() and not licence and path.name != "METADATA":
            path.unlink()
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir() and not any(path.iterdir()):
            path.rmdir()
    metadata = folder / "METADATA"
    # The headers; after the first empty line comes the package's README.
    headers = metadata.read_text("utf-8").partition("\n\n")[0]
    metadata.write_text(f"{headers}\n", "utf-8")
