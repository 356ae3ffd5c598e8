"""What a night must have written, read with plain SQL by somebody who is not the portal."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

import psycopg2

OWED = """
WITH seated AS (
  SELECT organization_id AS id FROM branches_appointment
  WHERE office IN ('secretary', 'deputy_secretary', 'organisation_member', 'publicity_member',
    'discipline_member', 'committee_member') AND until IS NULL
  GROUP BY 1 HAVING count(DISTINCT person_id) >= 3
)
SELECT duty, o.id FROM branches_organization o, (VALUES
  ('theme_day', '2026-10'), ('members_meeting', '2026Q4'), ('party_lesson', '2026Q4')) AS d (duty, period)
WHERE o.kind = 'branch'
UNION ALL SELECT 'committee_meeting', o.id FROM branches_organization o JOIN seated USING (id)
WHERE o.kind = 'branch'
UNION ALL SELECT 'group_meeting', o.id FROM branches_organization o WHERE o.kind = 'group'
"""
"""What every branch, every branch with a committee and every group owes once, by the regulations."""
FOUND = "SELECT duty_id, holder_id FROM supervision_occurrence WHERE period IN ('2026-10', '2026Q4')"
COMMITTEES = """
SELECT id FROM branches_organization WHERE kind = 'committee' AND level IN ('corps', 'detachment')
"""
TOLD = f"""
SELECT DISTINCT a.organization_id, u.id FROM branches_appointment a JOIN accounts_user u USING (person_id)
WHERE a.office IN ('political_director', 'political_officer') AND a.until IS NULL
  AND a.organization_id IN ({COMMITTEES})
"""
NOTICES = """
SELECT b.organization_id, n.user_id FROM core_notice n
JOIN reports_bulletin b ON n.key LIKE 'reports.bulletin:' || b.id || ':%'
"""
BULLETINS = """
SELECT c.organization_id FROM reports_cycle c JOIN reports_bulletin b ON b.cycle_id = c.id
WHERE c.kind = 'monthly' AND c.period = '2026-09' AND c.state = 'drafted'
"""
CLOSINGS = "SELECT organization_id FROM core_auditentry WHERE verb = '封账'"
COUNTED = "SELECT coalesce(sum((after ->> '新增')::int), 0) FROM core_auditentry WHERE verb = '生成待办事项'"
FIGURES_TWICE = """
SELECT count(*) FROM (SELECT 1 FROM reports_figure f JOIN reports_cycle c ON c.id = f.cycle_id
  GROUP BY c.organization_id, c.period, c.kind, f.organization_id, f.code HAVING count(*) > 1) AS twice
"""
UNFINISHED = "SELECT count(*) FROM core_job WHERE state <> 'done'"
JOBS = """
SELECT count(*) FILTER (WHERE state = 'done'), count(*), count(*) FILTER (WHERE attempt > 1)
FROM core_job WHERE kind IN ('supervision.day', 'supervision.portion', 'reports.due', 'reports.cycle')
"""
WAITING = "SELECT count(*) FROM core_dirtymonth"
DIGESTED = (
    "SELECT duty_id, holder_id, organization_id, period, number, opens_on, due_on, state, closed_on, "
    "recorded_late, reason FROM supervision_occurrence ORDER BY 1, 2, 4, 5",
    "SELECT organization_id, kind, period, state, freezes_on FROM reports_cycle ORDER BY 1, 2, 3",
    "SELECT c.organization_id, c.kind, c.period, f.organization_id, f.code, f.parent_id, f.owed, f.done, f.late, "
    "f.waived, f.recorded_late FROM reports_figure f JOIN reports_cycle c ON c.id = f.cycle_id ORDER BY 1, 2, 3, 4, 5",
    "SELECT organization_id, version, title, addressee, sections::text, state FROM reports_bulletin ORDER BY 1, 2, 3",
    "SELECT user_id, text FROM core_notice ORDER BY 1, 2",
    "SELECT organization_id, code, month, owed, done, open, waived, own_open FROM supervision_dutymonth "
    "ORDER BY 1, 2, 3",
    "SELECT verb, organization_id, after::text FROM core_auditentry ORDER BY 1, 2, 3",
)
"""All that a night writes, but keys and hours, in an order that does not depend on who came first."""


def ask(url: str, statement: str) -> list[tuple[Any, ...]]:
    """The rows of ``statement``; raises OperationalError while the server is away."""
    connection = psycopg2.connect(url)
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.commit()
        connection.close()


def one(url: str, statement: str) -> int:
    """The only number of ``statement``."""
    return int(ask(url, statement)[0][0])


def digest(url: str) -> str:
    """The first characters of a digest of all ordered rows."""
    rows = hashlib.sha256()
    for statement in DIGESTED:
        rows.update(repr(ask(url, statement)).encode())
    return rows.hexdigest()[:12]


@dataclass
class Tally:
    """What was expected, what is there, and what is missing, twice or wrong."""

    expected: int
    found: int
    lost: int
    doubled: int
    wrong: list[str] = field(default_factory=list)


def compare(name: str, expected: list[tuple[Any, ...]], found: list[tuple[Any, ...]]) -> Tally:
    """``found`` beside ``expected``, row by row: what nobody owed counts as doubled."""
    wanted, there = set(expected), set(found)
    lost, doubled = len(wanted - there), len(found) - len(there & wanted)
    words = [f"{name}: {lost} lost, {doubled} doubled"] if lost or doubled else []
    return Tally(len(expected), len(found), lost, doubled, words)


def audit(url: str) -> tuple[Tally, list[str]]:
    """The duties of the night, and every complaint about it; an empty list is a good night."""
    committees = ask(url, COMMITTEES)
    duties = compare("duties", ask(url, OWED), ask(url, FOUND))
    complaints = list(duties.wrong)
    for name, expected, found in (
        ("bulletins", committees, ask(url, BULLETINS)),
        ("closings in the audit trail", committees, ask(url, CLOSINGS)),
        ("notices", ask(url, TOLD), ask(url, NOTICES)),
    ):
        complaints += compare(name, expected, found).wrong
    if (told := one(url, COUNTED)) != duties.found:
        complaints.append(f"the audit trail tells of {told} new duties, there are {duties.found}")
    if twice := one(url, FIGURES_TWICE):
        complaints.append(f"figures: {twice} doubled")
    if failed := one(url, UNFINISHED):
        complaints.append(f"jobs: {failed} not done")
    return duties, complaints
