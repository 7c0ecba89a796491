"""The signs by which a town is seen to move, and what it says of itself when nothing does."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from infra.standin.provider import Provider
from tests.faults.nursery import Born

_WRITTEN = text("SELECT coalesce(sum(position), 0) FROM cairn.lane_head")
_DONE = text("""
SELECT (SELECT coalesce(sum(position), 0) FROM checkpoint), (SELECT count(*) FROM inbound),
       (SELECT count(*) FROM outgoing), (SELECT count(*) FROM outgoing WHERE state <> 'waiting'),
       (SELECT coalesce(sum(CASE WHEN state IN ('planned', 'sending') THEN 1
                                 WHEN state IN ('sent', 'unknown') THEN 2
                                 ELSE 3 END), 0) FROM message)
""")
_MESSAGES = text("SELECT state, count(*) FROM message GROUP BY 1 ORDER BY 1")
_WAITING = text("SELECT count(*) FROM outgoing WHERE state = 'waiting'")
_PARKED = text("SELECT count(*) FROM parked_record")


def moved(log: Engine, ledger: Engine, provider: Provider) -> tuple[int, ...] | None:
    """What was written, followed, heard, told, sent and accepted; None while a database is away."""
    try:
        with log.connect() as there, ledger.connect() as here:
            written, done = there.execute(_WRITTEN).scalar_one(), here.execute(_DONE).one()
    except SQLAlchemyError:  # it was killed, and nothing can be seen until it is back
        return None
    return (int(written), *map(int, done), len(provider.accepted.all()))


def told(log: Engine, ledger: Engine, processes: Mapping[str, Born]) -> str:
    """Where it stands: log, followers, messages; who has ended by itself, and with which last words."""
    ended = [_last(kind, born) for kind, born in processes.items() if not born.lives]
    return "; ".join([_ledgers(log, ledger), *ended])


def _ledgers(log: Engine, ledger: Engine) -> str:
    try:
        with log.connect() as there, ledger.connect() as here:
            written, followed = there.execute(_WRITTEN).scalar_one(), here.execute(_DONE).one()[0]
            messages = ", ".join(f"{count} {state}" for state, count in here.execute(_MESSAGES))
            waiting, parked = here.execute(_WAITING).scalar_one(), here.execute(_PARKED).scalar_one()
    except SQLAlchemyError as error:
        return f"a database is away ({type(error).__name__})"
    return (
        f"{followed} of {written} events followed, {parked} records parked, {waiting} facts not told; "
        f"messages: {messages or 'none'}"
    )


def _last(kind: str, born: Born) -> str:
    words = born.log.read_text(errors="replace").splitlines()[-1:]
    return f"{kind} has ended with {born.process.exitcode}: {''.join(words)[:400]}"
