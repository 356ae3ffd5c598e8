"""The ciphers: published vectors, binding to the row, tampering, the key file."""

from __future__ import annotations

import base64
import json
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.core.checks.registry import registry
from django.core.exceptions import ImproperlyConfigured

from accounts.apps import AccountsConfig, check_key_ring
from core import crypto

HERE = crypto.place("accounts_person", "id_number", "0b8e6a52-8a5e-4d5c-9c1f-3f1c2f4f7a10")
NEXT_ROW = crypto.place("accounts_person", "id_number", "5f8f3b8e-5d52-4b57-8a9e-7f3f0c3f2a11")
OTHER_COLUMN = HERE.replace("id_number", "phone")


@pytest.fixture
def ring(settings: Any, tmp_path: Path) -> Path:
    """An installation of its own."""
    settings.KEY_DIR = tmp_path / "keys"
    crypto.key_ring()
    return tmp_path / "keys" / "ring.json"


def test_self_test_is_content() -> None:
    assert crypto.self_test() == []


def test_self_test_names_what_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crypto, "sm3", lambda content: b"\0" * 32)
    assert crypto.self_test() == ["SM3"]


def test_portal_refuses_to_start_with_a_broken_cipher(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crypto, "self_test", lambda: ["SM4-GCM"])
    with pytest.raises(ImproperlyConfigured, match="SM4-GCM"):
        AccountsConfig.ready(None)  # type: ignore[arg-type]


def test_pbkdf2_against_a_plain_loop() -> None:
    """PBKDF2 written out over HMAC-SM3 (RFC 8018 5.2), independent of the library's own loop."""
    rounds, block = 3, b"salt" + (1).to_bytes(4, "big")
    turn = crypto._mac(b"password", block)
    total = int.from_bytes(turn, "big")
    for _ in range(rounds - 1):
        turn = crypto._mac(b"password", turn)
        total ^= int.from_bytes(turn, "big")
    assert crypto.pbkdf2_sm3(b"password", b"salt", rounds) == total.to_bytes(32, "big")


@pytest.mark.parametrize("text", ["", "370102199001011231", "滨河站·张三", "x" * 10_000])
def test_round_trip(ring: Path, text: str) -> None:
    token = crypto.encrypt(text, HERE)
    assert token.startswith("sm4g$k")
    assert text == "" or text not in token
    assert crypto.decrypt(token, HERE) == text


def test_the_same_text_never_looks_the_same(ring: Path) -> None:
    assert len({crypto.encrypt("13800138000", HERE) for _ in range(50)}) == 50


@pytest.mark.parametrize("where", [NEXT_ROW, OTHER_COLUMN, ""])
def test_a_ciphertext_moved_elsewhere_is_noticed(ring: Path, where: str) -> None:
    token = crypto.encrypt("370102199001011231", HERE)
    with pytest.raises(crypto.CryptoError):
        crypto.decrypt(token, where)


@pytest.mark.parametrize("position", [0, 11, 12, 27, 28, -1])
def test_every_changed_byte_is_noticed(ring: Path, position: int) -> None:
    scheme, key_id, body = crypto.encrypt("370102199001011231", HERE).split("$")
    raw = bytearray(base64.b64decode(body))
    raw[position] ^= 1
    with pytest.raises(crypto.CryptoError):
        crypto.decrypt(f"{scheme}${key_id}${base64.b64encode(raw).decode()}", HERE)


@pytest.mark.parametrize(
    "token", ["", "plain text", "sm4g$k", "aes$k1$AAAA", "sm4g$nokey$AAAA", "sm4g$k$%%%", "a$b$c$d"]
)
def test_nonsense_is_refused(ring: Path, token: str) -> None:
    with pytest.raises(crypto.CryptoError):
        crypto.decrypt(token, HERE)


def test_a_shortened_tag_is_refused(ring: Path) -> None:
    scheme, key_id, body = crypto.encrypt("13800138000", HERE).split("$")
    short = base64.b64encode(base64.b64decode(body)[:20]).decode()
    with pytest.raises(crypto.CryptoError):
        crypto.decrypt(f"{scheme}${key_id}${short}", HERE)


def test_another_installation_cannot_read(ring: Path, settings: Any, tmp_path: Path) -> None:
    token = crypto.encrypt("13800138000", HERE)
    settings.KEY_DIR = tmp_path / "elsewhere"
    with pytest.raises(crypto.CryptoError, match="密钥库中没有密钥"):
        crypto.decrypt(token, HERE)


def test_a_new_key_leaves_the_old_ciphertexts_readable(ring: Path, settings: Any, tmp_path: Path) -> None:
    token = crypto.encrypt("13800138000", HERE)
    kept = json.loads(ring.read_text())
    kept["encrypt"]["keys"]["k2"] = base64.b64encode(b"k" * 16).decode()
    kept["encrypt"]["current"] = "k2"
    settings.KEY_DIR = tmp_path / "rotated"
    settings.KEY_DIR.mkdir(mode=0o700)
    (settings.KEY_DIR / "ring.json").write_text(json.dumps(kept))
    assert crypto.decrypt(token, HERE) == "13800138000"
    assert crypto.encrypt("x", HERE).startswith("sm4g$k2$")


def test_blind_index(ring: Path) -> None:
    first = crypto.blind_index("13800138000", "phone")
    assert first == crypto.blind_index("13800138000", "phone")
    assert len(first) == 64
    assert first != crypto.blind_index("13800138000", "id_number")
    assert first != crypto.blind_index("13800138001", "phone")


def test_key_file_is_for_its_owner_only(ring: Path) -> None:
    assert stat.S_IMODE(os.stat(ring).st_mode) == 0o600
    assert stat.S_IMODE(os.stat(ring.parent).st_mode) == 0o700
    assert crypto.ring_problems() == []
    ring.chmod(0o644)
    messages = [str(check.msg) for check in check_key_ring(None)]
    assert len(messages) == 1
    assert check_key_ring in registry.get_checks()
    assert "chmod 600" in messages[0]


def test_keys_for_different_ends_differ(ring: Path) -> None:
    keys = crypto.key_ring()
    assert keys.index_key[:16] not in keys.keys.values()
    assert len(keys.keys[keys.current]) == 16
    assert len(keys.index_key) == 32


def test_a_damaged_key_file_is_reported_and_never_replaced(settings: Any, tmp_path: Path) -> None:
    settings.KEY_DIR = tmp_path
    damaged = tmp_path / "ring.json"
    damaged.write_text("{}")
    damaged.chmod(0o600)
    assert "密钥备份" in crypto.ring_problems()[0]
    assert damaged.read_text() == "{}"


def test_many_first_starts_agree_on_one_ring(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "ring.json"
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: crypto._make(path), range(16)))
    first = path.read_text()
    crypto._make(path)
    assert path.read_text() == first
    assert [file.name for file in path.parent.iterdir()] == ["ring.json"]
