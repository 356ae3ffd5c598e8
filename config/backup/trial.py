"""A user's steps in the throw-away copy of a drill; started by ``rehearsal`` in a process of its own."""

from __future__ import annotations

import secrets
import time
from pathlib import Path

from axes.utils import reset
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.urls import reverse

from accounts import rules
from accounts.models import User
from accounts.queries import secret_place
from core import clock, crypto
from core.papers import Kind, Paper, Paragraph, paper_pdf
from meetings.documents import minutes_paper
from meetings.models import Meeting

MARK = "rehearsal"


def main() -> None:
    """Sign in as a user of the copy and print a paper from its records; SystemExit says what failed."""
    if not (Path(settings.DATA_DIR) / MARK).exists():
        raise SystemExit("只能在演练的副本中运行。")  # it sets a password
    settings.ALLOWED_HOSTS = ["testserver"]
    sign_in()
    print_paper()


def sign_in() -> None:
    """By password and, where it is on, one-time code, as the user whose account is the oldest."""
    user = User.objects.filter(is_active=True).order_by("pk").first()
    if user is None:
        raise SystemExit("恢复的数据库里没有可以登录的用户。")
    password = secrets.token_urlsafe(20)
    user.set_password(password)
    user.password_changed_at = clock.now()
    user.save()
    reset()  # a lock of the original is not what is tried here, nor how long the account was not used
    client = Client()
    answer = client.post("/accounts/login/", {"username": user.username, "password": password})
    if answer.headers.get("Location") == reverse("accounts:code"):
        client.post(reverse("accounts:code"), {"otp": code_of(user)})
    if client.session.get(SESSION_KEY) != str(user.pk):
        raise SystemExit(f"用户 {user.username} 不能登录。")


def code_of(user: User) -> str:
    """What the user's device shows now; the code may have been used in the original a moment ago."""
    factor = user.second_factor
    factor.last_step = 0
    factor.save()
    return rules.code_at(crypto.decrypt(factor.secret, secret_place(factor.uuid)), int(time.time()))


def print_paper() -> None:
    """The newest filed record's minutes; where nothing was filed yet, a paper of one line."""
    meeting = Meeting.objects.for_page().filter(state="filed").order_by("pk").last()
    line = Paper(kind=Kind.RECORD, issuer="恢复演练", title="恢复演练", blocks=(Paragraph("恢复演练"),))
    if not paper_pdf(line if meeting is None else minutes_paper(meeting)).startswith(b"%PDF-"):
        raise SystemExit("不能生成 PDF。")
