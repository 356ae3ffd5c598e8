"""Lists and pages of rows that the user may see. Outside the scope a row does not exist (404)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Generic, Protocol, TypeVar, cast

from django.core.paginator import EmptyPage, Page
from django.db.models import Model, QuerySet
from django.shortcuts import get_object_or_404

from core import exports
from core.decisions import Allowed, Decision, require
from core.forms import word
from core.views.base import Page as PortalPage
from core.views.base import SignedIn
from core.views.pages import CappedPaginator, ListPage, behind, key_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase
    from django_filters import FilterSet

    from accounts.models import User

M = TypeVar("M", bound=Model)
M_co = TypeVar("M_co", bound=Model, covariant=True)

PAGE_SIZE = 30
MAX_PAGE_SIZE = 200


class Sighted(Protocol[M_co]):
    """A manager whose queryset knows ``visible_to``."""

    def visible_to(self, user: User) -> QuerySet[Any]:
        """The rows ``user`` may see today."""


class ScopedMixin(SignedIn, Generic[M]):
    """Everything starts from ``scoped()``: the rows of ``model`` that the user may see."""

    model: type[M]

    def scoped(self) -> QuerySet[M]:
        """Rows of ``model`` in the user's sight."""
        manager = cast("Sighted[M]", self.model._default_manager)
        return manager.visible_to(self.request.user)

    def get_queryset(self) -> QuerySet[M]:
        """What the page reads; override to add annotations and joins, starting with super()."""
        return self.scoped()


class ScopedObjectMixin(ScopedMixin[M]):
    """A page about one row: ``self.object`` by ``pk`` of the URL (or ``lookup``), else 404."""

    lookup: ClassVar[str] = "pk"
    object: M

    def get_object(self) -> M:
        """The row named in the URL, in the user's sight; 404 otherwise, also for absurd numbers."""
        return get_object_or_404(self.get_queryset(), **{self.lookup: self.kwargs[self.lookup]})

    def prepare(self) -> None:
        """Fetch the row before anybody is asked for permission."""
        self.object = self.get_object()


class ScopedDetailView(ScopedObjectMixin[M], PortalPage):
    """Shows one row: context ``object``, and under ``context_object_name`` if that is set."""

    context_object_name: ClassVar[str] = ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The row under its two names."""
        context = super().get_context_data(object=self.object, **kwargs)
        if self.context_object_name:
            context[self.context_object_name] = self.object
        return context

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Render the page."""
        return self.render_to_response(self.get_context_data())


class ScopedListView(ScopedMixin[M], PortalPage):
    """A list: filter, sort, pages, columns to choose, an Excel file of exactly what is filtered.

    ``filterset_class`` django-filter set; ``sorts`` maps the words allowed in ``?sort=`` to fields
    (``?sort=-word`` reverses); ``ordering`` is the order without it; ``optional_columns`` maps
    keys to headings that ``?cols=`` may switch on, ``default_columns`` those shown without it;
    ``export_columns`` and ``export_name`` make ``?export=xlsx`` work.
    """

    filterset_class: type[FilterSet] | None = None
    sorts: ClassVar[Mapping[str, Sequence[str]]] = {}
    ordering: ClassVar[Sequence[str]] = ("-pk",)
    page_size: ClassVar[int] = PAGE_SIZE
    optional_columns: ClassVar[Mapping[str, str]] = {}
    default_columns: ClassVar[Sequence[str]] = ()
    export_columns: Sequence[exports.Column[M]] = ()
    export_name: ClassVar[str] = "清单"

    def decide_export(self) -> Decision:
        """Whether the user may take the list away as a file."""
        return Allowed()

    def get_filterset(self) -> FilterSet | None:
        """The filter bound to the query string, over the scope."""
        if self.filterset_class is None:
            return None
        filterset = self.filterset_class(
            data=self.request.GET, queryset=self.get_queryset(), request=self.request
        )
        word(filterset.form)
        return filterset

    def get_rows(self, filterset: FilterSet | None) -> QuerySet[M]:
        """The filtered rows in order; a filter that is filled in wrongly finds nothing."""
        if filterset is None:
            rows = self.get_queryset()
        elif filterset.is_valid():
            rows = cast("QuerySet[M]", filterset.qs)
        else:
            rows = self.model._default_manager.none()
        return rows.order_by(*self.get_order())

    def get_order(self) -> list[str]:
        """Fields to order by: the sort asked for if it is a known one; the key decides ties."""
        word = self.request.GET.get("sort", "")
        fields = list(self.sorts.get(word.removeprefix("-"), ()))
        if not fields:
            fields = list(self.ordering)
        elif word.startswith("-"):
            fields = [reverse(field) for field in fields]
        return fields if {"pk", "-pk"} & set(fields) else [*fields, "pk"]

    def get_page(self, rows: QuerySet[M]) -> Page[M]:
        """The page asked for by ``page``, ``page_size``; nonsense gives the first or last one.

        A long list is walked by ``after``, the key of the row before the page, so that the
        thousandth page costs what the first one costs.
        """
        asked = self.request.GET.get("page_size", "")
        size = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 0
        paginator = CappedPaginator(rows, min(size, MAX_PAGE_SIZE) or self.page_size)
        page = self._following(paginator, rows) or paginator.get_page(self.request.GET.get("page", "1"))
        if paginator.capped:
            page.after = key_of(list(page.object_list)[-1], self.get_order())
        return page

    def _following(self, paginator: CappedPaginator, rows: QuerySet[M]) -> ListPage | None:
        """The page behind the key ``after``; None where the page is asked for by its number alone."""
        key, number = self.request.GET.get("after", ""), self.request.GET.get("page", "")
        if not (key and number.isascii() and number.isdigit() and len(number) < 7 and paginator.capped):
            return None
        later = behind(rows, self.get_order(), key)
        try:
            return paginator.following(later, int(number)) if later is not None else None
        except EmptyPage:
            return None

    def get_shown(self) -> list[str]:
        """Keys of the optional columns to show, in their own order."""
        asked = self.request.GET.getlist("cols")
        wanted = set(asked) if asked else set(self.default_columns)
        return [key for key in self.optional_columns if key in wanted]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """``rows`` (this page), ``page_obj``, ``filter``, ``shown``, ``can_export``: a Decision."""
        filterset = self.get_filterset()
        page = self.get_page(self.get_rows(filterset))
        return super().get_context_data(
            rows=page.object_list,
            page_obj=page,
            filter=filterset,
            shown=self.get_shown(),
            optional_columns=self.optional_columns,
            can_export=self.decide_export() if self.export_columns else None,
            **kwargs,
        )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The page, or the workbook for ``?export=xlsx``."""
        if self.export_columns and request.GET.get("export") == "xlsx":
            return self.export()
        return self.render_to_response(self.get_context_data())

    def export(self) -> HttpResponseBase:
        """The filtered rows as .xlsx; recorded in the audit trail."""
        require(self.decide_export())
        rows = self.get_rows(self.get_filterset())
        return exports.download(rows, self.export_columns, name=self.export_name, by=self.request.actor)


def reverse(field: str) -> str:
    """The same field in the opposite order."""
    return field[1:] if field.startswith("-") else f"-{field}"
