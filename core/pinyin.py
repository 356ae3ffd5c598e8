"""Names as people type them to find them: full pinyin and initials."""

from __future__ import annotations

import re
from functools import lru_cache

from pypinyin import Style, lazy_pinyin
from pypinyin.constants import PHRASES_DICT

SHORT = 4
"""Characters of a name or given name; longer texts are left to the dictionary."""
_ALL_CHINESE = re.compile("[\u4e00-\u9fff]+")


def spell(text: str) -> tuple[str, str]:
    """``滨河站党支部`` → (``binhezhandangzhibu``, ``bhzdzb``); letters and digits stay, marks go."""
    kept = [part for part in _syllables(text) if part]
    return "".join(kept), "".join(part[0] for part in kept)


def _syllables(text: str) -> tuple[str, ...]:
    """Characters that make up no phrase read each by itself, which is quicker by far for names."""
    if len(text) <= SHORT and _ALL_CHINESE.fullmatch(text) and not _holds_phrase(text):
        return tuple(part for sign in text for part in _read(sign))
    return tuple(map(_plain, lazy_pinyin(text, style=Style.NORMAL)))


def _holds_phrase(text: str) -> bool:
    ends = range(2, len(text) + 1)
    return any(text[start:end] in PHRASES_DICT for end in ends for start in range(end - 1))


@lru_cache(maxsize=8192)
def _read(sign: str) -> tuple[str, ...]:
    return tuple(map(_plain, lazy_pinyin(sign, style=Style.NORMAL)))


def _plain(part: str) -> str:
    """Only letters and digits of the basic alphabet, in lower case; ``ü`` is typed ``v``."""
    return "".join(c for c in part.lower().replace("ü", "v") if c.isascii() and c.isalnum())
