"""What a vendor's client sends and the vendor does not document is passed over, and named."""

import pytest

from darkroom.dialects import registry
from darkroom.dialects.wire import Ignored
from tests.conformance.vendors import an_image
from tests.integration.dialect_bodies import BODIES, FILE, OTHERS, nobody_waits, opened, sent

IDS = "01890000-0000-7000-8000-000000000000"
CASES = pytest.mark.parametrize("case", BODIES, ids=" ".join)


@pytest.fixture(scope="module")
def system(shared_system):
    return opened(shared_system)


@pytest.fixture(autouse=True)
def _nobody_waits(monkeypatch):
    nobody_waits(monkeypatch)


def test_every_operation_that_takes_a_body_is_here():
    taking = {
        (name, route.method, route.path)
        for name in registry.MOUNTED
        for route in registry.dialect(name).routes
        if route.method in {"POST", "PATCH"}
        and not route.path.startswith(("/v1/", "/api/v1/ai"))
        and not (name == "posteverywhere" and route.path.startswith("/api/"))
    }
    assert taking == BODIES.keys() | OTHERS


@CASES
def test_an_unknown_field_is_passed_over_and_named(system, case, caplog):
    answer = sent(system, case, BODIES[case] | {"style_preset": 3, "user": {"id": 1}})
    assert answer.status < 300, answer.text
    assert answer.headers["darkroom-ignored"] == "style_preset, user"
    assert caplog.records[-1].ignored == "style_preset, user"


@CASES
def test_without_unknown_fields_no_header_says_so(system, case):
    answer = sent(system, case, BODIES[case])
    assert answer.status < 300, answer.text
    assert "darkroom-ignored" not in answer.headers


@CASES
def test_what_is_known_and_wrong_is_still_refused_and_the_answer_names_both(system, case):
    name = next(iter(BODIES[case]))
    answer = sent(system, case, BODIES[case] | {"style_preset": 3, name: 7})
    assert answer.status == 400
    assert answer.headers["darkroom-ignored"] == "style_preset"
    assert "style_preset" not in answer.text


@pytest.mark.parametrize("name", registry.MOUNTED)
def test_an_unknown_query_parameter_is_named_on_every_route(system, name):
    for route in registry.dialect(name).routes:
        if route.path in {"/openapi.json", "/docs"}:
            continue
        path = route.path.replace("{id}", IDS).replace("{path}", "a")
        path = path.replace("{owner}/{folder}/{name}", "a/b/c")
        answer = sent(system, (name, route.method, path), None, query={"trace": "1"})
        assert answer.headers["darkroom-ignored"] == "trace", (route.path, answer.text)


@pytest.mark.parametrize(
    ("dialect", "path", "query"),
    [
        ("supapost", "/jobs", {"status": "pending", "type": "image_gen"}),
        ("supapost", "/assets", {"limit": "3", "starting_after": IDS}),
        ("supapost", "/influencers", {"limit": "3", "ending_before": IDS}),
        (
            "powerpost",
            "/api/v1/content/generations",
            {"limit": "3", "cursor": IDS, "status": "failed"},
        ),
        ("posteverywhere", "/api/v1/media", {"limit": "3", "cursor": IDS}),
        ("posteverywhere", "/media", {"limit": "3", "cursor": IDS}),
    ],
)
def test_a_known_query_parameter_is_not_named(system, dialect, path, query):
    answer = sent(system, (dialect, "GET", path), None, query=query)
    assert answer.status == 200, answer.text
    assert "darkroom-ignored" not in answer.headers


def test_an_unknown_field_within_another_is_named_by_its_path(system):
    case = ("qolaba", "POST", "/api/v1/images/generate")
    reference = {"url": FILE, "weight": 0.5}
    body = BODIES[case] | {"celery": True, "reference_images": [{"url": FILE}, reference]}
    answer = sent(system, case, body)
    assert answer.status == 202, answer.text
    assert answer.headers["darkroom-ignored"] == "reference_images.1.weight"


def test_an_unknown_part_of_a_form_is_named(system):
    def part(name, value, more=""):
        head = f'--x\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'
        return head.encode() + value + b"\r\n"

    form = part("type", b"image") + part("alt_text", b"a pier")
    form += part("file", an_image(), '; filename="a.png"') + b"--x--\r\n"
    case = ("powerpost", "POST", "/api/v1/media/upload")
    answer = sent(system, case, form, headers={"content-type": "multipart/form-data; boundary=x"})
    assert answer.status == 200, answer.text
    assert answer.headers["darkroom-ignored"] == "alt_text"


def test_a_repeat_with_other_unknown_fields_finds_its_first_job(system):
    case = ("supapost", "POST", "/generate/image")
    first, second = (
        sent(system, case, BODIES[case] | more, headers={"idempotency-key": "with-extras"})
        for more in ({"sent_at": 1}, {"sent_at": 2, "trace": "x"})
    )
    assert first.json == second.json
    assert second.headers["darkroom-ignored"] == "sent_at, trace"


@pytest.mark.parametrize(
    ("names", "line"),
    [
        (["a\r\nset-cookie: x"], "+1"),
        (["é", "foo", "<b>"], "foo, +2"),
        (["x" * 33, ""], "+2"),
        ([f"f{i}" for i in range(40)], ", ".join(f"f{i}" for i in range(10)) + ", +30"),
        (["a.b.c", "a.b.c.d", "a, b", "+3"], "a.b.c, +3"),
    ],
)
def test_a_name_that_no_header_should_carry_is_only_counted(names, line):
    ignored = Ignored()
    for name in names:
        ignored.add(name)
    assert str(ignored) == line


@pytest.mark.parametrize("name", [b'"a\\r\\nb"', b'"\\u0000"', b'""'])
def test_an_unknown_field_of_any_name_is_passed_over(system, name):
    case = ("supapost", "POST", "/generate/image")
    answer = sent(system, case, b'{"prompt": "a pier", ' + name + b": 1}")
    assert (answer.status, answer.headers["darkroom-ignored"]) == (202, "+1")


def test_ten_thousand_unknown_fields_make_a_short_line(system):
    case = ("supapost", "POST", "/generate/image")
    answer = sent(system, case, BODIES[case] | {f"x{i}": i for i in range(10_000)})
    assert answer.status == 202
    assert answer.headers["darkroom-ignored"].endswith("x9, +9990")
