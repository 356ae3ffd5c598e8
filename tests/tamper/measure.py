"""How long verifying takes: entries by the portal's own insert, records by copying one that was filed."""

from __future__ import annotations
