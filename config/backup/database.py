"""Dump and load of either database, with a digest of the rows of each table from the same snapshot."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from config.backup import BackupError

Digests = dict[str, dict[str, Any]]
STEADY = "SET timezone = 'UTC'; SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'postgres'"
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename"
SQLITE_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'"
VARIABLES = {
    "dbname": "PGDATABASE",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "host": "PGHOST",
    "port": "PGPORT",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
}


def dump(target: Path) -> Digests:
    """Write the whole database to ``target``; rows and a digest of each table as of the same moment."""
    if connection.vendor == "sqlite":
        return _dump_sqlite(target)
    with _reader() as reader:
        with reader.cursor() as cursor:
            cursor.execute("SELECT pg_export_snapshot()")
            (snapshot,) = cursor.fetchone()
        _tool("pg_dump", "-Fc", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", "-f", str(target))
        return _postgresql_digests(reader)


def load(source: Path) -> None:
    """Fill the empty database from ``source``; all or nothing."""
    if connection.vendor == "sqlite":
        place = Path(connection.settings_dict["NAME"])
        connection.close()
        for rest in ("", "-wal", "-shm"):
            place.with_name(place.name + rest).unlink(missing_ok=True)
        part = place.with_name(f"{place.name}.part")
        shutil.copyfile(source, part)
        part.chmod(0o600)
        _whole(part)
        part.replace(place)
        return
    name = str(connection.settings_dict["NAME"])
    options = ("--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction")
    _tool("pg_restore", *options, "--dbname", name, str(source))


def empty() -> None:
    """Take back a ``load`` after which something else went wrong."""
    if connection.vendor == "sqlite":
        connection.close()
        Path(connection.settings_dict["NAME"]).unlink(missing_ok=True)
        return
    with connection.cursor() as cursor:
        names = [connection.ops.quote_name(name) for name in tables()]
        if names:
            cursor.execute(f"DROP TABLE {', '.join(names)} CASCADE")
        cursor.execute("DROP FUNCTION IF EXISTS core_append_only()")  # of the triggers that went with them


def tables() -> list[str]:
    """Tables that are there; a SQLite file that does not exist is not made by asking."""
    if connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).exists():
        return []
    return list(connection.introspection.table_names())


def digests() -> Digests:
    """Rows and a digest of each table, as they are now."""
    if connection.vendor == "sqlite":
        return _sqlite_digests(Path(connection.settings_dict["NAME"]))
    with _reader() as reader:
        return _postgresql_digests(reader)


def _dump_sqlite(target: Path) -> Digests:
    place = connection.settings_dict["NAME"]
    with closing(sqlite3.connect(place)) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")
    return _sqlite_digests(target)


def _whole(file: Path) -> None:
    """SQLite's own look at a file."""
    try:
        with closing(sqlite3.connect(file)) as reader:
            (verdict,) = reader.execute("PRAGMA quick_check").fetchone()
    except sqlite3.DatabaseError as error:
        verdict = str(error)
    if verdict != "ok":
        file.unlink()
        raise BackupError(f"备份中的数据库不能使用（{verdict}），请换一份备份。")


def _sqlite_digests(file: Path) -> Digests:
    with closing(sqlite3.connect(file)) as reader:
        names = [name for (name,) in reader.execute(f"{SQLITE_TABLES} ORDER BY name")]
        return {name: _digest(reader.execute(f'SELECT * FROM "{name}"')) for name in names}


@contextmanager
def _reader() -> Iterator[BaseDatabaseWrapper]:
    """A connection of its own that sees one moment of a PostgreSQL database."""
    reader: Any = connection.copy()
    reader.ensure_connection()
    try:
        with reader.cursor() as cursor:
            cursor.execute(STEADY)
        reader.connection.set_session(isolation_level="REPEATABLE READ", readonly=True, autocommit=False)
        yield reader
    finally:
        reader.close()


def _postgresql_digests(reader: BaseDatabaseWrapper) -> Digests:
    with reader.cursor() as cursor:
        cursor.execute(TABLES)
        names = [name for (name,) in cursor.fetchall()]
    found = {}
    for name in names:
        with reader.chunked_cursor() as cursor:
            cursor.execute(f"SELECT row::text FROM {reader.ops.quote_name(name)} AS row")
            found[name] = _digest(cursor)
    return found


def _digest(rows: Iterable[Any]) -> dict[str, Any]:
    """Number and digest of rows in whatever order they come: the sum of their digests."""
    count = total = 0
    for row in rows:
        count += 1
        total += int.from_bytes(hashlib.sha256(repr(row).encode("utf-8", "surrogatepass")).digest())
    return {"rows": count, "digest": f"{total % 2**256:064x}"}


def _tool(name: str, *arguments: str) -> None:
    """Run a tool of PostgreSQL on our database; secrets go through its environment, never its words."""
    program = shutil.which(name, path=os.environ.get("PG_BIN")) or shutil.which(name)
    if program is None:
        raise BackupError(f"没有找到 {name}：请安装 postgresql-client。")
    given: dict[str, Any] = connection.get_connection_params()
    known = {variable: str(given[key]) for key, variable in VARIABLES.items() if given.get(key)}
    done = subprocess.run(
        [program, *arguments], env=os.environ | known, capture_output=True, text=True, check=False
    )
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["没有说明"]
        if "server version mismatch" in done.stderr:
            raise BackupError(
                f"{name} 比数据库服务器旧：请安装同版本的 postgresql-client，或用 PG_BIN 指定。"
            )
        raise BackupError(f"{name} 没有完成：{lines[0]}")
