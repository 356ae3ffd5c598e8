"""Pages of API lists; a module of its own, because DRF imports it while it builds its own views."""

from typing import Any

from rest_framework.pagination import PageNumberPagination
from rest_framework.response import Response

from core.views.pages import CappedPaginator


class Counted(CappedPaginator):
    """Programs may want the number: it is exact further than on a page."""

    cap = 10_000


class Pages(PageNumberPagination):
    """``count``, ``next``, ``previous``, ``results``; ``page_size`` up to 200.

    ``count`` is exact to 10,000; above that it stays there and ``count_exact`` is false, while
    ``next`` still leads to every row.
    """

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200
    django_paginator_class = Counted

    def get_paginated_response(self, data: Any) -> Response:
        """The page with ``count_exact``."""
        answer = super().get_paginated_response(data)
        answer.data["count_exact"] = not self.page.paginator.capped  # type: ignore[union-attr]  # just read
        return answer

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The schema with ``count_exact``."""
        described = super().get_paginated_response_schema(schema)
        described["properties"]["count_exact"] = {"type": "boolean", "example": True}
        return described
