"""Numbers given in a series, without gaps or doubles."""

from django.db import transaction
from django.db.models import F

from core.models import Sequence


def lock_series(name: str) -> int:
    """The next number of the series ``name`` (from 1); the row stays locked to the end of the transaction.

    Call inside a transaction: a rolled-back number is given again.
    """
    with transaction.atomic(savepoint=False):
        series = Sequence.objects.filter(name=name)
        if not series.update(last=F("last") + 1):
            Sequence.objects.get_or_create(name=name)
            series.update(last=F("last") + 1)
        return series.values_list("last", flat=True).get()
