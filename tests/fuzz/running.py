"""The cases sent, the answers judged and counted."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from random import Random
from typing import Any

import httpx
import requests
from schemathesis import Case, Response

from docs.openapi import every
from tests.conformance.vendors import an_image, site
from tests.fuzz.cases import AIMED, FOREIGN, NEGATIVE, POSITIVE, cases_of, has_body, operations_of
from tests.fuzz.judging import Asked, Finding, problems, text_of
from tests.fuzz.people import READS_OF_A_KEY, Person, opened
from tests.fuzz.places import kinds_of_path, spread, with_ids
from tests.fuzz.taming import HARMLESS, short_wait, tame
from tests.running import Local

DIALECTS = ("native", "supapost", "powerpost", "dalnulla", "posteverywhere", "qolaba")
_SHOWN = 600
_KEYLESS_EVERY = 20
_HALF = 0.5
_WORKSPACE = "X-Workspace-Id"
_JOB, _JOB_HEADER = "darkroom_job", "darkroom-job"


@dataclass
class Report:
    # Of each operation how many answers it gave with each status: `native createJob` → 202 → 7.
    answers: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    findings: list[Finding] = field(default_factory=list)

    @property
    def cases(self) -> int:
        return sum(sum(counted.values()) for counted in self.answers.values())

    def count(self, status: int) -> int:
        return sum(counted[status] for counted in self.answers.values())

    def without_success(self) -> set[str]:
        return {
            name
            for name, counted in self.answers.items()
            if not any(200 <= status < 400 for status in counted)
        }

    def as_json(self) -> str:
        told = {
            "cases": self.cases,
            "answers": {name: dict(sorted(one.items())) for name, one in self.answers.items()},
            "findings": [asdict(finding) for finding in self.findings],
        }
        return json.dumps(told, indent=2)


@dataclass
class Fuzzing:
    """One run: the system, the two workspaces, and what comes of it."""

    local: Local
    people: tuple[Person, Person]
    pictures: tuple[str, ...]
    seed: int
    report: Report = field(default_factory=Report)
    # The newest job of each workspace by the path that it was asked for at.
    jobs: dict[tuple[str, str], str] = field(default_factory=dict)
    session: requests.Session = field(default_factory=requests.Session)

    def dialect(self, name: str, document: dict[str, Any], each: int) -> None:
        base = document["servers"][0]["url"]
        for operation in operations_of(document):
            chance = Random(f"{self.seed} {name} {operation.label}")  # noqa: S311
            label = f"{name} {operation.definition.raw['operationId']}"
            for number, (turn, case) in enumerate(cases_of(operation, each, self.seed)):
                asked, answer = self._sent(case, turn, number, chance, base)
                self.report.answers[label][answer.status_code] += 1
                for problem in problems(asked, answer):
                    self.report.findings.append(_finding(name, label, problem, case, answer))

    def document(self, name: str) -> dict[str, Any]:
        place = "/openapi.json" if name == "native" else f"/{name}/openapi.json"
        document: dict[str, Any] = httpx.get(self.local.api + place).json()
        document["paths"] |= every.internal_paths_of(name)
        return document

    def _sent(
        self, case: Case, turn: int, number: int, chance: Random, base: str
    ) -> tuple[Asked, Response]:
        who, other = self.people[:: -1 if number % 2 else 1]
        has_key = number % _KEYLESS_EVERY != _KEYLESS_EVERY - 1
        is_foreign = _pointed(case, turn, chance, who, other)
        # Half of what is asked of another is asked in its name.
        named = other if turn == FOREIGN and chance.random() < _HALF else who
        case.headers = _headers(case, named, who.key() if has_key else None)
        is_foreign |= named is other and _WORKSPACE in case.headers
        query = dict(case.query or {})
        short_wait(case.headers, query)
        owner, path = other if turn == FOREIGN else who, case.operation.path
        job = self.jobs.get((owner.workspace, path))
        if job and _JOB in _parameters(case) and turn not in {POSITIVE, NEGATIVE}:
            query[_JOB] = job
            is_foreign |= turn == FOREIGN
        case.query = query
        if has_body(case):
            addresses = self.pictures[:1] if turn == AIMED else (*HARMLESS, *self.pictures)
            case.body = tame(case.body, chance, addresses)
        answer = case.call(base_url=base, session=self.session, allow_redirects=False, timeout=60)
        if _JOB_HEADER in answer.headers:
            self.jobs[who.workspace, path] = answer.headers[_JOB_HEADER][0]
        return Asked(case=case, other=other, is_foreign=is_foreign, has_key=has_key), answer


def _pointed(case: Case, turn: int, chance: Random, who: Person, other: Person) -> bool:
    """Puts ids where ids belong; says whether one is of the other's."""
    owner = other if turn == FOREIGN else who
    kinds = kinds_of_path(case.operation.path)
    is_put = bool(kinds) and turn not in {POSITIVE, NEGATIVE}
    is_drawn = turn == POSITIVE and chance.random() < _HALF
    pointed = 0
    if is_put or (kinds and is_drawn):
        take = owner.to_delete if case.operation.method == "delete" and owner is who else owner.own
        values = {name: take(kind) for name, kind in kinds.items()}
        case.path_parameters = {
            **case.path_parameters,
            **spread(case.operation.path, values),
        }
        pointed += len(values)
    if case.operation.path == "/v1/files/{name}" and is_put:
        case.query = dict(who.signature)
        return False  # the signature is the credential, of whoever has it
    if case.operation.path == "/v1/webhooks/{id}/test" and is_put:
        case.body = {}  # one that has an address is tested there, and takes no other
    if has_body(case) and isinstance(case.body, dict | list) and turn != NEGATIVE:
        case.body, put = with_ids(case.body, owner.own)
        pointed += put
    return turn == FOREIGN and pointed > 0


def _headers(case: Case, named: Person, key: str | None) -> dict[str, Any]:
    credentials = {"authorization", "x-api-key"}
    headers = {
        name: value
        for name, value in (case.headers or {}).items()
        if name.lower() not in credentials
    }
    if _WORKSPACE in _parameters(case):
        headers[_WORKSPACE] = named.workspace
    return headers | ({"Authorization": f"Bearer {key}"} if key else {})


def _parameters(case: Case) -> set[str]:
    return {one["name"] for one in case.operation.definition.raw.get("parameters", ())}


def _finding(dialect: str, label: str, problem: str, case: Case, answer: Response) -> Finding:
    sent = case.as_curl_command()[:_SHOWN]
    told = f"{answer.status_code} {text_of(answer)[:_SHOWN]}"
    return Finding(dialect, label.partition(" ")[2], problem, sent, told)


def fuzzed(local: Local, cases: int, seed: int, dialects: tuple[str, ...] = DIALECTS) -> Report:
    """At least so many cases over all operations, the same number for each."""
    keys = -(-cases // 2 // READS_OF_A_KEY)
    with site() as served:
        pictures = (served.serve("/pier.png", an_image()), f"{served.address}/missing.png")
        # Whatever a request names as its webhook.
        served.answers = defaultdict(lambda: lambda _: b"")
        receiver = f"{served.address}/hook"
        with ThreadPoolExecutor() as doors:
            ada = doors.submit(opened, local, f"ada-{seed}", keys, receiver)
            # Room for few, so that too many at once is met as well.
            ben = doors.submit(opened, local, f"ben-{seed}", keys, receiver, max_in_flight=12)
        run = Fuzzing(local, (ada.result(), ben.result()), pictures, seed)
        documents = {name: run.document(name) for name in dialects}
        sizes = (len(path) for one in documents.values() for path in one["paths"].values())
        each = -(-cases // sum(sizes))
        for name, document in documents.items():
            run.dialect(name, document, each)
    return run.report
