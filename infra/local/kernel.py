"""The Linux calls that Python does not offer: death signals, user namespaces, kept capabilities."""

import ctypes
import os
import sys
from pathlib import Path

LINUX = sys.platform == "linux"
_libc = ctypes.CDLL(None, use_errno=True)

PR_SET_PDEATHSIG, PR_SET_KEEPCAPS = 1, 8
PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 47, 2
CLONE_NEWUSER = 0x10000000
CAP_DAC_OVERRIDE = 1
CAPABILITY_VERSION_3 = 0x20080522


def die_with(parent: int, signal_number: int) -> None:
    """Have the kernel send this process the signal when the parent dies; elsewhere than on Linux, nothing.

    Set after any change of user, which clears it. A parent that died before the call is noticed.
    """
    if not LINUX:
        return
    _checked(_libc.prctl(PR_SET_PDEATHSIG, signal_number, 0, 0, 0))
    if os.getppid() != parent:
        os._exit(1)


def enter_user_namespace(uid: int) -> None:
    """Call ourselves `uid` from now on, while the files of who we were stay ours."""
    was_uid, was_gid = os.geteuid(), os.getegid()
    _checked(_libc.unshare(CLONE_NEWUSER))
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{uid} {was_uid} 1")
    Path("/proc/self/gid_map").write_text(f"{uid} {was_gid} 1")


def become(uid: int, gid: int) -> None:
    """Be another user, with nothing of root left."""
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)


def become_reaching_all_files(uid: int, gid: int) -> None:
    """Be another user who keeps, of all that root may, only the passage through closed folders."""
    _checked(_libc.prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0))
    become(uid, gid)
    mask = 1 << CAP_DAC_OVERRIDE
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    sets = (ctypes.c_uint32 * 6)(mask, mask, mask, 0, 0, 0)
    _checked(_libc.capset(header, sets))
    _checked(_libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_OVERRIDE, 0, 0))


def _checked(result: int) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
