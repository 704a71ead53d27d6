"""A cage for the processes that open other people's files: little memory, no network, no writing, no program started.

Linux on x86-64 and ARM64 gets resource limits and a seccomp filter; other systems of the POSIX family get the limits.
"""

import ctypes
import errno
import os
import platform
import struct
import sys

MEMOIRE = 1536 * 1024 * 1024
"""Bytes of address space: Tesseract with its French data needs about 700 MB of it, a big page 400 more."""
FICHIERS = 64

_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_FORBIDDEN = {
    "x86_64": {
        "socket": 41, "connect": 42, "accept": 43, "sendto": 44, "bind": 49, "listen": 50, "socketpair": 53, "fork": 57,
        "vfork": 58, "execve": 59, "kill": 62, "truncate": 76, "rename": 82, "mkdir": 83, "rmdir": 84, "creat": 85,
        "link": 86, "unlink": 87, "symlink": 88, "chmod": 90, "chown": 92, "ptrace": 101, "mount": 165, "tkill": 200,
        "mkdirat": 258, "mknodat": 259, "unlinkat": 263, "renameat": 264, "linkat": 265, "symlinkat": 266,
        "fchmodat": 268, "accept4": 288, "process_vm_writev": 311, "renameat2": 316, "bpf": 321, "execveat": 322,
        "userfaultfd": 323, "io_uring_setup": 425, "openat2": 437,
    },
    "aarch64": {
        "mknodat": 33, "mkdirat": 34, "unlinkat": 35, "symlinkat": 36, "linkat": 37, "renameat": 38, "mount": 40,
        "truncate": 45, "fchmodat": 53, "ptrace": 117, "kill": 129, "tkill": 130, "socket": 198, "socketpair": 199,
        "bind": 200, "listen": 201, "accept": 202, "connect": 203, "sendto": 206, "execve": 221, "accept4": 242,
        "process_vm_writev": 271, "renameat2": 276, "bpf": 280, "execveat": 281, "userfaultfd": 282,
        "io_uring_setup": 425, "openat2": 437,
    },
}  # fmt: skip
_OPENAT = {"x86_64": 257, "aarch64": 56}
_OPEN = {"x86_64": 2}
_LOAD, _EQUAL, _ANY, _RETURN = 0x20, 0x15, 0x45, 0x06
_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050000 | errno.EPERM, 0x80000000
_NO_NEW_PRIVS, _SET_SECCOMP, _FILTER_MODE = 38, 22, 2


def enter() -> bool:
    """Limit this process for good; tell whether the filter of system calls is on too."""
    if os.name != "posix":
        return False
    import resource

    for limit, value in (
        (resource.RLIMIT_AS, MEMOIRE),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, FICHIERS),
    ):
        if limit == resource.RLIMIT_AS and sys.platform == "darwin":
            continue  # macOS refuses it
        resource.setrlimit(limit, (value, value))
    machine = platform.machine()
    if not sys.platform.startswith("linux") or machine not in _ARCH:
        return False
    return _filter(machine)


def _filter(machine: str) -> bool:
    libc = ctypes.CDLL(None, use_errno=True)
    program = _program(machine)
    packed = b"".join(struct.pack("HBBI", *step) for step in program)
    steps = ctypes.create_string_buffer(packed)
    header = ctypes.create_string_buffer(struct.pack("HxxxxxxQ", len(program), ctypes.addressof(steps)))
    if libc.prctl(_NO_NEW_PRIVS, 1, 0, 0, 0):
        return False
    return not libc.prctl(_SET_SECCOMP, _FILTER_MODE, header)


def _program(machine: str) -> list[tuple[int, int, int, int]]:
    """Return the filter: foreign architecture dies, forbidden calls and opening for writing get EPERM."""
    writing = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
    steps = [(_LOAD, 0, 0, 4), (_EQUAL, 1, 0, _ARCH[machine]), (_RETURN, 0, 0, _KILL), (_LOAD, 0, 0, 0)]
    for number in sorted(_FORBIDDEN[machine].values()):
        steps += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, _REFUSE)]
    for table, offset in ((_OPENAT, 32), (_OPEN, 24)):
        if machine in table:
            steps += [
                (_EQUAL, 0, 4, table[machine]),
                (_LOAD, 0, 0, offset),
                (_ANY, 0, 1, writing),
                (_RETURN, 0, 0, _REFUSE),
                (_RETURN, 0, 0, _ALLOW),
            ]
    return [*steps, (_RETURN, 0, 0, _ALLOW)]
