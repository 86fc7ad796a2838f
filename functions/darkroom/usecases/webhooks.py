"""A workspace's webhooks: set up, looked at, tested, and what came of each delivery."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from darkroom.domain.delivery import Delivery, is_under_way, restarted
from darkroom.domain.errors import InvalidRequest, NotFound, NotReady, TooManyToday, Unavailable
from darkroom.domain.event_ports import (
    Counted,
    Deliveries,
    DeliveryQueue,
    Webhooks,
    delivery_message,
)
from darkroom.domain.events import webhook_test
from darkroom.domain.operations import Caller
from darkroom.domain.outcomes import Deleted
from darkroom.domain.ports import Accounts, Clock, Ids
from darkroom.domain.quotas import REDELIVERIES, seconds_left
from darkroom.domain.secrets import Secrets
from darkroom.domain.webhook import MOST_WEBHOOKS, OF_REQUESTS, Webhook, of_requests, secret_text
from darkroom.domain.webhook_operations import (
    ChangeWebhook,
    CreateWebhook,
    DeleteWebhook,
    DeliveryCounts,
    DeliveryPage,
    ExpireOldSecrets,
    ListDeliveries,
    ReadDelivery,
    ReadWebhook,
    Redeliver,
    RedeliverAll,
    Redelivered,
    RotateWebhook,
    TestWebhook,
    WebhookList,
    WebhookWithCounts,
    WebhookWithSecret,
)
from darkroom.usecases.account import read_account
from darkroom.usecases.publish_events import Outbox
from darkroom.usecases.retries import retries

# A call is to be over well before its client gives up.
_MOST_REDELIVERED = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookQueries:
    """All that needs no right to write."""

    webhooks: Webhooks
    deliveries: Deliveries
    secrets: Secrets
    clock: Clock

    def read(self, command: ReadWebhook, caller: Caller) -> WebhookWithCounts:
        if command.webhook == OF_REQUESTS:
            webhook = self._of_requests(caller)
        else:
            webhook = known_of(self.webhooks, caller.workspace, command.webhook)
        pending = self.deliveries.pending(caller.workspace)
        counts = counts_of(webhook, pending, self.deliveries, self.clock.now())
        return WebhookWithCounts(webhook=webhook, counts=counts)

    def list(self, caller: Caller) -> WebhookList:
        """`default` is the last, whether or not anything of it has been stored."""
        known = self.webhooks.of_workspace(caller.workspace)
        own = tuple(webhook for webhook in known if webhook.id != OF_REQUESTS)
        return WebhookList(webhooks=(*own, self._of_requests(caller)))

    def secret(self, caller: Caller) -> WebhookWithSecret:
        """Of the webhooks that are named in requests: no creation has shown it."""
        return with_secret(self._of_requests(caller), self.secrets)

    def _of_requests(self, caller: Caller) -> Webhook:
        known = self.webhooks.get(caller.workspace, OF_REQUESTS)
        signing = self.secrets.generations()[0]
        return known or of_requests(caller.workspace, self.clock.now(), signing)

    def delivery(self, command: ReadDelivery, caller: Caller) -> Delivery:
        return found(self.deliveries, caller.workspace, command.webhook, command.delivery)

    def page(self, command: ListDeliveries, caller: Caller) -> DeliveryPage:
        if command.webhook != OF_REQUESTS:
            known_of(self.webhooks, caller.workspace, command.webhook)
        return self.deliveries.page(
            caller.workspace,
            command.webhook,
            limit=command.limit,
            after=command.after,
            which=command.which,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookCommands:
    webhooks: Webhooks
    deliveries: Deliveries
    queue: DeliveryQueue
    outbox: Outbox
    secrets: Secrets
    clock: Clock
    ids: Ids
    accounts: Accounts

    def create(self, command: CreateWebhook, caller: Caller) -> WebhookWithSecret:
        webhook = Webhook(
            id=self.ids.new_id(),
            workspace=caller.workspace,
            url=command.url,
            events=command.events,
            description=command.description,
            enabled=command.enabled,
            headers=command.headers,
            created_at=self.clock.now(),
            derived_from=self.secrets.generations()[0],
        )
        if not self.webhooks.add_within(MOST_WEBHOOKS, webhook):
            text = f"A workspace may have {MOST_WEBHOOKS} webhooks."
            raise InvalidRequest("webhooks", "too_many", text)
        return with_secret(webhook, self.secrets)

    def change(self, command: ChangeWebhook, caller: Caller) -> Webhook:
        given = {
            "url": command.url,
            "events": command.events,
            "description": command.description,
            "enabled": command.enabled,
            "headers": command.headers,
        }
        changes: dict[str, object] = {
            name: value for name, value in given.items() if value is not None
        }
        if command.enabled is not None:
            changes |= {"disabled_because": "", "disabled_by_request": ""}
        if command.enabled is not None or command.url is not None:
            # Switched by hand, or somewhere else by now: what was is over.
            changes["failing_since"] = None

        def make(known: Webhook) -> Webhook:
            changed = known.changed(**changes)
            if known.headers and command.headers is None and changed.points_elsewhere_than(known):
                text = (
                    "The webhook's headers were given for another machine: give headers with "
                    "this url, or {} for none."
                )
                raise InvalidRequest("headers", "required", text)
            return changed

        return self._changed(caller.workspace, command.webhook, make)

    def rotate(self, command: RotateWebhook, caller: Caller) -> WebhookWithSecret:
        """A new secret; the old one signs beside it for a day, unless it is to end at once."""
        signing = self.secrets.generations()[0]
        if command.webhook == OF_REQUESTS and not self.webhooks.get(caller.workspace, OF_REQUESTS):
            self.webhooks.add(of_requests(caller.workspace, self.clock.now(), signing))
        rotated = self._changed(
            caller.workspace,
            command.webhook,
            lambda known: known.rotated(self.clock.now(), signing, expires_old=command.expires_old),
        )
        return with_secret(rotated, self.secrets)

    def expire_old_secrets(self, command: ExpireOldSecrets, caller: Caller) -> Deleted:
        name = command.webhook
        # Where nothing of `default` has been stored, it has no old secret.
        if name != OF_REQUESTS or self.webhooks.get(caller.workspace, OF_REQUESTS):
            self._changed(caller.workspace, name, Webhook.without_old_secrets)
        return Deleted(id=name)

    def delete(self, command: DeleteWebhook, caller: Caller) -> Deleted:
        webhook = self._of(caller.workspace, command.webhook)
        self.webhooks.remove(webhook)
        return Deleted(id=webhook.id)

    def test(self, command: TestWebhook, caller: Caller) -> Delivery:
        """Sent to one that is switched off, too: its owner may want to see it work first."""
        now = self.clock.now()
        if command.webhook == OF_REQUESTS:
            webhook = of_requests(caller.workspace, now, self.secrets.generations()[0])
        else:
            webhook = self._of(caller.workspace, command.webhook)
        event = webhook_test(webhook, self.ids.new_id(), now, caller.request_id)
        url = command.url or webhook.url
        return self.outbox.enqueue(event, self.outbox.message_of(event), webhook.id, url)

    def redeliver(self, command: Redeliver, caller: Caller) -> Delivery:
        """The same message with the same id, to where the webhook points now."""
        delivery = found(self.deliveries, caller.workspace, command.webhook, command.delivery)
        if command.webhook != OF_REQUESTS:
            self._switched_on(caller.workspace, command.webhook)
        if is_under_way(delivery, self.clock.now()):
            raise NotReady("delivery", "being tried")
        _, limit = self._room_today(caller)
        self._count(caller, 1, limit)
        again = self._sent_again(delivery)
        if again is None:
            raise NotReady("delivery", "being tried")
        return again

    def redeliver_all(self, command: RedeliverAll, caller: Caller) -> Redelivered:
        """Some of them, in the order in which it all happened; what is under way is passed over."""
        if command.webhook != OF_REQUESTS:
            self._switched_on(caller.workspace, command.webhook)
        room, limit = self._room_today(caller)
        page = self.deliveries.oldest(
            caller.workspace,
            command.webhook,
            limit=min(_MOST_REDELIVERED, max(room, 1)),
            after=command.after or "",
            which=command.which,
        )
        now = self.clock.now()
        ready = [one for one in page.deliveries if not is_under_way(one, now)]
        if ready:
            self._count(caller, len(ready), limit)
        again = [one for one in ready if self._sent_again(one)]
        return Redelivered(count=len(again), last=page.last)

    def _room_today(self, caller: Caller) -> tuple[int, int]:
        """How many redeliveries are left of how many."""
        account = read_account(caller, accounts=self.accounts)
        limit = account.quotas.redeliveries_a_day
        return limit - account.used_today(REDELIVERIES, self.clock.now()), limit

    def _count(self, caller: Caller, number: int, limit: int) -> None:
        now = self.clock.now()
        if not self.accounts.count_of_day(caller.workspace, REDELIVERIES, number, limit, now):
            raise TooManyToday(REDELIVERIES, limit, seconds_left(now))

    def _sent_again(self, delivery: Delivery) -> Delivery | None:
        """None: a worker is just trying it."""
        now = self.clock.now()
        again = restarted(delivery, now)
        if is_under_way(delivery, now) or not self.deliveries.change(delivery, again):
            return None
        self.queue.send(delivery_message(again))
        return again

    def _changed(self, workspace: str, name: str, make: Callable[[Webhook], Webhook]) -> Webhook:
        for _ in retries(self.clock, self.ids):
            webhook = self._of(workspace, name)
            changed = make(webhook)
            if self.webhooks.change(webhook, changed):
                return changed
        raise Unavailable

    def _switched_on(self, workspace: str, name: str) -> Webhook:
        webhook = self._of(workspace, name)
        if not webhook.enabled:
            raise NotReady("webhook", "switched off")
        return webhook

    def _of(self, workspace: str, name: str) -> Webhook:
        return known_of(self.webhooks, workspace, name)


def counts_of(
    webhook: Webhook, pending: Counted, deliveries: Deliveries, now: datetime
) -> DeliveryCounts:
    """`pending`: what waits in all of its workspace."""
    failed = deliveries.failed_since(webhook.workspace, webhook.id, now - timedelta(days=1))
    return DeliveryCounts(
        pending=pending.number.get(webhook.id, 0),
        failed_last_day=failed.number.get(webhook.id, 0),
        has_more=pending.has_more or failed.has_more,
    )


def known_of(webhooks: Webhooks, workspace: str, name: str) -> Webhook:
    known = webhooks.get(workspace, name)
    if known is None:
        raise NotFound("webhook")
    return known


def found(deliveries: Deliveries, workspace: str, webhook: str, delivery: str) -> Delivery:
    known = deliveries.get(workspace, webhook, delivery)
    if known is None:
        raise NotFound("delivery")
    return known


def with_secret(webhook: Webhook, secrets: Secrets) -> WebhookWithSecret:
    secret = secrets.derive(*webhook.secret)
    return WebhookWithSecret(webhook=webhook, secret=secret_text(secret))
