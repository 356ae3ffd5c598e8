"""Each act leaves exactly one entry in the audit trail, each refused act too (C-20)."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.actions import create_person
from core import clock
from core.actor import system
from core.models import AuditEntry
from core.views import new_token
from tests.corps import moment
from tests.members.workbooks import id_number
from tests.permissions.stage import PDF, TODAY, Stage, build, roster
from tests.permissions.table import ROLES, ROWS, Row

pytestmark = pytest.mark.django_db
REASON = "核实情况后办理"
SEVERAL = {
    "members:edit": ["修改党员信息", "更改人员信息"],  # the person, and the member
    "members:new": ["登记人员", "登记党员"],
    "meetings:submit": ["归档会议记录", "提交会议记录"],  # where the recorder may file, one tap does both
}
"""Acts that are two by the words of the house: one entry for each."""


@pytest.fixture
def stage(corps: Any) -> Iterator[Stage]:
    with clock.at(moment(TODAY)):
        yield build(corps)


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


ELSEWHERE = {
    "accounts:login",  # tests/accounts/test_sign_in.py
    "accounts:factor",  # tests/accounts/test_second_factor.py
    "accounts:factor_keep",
    "accounts:password",  # tests/accounts/test_actions.py
    "accounts:enable",  # the same action as disable, the other way round
    "api-token",  # tests/accounts/test_api.py
    "reports:notice",  # reading an own message is no event
    "members:import_confirm",
    "meetings:start",
    "meetings:log",
    "meetings:edit",
    "meetings:autosave",
    "meeting-list",
    "meeting-submit",
    "meetings:explain",
    "members:appoint",
    "members:stage",
    "members:transfer",
    "members:group",
    "members:restore",
    "members:exempt",  # tests/members/test_exemptions.py
    "members:consent",
    "members:recount",
    "members:lend",  # tests/members/test_stays.py
    "members:take",
    "exemption-list",
    "stay-list",
    "branches:move",
    "branches:dissolve",
}
"""Acts that are tested elsewhere, or need more than a form filled in from the stage."""


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
    alpha = stage.corps.alpha.name
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
    yield "meeting-void", "filed", "secretary", because
    yield "members:recall", "stay", "politics", because | {"until": day}
    yield "stay-end", "stay", "secretary", because | {"until": day}
    yield "exemption-consent", "exemption", "secretary", {"consented_on": None, "approved_on": day}
    yield "exemption-end", "exemption", "secretary", because | {"until": day}
    yield "occurrence-waive", "open", "politics", because
    yield "occurrence-reopen", "waived", "politics", because


def test_what_is_done_leaves_one_entry(stage: Stage, sign_in: Any) -> None:
    """Each act from the same stage: it is undone before the next."""
    wrong = []
    for route, about, role, filled in acts(stage):
        url, user = reverse(route, kwargs=stage.arguments[about]), stage.corps.users[role]
        with transaction.atomic():
            client = sign_in(user)
            held = {} if url.startswith("/api/") else Fields(client.get(url).content.decode()).sent
            answer = send(client, url, held | filled)
            found = [entry for entry in entries(answer) if entry.user == user]
            verbs, done = sorted(e.verb for e in found), all(e.result == "ok" for e in found)
            right = verbs == SEVERAL[route] if route in SEVERAL else len(verbs) == 1
            if answer.status_code not in {200, 302, 303} or not right or not done:
                wrong.append((route, answer.status_code, verbs, problems(answer), held | filled))
            transaction.set_rollback(True)
    assert not wrong, "\n" + "\n".join(map(str, wrong))
