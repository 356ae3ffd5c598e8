"""Which branch and group a line names: full or short name or code, inside the subtree only."""

from __future__ import annotations

from dataclasses import dataclass, field

from branches.choices import Kind
from branches.models import Organization
from members.imports.parse import Entry

AMBIGUOUS = "有多个同名支部，请写全称或编号"
UNKNOWN = "本组织之下没有这个党支部，请核对名称"


@dataclass(slots=True)
class Places:
    """Branches and groups under one organisation, found by any of their names."""

    home: Organization
    names: dict[int, str] = field(default_factory=dict)
    branches: dict[str, set[int]] = field(default_factory=dict)
    groups: dict[tuple[int, str], int] = field(default_factory=dict)

    def settle(self, entry: Entry) -> None:
        """Replace the words for branch and group by ids, or note what is wrong with them."""
        branch = self._branch(entry)
        group = entry.facts.pop("group", "")
        if branch is None:
            return
        entry.facts["organization"] = branch
        if not group:
            return
        found = self.groups.get((branch, plain(group)))
        if found is None:
            entry.doubt("group", "该支部没有这个党小组，未编组", group)
        else:
            entry.facts["group"] = found

    def _branch(self, entry: Entry) -> int | None:
        """The id of the branch named in the line; or of the organisation itself for an empty cell."""
        shown = entry.facts.pop("organization", "")
        if not shown:
            return self.home.pk if self.home.kind == Kind.BRANCH else None
        found = self.branches.get(plain(shown), set())
        if len(found) == 1:
            return next(iter(found))
        entry.wrong("organization", AMBIGUOUS if found else UNKNOWN, shown)
        return None


def plain(name: str) -> str:
    """A name without spaces, in small letters."""
    return "".join(name.split()).lower()


def places_under(home: Organization) -> Places:
    """Everything that can be named in a roster of ``home``: two queries."""
    places = Places(home)
    rows = Organization.objects.under(home.path).current()
    fields = ("pk", "kind", "parent_id", "code", "name", "short_name")
    for pk, kind, parent, code, full, short in rows.values_list(*fields):
        places.names[pk] = short
        for word in {plain(code), plain(full), plain(short)}:
            if kind == Kind.BRANCH:
                places.branches.setdefault(word, set()).add(pk)
            elif kind == Kind.GROUP and parent:
                places.groups[parent, word] = pk
    return places
