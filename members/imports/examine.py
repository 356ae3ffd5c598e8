"""The whole examination of a roster: the same for the page, the command and the last look before writing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from accounts.models import Person
from accounts.queries import id_number_index
from accounts.rules import mask_id_number, mask_phone
from branches.models import Organization
from core import clock
from core.bulk import unhurried
from core.imports import read
from members.imports.compare import compare, show_moment
from members.imports.headings import Head, find_head
from members.imports.lines import find_lines
from members.imports.parse import Entry, Known, Limits, parse_line
from members.imports.places import Places, places_under
from members.imports.values import Issue
from members.models import Member
from regulations import queries as regulations

CHUNK = 500
MASKS = {"id_number": mask_id_number, "phone": mask_phone}
MASKED_FROM = 7  # shorter texts hold no number worth hiding
Progress = Callable[[int, int], None]


@dataclass(slots=True)
class Report:
    """What a roster would do: its head, one entry a line, and remarks about the head."""

    sheet: str
    head: Head
    entries: list[Entry]
    remarks: list[Issue] = field(default_factory=list)
    places: dict[int, str] = field(default_factory=dict)

    @property
    def errors(self) -> list[Issue]:
        """All errors in the order of the sheet."""
        return [issue for entry in self.entries for issue in entry.errors]

    @property
    def warnings(self) -> list[Issue]:
        """All warnings, those of the head first."""
        return [*self.remarks, *(issue for entry in self.entries for issue in entry.warnings)]

    def count(self, status: str) -> int:
        """How many lines are new, changed, same or error."""
        return sum(entry.status == status for entry in self.entries)

    def title(self, issue: Issue) -> str:
        """The heading in the file of the column that an issue is about."""
        return self.head.titles.get(issue.key, issue.key)

    def as_dict(self) -> dict[str, Any]:
        """The object of the contract ``import-roster``; personal numbers are masked."""
        counts = {status: self.count(status) for status in ("new", "changed", "same")}
        return {
            "sheet": self.sheet,
            "header_row": self.head.line,
            "rows": len(self.entries),
            **counts,
            "errors": [self._issue(issue) for issue in self.errors],
            "warnings": [self._issue(issue) for issue in self.warnings],
            "ignored_columns": self.head.ignored,
            "batch": None,
        }

    def _issue(self, issue: Issue) -> dict[str, Any]:
        found: dict[str, Any] = {"row": issue.row, "column": self.title(issue)}
        if issue.value:
            found["value"] = masked(issue.key, issue.value)
        return found | {"message": issue.message}

    def cells(self, entry: Entry) -> dict[str, str]:
        """What identifies a line in the preview: name and masked number, branch, dates."""
        facts = entry.facts
        shown = {"name": facts.get("name", ""), "id_number": mask_id_number(facts.get("id_number", ""))}
        shown["organization"] = self.places.get(facts.get("organization", 0), "")
        for key in ("joined_on", "full_on"):
            shown[key] = show_moment(facts.get(key))
        return shown

    @property
    def digest(self) -> str:
        """Changes when any line would do something else than was shown."""
        lines = [[e.line, e.status, sorted(e.changes.items())] for e in self.entries]
        return hashlib.sha256(json.dumps(lines, ensure_ascii=True).encode()).hexdigest()


def masked(key: str, value: str) -> str:
    """A value as it may be shown: numbers of a person only in part."""
    mask = MASKS.get(key)
    return mask(value) if mask and len(value) > MASKED_FROM else value


def limits() -> Limits:
    """The day and the numbers of the regulations in force on it (DP-01, DP-28, DP-29)."""
    today = clock.today()
    age = regulations.parameter("DP-01.age", today).count
    probation = regulations.parameter("DP-28.months", today).count
    extension = regulations.parameter("DP-29.most_months", today).count
    return Limits(today, age, probation + extension)


def examine(
    content: bytes, name: str, organization: Organization, progress: Progress | None = None
) -> Report:
    """Read and check a workbook for ``organization``; raises Unreadable when it is no roster."""
    sheet, head = find_head(read(content, name))
    today = limits()
    with unhurried():
        entries = [parse_line(line, today) for line in find_lines(sheet, head)]
        note_doubles(entries)
        places = settle(entries, organization, progress)
    return Report(sheet.name, head, entries, _remarks(head), places.names)


def settle(entries: list[Entry], organization: Organization, progress: Progress | None = None) -> Places:
    """Hold parsed entries against the tree and the register, in chunks."""
    places, today = places_under(organization), limits()
    for start in range(0, len(entries), CHUNK):
        chunk = entries[start : start + CHUNK]
        known = known_by_number(entry.facts.get("id_number", "") for entry in chunk)
        for entry in chunk:
            places.settle(entry)
            entry.known = known.get(entry.facts.get("id_number", ""))
            compare(entry, places, today)
        if progress:
            progress(min(start + CHUNK, len(entries)), len(entries))
    return places


def note_doubles(entries: list[Entry]) -> None:
    """A person stands once in a roster: the later line is the error."""
    seen: dict[str, int] = {}
    for entry in entries:
        number = entry.facts.get("id_number")
        if number is None:
            continue
        if number in seen:
            entry.wrong("id_number", f"与第 {seen[number]} 行重复", number)
        seen.setdefault(number, entry.line)


def known_by_number(numbers: Iterable[str]) -> dict[str, Known]:
    """Persons and members that the register holds, by identity number: two queries."""
    by_index = {id_number_index(number): number for number in numbers if number}
    persons = Person.objects.filter(id_number_index__in=by_index)
    found = {person.pk: person for person in persons}
    members = {m.person_id: m for m in Member.objects.filter(person__in=found)}
    return {
        by_index[person.id_number_index or ""]: Known(person, members.get(pk)) for pk, person in found.items()
    }


def _remarks(head: Head) -> list[Issue]:
    """What is to be said about the head itself: headings that nobody understood."""
    return [Issue(head.line, title, "表头无法识别，该列未导入") for title in head.unknown]
