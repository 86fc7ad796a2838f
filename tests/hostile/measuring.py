"""Cleans each file named on the command line in a process of its own, and says what it cost.

One line of JSON a file: its name, what became of it, the processor's seconds, and by how many
megabytes the process grew at most.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from pathlib import Path

from darkroom.domain.worker_ports import UnreadableImage
from darkroom.imaging.finish import PillowFinisher
from tests.hostile.pngs import drawn

# A process that is still not done is ended: a file of no end is a failure and not a wait.
_SECONDS = 10


def main():
    for kind in ("PNG", "JPEG", "WEBP"):
        PillowFinisher().clean(drawn(kind))
    for path in sys.argv[1:]:
        child = os.fork()
        if not child:
            resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
            os.write(1, json.dumps(measured(Path(path))).encode() + b"\n")
            os._exit(0)
        os.waitpid(child, 0)


def measured(path):
    body = path.read_bytes()
    before, started = memory("VmRSS"), time.process_time()
    try:
        PillowFinisher().clean(body)
        outcome = "cleaned"
    except UnreadableImage:
        outcome = "refused"
    seconds = time.process_time() - started
    grown = memory("VmHWM") - before
    return {"name": path.name, "outcome": outcome, "seconds": seconds, "megabytes": grown}


def memory(kind):
    lines = Path("/proc/self/status").read_text().splitlines()
    [kilobytes] = [line.split()[1] for line in lines if line.startswith(f"{kind}:")]
    return int(kilobytes) / 1024


if __name__ == "__main__":
    main()
