"""A tree without people and users, which is quick to build."""

from __future__ import annotations

from typing import Any

import pytest

from branches.actions import found
from branches.models import Organization
from core import clock
from core.actor import system
from tests.corps import BEGIN, Corps, moment


@pytest.fixture
def tree(db: Any) -> Corps:
    """The organisations of the small corps alone."""
    with clock.at(moment(BEGIN)):
        root = place("R", "试验总队党委", "committee", None)
        detachment = place("D", "青岚支队党委", "committee", root)
        battalion = place("B", "云溪大队党委", "committee", detachment)
        alpha = place("A1", "东站党支部", "branch", battalion)
        beta = place("B1", "西站党支部", "branch", battalion)
        group = place("G1", "第一党小组", "group", alpha)
    return Corps(root, detachment, battalion, alpha, beta, group)


def place(code: str, name: str, kind: str, parent: Organization | None) -> Organization:
    """One organisation."""
    return found(
        system("测试"),
        code=code,
        name=f"中共{name}",
        short_name=name,
        kind=kind,
        parent=parent,
        founded_on=BEGIN,
        duties_from=BEGIN,
    )
