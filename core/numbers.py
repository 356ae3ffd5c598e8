"""Numbers given in a series, without gaps or doubles."""

from django.db import transaction
from django.db.models import F

from core.models import Sequence


def lock_series(name: str) -> int:
    """The next number of the series ``name`` (from 1); the row stays locked to the end of the transaction.

    Call inside a transaction: a rolled-back number is given again.
    """
    with transaction.atomic():
        Sequence.objects.get_or_create(name=name)
        Sequence.objects.filter(name=name).update(last=F("last") + 1)
        return Sequence.objects.values_list("last", flat=True).get(name=name)
