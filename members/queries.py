"""Reads for the pages of the register and of roster imports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import BooleanField, Case, F, Q, Value, When

from branches.choices import POLITICAL_OFFICES, Kind
from branches.models import Appointment, Organization
from branches.permissions import BRANCH_KEEPERS
from branches.queries import book
from branches.querysets import after
from core import clock
from core.models import ImportBatch, ImportRow, Job
from members.models import Exemption, Member, Stay
from members.rules.stays import Away, should_move

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accounts.models import User
    from regulations.rules import Finding

STATUSES = {
    "error": "错误",
    "warning": "注意",
    "new": "新增",
    "changed": "更新",
    "same": "无变化",
}
FIELDS = {
    "name": "姓名",
    "sex": "性别",
    "born_on": "出生日期",
    "phone": "联系电话",
    "category": "人员类别",
    "rank": "消防救援衔",
    "duty": "职务",
    "ethnicity": "民族",
    "native_place": "籍贯",
    "education": "学历",
    "worked_from": "参加工作时间",
    "joined_on": "入党时间",
    "full_on": "转正时间",
    "stage": "党员类别",
    "organization": "所在党支部",
    "group": "党小组",
}
"""Names of what a line may change, for the preview."""

SEALED = ("person__id_number", "person__id_number_index", "person__phone", "person__phone_index")
"""Ciphertexts and blind indexes: no list has a use for them."""


def for_list(members: QuerySet[Member]) -> QuerySet[Member]:
    """Members with all that a list shows; numbers only as their masks."""
    return members.select_related("person", "organization", "group").defer(*SEALED)


def named_in(user: User, text: str, branch: str = "") -> list[Member]:
    """At most two active members in sight who are called ``text`` exactly, in ``branch`` if given."""
    rows = Member.objects.visible_to(user).filter(active=True, person__name=text)
    if branch:
        rows = rows.filter(organization__short_name=branch)
    return list(rows.select_related("person", "organization")[:2])


def last_exemption(member: Member) -> Exemption | None:
    """The latest entry that the member is not counted as due in the present branch."""
    rows = Exemption.objects.filter(person=member.person_id, organization=member.organization_id)
    return rows.real().order_by("-since", "-pk").first()


def readable_by(user: User, rows: QuerySet[Exemption]) -> QuerySet[Exemption]:
    """``rows`` for an answer, with ``readable``: whether ``user`` may read why, as on the person's page."""
    mine = Q(pk__in=[])
    if user.person_id is not None:
        mine |= Q(person=user.person_id)
    for post in Appointment.objects.of(user).select_related("organization"):
        path = post.organization.path
        if post.office in POLITICAL_OFFICES:
            mine |= Q(organization__path__gte=path, organization__path__lt=after(path))
        elif post.office in BRANCH_KEEPERS:
            mine |= Q(organization=post.organization_id)
    whether = Case(When(mine, then=Value(True)), default=Value(False), output_field=BooleanField())
    return rows.select_related("person__member", "organization").annotate(readable=whether)


def stays_for_list(rows: QuerySet[Stay]) -> QuerySet[Stay]:
    """``rows`` with person, home and host, without those taken back."""
    joined = rows.select_related("person__member__organization", "organization__parent")
    return joined.filter(Q(until=None) | Q(until__gt=F("since")))


def stay_state(stay: Stay) -> tuple[str, str]:
    """The key and the word of where a stay stands today."""
    over = stay.until is not None and stay.until <= clock.today()
    return ("past", "已结束") if over else ("current", "进行中")


def stays_of(member: Member) -> list[tuple[Stay, str, str, list[Finding]]]:
    """The stays of a member, newest first: state, its word, and what the rules say of it."""
    law = book(member.organization).on(clock.today())
    rows = stays_for_list(Stay.objects.filter(person=member.person_id)).order_by("-since", "-pk")
    return [(row, *stay_state(row), list(should_move(_away(row), law))) for row in rows]


def _away(stay: Stay) -> Away:
    return Away(stay.since, stay.until, stay.organization.temporary)


def groups_of(organization: Organization) -> QuerySet[Organization]:
    """The 党小组 of a branch that exist today."""
    return organization.children.current().filter(kind=Kind.GROUP).order_by("position", "pk")


def names_under(organization: Organization, kind: str) -> list[str]:
    """Short names of the branches or groups under ``organization``, itself included."""
    rows = Organization.objects.under(organization.path).current().filter(kind=kind)
    return list(rows.order_by("path").values_list("short_name", flat=True))


def batches(user: User) -> QuerySet[ImportBatch]:
    """Roster imports in sight, newest first."""
    rows = ImportBatch.objects.visible_to(user).filter(kind="members.roster")
    return rows.select_related("organization", "created_by__person", "file")


def last_job(batch: ImportBatch, user: User) -> Job | None:
    """The latest background job of a batch, if ``user`` started it."""
    rows = Job.objects.filter(owner=user, organization=batch.organization_id)
    return rows.filter(payload__batch=str(batch.pk)).first()


def rows_of(batch: ImportBatch, status: str) -> QuerySet[ImportRow]:
    """Lines of a batch: all, of one status, or those with a warning."""
    rows = batch.rows.all()
    if status == "warning":
        return rows.filter(messages__icontains='"warning"')
    return rows.filter(status=status) if status in STATUSES else rows


def differences(row: ImportRow) -> list[tuple[str, str, str]]:
    """What a line changes: (field, before, after) in words."""
    changes = row.values.get("changes", {})
    return [(FIELDS[key], old, new) for key, (old, new) in changes.items()]
