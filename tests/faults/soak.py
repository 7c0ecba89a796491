"""`make soak`: the storm in its full size, on servers of its own, with progress and a closing table."""

from __future__ import annotations

import secrets
import shutil
import sys
import tempfile
import time
from pathlib import Path

import click

from tests.faults import nursery
from tests.faults.mortal import servers
from tests.faults.reckoning import Reckoning
from tests.faults.storm import Size, Storm
from tests.faults.town import town


@click.command()
@click.option("--clients", default=2_500, show_default=True, help="Each makes 7 facts and 4 messages.")
@click.option("--kills", default=200, show_default=True, help="Of processes, one in ten of a server.")
@click.option("--seed", type=int, help="Of an earlier storm, to make its choices again.")
def main(clients: int, kills: int, seed: int | None) -> None:
    """Kill every kind of process while a crowd does its things, and count; exit 1 if anything is wrong."""
    nursery.prepare()
    seed = secrets.randbelow(1_000_000) if seed is None else seed
    click.echo(f"Seed {seed}: {clients} clients, {kills} kills; some minutes.")
    folder = Path(tempfile.mkdtemp(prefix="cairn-soak-"))
    folder.chmod(0o711)
    began = time.monotonic()

    def say(what: str) -> None:
        click.echo(f"{time.monotonic() - began:7.0f} s  {what}")

    with servers(folder) as there, town(there.ground, folder) as it:
        storm = Storm(
            it, there, Size(clients, texts=3, kills=kills, servers=kills // 10, hands=12), seed, say
        )
        found = storm.run()
        codes = [it.run("goals", "verify"), it.run("goals", "rebuild", "--check")]
    _show(storm, found, codes)
    if found.lost or found.twice or found.unsettled or storm.fallen or any(codes):
        click.echo(f"What the processes said is in {folder}.")
        sys.exit(1)
    shutil.rmtree(folder, ignore_errors=True)


def _show(storm: Storm, found: Reckoning, codes: list[int | None]) -> None:
    rows = {
        "killed": f"{storm.killed:,} ({storm.struck:,} where it hurts)",
        "ended by themselves": ", ".join(f"{n:,} {kind}" for kind, n in storm.fallen.items()) or "none",
        "facts accepted": f"{found.accepted:,}",
        "in the log": f"{found.in_the_log:,}",
        "messages": ", ".join(f"{count:,} {state}" for state, count in sorted(found.states.items())),
        "sent, by the ledger": f"{found.said + found.failed_there:,}",
        "by the provider's count": f"{found.counted:,}",
        "twice": f"{len(found.twice):,}",
        "unknown": f"{found.unknown:,}",
        "not settled": f"{len(found.unsettled):,}",
        "lost": f"{len(found.lost):,}",
        "the log": "as it was written" if codes[0] == 0 else "not as it was written",
        "what is shown": "what the log adds up to" if codes[1] == 0 else "not what the log adds up to",
    }
    click.echo()
    for name, figure in rows.items():
        click.echo(f"  {name:<24} {figure}")
    if found.stands:
        click.echo(f"  {found.stands}")
    for wrong in [*found.lost, *found.twice, *found.unsettled][:20]:
        click.echo(f"  {wrong}")


if __name__ == "__main__":
    main()
