"""Nobody learns of another branch by pages, API, files, counts, workbooks or search; an ended post ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Concat
from django.test import Client, override_settings
from django.urls import reverse

from accounts.actions import set_numbers
from accounts.models import Person
from branches.actions import end_appointment
from branches.models import Appointment, Organization
from core import clock
from core.actor import system
from core.models import Document, Job
from meetings import actions as meetings
from meetings.actions.content import AgendaInput, MeetingInput, ResolutionInput
from meetings.models import Meeting, Resolution
from members.models import Member
from supervision import queries as duties
from supervision.models import Occurrence
from tests import walk
from tests.corps import Corps, content, hold, moment
from tests.corps import build as build_corps
from tests.permissions.stage import TODAY, Stage, build

pytestmark = pytest.mark.django_db

MARK = "§东站"
NAME, TITLE, TEXT = f"{MARK}名§", f"{MARK}题§", f"{MARK}文§"
ID_NUMBER, PHONE = "110101199003070054", "13900001234"
BLIND = ("anon", "secretary_beta", "sysadmin", "secadmin", "auditadmin")
ADMINISTRATORS = BLIND[2:]
PASSWORD = "Test-pass-2026"
QUIET = ("core:", "api-", "accounts:log", "accounts:p", "accounts:user_create")
"""Pages without a list."""
MAY: dict[str, dict[str, tuple[str, ...]]] = {
    "sysadmin": {"accounts:": (NAME,)},  # whose account it is
    "secadmin": {"reports:grant": (NAME,), "grant-": (NAME,)},  # who holds which post
    "auditadmin": {  # the trail names what was acted on
        "accounts:audit": (NAME, TITLE),
        "reports:grant": (NAME,),
        "grant-": (NAME,),
    },
}
"""What an administrator's own pages name; never what was said or decided in a meeting."""


def secret(organization: Organization, kind: str, day: date) -> MeetingInput:
    """A meeting that says the canary wherever something can be written."""
    decided = ResolutionInput(f"{TEXT}决议", f"{TEXT}责任人", day.replace(day=28))
    item = AgendaInput(f"{TEXT}议题", discussion=f"{TEXT}讨论", speakers=3, resolutions=(decided,))
    written = {name: f"{TEXT}{name}" for name in ("place", "lecturer", "observers", "minutes")}
    return replace(content(organization, kind, day), title=f"{TITLE}会", agenda=(item,), **written)


def plant(corps: Corps) -> Meeting:
    """Canaries in alpha's names and in one filed meeting, before anything is counted or printed."""
    persons = Person.objects.filter(member__organization=corps.alpha)
    persons.update(name=Concat(Value(NAME), "name"))
    with clock.at(moment(date(2026, 10, 20), 18)):
        by = corps.actor("secretary")
        person = corps.users["member"].person
        assert person is not None
        set_numbers(system("测试"), person, id_number=ID_NUMBER, phone=PHONE)
        meeting = meetings.start_meeting(by, corps.alpha, secret(corps.alpha, "party_lesson", clock.today()))
        meetings.submit_and_file(by, meeting, meeting.version)
    hold(corps, "committee_meeting", date(2026, 10, 21), who="secretary_beta", organization=corps.beta)
    return meeting


def set_up() -> Stage:
    """The stage of the matrix, with the canaries and one meeting of beta."""
    corps = build_corps()
    meeting = plant(corps)
    made = build(corps)
    draft = Meeting.objects.get(pk=made.arguments["draft"]["pk"])
    by = corps.actor("secretary")
    meetings.save_meeting(by, draft, secret(corps.alpha, "theme_day", TODAY), draft.version)
    paper = Document.objects.get(subject=meeting.subject)
    made.arguments |= {
        "secret": {"pk": meeting.pk},
        "secret_minutes": {"pk": meeting.pk, "kind": "pdf"},
        "secret_paper": {"pk": paper.pk},
        "post": {"pk": Appointment.objects.filter(organization=corps.alpha)[0].pk},
    }
    return made


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: Any) -> Iterator[Stage]:
    """One stage for all: building it costs more than asking it; each test rolls its own writes back."""
    quick = override_settings(PASSWORD_ROUNDS=2, PAPERS_STRICT=True)
    with django_db_blocker.unblock(), quick, clock.at(moment(TODAY)), transaction.atomic():
        yield set_up()
        transaction.set_rollback(True)


@pytest.fixture
def client_of(stage: Stage, sign_in: Any) -> Any:
    """``client_of(role)``: a client of that role; ``anon`` is nobody."""
    return lambda role: Client() if role == "anon" else sign_in(stage.corps.users[role])


def bearer(username: str) -> Client:
    """A client that signs in as programs do."""
    told = {"username": username, "password": PASSWORD}
    answer = Client().post("/api/v1/auth/token/", told, content_type="application/json")
    assert answer.status_code == 200, answer.content
    return Client(headers={"Authorization": f"Token {answer.json()['token']}"})


def visits(stage: Stage) -> Iterator[walk.Address]:
    """Every address, and every list asked for alpha in every way it can be asked."""
    alpha, meeting = stage.corps.alpha.pk, stage.arguments["secret"]["pk"]
    narrow = {"organization": alpha, "meeting": meeting, "active": "true"}
    columns = ["id_number", "phone", "born", "group", "duty", "native_place"]
    questions: tuple[dict[str, Any], ...] = (
        {"export": "xlsx"},
        {"page_size": 200, "cols": columns, "q": "东"},
        {"q": MARK, "copy": meeting, "kind": "theme_day", "group": stage.corps.group.pk},
        {**narrow, "node": alpha, "month": 10},
    )
    for address in walk.addresses(stage.arguments):
        yield address
        if not address.about and not address.route.startswith(QUIET):
            yield from (address._replace(url=walk.query(address.url, **each)) for each in questions)


def allowed(role: str, route: str) -> tuple[str, ...]:
    """The canaries that ``route`` may show ``role``."""
    return next((words for start, words in MAY.get(role, {}).items() if route.startswith(start)), ())


def leaks(role: str, client: Client, stage: Stage) -> list[str]:
    """Answers that say what ``role`` must not read, or that fail."""
    found = []
    for url, route, _ in visits(stage):
        status, text = walk.read(client, url)
        told = [word for word in (NAME, TITLE, TEXT) if word in text and word not in allowed(role, route)]
        if told or status >= 500:
            found.append(f"{role} {status} {url} {told}")
    return found


@pytest.mark.parametrize("role", BLIND)
def test_no_address_tells_of_another_branch(role: str, stage: Stage, client_of: Any) -> None:
    assert not leaks(role, client_of(role), stage)


def test_nor_to_a_token(stage: Stage) -> None:
    client = bearer("secretary_beta")
    assert not leaks("secretary_beta", client, stage)


def test_the_canaries_are_there_to_be_found(stage: Stage, client_of: Any) -> None:
    """What the walk must not find elsewhere it finds for the branch itself, in every form of answer."""
    client = client_of("secretary")
    seen = {url: walk.read(client, url)[1] for url, _, _ in visits(stage)}
    pk = stage.arguments["secret"]["pk"]
    paper = stage.arguments["secret_paper"]["pk"]
    for url in (
        f"/meetings/{pk}/",
        f"/meetings/{pk}/minutes.pdf",
        f"/api/v1/meetings/{pk}/",
        f"/api/v1/documents/{paper}/pdf/",
    ):
        assert TEXT in seen[url], url
    search = next(url for url in seen if url.startswith(walk.query("/search/", q=MARK)))
    for url in ("/meetings/", "/meetings/?export=xlsx", "/api/v1/meetings/", search):
        assert TITLE in seen[url], url
    for url in ("/members/", "/members/?export=xlsx", "/api/v1/members/"):
        assert NAME in seen[url], url


def mine(stage: Stage, route: str) -> set[int]:
    """Keys of beta's own rows of the table that ``route`` of the meetings is about."""
    own = Meeting.objects.filter(organization=stage.corps.beta)
    resolutions = Resolution.objects.filter(item__meeting__in=own)
    return set((resolutions if route == "meetings:outcome" else own).values_list("pk", flat=True))


def test_every_single_row_is_404(stage: Stage, client_of: Any) -> None:
    """Pages about a row of alpha do not exist, whatever the method; the API says the same."""
    session, token = client_of("secretary_beta"), bearer("secretary_beta")
    ours = {"bulletin_issued", "bulletin_file", "rule", "user", "job", "notice"}
    wrong = []
    for url, route, about in walk.addresses(stage.arguments):
        if not about or about in ours or route.startswith(("accounts:", "regulations:")):
            continue
        if route.startswith("meetings:") and stage.arguments[about].get("pk") in mine(stage, route):
            continue  # the key of another table that is by chance that of a row of one's own
        for client in (session, token) if url.startswith("/api/") else (session,):
            answers = {client.get(url).status_code, client.post(url, {}).status_code}
            if not answers <= {404, 405} or answers == {405}:
                wrong.append((url, answers))
    assert not wrong


def test_counts_are_those_of_the_own_branch(stage: Stage, client_of: Any) -> None:
    client, beta = client_of("secretary_beta"), stage.corps.beta
    for path, model in (("meetings", Meeting), ("members", Member), ("duties/list", Occurrence)):
        own = model._default_manager.filter(organization=beta).count()
        everything = model._default_manager.count()
        assert 0 < own < everything
        page = client.get(f"/{path}/").context["page_obj"]
        assert page.paginator.count == own, path
        assert len(walk.sheet(client.get(f"/{path}/?export=xlsx"))) == own, path
        api = f"/api/v1/{path.replace('duties/list', 'occurrences')}/"
        assert client.get(api).json()["count"] == bearer("secretary_beta").get(api).json()["count"] == own
        above = client_of("politics").get(f"/{path}/").context["page_obj"].paginator.count
        assert above > own, path


def test_figures_of_home_and_matrix_are_those_of_the_own_branch(stage: Stage, client_of: Any) -> None:
    client, beta = client_of("secretary_beta"), stage.corps.beta
    year = Occurrence.objects.filter(organization=beta, due_on__year=TODAY.year).owed()
    home = client.get("/").context["page"]
    assert (home.organization, [m.organization for m in home.meetings]) == (beta, [beta])
    assert home.full + home.probationary == Member.objects.filter(organization=beta, active=True).count()
    total = client.get("/duties/matrix/").context["total"].total
    assert total.owed == year.count()
    above = client_of("politics").get("/duties/matrix/").context["total"].total
    assert above.owed > total.owed
    for asked in ({"node": stage.corps.alpha.pk}, {"open": stage.corps.alpha.pk, "month": 10}):
        for more in ({}, {"export": "xlsx"}):
            assert client.get("/duties/matrix/", asked | more).status_code == 404
    rows = duties.matrix(stage.corps.users["secretary_beta"], stage.corps.battalion, TODAY.year)
    assert {row.organization.pk for row in rows} <= {beta.pk}


def test_search_finds_the_own_branch_only(stage: Stage, client_of: Any) -> None:
    for words in ("东", MARK, "器材", "站", "dong"):
        found = client_of("secretary_beta").get("/search/", {"q": words}).context["found"]
        seen = [each.organization for each in (*found.members, *found.meetings)]
        assert {each.pk for each in (*seen, *found.organizations)} <= {stage.corps.beta.pk}
    assert client_of("secretary").get("/search/", {"q": MARK}).context["found"].meetings


def test_an_ended_post_ends_at_once(stage: Stage, client_of: Any) -> None:
    session, token = client_of("secretary"), bearer("secretary")
    pk = stage.arguments["secret"]["pk"]
    urls = (f"/meetings/{pk}/", f"/meetings/{pk}/minutes.pdf", f"/organizations/{stage.corps.alpha.pk}/")
    api = (f"/api/v1/meetings/{pk}/", f"/api/v1/documents/{stage.arguments['secret_paper']['pk']}/pdf/")
    asked = [(session, url) for url in urls + api] + [(token, url) for url in api]
    assert {walk.status(client, url) for client, url in asked} == {200}
    end_appointment(system("测试"), stage.corps.users["secretary"].person.appointments.get(), until=TODAY)
    assert {walk.status(client, url) for client, url in asked} == {404}
    assert session.get("/api/v1/meetings/").json()["count"] == 0
    assert token.get("/api/v1/members/").json()["count"] <= 1  # the own record stays one's own


def test_a_leader_opens_rows_without_personal_numbers(stage: Stage, client_of: Any) -> None:
    client = client_of("leader")
    pk, member = stage.arguments["secret"]["pk"], stage.arguments["member"]["pk"]
    due = stage.arguments["open"]["pk"]
    opened = ("meetings:detail", pk), ("reports:person", member), ("supervision:detail", due)
    assert {client.get(reverse(name, args=[each])).status_code for name, each in opened} == {200}
    asked = {"cols": ["id_number", "phone", "born", "native_place"], "page_size": 200}
    titles = {title for _, title, _ in client.get("/members/", asked).context["heads"]}
    assert not titles & {"身份证号", "联系电话", "出生日期", "籍贯"}
    text = walk.read(client, "/members/?export=xlsx")[1]
    assert NAME in text
    assert not any(word in text for word in ("身份证号", "联系电话"))


@pytest.mark.parametrize("role", ["leader", "secretary"])
def test_personal_numbers_leave_by_no_get(role: str, stage: Stage, client_of: Any) -> None:
    """Masks at most: the number itself takes a reason and a POST."""
    client = client_of(role)
    texts = ((url, walk.read(client, url)[1]) for url, _, _ in visits(stage))
    assert not [url for url, text in texts if ID_NUMBER in text or PHONE in text]


@pytest.mark.parametrize("role", ADMINISTRATORS)
def test_administrators_see_no_business_row(role: str, stage: Stage, client_of: Any) -> None:
    client = client_of(role)
    for name in ("meetings", "members", "exemptions", "stays", "occurrences", "organizations", "documents"):
        answer = client.get(f"/api/v1/{name}/")
        assert answer.status_code == 403 or answer.json()["count"] == 0, name
    wrong = []
    for url, route, about in walk.addresses(stage.arguments):
        if about and not route.startswith(
            ("accounts:", "regulations:", "core:", "reports:job", "reports:grant", "grant-")
        ):
            status = walk.status(client, url)
            wrong += [(url, status)] if status == 200 else []
    assert not wrong


def test_jobs_and_notices_are_their_owners(stage: Stage, client_of: Any) -> None:
    assert Job.objects.filter(owner=stage.corps.users["politics"]).exists()
    for role in ("secretary", "secretary_beta", "leader"):
        pages = [reverse("core:job", args=[stage.arguments["job"]["pk"]])]
        assert [client_of(role).get(url).status_code for url in pages] == [404]
