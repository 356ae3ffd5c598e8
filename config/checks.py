"""What must be right before the portal is let to its users: ``manage.py check --deploy --database default``.

Each finding is one Chinese sentence that says what to do. The ciphers test themselves at every start
(``accounts.apps``), the key file is looked at by every command (``accounts.E001``).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.checks import CheckMessage, Error, Warning, register
from django.db import Error as DatabaseError
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from redis import Redis, RedisError

from accounts import demo
from accounts.models import User
from accounts.queries import is_sealed_under_other_keys
from core import crypto
from core.papers import paper_problems

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from django.db.backends.base.base import BaseDatabaseWrapper

TAG = "portal"
LOCAL = {"127.0.0.1", "localhost", "::1", None}
CHINA = timedelta(hours=8)
SKEW = 60.0  # seconds by which the clocks of web and database machine may differ
C_LOCALES = {"C", "POSIX"}
PATIENCE = 2.0  # seconds for Redis to answer


@register(TAG, deploy=True)
def environment(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The variables of the environment file."""
    return [*_variables()]


def _variables() -> Iterator[CheckMessage]:
    if not settings.OWN_SECRET_KEY:
        yield Error("没有设置 SECRET_KEY：请在环境文件中写入一串不少于 50 位的随机字符。", id="portal.E001")
    if settings.DEMO:
        yield Error("演示模式仍然开启：请在环境文件中去掉 DEMO 或写成 DEMO=0。", id="portal.E002")
    if not settings.REDIS_URL:
        words = "没有设置 REDIS_URL：后台任务只能在本机传递，请填写 Redis 地址。"
        yield Warning(words, id="portal.W003")
    if "*" in settings.ALLOWED_HOSTS:
        yield Error("ALLOWED_HOSTS 不得写 *：请填写门户的域名，多个用英文逗号隔开。", id="portal.E004")
    if urlsplit(settings.PORTAL_URL).hostname in LOCAL:
        words = (
            "PORTAL_URL 是本机地址，公文上的二维码打不开：请填写用户访问的地址，如 https://portal.example。"
        )
        yield Error(words, id="portal.E005")


@register(TAG, deploy=True)
def machine(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Keys, time zone, static files and what papers are printed with."""
    return [*_machine()]


def _machine() -> Iterator[CheckMessage]:
    if not crypto.ring_path().exists():
        words = f"密钥文件 {crypto.ring_path()} 不存在：新装请运行 manage.py init，恢复的系统请取回密钥备份。"
        yield Error(words, id="portal.E006")
    if timezone.localtime().utcoffset() != CHINA:
        yield Error("时区不是北京时间：请把 TIME_ZONE 设为 Asia/Shanghai。", id="portal.E007")
    if settings.MANIFEST and not staticfiles_storage.manifest_hash:  # type: ignore[attr-defined]
        yield Error("静态文件还没有收集：请运行 manage.py collectstatic --noinput。", id="portal.E008")
    for problem in paper_problems():
        yield Error(problem, id="portal.E009")


@register(TAG, deploy=True)
def broker(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Redis, when there is one: what waits in it must outlive a restart and a full memory."""
    if not settings.REDIS_URL:
        return []
    limits = {"socket_connect_timeout": PATIENCE, "socket_timeout": PATIENCE}
    try:
        with Redis.from_url(settings.REDIS_URL, **limits) as client:
            return [*_redis(client.info("persistence"), client.info("memory"))]
    except RedisError as error:
        words = f"Redis 连接不上（{error}）：请检查 REDIS_URL 和 Redis 服务。"
        return [Error(words, id="portal.E016")]


def _redis(persistence: dict[str, Any], memory: dict[str, Any]) -> Iterator[CheckMessage]:
    if not persistence["aof_enabled"]:
        words = (
            "Redis 没有打开 AOF，重启会丢失排队中的任务：请运行 redis-cli config set appendonly yes "
            "和 redis-cli config rewrite。"
        )
        yield Warning(words, id="portal.W017")
    if memory["maxmemory_policy"] != "noeviction":
        words = (
            f"Redis 内存满时按 {memory['maxmemory_policy']} 丢弃数据，任务会丢失："
            "请把 maxmemory-policy 设为 noeviction。"
        )
        yield Error(words, id="portal.E018")


@register(TAG, deploy=True)
def databases(app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """The database, when it was asked for (``--database default``)."""
    found: list[CheckMessage] = []
    for alias in databases or ():
        connection = connections[alias]
        try:
            found += [*_kind(connection), *_state(connection)]
        except DatabaseError as error:
            line = str(error).strip().partition("\n")[0]
            words = f"数据库连接不上（{line}）：请检查 DATABASE_URL 和数据库服务。"
            found.append(Error(words, id="portal.E010"))
    return found


def _kind(connection: BaseDatabaseWrapper) -> Iterator[CheckMessage]:
    """How the database was made and is used."""
    if connection.vendor == "sqlite":
        wal = _ask(connection, "PRAGMA journal_mode")[0] == "wal"
        if not wal or connection.settings_dict["OPTIONS"].get("transaction_mode") != "IMMEDIATE":
            words = (
                "SQLite 没有按 WAL 和 IMMEDIATE 方式使用：请把 DATA_DIR 放在本机磁盘上，不用网络共享目录。"
            )
            yield Error(words, id="portal.E011")
        return
    encoding, ctype = _ask(
        connection,
        "SELECT pg_encoding_to_char(encoding), datctype FROM pg_database WHERE datname = current_database()",
    )
    if encoding != "UTF8" or ctype in C_LOCALES:
        words = f"数据库的编码是 {encoding}、字符分类是 {ctype}：请用 UTF8 和 C.UTF-8 重新建库。"
        yield Error(words, id="portal.E012")
    (now,) = _ask(connection, "SELECT clock_timestamp()")
    seconds = abs((datetime.now(UTC) - now).total_seconds())
    if seconds > SKEW:
        words = f"本机与数据库服务器的时间相差 {seconds:.0f} 秒：请在两台机器上启用时间同步。"
        yield Warning(words, id="portal.W013")


def _state(connection: BaseDatabaseWrapper) -> Iterator[CheckMessage]:
    """What is in the database."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        yield Error("数据库结构不是最新：请运行 manage.py migrate。", id="portal.E014")
        return
    if not settings.DEMO and _is_demo(connection.alias):
        words = "数据库里是演示数据：请换一个空的数据库，再运行 manage.py init。"
        yield Error(words, id="portal.E015")
    if crypto.ring_path().exists() and is_sealed_under_other_keys(connection.alias):
        words = (
            f"数据库中有 {crypto.ring_path()} 解不开的号码或动态口令：这不是这个数据库的密钥，"
            "请从密钥备份或另一台机器取来。"
        )
        yield Error(words, id="portal.E019")


def _is_demo(alias: str) -> bool:
    """Whether all users of the demo are there; a real installation has at most its administrators."""
    return User.objects.using(alias).filter(username__in=demo.USERS).count() == len(demo.USERS)


def _ask(connection: BaseDatabaseWrapper, statement: str) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        row: tuple[Any, ...] = cursor.fetchone()
    return row
