"""The work of the months in set SQL: what was owed, the meetings that closed it, who was there.

Chance is arithmetic on keys, so that the same seed gives the same rows on both databases.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db import connection

from branches.choices import Office
from branches.queries import parameter
from config.management.scale import bulk
from config.management.scale.plan import Plan, moment
from core.models import Sequence
from core.periods import Period
from core.text import bigrams
from meetings.models import AgendaItem, Attendance, Meeting, MeetingKind
from supervision.choices import Holder, State
from supervision.models import Duty, Occurrence

SLOTS = 8
"""Days within a period on which a meeting may have been held; one more stands for those recorded late."""
LATE = SLOTS
PER_MILLE = {"waived": 5, "missing": 60, "late": 35}
"""How many of a thousand were waived, never held, recorded after the last day."""
PRESENT, EXCUSED = 88, 97
"""Of a hundred due so many are present, up to the second number excused, the others absent."""
UUID = {
    "postgresql": "lpad(to_hex(o.id), 32, '0')::uuid",
    "sqlite": "printf('%%032x', o.id)",
}
BODIES = {Holder.BRANCH: "members", Holder.BRANCH_WITH_COMMITTEE: "committee", Holder.GROUP: "group"}
ROLL = """
CREATE TEMPORARY TABLE scale_roll AS
SELECT body, holder, person, name, role, since, row_number() OVER (
    PARTITION BY body, holder ORDER BY seat, pinyin, person) - 1 AS position
FROM (
  SELECT 'members' AS body, m.organization_id AS holder, p.id AS person, p.name, p.pinyin, s.since,
    CASE s.stage WHEN 'full' THEN 'voter' ELSE 'nonvoter' END AS role, coalesce(a.seat, 9) AS seat
  FROM members_membership m JOIN accounts_person p ON p.id = m.person_id
  JOIN members_standing s ON s.person_id = p.id AND s.until IS NULL AND s.stage IN ('full', 'probationary')
  LEFT JOIN scale_seat a ON a.person = p.id AND a.organization = m.organization_id
  UNION ALL
  SELECT 'committee', a.organization, p.id, p.name, p.pinyin, a.since, 'voter', a.seat
  FROM scale_seat a JOIN accounts_person p ON p.id = a.person
  UNION ALL
  SELECT 'group', m.group_id, p.id, p.name, p.pinyin, s.since,
    CASE s.stage WHEN 'full' THEN 'voter' ELSE 'nonvoter' END, 0
  FROM members_membership m JOIN accounts_person p ON p.id = m.person_id
  JOIN members_standing s ON s.person_id = p.id AND s.until IS NULL AND s.stage IN ('full', 'probationary')
  WHERE m.group_id IS NOT NULL
) AS everybody
"""
SEATS = f"""
CREATE TEMPORARY TABLE scale_seat AS
SELECT organization_id AS organization, person_id AS person, since,
  CASE office WHEN '{Office.SECRETARY}' THEN 0 WHEN '{Office.DEPUTY_SECRETARY}' THEN 1
    WHEN '{Office.ORGANISATION_MEMBER}' THEN 2 WHEN '{Office.PUBLICITY_MEMBER}' THEN 3 ELSE 4 END AS seat
FROM branches_appointment a JOIN branches_organization o ON o.id = a.organization_id
WHERE o.kind = 'branch'
"""
HOLDERS = f"""
CREATE TEMPORARY TABLE scale_holder AS
SELECT o.id AS holder, coalesce(h.id, o.id) AS organization, o.kind,
  CASE WHEN o.kind = 'group' THEN o.id END AS grp,
  CASE WHEN o.kind = 'group' THEN 'group' WHEN d.holder = 'branch_with_committee' THEN 'committee'
    ELSE 'members' END AS body,
  coalesce(l.person_id, b.person) AS chair, CASE WHEN o.kind = 'group' THEN 'x' ELSE '' END AS leads,
  u.id AS account, d.code AS duty, d.kind_id, d.position
FROM supervision_duty d
JOIN branches_organization o ON o.kind = CASE d.holder WHEN 'group' THEN 'group' ELSE 'branch' END
LEFT JOIN branches_organization h ON o.kind = 'group' AND h.id = o.parent_id
JOIN scale_seat b ON b.organization = coalesce(h.id, o.id) AND b.seat = 0
LEFT JOIN branches_appointment l ON l.organization_id = o.id AND l.office = '{Office.GROUP_LEADER}'
JOIN accounts_user u ON u.person_id = b.person
WHERE d.active AND d.holder IN ('branch', 'branch_with_committee', 'group')
  AND (d.holder <> 'branch_with_committee'
       OR (SELECT count(*) FROM scale_seat s WHERE s.organization = o.id) >= %s)
"""
WHO = """
CREATE TEMPORARY TABLE scale_who AS
SELECT h.*, (SELECT r.person FROM scale_roll r WHERE r.body = h.body AND r.holder = h.holder
  AND r.person <> h.chair AND r.since <= %s ORDER BY r.position LIMIT 1) AS recorder
FROM scale_holder h
"""
CHANCE = "((h.holder * 7919 + p.ordinal * 104729 + %s) %% 10007) %% 1000"


def write(plan: Plan) -> dict[str, int]:
    """Occurrences, meetings with kinds, agenda and rolls; returns how many of each."""
    _prepare(plan)
    kinds = Meeting.kinds.through
    counts: dict[str, int] = {}
    with bulk.without_keys(Occurrence, Meeting, kinds, AgendaItem, Attendance):
        counts["occurrences"] = _occurrences(plan)
        bulk.run(f"ANALYZE {Occurrence._meta.db_table}")  # else the planner takes it for empty
        counts["meetings"] = _meetings()
        bulk.select_into(kinds, {"meeting_id": "o.id", "meetingkind_id": "w.kind_id"}, CLOSED, [])
        bulk.select_into(
            AgendaItem,
            {"id": "o.id", "meeting_id": "o.id", "position": "1", "topic": "'study'", "title": "s.item"},
            CLOSED,
            [],
        )
        counts["attendances"] = _attendances()
    _numbers()
    for name in ("who", "holder", "roll", "seat", "slot", "period"):
        bulk.run(f"DROP TABLE scale_{name}")
    return counts


def _prepare(plan: Plan) -> None:
    """The helper tables: seats, rolls, who owes what, periods, days."""
    bulk.run(SEATS)
    bulk.run(ROLL)
    bulk.run("CREATE INDEX scale_roll_holder ON scale_roll (body, holder)")
    bulk.run("CREATE INDEX scale_seat_organization ON scale_seat (organization, seat)")
    bulk.run(HOLDERS, int(parameter("CM-02.least", None, plan.begin).value))
    bulk.run(WHO, plan.begin)
    duties = list(Duty.objects.filter(active=True, holder__in=BODIES).select_related("kind"))
    bulk.helper(
        "scale_period",
        "duty text, key text, ordinal integer, opens date, due date, number integer",
        (row for duty in duties for row in _periods(plan, duty)),
    )
    bulk.helper(
        "scale_slot",
        "duty text, key text, slot integer, held date, filed timestamp with time zone, recorded date, "
        "year integer, late integer, title text, search text, item text",
        (row for duty in duties for period in _of(plan, duty) for row in _slots(plan, duty, period)),
    )
    bulk.run("CREATE UNIQUE INDEX scale_who_holder ON scale_who (holder, duty)")
    bulk.run("CREATE UNIQUE INDEX scale_slot_day ON scale_slot (duty, key, slot)")
    bulk.run("ANALYZE")


def _of(plan: Plan, duty: Duty) -> list[Period]:
    return plan.periods(parameter(duty.period_parameter, None, plan.begin).value)


def _periods(plan: Plan, duty: Duty) -> Iterator[tuple[Any, ...]]:
    owed = int(parameter(duty.count_parameter, None, plan.begin).value)
    for place, period in enumerate(_of(plan, duty)):
        for number in range(1, owed + 1):
            yield duty.pk, period.key, place * 7 + number, period.start, period.end, number


def _slots(plan: Plan, duty: Duty, period: Period) -> Iterator[tuple[Any, ...]]:
    """The days on which meetings of a period were held and filed, as far as they lie before the day."""
    days = (period.end - period.start).days
    item = _item(duty.kind)
    for slot in range(SLOTS + 1):
        held = period.start + timedelta(days=2 + (days - 4) * (slot % SLOTS) // (SLOTS - 1))
        late = slot == LATE
        recorded = period.end + timedelta(days=3) if late else held
        if recorded >= plan.on:
            continue
        title = f"{held:%Y}年{held.month}月{duty.kind.name}"
        search = bigrams(f"{title} {item}")
        filed = moment(recorded, 18)
        yield duty.pk, period.key, slot, held, filed, recorded, held.year, int(late), title, search, item


def _item(kind: MeetingKind) -> str:
    """The item that the form offers first."""
    return str(kind.agenda[0]["title"]) if kind.agenda else kind.name


def _occurrences(plan: Plan) -> int:
    """What every holder owes in every period, and how it ended."""
    waived = PER_MILLE["waived"]
    missing = waived + PER_MILLE["missing"]
    late = missing + PER_MILLE["late"]
    state = (
        f"CASE WHEN c.chance < {waived} AND c.due < %s THEN '{State.WAIVED}' "
        f"WHEN c.chance < {missing} OR s.slot IS NULL THEN '{State.OPEN}' ELSE '{State.CLOSED}' END"
    )
    closed = f"c.chance >= {missing} AND s.slot IS NOT NULL"
    was_waived = f"c.chance < {waived} AND c.due < %s"
    on, started = bulk.adapted(plan.on), bulk.adapted(plan.started)
    given = {
        "id": "row_number() OVER (ORDER BY c.due, c.position, c.holder, c.number)",
        "duty_id": "c.duty",
        "organization_id": "c.organization",
        "holder_id": "c.holder",
        "period": "c.key",
        "number": "c.number",
        "opens_on": "c.opens",
        "due_on": "c.due",
        "state": state,
        "meeting_id": f"CASE WHEN {closed} THEN "
        "row_number() OVER (ORDER BY c.due, c.position, c.holder, c.number) END",
        "closed_on": f"CASE WHEN {closed} THEN s.held END",
        "recorded_late": f"CASE WHEN {closed} AND s.late = 1 THEN %s ELSE %s END",
        "reason": f"CASE WHEN {was_waived} THEN '全员执行增援任务' ELSE '' END",
        "decided_by_id": f"CASE WHEN {was_waived} THEN (SELECT min(id) FROM accounts_user "
        "WHERE username LIKE 'politics%%') END",
        "created_at": "%s",
    }
    source = (
        f"FROM (SELECT h.*, p.key, p.ordinal, p.opens, p.due, p.number, {CHANCE} AS chance "
        "FROM scale_who h JOIN scale_period p ON p.duty = h.duty) AS c "
        f"LEFT JOIN scale_slot s ON s.duty = c.duty AND s.key = c.key AND s.slot = "
        f"CASE WHEN c.chance < {late} THEN {LATE} ELSE (c.holder + c.ordinal) %% {SLOTS} END"
    )
    return bulk.select_into(Occurrence, given, source, [on, True, False, on, on, started, plan.seed])


CLOSED = (
    "FROM supervision_occurrence o "
    "JOIN scale_who w ON w.holder = o.holder_id AND w.duty = o.duty_id "
    "JOIN scale_slot s ON s.duty = o.duty_id AND s.key = o.period AND s.held = o.closed_on "
    "AND s.late = CASE WHEN o.recorded_late THEN 1 ELSE 0 END "
    "WHERE o.meeting_id IS NOT NULL ORDER BY o.id"
)
DICE = "(m.id %% 100003 * 7919 + r.person * 104729) %% 10007"
PRESENCE = (
    f"CASE WHEN r.person = m.chair_id OR r.person = m.recorder_id OR {DICE} %% 100 < {PRESENT} "
    f"THEN 'present' WHEN {DICE} %% 100 < {EXCUSED} THEN 'excused' ELSE 'absent' END"
)
ROLLED = (
    "(SELECT o.id, w.body, w.holder, o.closed_on AS held_on, w.chair AS chair_id, "
    "w.recorder AS recorder_id FROM supervision_occurrence o "
    "JOIN scale_who w ON w.holder = o.holder_id AND w.duty = o.duty_id WHERE o.meeting_id IS NOT NULL) m "
    "JOIN scale_roll r ON r.body = m.body AND r.holder = m.holder AND r.since <= m.held_on"
)


def _meetings() -> int:
    """A meeting for every duty that was closed, with the counters of its roll."""
    counted = (
        "JOIN (SELECT e.id, count(*) AS due, sum(e.voter) AS voters, "
        "sum(CASE e.presence WHEN 'present' THEN 1 ELSE 0 END) AS here, "
        "sum(CASE e.presence WHEN 'present' THEN e.voter ELSE 0 END) AS voters_here, "
        "sum(CASE e.presence WHEN 'excused' THEN 1 ELSE 0 END) AS excused "
        "FROM (SELECT m.id, CASE r.role WHEN 'voter' THEN 1 ELSE 0 END AS voter, "
        f"{PRESENCE} AS presence FROM {ROLLED}) AS e GROUP BY e.id) AS n ON n.id = o.id "
    )
    label, leader = str(Office.SECRETARY.label), str(Office.GROUP_LEADER.label)
    given = {
        "id": "o.id",
        "uuid": UUID[connection.vendor],
        "organization_id": "o.organization_id",
        "group_id": "w.grp",
        "title": "s.title",
        "held_on": "s.held",
        "starts_at": "'15:00:00'",
        "ends_at": "'16:30:00'",
        "place": "'学习室'",
        "chair_id": "w.chair",
        "chair_post": f"CASE WHEN w.grp IS NULL THEN '{label}' ELSE '{leader}' END",
        "recorder_id": "w.recorder",
        "lecturer": "CASE w.kind_id WHEN 'party_lesson' THEN c.name ELSE '' END",
        "minutes": "'会议按议程进行，与会同志结合岗位实际发言，明确了下步工作。'",
        "state": "'filed'",
        "version": "3",  # started, submitted, filed
        "number": "b.short_name || '〔' || s.year || '〕第' || row_number() OVER "
        "(PARTITION BY o.organization_id, s.year ORDER BY s.filed, o.id) || '号'",
        "late_reason": "CASE s.late WHEN 1 THEN '执行增援任务，归队后补录' ELSE '' END",
        "due": "n.due",
        "voters_due": "n.voters",
        "present": "n.here",
        "voters_present": "n.voters_here",
        "excused": "n.excused",
        "absent": "n.due - n.here - n.excused",
        "created_at": "s.filed",
        "created_by_id": "w.account",
        "recorded_on": "s.recorded",
        "submitted_at": "s.filed",
        "submitted_by_id": "w.account",
        "filed_at": "s.filed",
        "filed_by_id": "w.account",
        "search": "s.search",
    }
    joins = f"{counted} JOIN branches_organization b ON b.id = o.organization_id "
    joins += "JOIN accounts_person c ON c.id = w.chair "
    if connection.vendor == "postgresql":
        given |= {"starts_at": "'15:00:00'::time", "ends_at": "'16:30:00'::time"}
    return bulk.select_into(Meeting, given, CLOSED.replace("WHERE", f"{joins} WHERE"), [])


def _attendances() -> int:
    """Everybody due at each meeting, in the order of the register."""
    given = {
        "meeting_id": "e.id",
        "person_id": "e.person",
        "name": "e.name",
        "role": "e.role",
        "presence": "e.presence",
        "excuse": "CASE WHEN e.presence = 'excused' THEN "
        "CASE e.dice %% 4 WHEN 0 THEN 'on_call' WHEN 1 THEN 'on_duty' WHEN 2 THEN 'sick' ELSE 'leave' END "
        "ELSE '' END",
        "position": "e.position",
    }
    source = (
        f"FROM (SELECT m.id, r.person, r.name, r.role, r.position, {PRESENCE} AS presence, {DICE} AS dice "
        f"FROM {ROLLED}) AS e ORDER BY e.id, e.position"
    )
    return bulk.select_into(Attendance, given, source, [])


def _numbers() -> None:
    """The last number given in the series of each organisation and year."""
    bulk.select_into(
        Sequence,
        {"name": "'meeting:' || o.organization_id || ':' || s.year", "last": "count(*)"},
        CLOSED.replace("ORDER BY o.id", "GROUP BY o.organization_id, s.year"),
        [],
    )
