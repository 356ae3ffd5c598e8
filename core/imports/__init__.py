"""Workbooks from outside: guarded before they are opened, read in a limited process of their own."""

from core.imports.guard import MAX_BYTES, Unreadable, guard
from core.imports.reader import Cell, Sheet, read

__all__ = ["MAX_BYTES", "Cell", "Sheet", "Unreadable", "guard", "read"]
