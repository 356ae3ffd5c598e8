"""The papers of this room: the minutes of a filed meeting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from core.models import ChainEntry
from core.papers import (
    Element,
    Elements,
    Heading,
    Kind,
    Paper,
    Paragraph,
    Signature,
    Signatures,
    Trace,
    chinese_date,
    paragraphs,
)
from core.papers.paper import Block
from meetings.choices import Presence, RollRole
from meetings.queries import attachments

if TYPE_CHECKING:
    from collections.abc import Iterable

    from meetings.models import AgendaItem, Attendance, Meeting, Resolution, Vote

NONE = "无"


def minutes_paper(meeting: Meeting) -> Paper:
    """The minutes of a filed meeting, from the frozen rows alone (names as filed)."""
    return Paper(
        kind=Kind.RECORD,
        issuer=meeting.organization.name,
        number=meeting.number,
        title=f"{meeting.title}记录",
        subtitle=f"第{meeting.edition}版（更正）" if meeting.edition > 1 else "",
        blocks=(
            Elements(tuple(_elements(meeting))),
            *_agenda(meeting),
            *_text(meeting),
            *_files(meeting),
            _signatures(meeting),
        ),
        note=_note(meeting),
        trace=_trace(meeting),
    )


def file_name(meeting: Meeting, ending: str) -> str:
    """``滨河站党支部〔2026〕第12号 2026年10月支委会记录.pdf``; a later version says so."""
    tail = f"（第{meeting.edition}版）" if meeting.edition > 1 else ""
    return f"{meeting.number} {meeting.title}记录{tail}.{ending}"


def _elements(meeting: Meeting) -> Iterable[Element]:
    """Time, place, who led and wrote, and person by person who was there."""
    roll = list(meeting.roll.all())
    due = [row for row in roll if row.role != RollRole.OBSERVER]
    yield Element("会议种类", "、".join(kind.name for kind in meeting.kinds.all()))
    yield Element("时间", _time(meeting))
    yield Element("地点", meeting.place or "未填写")
    post = f"（{meeting.chair_post}）" if meeting.chair_post else ""
    yield Element("主持人", f"{_name(meeting.chair_id, roll)}{post}", half=True)
    yield Element("记录人", _name(meeting.recorder_id, roll), half=True)
    if meeting.lecturer:
        yield Element("主讲人", meeting.lecturer)
    yield Element("人数", _counts(meeting))
    if meeting.left_out:
        names = "、".join(name for _, name in meeting.left_out)
        yield Element("不计入应到会", f"{len(meeting.left_out)}人（{names}）")
    yield Element("出席", _names(due, Presence.PRESENT))
    yield Element("请假", _names(due, Presence.EXCUSED))
    yield Element("缺席", _names(due, Presence.ABSENT))
    yield Element("列席", _observers(meeting, roll))


def _time(meeting: Meeting) -> str:
    hours = [f"{moment:%H:%M}" for moment in (meeting.starts_at, meeting.ends_at) if moment]
    return "　".join([chinese_date(meeting.held_on), "—".join(hours)]).strip()


def _name(person_id: int | None, roll: list[Attendance]) -> str:
    """The name as filed: chair and recorder stand on the roll."""
    return next((row.name for row in roll if row.person_id == person_id), "")


def _counts(meeting: Meeting) -> str:
    return (
        f"应到{meeting.due}人（有表决权{meeting.voters_due}人），实到{meeting.present}人"
        f"（有表决权{meeting.voters_present}人），请假{meeting.excused}人，缺席{meeting.absent}人"
    )


def _names(rows: list[Attendance], presence: Presence) -> str:
    return "、".join(_said(row) for row in rows if row.presence == presence) or NONE


def _said(row: Attendance) -> str:
    words = [row.get_excuse_display() if row.excuse else "", row.note]
    said = "，".join(word for word in words if word)
    return f"{row.name}（{said}）" if said else row.name


def _observers(meeting: Meeting, roll: list[Attendance]) -> str:
    names = [row.name for row in roll if row.role == RollRole.OBSERVER]
    return "、".join([*names, *([meeting.observers] if meeting.observers else [])]) or NONE


def _agenda(meeting: Meeting) -> Iterable[Block]:
    for item in meeting.agenda.all():
        yield Heading(item.title)
        yield from _item(item)


def _item(item: AgendaItem) -> Iterable[Block]:
    """Discussion, vote, resolutions of one item."""
    yield from paragraphs(item.discussion)
    if item.speakers is not None:
        yield Paragraph(f"发言人数：{item.speakers}人。")
    vote = getattr(item, "vote", None)
    if vote is not None:
        yield Paragraph(_vote(vote))
    resolutions = list(item.resolutions.all())
    for number, resolution in enumerate(resolutions, 1):
        yield Paragraph(_resolution(resolution, number if len(resolutions) > 1 else 0))


def _vote(vote: Vote) -> str:
    """Totals only: who voted how is not known to the portal."""
    parts = [f"赞成{vote.in_favour}", f"反对{vote.against}", f"弃权{vote.abstain}"]
    if vote.issued is not None and vote.returned is not None:
        parts = [f"发出{vote.issued}", f"收回{vote.returned}", f"无效{vote.void}", *parts]
    if vote.written_in_favour:
        parts.append(f"会前书面赞成{vote.written_in_favour}")
    result = {True: "，宣布通过", False: "，宣布未通过", None: ""}[vote.passed]
    return f"表决（{vote.get_method_display()}）：{'、'.join(parts)}{result}。"


def _resolution(resolution: Resolution, number: int) -> str:
    owner = f"责任人：{resolution.owner}" if resolution.owner else ""
    until = f"完成时限：{chinese_date(resolution.due_on)}" if resolution.due_on else ""
    terms = "，".join(term for term in (owner, until) if term)
    return f"决议{number or ''}：{resolution.text}{f'（{terms}）' if terms else ''}"


def _text(meeting: Meeting) -> Iterable[Block]:
    if meeting.minutes:
        yield Heading("会议记录")
        yield from paragraphs(meeting.minutes)


def _files(meeting: Meeting) -> Iterable[Block]:
    files = attachments(meeting)
    if files:
        yield Heading("附件材料")
        for number, row in enumerate(files, 1):
            yield Paragraph(f"{number}. {row.file.name}")


def _signatures(meeting: Meeting) -> Signatures:
    roll = list(meeting.roll.all())
    return Signatures(
        (
            Signature("主持人", _name(meeting.chair_id, roll)),
            Signature("记录人", _name(meeting.recorder_id, roll)),
        )
    )


def _note(meeting: Meeting) -> str:
    """When it was written down if not at once, and why it was corrected."""
    late = meeting.late_reason and meeting.recorded_on
    words = [
        f"本记录于{chinese_date(meeting.recorded_on)}补录，原因：{meeting.late_reason}"
        if late and meeting.recorded_on
        else "",
        f"更正原因：{meeting.correction_reason}" if meeting.correction_reason else "",
    ]
    return "；".join(word for word in words if word)


def _trace(meeting: Meeting) -> Trace | None:
    """The way back to the record: its number, its digest in the chain, its page."""
    link = ChainEntry.objects.filter(subject=meeting.subject).first()
    if link is None:
        return None
    home = getattr(settings, "PORTAL_URL", "http://127.0.0.1:8000")
    return Trace(meeting.number, link.content_digest[:32], f"{home}{meeting.get_absolute_url()}")
