"""Pictures are decoded in a process of their own, which holds no credentials."""

import ctypes
import io
import os
import signal
import socket
import sys
from pathlib import Path

import pytest
from PIL import Image

from darkroom.domain.image_request import Output
from darkroom.domain.worker_ports import Origin, UnreadableImage
from darkroom.imaging import decoder_process, frames
from darkroom.imaging.decoder_process import DecoderFaultError, IsolatedFinisher
from darkroom.imaging.finish import PillowFinisher
from darkroom.settings import environment_to_start

ORIGIN = Origin(provider="p", model="m")
_PR_GET_DUMPABLE = 3


def png(width=40, height=30):
    file = io.BytesIO()
    Image.effect_noise((width, height), 60).convert("RGB").save(file, "PNG")
    return file.getvalue()


@pytest.fixture
def finisher():
    finisher = IsolatedFinisher(environment_to_start())
    yield finisher
    finisher.close()


def pid(finisher):
    return finisher._decoder._process.pid


def test_it_gives_what_the_finisher_in_this_process_gives(finisher):
    here, body = PillowFinisher(), png()
    wanted = {"width": 20, "height": 20, "output": Output(format="webp", quality=80)}
    assert finisher.finish(body, origin=ORIGIN, **wanted) == here.finish(
        body, origin=ORIGIN, **wanted
    )
    assert finisher.clean(body) == here.clean(body)
    assert finisher.thumbnail(body) == here.thumbnail(body)
    assert finisher.measure(body) == (40, 30)
    assert finisher.reduce(body, 10) == here.reduce(body, 10)


def test_one_decoder_reads_many_pictures(finisher):
    finisher.measure(png())
    first = pid(finisher)
    with pytest.raises(UnreadableImage):
        finisher.measure(b"nonsense")
    assert finisher.measure(png(3, 5)) == (3, 5)
    assert pid(finisher) == first


def test_it_has_none_of_the_workers_environment(monkeypatch):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "canary")
    monkeypatch.setenv("PROVIDER_SECRETS", "canary")
    finisher = IsolatedFinisher(environment_to_start())
    finisher.measure(png())
    seen = Path(f"/proc/{pid(finisher)}/environ").read_bytes()
    finisher.close()
    assert b"canary" not in seen
    assert b"AWS_" not in seen
    names = {line.partition(b"=")[0] for line in seen.split(b"\0") if line}
    assert names <= {b"PATH", b"LANG", b"LC_ALL", b"LD_LIBRARY_PATH", b"TZ", b"PYTHONPATH"}


def test_it_holds_no_file_of_the_workers_but_the_socket(finisher, tmp_path):
    with (tmp_path / "open").open("w") as theirs:
        os.set_inheritable(theirs.fileno(), True)  # noqa: FBT003 - its own way
        finisher.measure(png())
        kept = [str(one.readlink()) for one in Path(f"/proc/{pid(finisher)}/fd").iterdir()]
    assert not any(str(tmp_path) in target for target in kept)
    assert sum(target.startswith("socket:") for target in kept) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps processes apart like this")
def test_the_worker_is_closed_to_other_processes_of_its_user(finisher):
    finisher.measure(png())
    assert ctypes.CDLL(None).prctl(_PR_GET_DUMPABLE, 0, 0, 0, 0) == 0


def test_a_picture_that_kills_the_decoder_cannot_be_read_and_the_next_one_can(
    finisher, monkeypatch
):
    finisher.measure(png())
    send, killed = frames.send, []

    def send_and_kill(to, header, blobs):
        if b"killer" in blobs[0]:
            killed.append(pid(finisher))
            os.kill(killed[-1], signal.SIGKILL)
        send(to, header, blobs)

    monkeypatch.setattr(decoder_process, "send", send_and_kill)
    with pytest.raises(UnreadableImage, match="died"):
        finisher.measure(b"killer")
    assert len(set(killed)) == 2
    assert finisher.measure(png(3, 5)) == (3, 5)


def test_a_decoder_that_died_of_something_else_is_started_again(finisher):
    finisher.measure(png())
    os.kill(pid(finisher), signal.SIGKILL)
    assert finisher.measure(png(3, 5)) == (3, 5)


def test_a_picture_that_takes_too_long_cannot_be_read(finisher):
    finisher.measure(png())
    finisher._decoder._socket.settimeout(0.5)
    os.kill(pid(finisher), signal.SIGSTOP)
    with pytest.raises(UnreadableImage, match="too long"):
        finisher.measure(png())
    assert finisher.measure(png(3, 5)) == (3, 5)


def test_a_fault_of_the_decoders_is_one_of_the_workers(finisher):
    with pytest.raises(DecoderFaultError, match="Traceback"):
        finisher.reduce(png(), "wide")


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\xff\xff\xff\xff",
        b"\x00\x00\x00\x02no",
        b"\x00\x00\x00\x02[]",
        b'\x00\x00\x00\x1f{"header":{},"sizes":[99999999]}',
        b'\x00\x00\x00\x1d{"header":{},"sizes":[0,0,0]}',
    ],
)
def test_what_a_decoder_says_that_was_taken_over_is_read_with_care(answer):
    here, there = socket.socketpair()
    with here, there:
        there.sendall(answer)
        there.shutdown(socket.SHUT_WR)
        with pytest.raises(frames.Closed):
            frames.receive(here)


def test_a_decoder_ends_with_its_worker(finisher):
    finisher.measure(png())
    process = finisher._decoder._process
    finisher._decoder._socket.shutdown(socket.SHUT_RDWR)
    assert process.wait(10) == 0
