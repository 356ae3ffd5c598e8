"""The command ``check_rules``: its output, its days, its refusals, its batch."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from core.actor import Actor
from regulations import actions
from regulations.models import Parameter
from tests.regulations.test_law import administrator

ROOT = Path(__file__).parents[2]
LATE = {"kind": "theme_day", "held_on": "2026-10-12", "recorded_on": "2026-10-16"}
ADMITTED = {
    "kind": "members_meeting",
    "voting_due": 40,
    "voting_present": 20,
    "agenda": [{"topic": "admit", "candidates": 1, "secret": True, "for": 30, "written_for": 0}],
}


def check(folder: Path, record: object, *, kind: str = "meeting", **options: Any) -> dict[str, Any]:
    """The result for one record."""
    file, out = folder / "record.json", StringIO()
    file.write_text(record if isinstance(record, str) else json.dumps(record), "utf-8")
    call_command("check_rules", kind, str(file), stdout=out, **{"shipped": True, **options})
    (line,) = out.getvalue().splitlines()
    return dict(json.loads(line))


def test_the_form_of_the_output(tmp_path: Path) -> None:
    """Findings with rule, level, message and clause; facts; where the parameters come from."""
    result = check(tmp_path, LATE, on="2026-11-01")
    late = [found for found in result["findings"] if found["rule"] == "CK-02"]
    assert [sorted(found) for found in late] == [["clause", "level", "message", "rule"]]
    assert late[0]["level"] == "warning"
    assert result["facts"]["days_to_record"] == 4
    assert result["parameters"] == "shipped"


def test_the_day_decides_the_version(tmp_path: Path) -> None:
    """``--on`` picks 2014 or 2026."""
    clauses = {
        on: [
            found["clause"]
            for found in check(tmp_path, ADMITTED, on=on)["findings"]
            if found["rule"] == "DP-18"
        ]
        for on in ("2026-05-17", "2026-05-18")
    }
    assert clauses == {
        "2026-05-17": ["《中国共产党发展党员工作细则》（2014 年版）第二十条"],
        "2026-05-18": ["《中国共产党发展党员工作细则》（2026 年修订）第十九条"],
    }


@pytest.mark.parametrize(
    "record",
    [
        "",
        "[]",
        "{",
        '{"voting_due": NaN}',
        '{"voting_due": 1, "voting_due": 2}',
        '{"held": "2026-10-12"}',
        '{"held_on": "2026-02-30"}',
        "[" * 100_000,
        '{"voting_due": ' + "9" * 5000 + "}",
    ],
    ids=lambda record: record[:30],
)
def test_another_form_ends_with_2(tmp_path: Path, record: str) -> None:
    """One line, exit 2."""
    with pytest.raises(CommandError) as error:
        check(tmp_path, record)
    assert error.value.returncode == 2
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    "arguments",
    [
        ["meeting"],
        ["picnic", "record.json"],
        ["meeting", "nowhere.json"],
        ["meeting", "record.json", "--on", "2026-02-30"],
        ["meeting", "record.json", "--on", "tomorrow"],
        ["--batch", "nowhere.jsonl"],
        [],
    ],
)
def test_wrong_arguments_end_with_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    """A missing file, an unknown kind, an impossible day."""
    monkeypatch.chdir(tmp_path)
    Path("record.json").write_text("{}", "utf-8")
    with pytest.raises(CommandError) as error:
        call_command("check_rules", *arguments, "--shipped")
    assert error.value.returncode == 2


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    """Bytes that are not UTF-8; a mark at the beginning is no fault."""
    file = tmp_path / "record.json"
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CommandError):
        call_command("check_rules", "meeting", str(file), "--shipped")
    file.write_bytes(b"\xef\xbb\xbf{}")
    call_command("check_rules", "meeting", str(file), "--shipped", stdout=StringIO())


def test_a_bad_line_keeps_its_place(tmp_path: Path) -> None:
    """The rest of the batch runs; each line has its own day."""
    lines = [
        json.dumps({"kind": "meeting", "on": "2026-11-01", "record": LATE}),
        "nonsense",
        "",
        json.dumps({"kind": "picnic", "record": {}}),
        json.dumps({"kind": "meeting", "record": {"a": 1}}),
        json.dumps({"kind": "meeting", "on": "2026-02-30", "record": {}}),
        json.dumps({"kind": "meeting", "day": "2026-02-03", "record": {}}),
        json.dumps({"kind": ["meeting"], "record": {}}),
        json.dumps(["meeting", {}]),
        json.dumps({"kind": "organization", "record": {"kind": "branch", "full_members": 2}}),
    ]
    file, out = tmp_path / "batch.jsonl", StringIO()
    file.write_text("\n".join(lines) + "\n", "utf-8")
    call_command("check_rules", batch=str(file), shipped=True, stdout=out)
    results = [json.loads(line) for line in out.getvalue().splitlines()]
    assert len(results) == len(lines)
    assert [n for n, result in enumerate(results) if "error" not in result] == [0, 9]
    assert {found["rule"] for found in results[9]["findings"]} >= {"BR-01"}


def test_an_empty_batch_says_nothing(tmp_path: Path) -> None:
    """No line, no result."""
    file, out = tmp_path / "batch.jsonl", StringIO()
    file.write_text("", "utf-8")
    call_command("check_rules", batch=str(file), shipped=True, stdout=out)
    assert out.getvalue() == ""


@pytest.mark.django_db
@pytest.mark.both
def test_values_of_the_database_count(tmp_path: Path) -> None:
    """A value changed by the security administrator decides; ``--shipped`` forces the file."""
    change(administrator())
    result = check(tmp_path, LATE, on="2026-11-01", shipped=False)
    assert result["parameters"] == "database"
    assert "CK-02" not in {found["rule"] for found in result["findings"]}
    result = check(tmp_path, LATE, on="2026-11-01")
    assert "CK-02" in {found["rule"] for found in result["findings"]}


def change(by: Actor) -> None:
    """Allow ten days for the record."""
    from datetime import date

    row = Parameter.objects.get(clause__rule="CK-02", since=None)
    actions.change_parameter(by, parameter=row, value=10, reason="试行", since=date(2026, 1, 1))


def test_it_works_before_the_database_exists(tmp_path: Path) -> None:
    """A fresh folder: values as shipped, and no database file left behind."""
    record = tmp_path / "record.json"
    record.write_text(json.dumps(LATE), "utf-8")
    environment = {**os.environ, "DATA_DIR": str(tmp_path / "data")}
    environment.pop("DATABASE_URL", None)
    command = [sys.executable, "manage.py", "check_rules", "meeting", str(record)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True)
    assert json.loads(done.stdout)["parameters"] == "shipped"
    assert list((tmp_path / "data").glob("*.sqlite3")) == []


def test_exit_code_and_stream_of_a_refusal(tmp_path: Path) -> None:
    """Exit 2 and exactly one line on standard error."""
    record = tmp_path / "record.json"
    record.write_text('{"x": 1}', "utf-8")
    environment = {**os.environ, "DATA_DIR": str(tmp_path / "data")}
    command = [sys.executable, "manage.py", "check_rules", "meeting", str(record), "--shipped"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False)
    assert done.returncode == 2
    assert done.stdout == b""
    assert len(done.stderr.decode().splitlines()) == 1
