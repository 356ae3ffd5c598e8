"""A folder with a Debian system, booted with its own systemd: processes, mounts and network of its own.

What is done besides booting, because the folder is no machine: packages that a minimal debootstrap lacks and
every installed Debian has (``BASICS``), and for commands that fetch packages the network of the host
(``network=True``); everything else sees a loopback interface only. The clock, the kernel's modules and its
settings are out of reach.
"""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

BASICS = ("systemd", "systemd-sysv", "dbus", "iproute2")
ENVIRONMENT = {
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "HOME": "/root",
    "LANG": "C.UTF-8",
    "TERM": "dumb",
    "DEBIAN_FRONTEND": "noninteractive",
}
BOOT = """
mount --make-rprivate /
mount --bind "$1" "$1"
mount -t proc proc "$1/proc"
mount --bind "$1/proc/sys" "$1/proc/sys"
mount -o remount,bind,ro "$1/proc/sys"
mount -t sysfs -o ro sysfs "$1/sys"
mount -t cgroup2 cgroup2 "$1/sys/fs/cgroup"
mount -t tmpfs -o mode=755 tmpfs "$1/dev"
for name in null zero full random urandom tty; do touch "$1/dev/$name"; mount --bind "/dev/$name" "$1/dev/$name"; done
mkdir "$1/dev/pts" "$1/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts "$1/dev/pts"
mount -t tmpfs -o mode=1777 tmpfs "$1/dev/shm"
ln -s pts/ptmx "$1/dev/ptmx"
ln -s /proc/self/fd "$1/dev/fd"
for number in 0:stdin 1:stdout 2:stderr; do ln -s "/proc/self/fd/${number%%:*}" "$1/dev/${number##*:}"; done
mount -t tmpfs -o mode=755 tmpfs "$1/run"
mount -t tmpfs -o mode=1777 tmpfs "$1/tmp"
cd "$1"
pivot_root . mnt
umount -l /mnt
exec setpriv --bounding-set -sys_time,-sys_module,-sys_rawio,-syslog \
  env -i container=chroot PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd --system --show-status=0
"""
NAMESPACES = ("--mount", "--pid", "--uts", "--ipc")
NEW_NETWORK = 0x40000000
STARTED = 60.0  # seconds


class Machine:
    """Boots ``root``; ``close`` ends every process in it."""

    def __init__(self, root: Path, *, offline: bool = False) -> None:
        """Without a network (``offline``) no command gets the host's."""
        self.root, self.offline = root.resolve(), offline
        self.group = _cgroup_place() / f"portal-rehearsal-{os.getpid()}"
        self.host_network = os.open("/proc/self/ns/net", os.O_RDONLY)

    def prepare(self) -> None:
        """Add what every installed Debian has; nothing is started."""
        script = f"apt-get -qq update && apt-get -qq install -y --no-install-recommends {' '.join(BASICS)}"
        subprocess.run(
            ["chroot", self.root, "sh", "-ec", script], env=ENVIRONMENT, check=True, capture_output=True
        )

    def boot(self) -> None:
        """Start systemd and wait until it is up."""
        self.group.mkdir()
        command = ["unshare", "--net", *NAMESPACES, "--cgroup", "--fork", "--kill-child"]
        self.outer = subprocess.Popen(
            [*command, "sh", "-ec", BOOT, "sh", str(self.root)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            preexec_fn=lambda: (self.group / "cgroup.procs").write_text("0"),
        )
        deadline = time.monotonic() + STARTED
        while self.sh("systemctl is-system-running", check=False).strip() not in ("running", "degraded"):
            assert time.monotonic() < deadline, "systemd did not come up"
            time.sleep(0.3)
        self.network = os.open(f"/proc/{self.first()}/ns/net", os.O_RDONLY)

    def first(self) -> str:
        """The first process inside, as the host counts; empty before there is one."""
        with suppress(OSError, IndexError):
            children = Path(f"/proc/{self.outer.pid}/task/{self.outer.pid}/children").read_text()
            return children.split()[0]
        return ""

    def sh(self, script: str, *, network: bool = False, check: bool = True, give: str = "") -> str:
        """Run commands one after the other until one fails; what they print."""
        where = ["nsenter", "--target", self.first(), *NAMESPACES, "--cgroup"]
        if not network or self.offline:
            where.append("--net")
        done = subprocess.run(
            [*where, "env", "-i", *(f"{k}={v}" for k, v in ENVIRONMENT.items()), "sh", "-ec", script],
            input=give,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if check and done.returncode:
            raise SystemExit(f"exit {done.returncode} of\n{script}\n{done.stdout[-4000:]}")
        return done.stdout

    def connect(self, port: int) -> socket.socket:
        """A connection to a port inside."""
        with self._inside():
            return socket.create_connection(("127.0.0.1", port), timeout=60)

    @contextmanager
    def _inside(self) -> Iterator[None]:
        """Sockets made here belong to the machine's network."""
        libc = ctypes.CDLL(None, use_errno=True)
        assert libc.setns(self.network, NEW_NETWORK) == 0, os.strerror(ctypes.get_errno())
        try:
            yield
        finally:
            assert libc.setns(self.host_network, NEW_NETWORK) == 0

    def path(self, inside: str) -> Path:
        """Where a file of the machine is for the host."""
        return self.root / inside.lstrip("/")

    def close(self) -> None:
        """End everything inside at once."""
        with suppress(ProcessLookupError, ValueError):
            os.kill(int(self.first()), signal.SIGKILL)
        self.outer.wait(30)
        for folder in sorted(self.group.rglob("*"), reverse=True):
            if folder.is_dir():
                _removed(folder)
        _removed(self.group)


def _removed(group: Path) -> None:
    """Remove a control group as soon as its last process is gone."""
    for _ in range(50):
        try:
            group.rmdir()
            return
        except OSError:
            time.sleep(0.1)


def _cgroup_place() -> Path:
    """Where the host keeps its control groups (version 2)."""
    mounts = [line.split() for line in Path("/proc/self/mounts").read_text().splitlines()]
    return next(Path(words[1]) for words in mounts if words[2] == "cgroup2")
