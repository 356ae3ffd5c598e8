"""Who may do what: posts as authorisations, and what one person sees and may do today; no business contents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import CharField, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat

from accounts.models import Person
from assessments import permissions as assessing
from branches import permissions as keeping
from branches.choices import Kind
from branches.models import Appointment, Organization
from branches.queries import Viewer, viewer
from core import clock
from core.actor import Actor
from core.decisions import Decision
from core.models import AuditEntry
from meetings import permissions as recording
from meetings.choices import State
from meetings.models import Meeting
from members import permissions as registering
from members.models import Member
from reports import permissions
from reports.choices import BulletinState
from reports.models import Bulletin
from reports.rules import grant_state
from supervision import permissions as waiving
from supervision.choices import State as Owed
from supervision.models import Occurrence

if TYPE_CHECKING:
    from accounts.models import User

STATES = {"current": "在任", "ending": "即将到期", "past": "已免去", "future": "尚未到任"}
GIVEN, ENDED = "任职", "免职"
"""Verbs of the entries that tell who gave a post and who ended it."""
AREAS = 20
"""Places named on the page of a person; more are counted."""


def grants(user: User) -> QuerySet[Appointment]:
    """All posts with person, account, organisation and who gave and ended them; none for who may not see."""
    if not permissions.can_see_grants(user):
        return Appointment.objects.none()
    return Appointment.objects.select_related("person", "organization").annotate(
        username=F("person__user__username"),
        signs_in=F("person__user__is_active"),
        given_by=_by(GIVEN),
        ended_by=_by(ENDED),
    )


def _by(verb: str) -> Subquery:
    """Who did ``verb`` to the post, as the audit trail names them (index ``audit_subject``)."""
    name = Concat(
        Value(f"{Appointment._meta.label_lower}:"),
        Cast(OuterRef("pk"), CharField()),
        output_field=CharField(),
    )
    entries = AuditEntry.objects.filter(subject=name, verb=verb, result="ok")
    return Subquery(entries.values("actor")[:1])


def in_state(rows: QuerySet[Appointment], state: str) -> QuerySet[Appointment]:
    """``rows`` in one of STATES: :func:`reports.rules.grant_state` as a condition."""
    today = clock.today()
    soon = Q(until__gt=today, until__lte=today + timedelta(days=settings.GRANTS_ENDING_DAYS))
    wanted = {
        "current": Q(since__lte=today) & (Q(until=None) | Q(until__gt=today)),
        "ending": Q(since__lte=today) & soon,
        "past": Q(since__lte=today, until__lte=today),
        "future": Q(since__gt=today),
    }
    return rows.filter(wanted[state])


def state_of(row: Appointment) -> str:
    """The state of one post today; its word is in STATES."""
    return grant_state(row.since, row.until, clock.today(), settings.GRANTS_ENDING_DAYS)


def holders(user: User) -> QuerySet[Person]:
    """Persons with a post or an account; none for who may not see."""
    if not permissions.can_see_grants(user):
        return Person.objects.none()
    known = Q(pk__in=Appointment.objects.values("person")) | Q(user__isnull=False)
    return Person.objects.filter(known)


@dataclass(frozen=True, slots=True)
class Power:
    """One thing to do and the answer of its permission function."""

    words: str
    decision: Decision


@dataclass(frozen=True, slots=True)
class Held:
    """A post held today, and what it lets do in its own organisation."""

    post: Appointment
    powers: list[Power]


@dataclass(slots=True)
class GrantPage:
    """What one person sees and may do today, and every post ever held."""

    account: User | None
    viewer: Viewer | None
    history: list[tuple[Appointment, str, str]]
    """Each post with the key and the word of its state."""
    held: list[Held]
    areas: list[str]
    area_count: int

    @property
    def more(self) -> int:
        """How many places are in sight beyond those named."""
        return self.area_count - len(self.areas)


def grant_page(person: Person, seen_by: User) -> GrantPage:
    """Read the page: a fixed number of queries, and some for each post held today."""
    rows = grants(seen_by).filter(person=person).order_by("-since", "-pk")
    history = [(row, state_of(row), STATES[state_of(row)]) for row in rows]
    account: User | None = getattr(person, "user", None)
    if account is None or not account.is_active:
        return GrantPage(account, None, history, [], [], 0)
    now = viewer(account)
    sight = Organization.objects.visible_to(account).current().order_by("path")
    return GrantPage(
        account,
        now,
        history,
        [Held(post, powers(account, post)) for post in now.appointments],
        list(sight.values_list("short_name", flat=True)[:AREAS]),
        sight.count(),
    )


def powers(user: User, post: Appointment) -> list[Power]:
    """What ``user`` may do in the organisation of ``post``: the permission functions are asked, nothing is copied.

    Records that need not exist are made up for the question and never saved.
    """
    place = post.organization
    by = Actor(user=user, post_id=post.pk)
    answers = [
        Power("维护组织信息、登记届次、设定本级规定", keeping.can_edit(by, place)),
        Power("新建下级组织", keeping.can_found(by, place)),
        Power("任免本组织职务", keeping.can_appoint(by, place)),
        Power("登记、转接党员和导入花名册", registering.can_register(by, place)),
        Power("免办到期事项", waiving.can_waive(by, Occurrence(organization=place, state=Owed.OPEN))),
        Power("组织考核", assessing.can_open(by, place)),
    ]
    return answers + (_of_committee(by, place) if place.kind == Kind.COMMITTEE else _of_branch(by, place))


def _of_branch(by: Actor, place: Organization) -> list[Power]:
    member = Member(organization=place, active=True)
    meeting = Meeting(organization=place, state=State.SUBMITTED)
    return [
        Power("修改党员资料、登记不计入应到", registering.can_edit(by, member)),
        Power("查看本组织党员的证件号码", registering.can_reveal(by, member)),
        Power("记会议", recording.can_record(by, place)),
        Power("归档会议记录", recording.can_file(by, meeting)),
    ]


def _of_committee(by: Actor, place: Organization) -> list[Power]:
    bulletin = Bulletin(organization=place, state=BulletinState.REVIEWED)
    return [
        Power("启动通报周期", permissions.can_run_cycle(by, place)),
        Power("签发通报", permissions.can_issue(by, bulletin)),
    ]
