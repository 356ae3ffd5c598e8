"""The second factor: enrolled by its owner, used once a code, reset by the administrator."""

from __future__ import annotations

import secrets
import uuid
from typing import TYPE_CHECKING

import pyotp
from django.conf import settings
from django.db import IntegrityError, transaction

from accounts import lockout, queries, rules
from accounts.actions.passwords import CAPITALS, DIGITS, end_tokens
from accounts.models import RecoveryCode, SecondFactor, User
from accounts.permissions import can_reset_factor
from core import audit, clock, crypto
from core.decisions import ActionError, StaleRecord, require

if TYPE_CHECKING:
    from django.http import HttpRequest

    from core.actor import Actor

GROUPS = 4
GROUP = 4
WRONG_CODE = "动态口令或恢复码不正确，或者已经用过。动态口令每 30 秒更换，请填写最新的 6 位数字。"


class WrongCode(ActionError):
    """The code does not fit, or not any more."""


def new_secret() -> str:
    """A secret of 160 bits in base32, as authenticators take it."""
    return pyotp.random_base32()


@transaction.atomic
def enrol_factor(by: Actor, user: User, *, secret: str, code: str) -> tuple[SecondFactor, list[str]]:
    """Switch the second factor of ``user`` on: ``code`` proves that the device holds ``secret``.

    Answers the row and the recovery codes, which are shown once. Tokens of before end.
    """
    step = _step(secret, rules.tidy_code(code))
    if step is None:
        raise WrongCode(WRONG_CODE, field="otp")
    key = uuid.uuid4()
    factor = SecondFactor(user=user, uuid=key, last_step=step, confirmed_at=clock.now())
    factor.secret = crypto.encrypt(secret, queries.secret_place(key))
    try:
        with transaction.atomic():
            factor.save()
    except IntegrityError as error:
        raise StaleRecord("动态口令刚才已经启用，请刷新页面核对。") from error
    end_tokens(user)
    audit.record(by, "启用动态口令", user)
    return factor, _give_codes(factor)


@transaction.atomic
def use_code(by: Actor, user: User, text: str) -> bool:
    """Whether ``text`` is a code of the second factor of ``user`` that was not used before; uses it."""
    factor = SecondFactor.objects.filter(user=user).first()
    if factor is None:
        return False
    code = rules.tidy_code(text)
    return _use_step(factor, code) if rules.is_one_time_code(code) else _use_recovery(by, factor, code)


def step_up(request: HttpRequest, by: Actor, text: str | None) -> None:
    """Ask for a code before something delicate; ``text`` is None where nobody has to give one.

    Not one transaction: a wrong code is counted like a wrong password, whatever becomes of the act.
    """
    if text is None or by.user is None:
        return
    if not lockout.is_open(request, by.user.username):
        request.axes_locked_out = True  # type: ignore[attr-defined]  # the middleware answers 429
        raise WrongCode(lockout.sentence(), field="otp")
    if not use_code(by, by.user, text):
        lockout.failed(request, by.user.username)
        raise WrongCode(WRONG_CODE, field="otp")


@transaction.atomic
def renew_codes(by: Actor, user: User) -> list[str]:
    """New recovery codes in place of the old ones; the page has asked for a code before."""
    factor = SecondFactor.objects.select_for_update().filter(user=user).first()
    if factor is None:
        raise StaleRecord("动态口令尚未启用，请刷新页面核对。")
    factor.recovery_codes.all().delete()
    audit.record(by, "更换恢复码", user)
    return _give_codes(factor)


@transaction.atomic
def drop_factor(by: Actor, user: User) -> None:
    """The owner takes the second factor off, to enrol another device; a code was asked for before."""
    _drop(user)
    audit.record(by, "停用动态口令", user)


@transaction.atomic
def reset_factor(by: Actor, user: User, *, reason: str) -> User:
    """The administrator takes it off for somebody whose device and recovery codes are lost."""
    require(can_reset_factor(by, user))
    if not reason.strip():
        raise ActionError("请写明原因。", field="reason")
    _drop(user)
    end_tokens(user)
    audit.record(by, "重置动态口令", user, reason=reason.strip())
    return user


def _drop(user: User) -> None:
    """The row goes, its recovery codes with it; two presses cannot both succeed."""
    if not SecondFactor.objects.filter(user=user).delete()[0]:
        raise StaleRecord("动态口令刚才已被停用，请刷新页面核对。")


def _step(secret: str, code: str) -> int | None:
    """The time step of a code that is right now, or within the steps a clock may be off."""
    if not rules.is_one_time_code(code):
        return None
    at = int(clock.now().timestamp())
    return rules.matching_step(secret, code, at, settings.SECOND_FACTOR_STEPS)


def _use_step(factor: SecondFactor, code: str) -> bool:
    """Conditional update: of two that send the same code one is let in (RFC 6238 5.2)."""
    step = _step(crypto.decrypt(factor.secret, queries.secret_place(factor.uuid)), code)
    if step is None:
        return False
    later = SecondFactor.objects.filter(pk=factor.pk, last_step__lt=step)
    return bool(later.update(last_step=step))


def _use_recovery(by: Actor, factor: SecondFactor, code: str) -> bool:
    """Use up a recovery code; the entry tells how many are left."""
    unused = factor.recovery_codes.filter(used_at=None)
    if not unused.filter(digest=queries.recovery_digest(factor, code)).update(used_at=clock.now()):
        return False
    audit.record(by, "使用恢复码", factor.user, after={"剩余": unused.count()})
    return True


def _give_codes(factor: SecondFactor) -> list[str]:
    """Fresh recovery codes as text; only their digests are kept."""
    codes = [_recovery_code() for _ in range(settings.RECOVERY_CODES)]
    RecoveryCode.objects.bulk_create(
        RecoveryCode(factor=factor, digest=queries.recovery_digest(factor, rules.tidy_code(code)))
        for code in codes
    )
    return codes


def _recovery_code() -> str:
    """``KD7M-P4RT-…``: four groups without look-alikes, about 79 bits."""
    text = "".join(secrets.choice(CAPITALS + DIGITS) for _ in range(GROUPS * GROUP))
    return "-".join(text[start : start + GROUP] for start in range(0, len(text), GROUP))
