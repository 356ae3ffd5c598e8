"""What is written and printed: a roll, a roster, a month, papers, an export."""

from __future__ import annotations

import io
import random
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from itertools import chain, islice
from typing import Any

import tablib
import weasyprint
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection, transaction
from django.db.models import Max
from django.urls import reverse
from import_export import resources
from python_calamine import CalamineWorkbook
from weasyprint.layout import inline

from accounts.hashers import PBKDF2SM3PasswordHasher
from accounts.models import Person
from branches.models import Organization
from branches.queries import actor_for
from core import clock, jobs
from core.actor import system
from core.exports import write as write_workbook
from core.models import AuditEntry, ImportRow, Job
from core.papers import engine, justify, paper_pdf
from core.papers.engine import paper_html
from core.papers.paper import Column, Heading, Kind, Paper, Table
from core.periods import add_months
from meetings.actions import save_meeting, start_meeting
from meetings.documents import minutes_paper
from meetings.models import Meeting
from members.actions import import_now
from members.exports import COLUMNS
from members.imports.examine import examine
from members.models import Member, Membership, Standing
from members.queries import for_list
from supervision.actions import generate
from tests.benchmarks.pages import Answer, asking, cookie_of
from tests.benchmarks.timing import Case
from tests.corps import content
from tests.members.workbooks import id_number, person, roster

ROSTER = 5000
EXPORT = 20_000
WRITTEN = (Person, Member, Membership, Standing, AuditEntry, ImportRow)
"""The tables that an import fills: eight rows a person."""
UNITS = 400
ORDER_CODES = 500
MINUTES_PDF = "meetings.minutes_pdf"
RAW = "floor: WeasyPrint, same HTML, styles and fonts"
READ = "floor: calamine reads the workbook"
COPIED = "floor: COPY of the same rows and indexes"
PEER_IMPORT = "peer: django-import-export, dry run"


class _Undone(Exception):
    pass


def undone(act: Callable[[], Any]) -> Callable[[], Any]:
    """Do it in a transaction that is rolled back, so that every round finds the same rows."""

    def run() -> Any:
        answer = None
        try:
            with transaction.atomic():
                answer = act()
                raise _Undone
        except _Undone:
            return answer

    return run


def cases() -> list[Case]:
    """In the order of the targets."""
    return [*_rolls(), *_rosters(), *_papers(), *_months(), _login()]


def _rolls() -> list[Case]:
    """P2: a committee's record saved with a roll of the branch's members."""
    branch = Organization.objects.filter(kind="branch").order_by("pk").last()
    assert branch is not None
    post = branch.appointments.filter(office="secretary").select_related("person").first()
    assert post is not None
    by = actor_for(post.person.user)
    entered = content(branch, "members_meeting", clock.today())
    meeting = start_meeting(by, branch, entered)

    def save() -> Meeting:
        meeting.refresh_from_db()
        return save_meeting(by, meeting, replace(entered, place=str(random.random())), meeting.version)

    return [Case(f"P2 save a record, roll of {len(entered.roll)}", save, target="≤ 20 ms")]


def _rosters() -> list[Case]:
    """P3: preview and commit of 5,000 persons."""
    branch = Organization.objects.filter(kind="branch").order_by("pk").first()
    assert branch is not None
    lines = [_entrant(number, branch) for number in range(1, ROSTER + 1)]
    workbook = roster(lines)
    by = system("测速")

    def preview() -> int:
        return len(examine(workbook, "花名册.xlsx", branch).entries)

    def commit() -> Any:
        return import_now(by, organization=branch, content=workbook, name="花名册.xlsx")[1]

    def read() -> int:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(workbook)).get_sheet_by_index(0)
        return len(sheet.to_python())

    class People(resources.ModelResource):
        class Meta:
            model = Person
            fields = ("id", "name", "sex")

    def peer() -> int:
        rows = tablib.Dataset(headers=["id", "name", "sex"])
        for line in lines:
            rows.append(["", line[1], "male"])
        return int(People().import_data(rows, dry_run=True).total_rows)

    return [
        Case(READ, read),
        Case(COPIED, undone(partial(_copy, _rows_of(commit)))),
        Case(PEER_IMPORT, peer),
        Case("P3 preview of 5,000 × 14", preview, lambda n: n == ROSTER, "≤ 800 ms", READ),
        Case("P3 read, check and commit", undone(commit), target="≤ 1,800 ms", floor=COPIED),
    ]


def _entrant(number: int, branch: Organization) -> list[Any]:
    """A person with a number of his own: the order codes of one birthday are soon used up."""
    born = date(1985, 1, 1) + timedelta(days=number // ORDER_CODES)
    return person(
        number,
        所在党支部=branch.name,
        身份证号=id_number(number, born),
        出生年月=f"{born:%Y.%m}",
    )


def _rows_of(write: Callable[[], Any]) -> list[tuple[str, str]]:
    """Table and rows, as COPY has them, of all that ``write`` inserts; it is undone."""
    found: list[tuple[str, str]] = []

    def look() -> None:
        last = [model.objects.aggregate(n=Max("pk"))["n"] or 0 for model in WRITTEN]
        write()
        with connection.cursor() as cursor:
            for model, pk in zip(WRITTEN, last, strict=True):
                table, lines = model._meta.db_table, io.StringIO()
                cursor.cursor.copy_expert(f"copy (select * from {table} where id > {pk}) to stdout", lines)
                found.append((table, lines.getvalue()))

    undone(look)()
    return found


def _copy(tables: list[tuple[str, str]]) -> int:
    """COPY rows into empty tables with the same columns and indexes."""
    with connection.cursor() as cursor:
        for table, lines in tables:
            cursor.execute(f"create temporary table copy_{table} (like {table} including all) on commit drop")
            cursor.cursor.copy_expert(f"copy copy_{table} from stdin", io.StringIO(lines))
    return sum(lines.count("\n") for _, lines in tables)


def _papers() -> list[Case]:
    """P6 and P7: minutes against the bare typesetter; a bulletin of 400 units."""
    meeting = Meeting.objects.for_page().filter(state="filed").order_by("pk").first()
    assert meeting is not None
    paper = minutes_paper(meeting)
    html = paper_html(paper)
    rows = tuple((f"某某大队党委{n}", "12", "11", "1", "0", "91.7%") for n in range(UNITS))
    heads = ("单位", "应落实", "已落实", "逾期", "免办", "落实率")
    columns = tuple(Column(title, 2.4 if n == 0 else 1) for n, title in enumerate(heads))
    bulletin = Paper(
        kind=Kind.OFFICIAL,
        issuer="某某总队党委",
        title="关于组织生活落实情况的通报",
        blocks=(Heading("各单位落实情况", 1), Table(columns=columns, rows=rows)),
    )
    styles = f"{engine.folder()}/"

    def raw() -> bytes:
        """Without the house's own justification, which it has to do on top."""
        inline.justify_line = justify._stretch_blanks
        try:
            return bytes(weasyprint.HTML(string=html, base_url=styles).write_pdf(pdf_variant="pdf/a-2u"))
        finally:
            justify.install()

    return [
        Case(RAW, raw),
        Case("P6 minutes as PDF", lambda: paper_pdf(paper), target="≤ 1.15 × floor", floor=RAW),
        Case("P6 downloaded again", _download(), fine_pdf, "≤ 10 ms"),
        Case(f"P7 bulletin of {UNITS} units", lambda: paper_pdf(bulletin), target="≤ 2,000 ms"),
    ]


def _download() -> Callable[[], Answer]:
    """Minutes as a visitor takes them away once they are printed and kept; those of an earlier run are gone."""
    printed = Job.objects.filter(kind=MINUTES_PDF).values_list("payload__meeting", flat=True)
    filed = Meeting.objects.filter(state="filed").exclude(pk__in=list(printed))
    meeting = filed.order_by("pk")[0]
    post = meeting.organization.appointments.filter(office="secretary").select_related("person__user").first()
    assert post is not None
    job = jobs.submit(MINUTES_PDF, key=f"bench:{meeting.pk}", payload={"meeting": meeting.pk})
    jobs.run(job.pk)
    url = reverse("meetings:minutes", args=[meeting.pk, "pdf"])
    return asking(WSGIHandler(), url, cookie_of(post.person.user.username))


def fine_pdf(answer: object) -> bool:
    """A whole PDF."""
    return isinstance(answer, tuple) and answer[0] == 200 and answer[1].startswith(b"%PDF-")


def _months() -> list[Case]:
    """P8 and P9: an export of the register; a month opened for every branch, and once more."""
    members = for_list(Member.objects.all())
    following = add_months(clock.today().replace(day=1), 1)

    def rows() -> Iterator[Member]:
        """So many rows, each read from the database: a small register is read again and again."""
        again = (members.iterator(chunk_size=2000) for _ in range(EXPORT))
        return islice(chain.from_iterable(again), EXPORT)

    def export() -> int:
        with tempfile.TemporaryFile() as body:
            write_workbook(body, rows(), list(COLUMNS.values()), title="花名册", note="")
            return body.seek(0, io.SEEK_END)

    def month(day: date) -> int:
        return generate(system("测速"), day)

    return [
        Case(f"P8 export of {EXPORT:,} × {len(COLUMNS)}", export, target="≤ 2,000 ms"),
        Case("P9 open a month", undone(lambda: month(following)), target="≤ 10,000 ms for 20,000 branches"),
        Case("P9 once more", lambda: month(clock.today()) + 1, target="≤ 5,000 ms, 0 changes"),
    ]


def _login() -> Case:
    """P11: what a sign-in costs on one core; 11 a second on two cores leave 180 ms each."""
    hasher = PBKDF2SM3PasswordHasher()
    stored = hasher.encode("Demo-12345678", hasher.salt())
    return Case("P11 verify a password", lambda: hasher.verify("Demo-12345678", stored), target="≤ 180 ms")
