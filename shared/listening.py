"""Whether a server can listen where it is told to, known before it starts."""

import socket
from contextlib import closing

from shared.settings import SettingsError


def must_be_free(host: str, port: int, variable: str) -> None:
    """Raises SettingsError, naming the variable of the port, where nothing can listen at this address."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with closing(socket.socket(family, socket.SOCK_STREAM)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), port))
        except OSError as error:
            why = error.strerror or "no such address"
            raise SettingsError(f"{variable}: nothing can listen on {host}:{port} ({why})") from None
