"""What a client sees: an image, sizes, escapes in paths, pages of other origins."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus

import httpx

from darkroom.admin.proof.facts import Facts, NotShown, expect
from darkroom.admin.proof.workspace import ProofWorkspace

# Sides of pictures of noise, of three bytes a pixel.
_SIDES = _BELOW_AN_ANSWER, _OF_5_MB, _OF_11_MB = 1200, 1300, 1920
_MORE_THAN_THE_GATEWAY_TAKES = 11_000_000


def make_one_image(workspace: ProofWorkspace) -> Facts:
    started = time.monotonic()
    job = workspace.finished(workspace.submit())
    expect(f"the job is {job['status']}", is_so=job["status"] == "completed")
    [image] = job["images"]
    file = httpx.get(image["url"], timeout=60)
    expect(
        "the address of the file does not answer with it", is_so=file.status_code == HTTPStatus.OK
    )
    return {"seconds": round(time.monotonic() - started, 1), "bytes": len(file.content)}


def answer_large_files(workspace: ProofWorkspace) -> Facts:
    """Up to what an answer of Lambda holds directly, and above it by S3."""
    with ThreadPoolExecutor() as pool:
        media = dict(zip(_SIDES, pool.map(workspace.uploaded_noise, _SIDES), strict=True))
    return {f"side {side}": _bytes_of(workspace, media[side], side) for side in _SIDES}


def _bytes_of(workspace: ProofWorkspace, media: str, side: int) -> int:
    status = HTTPStatus.OK if side == _BELOW_AN_ANSWER else HTTPStatus.FOUND
    answer = workspace.request("GET", f"/v1/media/{media}/content", follow_redirects=False)
    expect(f"{answer.status_code} for side {side}", is_so=answer.status_code == status)
    if status is HTTPStatus.FOUND:
        # Without the key: S3 refuses two credentials.
        answer = httpx.get(answer.headers["location"], timeout=60)
    expect("the file is not whole", is_so=len(answer.content) > 3 * side * side)
    return len(answer.content)


def refuse_large_bodies(workspace: ProofWorkspace) -> Facts:
    answer = workspace.request("POST", "/v1/media", content=bytes(_MORE_THAN_THE_GATEWAY_TAKES))
    is_so = answer.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    expect(f"{answer.status_code} for 11 MB", is_so=is_so)
    return {"status": answer.status_code}


def decode_paths_once(workspace: ProofWorkspace) -> Facts:
    """A path is decoded once before it comes to a function, and cut at an escaped `?`."""
    job = workspace.submit()
    escaped = f"%{ord(job[0]):02x}{job[1:]}"
    twice = escaped.replace("%", "%25")
    statuses = {
        name: workspace.request("GET", f"/v1/jobs/{path}").status_code
        for name, path in {
            "escaped": escaped,
            "escaped twice": twice,
            "question mark": f"{job}%3Fa=b",
        }.items()
    }
    wanted = {"escaped": 200, "escaped twice": 404, "question mark": 200}
    expect(", ".join(f"{name} {one}" for name, one in statuses.items()), is_so=statuses == wanted)
    return statuses


def let_pages_fetch(workspace: ProofWorkspace) -> Facts:
    """A preflight, and an image that a page of another origin reads."""
    if not workspace.origin:
        raise NotShown("no origin was given: --origin, one of cors_origins")
    asks = {
        "origin": workspace.origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,content-type",
    }
    preflight = workspace.request("OPTIONS", "/v1/jobs", headers=asks)
    allowed = preflight.headers.get("access-control-allow-origin")
    expect("the preflight does not name the origin", is_so=allowed == workspace.origin)
    job = workspace.finished(workspace.submit())
    file = httpx.get(job["images"][0]["url"], headers={"origin": workspace.origin}, timeout=60)
    allowed = file.headers.get("access-control-allow-origin")
    expect("the file does not name the origin", is_so=allowed in {"*", workspace.origin})
    return {"preflight": preflight.status_code, "file": file.status_code}


def read_large_file_from_page(workspace: ProofWorkspace) -> Facts:
    """After a redirect to S3 a browser names no origin."""
    path = f"/v1/media/{workspace.uploaded_noise(_OF_5_MB)}/content"
    location = workspace.request("GET", path, follow_redirects=False).headers["location"]
    file = httpx.get(location, headers={"origin": "null"}, timeout=60)
    allowed = file.headers.get("access-control-allow-origin")
    expect("S3 lets no page read", is_so=allowed in {"*", "null"})
    return {"status": file.status_code}
