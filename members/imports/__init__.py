"""Reading a roster workbook: head, values, checks, comparison with the register. Writes nothing."""

from members.imports.examine import Report, examine
from members.imports.headings import Head, find_head
from members.imports.lines import Line, find_lines
from members.imports.parse import Entry
from members.imports.values import Issue

__all__ = ["Entry", "Head", "Issue", "Line", "Report", "examine", "find_head", "find_lines"]
