"""The key ring apart from the backup: in clear or under the passphrase in ``BACKUP_PASSPHRASE``."""

from __future__ import annotations

import os
from pathlib import Path

from config.backup import BackupError
from core import crypto

PASSPHRASE = "BACKUP_PASSPHRASE"
SEAL = "portal-backup"


def write(path: Path) -> bool:
    """Keep the ring at ``path``, readable by its owner only; whether it is under a passphrase."""
    text, passphrase = crypto.ring_path().read_text(), os.environ.get(PASSPHRASE, "")
    put(path, crypto.seal(text, passphrase) if passphrase else text)
    return bool(passphrase)


def put(path: Path, text: str) -> None:
    """A new file for its owner only; an old one is replaced in one step."""
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def text_of(path: Path | None) -> str:
    """The ring's text: from a key file, or from this installation; BackupError when there is none."""
    source = path or crypto.ring_path()
    if not source.exists():
        raise BackupError(
            "没有密钥，恢复出来的身份证号和电话无法读取：请用 --keys 指定与备份分开保管的密钥文件。"
        )
    text = source.read_text().strip()
    if not text.startswith(crypto.SEALED):
        return text
    if not os.environ.get(PASSPHRASE):
        raise BackupError(f"密钥文件 {source} 受口令保护：请把口令放入环境变量 {PASSPHRASE}。")
    try:
        return crypto.unseal(text, os.environ[PASSPHRASE])
    except crypto.CryptoError as error:
        raise BackupError(f"密钥文件 {source} 打不开：{error}") from error


def ring_of(text: str) -> crypto.KeyRing:
    """The ring in ``text``; BackupError when it is none."""
    try:
        return crypto.read_ring(text)
    except (ValueError, KeyError, TypeError) as error:
        raise BackupError("密钥文件的内容无法识别，请换一份密钥备份。") from error


def sign(text: str, ring: crypto.KeyRing) -> str:
    """The seal of a manifest, which only a holder of the keys can make."""
    return crypto.blind_index(text, SEAL, ring)
