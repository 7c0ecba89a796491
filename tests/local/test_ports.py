"""Ports: what is free, and what another start beside this one has chosen already."""

import random
import subprocess
import sys

import pytest

from infra.local.ports import HIGHEST, LOWEST, free_port


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has such names")
def test_two_starts_at_once_choose_different_ports() -> None:
    port = free_port()
    asked = f"from infra.local.ports import free_port; print(free_port({port}))"
    other = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert int(other.stdout) != port
    assert free_port(port) == port


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has such names")
def test_no_port_is_chosen_twice_though_nobody_listens_there_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    first = free_port()
    drawn = iter([first, *range(LOWEST, HIGHEST)])
    monkeypatch.setattr(random, "randint", lambda *_: next(drawn))
    assert free_port() != first
