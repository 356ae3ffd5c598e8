"""The sections of the guide, one function each; by hand is done only what the text leaves to the operator."""

from __future__ import annotations

import io
import re
import subprocess
import tarfile
from pathlib import Path

from tests.deploy.guide import CHECKOUT, Guide
from tests.deploy.machine import Machine

ENVIRONMENT = "/etc/portal/portal.env"
HANDOVER = "/var/lib/portal/handover/keys"
CLEAN = "System check identified no issues"


class Operator:
    """Follows the guide on a machine; knows what init printed and where the keys were put away."""

    def __init__(self, machine: Machine, guide: Guide, bundle: Path | None) -> None:
        self.machine, self.guide, self.bundle = machine, guide, bundle
        self.passwords: dict[str, str] = {}
        self.keys = b""

    def packages(self) -> None:
        """1: from the network; the libraries that are in the bundle are left to it, as the text says."""
        for block in self.guide.blocks(1):
            self.machine.sh(re.sub(r" lib\S+", "", block) if self.bundle else block, network=True)

    def folders(self) -> None:
        """2."""
        self._all(2)

    def program(self, place: str = "/opt/portal-1") -> None:
        """3: code or bundle unpacked, then set up."""
        self.unpack(place)
        self._all(3, network=True)

    def database(self) -> None:
        """4: the memory written for 8 GB is cut down to what a rehearsal has, as the text asks."""
        create, tune = self.guide.blocks(4)
        self.machine.sh(create)
        settings = self.machine.path("/opt/portal-1/docs/deploy/postgresql.conf")
        settings.write_text(settings.read_text().replace("shared_buffers = 2GB", "shared_buffers = 256MB"))
        self.machine.sh(f"cd /opt/portal-1\n{tune}")

    def settings(self) -> None:
        """5: SECRET_KEY as printed, name and address of the own domain."""
        (block,) = self.guide.blocks(5)
        secret = self.machine.sh(f"cd /opt/portal-1\n{block}").strip().splitlines()[-1]
        self.change(r"^SECRET_KEY=$", f"SECRET_KEY={secret}")
        file = self.machine.path(ENVIRONMENT)
        file.write_text(self.guide.with_domain(file.read_text()))

    def first_start(self) -> None:
        """6: the last command must have nothing to say; the keys are taken away and deleted."""
        start, keys = self.guide.blocks(6)
        printed = self.machine.sh(start)
        assert CLEAN in printed.splitlines()[-1], printed
        assert not re.search(r"portal\.[EW]\d|security\.W", printed), printed
        self.passwords = dict(re.findall(r"^  (\w+)\t.*\t(\S+)$", printed, re.M))
        assert self.passwords.keys() == {"sysadmin", "secadmin", "auditadmin", "director"}
        self.machine.sh(keys)
        place = self.machine.path(HANDOVER)
        assert place.stat().st_mode & 0o777 == 0o600
        self.keys = place.read_bytes()
        assert self.keys.startswith(b"sm4p$")
        place.unlink()

    def services(self) -> str:
        """7: what the two questions at the end answered."""
        (block,) = self.guide.blocks(7)
        return self.machine.sh(f"cd /opt/portal\n{block}")

    def front(self) -> None:
        """8: certificate, nginx (which must answer 200), logs, firewall."""
        certificate, nginx, logs, firewall = self.guide.blocks(8)
        self.machine.sh(certificate)
        site = self.machine.path("/opt/portal-1/docs/deploy/nginx.conf")
        site.write_text(self.guide.with_domain(site.read_text()))
        printed = self.machine.sh(f"cd /opt/portal\n{nginx}")
        assert printed.splitlines()[-1] == "200", printed
        self.machine.sh(f"cd /opt/portal\n{logs}\n{firewall}")

    def backup_and_drill(self) -> str:
        """9, first part."""
        return self.machine.sh(self.guide.blocks(9)[0])

    def restore(self) -> str:
        """9, second part: the newest backup and the keys brought back, into a new place, then switched over."""
        _, restore, switch = self.guide.blocks(9)
        place = self.machine.path(HANDOVER)
        place.write_bytes(self.keys)
        self.machine.sh(f"chown portal: {HANDOVER}; chmod 0600 {HANDOVER}")
        newest = self.machine.sh("ls /var/backups/portal/portal-*.tar | tail -1").strip()
        restore = re.sub(r"/var/backups/portal/portal-[\d-]+\.tar", newest, restore)
        (passphrase,) = re.findall(r"^(BACKUP_PASSPHRASE=\S+) ", self.guide.blocks(6)[1], re.M)
        restore = restore.replace("portal-manage restore", f"{passphrase} portal-manage restore")
        printed = self.machine.sh(restore)
        place.unlink()
        self.change(r"^(DATABASE_URL=.*)/portal$", r"\1/portal_new")
        self.change(r"^DATA_DIR=.*$", "DATA_DIR=/var/lib/portal/restored")
        checked = self.machine.sh(switch)
        assert CLEAN in checked, checked
        return printed

    def upgrade(self) -> str:
        """10: the same code once more, in a place of its own."""
        self.unpack("/opt/portal-2")
        site = self.machine.path("/opt/portal-2/docs/deploy/nginx.conf")
        site.write_text(self.guide.with_domain(site.read_text()))
        (block,) = self.guide.blocks(10)
        fetch, rest = block.split("./run setup\n")
        self.machine.sh(f"{fetch}./run setup", network=True)
        return self.machine.sh(f"cd /opt/portal-2\n{rest}")

    def change(self, line: str, new: str) -> None:
        """Edit one line of the environment file."""
        file = self.machine.path(ENVIRONMENT)
        text, times = re.subn(line, new, file.read_text(), flags=re.M)
        assert times == 1, line
        file.write_text(text)

    def unpack(self, place: str) -> None:
        """The code as committed, or the bundle, whose digests are compared as the text says."""
        target = self.machine.path(place)
        target.mkdir(parents=True)
        if self.bundle is None:
            packed = subprocess.run(["git", "archive", "HEAD"], cwd=CHECKOUT, check=True, capture_output=True)
            with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as archive:
                archive.extractall(target, filter="data")
            return
        command = [
            "tar",
            "-xf",
            str(self.bundle),
            "-C",
            str(target),
            "--strip-components=1",
            "--no-same-owner",
        ]
        subprocess.run(command, check=True)
        self.machine.sh(f"cd {place} && sha256sum --quiet -c SHA256SUMS")

    def _all(self, section: int, *, network: bool = False) -> None:
        for block in self.guide.blocks(section):
            self.machine.sh(block, network=network)
