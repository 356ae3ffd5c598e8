"""Seals, anchors, the export and the stand-alone verifier."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from core import audit, chain, clock
from core.actor import system, traits
from core.evidence import against_anchors, anchors, digests, exports, seals, verify
from core.models import AuditEntry, AuditSeal, ChainEntry
from tests.meetings.world import organization
from tests.superuser import unguarded

pytestmark = [pytest.mark.django_db, pytest.mark.both]
BY = system("测试")
ALONE = Path(__file__).parents[2] / "docs/verify/verify_chain.py"
NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)


@pytest.fixture(autouse=True)
def noon(db: Any) -> Iterator[None]:
    with clock.at(NOON):
        seals.seal_all()  # what the tables were filled with
        yield


def add(count: int = 1) -> list[int]:
    return [audit.record(BY, "试验", f"试验:{number}", after={"数": number}).pk for number in range(count)]


def later(**passed: float) -> Any:
    return clock.at(NOON + timedelta(**passed))


def records() -> set[str]:
    return {fault.record for fault in verify.everything().faults}


# --- entries ----------------------------------------------------------------------------------------


def test_one_entry_costs_one_statement(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        audit.record(BY, "试验", "试验")


def test_many_entries_have_digests_too() -> None:
    audit.record_all(
        [audit.draft(BY, "试验", f"试验:{n}", before={"数": 0.5, "大": 1e22, 7: None}) for n in (1, 2)]
    )
    made = AuditEntry.objects.filter(verb="试验")
    assert len(set(made.values_list("digest", flat=True))) == 2
    assert not records()


def test_the_browser_is_kept_in_short(rf: Any) -> None:
    one, two = (traits(rf.get("/", headers={"User-Agent": name}))["agent"] for name in ("甲", "乙"))
    assert len(one) == 16
    assert one != two
    assert traits(rf.get("/"))["agent"] == ""
    assert traits(None) == {}


def test_text_has_one_form_however_it_is_composed() -> None:
    assert digests.canonical({"a": ["é\n", 1]}) == digests.canonical({"a": ["e\u0301\n", 1]})
    assert digests.canonical("\n\u0301") == '"\\n\u0301"'.encode()
    with pytest.raises(TypeError):
        digests.canonical(object())


# --- seals ------------------------------------------------------------------------------------------


def test_what_was_sealed_is_not_sealed_again() -> None:
    numbers = add(3)
    assert seals.seal_all() == 3
    assert seals.seal_all() == 0
    batch = AuditSeal.objects.order_by("-number")[0]
    assert (batch.ranges, batch.last) == ([[numbers[0], numbers[-1]]], numbers[-1])
    assert not records()


def test_batches_are_of_a_size(settings: Any) -> None:
    settings.AUDIT_SEAL_BATCH = 2
    before = AuditSeal.objects.count()
    add(5)
    assert seals.seal_all() == 5
    assert AuditSeal.objects.count() == before + 3
    assert not records()


def test_one_that_comes_to_light_late_is_sealed_within_the_hour_and_named_after_it() -> None:
    first, second, third = add(3)
    rows = {row.pk: row for row in AuditEntry.objects.filter(pk__in=(first, second))}
    with unguarded():
        AuditEntry.objects.filter(pk__in=rows).delete()
    assert seals.seal() == 1
    AuditEntry.objects.bulk_create([rows[first]])  # as if its transaction had only now come to an end
    with later(minutes=50):
        assert seals.seal() == 1
        assert AuditSeal.objects.order_by("-number")[0].ranges == [[first, first]]
    AuditEntry.objects.bulk_create([rows[second]])
    anchors.anchor()
    with later(hours=2):
        assert seals.seal() == 0
        assert records() == {f"core.auditentry:{second}"}
    assert third > second > first


def test_the_root_tells_order_and_number() -> None:
    a, b, c = (digests.leaf(n, "x") for n in (1, 2, 3))
    assert len({digests.root(each) for each in ([a], [a, b], [b, a], [a, b, c], [a, b, c, c])}) == 5


# --- anchors ----------------------------------------------------------------------------------------


def link(number: int) -> ChainEntry:
    owner = organization(f"支部{number}", "branch", None)
    return chain.append(owner.pk, f"试验.试验:{number}", {"数": number})


def test_an_anchor_is_written_when_there_is_news_and_once_a_day(settings: Any) -> None:
    add()
    seals.seal_all()
    assert anchors.anchor()
    assert not anchors.anchor()
    assert anchors.anchor(daily=True)
    link(1)
    assert anchors.anchor()
    made = list(anchors.lines(settings.ANCHOR_FILE))
    assert [line["line"] for line in made] == [1, 2, 3]
    assert [len(line["links"]) for line in made] == [0, 0, 1]
    assert settings.ANCHOR_FILE.stat().st_mode & 0o777 == 0o600
    assert not list(against_anchors.anchored())


def test_many_links_take_several_lines(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(anchors, "AT_MOST", 2)
    for number in range(5):
        link(number)
    anchors.anchor()
    assert [len(line["links"]) for line in anchors.lines(settings.ANCHOR_FILE)] == [2, 2, 1]
    assert not list(against_anchors.anchored())


def test_a_torn_line_is_passed_over(settings: Any) -> None:
    anchors.anchor(daily=True)
    with settings.ANCHOR_FILE.open("a") as file:
        file.write('{"line": 2, "at"')
    anchors.anchor(daily=True)
    assert [line["line"] for line in anchors.lines(settings.ANCHOR_FILE)] == [1, 2]
    assert not list(against_anchors.anchored())


def three_anchors() -> None:
    for _ in range(3):
        add()
        seals.seal_all()
        anchors.anchor()


def rewrite(path: Path, change: Any) -> None:
    lines = path.read_text().splitlines(keepends=True)
    change(lines)
    path.write_text("".join(lines))


def edit_second(lines: list[str]) -> None:
    lines[1] = lines[1].replace('"line":2', '"line": 2').replace('"chains":0', '"chains":1')


FILE_TAMPERINGS: dict[str, tuple[Any, str]] = {
    "edited": (edit_second, "anchor:2"),
    "a line taken out": (lambda lines: lines.pop(1), "anchor:3"),
    "end cut off": (lambda lines: lines.pop(), "anchor:2"),
    "emptied": (lambda lines: lines.clear(), "anchor:0"),
}


@pytest.mark.parametrize("name", FILE_TAMPERINGS)
def test_a_file_that_was_changed_is_named(settings: Any, name: str) -> None:
    change, expected = FILE_TAMPERINGS[name]
    three_anchors()
    assert not records()
    rewrite(settings.ANCHOR_FILE, change)
    with later(hours=2):
        assert expected in records()


def test_the_copy_shows_what_was_cut_from_the_file(settings: Any, tmp_path: Path) -> None:
    anchors.anchor(daily=True)  # the copy begins later than the file
    settings.ANCHOR_COPY = tmp_path / "worm" / "anchors.jsonl"
    three_anchors()
    assert not records()
    assert len(list(anchors.lines(settings.ANCHOR_COPY))) == 3
    rewrite(settings.ANCHOR_FILE, lambda lines: lines.pop())
    assert records() == {"anchor:4"}


def test_a_copy_that_cannot_be_written_stops_nothing(settings: Any, tmp_path: Path, caplog: Any) -> None:
    settings.ANCHOR_COPY = tmp_path  # a folder
    three_anchors()
    assert "cannot be written" in caplog.text
    assert len(list(anchors.lines(settings.ANCHOR_FILE))) == 3


def test_a_chain_that_is_gone_is_named() -> None:
    entry = link(1)
    anchors.anchor()
    with unguarded():
        ChainEntry.objects.filter(pk=entry.pk).delete()
    (fault,) = against_anchors.anchored()
    assert fault.record == entry.subject
    assert "整条存证链都不存在" in fault.reason


# --- the command, the export, the verifier of its own -------------------------------------------------


def alone(*words: object, code: int = 0) -> str:
    command = [sys.executable, "-I", "-S", str(ALONE), *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stderr
    return done.stdout + done.stderr


@pytest.fixture
def export(settings: Any, tmp_path: Path) -> Path:
    link(1)
    three_anchors()
    add(2)  # not sealed yet
    assert exports.write(tmp_path / "export.jsonl") > 6
    return tmp_path / "export.jsonl"


@pytest.mark.parametrize("words", [(), ("--pure",)])
def test_the_verifier_needs_neither_portal_nor_openssl(
    export: Path, settings: Any, words: tuple[str]
) -> None:
    said = alone(export, settings.ANCHOR_FILE, *words)
    sealed = AuditSeal.objects.count()
    assert f"完整：1 环、{AuditEntry.objects.count()} 条操作记录、{sealed} 批、6 行锚点" in said


def broken(kind: str, change: Any) -> Any:
    def act(path: Path) -> None:
        rows = [json.loads(line) for line in path.read_text().splitlines()]
        change(rows, next(row for row in rows if row["kind"] == kind))
        path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))

    return act


EXPORT_TAMPERINGS: dict[str, tuple[Any, str]] = {
    "link": (broken("link", lambda rows, row: row.update(content_digest="0" * 64)), "第 1 环"),
    "link gone": (broken("link", lambda rows, row: rows.remove(row)), "第 1 环"),
    "entry": (broken("entry", lambda rows, row: row["content"].__setitem__(10, "改")), "操作记录"),
    "entry gone": (broken("entry", lambda rows, row: rows.remove(row)), "导出中没有"),
    "digest": (broken("entry", lambda rows, row: row.update(digest="0" * 64)), "默克尔根不符"),
    "seal": (broken("seal", lambda rows, row: row.update(root="0" * 64)), "封存批次 1"),
    "seal gone": (broken("seal", lambda rows, row: rows.remove(row)), "与上一批不相接"),
    "anchor": (broken("anchor", lambda rows, row: row["anchor"].update(at="2026")), "锚点被改动"),
}


@pytest.mark.parametrize("name", EXPORT_TAMPERINGS)
def test_the_verifier_names_what_was_changed(export: Path, name: str) -> None:
    act, expected = EXPORT_TAMPERINGS[name]
    act(export)
    assert expected in alone(export, code=1)


def test_both_ways_of_sm3_agree() -> None:
    """The vector of GB/T 32905-2016, and lengths around each edge of a block."""
    spec = importlib.util.spec_from_file_location("alone", ALONE)
    assert spec
    assert spec.loader
    module: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    vector = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert module.pure_sm3(b"abc").hex() == module.openssl_sm3(b"abc").hex() == vector
    random = Random(1)
    for length in (*range(130), 1000):
        data = random.randbytes(length)
        assert module.pure_sm3(data) == hashlib.new("sm3", data).digest()
    leaves = [random.randbytes(32) for _ in range(7)]
    assert module.root(leaves) == digests.root(leaves)


def test_the_command_exports_and_names_the_first(tmp_path: Path, capsys: Any) -> None:
    (number,) = add()
    seals.seal_all()
    call_command("verify_chain", export=tmp_path / "export.jsonl")
    assert "存证完整" in capsys.readouterr().out
    assert (tmp_path / "export.jsonl").stat().st_mode & 0o777 == 0o600
    with unguarded():
        AuditEntry.objects.filter(pk=number).update(actor="冒名")
    with pytest.raises(CommandError, match="1 处不符"):
        call_command("verify_chain")
    assert f"core.auditentry:{number}：内容与摘要不符" in capsys.readouterr().err
    with pytest.raises(CommandError, match="不能写入"):
        call_command("verify_chain", export=tmp_path / "nowhere" / "export.jsonl")


def test_verifying_asks_as_much_for_many_as_for_few(django_assert_max_num_queries: Any) -> None:
    add(300)
    seals.seal_all()
    with django_assert_max_num_queries(16):
        assert not verify.everything().faults
    assert connection.vendor in verify.TRIGGERS
