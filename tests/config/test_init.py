"""``manage.py init``: the first start of a real installation."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from branches.models import Appointment, Organization

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def start(**more: Any) -> str:
    out = io.StringIO()
    call_command("init", root="云岭消防救援总队党委", stdout=out, **more)
    return out.getvalue()


def test_root_and_three_administrators_with_one_time_passwords() -> None:
    printed = start()
    root = Organization.objects.get()
    assert (root.name, root.kind, root.parent) == ("云岭消防救援总队党委", "committee", None)
    given = dict(re.findall(r"^  (\w+)\t\S+\t(\S+)$", printed, re.M))
    assert set(given) == {"sysadmin", "secadmin", "auditadmin"}
    for user in User.objects.all():
        assert user.admin_role == user.username
        assert user.must_change_password
        assert user.check_password(given[user.username])


def test_a_director_can_begin_the_work() -> None:
    assert "director" in start(director="单玉华")
    post = Appointment.objects.get()
    assert post.person.user.username == "director"
    assert post.office == "political_director"


def test_never_twice() -> None:
    start()
    with pytest.raises(CommandError, match="不能再次初始化"):
        start()
    assert User.objects.count() == 3


def test_all_or_nothing() -> None:
    with pytest.raises(CommandError, match="姓名不超过"):
        start(director="长" * 60)
    assert not User.objects.exists()
    assert not Organization.objects.exists()
