"""What the environment says, read once: which variables there are, and what each must look like."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from shared import masters, spelling
from shared.masters import Masters
from shared.spelling import Malformed

VARIABLES: dict[str, tuple[str, Callable[[str], object]]] = {
    "home": ("CAIRN_HOME", spelling.folder),
    "goals_database_url": ("CAIRN_GOALS_DATABASE_URL", spelling.database_url),
    "vault_database_url": ("CAIRN_VAULT_DATABASE_URL", spelling.database_url),
    "reminders_database_url": ("CAIRN_REMINDERS_DATABASE_URL", spelling.database_url),
    "reminders_vault_database_url": ("CAIRN_REMINDERS_VAULT_DATABASE_URL", spelling.database_url),
    "broker_url": ("CAIRN_BROKER_URL", spelling.broker_url),
    "goals_url": ("CAIRN_GOALS_URL", spelling.http_url),
    "reminders_url": ("CAIRN_REMINDERS_URL", spelling.http_url),
    "goals_port": ("CAIRN_GOALS_PORT", spelling.port),
    "reminders_port": ("CAIRN_REMINDERS_PORT", spelling.port),
    "goals_public_url": ("CAIRN_GOALS_PUBLIC_URL", spelling.http_url),
    "reminders_public_url": ("CAIRN_REMINDERS_PUBLIC_URL", spelling.http_url),
    "master_key": ("CAIRN_MASTER_KEY", spelling.key),
    "master_keys_known": ("CAIRN_MASTER_KEYS_KNOWN", spelling.several(spelling.key)),
    "master_key_file": ("CAIRN_MASTER_KEY_FILE", masters.key_file),
    "token_key": ("CAIRN_TOKEN_KEY", spelling.ed25519_key),
    "token_keys_known": ("CAIRN_TOKEN_KEYS_KNOWN", spelling.several(spelling.ed25519_key)),
    "seal_key": ("CAIRN_SEAL_KEY", spelling.ed25519_key),
    "seal_keys_known": ("CAIRN_SEAL_KEYS_KNOWN", spelling.several(spelling.ed25519_key)),
    "seals": ("CAIRN_SEALS", spelling.kept_in),
    "seals_endpoint": ("CAIRN_SEALS_ENDPOINT", spelling.http_url),
    "seals_region": ("CAIRN_SEALS_REGION", spelling.region),
    "seals_access_key": ("CAIRN_SEALS_ACCESS_KEY", str),
    "seals_secret_key": ("CAIRN_SEALS_SECRET_KEY", str),
    "oidc_issuer": ("CAIRN_OIDC_ISSUER", spelling.http_url),
    "oidc_client_id": ("CAIRN_OIDC_CLIENT_ID", str),
    "oidc_client_secret": ("CAIRN_OIDC_CLIENT_SECRET", str),
    "smtp_url": ("CAIRN_SMTP_URL", spelling.smtp_url),
    "email_from": ("CAIRN_EMAIL_FROM", spelling.mailbox),
    "twilio_account_sid": ("TWILIO_ACCOUNT_SID", spelling.sid("AC")),
    "twilio_auth_token": ("TWILIO_AUTH_TOKEN", str),
    "twilio_messaging_service_sid": ("TWILIO_MESSAGING_SERVICE_SID", spelling.sid("MG")),
    "twilio_api_url": ("TWILIO_API_URL", spelling.http_url),
    "erasure_wait_days": ("CAIRN_ERASURE_WAIT_DAYS", spelling.days),
    "otlp_endpoint": ("OTEL_EXPORTER_OTLP_ENDPOINT", spelling.http_url),
}
UNSAID = {"CAIRN_HOME": "~/.cairn"}
"""What is read where a variable is not set, the way it would be spelled."""
FROM_UP = frozenset(
    {
        "goals_database_url",
        "vault_database_url",
        "reminders_database_url",
        "reminders_vault_database_url",
        "broker_url",
        "goals_url",
        "reminders_url",
        "goals_public_url",
        "reminders_public_url",
        "master_key",
        "token_key",
        "seal_key",
    }
)
"""What every command finds by itself while `cairn up` runs."""
_SAID_AS_QUERY = re.compile(r"([?&](?:ssl)?password=)[^&]*")
SECRET = frozenset(
    {
        "master_key",
        "master_keys_known",
        "token_key",
        "token_keys_known",
        "seal_key",
        "seal_keys_known",
        "seals_access_key",
        "seals_secret_key",
        "oidc_client_secret",
        "twilio_auth_token",
    }
)
TOLD_BY = {
    "master_keys": "master_key",
    "token_keys": "token_key",  # nosec B105 # names of settings
    "seal_keys": "seal_key",
}
"""What several variables say together, by the first of them."""
TOGETHER = {
    "twilio_account_sid": ("twilio_auth_token", "twilio_messaging_service_sid"),
    "smtp_url": ("email_from",),
    "oidc_client_id": ("oidc_issuer", "oidc_client_secret"),
    "seals_access_key": ("seals_secret_key",),
}
"""Where the first is set, the others must be."""


class SettingsError(Exception):
    """A variable is missing or malformed; the text is one line that names it and says what would be right."""


@dataclass(frozen=True, repr=False)
class Settings:
    """The settings of one process; what is not set is None. Database URLs are SQLAlchemy's, by psycopg."""

    home: Path = Path("~/.cairn")
    goals_database_url: str | None = None
    vault_database_url: str | None = None
    reminders_database_url: str | None = None
    reminders_vault_database_url: str | None = None
    broker_url: str | None = None
    goals_url: str | None = None
    reminders_url: str | None = None
    goals_port: int = 8000
    reminders_port: int = 8001
    goals_public_url: str | None = None
    reminders_public_url: str | None = None
    master_key: bytes | None = None  # 32 bytes
    master_keys_known: tuple[bytes, ...] | None = None
    master_key_file: Path | None = None
    token_key: bytes | None = None  # the 32 bytes that an Ed25519 key is made of
    token_keys_known: tuple[bytes, ...] | None = None
    seal_key: bytes | None = None  # as the token key
    seal_keys_known: tuple[bytes, ...] | None = None
    seals: Path | str | None = None  # a folder, or a bucket as s3://BUCKET/PREFIX
    seals_endpoint: str | None = None
    seals_region: str = "us-east-1"
    seals_access_key: str | None = None
    seals_secret_key: str | None = None
    oidc_issuer: str | None = None
    oidc_client_id: str | None = None
    oidc_client_secret: str | None = None
    smtp_url: str | None = None
    email_from: str | None = None
    twilio_account_sid: str | None = None
    twilio_auth_token: str | None = None
    twilio_messaging_service_sid: str | None = None
    twilio_api_url: str | None = None
    erasure_wait_days: int = 7
    otlp_endpoint: str | None = None

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> Settings:
        """Read them all; an empty variable counts as not set. Raises SettingsError at the first bad one."""
        found: dict[str, Any] = {}
        for name, (variable, read) in VARIABLES.items():
            text = environ.get(variable, "").strip() or UNSAID.get(variable, "")
            if text:
                try:
                    found[name] = read(text)
                except Malformed as wrong:
                    raise SettingsError(f"{variable} must be {wrong}") from None
        for first, others in TOGETHER.items():
            for other in others:
                if first in found and other not in found:
                    needed, there = VARIABLES[other][0], VARIABLES[first][0]
                    raise SettingsError(f"{needed} must be set where {there} is: one needs the other")
        if isinstance(found.get("seals"), str) and "seals_access_key" not in found:
            raise SettingsError("CAIRN_SEALS_ACCESS_KEY must be set where CAIRN_SEALS is a bucket")
        return cls(**found)

    @property
    def master_keys(self) -> Masters | None:
        """The master keys, the file's where there is one. Raises SettingsError where it is not whole."""
        if self.master_key_file is not None:
            try:
                return masters.InFile(self.master_key_file)
            except Malformed as wrong:
                raise SettingsError(f"CAIRN_MASTER_KEY_FILE must be {wrong}") from None
        if self.master_key is None:
            return None
        return masters.Given([self.master_key, *(self.master_keys_known or ())])

    @property
    def token_keys(self) -> tuple[bytes, ...] | None:
        """The keys whose tokens are taken; the first one signs ours."""
        return None if self.token_key is None else (self.token_key, *(self.token_keys_known or ()))

    @property
    def seal_keys(self) -> tuple[bytes, ...] | None:
        """The key that seals are signed with, then those that were before and hand over to it."""
        return None if self.seal_key is None else (self.seal_key, *(self.seal_keys_known or ()))

    def require(self, *names: str) -> Any:
        """The values of these fields, one alone or a tuple. Raises SettingsError where one is not set."""
        values = []
        for name in names:
            value = getattr(self, name)
            if value is None:
                raise SettingsError(self._missing(name))
            values.append(value)
        return values[0] if len(values) == 1 else tuple(values)

    @property
    def seals_place(self) -> Path | str:
        """Where seals are kept: CAIRN_SEALS, or a folder of the home."""
        return self.seals or self.home / "seals"

    def _missing(self, name: str) -> str:
        name = TOLD_BY.get(name, name)
        variable = VARIABLES[name][0]
        if name not in FROM_UP:
            return f"{variable} is not set"
        return f"{variable} is not set, and nothing runs in {self.home}: start `cairn up`, or set it"

    def environment(self) -> dict[str, str]:
        """The variables that another process reads these same settings from."""
        given = {VARIABLES[f.name][0]: getattr(self, f.name) for f in fields(self)}
        return {variable: spelling.spell(value) for variable, value in given.items() if value is not None}

    def redacted(self) -> dict[str, str]:
        """What is set, by its variable's name, fit to be shown: without keys, tokens and passwords."""
        shown = {}
        for field in fields(self):
            value = getattr(self, field.name)
            if value is not None:
                shown[VARIABLES[field.name][0]] = (
                    "(set)" if field.name in SECRET else _without_password(str(value))
                )
        return shown

    def __repr__(self) -> str:
        return f"Settings({self.redacted()})"


def other_variables(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The environment without any of ours."""
    ours = {variable for variable, _ in VARIABLES.values()}
    return {name: value for name, value in environ.items() if name not in ours}


def _without_password(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme and parts.password is not None:
        value = value.replace(f":{parts.password}@", ":***@", 1)
    return _SAID_AS_QUERY.sub(r"\1***", value)
