"""A roster through the page's way: uploaded, read by a job, confirmed, taken back; and the commands."""

from __future__ import annotations

import json
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from accounts.models import Person
from branches.actions import appoint
from core import clock, jobs
from core.actor import system
from core.decisions import ActionError, NotAllowed, StaleRecord
from core.imports import Unreadable
from core.models import AuditEntry, ImportBatch, Job
from members import actions
from members.models import Member, Membership, Standing
from tests.corps import Corps, moment
from tests.members.workbooks import id_number, person, roster

TODAY = date(2026, 10, 20)
BY = system("花名册导入")
State = ImportBatch.State
pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture(autouse=True)
def _day() -> Any:
    with clock.at(moment(TODAY)):
        yield


def uploaded(corps: Corps, content: bytes, who: str = "politics") -> ImportBatch:
    """A workbook taken in and read by the background job."""
    batch = actions.upload(corps.actor(who), organization=corps.battalion, content=content, name="名册.xlsx")
    work(batch)
    return batch


def work(batch: ImportBatch) -> Job:
    """Work the last job of the batch as a worker would."""
    job = Job.objects.filter(payload__batch=str(batch.pk)).latest("pk")
    assert jobs.run(job.pk)
    batch.refresh_from_db()
    job.refresh_from_db()
    return job


def written(tree: Corps, content: bytes) -> ImportBatch:
    """A roster written at once."""
    _, batch = actions.import_now(BY, organization=tree.battalion, content=content, name="名册.xlsx")
    assert batch is not None
    return batch


def snapshot() -> list[Any]:
    """Everything an import may touch, without keys."""
    persons = Person.objects.order_by("id_number_index", "name")
    members = Member.objects.order_by("person__name", "person_id")
    return [
        list(persons.values_list("name", "pinyin", "sex", "born_on", "phone", "phone_index")),
        list(members.values_list("person__name", "organization", "group", "stage", "duty", "active")),
        list(members.values_list("joined_on", "full_on", "category", "rank")),
        sorted(Membership.objects.values_list("person__name", "organization", "since")),
        sorted(Standing.objects.values_list("person__name", "stage", "since")),
        Membership.objects.filter(until=None).count(),
        Standing.objects.filter(until=None).count(),
    ]


def test_upload_read_confirm_undo(corps: Corps) -> None:
    before = snapshot()
    batch = uploaded(corps, roster([person(1), person(2, 所在党支部="西站党支部")]))
    assert batch.state == State.PARSED
    assert (batch.summary["new"], batch.summary["error_rows"]) == (2, 0)
    assert snapshot() == before, "a preview writes nothing"
    by = corps.actor("politics")
    actions.confirm(by, batch)
    job = work(batch)
    assert (job.state, batch.state) == ("done", State.CONFIRMED)
    member = Member.objects.get(person__name=person(1)[1])
    entry = AuditEntry.objects.get(subject=f"members.member:{member.pk}", verb="登记党员")
    assert entry.user == corps.users["politics"]
    actions.undo_import(by, batch)
    assert snapshot() == before
    assert ImportBatch.objects.get(pk=batch.pk).state == State.UNDONE
    with pytest.raises(NotAllowed, match="已经撤销"):
        actions.undo_import(by, batch)


def test_no_personal_number_is_kept_in_the_clear(corps: Corps) -> None:
    batch = uploaded(corps, roster([person(1, 入党时间="2030-01-01"), person(2)]))
    rows = json.dumps(list(batch.rows.values("values", "messages", "undo")), ensure_ascii=False)
    assert batch.file is not None
    with batch.file.file.open("rb") as stored:
        kept = stored.read()
    for number in (id_number(1), id_number(2), "13900000001"):
        assert number not in rows
        assert number.encode() not in kept
    assert not kept.startswith(b"PK"), "the workbook is encrypted"


def test_only_the_political_office_of_the_line_imports(corps: Corps) -> None:
    for who in ("secretary", "secretary_beta", "member", "leader", "discipline"):
        with pytest.raises(NotAllowed, match="政治部门"):
            actions.upload(corps.actor(who), organization=corps.alpha, content=b"", name="名册.xlsx")
    assert not ImportBatch.objects.exists()


def test_a_file_that_is_no_roster_is_rejected_with_a_sentence(corps: Corps) -> None:
    batch = uploaded(corps, roster([["1"]], ["说明"]))
    assert batch.state == State.REJECTED
    assert "表头" in batch.message
    with pytest.raises(Unreadable):
        uploaded(corps, b"%PDF-1.7")


def test_error_lines_stop_the_import_unless_they_are_left_out(corps: Corps) -> None:
    batch = uploaded(corps, roster([person(1), person(2, 姓名=None)]))
    by = corps.actor("politics")
    with pytest.raises(ActionError, match="错误行"):
        actions.confirm(by, batch)
    actions.confirm(by, batch, skip_errors=True)
    work(batch)
    assert batch.state == State.CONFIRMED
    assert Member.objects.filter(person__name=person(1)[1]).exists()
    with pytest.raises(StaleRecord):
        actions.confirm(by, batch, skip_errors=True)


def test_what_moved_after_the_preview_is_shown_again(corps: Corps) -> None:
    content = roster([person(1)])
    batch = uploaded(corps, content)
    written(corps, content)
    by = corps.actor("politics")
    actions.confirm(by, batch)
    job = work(batch)
    assert batch.state == State.PARSED, "nothing is written that was not shown"
    assert "再次确认" in job.message
    assert (batch.summary["new"], batch.summary["same"]) == (0, 1)
    with pytest.raises(ActionError, match="没有需要导入"):
        actions.confirm(by, batch)


def test_a_job_that_runs_twice_writes_once(corps: Corps) -> None:
    batch = uploaded(corps, roster([person(1)]))
    actions.confirm(corps.actor("politics"), batch)
    job = work(batch)
    Job.objects.filter(pk=job.pk).update(state="queued")
    jobs.run(job.pk)
    assert Member.objects.filter(person__name=person(1)[1]).count() == 1


def test_changes_are_undone_to_the_letter(tree: Corps) -> None:
    head = [person(1, 转正时间=None, 入党时间="2025-12-01"), person(2), person(3)]
    written(tree, roster(head))
    left = Member.objects.get(person__name=person(3)[1])
    actions.deactivate(BY, left, on=TODAY, reason="转出")
    before = snapshot()
    changes = {"职务": "班长", "联系电话": "13700000001", "所在党支部": "西站党支部"}
    batch = written(
        tree,
        roster(
            [
                person(1, 入党时间="2025-12-01", 转正时间="2026-10-01"),
                person(2, 姓名="改名", **changes),
                person(3, **changes),
            ]
        ),
    )
    assert snapshot() != before
    actions.undo_import(BY, batch)
    assert snapshot() == before


def test_undo_ends_after_its_hours(tree: Corps) -> None:
    batch = written(tree, roster([person(1)]))
    late = clock.at(moment(TODAY) + timedelta(hours=24, minutes=1))
    with late, pytest.raises(ActionError, match="24 小时"):
        actions.undo_import(BY, batch)
    with clock.at(moment(TODAY) + timedelta(hours=23, minutes=59)):
        actions.undo_import(BY, batch)


def test_undo_is_refused_when_a_row_was_changed_since(tree: Corps) -> None:
    batch = written(tree, roster([person(1), person(2)]))
    member = Member.objects.get(person__name=person(2)[1])
    actions.update_member(BY, member, version=member.version, duty="班长")
    before = snapshot()
    with pytest.raises(ActionError, match="第 5 行"):
        actions.undo_import(BY, batch)
    assert snapshot() == before


def test_undo_is_refused_when_somebody_built_on_it(tree: Corps) -> None:
    batch = written(tree, roster([person(1)]))
    member = Member.objects.get(person__name=person(1)[1])
    appoint(BY, tree.alpha, person=member.person, office="committee_member", since=TODAY)
    before = snapshot()
    with pytest.raises(ActionError, match="任职"):
        actions.undo_import(BY, batch)
    assert snapshot() == before


# --- the commands -----------------------------------------------------------------------


def command(*args: str) -> tuple[int, str, str]:
    """Exit code, standard output, standard error."""
    out, err = StringIO(), StringIO()
    try:
        call_command(*args, stdout=out, stderr=err)
        code = 0
    except SystemExit as end:
        code = int(end.code or 0)
    return code, out.getvalue(), err.getvalue()


def saved(folder: Path, content: bytes, name: str = "名册.xlsx") -> str:
    path = folder / name
    path.write_bytes(content)
    return str(path)


def test_the_command_answers_as_agreed(tree: Corps, tmp_path: Path) -> None:
    path = saved(tmp_path, roster([person(1)]))
    code, out, err = command("import_roster", path, "--organization", "B", "--dry-run", "--json")
    shown = json.loads(out)
    assert (code, err, shown["batch"], shown["new"]) == (0, "", None, 1)
    assert list(shown) == [
        "sheet",
        "header_row",
        "rows",
        "new",
        "changed",
        "same",
        "errors",
        "warnings",
        "ignored_columns",
        "batch",
    ]
    assert not Member.objects.exists()
    code, out, _ = command("import_roster", path, "--organization", "B", "--json")
    batch = json.loads(out)["batch"]
    assert code == 0
    assert Member.objects.count() == 1
    assert command("undo_import", batch)[0] == 0
    assert not Member.objects.exists()
    code, _, err = command("undo_import", batch)
    assert code == 1
    assert "撤销" in err


def test_wrong_rows_end_with_1_and_write_nothing(tree: Corps, tmp_path: Path) -> None:
    path = saved(tmp_path, roster([person(1), person(2, 身份证号="123")]))
    code, out, _ = command("import_roster", path, "--organization", "B", "--json")
    assert code == 1
    assert json.loads(out)["errors"][0]["row"] == 5
    assert not Member.objects.exists()
    code, out, _ = command("import_roster", path, "--organization", "B")
    assert code == 1
    assert "错误 第 5 行 身份证号" in out


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "名册.xlsx", "B"),
        (b"hello", "名册.xlsx", "B"),
        (b"PK\x03\x04broken", "名册.xlsx", "B"),
        (b"a,b", "名册.csv", "B"),
        (roster([["1"]], ["说明"]), "名册.xlsx", "B"),
        (roster([person(1)]), "名册.xlsx", "NONE"),
    ],
)
def test_no_roster_ends_with_2_and_one_sentence(
    tree: Corps, tmp_path: Path, content: bytes, name: str, code: str
) -> None:
    path = saved(tmp_path, content, name)
    end, out, err = command("import_roster", path, "--organization", code, "--json")
    assert (end, out) == (2, "")
    assert len(err.strip().splitlines()) == 1


def test_a_missing_file_ends_with_2(tree: Corps) -> None:
    assert command("import_roster", "/nowhere.xlsx", "--organization", "B")[0] == 2
    assert command("undo_import", "nonsense")[0] == 2
