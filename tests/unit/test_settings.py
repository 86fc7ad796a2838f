import pytest

from darkroom.settings import AdminSettings, SettingsError, StatusSettings, WorkerSettings


def test_the_variables_are_the_fields_in_capitals():
    assert set(StatusSettings.environment_names()) == {
        "STAGE",
        "LOG_LEVEL",
        "TABLE_NAME",
        "BUCKET_NAME",
        "PROVIDERS",
        "STAND_IN",
        "FETCH_FROM",
        "SIGNING_SECRET",
        "WEBHOOK_SECRET",
        "WAITS_TABLE_NAME",
        "WAITS_PER_KEY",
        "WAITS_PER_WORKSPACE",
        "WAITS_PER_FUNCTION",
        "FILES_URL",
        "MEDIA_DAYS",
        "CDN_KEY",
        "JWT_ISSUER",
        "JWT_AUDIENCE",
        "JWT_JWKS_URL",
    }


def test_every_variable_that_is_missing_is_named():
    given = {"STAGE": "x", "TABLE_NAME": "t", "IMAGES_QUEUE_URL": "u", "LEASE_SECONDS": "9"}
    with pytest.raises(SettingsError) as caught:
        WorkerSettings.from_environment(given)
    missing = str(caught.value).removeprefix("WorkerSettings needs ").split(", ")
    with_default = {"MEDIA_DAYS"}
    assert sorted(missing) == sorted(
        set(WorkerSettings.environment_names()) - given.keys() - with_default
    )


def test_a_variable_with_a_default_may_be_missing_and_an_unknown_one_is_a_mistake():
    given = {"table_name": "t", "signing_secret": "s", "webhook_secret": "w"}
    assert AdminSettings(**given).stage == "live"
    with pytest.raises(TypeError, match="AdminSettings has no bucket"):
        AdminSettings(**given, bucket="b")
