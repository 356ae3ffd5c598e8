"""What must hold of a restored portal; each answer is a list of Chinese sentences, empty when it holds."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from accounts.models import Person
from accounts.queries import number_place
from config.backup import database
from core import crypto
from core.evidence import verify
from core.evidence.digests import digest
from core.evidence.faults import told
from core.models import StoredFile

SAMPLE = 100  # persons whose numbers are read, from both ends of the register


def tables(expected: database.Digests) -> list[str]:
    """Every table has the rows that were put away."""
    found = database.digests()
    names = sorted(expected.keys() | found.keys())
    return [f"表 {name} 与备份时不同。" for name in names if expected.get(name) != found.get(name)]


def evidence() -> list[str]:
    """Chains, audit entries, seals and anchors hold, rebuilt from the live rows.

    A second anchor file is left out: it may well tell of what came after this backup.
    """
    return [f"{line}。" for line in told(verify.everything(copies=False).faults)]


def files() -> list[str]:
    """Every stored file is there with its digest."""
    rows = StoredFile.objects.order_by("pk").only("name", "digest", "file")
    return [problem for row in rows.iterator() if (problem := _file(row))]


def numbers() -> list[str]:
    """Personal numbers can be read with the keys at hand."""
    people = Person.objects.exclude(Q(id_number="") & Q(phone=""))
    sample = {*people.order_by("pk")[:SAMPLE], *people.order_by("-pk")[:SAMPLE]}
    unread = [person for person in sample if not _readable(person)]
    return [f"{len(unread)} 人的身份证号或电话解不开，请核对密钥。"] if unread else []


def _file(row: StoredFile) -> str:
    try:
        with row.file.open("rb") as stored:
            same = digest(stored.read()) == row.digest
    except FileNotFoundError:
        return f"文件“{row.name}”（{row.file.name}）不在磁盘上。"
    return "" if same else f"文件“{row.name}”（{row.file.name}）的内容与摘要不符。"


def _readable(person: Any) -> bool:
    try:
        for column in ("id_number", "phone"):
            token = getattr(person, column)
            if token:
                crypto.decrypt(token, number_place(column, person.uuid))
    except crypto.CryptoError:
        return False
    return True
