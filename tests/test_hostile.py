"""Hostile input on pages, forms and API: refused whole or taken as text, never a crash or half a record."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from django.test import Client, override_settings

from core import clock
from core.models import FormToken
from core.views import new_token
from meetings.models import Meeting
from members.models import Member
from tests import walk
from tests.corps import build as build_corps
from tests.corps import moment
from tests.permissions.stage import TODAY, Stage, build

pytestmark = pytest.mark.django_db

DICE = random.Random(20261110)
FORMULA = "=cmd|' /C calc'!A0"
SCRIPT = "<script>alert(1)</script>\"'&"
TEXTS = (
    "' OR 1=1--",
    SCRIPT,
    FORMULA,
    "@SUM(1)",
    "\u202e\u2067倒\u2069",
    "👩🏽‍🚒🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "e\u0301\u0323" * 30,
    "\ufeff\u200b\u00a0",
    "../../etc/passwd",
    "{{ 7*7 }}{% debug %}",
    "%s%n%d",
    "\r\nSet-Cookie: a=b",
    "\x01\x08\x1b[2J",
    "长" * 20_000,
)
NUMBERS = ("-1", "0", "1.5", "1e9", "٣", "9" * 30, "0x10", "NaN", "Infinity", "", " ", "+1", "1_0", "²")
DAYS = ("2026-02-30", "0000-00-00", "9999-12-31", "10000-01-01", "-1", "2026-13-01T25:61", "0001-01-01")
NASTY = (*TEXTS, *NUMBERS, *DAYS)
UNREADABLE = ("%00", "a%00b", "%FF", "%ED%A0%80", "%C0%AF", "%E4%B8")
PARAMETERS = (
    "q", "sort", "page", "page_size", "cols", "export", "state", "kind", "organization", "held_after",
    "held_before", "due_after", "due_before", "period", "duty", "meeting", "stage", "category", "rank",
    "sex", "active", "year", "month", "node", "open", "faulty", "copy", "group", "until", "regulation",
    "severity", "own", "user", "verb", "since", "title", "rule", "number", "parent", "level", "status",
)  # fmt: skip
ANSWERED = {200, 302, 303, 400, 403, 404, 409, 413, 422}


def set_up() -> Stage:
    """The stage of the matrix."""
    return build(build_corps())


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: Any) -> Iterator[Stage]:
    """One stage for all: each test rolls its own writes back."""
    quick = override_settings(PASSWORD_ROUNDS=2, PAPERS_STRICT=True)
    with django_db_blocker.unblock(), quick, clock.at(moment(TODAY)), transaction.atomic():
        yield set_up()
        transaction.set_rollback(True)


@pytest.fixture
def secretary(stage: Stage, sign_in: Any) -> Client:
    """The secretary of alpha, who may write."""
    return sign_in(stage.corps.users["secretary"])  # type: ignore[no-any-return]


def counts() -> dict[str, int]:
    """How many rows every table of the portal has."""
    rooms = ("accounts", "branches", "members", "meetings", "supervision", "assessments", "reports", "core")
    models = [model for room in rooms for model in apps.get_app_config(room).get_models()]
    return {model._meta.label: model._default_manager.count() for model in models}


def form_of(meeting: Meeting, **changes: Any) -> dict[str, Any]:
    """What the page of a draft posts, with ``changes``."""
    posted: dict[str, Any] = {
        "token": new_token(),
        "version": meeting.version,
        "kinds": ["theme_day"],
        "held_on": TODAY.isoformat(),
        "agenda-TOTAL_FORMS": "1",
        "agenda-INITIAL_FORMS": "0",
        "agenda-0-lines": "1",
        "agenda-0-title": "研究器材",
        "agenda-0-topic": "other",
    }
    return posted | changes


TEXT_FIELDS = (
    "title", "place", "lecturer", "observers", "minutes", "late_reason", "agenda-0-title",
    "agenda-0-discussion", "agenda-0-decision_0", "agenda-0-owner_0",
)  # fmt: skip
OTHER_FIELDS = (
    "version", "kinds", "group", "held_on", "starts_at", "ends_at", "chair", "recorder", "step",
    "agenda-TOTAL_FORMS", "agenda-INITIAL_FORMS", "agenda-0-lines", "agenda-0-topic", "agenda-0-speakers",
    "agenda-0-voted", "agenda-0-in_favour", "agenda-0-candidates", "agenda-0-due_on_0", "agenda-0-method",
    "agenda-0-passed", "agenda-0-DELETE",
)  # fmt: skip


def draft_of(stage: Stage) -> Meeting:
    """The draft on the stage."""
    return Meeting.objects.get(pk=stage.arguments["draft"]["pk"])


LISTS = (
    "/meetings/", "/members/", "/duties/list/", "/duties/matrix/", "/rounds/", "/bulletins/", "/cycles/",
    "/search/", "/organizations/", "/regulations/", "/jobs/", "/notices/", "/meetings/new/", "/duties/", "/",
    "/api/v1/meetings/", "/api/v1/members/", "/api/v1/occurrences/", "/api/v1/documents/",
    "/api/v1/organizations/",
)  # fmt: skip


@pytest.mark.parametrize("path", LISTS)
def test_no_parameter_breaks_a_list(path: str, secretary: Client) -> None:
    """What every list takes and a draw of the others, one by one; then all of them at once."""
    asked = [{name: DICE.choice(NASTY)} for name in (*PARAMETERS[:6], *DICE.sample(PARAMETERS[6:], 3))]
    asked += [{name: DICE.choice(NASTY) for name in PARAMETERS} for _ in range(2)]
    wrong = []
    for each in asked:
        answer = secretary.get(path, {name: value[:3000] for name, value in each.items()})
        content = walk.body(answer)
        if answer.status_code not in {200, 400, 404} or SCRIPT.encode() in content:
            wrong.append((answer.status_code, each))
    assert not wrong


@pytest.mark.parametrize(
    "path", ["/meetings/", "/accounts/login/", "/search/", "/api/v1/meetings/", "/none/"]
)
def test_what_cannot_be_read_is_400(path: str, secretary: Client) -> None:
    asked = [f"{path}?q={mess}" for mess in UNREADABLE] + [f"{path}?{UNREADABLE[1]}=1", f"{path}%00"]
    assert {url: secretary.get(url).status_code for url in asked} == dict.fromkeys(asked, 400)


def test_a_megabyte_is_answered(secretary: Client, stage: Stage) -> None:
    """A long address or text is refused or cut, and costs no crash."""
    megabyte = "长" * (2**20 // 3)
    for path in ("/search/", "/api/v1/members/"):
        assert secretary.get(path, {"q": megabyte}).status_code in ANSWERED
    pk = draft_of(stage).pk
    before = counts()
    for name in ("minutes", "token"):
        answer = secretary.post(f"/meetings/{pk}/edit/", form_of(draft_of(stage), **{name: megabyte}))
        assert answer.status_code == 422, name
    assert secretary.post(f"/meetings/{pk}/edit/", {"minutes": "长" * 2_000_000}).status_code == 413
    assert counts() == before


@pytest.mark.parametrize("name", [*TEXT_FIELDS, *OTHER_FIELDS])
def test_no_field_of_the_meeting_form_breaks_it(name: str, secretary: Client, stage: Stage) -> None:
    """Taken whole or refused whole: a refusal leaves every table as it was."""
    values = DICE.sample(NASTY, 3) if name in OTHER_FIELDS else (FORMULA, SCRIPT, DICE.choice(TEXTS))
    pk = draft_of(stage).pk
    for value in values:
        before = counts()
        answer = secretary.post(f"/meetings/{pk}/edit/", form_of(draft_of(stage), **{name: value}))
        assert answer.status_code in {200, 303, 409, 422}, (value, answer.status_code)
        if answer.status_code != 303:
            assert counts() == before, value
            assert SCRIPT not in answer.content.decode()


@pytest.mark.parametrize("mess", ["甲\0乙", "甲\ud800乙", "甲\ufffd"])
def test_nul_and_broken_text_are_refused_by_forms(mess: str, secretary: Client, stage: Stage) -> None:
    draft, before = draft_of(stage), counts()
    fields = form_of(draft, minutes=mess)
    body = "&".join(f"{name}={value}" for name, value in fields.items()).encode("utf-8", "surrogatepass")
    kind = "application/x-www-form-urlencoded"
    answer = secretary.post(f"/meetings/{draft.pk}/edit/", body, content_type=kind)
    assert (answer.status_code, counts()) == (400, before)


def test_what_is_taken_comes_back_as_text(secretary: Client, stage: Stage) -> None:
    draft = draft_of(stage)
    written = dict.fromkeys(
        ("title", "agenda-0-title", "minutes", "agenda-0-decision_0"), f"{FORMULA}{SCRIPT}"
    )
    assert secretary.post(f"/meetings/{draft.pk}/edit/", form_of(draft, **written)).status_code == 303
    draft.refresh_from_db()
    assert draft.title == f"{FORMULA}{SCRIPT}"
    for url in (
        f"/meetings/{draft.pk}/",
        f"/meetings/{draft.pk}/edit/",
        "/meetings/",
        f"/meetings/{draft.pk}/check/",
    ):
        page = secretary.get(url).content.decode()
        assert SCRIPT not in page, url
        assert "&lt;script&gt;" in page, url
    rows = walk.sheet(secretary.get("/meetings/?export=xlsx"))
    assert draft.title in {cell for row in rows for cell in row}
    answer = secretary.get("/meetings/?export=xlsx")
    assert not {"f"} & walk.cell_types(answer)


def posts(stage: Stage) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Who posts where, with the fields that a proper form has."""
    of = stage.arguments
    member, organization = of["member"]["pk"], of["organization"]["pk"]
    yield "secretary", f"/meetings/{of['filed']['pk']}/void/", {"reason": ""}
    yield "secretary", f"/meetings/{of['filed']['pk']}/correct/", {"reason": ""}
    yield "secretary", f"/meetings/{of['filed']['pk']}/explain/", {"rule": "", "explanation": ""}
    yield "secretary", f"/meetings/{of['submitted']['pk']}/return/", {"reason": ""}
    yield "secretary", f"/meetings/resolutions/{of['resolution']['pk']}/", {"done_on": "", "outcome": ""}
    yield "politics", f"/duties/{of['open']['pk']}/waive/", {"reason": ""}
    yield "politics", f"/duties/{of['waived']['pk']}/reopen/", {"reason": ""}
    yield (
        "politics",
        "/members/new/",
        dict.fromkeys(
            ("name", "id_number", "phone", "organization", "stage", "since", "category", "joined_on"), ""
        ),
    )
    yield "politics", f"/members/{member}/edit/", {"version": "", "name": "", "phone": "", "reason": ""}
    yield "politics", f"/members/{member}/transfer/", {"organization": "", "since": "", "reason": ""}
    yield "politics", f"/members/{member}/leave/", {"reason": "", "on": "", "until": ""}
    yield "politics", f"/members/{member}/reveal/", {"field": "", "reason": ""}
    yield "politics", f"/organizations/{organization}/edit/", {"name": "", "short_name": "", "reason": ""}
    yield "politics", f"/organizations/{organization}/found/", {"code": "", "name": "", "kind": ""}
    yield "politics", f"/rounds/open/{organization}/", {"scheme": "", "period": ""}
    yield (
        "politics",
        f"/rounds/{of['manual']['pk']}/score/{of['manual']['indicator']}/",
        {"value": "", "note": ""},
    )
    yield "politics", "/cycles/run/", {"kind": "", "period": "", "organization": ""}
    yield "politics", f"/bulletins/{of['bulletin_draft']['pk']}/word/", {"title": "", "text": ""}
    yield "leader", f"/bulletins/{of['bulletin_reviewed']['pk']}/return/", {"reason": ""}
    yield "sysadmin", "/accounts/users/new/", {"username": "", "persons": "", "person": ""}
    yield "sysadmin", f"/accounts/users/{of['user']['pk']}/reset/", {"reason": ""}
    yield "secretary", "/accounts/password/", {"old_password": "", "new_password1": "", "new_password2": ""}
    yield "secretary", "/accounts/post/", {"post": ""}
    yield "secretary", "/preferences/display/", {"font": "", "next": ""}


def test_no_form_breaks(stage: Stage, sign_in: Any) -> None:
    """Every other form with two draws of the corpus in all its fields."""
    wrong = []
    for role, url, fields in posts(stage):
        client = sign_in(stage.corps.users[role])
        before = counts()
        for _ in range(2):
            filled = {name: DICE.choice(NASTY) for name in fields}
            with transaction.atomic():
                answer = client.post(url, filled | {"token": new_token()})
                refused = answer.status_code not in {200, 204, 302, 303}
                left = {k: v for k, v in counts().items() if v != before[k] and k != "core.AuditEntry"}
                transaction.set_rollback(True)
            if answer.status_code not in ANSWERED | {204} or (refused and left):
                wrong.append((url, answer.status_code, left, filled))
    assert not wrong


BODIES = (
    b"", b"[]", b"null", b"{", b'"text"', b"\xff\xfe", b"[" * 5000, b'{"minutes": "a\\u0000b"}',
    b'{"organization": 1e400}', b'{"organization": -1}', b'{"organization": 99999999999999999999}',
)  # fmt: skip


def api_bodies(stage: Stage) -> Iterator[bytes]:
    """Broken bodies, then a proper draft with one thing wrong."""
    yield from BODIES
    person = stage.corps.users["member"].person_id
    proper: dict[str, Any] = {
        "organization": stage.corps.alpha.pk,
        "kinds": ["theme_day"],
        "held_on": TODAY.isoformat(),
        "roll": [{"person_id": person, "role": "voter", "presence": "present"}],
        "agenda": [{"title": "议题", "resolutions": [{"text": "决议"}], "vote": {"in_favour": 1}}],
    }
    wrong = ("甲\0乙", "甲\ud800", None, [], {}, 2**70, -1, 1.5, True, [[]], *TEXTS[:9], *DAYS[:4])
    for name in (*proper, "title", "minutes", "place", "chair_id", "group_id", "starts_at", "observers"):
        for value in DICE.sample(wrong, 5):
            yield walk.as_json(proper | {name: value}).encode()
    for name in ("title", "discussion", "speakers", "topic", "vote", "resolutions"):
        for value in DICE.sample(wrong, 4):
            yield walk.as_json(proper | {"agenda": [{"title": "议题", name: value}]}).encode()
    for name in ("person_id", "role", "presence", "excuse", "note"):
        for value in DICE.sample(wrong, 4):
            yield walk.as_json(proper | {"roll": [proper["roll"][0] | {name: value}]}).encode()


def test_no_body_breaks_the_api(stage: Stage, secretary: Client) -> None:
    wrong, before = [], counts()
    for body in api_bodies(stage):
        with transaction.atomic():
            answer = secretary.post("/api/v1/meetings/", body, content_type="application/json")
            left = {name for name, count in counts().items() if count != before[name]} - {"core.AuditEntry"}
            transaction.set_rollback(True)
        refused = answer.status_code != 201
        if answer.status_code not in ANSWERED | {201} or (refused and left):
            wrong.append((answer.status_code, left, body[:200]))
        if b"\\u0000" in body and not refused:
            wrong.append(("NUL", body[:200]))
    assert not wrong


def test_steps_of_the_api_take_no_nonsense(stage: Stage, secretary: Client) -> None:
    pk, filed = stage.arguments["draft"]["pk"], stage.arguments["filed"]["pk"]
    wrong = [
        {},
        [],
        None,
        {"version": -1},
        {"version": 2**70},
        {"version": "x"},
        {"reason": "甲\0"},
        {"reason": 5 * "长" * 50},
    ]
    urls = (f"/api/v1/meetings/{pk}/submit/", f"/api/v1/meetings/{filed}/void/")
    for url in (*urls, f"/api/v1/occurrences/{stage.arguments['open']['pk']}/waive/"):
        for value in wrong:
            answer = secretary.post(url, walk.as_json(value), content_type="application/json")
            assert answer.status_code in {400, 403, 422}, (url, value)
    for key in ("x", "-1", "1.5", "9" * 40, "%F0%9F%98%80", "..%2f", "00000000-0000-0000-0000-00000000000z"):
        for name in ("meetings", "members", "occurrences", "documents", "organizations"):
            assert secretary.get(f"/api/v1/{name}/{key}/").status_code == 404, (name, key)
        for room in ("meetings", "members", "duties", "rounds", "bulletins"):
            assert secretary.get(f"/{room}/{key}/").status_code == 404, (room, key)


def test_a_form_counts_once(secretary: Client, stage: Stage) -> None:
    posted = form_of(draft_of(stage), version="")
    before = Meeting.objects.count()
    first, second = (secretary.post("/meetings/new/", posted) for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    assert first["Location"] == second["Location"]
    assert Meeting.objects.count() == before + 1
    for token in ("", "x", "x" * 43 + "y", "长" * 43):
        assert secretary.post("/meetings/new/", posted | {"token": token}).status_code == 422
    assert Meeting.objects.count() == before + 1
    assert FormToken.objects.filter(token=posted["token"]).count() == 1


def test_an_old_version_is_409(secretary: Client, stage: Stage) -> None:
    draft = draft_of(stage)
    url, old = f"/meetings/{draft.pk}/edit/", draft.version
    assert secretary.post(url, form_of(draft, minutes="先保存的")).status_code == 303
    refused = secretary.post(url, form_of(draft, version=old, minutes=f"后到的{SCRIPT}"))
    assert refused.status_code == 409
    assert SCRIPT not in refused.content.decode()
    assert draft_of(stage).minutes == "先保存的"
    body = walk.as_json({"version": old})
    stale = secretary.post(f"/api/v1/meetings/{draft.pk}/submit/", body, content_type="application/json")
    assert stale.status_code == 409


@pytest.mark.parametrize(
    "target", ["//evil", "/\\evil", "https://evil/", "javascript:alert(1)", "/%0d%0aX: y", "///evil"]
)
def test_sign_in_leads_nowhere_else(target: str, client: Client, stage: Stage) -> None:
    told = {"username": "secretary", "password": "Test-pass-2026", "next": target}
    answer = client.post("/accounts/login/", told)
    assert answer.status_code in {302, 303}
    assert "evil" not in answer["Location"]
    assert "\n" not in answer["Location"]
    assert "X" not in answer


@pytest.mark.parametrize(
    "url", ["/", "/meetings/", "/members/", "/nothing/", "/meetings/?export=xlsx", "/api/v1/members/"]
)
def test_every_answer_carries_its_guards(url: str, secretary: Client) -> None:
    answer = secretary.get(url)
    walk.body(answer)
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy or "default-src 'self'" in policy
    assert not [word for word in ("unsafe-inline", "unsafe-eval", "http:") if word in policy]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] in {"same-origin", "no-referrer"}
    assert "no-store" in answer["Cache-Control"]
    assert Client().get("/accounts/login/")["X-Frame-Options"] == "DENY"


def test_a_name_is_text_in_every_list(stage: Stage, secretary: Client) -> None:
    person = Member.objects.get(pk=stage.arguments["member"]["pk"]).person
    person.name = f"{FORMULA}<b>"
    person.save()
    assert "&lt;b&gt;" in secretary.get("/members/").content.decode()
    answer = secretary.get("/members/?export=xlsx")
    assert "f" not in walk.cell_types(answer)
