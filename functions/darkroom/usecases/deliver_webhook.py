"""Deliver one message to its receiver, or schedule the next try."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from darkroom.domain.delivery import (
    LONGEST_DELAY,
    LONGEST_PAUSE,
    Delivery,
    DeliveryStatus,
    begun,
    ended,
    excerpt,
    given_up,
    pause_after,
    postponed,
    receiver_of,
)
from darkroom.domain.event_names import EventName
from darkroom.domain.event_ports import (
    Answer,
    Deliveries,
    DeliveryLimit,
    DeliveryMessage,
    DeliveryQueue,
    Webhooks,
    WebhookSender,
    delivery_message,
)
from darkroom.domain.ports import Clock, Ids
from darkroom.domain.secrets import Secrets
from darkroom.domain.webhook import OF_REQUESTS, PATIENCE, Webhook, of_requests, signed_headers
from darkroom.domain.worker_ports import Breaker, FetchFailed

_GRAIN = 1000
_SOON = 1
_SILENCE = 30
# SQS counts whole seconds, and clocks differ.
_EARLY = timedelta(seconds=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """`delivered`, `failed`, `again`, `resting`, `unwanted`, `unreachable` or `nothing_to_do`; or
    `waits` (its workspace has as many delivery workers as it may) or `slow` (others wait for its
    receiver).
    """

    result: str
    delivery: Delivery | None = None
    why: str = ""  # a try did not bring it there


@dataclass(frozen=True, slots=True, kw_only=True)
class _Response:
    """What a receiver said, or how it kept silent."""

    outcome: str
    code: int | None = None
    asked_to_wait: timedelta = timedelta(0)
    answer: str = ""

    @property
    def is_received(self) -> bool:
        return self.outcome == "delivered"

    @property
    def is_troubled(self) -> bool:
        """It would answer other messages the same way."""
        return self.code in {HTTPStatus.TOO_MANY_REQUESTS, *range(500, 600)}


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryWorker:
    webhooks: Webhooks
    deliveries: Deliveries
    queue: DeliveryQueue
    sender: WebhookSender
    breaker: Breaker
    limit: DeliveryLimit
    secrets: Secrets
    clock: Clock
    ids: Ids

    def deliver(self, message: DeliveryMessage, *, slow: bool = False) -> Report:
        """`slow`: it comes from the queue of slow receivers, which may hold up each other."""
        delivery = self.deliveries.get(message.workspace, message.webhook, message.delivery)
        now = self.clock.now()
        if delivery is None or not _is_due(delivery, now):
            return Report(result="nothing_to_do", delivery=delivery)
        if slow:
            return self._deliver(delivery, now)
        permit = self.limit.acquire(message.workspace, self.ids.new_id())
        if permit is None:
            self.queue.send(message, _SOON)
            return Report(result="waits", delivery=delivery)
        try:
            if message.webhook in self.limit.look(message.workspace).slow_webhooks:
                self.queue.send(message, slow=True)
                return Report(result="slow", delivery=delivery)
            return self._deliver(delivery, now)
        finally:
            self.limit.release(permit)

    def _deliver(self, delivery: Delivery, now: datetime) -> Report:
        webhook = self._webhook(delivery, now)
        if webhook is None or not (webhook.enabled or delivery.name == EventName.WEBHOOK_TEST):
            return self._drop(delivery, "unwanted")
        # To where it points by now: a wrong address is mended for what waits, too.
        delivery = replace(delivery, url=webhook.url or delivery.url)
        receiver = receiver_of(delivery)
        rest = max(map(self.breaker.open_for, (receiver.machine, receiver.address)))
        if rest and now > delivery.since + PATIENCE:
            return self._drop(delivery, "unreachable")
        if rest:
            rested = postponed(delivery, timedelta(seconds=rest), now)
            self._come_back(delivery, rested)
            return Report(result="resting", delivery=rested)
        claimed = begun(delivery, now, self.ids.new_id())
        if not self.deliveries.change(delivery, claimed):
            return Report(result="nothing_to_do", delivery=delivery)
        response = self._post(claimed, webhook, now)
        seconds = (self.clock.now() - now).total_seconds()
        self.limit.record_time(delivery.workspace, delivery.webhook, seconds)
        self._note(claimed, webhook, response)
        return self._end(claimed, response)

    def _webhook(self, delivery: Delivery, now: datetime) -> Webhook | None:
        known = self.webhooks.get(delivery.workspace, delivery.webhook)
        if known is None and delivery.webhook == OF_REQUESTS:
            return of_requests(delivery.workspace, now, self.secrets.generations()[0])
        return known

    def _post(self, delivery: Delivery, webhook: Webhook, now: datetime) -> _Response:
        secrets = [self.secrets.derive(*secret) for secret in webhook.secrets_at(now)]
        headers = {
            **webhook.headers,
            "content-type": "application/json",
            **signed_headers(delivery.event, now, delivery.body, secrets),
        }
        try:
            answer = self.sender.post(delivery.url, headers, delivery.body.encode())
        except FetchFailed as error:
            return _Response(outcome=error.reason)
        return _read_response(answer, self.clock.now())

    def _end(self, claimed: Delivery, response: _Response) -> Report:
        at = self.clock.now()
        again = None
        if not response.is_received and response.code != HTTPStatus.GONE:
            jitter = self.ids.below(_GRAIN) / _GRAIN
            again = pause_after(claimed.step, response.asked_to_wait, jitter)
        last = replace(
            claimed.tries[-1],
            outcome=response.outcome,
            code=response.code,
            answer=response.answer,
            milliseconds=round((at - claimed.tries[-1].at).total_seconds() * 1000),
        )
        over = ended(claimed, last, at=at, again=again, is_received=response.is_received)
        why = "" if response.is_received else response.outcome
        if again is not None:
            self._come_back(claimed, over)
            return Report(result="again", delivery=over, why=why)
        self.deliveries.change(claimed, over)
        return Report(result=over.status, delivery=over, why=why)

    def _come_back(self, before: Delivery, after: Delivery) -> None:
        """What the queue cannot keep so long is sent by the sweeper."""
        if self.deliveries.change(before, after):
            pause = after.next_at - self.clock.now()
            if pause <= LONGEST_DELAY:
                self.queue.send(delivery_message(after), max(0, math.ceil(pause.total_seconds())))

    def _drop(self, delivery: Delivery, because: str) -> Report:
        over = given_up(delivery, because, self.clock.now())
        self.deliveries.change(delivery, over)
        return Report(result=because, delivery=over)

    def _note(self, delivery: Delivery, webhook: Webhook, response: _Response) -> None:
        """What this try shows of its receiver, for all other messages to it."""
        receiver = receiver_of(delivery)
        if response.code is None:
            if response.outcome == "timeout":
                # It takes a worker's whole time: no other worker is to wait for it.
                self.breaker.failed(receiver.address, open_for=_SILENCE)
            # Another address on it may well answer, and then it works.
            self.breaker.failed(receiver.machine, open_for=None)
        else:
            self.breaker.succeeded(receiver.machine)
            seconds = int(response.asked_to_wait.total_seconds()) or None
            if response.is_troubled:
                self.breaker.failed(receiver.address, open_for=seconds)
            else:
                # It has read this one and refuses it: others may please it.
                self.breaker.succeeded(receiver.address)
        if webhook.id == OF_REQUESTS or not webhook.enabled:
            return  # there is nothing to switch off, or only a test was sent
        changed = _judged(webhook, response, delivery.request_id, self.clock.now())
        if changed != webhook:
            # Where another try has changed it meanwhile, the next one judges anew.
            self.webhooks.change(webhook, changed)


def _is_due(delivery: Delivery, now: datetime) -> bool:
    return delivery.status is DeliveryStatus.PENDING and now + _EARLY >= delivery.next_at


def _judged(webhook: Webhook, response: _Response, request: str, now: datetime) -> Webhook:
    if response.is_received:
        return webhook.changed(failing_since=None) if webhook.failing_since else webhook
    if response.code == HTTPStatus.GONE:
        return _switched_off(webhook, "gone", request)
    if webhook.failing_since is None:
        return webhook.changed(failing_since=now)
    if now - webhook.failing_since > PATIENCE:
        return _switched_off(webhook, "failing", request)
    return webhook


def _switched_off(webhook: Webhook, because: str, request: str) -> Webhook:
    return webhook.changed(enabled=False, disabled_because=because, disabled_by_request=request)


def _read_response(answer: Answer, now: datetime) -> _Response:
    if HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
        return _Response(outcome="delivered", code=answer.status)
    return _Response(
        outcome=f"status_{answer.status}",
        code=answer.status,
        asked_to_wait=_asked_to_wait(answer.retry_after, now),
        answer=excerpt(answer.beginning),
    )


def _asked_to_wait(retry_after: str, now: datetime) -> timedelta:
    """Seconds or a date, up to a day; nothing where it is neither."""
    if retry_after.isascii() and retry_after.isdigit():
        return min(timedelta(seconds=int(retry_after[:9])), LONGEST_PAUSE)
    try:
        until = parsedate_to_datetime(retry_after)
        pause = (until if until.tzinfo else until.replace(tzinfo=UTC)) - now
    except (OverflowError, ValueError):
        return timedelta(0)
    return min(max(pause, timedelta(0)), LONGEST_PAUSE)
