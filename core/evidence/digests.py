"""Canonical bytes of a value, their SM3, and the Merkle root of many."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

START = "0" * 64
"""What stands before the first link of every chain."""
SIZE = 32  # bytes of a digest
LEAF, NODE = b"\x00", b"\x01"
"""What is digested with a leaf and with a pair: neither can be taken for the other."""


def sm3(data: bytes) -> bytes:
    """SM3 of ``data``."""
    return hashlib.new("sm3", data).digest()


def digest(data: bytes) -> str:
    """SM3 of ``data`` in hex (64 characters)."""
    return sm3(data).hex()


def canonical(value: Any) -> bytes:
    """The one byte form of a value: sorted keys, NFC text, ISO dates, decimals as text."""
    text = _encode(value)
    if not text.isascii() and not unicodedata.is_normalized("NFC", text):
        text = _encode(_composed(value))
    return text.encode()


def _composed(value: Any) -> Any:
    """``value`` with every text in NFC."""
    match value:
        case str():
            return unicodedata.normalize("NFC", value)
        case dict():
            return {_composed(key): _composed(item) for key, item in value.items()}
        case list() | tuple():
            return [_composed(item) for item in value]
    return value


def _as_text(value: Any) -> str:
    """What JSON has no form for."""
    match value:
        case datetime() | date() | time():
            return value.isoformat()
        case Decimal() | UUID():
            return str(value)
    raise TypeError(f"no canonical form of {type(value)}")


_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_as_text).encode


def leaf(name: int, inner: str) -> bytes:
    """The leaf of the row ``name`` whose content has the digest ``inner``."""
    return sm3(LEAF + f"{name}:{inner}".encode())


def root(leaves: Sequence[bytes]) -> str:
    """The Merkle root in hex of at least one leaf; one left over at the end of a row goes up as it is."""
    row = list(leaves)
    while len(row) > 1:
        pairs = [sm3(NODE + row[at] + row[at + 1]) for at in range(0, len(row) - 1, 2)]
        row = pairs + row[len(pairs) * 2 :]
    return row[0].hex()
