"""What the log leaves out."""

from __future__ import annotations

import logging

UNAVAILABLE = 503


class NotRepeated(logging.Filter):
    """Leaves out Django's ERROR for a 503: the portal answers one on purpose, and says why itself.

    "Not ready yet" after a start is no error, and an outage is logged once, without a stack trace.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the line is kept."""
        return getattr(record, "status_code", None) != UNAVAILABLE
