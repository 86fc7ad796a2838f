from __future__ import annotations

import pytest

from darkroom.domain.worker_ports import GeneratedImage, Pictures
from darkroom.providers.interface import Failed, HttpReply
from darkroom.providers.registry import providers
from tests.contract.providers.suite import ProviderContract, SlowContract
from tests.fakes.upstream import picture
from tests.fakes.vendors.dashscope import DashScopeVendor


class QwenVendor(DashScopeVendor):
    model = "qwen-image-3.0"


class TestQwen(ProviderContract):
    vendor = QwenVendor

    @pytest.mark.parametrize("model", DashScopeVendor.at_once)
    @pytest.mark.parametrize("count", [0, 1, 3])
    def test_each_model_takes_text_and_pictures(self, router, upstream, ask_for, model, count):
        ask_for(model)
        made = self.make(router, Pictures(references=(picture(),) * count), negative_prompt="rain")
        assert isinstance(made, GeneratedImage), (made, upstream.wrong)
        [asked] = upstream.asked
        *pictures, words = asked.json["input"]["messages"][0]["content"]
        assert (len(pictures), words) == (count, {"text": "a red boat"})
        assert asked.json["parameters"]["negative_prompt"] == "rain"

    @pytest.mark.parametrize(
        ("size", "sent"),
        [((64, 64), "512*512"), ((1024, 768), "1024*768"), ((4096, 4096), "2048*2048")],
    )
    def test_the_size_is_exact_within_the_bounds(self, router, upstream, size, sent):
        self.make(router, width=size[0], height=size[1])
        assert upstream.asked[0].json["parameters"]["size"] == sent


class TestDashScope(SlowContract):
    vendor = DashScopeVendor

    @pytest.mark.parametrize("model", DashScopeVendor.models)
    @pytest.mark.parametrize("count", [0, 1, 4])
    def test_the_request_decides_the_model(self, router, upstream, ask_for, model, count):
        ask_for(model)
        made = self.make(router, Pictures(references=(picture(),) * count))
        assert isinstance(made, GeneratedImage), (made, upstream.wrong)
        sent = upstream.asked[0].json
        assert sent["model"] == ("wan2.6-image" if count else "wan2.6-t2i")

    def test_another_model_is_left_as_it_is(self, router, upstream, ask_for):
        ask_for("wan2.7-image")
        assert [each.outcome for each in self.make(router).attempts] == ["model_gone"]
        assert upstream.asked[0].json["model"] == "wan2.7-image"

    @pytest.mark.parametrize("count", [0, 1])
    @pytest.mark.parametrize("size", [(64, 4096), (4096, 64), (4096, 4096), (1000, 999), (65, 64)])
    def test_no_shape_is_out_of_bounds(self, router, upstream, count, size):
        pictures = Pictures(references=(picture(),) * count)
        made = self.make(router, pictures, width=size[0], height=size[1])
        assert isinstance(made, GeneratedImage), (made, upstream.wrong)

    @pytest.mark.parametrize(
        ("count", "size", "sent"),
        [
            (0, (1280, 1280), "1280*1280"),
            (0, (512, 512), "1280*1280"),
            (1, (1024, 1024), "1024*1024"),
            (1, (1408, 1056), "1408*1056"),
        ],
    )
    def test_the_size_is_exact_within_the_bounds(self, router, upstream, count, size, sent):
        pictures = Pictures(references=(picture(),) * count)
        self.make(router, pictures, width=size[0], height=size[1])
        assert upstream.asked[0].json["parameters"]["size"] == sent

    def test_seed_and_negative_prompt_have_fields(self, router, upstream):
        self.make(router, seed=2**32 - 1, negative_prompt="rain" * 200)
        sent = upstream.asked[0].json
        assert sent["parameters"]["seed"] == 2**31 - 1
        assert sent["parameters"]["negative_prompt"] == "rain" * 125
        assert sent["input"]["messages"][0]["content"] == [{"text": "a red boat"}]

    def test_strength_is_told_in_words(self, router, upstream):
        self.make(router, Pictures(references=(picture(),)), strength=0.1)
        first, *_ = upstream.asked[0].json["input"]["messages"][0]["content"]
        assert "loose" in first["text"]

    def test_a_task_is_asked_after_until_it_is_done(self, router, upstream):
        assert isinstance(self.make(router), GeneratedImage)
        assert [asked.method for asked in upstream.asked] == ["POST", "GET", "GET", "GET"]

    def test_a_task_is_not_asked_after_too_often(self, router):
        assert self.begin(router).pace == 10

    @pytest.mark.parametrize(
        ("kind", "outcome", "reason"),
        [
            ("moderation", "refused", "DataInspectionFailed"),
            ("failed", "unknown", "InternalError.Timeout"),
            ("failed_busy", "unknown", "Throttling"),
            ("failed_invalid", "invalid", "InvalidParameter"),
            ("failed_unread", "unknown", "InvalidParameter.DataInspection"),
            ("canceled", "unknown", "task_canceled"),
            ("vanished", "unknown", "task_unknown"),
        ],
    )
    def test_a_task_that_ends_otherwise_is_over(self, router, upstream, kind, outcome, reason):
        upstream.vendor.script = [kind]
        (attempt,) = self.make(router).attempts
        assert (attempt.outcome, attempt.reason) == (outcome, reason)

    def test_a_task_can_be_abandoned(self, router, upstream):
        pending = self.begin(router)
        router.cancel_image(pending)
        assert upstream.asked[-1].path == f"/tasks/{pending.id}/cancel"
        assert [upstream.vendor.tasks[pending.id][1]] == ["canceled"]

    @pytest.mark.parametrize(
        ("kind", "outcome"),
        [
            ("input", "refused"),
            ("infringement", "refused"),
            ("quota", "rate_limited"),
            ("free_tier", "no_funds"),
            ("unpurchased", "unauthorized"),
            ("timeout", "unknown"),
        ],
    )
    def test_further_errors_are_told_apart(self, router, upstream, kind, outcome):
        upstream.vendor.script = [kind]
        assert [each.outcome for each in self.make(router).attempts] == [outcome]

    def test_the_id_of_a_task_cannot_lead_elsewhere(self, adapter, upstream):
        body = b'{"output": {"task_id": "../../x?y=@other.test", "task_status": "PENDING"}}'
        handle = adapter.read_start(HttpReply(status=200, headers={}, body=body))
        assert handle.poll == f"{upstream.url}/tasks/..%2F..%2Fx%3Fy%3D%40other.test"

    def test_a_busy_service_is_asked_again(self, adapter, upstream):
        said = upstream.vendor.trouble("rate_limited")
        failed = adapter.read_poll(HttpReply(status=429, headers={}, body=said.bytes))
        assert isinstance(failed, Failed)
        assert failed.kind == "rate_limited"

    def test_a_workspace_is_named(self, upstream):
        account = {**upstream.account, "workspace": "llm-1"}
        adapter = providers()["dashscope"].adapter_for(account)
        assert isinstance(self.make(self.router_with(adapter, 5)), GeneratedImage)
        assert {asked.headers["x-dashscope-workspace"] for asked in upstream.asked} == {"llm-1"}
