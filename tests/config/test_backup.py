"""Backup → everything destroyed → restore → equal, on both databases; a damaged backup is refused by name."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import pytest

from config.backup import BackupError, archive, keys, restoring
from core import crypto
from tests import services
from tests.resilience.site import Site

pytestmark = pytest.mark.timeout(300)
FILL = """
import django; django.setup()
from datetime import date
from tests import corps
from tests.members.workbooks import id_number
from datetime import timedelta
from accounts.actions import create_person
from accounts.models import SecondFactor, User
from accounts.queries import secret_place
from core import clock, crypto
from core.actor import system
from core.files import keep
made = corps.build()
for month in (3, 4):
    corps.hold(made, "committee_meeting", date(2025, month, 10))
create_person(system("测试"), name="王试", id_number=id_number(9), phone="13900000001")
oldest = User.objects.order_by("pk").first()
factor = SecondFactor(user=oldest, confirmed_at=clock.now(), last_step=2**40)
factor.secret = crypto.encrypt("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", secret_place(factor.uuid))
factor.save()
long_ago = clock.now() - timedelta(days=400)
User.objects.filter(pk=oldest.pk).update(password_changed_at=long_ago, last_login=long_ago)
from core.tasks import seal_audit
seal_audit()
keep("附件".encode(), name="照片.txt", content_type="text/plain", organization=made.alpha, user=None)
"""


@dataclass
class Kept:
    """What is left after the fire: the backup and, elsewhere, the keys."""

    vendor: str
    archive: Path
    keys: Path
    fresh: Callable[[Path], Site]

    def manifest(self) -> dict[str, Any]:
        return archive.read(self.archive, self.ring())

    def ring(self) -> crypto.KeyRing:
        return keys.ring_of(keys.text_of(self.keys))


def new_database(name: str) -> str:
    """An empty database on the server of the tests; its URL."""
    url = urlsplit(os.environ["DATABASE_URL"])
    with closing(psycopg2.connect(url.geturl())) as outside:
        outside.autocommit = True
        outside.cursor().execute(f"CREATE DATABASE {name} TEMPLATE template0")
    return urlunsplit(url._replace(path=f"/{name}"))


def drop_databases() -> None:
    """Those of this process: another one has its own on the same server."""
    with closing(psycopg2.connect(os.environ["DATABASE_URL"])) as outside:
        outside.autocommit = True
        cursor = outside.cursor()
        own = [f"backup%\\_{os.getpid()}"]
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", own)
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def run(site: Site, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", *words]
    return subprocess.run(command, env=site.variables, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def kept(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    """A portal with records, backed up and then destroyed."""
    patch = pytest.MonkeyPatch()
    patch.setenv("PG_BIN", str(services.postgres_binaries(tmp_path_factory.mktemp("binaries"))))
    count = iter(range(100))

    def fresh(folder: Path) -> Site:
        database = "" if request.param == "sqlite" else new_database(f"backup{next(count)}_{os.getpid()}")
        site = Site(database, "", folder)
        site.variables |= {"SECURE_TLS": "0"}
        return site

    try:
        folder, safe = tmp_path_factory.mktemp("portal"), tmp_path_factory.mktemp("safe")
        site = fresh(folder)
        site.manage("migrate", "-v0")
        site.run("-c", FILL)
        said = site.manage("backup", str(safe / "portal.tar"), "--keys", str(safe / "keys"))
        assert "未加口令" in said
        shutil.rmtree(folder)
        drop_databases()
        yield Kept(request.param, safe / "portal.tar", safe / "keys", fresh)
    finally:
        drop_databases()
        patch.undo()


def test_what_is_restored_is_what_was_put_away(kept: Kept, tmp_path: Path) -> None:
    site = kept.fresh(tmp_path)
    done = run(site, "restore", str(kept.archive), "--keys", str(kept.keys))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("通过  ") == 4
    assert "锚点完整（1 条链）" in done.stdout
    again = tmp_path / "again.tar"
    site.manage("backup", str(again))
    first, second = kept.manifest(), archive.read(again, kept.ring())
    assert first["tables"] == second["tables"]
    assert first["tables"]["meetings_meeting"]["rows"] == 2
    assert first["chains"] == second["chains"]
    files = [{n: p for n, p in m["parts"].items() if n != archive.DATABASE} for m in (first, second)]
    assert files[0] == files[1]
    assert len(files[0]) == 2
    assert (tmp_path / "data/anchors/anchors.jsonl").read_text().count("\n") == 1
    assert first["tables"]["core_auditseal"]["rows"] == 1
    assert (tmp_path / "data/keys/ring.json").stat().st_mode & 0o777 == 0o600


def test_a_database_in_use_is_never_overwritten(kept: Kept, tmp_path: Path) -> None:
    site = kept.fresh(tmp_path)
    site.manage("migrate", "-v0")
    done = run(site, "restore", str(kept.archive), "--keys", str(kept.keys))
    assert done.returncode == 1
    assert done.stderr.startswith("CommandError: 目标数据库不是空的")
    assert not (tmp_path / "data/files").exists()


def test_into_another_place(kept: Kept, tmp_path: Path) -> None:
    """Named in the command instead of the environment; the keys are there already."""
    site = kept.fresh(tmp_path)
    place, url = tmp_path / "elsewhere", site.variables.pop("DATABASE_URL")
    (place / "keys").mkdir(parents=True)
    shutil.copy(kept.keys, place / "keys/ring.json")
    done = run(site, "restore", str(kept.archive), "--into", str(place), "--database", url)
    assert (done.returncode, done.stderr) == (0, "")
    assert str(place) in done.stdout


@pytest.mark.resilience  # six processes a drill: half a minute
def test_the_drill_tells_what_it_tried(kept: Kept, tmp_path: Path) -> None:
    site = kept.fresh(tmp_path)
    site.variables["SECOND_FACTOR"] = "1"
    site.manage("restore", str(kept.archive), "--keys", str(kept.keys))
    said = site.manage("drill")  # the oldest user has a second factor and was long away
    assert said.count("通过  ") == 3
    assert "恢复演练通过" in said
    assert not list((tmp_path / "data").glob("drill-*"))
    (stored,) = (path for path in (tmp_path / "data/files").rglob("*") if path.is_file())
    stored.write_text("另一份附件")
    failed = run(site, "drill")
    assert failed.returncode == 1
    assert "文件“照片.txt”" in failed.stderr
    assert "恢复演练未通过：1 步不符" in failed.stderr
    (tmp_path / "data/keys/ring.json").unlink()
    assert "身份证号或电话解不开" in run(site, "drill").stderr


def test_without_keys_nothing_is_restored(kept: Kept, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="与备份分开保管的密钥文件"):
        restoring.restore(kept.archive, Path("/nowhere"))
    crypto._make(tmp_path / "other.json")
    with pytest.raises(BackupError, match="密钥不是这份备份的"):
        restoring.restore(kept.archive, tmp_path / "other.json")


@pytest.mark.parametrize("share", [0.01, 0.3, 0.6, 0.95])
def test_a_truncated_backup_is_refused(kept: Kept, tmp_path: Path, share: float) -> None:
    whole = kept.archive.read_bytes()
    cut = tmp_path / "cut.tar"
    cut.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(BackupError, match="备份文件不完整"):
        restoring.restore(cut, kept.keys)


def test_a_failure_half_way_leaves_the_place_empty(kept: Kept, tmp_path: Path) -> None:
    """A backup whose digests agree but whose dump is none: files were written already, and go again."""
    facts = {key: kept.manifest()[key] for key in ("vendor", "migrations", "tables", "made_at", "chains")}
    (tmp_path / "dump").write_text("no dump")
    (tmp_path / "files").mkdir()
    (tmp_path / "files/photo").write_text("photo")
    archive.write(tmp_path / "bad.tar", tmp_path / "dump", tmp_path / "files", facts, kept.ring())
    site = kept.fresh(tmp_path)
    for _ in range(2):  # the second time as the first: nothing was left
        done = run(site, "restore", str(tmp_path / "bad.tar"), "--keys", str(kept.keys))
        assert done.returncode == 1
        assert "备份中的数据库不能使用" in done.stderr or "pg_restore 没有完成" in done.stderr
        left = [path.name for path in (tmp_path / "data").rglob("*") if path.is_file()]
        assert "ring.json" not in left
        assert not {"photo", "portal.sqlite3"} & set(left)


def rebuilt(source: Path, target: Path, change: Callable[[str, bytes], tuple[str, bytes] | None]) -> Path:
    """The backup with each part as ``change`` makes it; None leaves it out."""
    with tarfile.open(source) as old, tarfile.open(target, "w") as new:
        for member in old:
            file = old.extractfile(member)
            assert file is not None
            part = change(member.name, file.read())
            if part:
                info = tarfile.TarInfo(part[0])
                info.size = len(part[1])
                new.addfile(info, io.BytesIO(part[1]))
    return target


def test_an_edited_backup_is_refused_by_name(kept: Kept, tmp_path: Path) -> None:
    (file,) = (name for name in kept.manifest()["parts"] if name.startswith(archive.FILES))

    def refused(words: str, change: Callable[[str, bytes], tuple[str, bytes] | None]) -> None:
        with pytest.raises(BackupError) as caught:
            restoring.restore(rebuilt(kept.archive, tmp_path / "edited.tar", change), kept.keys)
        assert words in str(caught.value)

    for part in (file, archive.DATABASE):
        refused(f"备份中的 {part} 被改动", lambda n, d, p=part: (n, d[:-1] + b"!" if n == p else d))
        refused(f"备份文件缺少 {part}", lambda n, d, p=part: None if n == p else (n, d))
    refused("缺少清单", lambda n, d: None if n == archive.MANIFEST else (n, d))
    refused("不认识的内容 ../x", lambda n, d: ("../x" if n == file else n, d))

    def forged(name: str, data: bytes) -> tuple[str, bytes]:
        if name != archive.MANIFEST:
            return name, data
        manifest = json.loads(data)
        manifest["tables"]["meetings_meeting"]["rows"] = 3
        return name, json.dumps(manifest).encode()

    refused("清单被改动", forged)
    more = rebuilt(kept.archive, tmp_path / "more.tar", lambda name, data: (name, data))
    with tarfile.open(more, "a") as tar:
        tar.addfile(tarfile.TarInfo("files/x"))
    with pytest.raises(BackupError, match="多出清单以外的 files/x"):
        restoring.restore(more, kept.keys)


def test_keys_under_a_passphrase(kept: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = keys.text_of(kept.keys)
    sealed = tmp_path / "sealed"
    sealed.write_text(crypto.seal(text, "一句很长的口令"))
    assert "encrypt" not in sealed.read_text()
    with pytest.raises(BackupError, match="BACKUP_PASSPHRASE"):
        keys.text_of(sealed)
    monkeypatch.setenv("BACKUP_PASSPHRASE", "另一句")
    with pytest.raises(BackupError, match="口令不对"):
        keys.text_of(sealed)
    monkeypatch.setenv("BACKUP_PASSPHRASE", "一句很长的口令")
    assert keys.text_of(sealed) == text


def test_a_folder_keeps_the_newest(kept: Kept, tmp_path: Path) -> None:
    site, folder = kept.fresh(tmp_path), tmp_path / "backups"
    folder.mkdir()
    site.manage("migrate", "-v0")
    for name in ("portal-20260101-000000.tar", "portal-20260102-000000.tar", "else.tar"):
        (folder / name).touch()
    site.variables["BACKUP_PASSPHRASE"] = "一句很长的口令"
    said = site.manage("backup", str(folder), "--keep", "2", "--keys", str(folder / "keys"))
    assert "受口令保护" in said
    left = sorted(path.name for path in folder.iterdir())
    assert left[:2] == ["else.tar", "keys"]
    assert left[2] == "portal-20260102-000000.tar"
    assert len(left) == 4
    assert (folder / left[3]).stat().st_mode & 0o777 == 0o600
    assert (folder / "keys").read_text().startswith(crypto.SEALED)
