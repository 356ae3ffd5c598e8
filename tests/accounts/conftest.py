"""Accounts for the tests of this room: three administrators and a person with an account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from accounts.actions import create_person, create_user
from accounts.models import Person, User
from core.actor import Actor, system

PASSWORD = "Quiet-River-77"
ID_NUMBER = "11010519491231002X"
PHONE = "13800138000"


@dataclass
class House:
    """Who lives here."""

    sysadmin: User
    secadmin: User
    auditadmin: User
    person: Person
    user: User

    def by(self, name: str) -> Actor:
        """That user acting."""
        return Actor(user=getattr(self, name))


@pytest.fixture
def house(db: Any) -> House:
    by = system("测试")
    admins = {
        role: create_user(by, username=role, admin_role=role, password=PASSWORD)[0]
        for role in ("sysadmin", "secadmin", "auditadmin")
    }
    person = create_person(by, name="单玉华", id_number=ID_NUMBER, phone=PHONE, born_on=date(1949, 12, 31))
    user, _ = create_user(by, username="shanyuhua", person=person, password=PASSWORD)
    return House(person=person, user=user, **admins)
