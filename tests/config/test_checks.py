"""``manage.py check --deploy``: silent when configured as the guide says, a sentence for each defect."""

from __future__ import annotations

import io
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import pytest
import redis
from django.core import checks
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.utils import ConnectionHandler
from django.test import Client
from django.utils import timezone

from accounts.actions import create_person, create_user
from accounts.demo import USERS
from accounts.models import SecondFactor
from accounts.queries import secret_place
from config import checks as portal
from core import crypto
from core.actor import system
from core.models import AuditEntry
from tests.accounts.conftest import ID_NUMBER, PASSWORD, PHONE

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def production(settings: Any, tmp_path: Path) -> None:
    """What the guide's environment file sets, seen from inside one process."""
    settings.DEMO = False
    settings.OWN_SECRET_KEY = True
    settings.PORTAL_URL = "https://portal.example"
    settings.KEY_DIR = tmp_path / "keys"
    crypto.key_ring()


def found() -> set[str]:
    """Ids of the portal's own findings."""
    messages = checks.run_checks(tags=[portal.TAG], include_deployment_checks=True, databases=["default"])
    assert all(message.msg.endswith("。") for message in messages)
    return {str(message.id) for message in messages}


@pytest.mark.both
def test_nothing_is_found_where_all_is_well() -> None:
    assert found() == set()


@pytest.mark.parametrize(
    ("name", "value", "finding"),
    [
        ("OWN_SECRET_KEY", False, "portal.E001"),
        ("DEMO", True, "portal.E002"),
        ("REDIS_URL", "", "portal.W003"),
        ("ALLOWED_HOSTS", ["*"], "portal.E004"),
        ("PORTAL_URL", "http://127.0.0.1:8000", "portal.E005"),
        ("REDIS_URL", "redis://127.0.0.1:1/0", "portal.E016"),
        ("KEY_DIR", "/nowhere", "portal.E006"),
        ("TIME_ZONE", "UTC", "portal.E007"),
    ],
)
def test_a_setting_that_is_not_right(settings: Any, name: str, value: object, finding: str) -> None:
    setattr(settings, name, value)
    assert found() == {finding}


def test_static_files_that_were_not_collected(settings: Any, tmp_path: Path) -> None:
    settings.MANIFEST = True
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    }
    assert found() == {"portal.E008"}


def test_missing_fonts(tmp_path: Path) -> None:
    empty = tmp_path / "fonts.conf"
    empty.write_text('<?xml version="1.0"?><fontconfig/>')
    done = check(os.environ["DATABASE_URL"], str(tmp_path), FONTCONFIG_FILE=str(empty))
    assert "(portal.E009) 未找到中文字体，请安装字体后重新启动。" in done.stderr


def test_a_key_file_that_others_read() -> None:
    crypto.ring_path().chmod(0o644)
    messages = checks.run_checks()
    assert [message.id for message in messages] == ["accounts.E001"]


def test_sqlite_without_its_settings(tmp_path: Path) -> None:
    """As on a network share, which keeps no WAL: the mode that SQLite answers counts."""
    place = {"ENGINE": "django.db.backends.sqlite3", "NAME": tmp_path / "x.sqlite3"}
    careless = ConnectionHandler({"default": place})["default"]
    assert [finding.id for finding in portal._kind(careless)] == ["portal.E011"]
    careless.close()


@pytest.mark.both
def test_a_database_behind_the_program() -> None:
    newest = MigrationLoader(connection).graph.leaf_nodes("core")[0]
    MigrationRecorder(connection).record_unapplied(*newest)
    assert found() == {"portal.E014"}


@pytest.mark.both
def test_demo_data_under_production_settings() -> None:
    for number, username in enumerate(USERS):
        create_user(system("测试"), username=username, password=f"{PASSWORD}{number}")
    assert found() == {"portal.E015"}


@pytest.fixture
def redis_server(settings: Any) -> Iterator[redis.Redis]:
    """The real one of the tests; its settings are put back."""
    with redis.Redis.from_url(settings.REDIS_URL, decode_responses=True) as client:
        yield client
        client.config_set("appendonly", "yes")
        client.config_set("maxmemory-policy", "noeviction")


@pytest.mark.parametrize(
    ("name", "value", "finding"),
    [("appendonly", "no", "portal.W017"), ("maxmemory-policy", "allkeys-lru", "portal.E018")],
)
def test_a_redis_that_forgets(redis_server: redis.Redis, name: str, value: str, finding: str) -> None:
    redis_server.config_set(name, value)
    assert found() == {finding}


@pytest.mark.both
def test_the_keys_of_another_database(settings: Any, tmp_path: Path) -> None:
    """A second machine that made a ring of its own instead of being given the first one's."""
    create_person(system("测试"), name="单玉华", id_number=ID_NUMBER, phone=PHONE, born_on=date(1949, 12, 31))
    assert found() == set()
    settings.KEY_DIR = tmp_path / "another"
    crypto.key_ring()
    assert found() == {"portal.E019"}


@pytest.mark.both
def test_keys_that_open_only_some_secrets(settings: Any, tmp_path: Path) -> None:
    user, _ = create_user(system("测试"), username="shanyuhua", password=PASSWORD)
    factor = SecondFactor(user=user, confirmed_at=timezone.now(), last_step=0)
    factor.secret = crypto.encrypt("ABCDEFGH", secret_place(factor.uuid))
    factor.save()
    crypto.add_key(timezone.now())
    assert found() == set()  # the older key is still in the ring
    crypto.drop_keys(replaced_before=timezone.now() + timedelta(seconds=1))
    assert found() == {"portal.E019"}


def test_a_wrongly_made_database() -> None:
    """A cluster whose locale is C: Chinese letters would be no letters there."""
    name = f"c_{secrets.token_hex(4)}"
    url = urlsplit(os.environ["DATABASE_URL"])
    psql(url.geturl(), f"CREATE DATABASE {name} TEMPLATE template0 LOCALE 'C' ENCODING 'SQL_ASCII'")
    try:
        done = check(urlunsplit(url._replace(path=f"/{name}")), str(crypto.ring_path().parent.parent))
        assert "请用 UTF8 和 C.UTF-8 重新建库" in done.stderr
    finally:
        psql(url.geturl(), f"DROP DATABASE {name}")


def psql(url: str, statement: str) -> None:
    """One statement outside every transaction."""
    outside = psycopg2.connect(url)
    outside.autocommit = True
    outside.cursor().execute(statement)
    outside.close()


def check(database: str, folder: str, **more: str) -> subprocess.CompletedProcess[str]:
    """The guide's command in a process of its own, with the guide's environment."""
    variables = os.environ | {
        "DATABASE_URL": database,
        "DATA_DIR": folder,
        "SECRET_KEY": secrets.token_urlsafe(50),
        "ALLOWED_HOSTS": "portal.example",
        "PORTAL_URL": "https://portal.example",
        "SECURE_TLS": "1",
    }
    variables |= more
    return subprocess.run(
        [
            sys.executable,
            "manage.py",
            "check",
            "--deploy",
            "--database",
            "default",
            "--fail-level",
            "WARNING",
        ],
        env=variables,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.django_db(transaction=True)
def test_the_command_of_the_guide_finds_nothing() -> None:
    path = f"/{connection.settings_dict['NAME']}"
    url = urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=path))
    done = check(url, str(crypto.ring_path().parent.parent))
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert "no issues" in done.stdout


def test_a_database_that_is_away() -> None:
    folder = str(crypto.ring_path().parent.parent)
    done = check("postgres://x@127.0.0.1:1/x", folder)
    assert done.returncode == 1
    assert "请检查 DATABASE_URL 和数据库服务" in done.stderr
    assert "Traceback" not in done.stderr


def test_init_makes_the_keys(settings: Any, tmp_path: Path) -> None:
    settings.KEY_DIR = tmp_path / "new"
    call_command("init", root="某某总队党委", stdout=io.StringIO())
    assert crypto.ring_path().exists()


@pytest.mark.parametrize(("tls", "address"), [(True, "10.2.3.4"), (False, "127.0.0.1")])
def test_the_address_behind_nginx(settings: Any, *, tls: bool, address: str) -> None:
    """The header counts only where nginx is in front and sets it; a nonsense address never."""
    settings.SECURE_TLS = tls
    for sent in ("10.2.3.4", "nonsense"):
        Client().post("/accounts/login/", {"username": "x", "password": "y"}, headers={"X-Real-IP": sent})
    seen = list(AuditEntry.objects.exclude(ip="").order_by("pk").values_list("ip", flat=True))
    assert seen == [address, "127.0.0.1"]
