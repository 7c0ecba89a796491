"""Ports: what is free, and what another start beside this one has chosen already."""

import subprocess
import sys

import pytest

from infra.local.ports import free_port


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has such names")
def test_two_starts_at_once_choose_different_ports() -> None:
    port = free_port()
    asked = f"from infra.local.ports import free_port; print(free_port({port}))"
    other = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert int(other.stdout) != port
    assert free_port(port) == port
