"""Where organisations stand today, for the figures by month (``core.rollups``)."""

from __future__ import annotations

from collections.abc import Collection

from branches.models import Organization
from branches.querysets import STEP
from core.rollups import Place


def places(ids: Collection[int]) -> dict[int, Place]:
    """The places of ``ids`` and of everybody above them, in two queries."""
    known = _places(ids)
    above = {
        int(place.path[i : i + STEP]) for place in known.values() for i in range(0, len(place.path), STEP)
    }
    return known | _places(above - known.keys())


def _places(ids: Collection[int]) -> dict[int, Place]:
    rows = Organization.objects.filter(pk__in=ids).order_by().values_list("pk", "parent", "path")
    return {pk: Place(parent, path) for pk, parent, path in rows}
