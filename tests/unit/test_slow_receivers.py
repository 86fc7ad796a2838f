"""A workspace's slow receivers, and those who wait beside them."""

import pytest

from darkroom.domain.event_ports import delivery_message
from tests.builders import WORKSPACE
from tests.unit.test_deliver_webhook import Post


def full(post, workspace=WORKSPACE):
    for number in range(post.limit.places):
        post.limit.acquire(workspace, f"other-{number}")


def test_a_slow_webhook_has_delivery_workers_of_its_own():
    post = Post()
    post.limit.slow.add("hook")
    assert post.deliver() == "slow"
    assert (post.sender.posts, post.queue.sent) == ([], [])
    assert post.queue.slow == [(delivery_message(post.first), 0)]
    assert post.limit.held == {}


def test_those_deliver_without_a_limit():
    post = Post()
    post.limit.slow.add("hook")
    full(post)
    assert (
        post.delivery_worker.deliver(delivery_message(post.first), slow=True).result == "delivered"
    )


@pytest.mark.parametrize("answer", [200, 500, "timeout"])
def test_what_a_receiver_took_to_answer_is_kept(answer):
    post = Post()
    post.sender.answers = [answer]
    post.sender.takes = lambda: post.clock.pass_time(12)
    post.deliver()
    assert post.limit.times == [("hook", 12)]


def test_a_workspace_with_all_its_delivery_workers_at_work_waits_a_second():
    post = Post()
    full(post)
    assert post.deliver() == "waits"
    assert post.sender.posts == []
    assert post.queue.sent == [(delivery_message(post.first), 1)]
    assert post.delivery == post.first


def test_others_are_delivered_to_meanwhile():
    post = Post()
    full(post, "another")
    assert post.deliver() == "delivered"


@pytest.mark.parametrize("answer", [200, 500, "timeout"])
def test_a_delivery_worker_gives_its_place_back(answer):
    post = Post()
    post.sender.answers = [answer]
    post.deliver()
    assert post.limit.held == {}


def test_a_delivery_worker_that_fails_gives_its_place_back():
    post = Post()
    post.sender.takes = lambda: 1 / 0
    with pytest.raises(ZeroDivisionError):
        post.deliver()
    assert post.limit.held == {}


def test_one_that_has_nothing_to_do_takes_no_place():
    post = Post()
    post.deliver()
    full(post)
    assert post.deliver() == "nothing_to_do"
