"""The minutes as a paper: printed outside, kept inside the transaction of the job."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core import clock
from core.decisions import ActionError
from core.files import keep
from core.models import Document
from core.papers import paper_docx, paper_pdf
from meetings.documents import file_name, minutes_paper
from meetings.models import Meeting
from meetings.queries import MINUTES

if TYPE_CHECKING:
    from core.jobs import Work

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def print_minutes(work: Work) -> None:
    """Make PDF and .docx of the filed record named in the job; run twice it keeps the first."""
    meeting = Meeting.objects.for_page().filter(pk=work.payload["meeting"]).first()
    if meeting is None or not meeting.is_frozen:
        raise ActionError("会议记录尚未归档，不能生成会议记录文件。")
    paper = minutes_paper(meeting)
    pdf, docx = paper_pdf(paper), paper_docx(paper)
    with work.effect(result_url=meeting.get_absolute_url()):
        if Document.objects.filter(kind=MINUTES, subject=meeting.subject).exists():
            return
        _keep(meeting, pdf, docx)


def _keep(meeting: Meeting, pdf: bytes, docx: bytes) -> None:
    files = [
        keep(
            content,
            name=file_name(meeting, ending),
            content_type=kind,
            organization=meeting.organization,
            user=meeting.filed_by,
        )
        for content, ending, kind in ((pdf, "pdf", PDF), (docx, "docx", DOCX))
    ]
    Document.objects.create(
        organization=meeting.organization,
        kind=MINUTES,
        subject=meeting.subject,
        title=f"{meeting.title}记录",
        number=meeting.number,
        version=meeting.edition,
        pdf=files[0],
        docx=files[1],
        issued_on=meeting.held_on,
        created_at=clock.now(),
        created_by=meeting.filed_by,
    )
