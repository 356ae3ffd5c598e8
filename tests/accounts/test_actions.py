"""Persons, numbers, accounts: what the actions do and refuse."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from accounts import actions, queries
from accounts.actions.passwords import one_time_password
from accounts.choices import AdminRole
from accounts.models import Person, User
from accounts.rules import password_classes
from core import clock
from core.actor import Actor, system
from core.decisions import ActionError, Allowed, Denied, NotAllowed, StaleRecord
from core.models import AuditEntry
from tests.accounts.conftest import ID_NUMBER, PASSWORD, PHONE, House

JOB = system("测试")
pytestmark = [pytest.mark.django_db, pytest.mark.both]


def last_entry() -> AuditEntry:
    return AuditEntry.objects.latest("pk")


# --- persons ---------------------------------------------------------------------------


def test_a_person_is_entered_with_numbers_sealed(house: House) -> None:
    person = Person.objects.get(pk=house.person.pk)
    assert (person.pinyin, person.initials) == ("shanyuhua", "syh")
    assert person.sex == "female"
    assert person.id_number.startswith("sm4g$")
    assert person.id_number_mask == "110*************2X"
    assert person.phone_mask == "138****8000"


def test_no_plain_number_is_anywhere_in_the_tables(house: House) -> None:
    reveal(house)
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            text = str(cursor.fetchall())
            assert ID_NUMBER not in text, table
            assert PHONE not in text, table


def test_sex_and_birthday_come_from_the_number_where_not_given(db: Any) -> None:
    person = actions.create_person(JOB, name="张三", id_number=ID_NUMBER)
    assert (person.sex, person.born_on) == ("female", date(1949, 12, 31))


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "　 "}, "name"),
        ({"name": "长" * 51}, "name"),
        ({"name": "张三", "id_number": "110105194912310021"}, "id_number"),
        ({"name": "张三", "phone": "123"}, "phone"),
    ],
)
def test_wrong_facts_name_their_field(db: Any, facts: dict[str, str], field: str) -> None:
    before = AuditEntry.objects.count()
    with pytest.raises(ActionError) as refused:
        actions.create_person(JOB, **facts)
    assert refused.value.field == field
    assert not Person.objects.exists()
    assert AuditEntry.objects.count() == before


def test_an_identity_number_is_entered_once(house: House) -> None:
    with pytest.raises(ActionError, match="已登记") as refused:
        actions.create_person(JOB, name="李四", id_number=ID_NUMBER.lower())
    assert refused.value.field == "id_number"


def test_found_by_number_however_written(house: House) -> None:
    assert queries.person_by_id_number(" 110105 19491231 002x") == house.person
    assert queries.person_by_id_number("11010519491231") is None
    assert Person.objects.get(phone_index=queries.phone_index(PHONE)) == house.person


def test_changes_are_recorded_before_and_after(house: House) -> None:
    actions.update_person(house.by("user"), house.person, name="单 玉花", born_on=date(1950, 1, 1))
    person = Person.objects.get(pk=house.person.pk)
    assert (person.name, person.pinyin) == ("单玉花", "shanyuhua")
    entry = last_entry()
    assert entry.before == {"name": "单玉华", "born_on": "1949-12-31"}
    assert entry.after == {"name": "单玉花", "born_on": "1950-01-01"}


def test_no_change_leaves_no_entry(house: House) -> None:
    before = AuditEntry.objects.count()
    actions.update_person(house.by("user"), house.person, name="单玉华")
    actions.set_numbers(house.by("user"), house.person, id_number=ID_NUMBER, phone=PHONE)
    assert AuditEntry.objects.count() == before


def test_only_personal_data_can_be_changed(house: House) -> None:
    with pytest.raises(TypeError):
        actions.update_person(house.by("user"), house.person, id_number_mask="x")


def test_numbers_are_set_and_removed(house: House) -> None:
    person = actions.set_numbers(house.by("user"), house.person, phone="13900139000")
    assert person.phone_mask == "139****9000"
    assert person.id_number_mask
    assert last_entry().after["变更"] == ["联系电话"]
    person = actions.set_numbers(house.by("user"), house.person, id_number="", phone="")
    assert (person.id_number, person.id_number_index, person.phone) == ("", None, "")


@pytest.mark.parametrize("role", ["sysadmin", "secadmin", "auditadmin"])
def test_administrators_do_no_business(house: House, role: str) -> None:
    by = house.by(role)
    with pytest.raises(NotAllowed):
        actions.create_person(by, name="张三")
    with pytest.raises(NotAllowed):
        actions.update_person(by, house.person, name="张三")
    with pytest.raises(NotAllowed):
        actions.reveal_number(by, house.person, "phone", "核对电话号码", decision=Allowed())


# --- revealing ----------------------------------------------------------------------------


def reveal(house: House, reason: str = "核对转接手续", **more: Any) -> str:
    more = {"decision": Allowed()} | more
    return actions.reveal_number(house.by("user"), house.person, "id_number", reason, **more)


def test_a_number_is_revealed_with_a_reason_and_recorded(house: House) -> None:
    assert reveal(house) == ID_NUMBER
    entry = last_entry()
    assert (entry.verb, entry.reason, entry.user) == ("查看号码", "核对转接手续", house.user)
    assert entry.subject == f"accounts.person:{house.person.pk}"


def test_a_number_that_is_not_there_reveals_nothing(house: House) -> None:
    house.person = actions.create_person(JOB, name="李四")
    assert reveal(house) == ""


@pytest.mark.parametrize("reason", ["", "   ", "核对"])
def test_no_reason_no_number(house: House, reason: str) -> None:
    with pytest.raises(ActionError) as refused:
        reveal(house, reason)
    assert refused.value.field == "reason"


def test_the_register_decides(house: House) -> None:
    with pytest.raises(NotAllowed, match="不在本人"):
        reveal(house, decision=Denied("不在本人职责范围内。"))


def test_too_many_reveals_within_an_hour(house: House, settings: Any) -> None:
    settings.REVEALS_PER_HOUR = 3
    for _ in range(3):
        reveal(house)
    with pytest.raises(NotAllowed, match="一小时内"):
        reveal(house)
    with clock.at(clock.now() + timedelta(minutes=61)):
        assert reveal(house) == ID_NUMBER


# --- accounts -------------------------------------------------------------------------------


def test_one_time_passwords_are_strong_and_different() -> None:
    made = {one_time_password() for _ in range(200)}
    assert len(made) == 200
    assert all(password_classes(text) == 4 and len(text) == 19 for text in made)
    assert not set("".join(made)) & set("0O1lI")


def test_accounts_in_bulk(house: House) -> None:
    twins = [actions.create_person(JOB, name=name) for name in ("单玉华", "单玉花", "张三")]
    opened = actions.create_users_for(house.by("sysadmin"), twins)
    assert [name for name, _ in opened] == ["shanyuhua2", "shanyuhua3", "zhangsan"]
    user = User.objects.get(username="zhangsan")
    assert user.must_change_password
    assert user.check_password(opened[2][1])
    assert user.person == twins[2]


def test_bulk_is_all_or_nothing(house: House) -> None:
    new = actions.create_person(JOB, name="张三")
    with pytest.raises(StaleRecord):
        actions.create_users_for(house.by("sysadmin"), [new, house.person])
    assert not User.objects.filter(person=new).exists()
    with pytest.raises(ActionError, match="至少勾选"):
        actions.create_users_for(house.by("sysadmin"), [])
    with pytest.raises(ActionError, match="分批"):
        actions.create_users_for(house.by("sysadmin"), [new] * 101)


@pytest.mark.parametrize("name", ["secadmin", "auditadmin", "user"])
def test_only_the_system_administrator_manages_accounts(house: House, name: str) -> None:
    by, new = house.by(name), actions.create_person(JOB, name="张三")
    for act in (
        lambda: actions.create_users_for(by, [new]),
        lambda: actions.create_user(by, username="zhangsan"),
        lambda: actions.reset_password(by, house.sysadmin),
        lambda: actions.unlock(by, house.sysadmin),
        lambda: actions.disable(by, house.sysadmin, reason="试一试"),
    ):
        with pytest.raises(NotAllowed):
            act()


@pytest.mark.parametrize(
    ("username", "words"), [("admin", "默认"), ("张三", "小写字母"), ("ShanYuHua", "已被使用")]
)
def test_bad_user_names_are_refused(house: House, username: str, words: str) -> None:
    with pytest.raises(ActionError, match=words) as refused:
        actions.create_user(house.by("sysadmin"), username=username)
    assert refused.value.field == "username"


def test_an_administrator_cannot_choose_a_password_for_others(house: House) -> None:
    user, password = actions.create_user(house.by("sysadmin"), username="zhangsan", password="Chosen-By-Me-1")
    assert password != "Chosen-By-Me-1"
    assert user.must_change_password


def test_reset(house: House) -> None:
    password = actions.reset_password(house.by("sysadmin"), house.user)
    user = User.objects.get(pk=house.user.pk)
    assert user.check_password(password)
    assert user.must_change_password
    assert password not in str(list(AuditEntry.objects.values()))


def test_not_the_own_account(house: House) -> None:
    by = house.by("sysadmin")
    with pytest.raises(NotAllowed, match="本人账号"):
        actions.reset_password(by, house.sysadmin)
    with pytest.raises(NotAllowed, match="本人账号"):
        actions.disable(by, house.sysadmin, reason="试一试")


def test_disable_and_enable_need_a_reason_and_happen_once(house: House) -> None:
    by = house.by("sysadmin")
    with pytest.raises(ActionError, match="原因"):
        actions.disable(by, house.user, reason=" ")
    assert User.objects.get(pk=house.user.pk).is_active
    actions.disable(by, house.user, reason="调离本单位")
    assert last_entry().reason == "调离本单位"
    with pytest.raises(StaleRecord):
        actions.disable(by, house.user, reason="再停一次")
    with pytest.raises(NotAllowed, match="已停用"):
        actions.reset_password(by, house.user)
    actions.enable(by, house.user, reason="调回本单位")
    assert User.objects.get(pk=house.user.pk).is_active


# --- own password --------------------------------------------------------------------------


def change(house: House, new: str, old: str = PASSWORD) -> None:
    actions.change_password(house.by("user"), house.user, old=old, new=new)


def test_a_password_is_changed(house: House) -> None:
    change(house, "Calm-Harbour-26")
    assert User.objects.get(pk=house.user.pk).check_password("Calm-Harbour-26")


@pytest.mark.parametrize(
    ("new", "words"),
    [
        ("Ab1!efg", "10"),
        ("abcdefghijkl", "三种"),
        ("abcdefgh1234", "三种"),
        ("ABCDEFGH1234", "三种"),
        ("Shanyuhua-2", "姓名"),
        ("单玉华-Harbour1", "姓名"),
        ("SHANYUHUA-x9", "姓名"),
        ("Harbour-1949", "姓名"),
        ("Harbour-1231", "姓名"),
        (f"Ha-{PHONE}", "姓名"),
        ("Harbour-138000", "姓名"),
        ("Harbour-31002X", "姓名"),
        ("Harbour-119-a", "119"),
        ("XiaoFang-2026", "xiaofang"),
        ("Password123", "常见|common"),
        ("A" * 60 + "b1" * 40, "128"),
        (PASSWORD, "原密码相同"),
    ],
)
def test_weak_passwords_are_refused(house: House, new: str, words: str) -> None:
    with pytest.raises(ActionError, match=words) as refused:
        change(house, new)
    assert refused.value.field == "new"
    assert User.objects.get(pk=house.user.pk).check_password(PASSWORD)


def test_the_old_password_must_be_right(house: House) -> None:
    with pytest.raises(ActionError) as refused:
        change(house, "Calm-Harbour-26", old="wrong")
    assert refused.value.field == "old"


def test_nobody_changes_the_password_of_somebody_else(house: House) -> None:
    with pytest.raises(ActionError, match="本人"):
        actions.change_password(house.by("sysadmin"), house.user, old=PASSWORD, new="Calm-Harbour-26")


# --- the three administrators ------------------------------------------------------------


@pytest.mark.parametrize("held", ["sysadmin", "secadmin", "auditadmin"])
@pytest.mark.parametrize("wanted", AdminRole.values[1:])
def test_one_administrator_role_at_most(house: House, held: str, wanted: str) -> None:
    for by in (JOB, house.by("secadmin")):
        with pytest.raises(NotAllowed, match="不得兼任"):
            actions.grant_admin_role(by, getattr(house, held), role=wanted)


def test_no_role_beside_a_person(house: House) -> None:
    with pytest.raises(NotAllowed, match="不能兼任"):
        actions.grant_admin_role(JOB, house.user, role="sysadmin")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=house.user.pk).update(admin_role="sysadmin")


def test_secadmin_grants_sysadmin_does_not(house: House) -> None:
    new, _ = actions.create_user(house.by("sysadmin"), username="guard2")
    for name in ("sysadmin", "auditadmin", "user"):
        with pytest.raises(NotAllowed, match="安全管理员"):
            actions.grant_admin_role(house.by(name), new, role="auditadmin")
    with pytest.raises(ActionError, match="一种管理员角色"):
        actions.grant_admin_role(house.by("secadmin"), new, role="superuser")
    assert actions.grant_admin_role(house.by("secadmin"), new, role="auditadmin").admin_role


def test_an_unknown_job_may_not_open_accounts_of_its_own_kind(db: Any) -> None:
    with pytest.raises(NotAllowed):
        actions.disable(JOB, User(username="x", is_active=True), reason="试一试")
    with pytest.raises(NotAllowed):
        actions.reset_password(JOB, actions.create_user(JOB, username="zhangsan")[0])
    assert Actor(job="x").is_system
