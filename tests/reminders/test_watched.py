"""A worker's own figures: what came of each send, how long it took, what the provider had against it."""

from threading import Event, Thread

import pytest
import requests

from infra.local.ports import free_port
from infra.standin.script import Script
from services.reminders import bell
from services.reminders.deliver import deliverer
from services.reminders.watched import PortTaken, Watched
from services.reminders.worker import work
from tests.reminders.house import NUMBER, wait_for
from tests.reminders.wired import Wired


def test_a_workers_page_counts_jobs_sends_and_troubles_and_names_nobody(wired: Wired) -> None:
    wired.provider.scripts.set(NUMBER, [Script("500")])
    wired.planned("sms", "email")
    parts, watched, port, stop = wired.house.parts, Watched(), free_port(), Event()
    deliver = deliverer(
        parts.engine, parts.vault, parts.channels(), {}, wired.house.clock, parts.links, watched.sent
    )
    with watched.served("127.0.0.1", port):
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
    ):
        assert line in page
    assert NUMBER not in page


def test_a_port_that_is_taken_is_said_so() -> None:
    port = free_port()
    with (
        Watched().served("127.0.0.1", port),
        pytest.raises(PortTaken, match=str(port)),
        Watched().served("127.0.0.1", port),
    ):
        pass
