"""Personal numbers and secrets under the current key, a batch at a time (``core.rotation``)."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q

from accounts import queries
from accounts.models import Person, SecondFactor
from core import crypto
from core.rotation import BATCH, renews


@renews("公民身份号码和联系电话")
@transaction.atomic
def renew_numbers() -> int:
    """Numbers of up to ``BATCH`` persons; the blind index and the masks stay as they are."""
    old = _old("id_number") | _old("phone")
    persons = list(Person.objects.select_for_update().filter(old).order_by("pk")[:BATCH])
    for person in persons:
        person.id_number = _renewed(person.id_number, queries.number_place("id_number", person.uuid))
        person.phone = _renewed(person.phone, queries.number_place("phone", person.uuid))
    Person.objects.bulk_update(persons, ["id_number", "phone"])
    return len(persons)


@renews("动态口令密钥")
@transaction.atomic
def renew_secrets() -> int:
    """Secrets of up to ``BATCH`` second factors."""
    factors = list(SecondFactor.objects.select_for_update().filter(_old("secret")).order_by("pk")[:BATCH])
    for factor in factors:
        factor.secret = crypto.renew(factor.secret, queries.secret_place(factor.uuid))
    SecondFactor.objects.bulk_update(factors, ["secret"])
    return len(factors)


def renewed_phone(token: str, person: Person) -> str:
    """A ciphertext of ``person``'s phone that another room keeps, under the current key."""
    return _renewed(token, queries.number_place("phone", person.uuid))


def _old(column: str) -> Q:
    """Rows whose column is sealed, but not under the current key."""
    return ~Q(**{column: ""}) & ~Q(**{f"{column}__startswith": crypto.current_prefix()})


def _renewed(token: str, where: str) -> str:
    return crypto.renew(token, where) if token else ""
