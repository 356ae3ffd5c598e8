"""The base views: scope, refusals, one press one result, lists and their exports."""

from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl.worksheet.worksheet import Worksheet

from accounts.models import User
from branches.models import Organization
from core.models import AuditEntry, FormToken
from core.views import new_token
from tests.core import frame_pages
from tests.core.frame_pages import foreign, own, pages, signed_in, user

__all__ = ["foreign", "own", "pages", "signed_in", "user"]  # fixtures

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.core.frame_pages")]


def test_a_stranger_is_sent_to_sign_in_and_comes_back(client: Client) -> None:
    answer = client.get("/list/?name=滨")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/accounts/login/?next=/list/%3Fname%3D")
    part = client.get("/list/", headers={"HX-Request": "true", "HX-Current-URL": "/page/1/"})
    assert (part.status_code, part.headers["HX-Redirect"]) == (
        204,
        "/accounts/login/?next=/page/1/",
    )


def test_outside_the_scope_nothing_exists(
    signed_in: Client, own: Organization, foreign: Organization
) -> None:
    assert "BH01党支部" in signed_in.get(f"/page/{own.pk}/").content.decode()
    for url in ("page", "rename", "dissolve", "suspend"):
        assert signed_in.get(f"/{url}/{foreign.pk}/").status_code == 404
        assert signed_in.post(f"/{url}/{foreign.pk}/", {"token": new_token()}).status_code in {
            404,
            405,
        }
    assert "CD01" not in signed_in.get("/list/").content.decode()
    assert signed_in.get(f"/page/{10**30}/").status_code == 404


def test_a_denial_is_a_page_with_its_reason(signed_in: Client, own: Organization) -> None:
    Organization.objects.update(temporary=True)
    answer = signed_in.get(f"/page/{own.pk}/")
    assert answer.status_code == 403
    assert "只有支部委员可以查看。" in answer.content.decode()


@pytest.mark.parametrize(
    ("name", "status", "words"),
    [
        ("错名", 422, "这个名称已停用，请换一个。"),
        ("全错", 422, "请先核对上级批复。"),
        ("", 422, "请填写名称"),
        ("无权", 403, "只有书记可以改名。"),
        ("过时", 409, "名称刚才已被他人修改。"),
        ("重号", 409, "刚才已保存过相同的内容"),
    ],
)
@pytest.mark.both
def test_a_refused_form_says_why_and_writes_nothing(
    signed_in: Client, own: Organization, name: str, status: int, words: str
) -> None:
    token = new_token()
    answer = signed_in.post(f"/rename/{own.pk}/", {"token": token, "name": name, "remark": "备注甲"})
    assert answer.status_code == status
    page = answer.content.decode()
    assert "‼" not in page
    assert words in page
    if status == 422:
        assert "<title>有误：" in page
        assert 'value="备注甲"' in page
    own.refresh_from_db()
    assert (own.name, own.position) == ("BH01党支部", 0)
    assert not FormToken.objects.exists()


@pytest.mark.both
def test_the_second_press_finds_the_result_of_the_first(signed_in: Client, own: Organization) -> None:
    body = {"token": new_token(), "name": "新名党支部"}
    first = signed_in.post(f"/rename/{own.pk}/", body)
    second = signed_in.post(f"/rename/{own.pk}/", body)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["Location"] == second.headers["Location"] == "/list/?n=1"
    own.refresh_from_db()
    assert own.position == 1


def test_a_token_of_somebody_else_or_none_is_refused(
    signed_in: Client, own: Organization, foreign: Organization
) -> None:
    other = Client()
    other.force_login(frame_pages.officer("李某某", foreign), backend="accounts.backends.PersonBackend")
    token = new_token()
    assert other.post(f"/rename/{foreign.pk}/", {"token": token, "name": "默认"}).status_code == 303
    for stale in (token, "", "短", "x" * 44):
        answer = signed_in.post(f"/rename/{own.pk}/", {"token": stale, "name": "默认"})
        assert answer.status_code == 422
        assert "请刷新页面后重新提交" in answer.content.decode()


def test_success_leads_on_with_a_message(signed_in: Client, own: Organization) -> None:
    answer = signed_in.post(f"/rename/{own.pk}/", {"token": new_token(), "name": "默认"}, follow=True)
    assert answer.redirect_chain == [("/list/", 303)]
    assert "已改名。" in answer.content.decode()
    part = signed_in.post(
        f"/rename/{own.pk}/",
        {"token": new_token(), "name": "默认"},
        headers={"HX-Request": "true"},
    )
    assert (part.status_code, part.headers["HX-Redirect"]) == (204, "/list/")


def test_a_button_asks_first_and_then_acts(signed_in: Client, own: Organization) -> None:
    asked = signed_in.get(f"/dissolve/{own.pk}/").content.decode()
    assert "撤销后不再产生任务。" in asked
    assert 'name="token"' in asked
    Organization.objects.update(position=1)
    refused = signed_in.post(f"/dissolve/{own.pk}/", {"token": new_token()})
    assert refused.status_code == 422
    assert "先移交台账，再撤销。" in refused.content.decode()
    Organization.objects.update(position=0)
    assert signed_in.post(f"/dissolve/{own.pk}/", {"token": new_token()}).status_code == 303
    own.refresh_from_db()
    assert own.dissolved_on == frame_pages.FIRST_DAY
    assert "停用" in signed_in.get(f"/suspend/{own.pk}/").content.decode()


def test_a_form_names_every_field_and_its_mistake(signed_in: Client, own: Organization) -> None:
    page = signed_in.post(f"/rename/{own.pk}/", {"token": new_token(), "name": ""}).content.decode()
    assert '<a href="#id_name">' in page
    assert 'id="id_name_error"' in page
    assert 'aria-invalid="true"' in page
    assert 'id="id_name_helptext"' in page
    assert page.count("选填") == 1


def test_lists_filter_sort_and_turn_pages(signed_in: Client, user: User) -> None:
    for number in range(2, 41):
        place = frame_pages.organization(f"BH{number:02}", position=number)
        frame_pages.appoint(user, place)
    page = signed_in.get("/list/").content.decode()
    assert "共 40 条，第 1/2 页" in page
    assert "‼" not in page
    assert signed_in.get("/list/?page=999&page_size=zz").context["page_obj"].number == 2
    assert len(signed_in.get("/list/?page_size=99999").context["rows"]) == 40
    assert len(signed_in.get("/list/?page_size=5&page=2").context["rows"]) == 5
    first = [row.code for row in signed_in.get("/list/?sort=-name").context["rows"][:2]]
    assert first == ["BH40", "BH39"]
    assert signed_in.get("/list/?sort=place").context["rows"][0].code == "BH40"
    assert signed_in.get("/list/?sort=password").context["rows"][0].code == "BH01"
    assert [r.code for r in signed_in.get("/list/?name=BH07").context["rows"]] == ["BH07"]
    assert not signed_in.get("/list/?position=abc").context["rows"]
    assert signed_in.get("/list/?cols=kind&cols=none").context["shown"] == ["kind"]


def test_a_list_costs_the_same_for_one_row_and_for_thirty(signed_in: Client, user: User) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            signed_in.get("/list/")
        return len(seen)

    one = queries()
    for number in range(2, 31):
        place = frame_pages.organization(f"BH{number:02}")
        frame_pages.appoint(user, place)
    assert queries() == one


def workbook(client: Client, url: str) -> Worksheet:
    answer: Any = client.get(url)
    sheet = openpyxl.load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    assert isinstance(sheet, Worksheet)
    return sheet


def test_the_workbook_holds_exactly_what_is_filtered(
    signed_in: Client, own: Organization, foreign: Organization
) -> None:
    Organization.objects.filter(pk=own.pk).update(name="=1+1 党支部")
    sheet = workbook(signed_in, "/list/?export=xlsx")
    assert [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)] == [
        ["名称", "次序"],
        ["=1+1 党支部", 0],
    ]
    assert sheet["A4"].data_type == "s"
    assert AuditEntry.objects.get(verb="导出清单").after == {"行数": 1}
    assert workbook(signed_in, "/list/?export=xlsx&name=没有").max_row == 3
    assert signed_in.get("/list/?export=xlsx&deny=1").status_code == 403
