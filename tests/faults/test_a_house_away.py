"""One of the two services is away: the other goes on, and once it is back all is made up for."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from infra.standin.texts import Text
from tests.faults.crowd import Crowd
from tests.faults.reckoning import settled
from tests.faults.town import KINDS, Town, is_known, soon

pytestmark = pytest.mark.timeout(200)
REMINDERS = tuple(kind for kind in KINDS if kind.startswith("reminders"))
_OPTED_OUT = text("SELECT count(*) FROM opt_out WHERE lifted_at IS NULL")
_WITHDRAWN = text("SELECT count(*) FROM cairn.event WHERE type = 'cairn.consent.withdrawn.v1'")


@pytest.fixture
def crowd(town: Town) -> Crowd:
    """A clinic that is open, where all runs."""
    town.start(*KINDS)
    crowd = Crowd(town)
    crowd.open()
    return crowd


def test_without_the_goals_service_texts_are_heard_a_stop_holds_and_the_log_hears_of_it_later(
    town: Town, crowd: Crowd
) -> None:
    winner, leaver = crowd.comes(), crowd.comes()
    soon(lambda: is_known(town, winner.client_id) and is_known(town, leaver.client_id), 60)
    town.kill("goals serve")
    crowd.texts(winner)
    assert town.provider.texts.bring(Text(sent_from=leaver.number, body="stop texting me")) == 200
    soon(lambda: [one.to for one in town.provider.accepted.all()] == [leaver.number])
    with town.ledger.connect() as connection:
        assert connection.execute(_OPTED_OUT).scalar_one() == 1
    town.start("goals serve")
    found = settled(town, crowd)
    assert (found.lost, found.twice, found.unsettled) == ([], [], [])
    with town.log.connect() as connection:
        assert connection.execute(_WITHDRAWN).scalar_one() == 1


def test_without_the_reminder_service_the_log_goes_on_and_what_counts_is_said_once_it_is_back(
    town: Town, crowd: Crowd
) -> None:
    for kind in REMINDERS:
        town.kill(kind)
    for _ in range(3):
        client = crowd.comes()
        crowd.wins(client)
        crowd.wins(client)
    assert crowd.answers == {}
    town.start(*REMINDERS)
    found = settled(town, crowd)
    assert (found.lost, found.twice, found.unsettled) == ([], [], [])
    assert found.counted == 3  # what a client did meanwhile is one message, and no flood
