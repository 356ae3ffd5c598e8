"""Persons and their personal numbers. Each function is one transaction."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from django.conf import settings
from django.db import IntegrityError, transaction

from accounts import queries, rules
from accounts.models import Person
from accounts.permissions import ADMIN_NO_BUSINESS, can_keep_person
from core import audit, clock, crypto
from core.decisions import ActionError, Allowed, Decision, Denied, require

if TYPE_CHECKING:
    from core.actor import Actor

Column = Literal["id_number", "phone"]
LABELS: dict[Column, str] = {"id_number": "公民身份号码", "phone": "联系电话"}
SHORTEST_REASON = 4
TAKEN = "该公民身份号码已登记在另一人名下，请先核对号码，再在花名册中查找本人。"
CHANGEABLE = ("name", "sex", "born_on")


@transaction.atomic
def create_person(
    by: Actor,
    *,
    name: str,
    sex: str = "",
    born_on: date | None = None,
    id_number: str = "",
    phone: str = "",
) -> Person:
    """Enter a person; numbers as people write them, kept encrypted.

    Sex and day of birth are taken from the identity number where they are not given.
    Raises ActionError for a missing name, a wrong number (``field`` says which) or a known one.
    """
    require(can_keep_person(by, "create_person"))
    person = Person(created_at=clock.now(), sex=sex, born_on=born_on)
    set_name(person, name)
    put_numbers(person, id_number=id_number, phone=phone)
    _save(person)
    audit.record(by, "登记人员", person, after={"姓名": person.name} | masks(person))
    return person


@transaction.atomic
def update_person(by: Actor, person: Person, **changes: Any) -> Person:
    """Change ``name``, ``sex`` or ``born_on``; fields not named stay."""
    require(can_keep_person(by, "update_person"))
    unknown = set(changes) - set(CHANGEABLE)
    if unknown:
        raise TypeError(f"update_person() cannot change {sorted(unknown)}")
    person = Person.objects.select_for_update().get(pk=person.pk)
    before = {field: getattr(person, field) for field in changes}
    if "name" in changes:
        set_name(person, changes["name"])
    for field in {"sex", "born_on"} & set(changes):
        setattr(person, field, changes[field])
    after = {field: getattr(person, field) for field in changes}
    if after != before:
        person.save()
        audit.record(by, "更改人员信息", person, before=before, after=after)
    return person


@transaction.atomic
def set_numbers(
    by: Actor, person: Person, *, id_number: str | None = None, phone: str | None = None
) -> Person:
    """Set the numbers that are given; None leaves a number as it is, an empty text removes it."""
    require(can_keep_person(by, "set_numbers"))
    person = Person.objects.select_for_update().get(pk=person.pk)
    before = masks(person)
    changed = put_numbers(person, id_number=id_number, phone=phone)
    if changed:
        _save(person)
        after = masks(person) | {"变更": [LABELS[column] for column in changed]}
        audit.record(by, "更改号码", person, before=before, after=after)
    return person


@transaction.atomic
def reveal_number(by: Actor, person: Person, field: Column, reason: str, *, decision: Decision) -> str:
    """The number in plain text, with an entry who looked at it and why.

    ``decision`` comes from the register (``members.permissions.can_reveal``): here are no posts.
    Raises ActionError without a reason, NotAllowed when refused or after too many within an hour.
    """
    if by.user is None or by.user.admin_role:
        require(Denied(ADMIN_NO_BUSINESS))
    require(decision)
    require(_reveal_budget(by))
    reason = reason.strip()
    if len(reason) < SHORTEST_REASON:
        raise ActionError(f"请写明查看原因（不少于 {SHORTEST_REASON} 个字）。", field="reason")
    audit.record(by, queries.REVEALED, person, after={"号码": LABELS[field]}, reason=reason)
    return number_of(person, field)


def number_of(person: Person, field: Column) -> str:
    """The plain number, '' when there is none. Only for actions of this room."""
    token: str = getattr(person, field)
    return crypto.decrypt(token, queries.number_place(field, person.uuid)) if token else ""


def _reveal_budget(by: Actor) -> Decision:
    if by.user is not None and queries.reveals_in_last_hour(by.user) >= settings.REVEALS_PER_HOUR:
        return Denied(f"一小时内最多查看 {settings.REVEALS_PER_HOUR} 个号码，请稍后再查看。")
    return Allowed()


def set_name(person: Person, name: str) -> None:
    """Put the tidied name and its pinyin on ``person`` without saving."""
    person.name = rules.tidy_name(name)
    if not person.name:
        raise ActionError("请填写姓名。", field="name")
    if len(person.name) > 50:
        raise ActionError("姓名不超过 50 个字。", field="name")
    person.pinyin, person.initials = rules.spell_name(person.name)


def put_numbers(person: Person, *, id_number: str | None, phone: str | None) -> list[Column]:
    """Put the given numbers on ``person``; answers which of them are new."""
    changed: list[Column] = []
    if id_number is not None and _set_id_number(person, id_number):
        changed.append("id_number")
    if phone is not None and _set_phone(person, phone):
        changed.append("phone")
    return changed


def _set_id_number(person: Person, text: str) -> bool:
    number = ""
    if text.strip():
        answer = rules.read_id_number(text, clock.today())
        if isinstance(answer, str):
            raise ActionError(f"{answer}，请核对后重新填写。", field="id_number")
        number = answer.number
        person.sex = person.sex or answer.sex
        person.born_on = person.born_on or answer.born_on
    index = queries.id_number_index(number) if number else None
    if index == person.id_number_index:
        return False
    person.id_number = _sealed(person, "id_number", number)
    person.id_number_index = index
    person.id_number_mask = rules.mask_id_number(number)
    return True


def _set_phone(person: Person, text: str) -> bool:
    number = rules.read_phone(text) if text.strip() else ""
    if number is None:
        raise ActionError(f"{rules.WRONG_PHONE}，请核对后重新填写。", field="phone")
    index = queries.phone_index(number) if number else ""
    if index == person.phone_index:
        return False
    person.phone = _sealed(person, "phone", number)
    person.phone_index = index
    person.phone_mask = rules.mask_phone(number)
    return True


def _sealed(person: Person, field: Column, number: str) -> str:
    """The ciphertext of ``number`` for this row and column; nothing stays nothing."""
    return crypto.encrypt(number, queries.number_place(field, person.uuid)) if number else ""


def _save(person: Person) -> None:
    """Save; a number that another person has is a sentence, not an exception of the database."""
    if person.id_number_index:
        others = Person.objects.filter(id_number_index=person.id_number_index).exclude(pk=person.pk)
        if others.exists():
            raise ActionError(TAKEN, field="id_number")
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError as error:
        raise ActionError(TAKEN, field="id_number") from error


def masks(person: Person) -> dict[str, Any]:
    """What an audit entry may hold of the numbers."""
    kept = {"公民身份号码": person.id_number_mask, "联系电话": person.phone_mask}
    return {label: mask for label, mask in kept.items() if mask}
