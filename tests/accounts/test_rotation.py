"""A new key: old rows renewed in batches, also after an interruption; nothing is lost on the way."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from accounts import actions
from accounts.actions.persons import number_of
from accounts.models import Person, SecondFactor
from accounts.queries import person_by_id_number
from core import clock, crypto, jobs
from core.actor import Actor, system
from core.models import AuditEntry, ImportBatch, ImportRow, Job, StoredFile
from core.rotation import rotate
from members.actions import import_now, upload
from tests.accounts.conftest import ID_NUMBER, PHONE, House
from tests.accounts.test_second_factor import NOON, code_at, enrol
from tests.corps import Corps
from tests.members.workbooks import person as line
from tests.members.workbooks import roster

JOB = system("测试")
pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture(autouse=True)
def ring(settings: Any, tmp_path: Path) -> Path:
    """An installation with keys of its own."""
    settings.KEY_DIR = tmp_path / "keys"
    crypto.key_ring()
    return tmp_path / "keys" / "ring.json"


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch, ring: Path) -> list[Person]:
    """Seven persons, renewed three at a time."""
    monkeypatch.setattr("accounts.actions.keys.BATCH", 3)
    return [actions.create_person(JOB, name=f"王{i}", phone=f"1380013800{i}") for i in range(7)]


def keys() -> set[str]:
    """Ids of the keys that rows are under."""
    columns = Person.objects.values_list("id_number", "phone")
    secrets = SecondFactor.objects.values_list("secret", flat=True)
    tokens = [token for row in columns for token in row if token] + list(secrets)
    return {token.split("$")[1] for token in tokens}


def test_everything_is_under_the_new_key_and_still_found(ring: Path, house: House) -> None:
    enrol(house.sysadmin)
    old = keys()
    done = rotate(JOB)
    assert done.finished
    assert done.renewed == 2  # one person, one second factor
    assert keys() == {crypto.key_ring().current}
    assert not keys() & old
    person = person_by_id_number(ID_NUMBER)
    assert person == house.person
    assert (number_of(person, "id_number"), number_of(person, "phone")) == (ID_NUMBER, PHONE)
    with clock.at(NOON):
        assert actions.use_code(Actor(user=house.sysadmin), house.sysadmin, code_at(NOON))
    assert set(crypto.key_ring().keys) >= old
    assert ring.stat().st_mode & 0o077 == 0


def test_an_interrupted_run_is_continued_without_another_key(many: list[Person]) -> None:
    first = rotate(JOB, batches=1)
    assert (first.renewed, first.finished) == (3, False)
    current = crypto.key_ring().current
    assert len(keys()) == 2
    assert [number_of(Person.objects.get(pk=p.pk), "phone")[-1] for p in many] == list("0123456")
    added = actions.create_person(JOB, name="李某", phone="13900139000")  # written in between
    second = rotate(JOB)
    assert (second.renewed, second.finished) == (4, True)
    assert crypto.key_ring().current == current
    assert keys() == {current}
    assert number_of(Person.objects.get(pk=added.pk), "phone") == "13900139000"
    third = rotate(JOB)
    assert third.renewed == 8
    assert crypto.key_ring().current != current


def test_a_failure_inside_a_batch_leaves_the_batch_as_it_was(many: list[Person]) -> None:
    broken = Person.objects.order_by("pk")[4]
    Person.objects.filter(pk=broken.pk).update(phone=broken.phone[:-8] + "AAAAAAA=")
    before = dict(Person.objects.values_list("pk", "phone"))
    with pytest.raises(crypto.CryptoError):
        rotate(JOB)
    after = dict(Person.objects.values_list("pk", "phone"))
    changed = [pk for pk in before if before[pk] != after[pk]]
    assert changed == [p.pk for p in many[:3]]
    Person.objects.filter(pk=broken.pk).update(phone="")
    assert rotate(JOB).renewed == 3
    assert crypto.is_rotating() is False


def test_the_old_key_goes_a_day_later(many: list[Person]) -> None:
    old = crypto.key_ring().current
    assert rotate(JOB).dropped == ()
    assert rotate(JOB, new_key=False).dropped == ()
    with clock.at(clock.now() + timedelta(days=1, minutes=1)):
        call_command("rotate_keys", "--retire")
    assert old not in crypto.key_ring().keys
    assert number_of(Person.objects.get(pk=many[0].pk), "phone") == "13800138000"


def test_no_key_goes_while_rows_are_under_it(many: list[Person]) -> None:
    old = crypto.key_ring().current
    rotate(JOB, batches=1)
    with clock.at(clock.now() + timedelta(days=2)):
        assert rotate(JOB, new_key=False, batches=1).dropped == ()
        assert old in crypto.key_ring().keys
        assert rotate(JOB, new_key=False).dropped == (old,)


def test_another_process_sees_the_new_key_at_once(ring: Path, settings: Any) -> None:
    where = crypto.place("t", "c", 1)
    mine = crypto.encrypt("甲", where)
    code = (
        "import django; django.setup(); from django.conf import settings; from pathlib import Path;"
        f"settings.KEY_DIR = Path({str(ring.parent)!r});"
        "from core import clock, crypto; crypto.add_key(clock.now());"
        f"print(crypto.encrypt('乙', {where!r}))"
    )
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"}
    ran = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    theirs = ran.stdout.strip()
    assert crypto.decrypt(theirs, where) == "乙"
    assert crypto.decrypt(mine, where) == "甲"
    assert crypto.encrypt("丙", where).split("$")[1] == theirs.split("$")[1]


def test_the_roster_import_is_renewed_too(
    corps: Corps, ring: Path, django_capture_on_commit_callbacks: Any
) -> None:
    import_now(JOB, organization=corps.battalion, content=roster([line(1)]), name="a.xlsx")
    changed = line(1, 联系电话="13911112222")
    import_now(JOB, organization=corps.battalion, content=roster([changed]), name="b.xlsx")
    by = corps.actor("politics")
    waiting = upload(by, organization=corps.alpha, content=roster([line(2)]), name="c.xlsx")
    paths = [Path(row.file.path) for row in StoredFile.objects.filter(name__endswith=".xlsx")]
    with django_capture_on_commit_callbacks(execute=True):
        assert rotate(JOB).finished
    assert not any(path.exists() for path in paths)
    rows = json.dumps(list(ImportRow.objects.values_list("undo", flat=True)), ensure_ascii=False)
    assert "sm4g$" in rows
    with clock.at(clock.now() + timedelta(days=2)):
        (dropped,) = rotate(JOB, new_key=False).dropped
    assert dropped not in rows
    jobs.run(Job.objects.get(key__contains=str(waiting.pk)).pk)
    assert ImportBatch.objects.get(pk=waiting.pk).state == "parsed"


def test_it_is_recorded(house: House) -> None:
    rotate(JOB)
    verbs = AuditEntry.objects.order_by("-pk").values_list("verb", flat=True)[:2]
    assert list(verbs) == ["更换密钥", "启用新密钥"]
