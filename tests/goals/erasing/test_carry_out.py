"""Carrying erasures out on a real log and a real vault: found, taken step by step, told once they hold."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import msgspec
import pytest
from sqlalchemy import text

from services.goals import current
from services.goals.beats import Busy
from services.goals.erasing import worklist
from services.goals.log.feed import page
from services.goals.log.read import load
from services.goals.log.verify import verify
from services.goals.rules.commands.client import AskErasure, CancelErasure, DecideErasure, SetContact
from services.goals.rules.commands.win import RecordWin
from services.goals.rules.record import fold
from services.goals.rules.refusal import Erased, Refused
from shared.database import engine
from shared.settings import Settings, other_variables
from shared.vault import KeyDestroyed, Vault
from tests import controls as c
from tests.conftest import Databases
from tests.goals.erasing.dying import POINTS
from tests.goals.erasing.trial import LEAD, MASTER_KEY, Trial

A_MOMENT = 31
"""Seconds: longer than any process remembers a key."""


def holds(trial: Trial, client: UUID) -> None:
    """She is erased: nothing is kept of her, nothing can be opened, and the log is whole."""
    assert trial.types(client)[-1] == "client.erased"
    assert trial.types(client).count("client.erased") == 1
    assert trial.kept(client) == (0, 0)
    assert trial.house.vault.key(client) is None
    with pytest.raises(KeyDestroyed):
        trial.house.vault.create(client)
    known = trial.standing(client)
    assert known is not None
    assert known.done_at is not None
    assert not [lane for lane in verify(trial.house.engine) if lane.fault]


def wins_until_erased(trial: Trial, client: UUID) -> int:
    """Records wins until the record refuses them; gives how many it took."""
    taken = 0
    for _ in range(200):
        try:
            trial.ask(client, RecordWin(win_id=uuid4(), text=c.WIN))
            taken += 1
        except Busy:
            continue
        except (Erased, KeyDestroyed):
            return taken
    raise AssertionError("it was never erased")


def test_it_waits_until_the_days_are_over(trial: Trial) -> None:
    client = trial.granted()
    trial.later(days=7, seconds=-1)
    assert trial.carry_out() == 0
    assert trial.house.vault.key(client) is not None
    assert trial.types(client)[-1] == "erasure.decided"


def test_it_is_told_only_once_no_process_remembers_the_key(trial: Trial) -> None:
    client = trial.granted()
    trial.later(days=7)
    assert trial.carry_out() == 0
    known = trial.standing(client)
    assert known is not None
    assert (known.erased_at, known.done_at) == (trial.now, None)
    assert trial.kept(client) == (0, 0)
    trial.later(seconds=A_MOMENT - 2)
    assert trial.carry_out() == 0
    trial.later(seconds=2)
    assert trial.carry_out() == 1
    assert trial.carry_out() == 0
    holds(trial, client)


def test_what_was_called_off_is_not_carried_out(trial: Trial) -> None:
    client = trial.registered()
    first, second = uuid4(), uuid4()
    for erasure in (first, second):
        trial.ask(client, AskErasure(erasure_id=erasure))
        trial.ask(client, DecideErasure(erasure_id=erasure, decision="granted", ground="Hers"), LEAD)
        trial.carry_out()
        trial.ask(client, CancelErasure(erasure_id=erasure))
    trial.later(days=30)
    assert trial.carry_out() == 0
    assert trial.standing(client) is None
    assert trial.house.vault.key(client) is not None


def test_an_erasure_granted_after_one_was_called_off_waits_its_own_days(trial: Trial) -> None:
    client, first, second = trial.registered(), uuid4(), uuid4()
    trial.ask(client, AskErasure(erasure_id=first))
    trial.ask(client, DecideErasure(erasure_id=first, decision="granted", ground="Hers"), LEAD)
    trial.later(days=5)
    trial.ask(client, CancelErasure(erasure_id=first))
    trial.ask(client, AskErasure(erasure_id=second))
    trial.ask(client, DecideErasure(erasure_id=second, decision="granted", ground="Hers"), LEAD)
    trial.later(days=5)
    trial.carry_out()
    assert trial.types(client)[-1] == "erasure.decided"
    trial.later(days=2)
    trial.carry_out()
    assert trial.types(client)[-1] == "client.erased"


def test_others_are_left_alone_and_her_number_is_free_again(trial: Trial) -> None:
    client, other = trial.granted(), trial.registered("+15035550199")
    trial.later(days=7)
    trial.carry_out()
    assert trial.kept(other) == (2, 1)
    with trial.house.engine.connect() as connection:
        assert current.get(connection, trial.house.vault, c.CLINIC, other) is not None
        assert current.get(connection, trial.house.vault, c.CLINIC, client) is None
    trial.ask(other, SetContact(channel="sms", address=c.NUMBER))


def test_nothing_personal_is_read_while_a_process_still_remembers_the_key(
    trial: Trial, databases: Databases
) -> None:
    keys = engine(databases.vault, autocommit=True)
    elsewhere = Vault(keys, MASTER_KEY)
    client = trial.granted()
    assert elsewhere.key(client) is not None
    trial.later(days=7)
    trial.carry_out()
    assert elsewhere.key(client) is not None
    with trial.house.engine.connect() as connection:
        found = load(connection, elsewhere, c.CLINIC, client)
        assert found is not None
        assert current.rows_of(connection, elsewhere, c.CLINIC, client) == ()
    her = fold(client, found.events).client
    assert her is not None
    assert her.name is None
    assert [contact.address for contact in her.contacts.values()] == [None]
    keys.dispose()


def test_the_feed_gives_null_for_what_was_erased(trial: Trial) -> None:
    client = trial.granted()
    trial.later(days=7)
    trial.carry_out()
    items, _ = page(
        trial.house.engine, trial.house.vault, lanes=range(256), after={}, limit=1000, granted=True
    )
    hers = [item for item in map(msgspec.json.decode, items) if item["partitionkey"] == str(client)]
    assert [item["data"]["name"] for item in hers if item["type"].endswith("registered.v1")] == [None]
    assert [item["data"]["address"] for item in hers if item["type"].endswith("contact_set.v1")] == [None]
    assert hers[-1]["type"] == "cairn.client.erased.v1"
    assert (hers[-1]["actorkind"], hers[-1]["actorid"]) == ("system", "erasure")


@pytest.mark.parametrize("point", POINTS)
def test_killed_at_any_point_it_is_taken_up_there(trial: Trial, databases: Databases, point: str) -> None:
    client = trial.granted()
    trial.later(days=7)
    if point == "before_done":
        trial.carry_out()
        trial.later(seconds=A_MOMENT)
    settings = Settings(goals_database_url=databases.goals, vault_database_url=databases.vault)
    died = subprocess.run(
        [sys.executable, "-m", "tests.goals.erasing.dying", point, trial.now.isoformat()],
        env=other_variables(os.environ) | settings.environment(),
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert died.returncode == -9, died.stderr.decode()
    assert (trial.types(client)[-1] == "client.erased") is (point != "before_append")
    trial.later(minutes=2)
    trial.carry_out()
    trial.later(minutes=2)
    trial.carry_out()
    holds(trial, client)


def test_any_number_may_run_beside_each_other(trial: Trial) -> None:
    clients = [trial.granted(f"+1503555{number:04}") for number in range(6)]
    trial.later(days=7)
    with ThreadPoolExecutor(4) as processes:
        list(processes.map(lambda _: trial.carry_out(), range(4)))
    trial.later(minutes=2)
    with ThreadPoolExecutor(4) as processes:
        assert sum(processes.map(lambda _: trial.carry_out(), range(4))) == len(clients)
    for client in clients:
        holds(trial, client)


def test_eight_writers_beside_an_erasure_write_nothing_after_it(trial: Trial) -> None:
    for number in range(2):
        client = trial.granted(f"+1503555{number:04}")
        trial.later(days=7)
        with ThreadPoolExecutor(9) as crowd:
            writers = [crowd.submit(wins_until_erased, trial, client) for _ in range(8)]
            while trial.types(client)[-1] != "client.erased":
                trial.carry_out()
                trial.later(minutes=2)
            wins = sum(writer.result() for writer in writers)
        told = trial.types(client)
        assert told[-1] == "client.erased"
        assert told.count("win.recorded") == wins
        trial.carry_out()
        trial.later(minutes=2)
        trial.carry_out()
        holds(trial, client)


def test_begun_anew_it_reads_the_whole_log_and_destroys_what_a_restored_vault_brought_back(
    trial: Trial, databases: Databases
) -> None:
    restored = engine(databases.vault_admin)
    with restored.connect() as connection:
        connection.execute(text("CREATE TABLE backup AS TABLE record_key WITH NO DATA"))
        connection.commit()
    erased = trial.granted()
    with restored.begin() as connection:
        connection.execute(text("INSERT INTO backup SELECT * FROM record_key"))
    trial.later(days=7)
    trial.carry_out()
    trial.later(seconds=A_MOMENT)
    trial.carry_out()
    waiting = trial.granted("+15035550199")
    with restored.begin() as connection:
        connection.execute(text("ALTER TABLE record_key DISABLE TRIGGER USER"))
        connection.execute(
            text(
                "UPDATE record_key SET wrapped = backup.wrapped, destroyed_at = NULL FROM backup"
                " WHERE backup.record_id = record_key.record_id AND record_key.destroyed_at IS NOT NULL"
            )
        )
        connection.execute(text("ALTER TABLE record_key ENABLE TRIGGER USER"))
    restored.dispose()
    assert trial.house.vault.key(erased) is not None
    worklist.begin_anew(trial.house.engine)
    trial.later(seconds=A_MOMENT)
    trial.carry_out()
    trial.later(seconds=A_MOMENT)
    assert trial.carry_out() == 1
    holds(trial, erased)
    assert trial.house.vault.key(waiting) is not None


def test_an_erasure_that_fails_holds_up_no_other(trial: Trial, databases: Databases) -> None:
    broken, other = trial.granted(), trial.granted("+15035550199")
    trial.carry_out()
    owner = engine(databases.goals_admin)
    with owner.begin() as connection:
        connection.execute(
            text("UPDATE cairn.erasure SET erasure_id = :another WHERE record_id = :client"),
            {"another": uuid4(), "client": broken},
        )
    owner.dispose()
    trial.later(days=7)
    trial.carry_out()
    trial.later(minutes=2)
    assert trial.carry_out() == 1
    holds(trial, other)
    assert trial.house.vault.key(broken) is not None


def test_it_counts_what_waits_and_what_is_begun(trial: Trial) -> None:
    trial.granted()
    trial.carry_out()
    assert worklist.counts(trial.house.engine) == (1, 0, c.NOW)
    trial.later(days=7)
    trial.carry_out()
    assert worklist.counts(trial.house.engine) == (0, 1, c.NOW)
    trial.later(seconds=A_MOMENT)
    trial.carry_out()
    assert worklist.counts(trial.house.engine) == (0, 0, None)


def test_nothing_is_carried_out_that_the_record_does_not_grant(trial: Trial) -> None:
    client = trial.registered()
    erasure = uuid4()
    trial.ask(client, AskErasure(erasure_id=erasure))
    refusal = DecideErasure(erasure_id=erasure, decision="refused", ground="Law", retain_until=c.TODAY)
    trial.ask(client, refusal, LEAD)
    trial.later(days=30)
    trial.carry_out()
    assert trial.types(client)[-1] == "erasure.decided"
    with pytest.raises(Refused):
        trial.ask(client, CancelErasure(erasure_id=erasure))
