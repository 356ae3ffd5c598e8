"""Sixty and more hostile workbooks, made by code: what each is called, what it holds, how it must end.

``end`` is a word of the sentence that refuses the file, or :data:`READ`: it is read, and each line
is either understood or named with its mistake.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

import openpyxl
import xlsxwriter
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.worksheet.datavalidation import DataValidation

from tests.members.workbooks import HEAD, book, fill, person

READ = "read"
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
ENTITIES = {
    "laughs": f'<!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]>',
    "outside": '<!DOCTYPE x [<!ENTITY l9 SYSTEM "file:///etc/passwd">]>',
    "network": '<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x"> %p;]>',
}


class Book(NamedTuple):
    """A file as it is uploaded, and how it must end."""

    title: str
    name: str
    end: str
    make: Callable[[], bytes]


def good(*rows: list[Any], head: Any = HEAD) -> bytes:
    """A roster of one faultless line, or of ``rows``."""
    return book(lambda sheet: fill(sheet, rows or (person(1),), head))


def one(**cells: Any) -> Callable[[], bytes]:
    """A roster of one line with these cells."""
    return lambda: good(person(1, **cells))


def parts(content: bytes) -> dict[str, bytes]:
    """The members of a zip file."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def packed(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip file."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as target:
        for name, content in members.items():
            target.writestr(name, content)
    return stream.getvalue()


def operated(change: dict[str, Any]) -> Callable[[], bytes]:
    """The good roster with members replaced, added, taken out (None), or worked on (a function)."""

    def make() -> bytes:
        members = parts(good())
        for name, new in change.items():
            if new is None:
                members.pop(name)
            else:
                members[name] = new(members[name]) if callable(new) else new
        return packed(members)

    return make


def swap(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    """Replaces ``old``, which must be there."""

    def change(content: bytes) -> bytes:
        assert old in content, old
        return content.replace(old, new, 1)

    return change


def entity(kind: str) -> Callable[[], bytes]:
    """Shared strings with a DOCTYPE; the first string is the entity."""
    text = f'<?xml version="1.0"?>{ENTITIES[kind]}<sst xmlns="http://schemas.openxmlformats.org/'
    text += 'spreadsheetml/2006/main"><si><t>&l9;</t></si></sst>'
    return operated({STRINGS: text.encode()})


def with_cell(xml: str) -> Callable[[], bytes]:
    """The good roster with one raw cell in a line of its own."""
    row = f'<row r="9">{xml}</row></sheetData>'.encode()
    return operated({SHEET: swap(b"</sheetData>", row)})


def looked(work: Callable[[Any], Any]) -> Callable[[], bytes]:
    """The good roster after ``work(sheet)``."""

    def fill_and_work(sheet: Any) -> None:
        fill(sheet, [person(1), person(2)])
        work(sheet)

    return lambda: book(fill_and_work)


def long(count: int) -> bytes:
    """A roster of ``count`` lines, written quickly."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"constant_memory": True}) as target:
        sheet = target.add_worksheet()
        sheet.write_row(0, 0, HEAD)
        for number in range(1, count + 1):
            sheet.write_row(number, 0, [number, "张三", "男"])
    return stream.getvalue()


def epoch_1904() -> bytes:
    """Days counted from 1904."""

    def make(sheet: Any) -> None:
        sheet.parent.epoch = datetime(1904, 1, 1)
        fill(sheet, [person(1, 入党时间=date(2014, 7, 1))])

    return book(make)


def damaged() -> bytes:
    """One byte of the sheet changed after its checksum was taken."""
    content = bytearray(packed(parts(good()), zipfile.ZIP_STORED))
    place = content.index(b"<sheetData>") + 200
    content[place] ^= 1
    return bytes(content)


def doubled() -> bytes:
    """Two members of one name."""
    stream = io.BytesIO(good())
    with zipfile.ZipFile(stream, "a") as target:
        info = zipfile.ZipInfo(SHEET)
        target.NameToInfo.pop(SHEET)
        target.writestr(info, b"<worksheet/>")
    return stream.getvalue()


def lying() -> bytes:
    """A member that says it is small and is not."""
    content = packed(parts(good()) | {SHEET: b"0" * 120_000_000})
    return content.replace((120_000_000).to_bytes(4, "little"), (400).to_bytes(4, "little"))


def merges(xml: str) -> Callable[[], bytes]:
    """The good roster with these merged ranges."""
    tag = f"</sheetData><mergeCells>{xml}</mergeCells>"

    def make() -> bytes:
        members = parts(good())
        start, _, rest = members[SHEET].partition(b"</sheetData>")
        end = rest.rpartition(b"</mergeCells>")[2]
        members[SHEET] = start + tag.encode() + end
        return packed(members)

    return make


def refused() -> Iterator[Book]:
    """What is turned away with a sentence."""
    yield Book("empty", "a.xlsx", "空的", bytes)
    yield Book("too heavy", "a.xlsx", "20 MB", lambda: bytes(21 * 2**20))
    yield Book("bomb", "a.xlsx", "压缩方式异常", operated({SHEET: b"0" * 150_000_000}))
    yield Book("large bomb", "a.xlsx", "过大", operated({SHEET: b"0" * 250_000_000}))
    yield Book("bomb in a bomb", "a.xlsx", "压缩|不是", lambda: packed({"a": packed({"b": bytes(10**8)})}))
    yield Book("bomb that lies", "a.xlsx", "损坏", lying)
    yield Book("many members", "a.xlsx", "过大", operated({f"m{n}": b"" for n in range(300)}))
    yield Book("100,000 lines", "a.xlsx", "行", lambda: long(100_000))
    yield Book("16,384 columns", "a.xlsx", "列", looked(lambda s: s.cell(3, 16_384, "x")))
    yield Book(
        "last cell there can be", "a.xlsx", "列|过大", looked(lambda s: s.cell(1_048_576, 16_384, "x"))
    )
    yield Book("far cell", "a.xlsx", "过大|无法", looked(lambda s: s.cell(1_048_576, 190, "x")))
    yield Book("macro by name", "a.xlsm", "宏", good)
    yield Book("macro renamed", "a.xlsx", "宏", operated({"xl/vbaProject.bin": b"x"}))
    yield Book("macro in capitals", "a.xlsx", "宏", operated({"xl/VBAPROJECT.BIN": b"x"}))
    yield Book("macro in .xls", "a.xls", "宏", lambda: OLE + "_VBA_PROJECT".encode("utf-16-le"))
    yield Book("encrypted", "a.xlsx", "密码", lambda: OLE + "EncryptedPackage".encode("utf-16-le"))
    yield Book("truncated", "a.xlsx", "损坏", lambda: good()[:-400])
    yield Book("first half only", "a.xlsx", "损坏", lambda: good()[: len(good()) // 2])
    yield Book("old format renamed", "a.xlsx", "旧格式", lambda: OLE + bytes(4096))
    yield Book("old format, nothing in it", "a.xls", "损坏", lambda: OLE + bytes(4096))
    yield Book("HTML renamed", "a.xls", "不是 Excel", lambda: b"<html><table><tr><td>1</table>")
    yield Book("CSV renamed", "a.xlsx", "不是 Excel", lambda: "姓名,身份证号\n".encode())
    yield Book("CSV in GBK", "a.xls", "不是 Excel", lambda: "姓名,身份证号\n".encode("gbk"))
    yield Book("PDF renamed", "a.xlsx", "不是 Excel", lambda: b"%PDF-1.7\n" + bytes(2000))
    yield Book("program renamed", "a.xlsx", "不是 Excel", lambda: b"MZ\x90\0" + bytes(2000))
    yield Book("Word renamed", "a.xlsx", "不是 Excel", lambda: packed({"word/document.xml": b"x"}))
    yield Book("two suffixes", "a.xlsx.exe", "另存为", good)
    yield Book("no suffix", "花名册", "另存为", good)
    yield Book("suffix with NUL", "a.xlsx\0.php", "另存为", good)
    yield Book("no sheet part", "a.xlsx", "损坏|表头", operated({SHEET: None}))
    yield Book("no workbook part", "a.xlsx", "不是 Excel", operated({"xl/workbook.xml": None}))
    yield Book("no sheet at all", "a.xlsx", "损坏|表头", operated({"xl/workbook.xml": b"<workbook/>"}))
    yield Book("absolute paths", "a.xlsx", "异常", operated({"/etc/cron.d/x": b"x"}))
    yield Book("upward paths", "a.xlsx", "异常", operated({"../../../tmp/x": b"x"}))
    yield Book("doubled members", "a.xlsx", "异常", doubled)
    yield Book("wrong checksum", "a.xlsx", "损坏", damaged)
    yield Book("half a sheet", "a.xlsx", "损坏", operated({SHEET: lambda c: c[: len(c) // 2]}))
    yield Book("no XML", "a.xlsx", "损坏|表头", operated({SHEET: bytes(range(256)) * 40}))
    for kind in ENTITIES:
        yield Book(f"entities: {kind}", "a.xlsx", "异常", entity(kind))
    yield Book("hundreds of sheets", "a.xlsx", "过大", hundreds)
    yield Book("only hidden sheets", "a.xlsx", "表头", hidden_only)
    yield Book("empty sheet", "a.xlsx", "表头", lambda: book(lambda sheet: None))
    yield Book("much text", "a.xlsx", "文字过多", lambda: huge_strings(1_000, 1))
    yield Book("text beyond memory", "a.xlsx", "过大", lambda: huge_strings(6_000, 3))
    yield Book("styles", "a.xlsx", "压缩方式异常", operated({"xl/styles.xml": b"<xf/>" * 30_000_000}))


def hundreds() -> bytes:
    """A workbook of 250 sheets."""
    workbook = openpyxl.Workbook()
    for _ in range(250):
        workbook.create_sheet()
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def hidden_only() -> bytes:
    """A roster on a sheet that only a macro can show; an empty one before it."""

    def make(sheet: Any) -> None:
        hidden = sheet.parent.create_sheet("旧")
        fill(hidden, [person(1)])
        hidden.sheet_state = "veryHidden"

    return book(make)


def huge_strings(lines: int, columns: int) -> bytes:
    """One text of 30,000 characters in every cell: little to store, much to read."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as target:
        sheet = target.add_worksheet()
        for line in range(lines):
            for column in range(columns):
                sheet.write_string(line, column, "长" * 30_000)
    return stream.getvalue()


FORMULAS = ("=cmd|' /C calc'!A0", "=1+1", '=DDE("cmd";"/C calc";"x")', "=WEBSERVICE(A1)", "='[x.xlsx]S'!A1")
TEXTS = {
    "at sign": "@SUM(1+1)*cmd|' /C calc'!A0",
    "plus": "+cmd|' /C calc'!A0",
    "minus": "-2+3+cmd|' /C calc'!A0",
    "tab": "\t=cmd|' /C calc'!A0",
    "right to left": "张\u202e三\u2067四\u2069",
    "nothing to see": "张\u200b\u200d\ufeff三",
    "emoji and rare characters": "👩🏽‍🚒𠮷𪚥㐂",
    "combining": "e\u0301\u0323" * 200,
    "very long": "长" * 32_767,
    "NUL": "张_x0000_三_x001B_[2J",
    "half a character": "张_xD800_三",
    "script": "<script>alert(1)</script>",
    "template": "{{ 7*7 }}{% debug %}",
    "SQL": "'); DROP TABLE members_member;--",
}


def read() -> Iterator[Book]:
    """What is read line by line."""
    yield Book("good", "a.xlsx", READ, good)
    for formula in FORMULAS:
        yield Book(f"formula {formula[:6]}", "a.xlsx", READ, one(姓名=formula, 职务=formula))
    for title, value in TEXTS.items():
        yield Book(title, "a.xlsx", READ, one(姓名=value, 职务=value, 所在党支部=value))
    yield Book("number as float", "a.xlsx", READ, one(身份证号=1.1010119900307e17))
    yield Book("number in figures", "a.xlsx", READ, one(身份证号="1.1E+17", 联系电话=1.39e10))
    yield Book("dates of 1900", "a.xlsx", READ, one(入党时间=1, 出生年月=60, 转正时间=0))
    yield Book("dates beyond", "a.xlsx", READ, one(入党时间=2_958_466, 转正时间=-1, 出生年月=1e300))
    yield Book("dates of 1904", "a.xlsx", READ, epoch_1904)
    yield Book("truth and errors", "a.xlsx", READ, one(姓名=True, 性别="#REF!", 职务="#DIV/0!"))
    yield Book("error cells", "a.xlsx", READ, with_cell('<c r="B9" t="e"><v>#NUM!</v></c>'))
    yield Book("no such string", "a.xlsx", READ + "|损坏", with_cell('<c r="B9" t="s"><v>999999</v></c>'))
    yield Book("no such place", "a.xlsx", READ + "|损坏", with_cell('<c r="ZZZZZZ0" t="n"><v>1</v></c>'))
    yield Book("not a number", "a.xlsx", READ + "|损坏", with_cell('<c r="B9" t="n"><v>NaN</v></c>'))
    yield Book("infinite", "a.xlsx", READ + "|损坏", with_cell('<c r="F9" t="n"><v>1e999</v></c>'))
    yield Book("merged over each other", "a.xlsx", READ, merges(piled("L")))
    yield Book("head merged to the end", "a.xlsx", READ, merges('<mergeCell ref="B3:B1048576"/>'))
    yield Book("merged names", "a.xlsx", READ, looked(lambda s: s.merge_cells("B4:B5")))
    yield Book("hidden lines and columns", "a.xlsx", READ, looked(hide))
    yield Book("comments", "a.xlsx", READ, looked(comment))
    yield Book("validations", "a.xlsx", READ, looked(validate))
    yield Book("every line its style", "a.xlsx", READ, looked(paint))
    yield Book("line breaks in the head", "a.xlsx", READ, lambda: good(head=["\n".join(w) for w in HEAD]))
    yield Book("head twice", "a.xlsx", READ, lambda: good(person(1), list(HEAD), person(2)))
    yield Book("outside links", "a.xlsx", READ, operated({"xl/externalLinks/externalLink1.xml": b"<x/>"}))
    yield Book("upward name", "../../a.xlsx", READ, good)
    yield Book("name of 300 characters", "长" * 300 + ".xlsx", READ, good)
    yield Book("number of another", "a.xlsx", READ, lambda: good(person(1), person(1)))


def piled(column: str) -> str:
    """3,000 merged ranges over each other, each down to the last line there can be."""
    return "".join(f'<mergeCell ref="{column}{4 + n % 40}:{column}1048576"/>' for n in range(3_000))


def hide(sheet: Any) -> None:
    """A hidden line and a hidden column."""
    sheet.row_dimensions[4].hidden = True
    sheet.column_dimensions["F"].hidden = True


def comment(sheet: Any) -> None:
    """A comment on each cell."""
    for row in sheet.iter_rows(min_row=4):
        for cell in row:
            cell.comment = Comment("=cmd|' /C calc'!A0" * 50, "<script>")


def validate(sheet: Any) -> None:
    """Lists taken from another workbook."""
    for _ in range(500):
        rule = DataValidation(type="list", formula1="'[x.xlsx]S'!$A$1:$A$9")
        rule.add("C4:C1048576")
        sheet.add_data_validation(rule)


def paint(sheet: Any) -> None:
    """2,000 cells, each of its own colour."""
    for number in range(2_000):
        sheet.cell(4, 15 + number % 180).fill = PatternFill("solid", fgColor=f"{number:06x}")


BOOKS = (*refused(), *read())
