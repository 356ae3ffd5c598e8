"""``manage.py check_rules``: the check-up of records given as JSON, before they are entered."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError

import branches.checkup
import meetings.checkup
import members.checkup
from core import clock
from regulations import queries
from regulations.facts import FactsError, read_day
from regulations.rules import Book, Finding

Check = Callable[[object, date, Book], tuple[list[Finding], dict[str, Any]]]

CHECKS: dict[str, Check] = {
    **meetings.checkup.CHECKS,
    **branches.checkup.CHECKS,
    **members.checkup.CHECKS,
}
"""Kind of record → parse and check, as the rooms offer it."""

WRONG_FORM = 2


class Command(BaseCommand):
    """Prints findings and derived facts as JSON; exit 2 for facts of another form."""

    help = "核对一条记录是否符合规定（JSON 文件），不写入任何内容"
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """``KIND FILE``, or ``--batch FILE.jsonl``; ``--on`` the day of the law; ``--shipped``."""
        parser.add_argument("kind", nargs="?", help=f"记录种类：{'、'.join(CHECKS)}")
        parser.add_argument("file", nargs="?", help="JSON 文件")
        parser.add_argument("--batch", metavar="FILE", help="一行一条记录的 JSON Lines 文件")
        parser.add_argument("--on", metavar="DATE", help="按哪一天的规定核对，缺省为今天")
        parser.add_argument("--shipped", action="store_true", help="只用随附的参数，不读数据库")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check one file or a batch."""
        book = queries.shipped_book() if options["shipped"] else queries.book()
        try:
            on = _day(options["on"]) if options["on"] else clock.today()
            if options["batch"]:
                for line in _lines(options["batch"]):
                    self.stdout.write(_dump(_checked_line(line, on, book)))
            elif options["kind"] and options["file"]:
                record = _loads(_read(options["file"]))
                self.stdout.write(_dump(_checked(options["kind"], record, on, book)))
            else:
                raise FactsError("请写明记录种类和文件，或者用 --batch 指定文件")
        except FactsError as error:
            raise CommandError(_one_line(error), returncode=WRONG_FORM) from error


def _checked(kind: str, record: object, on: date, book: Book) -> dict[str, Any]:
    """The result for one record."""
    if kind not in CHECKS:
        raise FactsError(f"没有“{kind}”这种记录，只能是 {'、'.join(CHECKS)}")
    findings, facts = CHECKS[kind](record, on, book)
    return {
        "findings": [finding.as_dict() for finding in findings],
        "facts": facts,
        "parameters": book.source,
    }


def _checked_line(line: str, on: date, book: Book) -> dict[str, Any]:
    """The result for one line of a batch, or the sentence that says what is wrong with it."""
    try:
        given = _loads(line)
        if not isinstance(given, dict) or not {"kind", "record"} <= given.keys() <= {
            "kind",
            "on",
            "record",
        }:
            raise FactsError('每行应写作 {"kind": "…", "on": "…", "record": {…}}')
        day = _day(given["on"]) if "on" in given else on
        return _checked(str(given["kind"]), given["record"], day, book)
    except FactsError as error:
        return {"error": _one_line(error)}


def _read(name: str) -> str:
    """The text of a file."""
    try:
        return Path(name).read_text("utf-8-sig")
    except OSError as error:
        raise FactsError(f"读不了文件 {name}，请检查路径和权限") from error
    except UnicodeDecodeError as error:
        raise FactsError(f"文件 {name} 不是 UTF-8 编码") from error


def _lines(name: str) -> Iterator[str]:
    """The lines of a file; an empty one keeps its place, except at the end."""
    text = _read(name).rstrip("\r\n")
    yield from text.split("\n") if text else ()


def _loads(text: str) -> object:
    """JSON without repeated keys and without NaN."""
    try:
        return json.loads(text, object_pairs_hook=_object, parse_constant=_no_constant)
    except FactsError:
        raise
    except (ValueError, RecursionError) as error:
        raise FactsError("不是正确的 JSON") from error


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    given = dict(pairs)
    if len(given) != len(pairs):
        raise FactsError("同一个对象里有重复的键")
    return given


def _no_constant(word: str) -> NoReturn:
    raise FactsError(f"JSON 里不能有 {word}")


def _day(text: object) -> date:
    """The day of ``--on`` or of a line."""
    return read_day(text, "on")


def _dump(result: dict[str, Any]) -> str:
    return json.dumps(result, ensure_ascii=False, default=str)


def _one_line(error: FactsError) -> str:
    return " ".join(str(error).split())
