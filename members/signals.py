"""News of this room, sent inside the transaction."""

from django.dispatch import Signal

changed = Signal()
"""Sent with ``verb`` (register, update, stage, transfer, group, suspend, restore, exempt,
consent, recount, deactivate, import,
undo_import), ``subject`` (Member, or ImportBatch for the last two), ``organization`` and ``on``."""
