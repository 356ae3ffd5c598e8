"""Text as it is kept and found."""

from __future__ import annotations

import pytest
from django.utils import timezone

from accounts.models import Person
from core.text import bigrams, match, tidy


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ""),
        ("  ，。 ", ""),
        ("党课", " 党 课 党课 "),
        ("党课党课", " 党 课 党课 课党 "),
        ("ＫＴＶ 2026年K3", " ktv 2026 年 k3 "),
    ],
)
def test_bigrams(text: str, words: str) -> None:
    assert bigrams(text) == words


def test_tidy() -> None:
    assert tidy(" 甲\x00\r\n乙\r丙\u202e\ufeff\x9f ") == "甲\n乙\n丙"


@pytest.mark.both
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("冬季防火", True),
        ("火", True),
        ("防火 冬季", True),
        ("K3", True),
        ("ｋ３方案", True),
        ("K", False),
        ("夏季", False),
        ("", False),
        ("%_", False),
        ("，", False),
        ("' OR 1=1 --", False),
    ],
)
def test_match(words: str, found: bool) -> None:
    Person.objects.create(
        name="甲", pinyin=bigrams("研究冬季防火工作（K3方案）")[:200], created_at=timezone.now()
    )
    assert match(Person.objects.all(), "pinyin", words).exists() is found
