"""Pages as WSGI answers them: no test client, no network."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.staticfiles import finders
from django.core.handlers.wsgi import WSGIHandler
from django.db.models import Count
from django.test import RequestFactory, override_settings

from accounts.models import User
from branches.models import Appointment, Organization
from tests.benchmarks.timing import Case

Answer = tuple[int, bytes]
AUTH = "hello with session and user"
OWN_FILES = re.compile(r'(?:href|src)="/static/([^"]+\.(?:css|js))"')
ADMIN = "peer: admin, the same meetings"


def bare() -> WSGIHandler:
    """Django without middleware."""
    with override_settings(MIDDLEWARE=[]):
        return WSGIHandler()


def cookie_of(username: str) -> str:
    """A signed-in session."""
    user = User.objects.get(username=username)
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "accounts.backends.PersonBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def branch_secretary() -> str:
    """Somebody who is the secretary of a branch and nothing else."""
    posts = Appointment.objects.filter(person__user__isnull=False).values("person").annotate(n=Count("pk"))
    alone = posts.filter(n=1).values("person")
    branch = Appointment.objects.filter(person__in=alone, office="secretary", organization__kind="branch")
    return str(branch.order_by("pk").values_list("person__user__username", flat=True)[0])


def asking(handler: WSGIHandler, url: str, cookie: str = "") -> Callable[[], Answer]:
    """Ask for ``url``."""
    factory = RequestFactory(HTTP_COOKIE=cookie)

    def ask() -> Answer:
        status: list[int] = []

        def start(line: str, headers: Any, exc_info: Any = None) -> Any:
            status.append(int(line.split()[0]))

        answer: Iterable[bytes] = handler(factory.get(url).environ, start)
        body = b"".join(answer)
        answer.close()  # type: ignore[attr-defined]  # a response
        return status[0], body

    return ask


def fine(text: str = "") -> Callable[[object], bool]:
    """Status 200 and ``text`` in the body: a redirect to the door is no quick page."""
    return lambda answer: isinstance(answer, tuple) and answer[0] == 200 and text.encode() in answer[1]


def cases(handler: WSGIHandler) -> list[Case]:
    """Floors, peers and pages."""
    top = Organization.objects.filter(level="corps").order_by("pk").first()
    middle = Organization.objects.filter(level="detachment").order_by("pk").first()
    assert top is not None
    assert middle is not None
    signed_in = ("politics_root", "politics_corps", "politics_detachment", branch_secretary())
    root, corps, staff, secretary = map(cookie_of, signed_in)
    months = "held_after=2026-01-01&held_before=2026-12-31&page_size=50"

    def page(name: str, url: str, cookie: str, target: str, text: str = "</html>") -> Case:
        return Case(name, asking(handler, url, cookie), fine(text), target, AUTH, grows=True)

    def peer(name: str, url: str) -> Case:
        return Case(name, asking(handler, url, secretary), fine("result_list"), floor=AUTH)

    return [
        Case("bare hello", asking(bare(), "/floor/hello/"), fine("hello")),
        Case(AUTH, asking(handler, "/floor/signed-in/", secretary), fine("hello")),
        Case("single SQL, 50 rows", asking(handler, f"/floor/sql/?path={middle.path}", secretary), fine()),
        peer(ADMIN, "/admin/meetings/meeting/?state=filed"),
        peer("peer: admin, the same members", "/admin/members/member/"),
        page("P1 meetings, filtered, 支队", f"/meetings/?state=filed&{months}", staff, "≤ 6 × auth"),
        page("P1 meetings, filtered, 总队", f"/meetings/?state=filed&{months}", corps, "≤ 6 × auth"),
        page("members, 总队", "/members/", corps, "≤ 6 × auth"),
        page("overdue list, 总队", "/duties/list/?state=overdue", corps, "≤ 6 × auth"),
        page("P4 home, 总队", "/", corps, "≤ 15 ms"),
        page("P4 home, 支队", "/", staff, "≤ 15 ms"),
        page("home, secretary", "/", secretary, ""),
        page("P5 matrix, 总队", "/duties/matrix/", corps, "≤ 20 ms"),
        page("P5 matrix, 支队", "/duties/matrix/", staff, "≤ 25 ms"),
        page("organisation page, 总队", f"/organizations/{top.pk}/", corps, ""),
        page("search, 总队", "/search/?q=李", corps, ""),
        page("search, 全国", "/search/?q=李", root, ""),
        page("home, 全国", "/", root, "top/leaf ≤ 1.3"),
        page("P1 meetings, filtered, 全国", f"/meetings/?state=filed&{months}", root, "≤ 6 × auth"),
        page("meetings with a word, 全国", "/meetings/?q=器材", root, "≤ 6 × auth"),
        page("members, 全国", "/members/", root, "≤ 6 × auth"),
        page("overdue list, 全国", "/duties/list/?state=overdue", root, "≤ 6 × auth"),
        page("log a meeting", "/meetings/new/?kind=committee_meeting", secretary, ""),
    ]


def weights(handler: WSGIHandler) -> list[str]:
    """P13: what a phone loads first, KiB after gzip."""
    cookie = cookie_of(branch_secretary())
    lines = ["| first load on a phone | KiB after gzip | target |", "|---|---:|---|"]
    for name, url in (("home", "/"), ("log a meeting", "/meetings/new/?kind=committee_meeting")):
        body = asking(handler, url, cookie)()[1]
        files = {found for found in map(finders.find, OWN_FILES.findall(body.decode())) if found}
        assets = sum(len(gzip.compress(Path(file).read_bytes())) for file in files)
        lines.append(f"| P13 HTML of {name} | {len(gzip.compress(body)) / 1024:.1f} | ≤ 40 |")
        lines.append(f"| P13 its {len(files)} styles and scripts | {assets / 1024:.1f} | ≤ 100 |")
    return lines
