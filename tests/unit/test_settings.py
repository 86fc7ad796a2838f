import pytest

from darkroom.settings import SettingsError, StatusSettings, WorkerSettings


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
        "JWT_ISSUER",
        "JWT_AUDIENCE",
        "JWT_JWKS_URL",
    }


def test_every_variable_that_is_missing_is_named():
    with pytest.raises(SettingsError, match="WorkerSettings needs LOG_LEVEL, BUCKET_NAME"):
        WorkerSettings.from_environment(
            {"STAGE": "x", "TABLE_NAME": "t", "IMAGES_QUEUE_URL": "u", "LEASE_SECONDS": "9"}
        )
