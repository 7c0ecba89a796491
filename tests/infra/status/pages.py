"""Pages of figures, written as processes show them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families

from infra.status.figures import Figures

WELL = """
# TYPE cairn_ledger_read gauge
cairn_ledger_read 1.0
# TYPE cairn_log_read gauge
cairn_log_read 1.0
# TYPE cairn_followers gauge
cairn_followers 2.0
# TYPE cairn_bell_reached gauge
cairn_bell_reached 1.0
# TYPE cairn_backlog gauge
cairn_backlog{queue="sms-now"} 0.0
cairn_backlog{queue="sms-bulk"} 1200.0
# TYPE cairn_due_lag_seconds gauge
cairn_due_lag_seconds{queue="sms-now"} 0.0
cairn_due_lag_seconds{queue="sms-bulk"} 42.0
# TYPE cairn_message_moves_total counter
cairn_message_moves_total{cause="",channel="sms",state="sent"} 31.0
cairn_message_moves_total{cause="quiet_hours",channel="sms",state="suppressed"} 1.0
cairn_message_moves_total{cause="cap",channel="email",state="suppressed"} 2.0
# TYPE cairn_planned_to_sent_seconds histogram
cairn_planned_to_sent_seconds_bucket{channel="sms",le="1.0",queue="bulk"} 50.0
cairn_planned_to_sent_seconds_bucket{channel="sms",le="5.0",queue="bulk"} 90.0
cairn_planned_to_sent_seconds_bucket{channel="sms",le="15.0",queue="bulk"} 100.0
cairn_planned_to_sent_seconds_bucket{channel="sms",le="+Inf",queue="bulk"} 100.0
"""
"""Nothing is wrong, and some of what may be shown is not."""


def page(text: str) -> list[Metric]:
    """A page, read."""
    return list(text_string_to_metric_families(text))


def figures(*texts: str) -> Figures:
    """What these pages say together."""
    return Figures([page(text) for text in texts])


@contextmanager
def showing(text: str, host: str = "127.0.0.1", port: int = 0) -> Iterator[str]:
    """The address of a process that shows this page."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/metrics" else 404)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with ThreadingHTTPServer((host, port), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield f"http://{host}:{server.server_port}"
        server.shutdown()
        thread.join()
