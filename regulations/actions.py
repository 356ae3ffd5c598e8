"""The only writers of the law: loading what ships, and changing a value with a reason."""

from __future__ import annotations

import secrets
from dataclasses import asdict
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

from django.db import transaction

from core import audit, clock
from core.decisions import ActionError, require
from regulations import permissions, queries
from regulations.data import shipment
from regulations.models import Clause, Edition, Parameter, Regulation

if TYPE_CHECKING:
    from core.actor import Actor


@transaction.atomic
def load_shipped(by: Actor) -> bool:
    """Bring the rows up to what ships; values edited by the security administrator stay.

    Idempotent and quick: nothing happens when the shipped data has not changed since. Answers
    whether anything was loaded.
    """
    require(permissions.can_load_shipped(by))
    edition = Edition.objects.select_for_update().filter(pk=Edition.ONLY).first()
    digest = shipment().digest
    if edition is not None and edition.digest == digest:
        return False
    _load_regulations()
    _load_clauses()
    _load_parameters()
    new = _new_edition(digest)
    audit.record(by, permissions.LOADING, new, after={"摘要": digest})
    return True


def _load_regulations() -> None:
    fields = ["title", "version", "issued", "since", "until", "note"]
    Regulation.objects.bulk_create(
        [Regulation(**asdict(row)) for row in shipment().regulations],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=fields,
    )


def _load_clauses() -> None:
    fields = ["citation", "text", "severity", "confidence", "since", "until"]
    regulations = {row.code: row for row in Regulation.objects.all()}
    Clause.objects.bulk_create(
        [
            Clause(
                regulation=regulations[clause.regulation],
                rule=clause.cited.rule,
                position=clause.position,
                use=clause.use,
                **{name: getattr(clause.cited, name) for name in fields},
            )
            for clause in shipment().clauses
        ],
        update_conflicts=True,
        unique_fields=["regulation", "rule"],
        update_fields=["position", "use", *fields],
    )


def _load_parameters() -> None:
    """The first value of each parameter; values that begin later are edits and stay."""
    clauses = {(c.regulation.code, c.rule): c for c in Clause.objects.select_related("regulation")}
    firsts = {(p.clause_id, p.name): p for p in Parameter.objects.filter(since=None)}
    fields = ["position", "label", "value", "unit", "comparator"]
    for shipped in shipment().clauses:
        clause = clauses[shipped.regulation, shipped.cited.rule]
        for position, (name, value) in enumerate(shipped.cited.values.items()):
            key = (clause.pk, name)
            row = firsts.setdefault(key, Parameter(clause=clause, name=name))
            row.position, row.label, row.value = position, value.label, value.value
            row.unit, row.comparator = value.unit, value.comparator
    rows = list(firsts.values())
    Parameter.objects.bulk_create([row for row in rows if row.pk is None])
    Parameter.objects.bulk_update([row for row in rows if row.pk is not None], fields)


@transaction.atomic
def change_parameter(
    by: Actor, *, parameter: Parameter, value: object, reason: str, since: date
) -> Parameter:
    """Give ``parameter`` the ``value`` from ``since`` on; earlier days keep the earlier value.

    ``value`` must be of the same form as the present one. Raises ``ActionError`` with a sentence
    for a wrong form, a missing reason, or a day outside the clause's force.
    """
    row = Parameter.objects.select_for_update().select_related("clause").get(pk=parameter.pk)
    require(permissions.can_change_parameter(by, row))
    if not reason.strip():
        raise ActionError("请填写修改原因。", field="reason")
    if not same_form(value, row.value):
        raise ActionError("新值的形式与原值不同，请按原值的写法填写。", field="value")
    if not _in_force(row.clause, since):
        raise ActionError("该条款在所填日期没有生效，请改为生效期内的日期。", field="since")
    changed = _write(row, by, value, reason, since)
    _new_edition()
    audit.record(
        by,
        "修改参数",
        changed,
        before={"值": row.value},
        after={"值": value, "自": since},
        reason=reason,
    )
    return changed


def _write(row: Parameter, by: Actor, value: object, reason: str, since: date) -> Parameter:
    """The row that begins on ``since``, new or rewritten, with the new value."""
    line = Parameter.objects.filter(clause=row.clause, name=row.name)
    changed = line.filter(since=since).first() or _begin(row, since)
    changed.value, changed.reason, changed.edited = value, reason, True
    changed.changed_by, changed.changed_at = by.user, clock.now()
    changed.save()
    return changed


def _begin(row: Parameter, since: date) -> Parameter:
    """A row from ``since`` to the next change; the value in force before it ends the day before."""
    line = Parameter.objects.filter(clause=row.clause, name=row.name)
    earlier = line.filter(since__lt=since).order_by("since").last() or line.get(since=None)
    later = line.filter(since__gt=since).order_by("since").first()
    earlier.until = since - timedelta(days=1)
    earlier.save(update_fields=["until"])
    return Parameter(
        clause=row.clause,
        name=row.name,
        position=row.position,
        label=row.label,
        unit=row.unit,
        comparator=row.comparator,
        since=since,
        until=later.since - timedelta(days=1) if later and later.since else None,
    )


def same_form(new: object, old: object) -> bool:
    """Whether two values have one form: whole number, number as text, word, list of either."""
    if isinstance(old, list):
        like = old[0]
        match = _is_band if isinstance(like, list) else _is_word
        return isinstance(new, list) and bool(new) and all(match(one) for one in new)
    if isinstance(old, int):
        return isinstance(new, int) and not isinstance(new, bool) and new >= 0
    return _is_word(new) and (not _is_number(old) or _is_number(new))


def _is_word(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_band(value: object) -> bool:
    """Whether ``value`` is an upper limit (empty for none) with a rate."""
    if not isinstance(value, list) or len(value) != 2:
        return False
    limit, rate = value
    return (limit == "" or _is_number(limit)) and _is_number(rate)


def _is_number(text: object) -> bool:
    try:
        return isinstance(text, str) and Fraction(text) >= 0
    except (ValueError, ZeroDivisionError):
        return False


def _in_force(clause: Clause, day: date) -> bool:
    return (clause.since is None or clause.since < day) and (clause.until is None or day <= clause.until)


def _new_edition(digest: str | None = None) -> Edition:
    """Give the law a new mark, so that every process reads it again."""
    values = {"mark": secrets.token_hex(16)} | ({"digest": digest} if digest is not None else {})
    edition, _ = Edition.objects.update_or_create(pk=Edition.ONLY, defaults=values)
    queries.forget()
    return edition
