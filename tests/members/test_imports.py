"""The roster import, line by line of the contract ``import-roster``."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from core import clock
from core.actor import system
from core.imports import Unreadable
from members import actions
from members.choices import Precision, Stage
from members.imports import Report
from members.models import Member, Membership, Standing
from tests.corps import Corps, moment
from tests.members.workbooks import HEAD, book, fill, id_number, person, roster

TODAY = date(2026, 10, 20)
BY = system("花名册导入")
pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture(autouse=True)
def _day() -> Any:
    with clock.at(moment(TODAY)):
        yield


def run(tree: Corps, content: bytes, *, dry_run: bool = True, code: str = "B") -> Report:
    organization = {"B": tree.battalion, "A1": tree.alpha, "B1": tree.beta}[code]
    found, _ = actions.import_now(
        BY, organization=organization, content=content, name="花名册.xlsx", dry_run=dry_run
    )
    return found


def errors(report: Report) -> list[tuple[int, str, str]]:
    return [(e["row"], e["column"], e["message"]) for e in report.as_dict()["errors"]]


def warnings(report: Report) -> list[tuple[int, str, str]]:
    return [(e["row"], e["column"], e["message"]) for e in report.as_dict()["warnings"]]


def one(tree: Corps, **cells: Any) -> Report:
    return run(tree, roster([person(1, **cells)]))


def test_a_faultless_roster_is_read_without_a_word(tree: Corps) -> None:
    report = run(tree, roster([person(n) for n in range(1, 4)]))
    shown = report.as_dict()
    assert shown == {
        "sheet": "Sheet",
        "header_row": 3,
        "rows": 3,
        "new": 3,
        "changed": 0,
        "same": 0,
        "errors": [],
        "warnings": [],
        "ignored_columns": ["备注"],
        "batch": None,
    }


def test_a_dry_run_writes_nothing_and_a_real_one_does(tree: Corps) -> None:
    before = Member.objects.count()
    content = roster([person(1), person(2, 转正时间=None, 入党时间="2026-07-01")])
    assert run(tree, content).count("new") == 2
    assert Member.objects.count() == before
    run(tree, content, dry_run=False)
    assert Member.objects.count() == before + 2
    full = Member.objects.get(person__name=person(1)[1])
    assert (full.stage, full.organization, full.rank) == (Stage.FULL, tree.alpha, "f6")
    assert full.person.id_number_mask == "990*************" + id_number(1)[-2:]
    assert full.person.sex == "male"
    assert full.person.born_on == date(1990, 3, 7)
    rows = Standing.objects.filter(person=full.person).values_list("stage", "since", "until")
    assert list(rows) == [
        ("probationary", date(2014, 7, 1), date(2015, 7, 1)),
        ("full", date(2015, 7, 1), None),
    ]
    assert Membership.objects.get(person=full.person).since == tree.alpha.duties_from
    assert run(tree, content).count("same") == 2


# --- must be an error ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "column", "words"),
    [
        ({"姓名": None}, "姓名", "未填写"),
        ({"姓名": "　 "}, "姓名", "未填写"),
        ({"身份证号": id_number(1)[:-1]}, "身份证号", "18 位"),
        ({"身份证号": "990101900307001"}, "身份证号", "18 位"),
        (
            {"身份证号": id_number(1)[:-1] + ("0" if id_number(1)[-1] != "0" else "1")},
            "身份证号",
            "校验位不符",
        ),
        ({"身份证号": "990101199002300017"}, "身份证号", "日期"),
        ({"身份证号": float(id_number(2)[:-1] + "0")}, "身份证号", "丢失"),
        ({"身份证号": "9.90101E+17"}, "身份证号", "丢失"),
        ({"身份证号": id_number(1)[:15] + "000"}, "身份证号", "丢失"),
        ({"身份证号": None}, "身份证号", "未填写"),
        ({"所在党支部": "南站党支部"}, "所在党支部", "没有这个党支部"),
        ({"所在党支部": None}, "所在党支部", "未填写"),
        ({"入党时间": "2014-02-30"}, "入党时间", "不存在"),
        ({"入党时间": "2014.13"}, "入党时间", "不存在"),
        ({"入党时间": "20140631"}, "入党时间", "不存在"),
        ({"入党时间": "不详"}, "入党时间", "无法识别"),
        ({"入党时间": "2014"}, "入党时间", "年月"),
        ({"入党时间": 2014.1}, "入党时间", "10月"),
        ({"转正时间": "2026-11-01"}, "转正时间", "晚于今天"),
        ({"转正时间": date(2026, 10, 21)}, "转正时间", "晚于今天"),
        ({"出生年月": "1990.14"}, "出生年月", "不存在"),
        ({"转正时间": "2014-06-30"}, "转正时间", "早于入党"),
        ({"转正时间": "2014.06"}, "转正时间", "早于入党"),
        ({"入党时间": "2008-03-06"}, "入党时间", "未满 18"),
        ({"入党时间": "2008.02"}, "入党时间", "未满 18"),
        ({"人员类别": "政府专职消防员"}, "消防救援衔", "没有消防救援衔"),
        ({"人员类别": "消防文员"}, "消防救援衔", "没有消防救援衔"),
        ({"人员类别": "志愿者"}, "人员类别", "没有这一人员类别"),
        ({"消防救援衔": "上尉"}, "消防救援衔", "没有这一消防救援衔"),
    ],
)
def test_an_error_of_one_line(tree: Corps, cells: dict[str, Any], column: str, words: str) -> None:
    before = Member.objects.count()
    report = run(tree, roster([person(1, **cells), person(7)]), dry_run=False)
    assert [(row, where) for row, where, _ in errors(report)] == [(4, column)]
    assert words in errors(report)[0][2]
    assert report.count("new") == 1
    assert Member.objects.count() == before, "one wrong line: nothing is written"


def test_a_person_twice_in_the_file_is_an_error(tree: Corps) -> None:
    report = run(tree, roster([person(1), person(2), person(3, 身份证号=id_number(1))]))
    assert errors(report) == [(6, "身份证号", "与第 4 行重复")]


def test_a_person_active_outside_the_organisation_is_an_error(tree: Corps) -> None:
    content = roster([person(1, 所在党支部="西站党支部")])
    run(tree, content, dry_run=False)
    report = run(tree, roster([person(1, 所在党支部="东站党支部")]), code="A1")
    assert [(row, column) for row, column, _ in errors(report)] == [(4, "身份证号")]
    assert "西站" not in errors(report)[0][2], "the other branch is not named"


def test_numbers_are_masked_in_the_answer(tree: Corps) -> None:
    wrong = id_number(1)[:-1] + ("0" if id_number(1)[-1] != "0" else "1")
    shown = str(one(tree, 身份证号=wrong, 联系电话="123456789").as_dict())
    assert wrong not in shown
    assert "123456789" not in shown


@pytest.mark.parametrize(
    "cells",
    [
        {"入党时间": "2008-03-07", "转正时间": "2009-03-07"},
        {"入党时间": "2008.03", "转正时间": "2009.03"},
        {"入党时间": "2014.07", "转正时间": "2014-07-15"},
        {"人员类别": "政府专职消防员", "消防救援衔": None},
        {"人员类别": "消防文员", "消防救援衔": "无"},
        {"身份证号": id_number(1).lower()},
        {"身份证号": f" {id_number(1)[:6]} {id_number(1)[6:]}"},
        {"身份证号": "".join(chr(ord(c) + 0xFEE0) for c in id_number(1))},
        {"所在党支部": " 东站 党支部"},
        {"所在党支部": "A1"},
        {"联系电话": 13900000001},
        {"职务": "=cmd|'/c calc'!A1"},
    ],
)
def test_a_line_that_is_in_order(tree: Corps, cells: dict[str, Any]) -> None:
    report = one(tree, **cells)
    assert errors(report) == []
    assert warnings(report) == []
    assert report.count("new") == 1


# --- must be a warning --------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "column", "words"),
    [
        ({"出生年月": "1990.04"}, "出生年月", "与身份证号不一致"),
        ({"出生年月": date(1990, 3, 8)}, "出生年月", "与身份证号不一致"),
        ({"性别": "女"}, "性别", "与身份证号不一致"),
        ({"入党时间": "2024-10-01", "转正时间": None}, "转正时间", "预备期已超过 2 年"),
        ({"联系电话": "12345"}, "联系电话", "未导入"),
        ({"消防救援衔": "一级指挥员"}, "消防救援衔", "不一致"),
        ({"入党时间": None, "转正时间": None}, "入党时间", "申请人"),
    ],
)
def test_a_warning_of_one_line(tree: Corps, cells: dict[str, Any], column: str, words: str) -> None:
    report = one(tree, **cells)
    assert errors(report) == []
    assert [(row, where) for row, where, _ in warnings(report)] == [(4, column)]
    assert words in warnings(report)[0][2]
    assert report.count("new") == 1


def test_probation_of_exactly_two_years_is_no_warning(tree: Corps) -> None:
    assert warnings(one(tree, 入党时间="2024-10-20", 转正时间=None)) == []
    assert warnings(one(tree, 入党时间="2024.10", 转正时间=None)) == []


def test_a_heading_nobody_understands_is_a_warning(tree: Corps) -> None:
    head = [*HEAD, "星座"]
    report = run(tree, roster([[*person(1), "双鱼"]], head))
    assert warnings(report) == [(3, "星座", "表头无法识别，该列未导入")]
    assert report.as_dict()["ignored_columns"] == ["备注", "星座"]


# --- as offices keep it ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "day", "precision"),
    [
        (date(2014, 7, 1), date(2014, 7, 1), "day"),
        (datetime(2014, 7, 1, 8, 30), date(2014, 7, 1), "day"),
        ("2014.07", date(2014, 7, 1), "month"),
        (2014.07, date(2014, 7, 1), "month"),
        ("2014-7-1", date(2014, 7, 1), "day"),
        ("2014/07/01", date(2014, 7, 1), "day"),
        ("201407", date(2014, 7, 1), "month"),
        (201407, date(2014, 7, 1), "month"),
        (20140701, date(2014, 7, 1), "day"),
        ("2014年7月1日", date(2014, 7, 1), "day"),
        ("2014年7月", date(2014, 7, 1), "month"),
        (" 2014 . 07 ", date(2014, 7, 1), "month"),
        ("２０１４．０７", date(2014, 7, 1), "month"),
        ("2014-07-01 00:00:00", date(2014, 7, 1), "day"),
        (41821, date(2014, 7, 1), "day"),
    ],
)
def test_dates_in_many_forms(tree: Corps, cell: Any, day: date, precision: str) -> None:
    report = one(tree, 入党时间=cell)
    assert errors(report) == []
    found = report.entries[0].facts["joined_on"]
    assert (found.day, found.precision) == (day, precision)


def test_a_month_is_kept_as_a_month(tree: Corps) -> None:
    run(tree, roster([person(1, 入党时间="2014.07", 转正时间="2015年7月")]), dry_run=False)
    member = Member.objects.get(person__name=person(1)[1])
    assert (member.joined_precision, member.full_precision) == (Precision.MONTH, Precision.MONTH)
    assert Standing.objects.get(person=member.person, until=None).precision == Precision.MONTH


def test_names_as_offices_write_them(tree: Corps) -> None:
    rows = [person(1, 姓名="张 三"), person(2, 姓名="阿卜杜拉•麦麦提"), person(3, 姓名="王𬸦\u200b")]
    report = run(tree, roster(rows))
    assert [e.facts["name"] for e in report.entries] == ["张三", "阿卜杜拉·麦麦提", "王𬸦"]


def test_headings_with_breaks_spaces_brackets_and_synonyms(tree: Corps) -> None:
    head = [
        "序号",
        "姓  名",
        "性\n别",
        "民族",
        "出生日期（年月）",
        "公民身份号码",
        "入党\n日期",
        "转为正式党员日期",
        "职 务",
        "衔级",
        "身份类别",
        "支部名称",
        "手机号",
        "备注：",
    ]
    report = run(tree, roster([person(1)], head))
    assert (errors(report), warnings(report)) == ([], [])
    assert report.head.titles["joined_on"] == "入党日期"
    assert set(report.head.columns) >= {"rank", "category", "organization", "phone", "full_on"}


def two_line_head(sheet: Any) -> None:
    """姓名 and others merged over both lines, the party dates under one title."""
    sheet.append(["党员花名册"])
    sheet.append(["姓名", "身份证号", "党内情况", None, "所在党支部", "人员类别"])
    sheet.append([None, None, "入党时间", "转正时间", None, None])
    for column in "ABEF":
        sheet.merge_cells(f"{column}2:{column}3")
    sheet.merge_cells("C2:D2")
    sheet.append(["张三", id_number(1), "2014.07", "2015.07", "东站党支部", "国家消防员"])


def upper_titles(sheet: Any) -> None:
    """Group titles above, the head below; one heading is merged down from the upper line."""
    sheet.append(["基本情况", None, "党内情况", None, "所在党支部", "人员类别"])
    sheet.append(["姓名", "身份证号", "入党时间", "转正时间", None, None])
    sheet.merge_cells("A1:B1")
    sheet.merge_cells("C1:D1")
    sheet.merge_cells("E1:E2")
    sheet.merge_cells("F1:F2")
    sheet.append(["张三", id_number(1), "2014.07", "2015.07", "东站党支部", "国家消防员"])


@pytest.mark.parametrize(("make", "line"), [(two_line_head, 2), (upper_titles, 2)])
def test_a_head_over_two_lines(tree: Corps, make: Any, line: int) -> None:
    report = run(tree, book(make))
    assert (errors(report), warnings(report)) == ([], [])
    assert report.head.line == line
    entry = report.entries[0]
    assert entry.facts["organization"] == tree.alpha.pk
    assert entry.facts["full_on"].day == date(2015, 7, 1)
    assert entry.facts["category"] == "firefighter"


def test_merged_branch_cells_hold_for_the_lines_they_cover(tree: Corps) -> None:
    def make(sheet: Any) -> None:
        fill(sheet, [person(1), person(2, 所在党支部=None), person(3, 所在党支部="西站党支部")])
        sheet.merge_cells("L4:L5")

    report = run(tree, book(make))
    assert errors(report) == []
    assert [e.facts["organization"] for e in report.entries] == [
        tree.alpha.pk,
        tree.alpha.pk,
        tree.beta.pk,
    ]


def test_subtotals_signatures_blank_lines_and_repeated_heads_are_no_persons(tree: Corps) -> None:
    rows = [
        person(1),
        [None] * 14,
        HEAD,
        ["东站党支部（1人）"],
        person(2),
        ["小计", "2人", None, None, 12, None],
        [None, "合计", "男2", "女0"],
        [None, None],
        ["填表人：王某", None, None, "审核人：李某", None, "2026年10月"],
        [None, "负责人签字：", None, "（盖章）"],
        [None, "注：本表一式两份"],
    ]
    report = run(tree, roster(rows))
    assert [entry.line for entry in report.entries] == [4, 8]
    assert errors(report) == []


def test_a_branch_needs_no_branch_column(tree: Corps) -> None:
    head = [word for word in HEAD if word != "所在党支部"]
    row = [cell for cell, word in zip(person(1), HEAD, strict=True) if word != "所在党支部"]
    report = run(tree, roster([row], head), code="A1")
    assert errors(report) == []
    assert report.entries[0].facts["organization"] == tree.alpha.pk


def test_the_group_by_name(tree: Corps) -> None:
    head = [*HEAD, "党小组"]
    rows = [[*person(1), "第一党小组"], [*person(2), "第九党小组"]]
    report = run(tree, roster(rows, head))
    assert report.entries[0].facts["group"] == tree.group.pk
    assert [(row, column) for row, column, _ in warnings(report)] == [(5, "党小组")]


def test_plain_cadres_are_told_apart_by_rank(tree: Corps) -> None:
    rows = [
        person(1, 人员类别="干部", 消防救援衔="三级指挥员"),
        person(2, 人员类别="干部", 消防救援衔="专业技术三级指挥员"),
    ]
    report = run(tree, roster(rows))
    assert [e.facts["category"] for e in report.entries] == ["commander", "specialist"]
    assert warnings(report) == []


def test_the_first_sheet_with_a_head_is_read(tree: Corps) -> None:
    def make(sheet: Any) -> None:
        sheet.append(["填表说明"])
        fill(sheet.parent.create_sheet("名册"), [person(1)])
        hidden = sheet.parent.create_sheet("旧", 0)
        fill(hidden, [person(2)])
        hidden.sheet_state = "hidden"

    report = run(tree, book(make))
    assert report.sheet == "名册"
    assert report.count("new") == 1


@pytest.mark.parametrize("head", [["姓名", "性别"], ["序号", "身份证号"], ["a", "b"]])
def test_no_head_is_no_roster(tree: Corps, head: list[str]) -> None:
    with pytest.raises(Unreadable, match="表头"):
        run(tree, roster([["1", "2"]], head))


# --- what changes ------------------------------------------------------------------------
