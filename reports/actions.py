"""The only writers of cycles and bulletins: open, freeze, word, review, issue, reissue."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from branches.choices import COMMITTEE_OFFICES, POLITICAL_OFFICES, Office
from branches.models import Appointment, Organization
from core import audit, clock, jobs, rollups
from core.actor import Actor, system
from core.decisions import ActionError, StaleRecord, require
from core.files import keep
from core.models import Document, Job, Notice
from core.numbers import lock_series
from core.papers import paper_docx, paper_pdf
from core.periods import Period
from reports import queries, rules
from reports.choices import BulletinState, CycleKind, CycleState
from reports.documents import bulletin_paper, file_name
from reports.models import Bulletin, Cycle, Figure
from reports.permissions import (
    can_issue,
    can_reissue,
    can_return,
    can_review,
    can_run_cycle,
    can_word,
)

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@transaction.atomic
def submit_cycle(by: Actor, kind: str, period: Period, organization: Organization) -> Job:
    """Queue the closing of ``period`` for one committee; once for each key, whoever asks how often.

    Raises ActionError while the period still runs or when ``kind`` and ``period`` do not fit.
    """
    require(can_run_cycle(by, organization))
    if rules.KINDS[kind] != period.kind:
        raise ActionError(f"{CycleKind(kind).label}周期的期间写法不对：{period.key}")
    if period.end >= clock.today():
        raise ActionError(f"{period.label}尚未结束，不能封账")
    job = jobs.submit(
        "reports.cycle",
        key=f"cycle:{kind}:{organization.pk}:{period.key}",
        payload={"kind": kind, "period": period.key, "organization": organization.pk},
        owner=by.user,
        organization=organization,
        title=f"{organization.short_name}{period.label}封账",
    )
    jobs.retry(job)
    if not by.is_system:  # the schedule asks every night; what it does is in the entry of the closing
        audit.record(by, "启动周期", job, organization=organization)
    return job


@transaction.atomic
def retry_job(by: Actor, job: Job) -> None:
    """Queue a failed job again; which jobs ``by`` has before him, the page has decided."""
    jobs.retry(job)
    audit.record(by, "重新执行任务", job, organization=job.organization_id)


def submit_due(day: date) -> Job:
    """Queue the search for cycles that are due on ``day``, once: the work of the schedule."""
    return jobs.submit(
        "reports.due",
        key=f"cycles:{day}",
        payload={"day": day.isoformat()},
        title=f"提交到期周期（{day}）",
    )


def work_due(work: jobs.Work) -> None:
    """Work one day: each cycle is submitted by itself and once, so a killed worker's search goes on."""
    submitted = run_due(system("周期封账"), date.fromisoformat(work.payload["day"]))
    with work.effect(message=f"已提交{len(submitted)}项"):
        pass


def run_due(by: Actor, today: date) -> list[Job]:
    """Submit every cycle whose freezing day has come by ``today``."""
    submitted = []
    for kind, period_kind in rules.KINDS.items():
        period = Period.containing(period_kind, today).previous()  # type: ignore[arg-type]
        for committee in queries.issuing_committees():
            in_use = committee.duties_from <= period.start
            if in_use and queries.freeze_day(committee, period) <= today:
                submitted.append(submit_cycle(by, kind, period, committee))
    return submitted


def freeze(work: jobs.Work) -> None:
    """Work one closing: count outside, then write figures, cycle and draft in the job's one transaction."""
    period = Period.parse(work.payload["period"])
    committee = Organization.objects.get(pk=work.payload["organization"])
    counts = queries.collect(committee, period)
    rollups.flush_all()
    work.progress(1, 2, "已清点，正在起草")
    with work.effect(result_url="/cycles/", message=f"已封账并起草{period.label}通报"):
        cycle = _frozen_cycle(work.payload["kind"], period, committee, counts)
        if cycle is not None:
            _draft(cycle, period, counts)


def _frozen_cycle(
    kind: str, period: Period, committee: Organization, counts: list[rules.Count]
) -> Cycle | None:
    """The cycle with its figures, or None when it was frozen before."""
    cycle, _ = Cycle.objects.get_or_create(
        kind=kind,
        period=period.key,
        organization=committee,
        defaults={"freezes_on": queries.freeze_day(committee, period)},
    )
    held = Cycle.objects.filter(pk=cycle.pk, state=CycleState.COLLECTING).update(
        state=CycleState.DRAFTED, frozen_at=clock.now()
    )
    if not held:
        return None
    if period.kind == "month":  # whoever moves later, this month keeps those it was counted under
        rollups.seal(period.key, Organization.objects.under(committee.path).values("pk"))
    Figure.objects.bulk_create([_figure(cycle, count, committee) for count in counts])
    audit.record(system("周期封账"), "封账", cycle, organization=committee, after={"数字": len(counts)})
    return cycle


def _figure(cycle: Cycle, count: rules.Count, committee: Organization) -> Figure:
    return Figure(
        cycle=cycle,
        organization_id=count.organization,
        parent=committee if count.organization != committee.pk else None,
        code=count.duty,
        owed=count.owed,
        done=count.done,
        late=count.late,
        waived=count.waived,
        recorded_late=count.recorded_late,
        rows=list(count.rows),
    )


def _draft(cycle: Cycle, period: Period, counts: list[rules.Count]) -> Bulletin:
    """The first draft, and a notice to those who word it."""
    sections = rules.draft(period, counts, queries.counts_before(cycle))
    committee = cycle.organization
    bulletin = Bulletin.objects.create(
        cycle=cycle,
        organization=committee,
        title=f"关于{period.label}组织生活落实情况的{rules.TITLES[cycle.kind]}",
        addressee=f"{committee.short_name}所属各党组织",
        sections=[section.as_dict() for section in sections],
        drafted_at=clock.now(),
    )
    _tell(bulletin, POLITICAL_OFFICES, f"{bulletin.title}已起草，请审改")
    return bulletin


def _tell(bulletin: Bulletin, offices: tuple[Office, ...], text: str) -> None:
    """One notice to each current holder of ``offices`` in the committee."""
    holders = (
        Appointment.objects.filter(organization=bulletin.organization, office__in=offices)
        .on(clock.today())
        .exclude(person__user__isnull=True)
        .values_list("person__user", flat=True)
        .distinct()
    )
    for user_id in holders:
        Notice.objects.get_or_create(
            user_id=user_id,
            key=f"{bulletin.subject}:{bulletin.version}:{bulletin.state}",
            defaults={
                "text": text,
                "url": bulletin.get_absolute_url(),
                "created_at": clock.now(),
            },
        )


@transaction.atomic
def word_bulletin(by: Actor, bulletin: Bulletin, wordings: dict[str, str], edit: int) -> None:
    """Change the wording of sections; facts and tables stay as frozen. StaleRecord when outdated."""
    require(can_word(by, bulletin))
    sections = [
        {**section, "wording": wordings.get(section["key"], section["wording"]).strip()}
        for section in bulletin.sections
    ]
    _change(bulletin, BulletinState.DRAFT, edit=edit, sections=sections)
    audit.record(by, "修改通报", bulletin, organization=bulletin.organization_id)


def _change(bulletin: Bulletin, expected: str, *, edit: int | None = None, **changes: Any) -> None:
    """Conditional update from the state ``expected``; StaleRecord when somebody was quicker."""
    rows = Bulletin.objects.filter(pk=bulletin.pk, state=expected)
    if edit is not None:
        rows = rows.filter(edit=edit)
    if not rows.update(edit=bulletin.edit + 1, **changes):
        raise StaleRecord("这份通报刚刚被他人修改，请刷新后再改")
    bulletin.refresh_from_db()


@transaction.atomic
def review_bulletin(by: Actor, bulletin: Bulletin) -> None:
    """Pass the draft to the leader."""
    require(can_review(by, bulletin))
    _change(
        bulletin,
        BulletinState.DRAFT,
        state=BulletinState.REVIEWED,
        reviewed_by=by.user,
        reviewed_at=clock.now(),
    )
    audit.record(by, "核稿", bulletin, organization=bulletin.organization_id)
    _tell(bulletin, COMMITTEE_OFFICES, f"{bulletin.title}待签发")


@transaction.atomic
def return_bulletin(by: Actor, bulletin: Bulletin, reason: str) -> None:
    """Send a reviewed draft back for wording, with a reason."""
    if not reason.strip():
        raise ActionError("请写明退回原因", field="reason")
    require(can_return(by, bulletin))
    _change(bulletin, BulletinState.REVIEWED, state=BulletinState.DRAFT, reviewed_by=None)
    audit.record(by, "退回通报", bulletin, organization=bulletin.organization_id, reason=reason.strip())


@transaction.atomic
def issue_bulletin(by: Actor, bulletin: Bulletin) -> None:
    """Give number and date, and print the paper after commit."""
    require(can_issue(by, bulletin))
    day = clock.today()
    committee = bulletin.organization
    number = bulletin.number or _number(committee, day.year)
    _change(
        bulletin,
        BulletinState.REVIEWED,
        state=BulletinState.ISSUED,
        issued_by=by.user,
        issued_on=day,
        number=number,
    )
    Cycle.objects.filter(pk=bulletin.cycle_id).update(state=CycleState.ISSUED)
    audit.record(by, "签发通报", bulletin, organization=committee, after={"文号": number})
    jobs.submit(
        "reports.bulletin_paper",
        key=f"paper:{bulletin.subject}",
        payload={"bulletin": bulletin.pk},
        owner=by.user,
        organization=committee,
        title=f"{bulletin.title}排印",
    )


def _number(committee: Organization, year: int) -> str:
    serial = lock_series(f"bulletin:{committee.pk}:{year}")
    return f"{committee.short_name}通〔{year}〕{serial}号"


def print_bulletin(work: jobs.Work) -> None:
    """Render PDF and .docx outside, then store both with the document row in one transaction."""
    bulletin = Bulletin.objects.select_related("organization").get(pk=work.payload["bulletin"])
    paper = bulletin_paper(bulletin)
    pdf, docx = paper_pdf(paper), paper_docx(paper)
    with work.effect(result_url=bulletin.get_absolute_url(), message="已排印"):
        _store(bulletin, pdf, docx)


def _store(bulletin: Bulletin, pdf: bytes, docx: bytes) -> None:
    committee, user = bulletin.organization, bulletin.issued_by
    files = [
        keep(content, name=file_name(bulletin, suffix), content_type=kind, organization=committee, user=user)
        for content, suffix, kind in ((pdf, "pdf", "application/pdf"), (docx, "docx", DOCX))
    ]
    document = Document.objects.create(
        organization=committee,
        kind="bulletin",
        subject=f"reports.cycle:{bulletin.cycle_id}",
        title=bulletin.title,
        number=bulletin.number,
        version=bulletin.version,
        pdf=files[0],
        docx=files[1],
        issued_on=bulletin.issued_on,
        created_at=clock.now(),
        created_by=user,
    )
    Bulletin.objects.filter(pk=bulletin.pk).update(document=document)


@transaction.atomic
def reissue_bulletin(by: Actor, bulletin: Bulletin, reason: str) -> Bulletin:
    """Open the next version of an issued bulletin: same figures and number, new wording, with a reason."""
    if not reason.strip():
        raise ActionError("请写明更正原因", field="reason")
    require(can_reissue(by, bulletin))
    newer = Bulletin.objects.create(
        cycle=bulletin.cycle,
        organization=bulletin.organization,
        version=bulletin.version + 1,
        title=bulletin.title,
        addressee=bulletin.addressee,
        sections=bulletin.sections,
        number=bulletin.number,
        reason=reason.strip(),
        drafted_at=clock.now(),
    )
    audit.record(by, "更正通报", newer, organization=bulletin.organization_id, reason=reason.strip())
    return newer
