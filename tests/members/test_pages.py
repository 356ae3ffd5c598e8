"""The register's pages: scope, filter, columns, export, forms, reveal, import; number of queries."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

import openpyxl
import pyotp
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actions import create_person, enrol_factor, new_secret
from branches.models import Appointment
from core import clock, jobs
from core.actor import Actor, system
from core.models import AuditEntry, ImportBatch, Job
from core.views import new_token
from members.actions import import_now, register
from members.models import Member
from tests.corps import BEGIN, Corps
from tests.members.workbooks import HEAD, id_number, person, roster

pytestmark = pytest.mark.django_db
LIST = "/members/"
FORMS = ("edit", "stage", "transfer", "group", "suspend", "restore", "exempt", "leave", "reveal")


def page(name: str, *args: Any) -> str:
    return reverse(f"members:{name}", args=args)


def text(answer: Any) -> str:
    return str(answer.content.decode())


def press(client: Any, url: str, **data: Any) -> Any:
    return client.post(url, {"token": new_token(), **data})


def one(name: str) -> Member:
    return Member.objects.get(person__name=name)


def count(client: Any, **data: Any) -> int:
    """How many rows the list counts."""
    return int(client.get(LIST, data).context["page_obj"].paginator.count)


def sheet(answer: Any) -> list[tuple[Any, ...]]:
    """Rows of the workbook that came as an answer."""
    content = b"".join(answer.streaming_content)
    book = openpyxl.load_workbook(io.BytesIO(content))
    return list(book.worksheets[0].iter_rows(values_only=True))


def test_the_list_the_export_and_the_api_count_the_same_scope(corps: Corps, sign_in: Any) -> None:
    for who, expected in (
        ("secretary", 10),
        ("secretary_beta", 4),
        ("politics", 14),
        ("corps_politics", 14),
        ("member", 1),
        ("sysadmin", 0),
    ):
        client = sign_in(corps.users[who])
        assert count(client) == expected, who
        assert client.get("/api/v1/members/").json()["count"] == expected, who
        answer = client.get(LIST, {"export": "xlsx"})
        if who in ("member", "sysadmin"):
            assert answer.status_code == 403
        else:
            assert len(sheet(answer)) - 3 == expected, who


def test_the_workbook_holds_masks_and_is_recorded(corps: Corps, sign_in: Any) -> None:
    import_now(system("花名册导入"), organization=corps.battalion, content=roster([person(1)]), name="a.xlsx")
    rows = sheet(sign_in(corps.users["politics"]).get(LIST, {"export": "xlsx", "q": person(1)[1]}))
    head, line = rows[2], rows[3]
    shown = dict(zip(head, line, strict=True))
    assert shown["身份证号"] == "990*************" + id_number(1)[-2:]
    assert shown["联系电话"] == "139****0001"
    assert AuditEntry.objects.filter(verb="导出清单", user=corps.users["politics"]).exists()
    leader = sheet(sign_in(corps.users["leader"]).get(LIST, {"export": "xlsx"}))
    assert "身份证号" not in leader[2], "a leader sees no personal fields"
    assert "身份证号" not in text(sign_in(corps.users["leader"]).get(LIST, {"cols": "id_number"}))


def test_filters_sorts_and_columns(corps: Corps, sign_in: Any) -> None:
    client = sign_in(corps.users["politics"])
    assert count(client, stage="probationary") == 1
    assert count(client, organization=corps.alpha.pk) == 10
    assert count(client, organization="东站党支部（A1）") == 10
    assert count(client, organization=corps.root.pk) == 0, "outside the scope: nothing"
    assert count(client, q="dong") == 10
    assert count(client, q="东甲") == 1
    assert count(client, category="firefighter") == 14
    assert count(client, category="clerk") == 0
    assert count(client, sex="female") == 0
    assert count(client, rank="f1") == 0
    assert count(client, stage="nonsense") == 0
    assert count(client, active="false") == 0
    shown = text(client.get(LIST, {"cols": ["duty", "phone"], "sort": "-name"}))
    assert "联系电话" in shown
    assert 'aria-sort="descending"' in shown
    assert client.get(LIST, {"sort": "person__id_number", "page": "9999"}).status_code == 200


def test_more_rows_cost_no_more_queries(corps: Corps, sign_in: Any) -> None:
    client = sign_in(corps.users["politics"])

    def queries(**data: Any) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(LIST, data).status_code == 200
        return len(seen)

    queries()
    few, all_columns = queries(q="东甲"), {"cols": ["group", "rank", "phone", "id_number"]}
    few_wide = queries(q="东甲", **all_columns)
    for n in range(30):
        register(
            system("测试"),
            person=create_person(system("测试"), name=f"东甲{n}"),
            organization=corps.alpha,
            group=corps.group,
            stage="full",
            category="firefighter",
            since=BEGIN,
        )
    assert queries(q="东甲") == few
    assert queries(q="东甲", **all_columns) == few_wide


@pytest.mark.parametrize("name", FORMS)
def test_outside_the_scope_there_is_nobody(corps: Corps, sign_in: Any, name: str) -> None:
    client = sign_in(corps.users["secretary_beta"])
    url = page(name, one("东戊").pk)
    assert client.get(url).status_code == 404
    assert press(client, url, field="id_number", reason="核对身份信息").status_code == 404


@pytest.mark.parametrize("name", FORMS)
def test_who_opens_which_page(corps: Corps, sign_in: Any, name: str) -> None:
    member = one("东戊")
    assert sign_in(corps.users["politics"]).get(page(name, member.pk)).status_code == 200
    secretary = 200 if name in ("edit", "group", "exempt", "reveal") else 403
    assert sign_in(corps.users["secretary"]).get(page(name, member.pk)).status_code == secretary
    assert sign_in(corps.users["leader"]).get(page(name, member.pk)).status_code == 403


def test_only_the_tabs_one_may_open_are_shown(corps: Corps, sign_in: Any) -> None:
    url = page("edit", one("东戊").pk)
    shown = text(sign_in(corps.users["secretary"]).get(url))
    assert page("group", one("东戊").pk) in shown
    assert page("transfer", one("东戊").pk) not in shown
    assert page("transfer", one("东戊").pk) in text(sign_in(corps.users["politics"]).get(url))


def test_register_by_hand(corps: Corps, sign_in: Any) -> None:
    client = sign_in(corps.users["politics"])
    form = {
        "name": "新虚构",
        "id_number": id_number(5),
        "organization": "东站党支部（A1）",
        "since": "2025-02-01",
        "stage": "full",
        "category": "firefighter",
        "rank": "f6",
        "joined_on": "2014-07",
        "full_on": "2015-07-01",
    }
    assert press(client, page("new"), **form).status_code == 303
    member = one("新虚构")
    assert (member.joined_on, member.joined_precision) == (date(2014, 7, 1), "month")
    assert member.person.born_on == date(1990, 3, 7)
    again = press(client, page("new"), **form)
    assert again.status_code == 422
    assert "已在册" in text(again)
    wrong = press(client, page("new"), **(form | {"id_number": "123", "category": "clerk"}))
    assert wrong.status_code == 422
    assert "18 位" in text(wrong)
    ranked = press(client, page("new"), **(form | {"id_number": id_number(6), "category": "clerk"}))
    assert "没有消防救援衔" in text(ranked)
    assert sign_in(corps.users["secretary"]).get(page("new")).status_code == 403


def test_corrections_keep_their_history_and_refuse_stale_ones(corps: Corps, sign_in: Any) -> None:
    member = one("东戊")
    client = sign_in(corps.users["secretary"])
    form = {"version": member.version, "name": "东戊", "category": "firefighter", "duty": "班长"}
    assert press(client, page("edit", member.pk), **form, phone="13800000000").status_code == 303
    member.refresh_from_db()
    assert member.duty == "班长"
    assert member.person.phone_mask == "138****0000"
    stale = press(client, page("edit", member.pk), **(form | {"duty": "站长"}))
    assert stale.status_code == 409
    shown = text(client.get(page("edit", member.pk)))
    assert "修改党员信息" in shown
    assert "13800000000" not in shown
    assert "更正公民身份号码" not in shown, "only a political office corrects the identity number"


def test_stage_transfer_group_rights_and_leaving(corps: Corps, sign_in: Any) -> None:
    client, member = sign_in(corps.users["politics"]), one("东预备")
    on = {"since": "2026-01-05"}
    assert press(client, page("stage", member.pk), stage="full", reason="大会通过", **on).status_code == 303
    assert press(client, page("group", member.pk), group="", since="2026-01-06").status_code == 303
    rights = press(client, page("suspend", member.pk), kind="suspended", since="2026-01-07")
    assert rights.status_code == 303
    assert press(client, page("restore", member.pk), until="2026-01-08").status_code == 303
    moved = press(
        client, page("transfer", member.pk), organization="西站党支部", reason="调动", since="2026-01-09"
    )
    assert moved.status_code == 303
    member.refresh_from_db()
    assert (member.stage, member.group, member.organization) == ("full", None, corps.beta)
    assert press(client, page("leave", member.pk), on="2026-01-10", reason="转出").status_code == 303
    member.refresh_from_db()
    assert not member.active
    assert client.get(page("edit", member.pk)).status_code == 403
    assert count(client, active="false") == 1


def test_an_appointment_from_the_register(corps: Corps, sign_in: Any) -> None:
    client = sign_in(corps.users["politics"])
    url = page("appoint", corps.alpha.pk)
    form = {"person": "东己（东站党支部）", "office": "committee_member", "since": "2026-01-01"}
    assert press(client, url, **form).status_code == 303
    assert Appointment.objects.filter(person=one("东己").person, organization=corps.alpha).exists()
    assert press(client, url, **(form | {"person": "查无此人"})).status_code == 422
    assert sign_in(corps.users["secretary"]).get(url).status_code == 403
    assert sign_in(corps.users["secretary_beta"]).get(url).status_code == 404


def test_a_number_is_revealed_once_with_a_reason(corps: Corps, sign_in: Any) -> None:
    import_now(system("花名册导入"), organization=corps.battalion, content=roster([person(1)]), name="a.xlsx")
    member, client = one(person(1)[1]), sign_in(corps.users["secretary"])
    url = page("reveal", member.pk)
    assert press(client, url, field="id_number", reason="").status_code == 422
    answer = press(client, url, field="id_number", reason="核对档案信息")
    assert answer.status_code == 200
    assert id_number(1) in text(answer)
    assert "no-store" in answer.headers["Cache-Control"]
    assert id_number(1) not in text(client.get(url))
    entry = AuditEntry.objects.get(verb="查看号码", result="ok")
    assert (entry.user, entry.reason) == (corps.users["secretary"], "核对档案信息")
    assert id_number(1) not in str(entry.after)
    refused = press(sign_in(corps.users["leader"]), url, field="id_number", reason="核对档案信息")
    assert refused.status_code == 403
    assert sign_in(corps.users["discipline"]).get(url).status_code == 403
    denied = AuditEntry.objects.filter(verb="查看号码", result="denied").order_by("pk")
    assert [entry.user for entry in denied] == [corps.users["leader"], corps.users["discipline"]]
    assert {entry.subject for entry in denied} == {f"members.member:{member.pk}"}


def test_who_has_a_second_factor_gives_a_code_for_each_number(corps: Corps, sign_in: Any) -> None:
    import_now(system("花名册导入"), organization=corps.battalion, content=roster([person(1)]), name="a.xlsx")
    member, user = one(person(1)[1]), corps.users["secretary"]
    secret = new_secret()
    enrolled = clock.now() - timedelta(minutes=2)
    with clock.at(enrolled):
        _, codes = enrol_factor(Actor(user=user), user, secret=secret, code=pyotp.TOTP(secret).at(enrolled))
    client, url = sign_in(user), page("reveal", member.pk)
    asked = {"field": "id_number", "reason": "核对档案信息"}
    for otp in ("", "000000"):
        assert press(client, url, **asked, otp=otp).status_code == 422
    assert not AuditEntry.objects.filter(verb="查看号码").exists()
    assert id_number(1) in text(press(client, url, **asked, otp=codes[0]))
    assert press(client, url, **asked, otp=codes[0]).status_code == 422
    assert [press(client, url, **asked, otp="000000").status_code for _ in range(3)][-1] == 429
    assert press(client, url, **asked, otp=codes[1]).status_code == 429


def test_the_api_never_shows_a_ciphertext(corps: Corps, sign_in: Any) -> None:
    import_now(system("花名册导入"), organization=corps.battalion, content=roster([person(1)]), name="a.xlsx")
    shown = text(sign_in(corps.users["politics"]).get("/api/v1/members/", {"q": person(1)[1]}))
    assert "sm4g" not in shown
    assert id_number(1) not in shown
    assert "990****" in shown


# --- the import ---------------------------------------------------------------------------


def upload(client: Any, content: bytes, **more: Any) -> Any:
    file = SimpleUploadedFile("名册.xlsx", content)
    return press(client, page("import"), organization="云溪大队党委（B）", file=file, **more)


def read(answer: Any) -> ImportBatch:
    """The batch behind a redirect, after its job was worked."""
    assert answer.status_code == 303
    batch = ImportBatch.objects.latest("created_at")
    assert jobs.run(Job.objects.filter(payload__batch=str(batch.pk)).latest("pk").pk)
    return batch


def test_the_import_by_hand(corps: Corps, sign_in: Any) -> None:
    client = sign_in(corps.users["politics"])
    answer = upload(client, roster([person(1), person(2, 姓名=None), person(3, 性别="女")]))
    url = answer.url
    waiting = text(client.get(url))
    assert "排队中" in waiting
    batch = read(answer)
    shown = text(client.get(url))
    assert "姓名未填写" in shown
    assert "新增" in shown
    assert id_number(1) not in shown
    assert "测试" not in text(client.get(url, {"status": "error"})).split("<tbody>")[1]
    assert "与身份证号不一致" in text(client.get(url, {"status": "warning"}))
    assert client.get(url, {"status": "same"}).status_code == 200
    rows = sheet(client.get(page("import_errors", batch.pk)))
    assert [(row[0], row[3]) for row in rows[3:]] == [(5, "错误"), (6, "注意")]
    confirm = page("import_confirm", batch.pk)
    refused = press(client, confirm)
    assert refused.status_code == 422
    assert "跳过错误行" in text(refused)
    assert read(press(client, confirm, skip_errors="on")).pk == batch.pk
    assert "已导入" in text(client.get(url))
    assert count(client, q=person(1)[1]) == 1
    assert press(client, page("import_undo", batch.pk)).status_code == 303
    assert count(client, q=person(1)[1]) == 0
    assert "已撤销" in text(client.get(url))


def test_a_bad_file_is_answered_at_once(corps: Corps, sign_in: Any) -> None:
    answer = upload(sign_in(corps.users["politics"]), b"%PDF-1.7")
    assert answer.status_code == 422
    assert "不是 Excel" in text(answer)
    assert not ImportBatch.objects.exists()


def test_imports_stay_in_their_scope(corps: Corps, sign_in: Any) -> None:
    batch = read(upload(sign_in(corps.users["politics"]), roster([person(1)])))
    names = ("import_batch", "import_errors", "import_confirm", "import_undo")
    for name in names:
        url = page(name, batch.pk)
        assert sign_in(corps.users["secretary"]).get(url).status_code == 404, name
        assert sign_in(corps.users["leader"]).get(url).status_code == 403, name
    for name in ("import", "template"):
        assert sign_in(corps.users["secretary"]).get(page(name)).status_code == 403, name


def test_the_template_is_filled_with_the_units_branches_and_read_by_the_import(
    corps: Corps, sign_in: Any
) -> None:
    answer = sign_in(corps.users["politics"]).get(page("template"))
    content = b"".join(answer.streaming_content)
    book = openpyxl.load_workbook(io.BytesIO(content))
    lists = [cell for row in book["填写说明"].iter_rows(values_only=True) for cell in row]
    assert "东站党支部" in lists
    assert "第一党小组" in lists
    form = book["花名册"]
    head = [cell.value for cell in form[3]]
    line = dict(zip(HEAD, person(1), strict=True))
    for column, title in enumerate(head, start=1):
        form.cell(4, column, line.get(str(title)))
    stream = io.BytesIO()
    book.save(stream)
    report, _ = import_now(
        system("花名册导入"),
        organization=corps.battalion,
        content=stream.getvalue(),
        name="模板.xlsx",
        dry_run=True,
    )
    shown = report.as_dict()
    assert (shown["new"], shown["errors"], shown["warnings"]) == (1, [], [])
