"""Seals over a real log: what somebody changed with all its hashes, and where it shows."""

# ruff: noqa: S608  (the tables are ours)
from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Thread

import pytest
from click.testing import CliRunner, Result

from services.goals.commands import goals
from services.goals.log.chain import BEFORE_THE_FIRST
from services.goals.log.soundness import Fault
from services.goals.log.verify import verify
from services.goals.seals.bucket import Bucketed
from services.goals.seals.folder import Folder
from services.goals.seals.place import seals_in
from services.goals.seals.seal import Held
from services.goals.seals.sealing import Unsound, marks_of, seal
from services.goals.seals.signing import public_of
from shared.lanes import lane_of
from shared.settings import Settings
from tests import controls as c
from tests.conftest import Databases
from tests.goals.log.writing import Log
from tests.goals.seals.store import as_settings

KEY, NEXT = b"a" * 32, b"b" * 32
LANE = lane_of(c.CLIENT)
HER_LANE = f"lane = {LANE}"


class Sealer:
    """Seals one log into one folder."""

    def __init__(self, log: Log, folder: Path) -> None:
        self.log = log
        self.folder = folder
        self.place = Folder(folder)
        self.after = timedelta(0)

    def seal(self, *keys: bytes) -> Held | None:
        self.after += timedelta(hours=1)
        return seal(self.log.engine, self.place, keys or (KEY,), c.NOW + self.after)

    def faults(self, *, from_last: bool = False) -> list[Fault]:
        marks = marks_of(seals_in(self.place))
        verdicts = verify(self.log.engine, marks=marks, from_last=from_last)
        return [verdict.fault for verdict in verdicts if verdict.fault]


@pytest.fixture
def sealed(log: Log, tmp_path: Path) -> Sealer:
    """Three events under a first seal, and one of another lane; two more under a second; one under none."""
    sealer = Sealer(log, tmp_path / "seals")
    log.begin(client=c.CLIENT)
    log.win(c.CLIENT, 1)
    log.win(c.CLIENT, 2)
    log.begin(client=c.GOAL)
    sealer.seal()
    log.win(c.CLIENT, 3)
    log.win(c.CLIENT, 4)
    sealer.seal()
    log.win(c.CLIENT, 5)
    return sealer


def rewrite(log: Log, position: int) -> None:
    """Changes an event and makes every hash after it anew, and the head: the chain is whole again."""
    log.tamper(f"UPDATE cairn.event SET body = '{{}}' WHERE {HER_LANE} AND position = {position}")
    rechain(log)


def rechain(log: Log) -> None:
    rows = log.all(f"SELECT position FROM cairn.event WHERE {HER_LANE} ORDER BY position")
    before = BEFORE_THE_FIRST
    for (position,) in rows:
        log.tamper(
            "UPDATE cairn.event SET hash = cairn.link(:before, lane, position, clinic_id, record_id,"
            " record_version, stream_id, version, event_id, type, schema, occurred_at, recorded_at, body,"
            f" sealed, key_id, meta) WHERE {HER_LANE} AND position = :position",
            before=before,
            position=position,
        )
        found = log.all(f"SELECT hash FROM cairn.event WHERE {HER_LANE} AND position = {position}")
        before = bytes(found[0][0])
    log.tamper(
        f"UPDATE cairn.lane_head SET (position, hash, recorded_at) = (SELECT position, hash, recorded_at"
        f" FROM cairn.event WHERE {HER_LANE} ORDER BY position DESC LIMIT 1) WHERE {HER_LANE}"
    )


def cut(log: Log, after: int) -> None:
    """Cuts the tail off, and the head with it."""
    log.tamper(f"DELETE FROM cairn.event WHERE {HER_LANE} AND position > {after}")
    rechain(log)


def test_an_untouched_log_is_as_it_was_sealed(sealed: Sealer) -> None:
    assert sealed.faults() == sealed.faults(from_last=True) == []


def test_each_seal_holds_what_was_written_since_the_one_before(sealed: Sealer) -> None:
    said = [
        {(lane.lane, lane.after, lane.position) for lane in held.seal.lanes}
        for held in seals_in(sealed.place)
    ]
    assert said == [{(LANE, 0, 3), (lane_of(c.GOAL), 0, 1)}, {(LANE, 3, 5)}]


def test_nothing_new_makes_no_seal(sealed: Sealer) -> None:
    assert sealed.seal() is not None
    assert sealed.seal() is None
    assert len(list(seals_in(sealed.place))) == 3


@pytest.mark.parametrize(("position", "seal_number", "found"), [(2, 1, 3), (4, 2, 5), (5, 2, 5)])
def test_a_change_with_every_hash_made_anew_shows_at_the_seal(
    sealed: Sealer, position: int, seal_number: int, found: int
) -> None:
    rewrite(sealed.log, position)
    assert not [v.fault for v in verify(sealed.log.engine) if v.fault]  # without the seals nothing shows
    assert sealed.faults() == [Fault(LANE, found, f"is not what seal {seal_number} was made of")]


def test_what_no_seal_holds_yet_can_be_rewritten_unseen(sealed: Sealer) -> None:
    rewrite(sealed.log, 6)
    assert sealed.faults() == []


@pytest.mark.parametrize("from_last", [False, True])
@pytest.mark.parametrize(
    ("after", "why"),
    [
        (4, "is missing: seal 2 was made over 5 in this lane"),
        (2, "is missing: seal {} was made over {} in this lane"),
    ],
)
def test_a_tail_that_was_cut_off_with_its_head_shows(
    sealed: Sealer, after: int, why: str, from_last: bool
) -> None:
    cut(sealed.log, after)
    first = (2, 5) if from_last else (1, 3)
    assert sealed.faults(from_last=from_last) == [Fault(LANE, after + 1, why.format(*first))]


def test_what_no_seal_holds_yet_can_be_cut_off_unseen(sealed: Sealer) -> None:
    cut(sealed.log, 5)
    assert sealed.faults() == sealed.faults(from_last=True) == []


def test_an_older_database_in_its_place_shows(sealed: Sealer) -> None:
    cut(sealed.log, 3)
    sealed.log.win(c.CLIENT, 3)
    sealed.log.win(c.CLIENT, 4)
    sealed.log.win(c.CLIENT, 5)
    assert sealed.faults() == [Fault(LANE, 5, "is not what seal 2 was made of")]
    assert sealed.faults(from_last=True) == [Fault(LANE, 6, "is not what its hash was made of")]


def test_an_older_database_that_ends_at_the_seal_shows_from_the_seal_too(sealed: Sealer) -> None:
    cut(sealed.log, 3)
    sealed.log.win(c.CLIENT, 3)
    sealed.log.win(c.CLIENT, 4)
    assert sealed.faults(from_last=True) == [Fault(LANE, 5, "is not what seal 2 was made of")]


def test_an_edited_head_is_not_sealed(sealed: Sealer) -> None:
    sealed.log.tamper(f"UPDATE cairn.lane_head SET position = 9 WHERE {HER_LANE}")
    with pytest.raises(Unsound, match=f"lane {LANE}: event 7 is missing: the head is at 9"):
        sealed.seal()
    assert len(list(seals_in(sealed.place))) == 2


def test_a_change_since_the_last_seal_is_not_sealed(sealed: Sealer) -> None:
    sealed.log.tamper(f"UPDATE cairn.event SET body = '{{}}' WHERE {HER_LANE} AND position = 6")
    with pytest.raises(Unsound, match=f"lane {LANE}: event 6 is not what its hash was made of"):
        sealed.seal()


def test_verifying_from_the_last_seal_reads_only_what_follows(sealed: Sealer) -> None:
    sealed.log.tamper(f"UPDATE cairn.event SET body = '{{}}' WHERE {HER_LANE} AND position = 2")
    assert sealed.faults(from_last=True) == []
    marks = marks_of(seals_in(sealed.place))
    assert sum(v.events for v in verify(sealed.log.engine, marks=marks, from_last=True)) == 1


def test_an_erasure_breaks_no_seal(sealed: Sealer) -> None:
    sealed.log.vault.destroy(c.CLIENT)
    assert sealed.faults() == []


def test_two_that_seal_at_once_make_one_seal(sealed: Sealer) -> None:
    together, made = Barrier(2), []

    def one() -> None:
        together.wait()
        made.append(seal(sealed.log.engine, sealed.place, (KEY,), c.NOW + timedelta(days=1)))

    threads = [Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(list(seals_in(sealed.place))) == 3
    assert {held.digest for held in made if held} == {list(seals_in(sealed.place))[-1].digest}


def run(databases: Databases, place: Path | Bucketed, *words: str, key: bytes | None = KEY) -> Result:
    kept = as_settings(place) if isinstance(place, Bucketed) else {"seals": place}
    settings = Settings(
        goals_database_url=databases.goals,
        seal_key=key,
        seal_keys_known=(KEY,) if key else None,
        **kept,
    )
    return CliRunner().invoke(goals, list(words), obj=settings)


def test_the_commands_say_what_is_sealed_and_hold_the_log_to_it(
    log: Log, databases: Databases, tmp_path: Path
) -> None:
    log.begin(client=c.CLIENT)
    unsealed = run(databases, tmp_path, "verify")
    assert "There is no seal: that the end was cut off, heads and all, would not show." in unsealed.stdout
    first = run(databases, tmp_path, "seal")
    kid = public_of(KEY)["kid"]
    assert first.stdout.startswith("Seal 1 of ")
    assert first.stdout.endswith(f" UTC holds 1 events, signed by key {kid}.\n")
    assert run(databases, tmp_path, "seal").stdout == "Nothing was written since the last seal.\n"
    log.win(c.CLIENT, 1)
    since = run(databases, tmp_path, "verify", "--from-seal")
    assert since.stdout.splitlines()[-1] == (
        "The log is as it was written since seal 1: 1 events, every chain whole;"
        " what is under the seal was not read."
    )
    empty = "position = 0, hash = decode(repeat('00', 32), 'hex'), recorded_at = NULL"
    log.tamper(
        f"DELETE FROM cairn.event WHERE {HER_LANE}", f"UPDATE cairn.lane_head SET {empty} WHERE {HER_LANE}"
    )
    after = run(databases, tmp_path, "verify")
    assert after.exit_code == 1
    assert f"lane {LANE}: event 1 is missing: seal 1 was made over 1 in this lane" in after.stdout


def test_the_commands_do_so_over_a_bucket_too(log: Log, databases: Databases, served: Bucketed) -> None:
    log.begin(client=c.CLIENT)
    assert run(databases, served, "seal").stdout.startswith("Seal 1 of ")
    log.win(c.CLIENT, 1)
    assert run(databases, served, "seal").stdout.startswith("Seal 2 of ")
    assert run(databases, served, "verify").exit_code == 0
    cut(log, 1)
    assert "event 2 is missing: seal 2 was made over 2" in run(databases, served, "verify").stdout


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("seal", "Nothing was sealed"),
        ("verify", "The seals cannot be read"),
        ("seal --public", "The seals cann"),
    ],
)
def test_the_commands_say_in_one_line_that_the_place_is_away(
    log: Log, databases: Databases, served: Bucketed, command: str, said: str
) -> None:
    done = run(databases, served._replace(bucket="nowhere"), *command.split())
    assert done.exit_code == 1
    assert re.fullmatch(
        rf"Error: {said}.*: s3://nowhere/\S+ at \S+: there is no such bucket\.\n", done.stderr
    )


def test_a_folder_that_may_not_be_written_is_said_to_be_so(
    log: Log, databases: Databases, tmp_path: Path
) -> None:
    log.begin(client=c.CLIENT)
    (tmp_path / "a-file").touch()
    done = run(databases, tmp_path / "a-file" / "seals", "seal")
    assert (done.exit_code, done.stderr) == (
        1,
        f"Error: Nothing was sealed: the folder {tmp_path / 'a-file' / 'seals'}: Not a directory.\n",
    )


def test_verify_tells_of_seals_that_are_not_right(log: Log, databases: Databases, tmp_path: Path) -> None:
    log.begin(client=c.CLIENT)
    run(databases, tmp_path, "seal")
    (tmp_path / "00000001.json").chmod(0o644)
    (tmp_path / "00000001.json").write_bytes(b"{}")
    done = run(databases, tmp_path, "verify")
    assert (done.exit_code, done.stderr) == (
        1,
        "Error: The seals are not as they were made: seal 1 cannot be read.\n",
    )


@pytest.mark.parametrize(
    ("content", "exit_code"),
    [(lambda: public_of(KEY), 0), (lambda: public_of(NEXT), 1), (lambda: "none", 2), (lambda: "\udcff", 2)],
)
def test_verify_trusts_the_keys_that_it_is_given(
    log: Log, databases: Databases, tmp_path: Path, content: Callable[[], object], exit_code: int
) -> None:
    log.begin(client=c.CLIENT)
    run(databases, tmp_path / "seals", "seal")
    key = tmp_path / "public.jwk"
    key.write_bytes(json.dumps(content(), ensure_ascii=False).encode(errors="surrogateescape"))
    done = run(databases, tmp_path / "seals", "verify", "--key", str(key), key=None)
    assert done.exit_code == exit_code


def test_the_public_keys_are_printed_in_order(log: Log, databases: Databases, tmp_path: Path) -> None:
    log.begin(client=c.CLIENT)
    run(databases, tmp_path, "seal")
    printed = json.loads(run(databases, tmp_path, "seal", "--public", key=NEXT).stdout)
    assert printed == {"keys": [public_of(KEY), public_of(NEXT)]}
