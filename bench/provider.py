"""`python -m bench.provider PORT`: the stand-in for Twilio, with a finer clock than the provider shows."""

from __future__ import annotations

import os
import signal
import sys
import time

from flask import Flask, Response, jsonify, request

from infra.standin.provider import Provider
from infra.standin.serving import make


def main(port: int) -> None:
    """Serves until SIGTERM; `/bench/called` tells when it was first called for each number, in seconds."""
    called: dict[str, float] = {}
    server = make(
        Provider(account=os.environ["TWILIO_ACCOUNT_SID"], token=os.environ["TWILIO_AUTH_TOKEN"]), port
    )
    app = server.app
    assert isinstance(app, Flask)

    @app.before_request
    def note() -> None:
        if request.method == "POST" and (to := request.form.get("To")):
            called.setdefault(to, time.time())

    @app.get("/bench/called")
    def told() -> Response:
        return jsonify(called)

    signal.signal(signal.SIGTERM, lambda _signal, _frame: sys.exit(0))
    server.serve_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]))
