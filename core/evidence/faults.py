"""A place where the evidence does not hold, and how it is told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.apps import apps
from django.conf import settings


@dataclass(frozen=True, slots=True)
class Fault:
    """What does not hold.

    ``record`` names it (``meetings.meeting:17``, ``core.chainentry:5#3`` the third link of organisation
    5, ``core.auditentry:9``, ``core.auditseal:4``, ``anchor:12`` a line); ``reason`` is Chinese.
    """

    record: str
    reason: str
    organization_id: int | None = None
    number: int | None = None


def told(faults: Iterable[Fault]) -> list[str]:
    """A Chinese line for each, with the name of the organisation where there is one."""
    found = list(faults)
    ids = {fault.organization_id for fault in found if fault.organization_id is not None}
    model = apps.get_model(settings.ORGANIZATION_MODEL)
    names = {row.pk: str(row) for row in model._default_manager.filter(pk__in=ids)} if ids else {}
    return [_line(fault, names) for fault in found]


def _line(fault: Fault, names: dict[int, str]) -> str:
    if fault.organization_id is None:
        return f"{fault.record}：{fault.reason}"
    name = f"{names.get(fault.organization_id, '组织')}（{fault.organization_id}）"
    place = f"第 {fault.number} 环 " if fault.number is not None else ""
    return f"{name}{place}{fault.record}：{fault.reason}"
