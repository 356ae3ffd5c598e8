"""One record of each kind in the state that each route is about, in the branch of ``secretary``."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date
from typing import Any

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.actions import create_user
from assessments import actions as assessments
from assessments.models import Indicator, Scheme
from branches.actions import found
from branches.models import Appointment
from core import clock, jobs
from core.actor import system
from core.models import Document, Job, Notice
from core.periods import Period
from meetings import actions as meetings
from meetings.models import Resolution
from members import actions as members
from members.models import Member, Stay
from regulations.models import Parameter
from reports import actions as reports
from reports.models import Bulletin, Figure
from supervision import actions as duties
from supervision.models import Occurrence
from tests.corps import Corps, content, hold, moment

TODAY = date(2026, 11, 10)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@dataclass
class Stage:
    """The corps and the arguments of each route's address by a short word."""

    corps: Corps
    arguments: dict[str, dict[str, Any]]


def build(corps: Corps) -> Stage:
    """Set everything up by the real actions; call with the clock at ``TODAY``."""
    stay = _stay(corps)
    for month in (10, 11):
        with clock.at(moment(date(2026, month, 1))):
            duties.generate(system("测试"), date(2026, month, 1))
    filed = hold(corps, "committee_meeting", date(2026, 10, 12))
    arguments: dict[str, dict[str, Any]] = {
        "": {},
        "stay": {"pk": stay.pk},
        "host": {"pk": stay.organization_id},
    }
    _meetings(corps, arguments, filed)
    _duties(corps, arguments)
    _rounds(corps, arguments)
    _bulletins(corps, arguments)
    _rest(corps, arguments)
    return Stage(corps, arguments)


def _stay(corps: Corps) -> Stay:
    """The user ``member`` takes part in a temporary branch of the detachment."""
    host = found(
        system("测试"),
        code="T1",
        name="驻防分队临时党支部",
        short_name="驻防临时党支部",
        kind="branch",
        parent=corps.detachment,
        temporary=True,
    )
    member = Member.objects.get(person=corps.users["member"].person)
    terms = members.Terms(kind="task", since=date(2026, 11, 1), reason="靠前驻防")
    return members.lend(corps.actor("politics"), member, host, terms)


def _meetings(corps: Corps, arguments: dict[str, dict[str, Any]], filed: Any) -> None:
    by = corps.actor("secretary")
    draft = meetings.start_meeting(by, corps.alpha, content(corps.alpha, "theme_day", TODAY))
    upload = SimpleUploadedFile("方案.pdf", PDF, "application/pdf")
    attachment = meetings.attach(by, draft, upload)
    draft.refresh_from_db()
    handed = meetings.start_meeting(by, corps.alpha, content(corps.alpha, "party_lesson", TODAY))
    meetings.submit_meeting(by, handed, handed.version)
    for job in Job.objects.filter(kind="meetings.minutes_pdf"):
        jobs.run(job.pk)
    resolution = Resolution.objects.filter(item__meeting=filed).first()
    assert resolution is not None
    document = Document.objects.get(subject=filed.subject)
    arguments |= {
        "filed": {"pk": filed.pk},
        "closing": {"meeting": filed.pk},
        "draft": {"pk": draft.pk},
        "submitted": {"pk": handed.pk},
        "attachment": {"pk": draft.pk, "attachment": attachment.pk},
        "minutes": {"pk": filed.pk, "kind": "pdf"},
        "resolution": {"pk": resolution.pk},
        "branch": {"organization": corps.alpha.pk},
        "document": {"pk": document.pk},
    }


def _duties(corps: Corps, arguments: dict[str, dict[str, Any]]) -> None:
    rows = Occurrence.objects.filter(organization=corps.alpha, duty="theme_day").order_by("due_on")
    late, now = rows[0], rows[1]
    duties.waive(corps.actor("politics"), late, "增援在外")
    arguments |= {"waived": {"pk": late.pk}, "open": {"pk": now.pk}}


def _rounds(corps: Corps, arguments: dict[str, dict[str, Any]]) -> None:
    by = corps.actor("politics")
    round_ = assessments.open_round(by, corps.alpha, Scheme.objects.get(), Period.parse("2026Q4"))
    score = round_.scores.get(indicator__code="A1")
    manual = Indicator.objects.get(scheme=round_.scheme, code="B1")
    arguments |= {
        "round": {"pk": round_.pk},
        "score_rows": {"pk": round_.pk, "score": score.pk},
        "manual": {"pk": round_.pk, "indicator": manual.pk},
    }


def _bulletins(corps: Corps, arguments: dict[str, dict[str, Any]]) -> None:
    reviewed = _cycle(corps, "monthly", "2026-10")
    reports.review_bulletin(corps.actor("politics"), reviewed)
    issued = _cycle(corps, "quarterly", "2026Q3")
    reports.review_bulletin(corps.actor("politics"), issued)
    reports.issue_bulletin(corps.actor("leader"), issued)
    jobs.run(Job.objects.get(kind="reports.bulletin_paper").pk)
    draft = _cycle(corps, "monthly", "2026-09")
    figure = Figure.objects.filter(cycle=reviewed.cycle).first()
    assert figure is not None
    arguments |= {
        "bulletin_draft": {"pk": draft.pk},
        "bulletin_reviewed": {"pk": reviewed.pk},
        "bulletin_issued": {"pk": issued.pk},
        "bulletin_file": {"pk": issued.pk, "kind": "pdf"},
        "cycle": {"pk": reviewed.cycle_id},
        "figure": {"pk": reviewed.cycle_id, "figure": figure.pk},
    }


def _cycle(corps: Corps, kind: str, period: str) -> Bulletin:
    job = reports.submit_cycle(system("测试"), kind, Period.parse(period), corps.detachment)
    jobs.run(job.pk)
    return Bulletin.objects.get(cycle__kind=kind, cycle__period=period)


def _rest(corps: Corps, arguments: dict[str, dict[str, Any]]) -> None:
    job = jobs.submit(
        "reports.cycle",
        key="matrix:failed",
        owner=corps.users["politics"],
        title="测试任务",
        payload={"kind": "monthly", "period": "2026-08", "organization": corps.detachment.pk},
    )
    Job.objects.filter(pk=job.pk).update(state="failed")
    notice = Notice.objects.create(
        user=corps.users["politics"], key="matrix", text="测试消息", url="/", created_at=clock.now()
    )
    member = Member.objects.get(person=corps.users["member"].person)
    exemption = members.exempt(corps.actor("secretary"), member, reason="abroad", since=TODAY)
    batch = members.upload(
        corps.actor("politics"), organization=corps.alpha, content=roster(), name="花名册.xlsx"
    )
    jobs.run(Job.objects.get(key__contains=str(batch.pk)).pk)
    post = Appointment.objects.filter(organization=corps.alpha, office="publicity_member").get()
    arguments |= {
        "job": {"pk": job.pk},
        "notice": {"pk": notice.pk},
        "organization": {"pk": corps.alpha.pk},
        "holder": {"pk": corps.users["secretary"].person_id},
        "member": {"pk": member.pk},
        "exemption": {"pk": exemption.pk},
        "waiting": {"pk": create_user(system("测试"), username="waiting")[0].pk},
        "spare": {"pk": create_user(system("测试"), username="spare", admin_role="auditadmin")[0].pk},
        "user": {"pk": corps.users["member"].pk},
        "rule": {"rule": "MT-03"},
        "parameter": {"pk": Parameter.objects.filter(clause__rule="MT-02").values_list("pk", flat=True)[0]},
        "batch": {"pk": batch.pk},
        "post": {"pk": post.pk},
        "value": {"pk": corps.alpha.pk, "code": "MT-11.times"},
    }


def roster() -> bytes:
    """A workbook with one line."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["姓名", "身份证号", "人员类别", "所在党支部", "入党时间"])
        sheet.write_row(1, 0, ["周某", "110101199003070054", "国家消防员", "东站党支部", "2015-07-01"])
    return content.getvalue()
