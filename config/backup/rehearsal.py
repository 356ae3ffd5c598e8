"""The drill: a backup is restored into a throw-away place and used there as a user would."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.db import Error, connection

from config.backup import BackupError, keys, saving

Step = tuple[str, list[str]]
KIND = "SELECT pg_encoding_to_char(encoding), datcollate, datctype FROM pg_database WHERE datname = current_database()"
CODE = "import django; django.setup(); from config.backup import trial; trial.main()"


def rehearse() -> Iterator[Step]:
    """Each step and what went wrong with it; nothing of it stays."""
    with _folder() as folder:
        archive, key_file = folder / "portal.tar", folder / "keys"
        manifest = saving.save(archive)
        keys.write(key_file)
        parts, size = len(manifest["parts"]), archive.stat().st_size / 1e6
        yield f"备份已制作（{parts} 个部分，{size:.1f} MB）", []
        place = folder / "restored"
        place.mkdir()
        (place / "rehearsal").touch()
        with _database() as variables:
            variables["DJANGO_SETTINGS_MODULE"] = "config.settings"
            variables |= {"DATA_DIR": str(place), "REDIS_URL": "", "STATIC_MANIFEST": "0", "SECURE_TLS": "0"}
            yield _run("恢复并核对", variables, "manage.py", "restore", str(archive), "--keys", str(key_file))
            yield _run("用户登录并生成一份 PDF", variables, "-c", CODE)


def _run(title: str, variables: dict[str, str], *words: str) -> Step:
    """A process with the settings of the throw-away place; its output is the report of the step."""
    done = subprocess.run(
        [sys.executable, *words],
        cwd=settings.BASE_DIR,
        env=os.environ | variables,
        capture_output=True,
        text=True,
        check=False,
    )
    lines = [line for line in (done.stderr or done.stdout).strip().splitlines() if line]
    return title, lines[-10:] if done.returncode else []


@contextmanager
def _folder() -> Iterator[Path]:
    """A private folder beside the data, where there is room for a second copy."""
    folder = Path(tempfile.mkdtemp(dir=settings.DATA_DIR, prefix="drill-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _database() -> Iterator[dict[str, str]]:
    """The variable that names an empty throw-away database of the same kind."""
    if connection.vendor == "sqlite":
        yield {"DATABASE_URL": ""}
        return
    name = f"drill_{secrets.token_hex(6)}"
    quoted = connection.ops.quote_name(name)
    try:
        with connection.cursor() as cursor:
            cursor.execute(KIND)
            how = "TEMPLATE template0 ENCODING %s LC_COLLATE %s LC_CTYPE %s"
            cursor.execute(f"CREATE DATABASE {quoted} {how}", cursor.fetchone())
    except Error as error:
        line = str(error).strip().partition("\n")[0]
        raise BackupError(f"不能建立演练用的数据库（{line}）：请给数据库用户 CREATEDB 权限。") from error
    try:
        url = urlsplit(settings.DATABASE_URL)
        yield {"DATABASE_URL": urlunsplit(url._replace(path=f"/{name}"))}
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {quoted} WITH (FORCE)")
