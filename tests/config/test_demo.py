"""``manage.py demo``: the same corps for the same seed and day, whole, and open to its users."""

from __future__ import annotations

import io
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.test import Client

from accounts.demo import USERS
from accounts.models import Person, User
from accounts.sessions import must_change
from branches.choices import Kind, Office, UnitLevel
from branches.demo import World, moment
from branches.models import Appointment, Organization, Term
from branches.queries import committee_on, viewer
from config.management.commands.demo import chosen_password
from core import chain, clock
from core.models import Job
from core.periods import add_months
from core.views import new_token
from meetings.choices import State
from meetings.models import Meeting, RecordedFinding, Vote
from members.choices import WITHOUT_RANK, Stage
from members.models import Member
from reports.models import Bulletin, Cycle
from supervision.choices import State as Duty
from supervision.models import Occurrence

pytestmark = [pytest.mark.django_db, pytest.mark.both, pytest.mark.xdist_group("demo")]

ON = date(2026, 3, 12)
NOW = moment(ON, 9)
PASSWORD = "Yanshi-2026-pass"
LAW = {"Edition", "Regulation", "Clause", "Parameter"}
"""Loaded with the tables and not by the demo."""
BY_CHANCE = {
    "password", "id_number", "id_number_index", "phone", "phone_index",
    "content_digest", "previous", "digest", "lease_until", "started_at", "finished_at",
}  # fmt: skip
"""Columns that no two builds share: secrets, what is sealed with them, and when a job really ran."""


@dataclass
class Built:
    """What two builds on an empty database left; the second one is still there."""

    first: dict[str, list[Any]]
    second: dict[str, list[Any]]
    world: World


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: Any) -> Iterator[Built]:
    """Build, roll back, build again in a transaction that ends with the module."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        patch.setenv("DEMO_PASSWORD", PASSWORD)
        with transaction.atomic():
            first = build()
            transaction.set_rollback(True)
        with connection.cursor() as cursor:
            for line in connection.ops.sequence_reset_sql(no_style(), list(tables())):
                cursor.execute(line)
        with transaction.atomic():
            yield Built(first, build(), World(119, ON))
            transaction.set_rollback(True)


def build() -> dict[str, list[Any]]:
    call_command("demo", on=ON, stdout=io.StringIO())
    connection.check_constraints()
    return {model._meta.label: dump(model) for model in tables()}


def tables() -> Iterator[type[models.Model]]:
    for room in "accounts branches members meetings supervision assessments reports core".split():
        for model in apps.get_app_config(room).get_models(include_auto_created=True):
            if model.__name__ not in LAW:
                yield model


def dump(model: type[models.Model]) -> list[Any]:
    """The rows in the order of their ids, without what is random."""
    job_time = {"created_at"} if model is Job else set()
    names = [
        field.attname
        for field in model._meta.concrete_fields
        if field.attname not in BY_CHANCE | job_time and not isinstance(field, models.UUIDField)
    ]
    return list(model._default_manager.order_by("pk").values_list(*names))


def filed() -> Any:
    return Meeting.objects.in_force()


def found(rule: str) -> Any:
    return RecordedFinding.objects.filter(rule=rule)


def test_the_same_seed_and_day_give_the_same_content(demo: Built) -> None:
    assert demo.first.keys() == demo.second.keys()
    for label, rows in demo.first.items():
        assert rows == demo.second[label], label
    assert sum(map(len, demo.first.values())) > 8000


def test_a_database_in_use_is_refused(demo: Built) -> None:
    with pytest.raises(CommandError, match="已有账号或组织") as refused:
        call_command("demo")
    assert refused.value.returncode == 1


def test_the_tree(demo: Built) -> None:
    branches = Organization.objects.filter(kind=Kind.BRANCH)
    committees = Organization.objects.filter(kind=Kind.COMMITTEE)
    assert branches.filter(level=UnitLevel.STATION).count() >= 18
    assert committees.filter(level=UnitLevel.CORPS).count() == 1
    assert committees.filter(level=UnitLevel.DETACHMENT).count() == 2
    assert committees.filter(level=UnitLevel.BATTALION).count() == 6
    assert branches.filter(level=UnitLevel.OFFICE, joint=True).exists()
    assert branches.filter(temporary=True).exists()
    assert branches.filter(children__kind=Kind.GROUP).distinct().count() == 2
    assert Organization.objects.filter(kind=Kind.GENERAL_BRANCH).exists()


def test_terms_that_need_attention(demo: Built) -> None:
    newest = [rows[0] for rows in (list(o.terms.all()) for o in Organization.objects.all()) if rows]
    assert any(term.ends_on < ON for term in newest)
    assert any(ON <= term.ends_on <= add_months(ON, 6) for term in newest)
    assert Term.objects.count() > 40


def test_the_people(demo: Built) -> None:
    members = Member.objects.all()
    assert 280 <= members.count() <= 340
    assert Person.objects.values("name").distinct().count() == Person.objects.count()
    for stage in Stage.values:
        assert members.filter(stage=stage).exists(), stage
    assert not members.filter(category__in=WITHOUT_RANK).exclude(rank="").exists()
    assert members.filter(category="contract").count() > 50
    assert not Person.objects.exclude(id_number_mask__startswith="98").exists()


def test_fourteen_months_of_meetings(demo: Built) -> None:
    months = {f"{day:%Y-%m}" for day in filed().values_list("held_on", flat=True)}
    assert months == {demo.world.month(back).key for back in range(14)}
    assert not Meeting.objects.exclude(filed_at=None).filter(filed_at__gt=NOW).exists()
    for kind in ("members_meeting", "committee_meeting", "group_meeting", "party_lesson", "theme_day"):
        assert filed().filter(kinds=kind).count() >= 10, kind
    assert filed().filter(organization__code="LC01-BH-BH").count() > 30


def test_faults_on_purpose(demo: Built) -> None:
    late = Occurrence.objects.filter(recorded_late=True)
    assert late.exists()
    assert all(row.meeting.late_reason for row in late.select_related("meeting"))
    assert found("CK-02").exists()
    assert found("CK-03").exists()
    assert found("CM-20").exists()
    assert found("MT-07").exclude(explanation="").exists()
    lost = Vote.objects.get(passed=False)
    assert lost.in_favour * 2 <= lost.item.meeting.voters_due
    assert not lost.item.resolutions.exists()
    assert not lost.item.meeting.findings.exists()
    missing = Occurrence.objects.filter(state=Duty.OPEN, due_on__lt=ON, duty="theme_day")
    assert missing.exists()
    assert Occurrence.objects.get(state=Duty.WAIVED).reason
    assert Meeting.objects.get(state=State.VOIDED).void_reason
    assert Meeting.objects.get(corrects__isnull=False).corrects.replaced_by is not None
    assert filed().filter(chair_post=Office.DEPUTY_SECRETARY.label, kinds="committee_meeting").exists()
    assert Meeting.objects.filter(state=State.DRAFT, created_at__date__gte=ON.replace(day=1)).exists()
    assert Meeting.objects.filter(state=State.DRAFT, held_on__gt=ON).exists()


def test_lawful_records_have_no_findings(demo: Built) -> None:
    marred = filed().filter(findings__isnull=False).distinct().count()
    assert marred < filed().count() / 10


def test_every_chain_holds(demo: Built) -> None:
    assert not list(chain.verify_all())


def test_occurrences_agree_with_the_meetings(demo: Built) -> None:
    held: dict[tuple[int, str], list[date]] = {}
    for meeting in filed().prefetch_related("kinds"):
        for kind in meeting.kinds.all():
            holder = meeting.group_id if kind.code == "group_meeting" else meeting.organization_id
            held.setdefault((holder, kind.code), []).append(meeting.held_on)
    for row in Occurrence.objects.exclude(state=Duty.WAIVED).select_related("duty", "meeting"):
        inside = [
            d for d in held.get((row.holder_id, row.duty.kind_id), []) if row.opens_on <= d <= row.due_on
        ]
        assert (row.state == Duty.CLOSED) == (len(inside) >= row.number), row
        assert row.state == Duty.OPEN or row.meeting.in_force


def test_cycles_and_bulletins(demo: Built) -> None:
    assert Cycle.objects.filter(kind="monthly").count() >= 12
    assert Cycle.objects.filter(kind="quarterly").exists()
    states = {(b.organization.code, b.cycle.kind, b.state) for b in Bulletin.objects.all()}
    assert ("LC01", "monthly", "draft") in states
    assert ("LC01", "monthly", "issued") in states
    assert {"issued", "reviewed", "draft"} == {state for _, _, state in states}
    for bulletin in Bulletin.objects.filter(state="issued"):
        assert bulletin.reviewed_by_id != bulletin.issued_by_id
        assert any(section["key"] == "practice" and section["wording"] for section in bulletin.sections)


def test_papers_wait_for_the_worker(demo: Built) -> None:
    waiting = Job.objects.filter(kind__in=["meetings.minutes_pdf", "reports.bulletin_paper"])
    assert waiting.exists()
    assert set(waiting.values_list("state", flat=True)) == {"queued"}
    assert set(Job.objects.filter(kind="reports.cycle").values_list("state", flat=True)) == {"done"}


@pytest.mark.parametrize("username", USERS)
def test_the_users_can_sign_in_and_need_no_new_password(demo: Built, username: str) -> None:
    client = Client()
    with clock.at(NOW):
        form = {"username": username, "password": PASSWORD, "token": new_token()}
        answer = client.post("/accounts/login/", form)
        assert answer.status_code == 302, username
        assert not must_change(User.objects.get(username=username))
        assert client.get("/").status_code in (200, 302)


def test_nobody_else_can(demo: Built) -> None:
    others = User.objects.exclude(username__in=USERS)
    assert others.count() > 30
    assert not any(user.has_usable_password() for user in others)


def test_the_posts_of_the_users(demo: Built) -> None:
    with clock.at(NOW):
        seen = {name: viewer(User.objects.get(username=name)) for name in USERS}
        home = seen["secretary"].organization
        assert home is not None
        assert (home.code, seen["secretary"].is_branch) == ("LC01-BH-BH", True)
        assert len(committee_on(home, ON)) == 5
        assert Member.objects.filter(organization=home, stage=Stage.FULL).count() >= 20
        assert seen["politics"].is_department
        assert seen["discipline"].is_discipline
        assert seen["leader"].is_leader
        assert seen["member"].is_member
        assert seen["politics"].organization == seen["leader"].organization
    assert not Appointment.objects.filter(person__user__username="member").exists()


def test_a_password_is_made_and_kept_for_its_owner(settings: Any, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.delenv("DEMO_PASSWORD", raising=False)
    settings.DATA_DIR = tmp_path
    password, path = chosen_password()
    assert path is not None
    assert path.read_text().strip() == password
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
