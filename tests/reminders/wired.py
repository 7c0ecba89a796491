"""A reminder service that sends by the stand-in, and is told by it, over real HTTP behind another address."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import text

from infra.standin.provider import Provider
from infra.standin.script import Script
from infra.standin.serving import running
from infra.standin.texts import Text
from services.reminders.app import create_app
from services.reminders.bell import Rung
from services.reminders.channels.sms import Twilio
from services.reminders.parts import Parts
from services.reminders.sending.reconcile import reconcile
from services.reminders.team import flagging
from shared.events import Event, PreferencesSet
from shared.settings import Settings
from tests.reminders.house import NUMBER, House, milestone, wait_for
from tests.serving import serving

PUBLIC = "https://reminders.example.org"


@dataclass
class Wired:
    """The service, the stand-in, and the address that the service really listens on."""

    house: House
    provider: Provider
    settings: Settings
    url: str

    def planned(self, *channels: str) -> None:
        """A message that is due for her, at an hour that is noon where she is."""
        self.house.now = datetime.now(UTC)
        self.house.begin(*channels or ("sms",))
        self.house.happens(PreferencesSet(time_zone=_noon(self.house.now), locale="en"))
        self.house.happens(milestone())

    def send(self, script: Script) -> None:
        """Plans a message and sends it, to be answered by this script."""
        self.provider.scripts.set(NUMBER, [script])
        self.planned()
        self.house.answer()

    def reconcile(self, **later: float) -> int:
        """One round of the reconciler, so much later."""
        self.house.later(**later)
        parts = self.house.parts
        return reconcile(parts.engine, parts.vault, parts.twilio, self.house.now)

    def writes(self, body: str, number: str = NUMBER, **more: Any) -> int | None:
        """A phone writes to us; the status of our answer to the provider."""
        status = self.provider.texts.bring(Text(sent_from=number, body=body, **more))
        self.answer_now()
        return status

    def answer_now(self, **later: float) -> None:
        """Delivers what waits on the bell's urgent queues, as a worker would, so much later."""
        self.house.now = datetime.now(UTC) + timedelta(**later)
        query = text("SELECT message_id, channel, queue FROM message WHERE state = 'planned' AND direct")
        with self.house.parts.engine.connect() as connection:
            self.house.rung += [Rung(*row) for row in connection.execute(query)]
        self.house.answer()

    def planned_at_noon(self, *events: Event) -> None:
        """Something happens that is worth saying, at an hour that is noon where she is."""
        self.house.now = datetime.now(UTC)
        self.house.happens(PreferencesSet(time_zone=_noon(self.house.now), locale="en"), *events)

    def remind(self, **later: float) -> int:
        """One round of the notices that are given again, so much later."""
        self.house.now = datetime.now(UTC) + timedelta(**later)
        parts = self.house.parts
        count = flagging.remind(parts.engine, parts.vault, self.house.rung.extend, self.house.now)
        self.house.answer()
        return count

    def wait_until_settled(self, state: str) -> None:
        """Until a message of hers is in this state, by whatever callback."""
        wait_for(lambda: any(found == state for found, _ in self.house.states()))

    def received(self, number: str = NUMBER) -> list[str]:
        """The texts that a phone has got, in order."""
        return [one.body for one in self.provider.accepted.all() if one.to == number]

    def ledger(self) -> dict[str, Any]:
        """Her only message, as the ledger has it."""
        with self.house.parts.engine.connect() as connection:
            return dict(connection.execute(text("SELECT * FROM message")).mappings().one())

    def withdrawn(self) -> list[str]:
        """What is on its way to the log: the paths of the consents that are taken back."""
        query = text("SELECT path FROM outgoing WHERE kind = 'consent.withdrawn' AND method = 'DELETE'")
        with self.house.parts.engine.connect() as connection:
            return list(connection.execute(query).scalars())

    def state(self) -> tuple[str, str | None]:
        """Its state and cause."""
        return self.house.states()[0]


@contextmanager
def wired_up(settings: Settings) -> Iterator[Wired]:
    """Everything, running; an answer of the provider's is waited for half a second."""
    provider = Provider()
    with running(provider) as api:
        known = replace(
            settings,
            twilio_account_sid=provider.account,
            twilio_auth_token=provider.token,
            twilio_messaging_service_sid=provider.service,
            twilio_api_url=api,
            reminders_public_url=PUBLIC,
        )
        parts = Parts(known)
        vars(parts)["twilio"] = Twilio(
            account_sid=provider.account,
            auth_token=provider.token,
            messaging_service_sid=provider.service,
            public_url=PUBLIC,
            api_url=api,
            answer_seconds=0.5,
        )
        with _served(known) as url:
            provider.callbacks.through = url
            provider.texts.url = f"{PUBLIC}/twilio/inbound"
            yield Wired(House(parts), provider, known, url)
        parts.close()


@contextmanager
def _served(settings: Settings) -> Iterator[str]:
    app = create_app(settings)
    with serving(app) as url:
        yield url
    app.extensions["parts"].close()


def _noon(now: datetime) -> str:
    """A zone where it is just past noon; those east of Greenwich are written with a minus."""
    return f"Etc/GMT{now.hour - 12:+d}"
