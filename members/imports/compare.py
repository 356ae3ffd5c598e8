"""What a line would change in the register: new, changed, same, or an error that only the register knows."""

from __future__ import annotations

from datetime import date
from typing import Any

from accounts.models import Person
from accounts.queries import phone_index
from accounts.rules import mask_phone
from members.choices import WITHOUT_RANK, Precision, Stage
from members.imports.parse import DATES, Entry, Known, Limits, check_probation
from members.imports.places import Places
from members.imports.values import Moment
from members.models import Member

ELSEWHERE = "此人现在册于本组织以外的党组织，请先办理组织关系转接"
MISSING = "所在党支部未填写"
BACKWARDS = "与在册的党员身份不一致，请在人员页面办理变更"
DETAILS = ("category", "rank", "duty", "ethnicity", "native_place", "education")
PERSONAL = ("name", "sex", "born_on")
ORDER = list(Stage)


def compare(entry: Entry, places: Places, limits: Limits) -> None:
    """Set ``status`` and ``changes`` of ``entry``; an entry with errors stays an error."""
    known = entry.known
    member = known.member if known else None
    active = member if member is not None and member.active else None
    if active is not None and active.organization_id not in places.names:
        entry.wrong("id_number", ELSEWHERE)
    else:
        _settle_stage(entry, active, limits)
        _against(entry, known, active, places)
    if entry.errors:
        entry.status, entry.changes = "error", {}
    elif active is None:
        entry.status = "new"
    else:
        entry.status = "changed" if entry.changes else "same"


def _settle_stage(entry: Entry, member: Member | None, limits: Limits) -> None:
    """The stage that the line tells of: named, else by its dates; never backwards."""
    named, facts = entry.facts.get("stage"), entry.facts
    by_dates = Stage.FULL if "full_on" in facts else Stage.PROBATIONARY if "joined_on" in facts else None
    stage = named or by_dates
    if member is not None:
        held = ORDER.index(Stage(member.stage))
        if named and ORDER.index(Stage(named)) < held:
            entry.wrong("stage", BACKWARDS, Stage(named).label)
        if stage is None or ORDER.index(Stage(stage)) < held:
            stage = member.stage
    elif stage is None:
        stage = Stage.APPLICANT
        entry.doubt("joined_on", "没有入党时间，按“申请人”登记，请核对")
    facts["stage"] = str(stage)
    check_probation(entry, str(stage), limits)


def _against(entry: Entry, known: Known | None, member: Member | None, places: Places) -> None:
    """Fill ``changes`` field by field; an empty cell never erases what is known."""
    facts = entry.facts
    if known is not None:
        for key in PERSONAL:
            if key in facts:
                _note(entry, key, _show(getattr(known.person, key)), _show(facts[key]))
        _note_phone(entry, known.person)
        if "name" in entry.changes:
            old = entry.changes["name"][0]
            entry.doubt("name", f"与在册姓名“{old}”不一致，导入即更正姓名", facts["name"])
    if member is None:
        if "organization" not in facts and not any(e.key == "organization" for e in entry.errors):
            entry.wrong("organization", MISSING)
        return
    if member.category in WITHOUT_RANK and "category" not in facts and "rank" in facts:
        entry.wrong("rank", "在册为政府专职消防员或消防文员，没有消防救援衔，请清空")
    for key in DETAILS:
        if key in facts:
            _note(entry, key, _word(member, key), _word(Member(**{key: facts[key]}), key))
    for key in DATES:
        if key in facts:
            _note_date(entry, key, member)
    _note(entry, "stage", member.get_stage_display(), Stage(facts["stage"]).label)
    _note_place(entry, member, places)


def _note(entry: Entry, key: str, old: str, new: str) -> None:
    """A difference, as the preview shows it."""
    if old != new:
        entry.changes[key] = (old, new)


def _note_date(entry: Entry, key: str, member: Member) -> None:
    """A date differs unless the sheet only says less exactly what is known."""
    new: Moment = entry.facts[key]
    day = getattr(member, key)
    precision = getattr(member, precision_field(key))
    if day and precision == Precision.DAY and new.precision == Precision.MONTH and new.day <= day <= new.last:
        del entry.facts[key]
        return
    old = Moment(day, precision) if day else None
    _note(entry, key, show_moment(old), show_moment(new))


def _note_phone(entry: Entry, person: Person) -> None:
    """Another phone number, shown masked."""
    number = entry.facts.get("phone", "")
    if number and person.phone_index != phone_index(number):
        entry.changes["phone"] = (person.phone_mask, mask_phone(number))


def _note_place(entry: Entry, member: Member, places: Places) -> None:
    """Branch and group; another branch is a transfer and says so."""
    facts = entry.facts
    branch = facts.get("organization")
    if branch and branch != member.organization_id:
        old, new = places.names[member.organization_id], places.names[branch]
        entry.changes["organization"] = (old, new)
        entry.doubt("organization", f"由“{old}”转入“{new}”，导入即登记组织关系转接", new)
    group = facts.get("group")
    if group and group != member.group_id:
        entry.changes["group"] = (places.names.get(member.group_id or 0, ""), places.names[group])


def precision_field(key: str) -> str:
    """``joined_on`` → ``joined_precision``."""
    return key.rsplit("_", 1)[0] + "_precision"


def show_moment(moment: Moment | None) -> str:
    """A date as the preview shows it, a month as a month."""
    if moment is None:
        return ""
    return f"{moment.day:%Y-%m}" if moment.precision == Precision.MONTH else moment.day.isoformat()


def _show(value: Any) -> str:
    """A personal fact as the preview shows it."""
    if isinstance(value, date):
        return value.isoformat()
    return {"male": "男", "female": "女"}.get(value, value or "")


def _word(member: Member, key: str) -> str:
    """A detail of a member in words."""
    display = getattr(member, f"get_{key}_display", None)
    return str(display() if display else getattr(member, key))
