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
        "link": 86, "unlink": 87, "symlink": 88, "chmod": 90, "fchmod": 91, "chown": 92, "fchown": 93, "lchown": 94,
        "ptrace": 101, "rt_sigqueueinfo": 129, "mknod": 133, "mount": 165, "setxattr": 188, "lsetxattr": 189,
        "fsetxattr": 190, "tkill": 200, "mkdirat": 258, "mknodat": 259, "fchownat": 260, "unlinkat": 263,
        "renameat": 264, "linkat": 265, "symlinkat": 266, "fchmodat": 268, "unshare": 272, "utimensat": 280,
        "accept4": 288, "rt_tgsigqueueinfo": 297, "setns": 308, "process_vm_readv": 310, "process_vm_writev": 311,
        "renameat2": 316, "bpf": 321, "execveat": 322, "userfaultfd": 323, "pidfd_send_signal": 424,
        "io_uring_setup": 425, "openat2": 437, "pidfd_getfd": 438,
    },
    "aarch64": {
        "setxattr": 5, "lsetxattr": 6, "fsetxattr": 7, "mknodat": 33, "mkdirat": 34, "unlinkat": 35, "symlinkat": 36,
        "linkat": 37, "renameat": 38, "mount": 40, "truncate": 45, "fchmod": 52, "fchmodat": 53, "fchownat": 54,
        "fchown": 55, "utimensat": 88, "unshare": 97, "ptrace": 117, "kill": 129, "tkill": 130, "rt_sigqueueinfo": 138,
        "socket": 198, "socketpair": 199, "bind": 200, "listen": 201, "accept": 202, "connect": 203, "sendto": 206,
        "execve": 221, "rt_tgsigqueueinfo": 240, "accept4": 242, "setns": 268, "process_vm_readv": 270,
        "process_vm_writev": 271, "renameat2": 276, "bpf": 280, "execveat": 281, "userfaultfd": 282,
        "pidfd_send_signal": 424, "io_uring_setup": 425, "openat2": 437, "pidfd_getfd": 438,
    },
}  # fmt: skip
_OPENAT = {"x86_64": 257, "aarch64": 56}
_OPEN = {"x86_64": 2}
_CLONE, _CLONE3 = {"x86_64": 56, "aarch64": 220}, 435
_THREAD = 0x10000
_X32 = 0x40000000
"""Added to the numbers of another set of calls that x86-64 kernels may offer: no library uses it."""
_LOAD, _EQUAL, _AT_LEAST, _ANY, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050000 | errno.EPERM, 0x80000000
_UNKNOWN = 0x00050000 | errno.ENOSYS
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
    """Return the filter: foreign architecture dies, forbidden calls, processes and opening for writing get EPERM.

    clone3 hides what it is asked in memory: it is said not to exist, and the C library makes its threads with clone.
    """
    writing = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
    steps = [(_LOAD, 0, 0, 4), (_EQUAL, 1, 0, _ARCH[machine]), (_RETURN, 0, 0, _KILL), (_LOAD, 0, 0, 0)]
    for number in sorted(_FORBIDDEN[machine].values()):
        steps += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, _REFUSE)]
    steps += [(_AT_LEAST, 0, 1, _X32), (_RETURN, 0, 0, _KILL)]
    steps += [(_EQUAL, 0, 1, _CLONE3), (_RETURN, 0, 0, _UNKNOWN)]
    steps += [
        (_EQUAL, 0, 4, _CLONE[machine]),
        (_LOAD, 0, 0, 16),
        (_ANY, 0, 1, _THREAD),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
    ]
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
