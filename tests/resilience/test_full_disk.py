"""Disks that are full: a sentence, nothing half-written, and work goes on when there is space again.

Goal C-10: files on a tmpfs of 16 MB, PostgreSQL on one of 300 MB, its audit trail on one of its own.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.views.errors import FULL, SENTENCES
from tests import services
from tests.resilience import clients, ledger
from tests.resilience.site import START, Answer, Browser, Server, Site, durable
from tests.resilience.storm import command
from tests.resilience.test_posts import MEETING, SIZE, content, stored

pytestmark = [pytest.mark.resilience, pytest.mark.timeout(300)]
FILES_MB, DATABASE_MB, AUDIT_MB = 16, 300, 4
PRESSES = 400  # at most, until the disk is full
BACK = 30.0  # seconds to use after there is space again
MEETINGS = "SELECT count(*) FROM meetings_meeting"
TOLD = "SELECT count(DISTINCT subject) FROM core_auditentry WHERE verb = '新建会议记录'"

SIGN_INS = "SELECT count(*) FROM core_auditentry WHERE verb = '登录'"


@contextmanager
def tmpfs(place: Path, megabytes: int, options: str = "mode=0755") -> Iterator[Path]:
    """A small disk at ``place``."""
    place.mkdir(parents=True, exist_ok=True)
    words = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,{options}", "tmpfs", str(place)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.fail(
            f"this test fills small disks and must be allowed to mount a tmpfs (as root): {done.stderr}"
        )
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


@contextmanager
def filled(disk: Path, left: int = 0) -> Iterator[None]:
    """The disk full but for ``left`` bytes."""
    ballast = disk / "ballast"
    try:
        with ballast.open("wb", buffering=0) as file:
            space = os.statvfs(disk)
            missing = space.f_bavail * space.f_frsize - left
            while missing > 0 and (written := _written(file.fileno(), min(missing, 1 << 20))):
                missing -= written
        yield
    finally:
        ballast.unlink()


def _written(handle: int, size: int) -> int:
    """How many bytes still found a place."""
    try:
        return os.write(handle, bytes(size))
    except OSError:
        return 0


class Small:
    """The portal on small disks."""

    def __init__(self, site: Site, postgres: Server, database: Path, audit: Path) -> None:
        self.site, self.postgres = site, postgres
        self.files = Path(site.variables["DATA_DIR"]) / "files"
        self.database, self.audit, self.url = database, audit, postgres.url
        self.user = Browser(site.root)
        assert self.user.sign_in("secretary").status == 302
        self.draft = site.run("-m", "tests.resilience.drafts", "1").strip()

    def attach(self, number: int) -> Answer:
        file = SimpleUploadedFile(f"图{number}.png", content(number), "image/png")
        return self.send(f"/meetings/{self.draft}/attach/", {"file": file})

    def log(self, number: int) -> Answer:
        return self.send("/meetings/new/", MEETING | {"agenda-0-title": f"第{number}项"})

    def sign_in(self, number: int) -> Answer:
        return Browser(self.site.root).sign_in("politics")

    def send(self, path: str, fields: dict[str, object]) -> Answer:
        (form,) = clients.forms(self.user, path, [fields], self.form_page)
        return self.user.send(form.path, form.body)

    form_page = "/accounts/password/"  # any form: its code for CSRF, which needs no space

    def until_refused(self, press: str, *words: str) -> int:
        """Press until the disk is full; how often it went well before. Refusals are one of the sentences."""
        for number in range(PRESSES):
            answer = getattr(self, press)(number)
            if answer.status not in (302, 303):
                assert (answer.status, answer.headers["Retry-After"]) == (503, "10"), answer.text
                assert any(sentence in answer.text for sentence in (FULL, *words)), answer.text
                assert "Traceback" not in answer.text
                return number
        raise AssertionError("the disk never became full")

    def in_step(self) -> None:
        """Each file has its row and each row its whole file; each record its entry in the audit trail."""
        there = {name: len(body) for name, body in stored(self.site).items() if name != "ballast"}
        assert there == dict(ledger.ask(self.url, "SELECT file, size FROM core_storedfile"))
        names = ledger.ask(self.url, "SELECT name, size FROM core_storedfile")
        assert {size for name, size in names if name.startswith("图")} <= {SIZE + 16}
        assert ledger.one(self.url, TOLD) == ledger.one(self.url, MEETINGS)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Small]:
    folder = tmp_path_factory.mktemp("small")
    with ExitStack() as stack:
        parent = stack.enter_context(services.folder("disk-"))
        disk = stack.enter_context(tmpfs(parent, DATABASE_MB))
        place, binaries = stack.enter_context(services.postgres_place(disk))
        owner = services.unprivileged().get("user", "root")
        audit = stack.enter_context(services.folder("audit-"))
        stack.enter_context(tmpfs(audit, AUDIT_MB))
        (audit / "table").mkdir()
        subprocess.run(["chown", owner, audit / "table"], check=True)
        stack.enter_context(tmpfs(folder / "data" / "files", FILES_MB))
        postgres = durable(place, binaries)
        stack.callback(postgres.stop)
        site = Site(postgres.url, stack.enter_context(services.redis_server()), folder)
        stack.callback(site.close)
        site.prepare()
        command(postgres.url, f"CREATE TABLESPACE audit LOCATION '{audit}/table'")
        command(postgres.url, "ALTER TABLE core_auditentry SET TABLESPACE audit")
        site.web()
        yield Small(site, postgres, disk, audit)


def test_no_space_for_files(small: Small) -> None:
    with filled(small.files, 5 * SIZE):
        assert 0 < small.until_refused("attach") < 10
        small.in_step()
        assert small.user.get("/meetings/").status == 200
        assert small.log(1).status == 303  # what needs no file goes on
    assert small.attach(100).status == 303
    small.in_step()


def test_what_the_audit_trail_cannot_tell_is_not_done(small: Small) -> None:
    with filled(small.audit):
        small.until_refused("log")
        small.in_step()
        assert small.attach(101).status == 503
        small.in_step()
        assert small.user.get("/meetings/").status == 200
        before = ledger.one(small.url, SIGN_INS)
        signed_in = small.until_refused("sign_in")  # a small entry: a few may find a place
        assert ledger.one(small.url, SIGN_INS) == before + signed_in
    assert small.log(2).status == 303
    assert small.attach(102).status == 303
    small.in_step()


def test_no_space_for_the_database(small: Small) -> None:
    before = ledger.one(small.url, MEETINGS)
    with filled(small.database):
        logged = small.until_refused("log", SENTENCES[503])
    if not small.postgres.runs():  # without space for its log it gives up; the system starts it again
        small.postgres.stop()
        small.postgres.start()
    Site.until(lambda: small.user.get("/meetings/").status == 200, BACK)
    assert ledger.one(small.url, MEETINGS) == before + logged
    small.in_step()
    assert small.log(3).status == 303
    assert small.attach(103).status == 303
    small.in_step()
    Site.until(lambda: '"database": {"ok": true' in small.user.get("/readyz").text, START)
