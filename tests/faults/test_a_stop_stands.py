"""STOP while a message is just being sent, and then all that might undo it: it stands."""

from __future__ import annotations

from uuid import uuid4

import pytest

from infra.standin.script import Script
from infra.standin.texts import Text
from tests.faults.crowd import Crowd
from tests.faults.reckoning import settled
from tests.faults.town import KINDS, Town, is_known, soon

pytestmark = pytest.mark.timeout(200)


def test_after_its_answer_nothing_goes_save_what_the_provider_had(town: Town) -> None:
    town.start(*KINDS)
    crowd = Crowd(town)
    crowd.open()
    client = crowd.comes()
    soon(lambda: is_known(town, client.client_id), 60)
    town.provider.scripts.set(client.number, [Script(takes=1.0), Script()])
    crowd.wins(client)
    soon(lambda: len(town.provider.accepted.all()) == 1)  # it is on its way, and not answered yet
    town.kill("reminders follow")
    consent = f"/v1/clients/{client.client_id}/consents/sms/{uuid4()}"
    assert crowd.put("therapist", consent, {"text_version": "1", "given_by": "client"}) == 201
    assert town.provider.texts.bring(Text(sent_from=client.number, body="stop texting me")) == 200
    soon(lambda: len(town.provider.accepted.all()) == 2)
    assert "no more texts" in town.provider.accepted.all()[-1].body
    town.start("reminders follow")  # the consent that was given before comes late
    crowd.put("therapist", f"/v1/clients/{client.client_id}/wins/{uuid4()}", {"kind": "showed_up"})
    crowd.put("therapist", consent, {"text_version": "1", "given_by": "client"})  # sent again, as by a proxy
    found = settled(town, crowd)
    assert (found.lost, found.unsettled) == ([], [])
    assert (found.counted, town.provider.accepted.twice()) == (2, {})
