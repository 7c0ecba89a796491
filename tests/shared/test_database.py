"""How a database is reached, by the first of many threads and by the last."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

import pytest
from sqlalchemy import text

from shared.database import engine

THREADS = 8
P = ParamSpec("P")
R = TypeVar("R")


def test_threads_that_come_first_all_at_once_are_all_served(
    cluster: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = engine(cluster, pool_size=THREADS)
    monkeypatch.setattr(threading, "Lock", _slowly(threading.Lock, 0.02))  # each may find that there is none
    monkeypatch.setattr(ours.dialect, "initialize", _slowly(ours.dialect.initialize, 0.2))
    together = threading.Barrier(THREADS)

    def asked(_: int) -> object:
        together.wait()
        with ours.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            return connection.scalar(text("SELECT 1"))

    with ThreadPoolExecutor(THREADS) as threads:
        assert list(threads.map(asked, range(THREADS))) == [1] * THREADS
    ours.dispose()


def _slowly(once: Callable[P, R], seconds: float) -> Callable[P, R]:
    def slowly(*args: P.args, **kwargs: P.kwargs) -> R:
        time.sleep(seconds)
        return once(*args, **kwargs)

    return slowly
