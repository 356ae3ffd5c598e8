"""Each act leaves exactly one entry in the audit trail, each refused act too (C-20)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.actions import create_person, create_user, disable
from branches.actions import found
from core import clock, jobs
from core.actor import system
from core.models import AuditEntry, Job
from core.views import new_token
from meetings.actions import start_meeting
from meetings.actions.content import AgendaInput
from members.actions import suspend_rights
from members.models import Member
from tests.corps import BEGIN, Corps, content, moment
from tests.members.workbooks import id_number
from tests.permissions.stage import PDF, TODAY, Stage, build, roster
from tests.permissions.table import ROLES, ROWS, Row

pytestmark = pytest.mark.django_db
REASON = "核实情况后办理"
PASSWORD, NEXT = "Test-pass-2026", "Xin-koulin-2027"
SEVERAL = {
    "members:edit": ["修改党员信息", "更改人员信息"],  # the person, and the member
    "members:new": ["登记人员", "登记党员"],
    "meetings:submit": ["归档会议记录", "提交会议记录"],  # where the recorder may file, one tap does both
}
"""Acts that are two by the words of the house: one entry for each."""


@pytest.fixture
def stage(corps: Any) -> Iterator[Stage]:
    with clock.at(moment(TODAY)):
        made = build(corps)
        made.arguments |= more(corps)
        yield made


def more(corps: Corps) -> dict[str, dict[str, Any]]:
    """Records in the state that an act needs and no route of the matrix is about."""
    by = system("测试")
    closed = create_user(by, username="closed")[0]
    disable(corps.actor("sysadmin"), closed, reason=REASON)
    held = {each.person.name: each for each in Member.objects.select_related("person")}
    suspend_rights(by, held["东丙"], since=date(2026, 11, 1), kind="suspended")
    empty = found(
        by,
        code="G2",
        name="第二党小组",
        short_name="第二党小组",
        kind="group",
        parent=corps.alpha,
        founded_on=BEGIN,
        duties_from=BEGIN,
    )
    agenda = (AgendaInput("研究工作", discussion="讨论"),)  # nothing decided: CK-02
    held_on = date(2026, 10, 5)
    said = replace(content(corps.alpha, "committee_meeting", held_on), late_reason="出警", agenda=agenda)
    bare = start_meeting(corps.actor("secretary"), corps.alpha, said)
    named = {"suspended": "东丙", "probationary": "东预备", "counted": "东丁"}
    known = {word: {"pk": held[name].pk} for word, name in named.items()}
    known |= {"bare": {"pk": bare.pk}}
    return known | {"closed": {"pk": closed.pk}, "empty": {"pk": empty.pk}, "above": {"pk": corps.beta.pk}}


def entries(answer: Any) -> list[AuditEntry]:
    """The entries of one request, by its number."""
    return list(AuditEntry.objects.filter(request_id=answer.headers["X-Request-ID"]))


def send(client: Client, url: str, data: dict[str, Any]) -> Any:
    if url.startswith("/api/"):
        return client.post(url, data, content_type="application/json")
    return client.post(url, {"token": new_token()} | data)


def problems(answer: Any) -> list[str]:
    """What the form says is wrong."""
    form = getattr(answer, "context", None) and answer.context.get("form")
    return [str(error) for errors in form.errors.values() for error in errors] if form else []


def refused(row: Row) -> Iterator[tuple[str, str]]:
    """The first role that is answered 403 and the first that is answered 404."""
    for letter in "34":
        if letter in row.post:
            yield ROLES[row.post.index(letter)], letter


def test_what_is_refused_leaves_one_entry(stage: Stage, sign_in: Any) -> None:
    wrong = []
    for row in ROWS:
        url = reverse(row.route, kwargs=stage.arguments[row.about])
        for role, letter in refused(row):
            answer = send(sign_in(stage.corps.users[role]), url, {})
            found = [(e.user, e.result, bool(e.reason), bool(e.ip)) for e in entries(answer)]
            if found != [(stage.corps.users[role], "denied", True, True)]:
                wrong.append((row.route, role, letter, found))
    assert not wrong, "\n" + "\n".join(map(str, wrong))


def test_looking_leaves_none(stage: Stage, sign_in: Any) -> None:
    for route, about in (("members:list", ""), ("members:edit", "member"), ("accounts:users", "")):
        answer = sign_in(stage.corps.users["member"]).get(reverse(route, kwargs=stage.arguments[about]))
        assert not entries(answer), route


class Fields(HTMLParser):
    """What a browser would send of the form that carries the one-time token, untouched."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[dict[str, str]] = []
        self.select = self.area = ""
        self.feed(page)
        self.sent = next((form for form in self.forms if "token" in form), {})
        self.sent.pop("token", None)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if tag == "form":
            self.forms.append({})
        elif not self.forms:
            return
        elif tag == "input" and name and "disabled" not in given:
            choice = given.get("type") in {"checkbox", "radio"}
            if not choice or "checked" in given:
                self.forms[-1][name] = given.get("value", "on" if choice else "")
        elif tag in {"select", "textarea"}:
            self.select, self.area = (name, "") if tag == "select" else ("", name)
            self.forms[-1].setdefault(name, "")
        elif tag == "option" and self.select:
            first = not self.forms[-1][self.select]
            self.forms[-1] |= {self.select: given.get("value", "")} if first or "selected" in given else {}

    def handle_data(self, data: str) -> None:
        if self.area:
            self.forms[-1][self.area] = data.lstrip("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"select", "textarea"}:
            self.select = self.area = ""


def newcomer_of(organization: str, day: str) -> dict[str, Any]:
    """A member to register."""
    known = {
        "name": "登记人员",
        "id_number": id_number(7),
        "joined_on": "2014-07-01",
        "full_on": "2015-07-01",
    }
    return known | {"organization": organization, "since": day}


FORM_OF = {"meetings:start": "meetings:log", "meetings:autosave": "meetings:edit"}
"""Whose page has the form of an act without a page of its own."""
ELSEWHERE = {
    "accounts:login",  # tests/accounts/test_sign_in.py: test_sign_in_and_out
    "accounts:factor",  # tests/accounts/test_second_factor.py: test_enrolment_shows_secret_and_qr_and_the_codes_once
    "accounts:factor_keep",  # the same file: test_new_recovery_codes_need_a_code_and_end_the_old
    "api-token",  # tests/accounts/test_api.py: test_sign_ins_are_recorded
    "reports:notice",  # reading an own message is no event: test_reading_an_own_message_is_no_event
    "members:import_confirm",  # the job writes: test_a_confirmed_import_leaves_its_entry_when_it_is_written
    "members:lend",  # tests/members/test_stays.py
    "members:take",
    "exemption-list",
    "stay-list",
}
"""Acts that need more than a form filled in from the stage, each with its own test."""


def test_every_act_of_the_matrix_is_looked_at(stage: Stage) -> None:
    may = {row.route for row in ROWS if set("XB") & set(row.post)}
    asked = {route for route, *_ in acts(stage)}
    assert asked | ELSEWHERE == may | {"accounts:unlock", "assessments:count"}
    assert not asked & ELSEWHERE


def acts(stage: Stage) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """Route, record, who, and what is filled in beyond what the form holds already."""
    day = TODAY.isoformat()
    because = {"reason": REASON}
    newcomer = create_person(system("测试"), name="新来人员")
    alpha, beta = stage.corps.alpha.name, stage.corps.beta.name
    book = SimpleUploadedFile("花名册.xlsx", roster(), "application/octet-stream")
    upload = SimpleUploadedFile("照片说明.pdf", PDF, "application/pdf")
    yield "reports:job_retry", "job", "sysadmin", {}
    yield "reports:run_cycle", "", "politics", {"kind": "monthly", "period": "2026-07"}
    yield "reports:word", "bulletin_draft", "politics", {}
    yield "reports:review", "bulletin_draft", "politics", {}
    yield "reports:return", "bulletin_reviewed", "politics", because
    yield "reports:issue", "bulletin_reviewed", "leader", {}
    yield "reports:reissue", "bulletin_issued", "politics", because
    yield "accounts:user_create", "", "sysadmin", {"persons": [newcomer.pk]}
    yield "accounts:administrator_create", "", "sysadmin", {"username": "second"}
    yield "accounts:reset", "user", "sysadmin", {}
    yield "accounts:unlock", "user", "sysadmin", {}
    yield "accounts:disable", "user", "sysadmin", because
    yield "accounts:role", "waiting", "secadmin", {"role": "auditadmin"}
    yield "accounts:evidence", "", "auditadmin", {}
    yield "accounts:role_revoke", "spare", "secadmin", because
    yield "regulations:change", "parameter", "secadmin", because | {"since": day}
    yield (
        "branches:found",
        "organization",
        "politics",
        {"code": "N1", "name": "新建党小组", "short_name": "新小组"},
    )
    yield "branches:edit", "organization", "politics", because | {"name": "更名后的党支部"}
    yield "branches:value", "value", "politics", because | {"since": day}
    yield "branches:end", "post", "politics", because | {"until": day}
    yield "members:edit", "member", "politics", because | {"name": "更名"}
    yield "members:suspend", "member", "politics", {"since": day, "kind": "suspended"}
    yield "members:leave", "member", "politics", because | {"until": day, "on": day}
    yield "members:reveal", "member", "politics", because | {"field": "phone"}
    yield "members:new", "", "politics", newcomer_of(alpha, day)
    yield "members:import", "", "politics", {"organization": alpha, "file": book}
    yield "branches:term", "organization", "politics", {"number": "9", "years": "3", "started_on": day}
    yield "assessments:open", "organization", "politics", {"period": "2026Q3"}
    yield "meetings:submit", "draft", "secretary", {}
    yield "meetings:file", "submitted", "secretary", {}
    yield "meetings:return", "submitted", "secretary", because
    yield "meetings:correct", "filed", "secretary", because
    yield "meetings:void", "filed", "secretary", because
    yield "meetings:discard", "draft", "secretary", {}
    yield "meetings:attach", "draft", "secretary", {"file": upload}
    yield "meetings:detach", "attachment", "secretary", because
    yield "meetings:outcome", "resolution", "secretary", {"done_on": day, "outcome": "已办结"}
    yield "supervision:waive", "open", "politics", because
    yield "supervision:reopen", "waived", "politics", because
    yield "assessments:score", "manual", "politics", {"points": "0", "remark": REASON}
    yield "assessments:count", "round", "politics", {}
    yield "accounts:password", "", "member", {"old": PASSWORD, "new": NEXT, "again": NEXT}
    yield "accounts:enable", "closed", "sysadmin", because
    yield "members:appoint", "organization", "politics", {"person": "东己", "office": "committee_member"}
    yield "members:stage", "probationary", "politics", because | {"stage": "full", "since": day}
    yield "members:transfer", "member", "politics", because | {"organization": beta, "since": day}
    yield "members:group", "member", "politics", {"group": "", "since": day}
    yield "members:restore", "suspended", "politics", {"until": day}
    yield "members:exempt", "counted", "politics", {"reason": "abroad", "since": day}
    yield "members:consent", "member", "politics", {"consented_on": day, "consented_by": "云溪大队党委"}
    yield "members:recount", "member", "politics", because | {"until": day}
    yield "branches:move", "above", "politics", because | {"parent": "D", "on": day}
    yield "branches:dissolve", "empty", "politics", because | {"on": day}
    yield "meetings:log", "", "secretary", {"kinds": ["theme_day"], "held_on": day}
    yield "meetings:start", "", "secretary", {"kinds": ["theme_day"], "held_on": day}
    yield "meetings:edit", "draft", "secretary", {"place": "训练塔"}
    yield "meetings:autosave", "draft", "secretary", {"place": "训练塔"}
    yield "meetings:explain", "bare", "secretary", {"rule": "CK-02", "explanation": REASON}
    yield "meeting-list", "", "secretary", api_draft(stage)
    yield "meeting-submit", "draft", "secretary", {"version": 1}
    yield "meeting-void", "filed", "secretary", because
    yield "members:recall", "stay", "politics", because | {"until": day}
    yield "stay-end", "stay", "secretary", because | {"until": day}
    yield "exemption-consent", "exemption", "secretary", {"consented_on": None, "approved_on": day}
    yield "exemption-end", "exemption", "secretary", because | {"until": day}
    yield "occurrence-waive", "open", "politics", because
    yield "occurrence-reopen", "waived", "politics", because


def api_draft(stage: Stage) -> dict[str, Any]:
    """A draft as programs send it."""
    return {"organization": stage.corps.alpha.pk, "kinds": ["theme_day"], "held_on": TODAY.isoformat()}


def test_reading_an_own_message_is_no_event(stage: Stage, sign_in: Any) -> None:
    url = reverse("reports:notice", kwargs=stage.arguments["notice"])
    answer = send(sign_in(stage.corps.users["politics"]), url, {})
    assert answer.status_code == 303
    assert not entries(answer)


def test_a_confirmed_import_leaves_its_entry_when_it_is_written(stage: Stage, sign_in: Any) -> None:
    """The page only queues; what is written, is recorded as done by whoever confirmed."""
    user, pk = stage.corps.users["politics"], stage.arguments["batch"]["pk"]
    answer = send(sign_in(user), reverse("members:import_confirm", args=[pk]), {})
    assert answer.status_code == 303
    assert not entries(answer)
    assert jobs.run(Job.objects.get(kind="members.write_roster").pk)
    entry = AuditEntry.objects.get(verb="导入花名册")
    assert (entry.user, entry.result, entry.subject) == (user, "ok", f"core.importbatch:{pk}")


def test_what_is_done_leaves_one_entry(stage: Stage, sign_in: Any) -> None:
    """Each act from the same stage: it is undone before the next."""
    wrong = []
    for route, about, role, filled in acts(stage):
        url, user = reverse(route, kwargs=stage.arguments[about]), stage.corps.users[role]
        with transaction.atomic():
            client = sign_in(user)
            page = reverse(FORM_OF.get(route, route), kwargs=stage.arguments[about])
            held = {} if url.startswith("/api/") else Fields(client.get(page).content.decode()).sent
            answer = send(client, url, held | filled)
            found = [entry for entry in entries(answer) if entry.user == user]
            verbs, done = sorted(e.verb for e in found), all(e.result == "ok" for e in found)
            right = verbs == SEVERAL[route] if route in SEVERAL else len(verbs) == 1
            if answer.status_code not in {200, 201, 302, 303} or not right or not done:
                wrong.append((route, answer.status_code, verbs, problems(answer), held | filled))
            transaction.set_rollback(True)
    assert not wrong, "\n" + "\n".join(map(str, wrong))
