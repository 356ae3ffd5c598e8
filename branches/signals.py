"""News of this room, sent inside the transaction."""

from django.dispatch import Signal

changed = Signal()
"""Sent with ``verb`` (found, rename, move, dissolve, start_term, appoint, end_appointment,
set_local_value), ``subject`` (the row written), ``organization`` and ``on`` (the day it holds from).
A receiver may raise ActionError: then nothing is written."""
