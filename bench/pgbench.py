"""pgbench, which comes with PostgreSQL: many connections at hardly any cost of their own."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Mapping
from itertools import count
from pathlib import Path

from sqlalchemy import make_url

from infra.local.postgres import programs
from infra.local.trouble import LocalError

TURNS = count(1)
BRIEF = 3
"""How often each connection runs the script, where no time is given."""


def runs(url: str, script: str, *, connections: int, seconds: int, variables: Mapping[str, int]) -> float:
    """How often a second the script was run to its end. `seconds` of 0 is as brief as can be.

    The script may use :turn, another number at each run. Raises LocalError.
    """
    server = make_url(url)
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(script)
        file.flush()
        long = ["--time", str(seconds)] if seconds else ["--transactions", str(BRIEF)]
        given = {**variables, "turn": next(TURNS)}
        command = [
            str(programs() / "pgbench"), "--no-vacuum", "--protocol=prepared", *long,
            "--client", str(connections), "--jobs", str(min(connections, os.cpu_count() or 1)),
            "--file", file.name, *(f"--define={name}={value}" for name, value in given.items()),
            "--host", str(server.host), "--port", str(server.port), "--username", str(server.username),
            str(server.database),
        ]  # fmt: skip
        environment = {"PATH": os.defpath, "PGPASSWORD": str(server.password)}
        done = subprocess.run(  # noqa: S603  PostgreSQL's own program
            command, env=environment, capture_output=True, text=True, check=False, cwd=Path("/")
        )
    said = re.search(r"^tps = ([\d.]+)", done.stdout, re.M)
    failed = re.search(r"^number of failed transactions: (\d+)", done.stdout, re.M)
    if done.returncode or not said or (failed and failed[1] != "0"):
        lines = (done.stderr or done.stdout).splitlines()
        why = next((line for line in lines if "ERROR" in line or "error:" in line), done.returncode)
        raise LocalError(f"pgbench failed: {why}")
    return float(said[1])
