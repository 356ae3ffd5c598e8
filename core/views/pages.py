"""Pages of long lists: counted up to a cap, walked forward by key instead of by number of rows to skip."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.paginator import EmptyPage, Page, PageNotAnInteger, Paginator
from django.db.models import Q, QuerySet
from django.utils.functional import cached_property

if TYPE_CHECKING:
    BasePage = Page[Any]
    BasePaginator = Paginator[Any]
else:  # Django's classes take no parameters when they run
    BasePage, BasePaginator = Page, Paginator

CAP = 1000
"""Rows that a list counts; beyond it says ``1,000+``, because counting would cost more than reading."""
FURTHEST = 1_000_000
"""No list has so many pages."""
SEPARATOR = ","


class ListPage(BasePage):
    """One page; ``after`` is the key behind which the next one begins, where the list is long."""

    after: str = ""
    more: bool = False

    def has_next(self) -> bool:
        """Whether there is a next page: known from the count, or from one row read ahead."""
        return self.more if self.paginator.capped else super().has_next()  # type: ignore[attr-defined]  # ours


class CappedPaginator(BasePaginator):
    """A paginator that counts no further than ``cap`` and still reaches every row."""

    cap = CAP

    @cached_property
    def _counted(self) -> int:
        rows = self.object_list
        if isinstance(rows, QuerySet):
            return int(rows.order_by()[: self.cap + 1].count())
        return len(rows)

    @property
    def capped(self) -> bool:
        """Whether there are more rows than were counted."""
        return self._counted > self.cap

    @cached_property
    def count(self) -> int:
        """How many rows, at most ``cap``."""
        return min(self._counted, self.cap)

    @property
    def words(self) -> str:
        """The count for the page: ``312`` or ``1,000+``."""
        return f"{self.count:,}+" if self.capped else f"{self.count:,}"

    def validate_number(self, number: Any) -> int:
        """Beyond what was counted any page may be asked for."""
        try:
            return super().validate_number(number)
        except EmptyPage:
            if self.capped and 0 < int(number) < FURTHEST:
                return int(number)
            raise

    def get_page(self, number: Any) -> ListPage:
        """The page ``number``, else the first, or the last that was counted."""
        try:
            return self.page(self.validate_number(number))
        except PageNotAnInteger:
            return self.page(1)
        except EmptyPage:
            return self.page(self.num_pages)

    def page(self, number: Any) -> ListPage:
        """The page ``number``; EmptyPage where the list is over."""
        place = self.validate_number(number)
        return self._cut(self.object_list, (place - 1) * self.per_page, place)

    def following(self, rows: QuerySet[Any], number: int) -> ListPage:
        """The page called ``number`` that begins with the first of ``rows``."""
        return self._cut(rows, 0, number)

    def _cut(self, rows: Any, start: int, number: int) -> ListPage:
        found = rows[start : start + self.per_page + self.capped]
        if not self.capped:
            return ListPage(found, number, self)
        found = list(found)
        if not found:
            raise EmptyPage("no rows")
        page = ListPage(found[: self.per_page], number, self)
        page.more = len(found) > self.per_page
        return page


def key_of(row: Any, order: Sequence[str]) -> str:
    """Where ``row`` stands in ``order``, as text for the address; empty when that cannot be said."""
    values = []
    for name in order:
        value = row
        for part in name.removeprefix("-").split("__"):
            value = getattr(value, part, None)
        values.append(value.isoformat() if isinstance(value, date) else value)
    words = ["" if value is None else str(value) for value in values]
    return SEPARATOR.join(words) if all(w and SEPARATOR not in w for w in words) else ""


def behind(rows: QuerySet[Any], order: Sequence[str], key: str) -> QuerySet[Any] | None:
    """The rows that come after ``key`` in ``order``; None for a key that says nothing."""
    values = key.split(SEPARATOR)
    if len(values) != len(order):
        return None
    later, same = Q(), Q()
    try:
        for name, value in zip(order, values, strict=True):
            field, way = name.removeprefix("-"), "lt" if name.startswith("-") else "gt"
            later |= same & Q(**{f"{field}__{way}": value})
            same &= Q(**{field: value})
        first, way = order[0].removeprefix("-"), "lte" if order[0].startswith("-") else "gte"
        return rows.filter(later, **{f"{first}__{way}": values[0]})  # the index is found by the first
    except (ValueError, TypeError, ValidationError):
        return None
