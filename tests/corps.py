"""A small corps for tests, built by the real actions: two branches under one battalion, one elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from accounts.actions import create_person, create_user
from accounts.models import Person, User
from branches.actions import appoint, found
from branches.models import Organization
from branches.queries import actor_for
from core import clock
from core.actor import Actor, system
from meetings import actions as meetings
from meetings.actions.content import AgendaInput, MeetingInput, ResolutionInput, RollLine
from meetings.models import Meeting
from meetings.queries import expected_roll
from members.actions import register

BEGIN = date(2025, 1, 1)
ZONE = ZoneInfo("Asia/Shanghai")
NAMES = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉"


def moment(day: date, hour: int = 10) -> datetime:
    """A moment on ``day`` in the portal's time zone."""
    return datetime.combine(day, time(hour), ZONE)


@dataclass
class Corps:
    """The organisations and users by short names."""

    root: Organization
    detachment: Organization
    battalion: Organization
    alpha: Organization
    beta: Organization
    group: Organization
    users: dict[str, User] = field(default_factory=dict)

    def actor(self, name: str) -> Actor:
        """The user acting for the highest post held."""
        return actor_for(self.users[name])


def build() -> Corps:
    """The corps as of 2025-01-01."""
    with clock.at(moment(BEGIN)):
        return _build()


def _build() -> Corps:
    by = system("测试")

    def place(code: str, name: str, kind: str, parent: Organization | None, level: str = "") -> Organization:
        return found(
            by,
            code=code,
            name=name,
            short_name=name,
            kind=kind,
            parent=parent,
            level=level,
            founded_on=BEGIN,
            duties_from=BEGIN,
        )

    root = place("R", "试验总队党委", "committee", None, "corps")
    detachment = place("D", "青岚支队党委", "committee", root, "detachment")
    battalion = place("B", "云溪大队党委", "committee", detachment, "battalion")
    alpha = place("A1", "东站党支部", "branch", battalion, "station")
    beta = place("B1", "西站党支部", "branch", battalion, "station")
    group = place("G1", "第一党小组", "group", alpha)
    corps = Corps(root, detachment, battalion, alpha, beta, group)
    _people(corps, by)
    return corps


def _people(corps: Corps, by: Actor) -> None:
    alpha = [_member(by, f"东{n}", corps.alpha, corps.group) for n in NAMES[:9]]
    _member(by, "东预备", corps.alpha, corps.group, stage="probationary")
    offices = (
        "secretary",
        "deputy_secretary",
        "organisation_member",
        "publicity_member",
        "discipline_member",
    )
    for person, office in zip(alpha, offices, strict=False):
        appoint(by, corps.alpha, person=person, office=office, since=BEGIN)
    beta = [_member(by, f"西{n}", corps.beta) for n in NAMES[:4]]
    appoint(by, corps.beta, person=beta[0], office="secretary", since=BEGIN)
    corps.users["secretary"] = _user(by, "secretary", alpha[0])
    corps.users["deputy"] = _user(by, "deputy", alpha[1])
    corps.users["secretary_beta"] = _user(by, "secretary_beta", beta[0])
    corps.users["member"] = _user(by, "member", alpha[8])
    staff = (
        ("politics", "political_officer", corps.detachment),
        ("director", "political_director", corps.detachment),
        ("discipline", "discipline_head", corps.detachment),
        ("leader", "secretary", corps.detachment),
        ("corps_politics", "political_officer", corps.root),
    )
    for name, office, organization in staff:
        person = create_person(by, name=f"干{name[:2]}")
        appoint(by, organization, person=person, office=office, since=BEGIN)
        corps.users[name] = _user(by, name, person)
    for role in ("sysadmin", "secadmin", "auditadmin"):
        corps.users[role] = create_user(by, username=role, admin_role=role)[0]
        User.objects.filter(pk=corps.users[role].pk).update(must_change_password=False)
        corps.users[role].refresh_from_db()


def _member(
    by: Actor, name: str, organization: Organization, group: Organization | None = None, stage: str = "full"
) -> Person:
    person = create_person(by, name=name)
    dates = (
        {"joined_on": date(2020, 1, 1), "full_on": date(2021, 1, 1)}
        if stage == "full"
        else {"joined_on": date(2024, 12, 1)}
    )
    register(
        by,
        person=person,
        organization=organization,
        group=group,
        stage=stage,
        since=BEGIN,
        category="firefighter",
        **dates,
    )
    return person


def _user(by: Actor, username: str, person: Person) -> User:
    user, _ = create_user(by, username=username, person=person, password="Test-pass-2026")
    User.objects.filter(pk=user.pk).update(must_change_password=False)
    user.refresh_from_db()
    return user


def content(
    organization: Organization,
    kind: str,
    day: date,
    *,
    group: Organization | None = None,
    decision: str = "由值班班长牵头核对器材",
    absent: int = 0,
) -> MeetingInput:
    """An ordinary meeting of ``kind``: everybody due is present but the last ``absent``."""
    due = expected_roll(organization, group, (kind,), day)
    roll = tuple(
        RollLine(p.person_id, p.role, "absent" if number >= len(due) - absent else "present")
        for number, p in enumerate(due)
    )
    return MeetingInput(
        kinds=(kind,),
        held_on=day,
        group_id=group.pk if group else None,
        place="学习室",
        chair_id=due[0].person_id if due else None,
        recorder_id=due[-1].person_id if due else None,
        lecturer="东甲" if kind == "party_lesson" else "",
        minutes="研究本月工作。",
        roll=roll,
        agenda=(
            AgendaInput(
                "研究器材管理",
                discussion="三名同志发言",
                speakers=3,
                resolutions=(ResolutionInput(decision, "东乙", day.replace(day=28)),),
            ),
        ),
    )


def hold(
    corps: Corps,
    kind: str,
    day: date,
    *,
    who: str = "secretary",
    organization: Organization | None = None,
    group: Organization | None = None,
    filed_on: date | None = None,
    late_reason: str = "",
) -> Meeting:
    """Log and file a meeting of ``kind`` on ``day``, written on ``filed_on`` (default the same day)."""
    place = organization or corps.alpha
    with clock.at(moment(filed_on or day, 18)):
        by = corps.actor(who)
        entered = content(place, kind, day, group=group)
        if late_reason:
            from dataclasses import replace

            entered = replace(entered, late_reason=late_reason)
        meeting = meetings.start_meeting(by, place, entered)
        meetings.submit_and_file(by, meeting, meeting.version)
        meeting.refresh_from_db()
        return meeting
