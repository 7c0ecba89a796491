"""A worker's own figures: what came of each send, how long it took, what the provider had against it."""

from dataclasses import replace
from threading import Event, Thread

import pytest
import requests

from infra.local.ports import free_port
from infra.standin.script import Script
from services.reminders import bell
from services.reminders.parts import Parts
from services.reminders.readiness import unheard, unready
from services.reminders.sending.deliver import deliverer
from services.reminders.sending.watched import Watched
from services.reminders.sending.worker import work
from shared.probes import PortTaken, of_process, served
from shared.settings import Settings
from tests.reminders.house import NUMBER, wait_for
from tests.reminders.wired import Wired


def test_a_workers_page_counts_jobs_sends_and_troubles_and_names_nobody(wired: Wired) -> None:
    wired.provider.scripts.set(NUMBER, [Script("500")])
    wired.planned("sms", "email")
    parts, watched, port, stop = wired.house.parts, Watched(), free_port(), Event()
    deliver = deliverer(
        parts.engine, parts.vault, parts.channels(), {}, wired.house.clock, parts.links, watched
    )
    with served("127.0.0.1", port, watched.registry, lambda: None):
        thread = Thread(
            target=work,
            args=(wired.settings.require("broker_url"), deliver, stop),
            kwargs={"threads": 1, "middleware": [watched.jobs]},
        )
        thread.start()
        bell.ring(parts.broker, wired.house.rung)
        wait_for(lambda: "planned" not in [state for state, _ in wired.house.states()])
        stop.set()
        thread.join(20)
        page = requests.get(f"http://127.0.0.1:{port}/metrics", timeout=5).text
    for line in (
        'dramatiq_messages_total{actor_name="sms-bulk",queue_name="sms-bulk"} 1.0',
        'dramatiq_messages_inprogress{actor_name="email-bulk",queue_name="email-bulk"} 0.0',
        'dramatiq_message_duration_milliseconds_count{actor_name="sms-bulk",queue_name="sms-bulk"} 1.0',
        'cairn_sends_total{channel="email",state="delivered"} 1.0',
        'cairn_sends_total{channel="sms",state="unknown"} 1.0',
        'cairn_send_troubles_total{cause="provider_error",channel="sms",verdict="ambiguous"} 1.0',
        'cairn_send_seconds_count{channel="sms"} 1.0',
        "cairn_segments_total 1.0",
    ):
        assert line in page
    assert NUMBER not in page


def test_a_port_that_is_taken_is_said_so() -> None:
    port = free_port()
    with (
        served("127.0.0.1", port, of_process(), lambda: None),
        pytest.raises(PortTaken, match=str(port)),
        served("127.0.0.1", port, of_process(), lambda: None),
    ):
        pass


def test_a_process_says_that_it_lives_whether_it_can_work_and_where_it_does_not_answer() -> None:
    port, why = free_port(), [None, "The reminder database cannot be reached."]
    with served("127.0.0.1", port, of_process(), lambda: why[0]):

        def ask(path: str) -> tuple[int, str]:
            answer = requests.get(f"http://127.0.0.1:{port}{path}", timeout=5)
            return answer.status_code, answer.text

        assert ask("/healthz") == (200, '{"status":"alive"}')
        assert ask("/readyz") == (200, '{"status":"ready"}')
        assert "process_resident_memory_bytes" in ask("/metrics")[1]
        why.reverse()
        assert ask("/healthz")[0] == 200
        status, said = ask("/readyz")
        assert (status, "cannot be reached" in said) == (503, True)
        assert ask("/")[0] == 404


def test_a_worker_without_its_bell_or_its_ledger_says_so(settings: Settings) -> None:
    parts = Parts(settings)
    assert (unready(parts), unheard(parts)) == (None, None)
    deaf = Parts(replace(settings, broker_url="redis://127.0.0.1:9/0"))
    assert unready(deaf) is None
    assert "CAIRN_BROKER_URL" in str(unheard(deaf))
    lost = Parts(replace(settings, reminders_database_url="postgresql+psycopg://a:b@127.0.0.1:9/c"))
    assert "cannot be reached" in str(unheard(lost))
    for made in (parts, deaf, lost):
        made.close()
