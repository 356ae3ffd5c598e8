"""The backup file: a tar of the dump, every stored file and, last, a signed manifest of them all."""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

from config.backup import BackupError, keys
from core import crypto

FORMAT = 1
DATABASE, FILES, ANCHORS = "database", "files/", "anchors"
MANIFEST, SEAL = "manifest.json", "manifest.seal"
CHUNK = 1 << 20
BROKEN = "备份文件不完整或不是备份文件：读到一半中断，请换一份备份。"


def write(
    target: Path,
    dump: Path,
    files: Path,
    facts: dict[str, Any],
    ring: crypto.KeyRing,
    anchors: Path | None = None,
) -> dict[str, Any]:
    """Write the backup in one step; answers its manifest: ``facts`` and the digest of each part."""
    part = target.with_name(f"{target.name}.part")
    parts: dict[str, dict[str, Any]] = {}
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as output:
        with tarfile.open(fileobj=output, mode="w", format=tarfile.PAX_FORMAT) as tar:
            kept = [(ANCHORS, anchors)] if anchors else []
            for name, path in [(DATABASE, dump), *kept, *_stored(files)]:
                tar.add(path, arcname=name, recursive=False, filter=_plain)
                parts[name] = {"size": path.stat().st_size, "sha256": digest(path)}
            manifest = facts | {"format": FORMAT, "keys": sorted(ring.keys), "parts": parts}
            text = json.dumps(manifest, ensure_ascii=False, sort_keys=True, indent=1)
            _add(tar, MANIFEST, text)
            _add(tar, SEAL, keys.sign(text, ring))
        output.flush()
        os.fsync(output.fileno())
    part.replace(target)
    return manifest


def read(source: Path, ring: crypto.KeyRing) -> dict[str, Any]:
    """The manifest, after every part was compared with it; BackupError names what does not agree."""
    found: dict[str, dict[str, Any]] = {}
    texts: dict[str, str] = {}
    with _whole():
        _read(source, found, texts)
    if texts.keys() != {MANIFEST, SEAL}:
        raise BackupError("备份文件不完整：缺少清单，请换一份备份。")
    manifest = _manifest(texts[MANIFEST], texts[SEAL], ring)
    _compare(manifest["parts"], found)
    return manifest


def _read(source: Path, found: dict[str, dict[str, Any]], texts: dict[str, str]) -> None:
    """Digest of each part, and the text of manifest and seal."""
    for name, file in _members(source):
        if name in (MANIFEST, SEAL):
            texts[name] = file.read().decode("utf-8", "replace")
        else:
            sha, size = hashlib.sha256(), 0
            while chunk := file.read(CHUNK):
                sha.update(chunk)
                size += len(chunk)
            found[name] = {"size": size, "sha256": sha.hexdigest()}


def extract(source: Path, place: Callable[[str], Path]) -> None:
    """Write every part to the path that ``place`` gives for its name; the names were checked by ``read``."""
    with _whole():
        for name, file in _members(source):
            if name in (MANIFEST, SEAL):
                continue
            target = place(name)
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("wb") as output:
                while chunk := file.read(CHUNK):
                    output.write(chunk)


def digest(path: Path) -> str:
    """SHA-256 of a file in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _manifest(text: str, seal: str, ring: crypto.KeyRing) -> dict[str, Any]:
    """The manifest, if these keys sealed it."""
    if keys.sign(text, ring) != seal:
        raise BackupError("备份清单与密钥不符：清单被改动，或者密钥不是这份备份的。")
    manifest: dict[str, Any] = json.loads(text)
    if manifest["format"] != FORMAT:
        raise BackupError("这份备份由更新的版本制作：请先升级程序再恢复。")
    missing = set(manifest["keys"]) - ring.keys.keys()
    if missing:
        raise BackupError(
            f"密钥文件中缺少备份用过的密钥 {'、'.join(sorted(missing))}，请换一份较新的密钥备份。"
        )
    return manifest


def _compare(expected: dict[str, Any], found: dict[str, Any]) -> None:
    """Name the first part that is missing, changed or too many."""
    for name in sorted(expected.keys() | found.keys()):
        if name not in found:
            raise BackupError(f"备份文件缺少 {name}，请换一份备份。")
        if name not in expected:
            raise BackupError(f"备份文件多出清单以外的 {name}，请换一份备份。")
        if found[name] != expected[name]:
            raise BackupError(f"备份中的 {name} 被改动，与清单不符，请换一份备份。")


def _stored(files: Path) -> Iterator[tuple[str, Path]]:
    """Every stored file and its name in the backup."""
    for path in sorted(files.rglob("*")) if files.exists() else ():
        if path.is_file() and not path.is_symlink():
            yield FILES + path.relative_to(files).as_posix(), path


def _plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Whose file it was is nobody's business elsewhere."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o600
    return member


def _add(tar: tarfile.TarFile, name: str, text: str) -> None:
    data = text.encode()
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(data), 0o600
    tar.addfile(member, io.BytesIO(data))


def _members(source: Path) -> Iterator[tuple[str, IO[bytes]]]:
    """Name and content of each part in turn; only plain files with plain names."""
    with tarfile.open(source, mode="r|") as tar:
        for member in tar:
            steps = member.name.split("/")
            if not member.isreg() or member.name.startswith("/") or ".." in steps:
                raise BackupError(f"备份文件中有不认识的内容 {member.name[:80]}，请换一份备份。")
            yield member.name, cast("IO[bytes]", tar.extractfile(member))


@contextmanager
def _whole() -> Iterator[None]:
    """A file that ends too early, or is none of ours, is told in a sentence."""
    try:
        yield
    except FileNotFoundError as error:
        raise BackupError(f"没有找到 {error.filename}。") from error
    except (tarfile.TarError, EOFError, IsADirectoryError) as error:
        raise BackupError(BROKEN) from error
