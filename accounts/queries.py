"""Reads: a person by number, the accounts page, the audit page."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from accounts import lockout, rules
from accounts.choices import AdminRole
from accounts.models import Person, RecoveryCode, SecondFactor, User
from accounts.permissions import can_manage_users, can_read_audit, can_see_roles
from core import clock, crypto
from core.models import AuditEntry

if TYPE_CHECKING:
    from uuid import UUID

REVEALED = "查看号码"
"""Verb of the audit entry about a number shown in plain text."""
TABLE = "accounts_person"


def number_place(column: str, person_uuid: UUID) -> str:
    """Where a person's ciphertext belongs: ``column`` is ``id_number`` or ``phone``."""
    return crypto.place(TABLE, column, person_uuid)


def id_number_index(number: str) -> str:
    """The blind index of an identity number of 18 characters."""
    return crypto.blind_index(number, "id_number")


def phone_index(number: str) -> str:
    """The blind index of a phone number."""
    return crypto.blind_index(number, "phone")


def secret_place(factor_uuid: UUID) -> str:
    """Where the secret of a second factor belongs."""
    return crypto.place("accounts_secondfactor", "secret", factor_uuid)


def is_sealed_under_other_keys(database: str) -> bool:
    """Whether a number or a secret is sealed under a key that this installation has not."""
    known = crypto.known_prefixes()

    def other(column: str) -> Q:
        readable = Q(**{column: ""})
        for prefix in known:
            readable |= Q(**{f"{column}__startswith": prefix})
        return ~readable

    persons = Person.objects.using(database).filter(other("id_number") | other("phone"))
    return persons.exists() or SecondFactor.objects.using(database).filter(other("secret")).exists()


def recovery_digest(factor: SecondFactor, code: str) -> str:
    """How a tidied recovery code is kept: keyed, and different for each account."""
    return crypto.blind_index(code, f"recovery:{factor.uuid}")


def factor_of(user: User) -> SecondFactor | None:
    """The second factor of ``user``, None when it is not switched on."""
    return SecondFactor.objects.filter(user=user).first()


def recovery_codes_left(factor: SecondFactor) -> int:
    """How many recovery codes are unused."""
    return RecoveryCode.objects.filter(factor=factor, used_at=None).count()


def person_by_id_number(text: str) -> Person | None:
    """The person with this identity number, however written; None for a wrong or unknown one."""
    answer = rules.read_id_number(text, clock.today())
    if isinstance(answer, str):
        return None
    return Person.objects.filter(id_number_index=id_number_index(answer.number)).first()


def reveals_in_last_hour(user: User) -> int:
    """How many personal numbers ``user`` has looked at within the last hour."""
    since = clock.now() - timedelta(hours=1)
    return AuditEntry.objects.filter(user=user, verb=REVEALED, result="ok", at__gt=since).count()


def users_for_list(users: QuerySet[User]) -> QuerySet[User]:
    """Accounts with their person, ``is_locked`` (locked out now), ``is_dormant``, ``has_factor``."""
    factors = SecondFactor.objects.filter(user=OuterRef("pk"))
    return users.select_related("person").annotate(
        is_locked=is_locked(), is_dormant=is_dormant(), has_factor=Exists(factors)
    )


def is_locked() -> Q:
    """Whether an account is locked out now, from one address or altogether."""
    by_address = lockout.attempts_over_limit().filter(username=OuterRef("username"))
    altogether = lockout.usernames_over_limit().filter(username=OuterRef("username"))
    return Q(Exists(by_address)) | Q(Exists(altogether))


def is_dormant() -> Q:
    """Whether nobody has used an account for long: ``permissions.is_dormant`` as a condition."""
    limit = clock.now() - timedelta(days=settings.DORMANT_DAYS)
    signs = ("last_login", "password_changed_at", "unlocked_at")
    old, none = Q(), Q()
    for sign in signs:
        old &= Q(**{f"{sign}__lt": limit}) | Q(**{sign: None})
        none &= Q(**{sign: None})
    return old & ~none


def persons_without_user(user: User, text: str) -> QuerySet[Person]:
    """Persons without an account, found by ``text``; for the system administrator."""
    if not can_manage_users(user):
        return Person.objects.none()
    return Person.objects.without_user().named(text).order_by("pinyin", "pk")


def audit_entries(user: User) -> QuerySet[AuditEntry]:
    """The whole trail for the audit administrator, nothing for anybody else."""
    if not can_read_audit(user):
        return AuditEntry.objects.none()
    return AuditEntry.objects.select_related("organization")


def role_accounts(user: User) -> QuerySet[User]:
    """Accounts without a person, for those who may see the roles; nothing for anybody else."""
    if not can_see_roles(user):
        return User.objects.none()
    return users_for_list(User.objects.filter(person__isnull=True))


def role_numbers() -> dict[str, int]:
    """How many active accounts have each role, and how many without a person wait for one."""
    active = Q(is_active=True)
    roles = (AdminRole.SYSTEM, AdminRole.SECURITY, AdminRole.AUDIT)
    return User.objects.aggregate(
        none=Count("pk", filter=active & Q(admin_role="", person__isnull=True)),
        **{role.value: Count("pk", filter=active & Q(admin_role=role)) for role in roles},
    )


def account_numbers() -> dict[str, int]:
    """How many accounts there are, and how many are disabled, locked, dormant or were never used."""
    return User.objects.aggregate(
        total=Count("pk"),
        locked=Count("pk", filter=is_locked()),
        dormant=Count("pk", filter=Q(is_active=True) & is_dormant()),
        initial=Count("pk", filter=Q(is_active=True, must_change_password=True)),
        disabled=Count("pk", filter=Q(is_active=False)),
        unused=Count("pk", filter=Q(last_login__isnull=True)),
    )
