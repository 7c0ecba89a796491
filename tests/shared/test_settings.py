"""What is read from the environment, and what is refused in one line."""

import base64
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from shared.settings import VARIABLES, Settings, SettingsError

KEY = bytes(range(32))
SPELLED = base64.urlsafe_b64encode(KEY).decode()


def pem(key: Ed25519PrivateKey | X25519PrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


@pytest.mark.parametrize(
    ("variable", "text", "field", "value"),
    [
        ("CAIRN_HOME", "/srv/cairn", "home", Path("/srv/cairn")),
        ("CAIRN_GOALS_DATABASE_URL", "postgresql://u:p@h:5/d", "goals_database_url", "postgresql+psycopg://u:p@h:5/d"),
        ("CAIRN_VAULT_DATABASE_URL", "postgres://u@h/d", "vault_database_url", "postgresql+psycopg://u@h/d"),
        ("CAIRN_REMINDERS_DATABASE_URL", "postgresql+psycopg://h/d?sslmode=require", "reminders_database_url",
         "postgresql+psycopg://h/d?sslmode=require"),
        ("CAIRN_BROKER_URL", "redis://:pw@127.0.0.1:6379/0", "broker_url", "redis://:pw@127.0.0.1:6379/0"),
        ("CAIRN_GOALS_URL", "http://127.0.0.1:8000/", "goals_url", "http://127.0.0.1:8000"),
        ("CAIRN_GOALS_PORT", "8080", "goals_port", 8080),
        ("CAIRN_MASTER_KEY", SPELLED, "master_key", KEY),
        ("CAIRN_MASTER_KEY", SPELLED.rstrip("="), "master_key", KEY),
        ("CAIRN_MASTER_KEYS_KNOWN", f"{SPELLED}, {SPELLED}", "master_keys_known", (KEY, KEY)),
        ("CAIRN_TOKEN_KEYS_KNOWN", SPELLED, "token_keys_known", (KEY,)),
        ("CAIRN_TOKEN_KEY", SPELLED, "token_key", KEY),
        ("CAIRN_TOKEN_KEY", pem(Ed25519PrivateKey.from_private_bytes(KEY)), "token_key", KEY),
        ("CAIRN_SEAL_KEY", SPELLED, "seal_keys", (KEY,)),
        ("CAIRN_SEALS", "/srv/seals", "seals_place", Path("/srv/seals")),
        ("CAIRN_HOME", "/srv/cairn", "seals_place", Path("/srv/cairn/seals")),
        ("CAIRN_SEALS_ENDPOINT", "https://store.example/", "seals_endpoint", "https://store.example"),
        ("CAIRN_SEALS_REGION", "", "seals_region", "us-east-1"),
        ("CAIRN_EMAIL_FROM", "Northside <care@example.org>", "email_from", "Northside <care@example.org>"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://traces:4318/", "otlp_endpoint", "http://traces:4318"),
        ("CAIRN_ERASURE_WAIT_DAYS", "0", "erasure_wait_days", 0),
        ("CAIRN_ERASURE_WAIT_DAYS", "", "erasure_wait_days", 7),
        ("CAIRN_GOALS_PORT", " ", "goals_port", 8000),
    ],
)  # fmt: skip
def test_is_read(variable: str, text: str, field: str, value: object) -> None:
    assert getattr(Settings.read({variable: text}), field) == value


@pytest.mark.parametrize(
    ("variable", "text", "would_be_right"),
    [
        ("CAIRN_GOALS_DATABASE_URL", "mysql://u:p@h/d", "postgresql://USER"),
        ("CAIRN_GOALS_DATABASE_URL", "postgresql://u:p@h:notaport/d", "postgresql://USER"),
        ("CAIRN_GOALS_DATABASE_URL", "postgresql://u:p@h:5432", "postgresql://USER"),
        ("CAIRN_BROKER_URL", "127.0.0.1:6379", "redis://"),
        ("CAIRN_GOALS_URL", "localhost:8000", "http://HOST:PORT"),
        ("CAIRN_GOALS_PUBLIC_URL", "ftp://x", "https://HOST"),
        ("CAIRN_GOALS_PORT", "0", "from 1 to 65535"),
        ("CAIRN_GOALS_PORT", "65536", "from 1 to 65535"),
        ("CAIRN_REMINDERS_PORT", "eight", "from 1 to 65535"),
        ("CAIRN_REMINDERS_PORT", "9" * 5000, "from 1 to 65535"),
        ("CAIRN_MASTER_KEY", SPELLED[:-4], "32 bytes in base64url"),
        ("CAIRN_MASTER_KEY", "no key at all!", "32 bytes in base64url"),
        ("CAIRN_MASTER_KEYS_KNOWN", f"{SPELLED},{SPELLED[:-4]}", "keys with a comma between them"),
        ("CAIRN_MASTER_KEYS_KNOWN", f"{SPELLED},", "keys with a comma between them"),
        ("CAIRN_TOKEN_KEYS_KNOWN", pem(X25519PrivateKey.generate()), "Ed25519"),
        ("CAIRN_TOKEN_KEY", pem(X25519PrivateKey.generate()), "Ed25519"),
        ("CAIRN_TOKEN_KEY", "-----BEGIN nonsense", "Ed25519"),
        ("CAIRN_SEAL_KEY", "short", "32 bytes in base64url"),
        ("CAIRN_SEALS", "s3:///ours", "s3://BUCKET/PREFIX"),
        ("CAIRN_SEALS", "s3://Bucket/seals", "s3://BUCKET/PREFIX"),
        ("CAIRN_SEALS", "s3://key:secret@kept", "s3://BUCKET/PREFIX"),
        ("CAIRN_SEALS", "s3://kept/with a space", "s3://BUCKET/PREFIX"),
        ("CAIRN_SEALS", "gs://kept", "s3://BUCKET/PREFIX"),
        ("CAIRN_SEALS_REGION", "Frankfurt", "us-east-1"),
        ("CAIRN_SMTP_URL", "mail.example.org", "smtp://"),
        ("CAIRN_EMAIL_FROM", "nobody at all", "an e-mail address"),
        ("CAIRN_ERASURE_WAIT_DAYS", "-1", "from 0 to 365"),
        ("TWILIO_ACCOUNT_SID", "SK123", "starts with AC"),
    ],
)
def test_is_refused_in_one_line_that_says_what_would_be_right(
    variable: str, text: str, would_be_right: str
) -> None:
    with pytest.raises(SettingsError) as refused:
        Settings.read({variable: text})
    line = str(refused.value)
    assert line.startswith(f"{variable} must be")
    assert would_be_right in line
    assert "\n" not in line
    assert text not in line


def test_a_channel_half_set_is_refused() -> None:
    with pytest.raises(SettingsError, match="TWILIO_AUTH_TOKEN must be set where TWILIO_ACCOUNT_SID is"):
        Settings.read({"TWILIO_ACCOUNT_SID": "AC1"})
    with pytest.raises(SettingsError, match="CAIRN_EMAIL_FROM must be set where CAIRN_SMTP_URL is"):
        Settings.read({"CAIRN_SMTP_URL": "smtp://localhost:2525"})


def test_a_bucket_needs_its_keys() -> None:
    there = {"CAIRN_SEALS": "s3://kept/ours/"}
    with pytest.raises(SettingsError, match="CAIRN_SEALS_ACCESS_KEY must be set where CAIRN_SEALS is"):
        Settings.read(there)
    with pytest.raises(SettingsError, match="CAIRN_SEALS_SECRET_KEY must be set where CAIRN_SEALS_ACCESS"):
        Settings.read(there | {"CAIRN_SEALS_ACCESS_KEY": "AK"})
    whole = Settings.read(there | {"CAIRN_SEALS_ACCESS_KEY": "AK", "CAIRN_SEALS_SECRET_KEY": "SK"})
    assert whole.seals_place == "s3://kept/ours"


def test_what_is_required_is_given_or_named() -> None:
    settings = Settings.read({"CAIRN_BROKER_URL": "redis://h:1/0", "CAIRN_MASTER_KEY": SPELLED})
    assert settings.require("broker_url") == "redis://h:1/0"
    assert settings.require("broker_url", "master_key") == ("redis://h:1/0", KEY)
    with pytest.raises(SettingsError, match=r"^CAIRN_GOALS_URL is not set"):
        settings.require("broker_url", "goals_url")


FULL = {
    "CAIRN_HOME": "/srv/cairn",
    "CAIRN_GOALS_DATABASE_URL": "postgresql://u:hidden@h:5/d",
    "CAIRN_BROKER_URL": "redis://:hidden@h:1/0",
    "CAIRN_MASTER_KEY": SPELLED,
    "CAIRN_MASTER_KEYS_KNOWN": f"{SPELLED},{SPELLED}",
    "CAIRN_TOKEN_KEY": SPELLED,
    "CAIRN_TOKEN_KEYS_KNOWN": SPELLED,
    "CAIRN_SEALS": "s3://kept",
    "CAIRN_SEALS_ACCESS_KEY": "hidden",
    "CAIRN_SEALS_SECRET_KEY": "hidden",
    "TWILIO_ACCOUNT_SID": "AC1",
    "TWILIO_AUTH_TOKEN": "hidden",
    "TWILIO_MESSAGING_SERVICE_SID": "MG1",
}


def test_another_process_reads_the_same_from_the_environment_it_is_given() -> None:
    settings = Settings.read(FULL)
    assert Settings.read(settings.environment()) == settings


def test_shown_settings_hold_no_secret() -> None:
    settings = Settings.read(FULL)
    shown = f"{settings.redacted()} {settings!r} {settings}"
    assert "hidden" not in shown
    assert SPELLED.rstrip("=") not in shown
    assert repr(KEY) not in shown
    assert settings.redacted()["CAIRN_GOALS_DATABASE_URL"] == "postgresql+psycopg://u:***@h:5/d"


def test_a_password_in_a_urls_query_is_not_shown_either() -> None:
    url = "postgresql://h/d?password=hidden&sslmode=require&sslpassword=hidden"
    shown = Settings.read({"CAIRN_GOALS_DATABASE_URL": url}).redacted()["CAIRN_GOALS_DATABASE_URL"]
    assert shown == "postgresql+psycopg://h/d?password=***&sslmode=require&sslpassword=***"


def test_every_field_has_its_variable() -> None:
    assert set(VARIABLES) == set(Settings.__dataclass_fields__)


def test_a_user_without_a_home_needs_none_where_one_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless(_: Path) -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "expanduser", homeless)
    with pytest.raises(SettingsError, match=r"^CAIRN_HOME must be the absolute path of a folder"):
        Settings.read({})


def test_a_home_that_is_said_is_the_only_one_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Path] = []
    expand = Path.expanduser

    def noted(path: Path) -> Path:
        asked.append(path)
        return expand(path)

    monkeypatch.setattr(Path, "expanduser", noted)
    assert Settings.read({"CAIRN_HOME": "/srv/cairn"}).home == Path("/srv/cairn")
    assert asked == [Path("/srv/cairn")]


def test_what_up_would_give_is_asked_for_by_its_home(tmp_path: Path) -> None:
    settings = Settings.read({"CAIRN_HOME": str(tmp_path)})
    with pytest.raises(SettingsError) as missing:
        settings.require("goals_database_url")
    assert str(missing.value) == (
        f"CAIRN_GOALS_DATABASE_URL is not set, and nothing runs in {tmp_path}: start `cairn up`, or set it"
    )
    with pytest.raises(SettingsError, match=r"^CAIRN_SMTP_URL is not set$"):
        settings.require("smtp_url")
