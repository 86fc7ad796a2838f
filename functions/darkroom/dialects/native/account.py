"""The account of a workspace: credits, limits and usage."""

from __future__ import annotations

from typing import TypedDict

from darkroom.dialects.context import RequestContext
from darkroom.dialects.fields import Count
from darkroom.dialects.routes import Routes
from darkroom.domain.api_key import READ
from darkroom.domain.money import Account
from darkroom.domain.operations import ReadAccount
from darkroom.domain.quotas import REDELIVERIES, UPLOADS

ROUTES = Routes("account")


class AccountCredits(TypedDict):
    """balance + held + spent = granted, always."""

    balance: int
    held: Count
    spent: Count
    granted: Count


class AccountLimits(TypedDict):
    requests_per_minute: Count
    images_in_flight: Count


class Used(TypedDict):
    used: Count
    limit: Count


class Usage(TypedDict):
    storage_bytes: Used
    """Of the images in the library, thumbnails aside."""
    uploads_today: Used
    """Uploads begun since midnight UTC."""
    redeliveries_today: Used
    """Deliveries sent again since midnight UTC."""


class AccountAnswer(TypedDict):
    workspace: str
    tier: str
    credits: AccountCredits
    limits: AccountLimits
    usage: Usage


def account(outcome: Account, context: RequestContext) -> AccountAnswer:
    quotas, today = outcome.quotas, context.request.at
    return {
        "workspace": outcome.workspace,
        "tier": outcome.tier,
        "credits": {
            "balance": outcome.balance,
            "held": outcome.held,
            "spent": outcome.spent,
            "granted": outcome.granted,
        },
        "limits": {
            "requests_per_minute": outcome.requests_per_minute,
            "images_in_flight": outcome.max_in_flight,
        },
        "usage": {
            "storage_bytes": {"used": max(0, outcome.stored_bytes), "limit": quotas.storage_bytes},
            "uploads_today": {
                "used": outcome.used_today(UPLOADS, today),
                "limit": quotas.uploads_a_day,
            },
            "redeliveries_today": {
                "used": outcome.used_today(REDELIVERIES, today),
                "limit": quotas.redeliveries_a_day,
            },
        },
    }


@ROUTES.get("/v1/account", READ, answer=account)
def retrieve_account() -> ReadAccount:
    """Retrieve the account"""
    return ReadAccount()
