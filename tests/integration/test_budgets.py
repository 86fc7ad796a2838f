"""How many calls to AWS each path makes when it is warm. Every one is money and milliseconds."""


def counted(system, act):
    system.calls.clear()
    act()
    return dict(system.calls)


def test_a_submit_makes_three_calls(system):
    system.submit()
    assert counted(system, lambda: system.submit(n=10)) == {
        "UpdateItem": 1,
        "TransactWriteItems": 1,
        "SendMessageBatch": 1,
    }


def test_a_poll_makes_one_call(system):
    job = system.submit().json["id"]
    system.http("GET", f"/v1/jobs/{job}")
    assert counted(system, lambda: system.http("GET", f"/v1/jobs/{job}")) == {"GetItem": 1}


def test_an_image_makes_four_calls_and_the_last_of_a_job_five(system):
    system.submit(n=2, width=64, height=64)
    first, last = system.messages()
    assert counted(system, lambda: system.work([first])) == {"UpdateItem": 2, "PutObject": 2}
    assert counted(system, lambda: system.work([last])) == {
        "UpdateItem": 2,
        "PutObject": 2,
        "TransactWriteItems": 1,
    }


def test_the_backlog_of_a_workspace_costs_the_same(system):
    system.submit(n=5)
    assert counted(system, lambda: system.submit(n=2, width=64, height=64)) == {
        "UpdateItem": 1,
        "TransactWriteItems": 1,
        "SendMessageBatch": 1,
    }
    first, last = system.messages("BACKLOG_QUEUE_URL")
    assert counted(system, lambda: system.work([first])) == {"UpdateItem": 2, "PutObject": 2}
    assert counted(system, lambda: system.work([last])) == {
        "UpdateItem": 2,
        "PutObject": 2,
        "TransactWriteItems": 1,
    }


def test_a_key_with_a_wrong_checksum_makes_no_call(system):
    wrong = system.key[:-1] + ("0" if system.key[-1] != "0" else "1")
    calls = counted(system, lambda: system.http("POST", "/v1/jobs", {"prompt": "x"}, key=wrong))
    assert calls == {}


def test_a_file_is_answered_with_one_call_whoever_has_it_and_whoever_has_not(system):
    job = system.submit(width=64, height=64).json["id"]
    system.work()
    url = system.http("GET", f"/v1/jobs/{job}").json["images"][0]["url"]
    path, _, query = url.removeprefix("https://darkroom.test").partition("?")
    parameters = dict(pair.split("=", 1) for pair in query.split("&"))

    def ask(**headers):
        return system.http("GET", path, query=parameters, key="", headers=headers)

    assert counted(system, ask) == {"GetObject": 1}
    tag = ask().headers["etag"]
    assert counted(system, lambda: ask(**{"if-none-match": tag})) == {"HeadObject": 1}
    assert counted(system, lambda: ask(range="bytes=0-9")) == {"HeadObject": 1}
