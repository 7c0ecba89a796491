"""One process that lives no longer than we do."""

import os
import signal
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from infra.local import kernel


@dataclass(frozen=True)
class Child:
    """A running process, and how it is asked to stop."""

    name: str
    process: subprocess.Popen[bytes]
    stop_signal: signal.Signals
    log: Path

    def stop(self, patience: float = 10.0, *, ask: bool = True) -> None:
        """Ask it to stop, wait up to `patience` seconds, then end its whole group."""
        if ask:
            self.ask_to_stop()
        try:
            self.process.wait(patience)
        except subprocess.TimeoutExpired:
            pass
        finally:
            self._end_group()
            self.process.wait()

    def ask_to_stop(self) -> None:
        """Send the stop signal, if it still runs; return at once."""
        if self.process.poll() is None:
            self.process.send_signal(self.stop_signal)

    def last_words(self, lines: int = 1) -> str:
        """The last lines of its log, for the person who asks why it died."""
        try:
            text = self.log.read_text(errors="replace").strip()
        except OSError:
            return ""
        return "\n".join(text.splitlines()[-lines:])

    def _end_group(self) -> None:
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            return


def start(
    name: str,
    argv: Sequence[str | Path],
    *,
    env: Mapping[str, str],
    log: Path,
    stop_signal: signal.Signals = signal.SIGTERM,
    become: Callable[[], None] | None = None,
    cwd: Path | None = None,
    stdin: bytes = b"",
) -> Child:
    """Start a program in a process group of its own, tied to our death, its output appended to `log`.

    Only from the main thread: the kernel ties the child to the life of the thread that started it.
    """
    if threading.current_thread() is not threading.main_thread():
        raise RuntimeError(f"{name} must be started from the main thread, whose life it shares")
    parent = os.getpid()

    def prepare() -> None:
        if become is not None:
            become()
        kernel.die_with(parent, stop_signal)

    with log.open("ab") as output:
        process = subprocess.Popen(  # noqa: S603 (our own programs; one thread at this point)
            [str(part) for part in argv],
            stdin=subprocess.PIPE if stdin else subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=dict(env),
            cwd=cwd,
            preexec_fn=prepare,  # noqa: PLW1509 (it takes no lock)
            process_group=0,
        )
    if process.stdin is not None:
        process.stdin.write(stdin)
        process.stdin.close()
    return Child(name, process, stop_signal, log)
