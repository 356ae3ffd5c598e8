"""A posted form is carried out once: the second press gets the result of the first.

The token's row is inserted in the transaction of the action, so a lost race waits for the winner
(unique key on PostgreSQL, the single writer on SQLite) and then reads where the winner went.
"""

from __future__ import annotations

import re
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from core import clock, files
from core.decisions import ActionError, StaleRecord
from core.models import FormToken

if TYPE_CHECKING:
    from collections.abc import Callable

    from accounts.models import User

FIELD = "token"
SHAPE = re.compile(r"[A-Za-z0-9_-]{43}")
KEEP = timedelta(days=1)
EXPIRED = "页面缺少提交凭据，请刷新页面后重新提交。"
CLASH = "刚才已保存过相同的内容，请刷新页面核对后再提交。"


class _Pressed(Exception):
    """The token was used before."""


def new_token() -> str:
    """A fresh token of 43 characters for one form on one page."""
    return secrets.token_urlsafe(32)


def carry_out(token: str, user: User, act: Callable[[], str]) -> tuple[str, bool]:
    """Run ``act`` (returns the URL to go to) once for ``token``; answer (URL, whether it ran now).

    Raises ActionError for a missing token, StaleRecord when somebody quicker took what must be
    unique, and whatever ``act`` raises; then nothing is written and the token is free.
    """
    if not SHAPE.fullmatch(token):
        raise ActionError(EXPIRED)
    try:
        with transaction.atomic(), files.undone():
            claim = _claim(token, user)
            url = act()
            claim.result_url = url if len(url) <= 500 else url.partition("?")[0][:500]
            claim.save(update_fields=["result_url"])
    except _Pressed:
        return _result(token, user), False
    except IntegrityError as error:
        if _is_unique_clash(error):
            raise StaleRecord(CLASH) from error
        raise
    return url, True


def _claim(token: str, user: User) -> FormToken:
    """Insert the token, or raise _Pressed when it is there already."""
    try:
        return FormToken.objects.create(token=token, user=user, used_at=clock.now())
    except IntegrityError as error:
        raise _Pressed from error


def _result(token: str, user: User) -> str:
    """Where the first press of this user's token led."""
    used = FormToken.objects.filter(token=token, user=user).first()
    if used is None:
        raise ActionError(EXPIRED)
    return used.result_url


def _is_unique_clash(error: IntegrityError) -> bool:
    """Whether a unique rule was broken (23505 on PostgreSQL), and not another rule."""
    cause = error.__cause__
    return getattr(cause, "pgcode", "") == "23505" or "UNIQUE constraint" in str(cause)


def sweep() -> int:
    """Delete tokens older than a day; answers how many. Run once a night."""
    return FormToken.objects.filter(used_at__lt=clock.now() - KEEP).delete()[0]
