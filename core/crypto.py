"""The one module that knows ciphers: SM4-GCM for fields, HMAC-SM3 for look-ups, PBKDF2-SM3.

Keys live in ``KEY_DIR/ring.json`` (made on first use, readable by its owner only): named SM4 keys,
of which one is current, and a separate key for the blind index. Nothing else may import
``cryptography``.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
import tempfile
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from fcntl import LOCK_EX, flock
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC
from django.conf import settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SCHEME = "sm4g"
IV_BYTES = 12
TAG_BYTES = 16
KEY_BYTES = 16
INDEX_KEY_BYTES = 32
SALT_BYTES = 16
SEALED = "sm4p"
PASSPHRASE_ROUNDS = 600_000  # about a second: asked once a backup, unlike a password


class CryptoError(Exception):
    """A ciphertext cannot be read: changed, moved to another row, or its key is not in the ring."""


@dataclass(frozen=True, slots=True)
class KeyRing:
    """SM4 keys by id, the id in use, and the key of the blind index."""

    current: str
    keys: dict[str, bytes]
    index_key: bytes


def place(table: str, column: str, row_uuid: object) -> str:
    """Where a ciphertext belongs, bound into it: ``accounts_person.phone:<uuid>``."""
    return f"{table}.{column}:{row_uuid}"


def encrypt(text: str, where: str) -> str:
    """``text`` as ``sm4g$<key id>$<base64 of iv, tag, ciphertext>``, readable only at ``where``."""
    ring = key_ring()
    iv = secrets.token_bytes(IV_BYTES)
    sealed, tag = _seal(ring.keys[ring.current], iv, text.encode(), _aad(where, ring.current))
    return f"{SCHEME}${ring.current}${base64.b64encode(iv + tag + sealed).decode()}"


def decrypt(token: str, where: str) -> str:
    """The text of ``token``; CryptoError when it was changed, moved, or its key is missing."""
    try:
        scheme, key_id, body = token.split("$")
        raw = base64.b64decode(body, validate=True)
    except ValueError as error:
        raise CryptoError("密文格式不符。") from error
    key = key_ring().keys.get(key_id)
    if scheme != SCHEME or key is None:
        raise CryptoError(f"密钥库中没有密钥 {key_id}。")
    iv, tag, sealed = _cut(raw, IV_BYTES, TAG_BYTES)
    try:
        return _open(key, iv, tag, sealed, _aad(where, key_id)).decode()
    except (InvalidTag, ValueError) as error:
        raise CryptoError("密文校验不符，可能被改动或移动。") from error


def renew(token: str, where: str) -> str:
    """The text of ``token`` under the current key."""
    return encrypt(decrypt(token, where), where)


def current_prefix() -> str:
    """How every ciphertext under the current key begins."""
    return f"{SCHEME}${key_ring().current}$"


def known_prefixes() -> list[str]:
    """How ciphertexts begin that this installation can read."""
    return [f"{SCHEME}${key_id}$" for key_id in key_ring().keys]


def current_since() -> datetime:
    """Since when the current key is the current one; the beginning of time for the first key."""
    since = _kept(ring_path())["encrypt"].get("since")
    return datetime.fromisoformat(since) if since else datetime.min.replace(tzinfo=UTC)


def blind_index(text: str, purpose: str, ring: KeyRing | None = None) -> str:
    """HMAC-SM3 of ``text`` for ``purpose`` (64 hex digits): equal texts are found unread."""
    return _mac((ring or key_ring()).index_key, f"{purpose}\0{text}".encode()).hex()


def seal(text: str, passphrase: str) -> str:
    """``text`` under a passphrase, as ``sm4p$<base64 of salt, iv, tag, ciphertext>``."""
    salt, iv = secrets.token_bytes(SALT_BYTES), secrets.token_bytes(IV_BYTES)
    sealed, tag = _seal(_passphrase_key(passphrase, salt), iv, text.encode(), SEALED.encode())
    return f"{SEALED}${base64.b64encode(salt + iv + tag + sealed).decode()}"


def unseal(token: str, passphrase: str) -> str:
    """The text of ``seal``; CryptoError for another passphrase or a changed text."""
    try:
        raw = base64.b64decode(token.removeprefix(f"{SEALED}$"), validate=True)
        salt, iv, tag, sealed = _cut(raw, SALT_BYTES, IV_BYTES, TAG_BYTES)
        return _open(_passphrase_key(passphrase, salt), iv, tag, sealed, SEALED.encode()).decode()
    except (InvalidTag, ValueError) as error:
        raise CryptoError("口令不对，或者文件被改动。") from error


def _passphrase_key(passphrase: str, salt: bytes) -> bytes:
    return pbkdf2_sm3(passphrase.encode(), salt, PASSPHRASE_ROUNDS)[:KEY_BYTES]


def _cut(raw: bytes, *sizes: int) -> list[bytes]:
    """Pieces of the given sizes, and the rest."""
    pieces = []
    for size in sizes:
        pieces.append(raw[:size])
        raw = raw[size:]
    return [*pieces, raw]


def pbkdf2_sm3(password: bytes, salt: bytes, rounds: int) -> bytes:
    """32 bytes derived from ``password``; the cost grows with ``rounds``."""
    return PBKDF2HMAC(hashes.SM3(), 32, salt, rounds).derive(password)


def sm3(content: bytes) -> bytes:
    """The SM3 digest of ``content`` (32 bytes)."""
    digest = hashes.Hash(hashes.SM3())
    digest.update(content)
    return digest.finalize()


def ring_path() -> Path:
    """Where the key ring is kept."""
    return _path_in(settings.KEY_DIR)


@lru_cache(maxsize=4)
def _path_in(folder: str | Path) -> Path:
    """Asked for every number that is sealed: putting a path together costs more than the cipher."""
    return Path(folder) / "ring.json"


def key_ring() -> KeyRing:
    """The ring of this installation; made when there is none yet."""
    path = ring_path()
    try:
        stamp = _stamp(path)
    except FileNotFoundError:
        _make(path)
        stamp = _stamp(path)
    return _load(path, stamp)


def _stamp(path: Path) -> tuple[int, int]:
    """What changes with the file: a ring that another process has changed is read again."""
    state = path.stat()
    return state.st_ino, state.st_mtime_ns


@lru_cache(maxsize=4)
def _load(path: Path, stamp: tuple[int, int]) -> KeyRing:
    return read_ring(path.read_text())


def read_ring(text: str) -> KeyRing:
    """A ring from the text of its file."""
    kept = json.loads(text)
    keys = {key_id: base64.b64decode(key) for key_id, key in kept["encrypt"]["keys"].items()}
    return KeyRing(kept["encrypt"]["current"], keys, base64.b64decode(kept["index"]))


def _kept(path: Path) -> dict[str, Any]:
    """The file as it is."""
    kept: dict[str, Any] = json.loads(path.read_text())
    return kept


def is_rotating() -> bool:
    """Whether a new key was made and rows under older ones may be left."""
    key_ring()
    return bool(_kept(ring_path())["encrypt"].get("rotating"))


def add_key(now: datetime) -> str:
    """Make a new key the current one; the old ones stay in the ring. Answers its id."""
    key_ring()
    with _changing() as ring:
        part, key_id = ring["encrypt"], _new_id()
        part.setdefault("replaced", {})[part["current"]] = now.isoformat()
        part["keys"][key_id] = _random_key(KEY_BYTES)
        part |= {"current": key_id, "since": now.isoformat(), "rotating": True}
    return key_id


def end_rotation() -> None:
    """Note that nothing is left under older keys."""
    if is_rotating():
        with _changing() as ring:
            ring["encrypt"]["rotating"] = False


def drop_keys(*, replaced_before: datetime) -> tuple[str, ...]:
    """Take keys out of the ring that were replaced before the moment; nothing may be left under them."""
    replaced = _kept(ring_path())["encrypt"].get("replaced", {})
    old = tuple(key for key, at in replaced.items() if datetime.fromisoformat(at) < replaced_before)
    if old:
        with _changing() as ring:
            for key in old:
                ring["encrypt"]["keys"].pop(key, None)
                ring["encrypt"]["replaced"].pop(key, None)
    return old


@contextmanager
def _changing() -> Iterator[dict[str, Any]]:
    """The ring to be changed: one process at a time, and the file is replaced in one step."""
    path = ring_path()
    with (path.parent / "ring.lock").open("w") as lock:
        flock(lock, LOCK_EX)
        ring = _kept(path)
        yield ring
        name = _written(path, ring)
        os.replace(name, path)


def _new_id() -> str:
    return f"k{secrets.token_hex(4)}"  # random, so that a new ring never claims an old ring's key


def _make(path: Path) -> None:
    """Write a new ring in one step; where another process was first, its ring stands."""
    key_id = _new_id()
    ring = {
        "encrypt": {"current": key_id, "keys": {key_id: _random_key(KEY_BYTES)}},
        "index": _random_key(INDEX_KEY_BYTES),
    }
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = _written(path, ring)
    try:
        with suppress(FileExistsError):
            os.link(name, path)
    finally:
        os.unlink(name)


def _written(path: Path, ring: dict[str, Any]) -> str:
    """A complete file beside the ring, readable by its owner only."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".ring-")  # mkstemp gives mode 0600
    with os.fdopen(handle, "w") as file:
        json.dump(ring, file)
        file.flush()
        os.fsync(file.fileno())
    return name


def _random_key(size: int) -> str:
    return base64.b64encode(secrets.token_bytes(size)).decode()


def _aad(where: str, key_id: str) -> bytes:
    return f"{where}:{key_id}".encode()


def _seal(key: bytes, iv: bytes, text: bytes, aad: bytes) -> tuple[bytes, bytes]:
    """SM4-GCM: (ciphertext, tag)."""
    encryptor = Cipher(algorithms.SM4(key), modes.GCM(iv)).encryptor()
    encryptor.authenticate_additional_data(aad)
    sealed = encryptor.update(text) + encryptor.finalize()
    return sealed, encryptor.tag


def _open(key: bytes, iv: bytes, tag: bytes, sealed: bytes, aad: bytes) -> bytes:
    """SM4-GCM backwards; InvalidTag when anything differs, ValueError for a shortened tag."""
    decryptor = Cipher(algorithms.SM4(key), modes.GCM(iv, tag)).decryptor()
    decryptor.authenticate_additional_data(aad)
    return decryptor.update(sealed) + decryptor.finalize()


def _mac(key: bytes, text: bytes) -> bytes:
    mac = hmac.HMAC(key, hashes.SM3())
    mac.update(text)
    return mac.finalize()


def self_test() -> list[str]:
    """Names of the algorithms that do not give their published answers here; empty when well."""
    tests = {
        "SM3": _sm3_is_right,
        "SM4-GCM": _sm4_gcm_is_right,
        "HMAC-SM3": _hmac_is_right,
        "PBKDF2-SM3": _pbkdf2_is_right,
    }
    return [name for name, is_right in tests.items() if not _runs(is_right)]


def ring_problems() -> list[str]:
    """Chinese sentences about the key file; empty when it is in order (or not made yet)."""
    path = ring_path()
    if not path.exists():
        return []
    problems = []
    if path.stat().st_mode & 0o077:
        problems.append(f"密钥文件 {path} 可被其他用户读取，请执行 chmod 600。")
    try:
        _load(path, _stamp(path))
    except (ValueError, KeyError, TypeError, OSError):
        problems.append(f"密钥文件 {path} 无法读取，请从密钥备份中恢复。")
    return problems


def _runs(is_right: Callable[[], bool]) -> bool:
    """The answer of one test; an algorithm that this build of OpenSSL lacks counts as wrong."""
    try:
        return is_right()
    except (UnsupportedAlgorithm, ValueError):
        return False


def _sm3_is_right() -> bool:
    """GB/T 32905-2016 A.1."""
    return sm3(b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


def _sm4_gcm_is_right() -> bool:
    """RFC 8998 A.1."""
    key = bytes.fromhex("0123456789abcdeffedcba9876543210")
    iv = bytes.fromhex("00001234567800000000abcd")
    aad = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    text = b"".join(bytes([byte]) * 8 for byte in bytes.fromhex("aabbccddeeffeeaa"))
    expected = (
        "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
        "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
    )
    sealed, tag = _seal(key, iv, text, aad)
    return (
        sealed.hex() == expected
        and tag.hex() == "83de3541e4c2b58177e065a9bf7b62ec"
        and _open(key, iv, tag, sealed, aad) == text
    )


def _hmac_is_right() -> bool:
    """GM/T 0042-2015 D.3: key 01…20, the 56 letters of the SHA-2 example twice."""
    text = b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq" * 2
    expected = "ca05e144ed05d1857840d1f318a4a8669e559fc8391f414485bfdf7bb408963a"
    return _mac(bytes(range(1, 33)), text).hex() == expected


def _pbkdf2_is_right() -> bool:
    """Agreed between OpenSSL and a plain HMAC-SM3 loop (tests/core/test_crypto.py)."""
    expected = "fee723a2bc966e11dffb66133f4e8df577383c78ade30e3298edbd3e54ed85b7"
    return pbkdf2_sm3(b"password", b"salt", 2).hex() == expected
