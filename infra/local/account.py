"""As whom PostgreSQL runs: it refuses to run as root, and another user may not reach its files."""

import os
import pwd
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from infra.local import kernel
from infra.local.trouble import LocalError


@dataclass(frozen=True)
class Account:
    """A way to run a program: who owns its files, and what the child does before it starts."""

    uid: int
    gid: int
    become: Callable[[], None]


def account_for(program: Path, directory: Path) -> Account:
    """The first way in which `program` runs and reaches `directory`, which is then owned accordingly.

    Raises LocalError when root finds no way: every one was tried for real.
    """
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), _stay)
    for account in _ways_of_root():
        _own([directory], account)
        if _reaches(account, program, directory):
            _own(_tree(directory), account)
            return account
    raise LocalError(
        f"PostgreSQL does not run as root, and the user nobody cannot reach {program} or {directory}: "
        "run as an ordinary user, or set CAIRN_HOME to a folder open to all."
    )


def _stay() -> None:
    """Be who we are."""


def _ways_of_root() -> Iterator[Account]:
    try:
        nobody = pwd.getpwnam("nobody")
        uid, gid = nobody.pw_uid, nobody.pw_gid
    except KeyError:
        uid = gid = 65_534
    yield Account(uid, gid, partial(kernel.become, uid, gid))
    if kernel.LINUX:
        yield Account(0, 0, partial(kernel.enter_user_namespace, 1000))
        # Where namespaces are forbidden, as in a plain container: nobody, let through closed folders.
        yield Account(uid, gid, partial(kernel.become_reaching_all_files, uid, gid))


def _reaches(account: Account, program: Path, directory: Path) -> bool:
    def prepare() -> None:
        account.become()
        os.close(os.open(program, os.O_RDONLY))
        os.scandir(directory).close()

    try:
        done = subprocess.run([program, "--version"], preexec_fn=prepare, capture_output=True, check=False)  # noqa: S603  our own programs
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0


def _tree(directory: Path) -> Iterator[Path]:
    yield directory
    for folder, folders, files in os.walk(directory):
        yield from (Path(folder, name) for name in folders + files)


def _own(paths: Iterator[Path] | list[Path], account: Account) -> None:
    for path in paths:
        try:
            owner = path.lstat()
            if (owner.st_uid, owner.st_gid) != (account.uid, account.gid):
                os.chown(path, account.uid, account.gid, follow_symlinks=False)
        except (FileNotFoundError, PermissionError):
            continue  # it went away, or this way is not open to us: the try that follows decides
