"""What every answer of every route owes the browser: headers, CSRF, its own host, no redirect elsewhere."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from core.views import new_token
from tests import walk
from tests.digest import changed, digest
from tests.permissions.stage import Stage
from tests.permissions.table import OPEN_TO_ALL, ROWS

pytestmark = pytest.mark.django_db
PASSWORD = "Test-pass-2026"
ELSEWHERE = (
    "//evil", "///evil", "/\\evil", "\\\\evil", "https://evil/", "https:evil", "javascript:alert(1)", "data:,x",
    "/%0d%0aX-Evil: y", "/\r\nX-Evil: y", "\t//evil", "http://testserver@evil/", "//testserver.evil/",
)  # fmt: skip


def urls(stage: Stage) -> list[str]:
    """One address for every route."""
    table = [reverse(row.route, kwargs=stage.arguments[row.about]) for row in ROWS]
    return [*table, reverse("core:healthz"), "/nothing/", "/api/v1/nothing/"]


def signed_in(stage: Stage, role: str, **options: Any) -> Client:
    """A client of that role."""
    client = Client(**options)
    client.force_login(stage.corps.users[role], backend="accounts.backends.PersonBackend")
    return client


def faults(answer: Any, who: str) -> list[str]:
    """What an answer lacks."""
    walk.body(answer)
    policy = answer.headers.get("Content-Security-Policy", "")
    directives = dict(each.strip().partition(" ")[::2] for each in policy.split(";"))
    wanted = {
        "default-src": directives.get("default-src") == "'none'",
        "base-uri": directives.get("base-uri") == "'none'",
        "frame-ancestors": directives.get("frame-ancestors") == "'none'",
        "form-action": directives.get("form-action") == "'self'",
        "no unsafe": not any(word in policy for word in ("unsafe", "http:", "https:", " *")),
        "frame": answer.headers.get("X-Frame-Options") == "DENY",
        "sniff": answer.headers.get("X-Content-Type-Options") == "nosniff",
        "referrer": answer.headers.get("Referrer-Policy") == "same-origin",
        "opener": answer.headers.get("Cross-Origin-Opener-Policy") == "same-origin",
        "cache": who == "anon" or "no-store" in answer.headers.get("Cache-Control", ""),
    }
    return [name for name, kept in wanted.items() if not kept]


@pytest.mark.parametrize("who", ["anon", "secretary", "sysadmin"])
def test_every_answer_of_every_route_carries_its_guards(who: str, stage: Stage) -> None:
    client = Client() if who == "anon" else signed_in(stage, who)
    wrong = [(url, missing) for url in urls(stage) if (missing := faults(client.get(url), who))]
    assert not wrong


@pytest.mark.parametrize("role", ["secretary", "politics", "sysadmin"])
def test_every_post_wants_its_csrf_code(role: str, stage: Stage) -> None:
    """No route is carried out for a form of another site; a request with a token of the API is none."""
    client, before = signed_in(stage, role, enforce_csrf_checks=True), digest()
    free = {reverse("api-token")}
    wrong = []
    for url in urls(stage):
        for method in ("post", "put", "patch", "delete"):
            answer = getattr(client, method)(url, {"token": new_token()}, content_type="application/json")
            if answer.status_code not in {401, 403} and url not in free:
                wrong.append((method, url, answer.status_code))
    assert [each for each in wrong if each[2] not in {404, 405}] == []
    assert not changed(before)


@pytest.mark.parametrize("host", ["evil", "testserver@evil", "[::1"])
def test_a_strange_host_is_refused_everywhere(host: str, stage: Stage, expects_errors: None) -> None:
    client = signed_in(stage, "secretary")
    strange = {url: client.get(url, headers={"Host": host}).status_code for url in urls(stage)}
    wrong = {url: status for url, status in strange.items() if status not in {400, 404, 405}}
    assert not {url for url in wrong if url not in map(reverse, OPEN_TO_ALL)}
    for url in ("/", "/accounts/login/", "/meetings/"):
        answer = client.get(url, headers={"Host": host})
        assert answer.status_code == 400
        assert "evil" not in answer.content.decode()


def test_a_session_is_never_carried_over_a_sign_in(stage: Stage, client: Client) -> None:
    """A key planted before is not the key afterwards, and what was signed in before is out."""
    name = settings.SESSION_COOKIE_NAME
    client.cookies[name] = "a" * 32
    told = {"username": "secretary", "password": PASSWORD}
    assert client.post("/accounts/login/", told).status_code in {302, 303}
    first = client.cookies[name].value
    assert first != "a" * 32
    planted = Client()
    planted.cookies[name] = "a" * 32
    assert planted.get("/").status_code == 302
    again = Client()
    again.get("/accounts/login/")
    client.post("/accounts/logout/")
    client.cookies[name] = first
    assert client.get("/").status_code == 302
    cookie = again.cookies.get(name)
    assert cookie is None or cookie.value != first


@pytest.mark.parametrize("target", ELSEWHERE)
def test_nothing_leads_elsewhere(target: str, stage: Stage) -> None:
    """``next`` of every form, and the address that htmx names."""
    told = {"username": "secretary", "password": PASSWORD, "next": target}
    answers = [
        Client().post("/accounts/login/", told),
        Client().post(f"/accounts/login/?next={target}", told),
    ]
    client = signed_in(stage, "secretary")
    for url in ("/preferences/display/", "/accounts/post/"):
        for method in (client.post, client.get):
            answers.append(method(url, {"next": target, "font": "large", "post": "1", "token": new_token()}))
        answers.append(client.post(url, {"font": "large"}, headers={"Referer": target.strip()}))
    held = {"HX-Request": "true", "HX-Current-URL": target.replace("\r\n", "%0d%0a")}
    answers.append(Client().get("/meetings/", headers=held))
    answers.append(client.post("/accounts/logout/", {"next": target}))
    for answer in answers:
        place = answer.headers.get("Location", "") + answer.headers.get("HX-Redirect", "")
        assert place == "" or (place[0] == "/" and place[1:2] not in {"/", "\\"}), place
        assert "X-Evil" not in answer.headers
        assert "\n" not in place
        assert "\r" not in place


@pytest.mark.parametrize("mess", ["%0d%0aX-Evil:%20y"])
def test_no_header_is_written_from_outside(mess: str, stage: Stage) -> None:
    client = signed_in(stage, "secretary")
    for url in urls(stage):
        for asked in (f"{url}?q={mess}&next={mess}&export=xlsx&sort={mess}", f"{url}{mess}"):
            answer = client.get(asked)
            walk.body(answer)
            assert "X-Evil" not in answer.headers
            assert not any("\n" in value or "\r" in value for value in answer.headers.values())
