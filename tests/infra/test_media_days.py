"""Images that are kept for some days: who is told, and who may delete them."""

from __future__ import annotations

import json

import pytest

KEEPERS = {"submit", "status", "worker", "sweeper", "intake"}


@pytest.fixture(scope="module")
def some_days(make_template):
    return make_template(media_days=30, observability=0)


def days(template):
    variables = {
        name: one["Environment"]["Variables"] for name, one in template.functions().items()
    }
    return {name: one["MEDIA_DAYS"] for name, one in variables.items() if "MEDIA_DAYS" in one}


def may_delete_entries(template):
    return {
        key.partition("role")[0]
        for key, one in template.all("AWS::IAM::Policy").items()
        if "dynamodb:DeleteItem" in json.dumps(one)
    }


def test_all_who_store_images_know_for_how_long(some_days, template):
    assert days(some_days) == dict.fromkeys(KEEPERS, "30")
    assert days(template) == dict.fromkeys(KEEPERS, "0")


def test_the_sweeper_may_delete_entries_only_where_images_expire(some_days, template):
    assert may_delete_entries(some_days) == {"submit", "sweeper"}
    assert may_delete_entries(template) == {"submit"}


def test_the_bucket_deletes_nothing_by_itself_but_what_was_never_looked_at(some_days, template):
    for each in (some_days, template):
        rules = each.only("AWS::S3::Bucket")["LifecycleConfiguration"]["Rules"]
        expiring = [rule for rule in rules if "ExpirationInDays" in rule]
        assert [rule["Prefix"] for rule in expiring] == ["uploads/"]


def test_the_operators_command_knows_for_how_long(some_days, template):
    for each, expected in ((some_days, "30"), (template, "0")):
        assert each.body["Outputs"]["MediaDays"]["Value"] == expected
