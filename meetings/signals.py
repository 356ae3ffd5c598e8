"""News of this room, sent inside the transaction."""

from django.dispatch import Signal

changed = Signal()
"""Sent with ``verb`` (filed, replaced, voided, resolution_closed), ``subject`` (Meeting),
``organization`` and ``on`` (the day of the meeting). ``replaced`` tells of the older version, just
before ``filed`` tells of the one that corrects it. A receiver may raise ActionError: then nothing is
written."""
