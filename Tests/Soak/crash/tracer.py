"""Runs a program under ptrace, and stops it and all of its children at one mutating system call.

A preload library would not see the program's own children, which get a scrubbed environment, nor calls that don't go
through the C library. A seccomp filter lets everything but the mutating calls run at full speed.
"""
import ctypes
import os
import platform
import signal
import struct

# name: number on x86_64, number on aarch64
CALLS = {
    "write": (1, 64), "pwrite64": (18, 68), "writev": (20, 66), "pwritev": (296, 70), "pwritev2": (328, 287),
    "sendfile": (40, 71), "copy_file_range": (326, 285), "fallocate": (285, 47), "truncate": (76, 45),
    "ftruncate": (77, 46), "open": (2, None), "creat": (85, None), "openat": (257, 56), "openat2": (437, 437),
    "rename": (82, None), "renameat": (264, 38), "renameat2": (316, 276), "link": (86, None), "linkat": (265, 37),
    "symlink": (88, None), "symlinkat": (266, 36), "unlink": (87, None), "unlinkat": (263, 35), "rmdir": (84, None),
    "mkdir": (83, None), "mkdirat": (258, 34), "mknod": (133, None), "mknodat": (259, 33), "chmod": (90, None),
    "fchmod": (91, 52), "fchmodat": (268, 53), "fchmodat2": (452, 452), "chown": (92, None), "fchown": (93, 55),
    "lchown": (94, None), "fchownat": (260, 54), "utimensat": (280, 88), "utimes": (235, None), "fsync": (74, 82),
    "fdatasync": (75, 83), "sync": (162, 81), "syncfs": (306, 267), "io_uring_setup": (425, 425),
}
# What a call names: a descriptor, a path, or a folder's descriptor and a path below it, by argument.
DESCRIPTOR = {
    "write": 0, "pwrite64": 0, "writev": 0, "pwritev": 0, "pwritev2": 0, "sendfile": 0, "copy_file_range": 2,
    "fallocate": 0, "ftruncate": 0, "fchmod": 0, "fchown": 0, "fsync": 0, "fdatasync": 0, "syncfs": 0,
}
PATH = {
    "truncate": 0, "open": 0, "creat": 0, "rename": 1, "link": 1, "symlink": 1, "unlink": 0, "rmdir": 0, "mkdir": 0,
    "mknod": 0, "chmod": 0, "chown": 0, "lchown": 0, "utimes": 0,
}
PATH_AT = {
    "openat": (0, 1), "openat2": (0, 1), "renameat": (2, 3), "renameat2": (2, 3), "linkat": (2, 3),
    "symlinkat": (1, 2), "unlinkat": (0, 1), "mkdirat": (0, 1), "mknodat": (0, 1), "fchmodat": (0, 1),
    "fchmodat2": (0, 1), "fchownat": (0, 1), "utimensat": (0, 1),
}
OPENING = {"open": 1, "openat": 2}
SYNCING = {"fsync", "fdatasync", "sync", "syncfs"}

MACHINE = 0 if platform.machine() == "x86_64" else 1
AUDIT_ARCH = (0xC000003E, 0xC00000B7)[MACHINE]
NUMBERS = {numbers[MACHINE]: name for name, numbers in CALLS.items() if numbers[MACHINE] is not None}

PTRACE_CONT, PTRACE_SEIZE, PTRACE_LISTEN, PTRACE_GET_SYSCALL_INFO = 7, 0x4206, 0x4208, 0x420E
# SYSGOOD is not needed; FORK, VFORK, CLONE, EXEC, SECCOMP, EXITKILL.
OPTIONS = 0x02 | 0x04 | 0x08 | 0x10 | 0x80 | 0x100000
EVENT_SECCOMP, EVENT_STOP = 7, 128
WALL = 0x40000000
AT_FDCWD = -100
TIME_LIMIT = 60

libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
libc.ptrace.restype = ctypes.c_long


class Call:
    """One mutating call that is about to happen below the traced folder."""

    def __init__(self, number, name, path, descriptor):
        self.number, self.name, self.path, self.descriptor = number, name, path, descriptor

    def __str__(self):
        return f"{self.name} {self.path}"


class Outcome:
    """`stopped` is the call before which everything was killed; `status` is the program's own end otherwise."""

    def __init__(self, calls, stopped, status):
        self.calls, self.stopped, self.status = calls, stopped, status


def _filter():
    """Classic BPF: traces the calls above (an open only where it may create or empty), allows all others."""
    load, equal, set_, ret = 0x20, 0x15, 0x45, 0x06
    trace, allow = 0x7FF00000, 0x7FFF0000
    program = [(load, 0, 0, 4), (equal, 1, 0, AUDIT_ARCH), (ret, 0, 0, allow), (load, 0, 0, 0)]
    for number, name in NUMBERS.items():
        if name in OPENING:
            flags = 16 + 8 * OPENING[name]
            program += [(equal, 0, 4, number), (load, 0, 0, flags), (set_, 0, 1, os.O_CREAT | os.O_TRUNC),
                        (ret, 0, 0, trace), (ret, 0, 0, allow)]
        else:
            program += [(equal, 0, 1, number), (ret, 0, 0, trace)]
    program.append((ret, 0, 0, allow))
    return b"".join(struct.pack("HBBI", *line) for line in program)


FILTER = _filter()


def _become(arguments, environment, directory, output, errors, gate):
    """In the child: waits until it is traced, installs the filter, and becomes the program."""
    try:
        os.read(gate, 1)
        os.close(gate)
        os.setsid()
        os.chdir(directory)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(output, 1)
        os.dup2(errors, 2)
        lines = ctypes.create_string_buffer(FILTER, len(FILTER))
        program = struct.pack("HxxxxxxP", len(FILTER) // 8, ctypes.addressof(lines))
        libc.prctl(38, 1, 0, 0, 0)  # PR_SET_NO_NEW_PRIVS
        if libc.prctl(22, 2, ctypes.c_char_p(program), 0, 0) != 0:  # PR_SET_SECCOMP, SECCOMP_MODE_FILTER
            os.write(2, b"the seccomp filter was refused\n")
            os._exit(126)
        os.execve(arguments[0], arguments, environment)
    finally:
        os._exit(127)


def run(arguments, environment, directory, output, errors, root, stop_at=None, before_sync=None):
    """Runs the program, counting mutating calls below `root`; kills everything before the call number `stop_at`.

    `before_sync` is told of each call that makes something durable and isn't stopped: (call, thread).
    """
    gate, opener = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(opener)
        _become(arguments, environment, directory, output, errors, gate)
    os.close(gate)
    if libc.ptrace(PTRACE_SEIZE, child, None, OPTIONS) != 0:
        os.kill(child, signal.SIGKILL)
        raise OSError(ctypes.get_errno(), "ptrace is not allowed here")
    os.write(opener, b"x")
    os.close(opener)
    trace = _Trace(child, root, stop_at, before_sync)
    signal.signal(signal.SIGALRM, _too_long)
    signal.alarm(TIME_LIMIT)
    try:
        return trace.follow()
    except TimeoutError:
        trace.end()
        raise
    finally:
        signal.alarm(0)


def _too_long(_number, _frame):
    raise TimeoutError(f"the traced program did not end within {TIME_LIMIT} s")


class _Trace:
    def __init__(self, child, root, stop_at, before_sync):
        self.child, self.root, self.stop_at, self.before_sync = child, root, stop_at, before_sync
        self.calls, self.threads = [], {child}
        self.stopped, self.status = None, None
        self.info = ctypes.create_string_buffer(128)

    def follow(self):
        while True:
            try:
                thread, status = os.waitpid(-1, WALL)
            except ChildProcessError:
                return Outcome(self.calls, self.stopped, self.status)
            if os.WIFSTOPPED(status):
                self.threads.add(thread)
                if self.stopped:
                    self._kill()  # what a fork was just making when the others were killed
                else:
                    self._go_on(thread, status)
            else:
                self.threads.discard(thread)
                if thread == self.child:
                    self.status = os.waitstatus_to_exitcode(status)

    def end(self):
        self._kill()
        self.stopped = self.stopped or self.calls[-1] if self.calls else True
        self.follow()

    def _go_on(self, thread, status):
        event, number = status >> 16, os.WSTOPSIG(status)
        if event == EVENT_SECCOMP:
            self._look(thread)
            if self.stopped:
                return
            number = 0
        elif event == EVENT_STOP:
            request = PTRACE_CONT if number == signal.SIGTRAP else PTRACE_LISTEN
            libc.ptrace(request, thread, None, None)
            return
        elif event:
            number = 0
        libc.ptrace(PTRACE_CONT, thread, None, number)

    def _look(self, thread):
        libc.ptrace(PTRACE_GET_SYSCALL_INFO, thread, ctypes.sizeof(self.info), ctypes.addressof(self.info))
        number, *arguments = struct.unpack_from("7Q", self.info, 24)
        name = NUMBERS[number]
        if name == "io_uring_setup":
            raise RuntimeError("the program uses io_uring, whose calls can't be seen here")
        path = _path(thread, name, arguments, self.root)
        if path is None or not (path == self.root or path.startswith(self.root + "/")):
            return
        if name in OPENING and not arguments[OPENING[name]] & os.O_TRUNC and os.path.lexists(path):
            return
        descriptor = _descriptor(arguments[DESCRIPTOR[name]]) if name in DESCRIPTOR else None
        call = Call(len(self.calls) + 1, name, os.path.relpath(path, self.root), descriptor)
        self.calls.append(call)
        if call.number == self.stop_at:
            self.stopped = call
            self._kill()
        elif name in SYNCING and self.before_sync:
            self.before_sync(call, thread)

    def _kill(self):
        for thread in list(self.threads):
            try:
                os.kill(thread, signal.SIGKILL)
            except ProcessLookupError:
                pass


def _descriptor(value):
    return ctypes.c_int(value & 0xFFFFFFFF).value


def _path(thread, name, arguments, root):
    """The absolute path that a call changes, its last component not followed; None where it has none."""
    if name == "sync":
        return root
    if name in DESCRIPTOR:
        return _link(f"/proc/{thread}/fd/{_descriptor(arguments[DESCRIPTOR[name]])}")
    if name in PATH:
        folder, text = AT_FDCWD, arguments[PATH[name]]
    else:
        first, second = PATH_AT[name]
        folder, text = _descriptor(arguments[first]), arguments[second]
    if text == 0:
        return _link(f"/proc/{thread}/fd/{folder}")
    text = _text(thread, text)
    base = _link(f"/proc/{thread}/cwd" if folder == AT_FDCWD else f"/proc/{thread}/fd/{folder}")
    if base is None:
        return None
    path = os.path.normpath(os.path.join(base, text)) if text else base
    return os.path.join(os.path.realpath(os.path.dirname(path)), os.path.basename(path))


def _link(path):
    try:
        return os.readlink(path)
    except OSError:
        return None


def _text(thread, address):
    """The string at an address of the traced program."""
    text = b""
    with open(f"/proc/{thread}/mem", "rb", 0) as memory:
        while b"\0" not in text:
            here = address + len(text)
            memory.seek(here)
            text += memory.read(4096 - here % 4096)
    return os.fsdecode(text[:text.index(b"\0")])
