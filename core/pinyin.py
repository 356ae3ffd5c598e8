"""Names as people type them to find them: full pinyin and initials."""

from __future__ import annotations

from pypinyin import Style, lazy_pinyin


def spell(text: str) -> tuple[str, str]:
    """``滨河站党支部`` → (``binhezhandangzhibu``, ``bhzdzb``); letters and digits stay, marks go."""
    syllables = [_plain(part) for part in lazy_pinyin(text, style=Style.NORMAL)]
    kept = [part for part in syllables if part]
    return "".join(kept), "".join(part[0] for part in kept)


def _plain(part: str) -> str:
    """Only letters and digits of the basic alphabet, in lower case; ``ü`` is typed ``v``."""
    return "".join(c for c in part.lower().replace("ü", "v") if c.isascii() and c.isalnum())
