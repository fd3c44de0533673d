"""What a store refuses is said in our words, and nothing of the request."""

import pytest

from botcoin_dpo.files.store_errors import refused, unusable_settings

_REQUEST = "Error performing GET http://example.invalid/b/k?X-Amz-Signature=HUSH in 3ms"


def _answer(status: str, code: str) -> Exception:
    body = f"<Error><Code>{code}</Code><Message>HUSH \x1b[31m</Message></Error>"
    return Exception(f"{_REQUEST} - Server returned non-2xx status code: {status}: {body}")


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (_answer("404 Not Found", "NoSuchBucket"), "no such bucket"),
        (_answer("403 Forbidden", "SignatureDoesNotMatch"), "the secret key is wrong"),
        (_answer("403 Forbidden", "ExpiredToken"), "the credentials have expired"),
        (_answer("403 Forbidden", "Whatever"), "access denied"),
        (_answer("301 Moved", "PermanentRedirect"), "the bucket is in another region"),
        (_answer("503 Slow Down", "SlowDown"), "the store is too busy (HTTP 503)"),
        (_answer("429 Too Many", "Other"), "the store is too busy (HTTP 429)"),
        (_answer("400 Bad", "MalformedThing"), "the store refused (HTTP 400, MalformedThing)"),
        (_answer("500 Error", "<script>"), "the store refused (HTTP 500)"),
        (FileNotFoundError(_REQUEST), "no such file"),
        (Exception(f"{_REQUEST} HttpError kind: Connect"), "cannot be reached"),
        (Exception(f"{_REQUEST} source: TimedOut"), "no answer in time"),
        (Exception(f"{_REQUEST} kind: Body"), "the connection broke in the middle"),
        (Exception("PUT http://169.254.169.254/latest/api/token"), "there are no credentials"),
        (Exception("\x1b[31mHUSH"), "the store gave no answer that can be understood"),
    ],
)
def test_each_refusal_has_a_reason_and_advice(error: Exception, reason: str) -> None:
    said = refused(error)
    assert said.reason == reason
    assert said.advice
    assert "HUSH" not in "".join(said)


def test_advice_on_a_web_server_names_no_setting_of_a_store() -> None:
    for said in ("HttpError kind: Connect", "dns error", "source: TimedOut", "kind: Body", "?"):
        error = Exception(f"{_REQUEST} {said}")
        assert "AWS_ENDPOINT_URL" in refused(error).advice
        assert "AWS" not in refused(error, is_web=True).advice


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("Missing AccessKeyId", "AWS_SECRET_ACCESS_KEY is set and AWS_ACCESS_KEY_ID is not"),
        ("Missing SecretAccessKey", "AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY is not"),
        ('failed to parse "HUSH" as boolean', "the store's settings in the environment cannot be"),
    ],
)
def test_what_is_missing_in_the_settings_is_named(said: str, reason: str) -> None:
    found = unusable_settings(ValueError(f"Generic S3 error: {said}"))
    assert found.reason.startswith(reason)
    assert "HUSH" not in "".join(found)
