"""Names as people type them to find them: full pinyin and initials."""

from __future__ import annotations

from functools import lru_cache

from pypinyin import Style, lazy_pinyin
from pypinyin.constants import PHRASES_DICT


def spell(text: str) -> tuple[str, str]:
    """``滨河站党支部`` → (``binhezhandangzhibu``, ``bhzdzb``); letters and digits stay, marks go."""
    kept = [part for part in _syllables(text) if part]
    return "".join(kept), "".join(part[0] for part in kept)


def _syllables(text: str) -> tuple[str, ...]:
    """A pair of characters that is no phrase reads as each by itself, which is quicker by far for names."""
    if len(text) == 2 and text not in PHRASES_DICT and not text.isascii():
        return tuple(part for sign in text for part in _read(sign))
    return tuple(map(_plain, lazy_pinyin(text, style=Style.NORMAL)))


@lru_cache(maxsize=8192)
def _read(sign: str) -> tuple[str, ...]:
    return tuple(map(_plain, lazy_pinyin(sign, style=Style.NORMAL)))


def _plain(part: str) -> str:
    """Only letters and digits of the basic alphabet, in lower case; ``ü`` is typed ``v``."""
    return "".join(c for c in part.lower().replace("ü", "v") if c.isascii() and c.isalnum())
