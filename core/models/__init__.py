"""The ground's tables; none of them knows a word of the domain."""

from core.models.calendar import CalendarDay
from core.models.evidence import AuditSeal, ChainEntry
from core.models.files import Attachment, Document, ImportBatch, ImportRow, StoredFile
from core.models.forms import FormToken
from core.models.jobs import Heartbeat, Job
from core.models.records import AuditEntry, DirtyMonth, Notice, Sequence
from core.models.rollups import MonthFigures

__all__ = [
    "Attachment",
    "AuditEntry",
    "AuditSeal",
    "CalendarDay",
    "ChainEntry",
    "DirtyMonth",
    "Document",
    "FormToken",
    "Heartbeat",
    "ImportBatch",
    "ImportRow",
    "Job",
    "MonthFigures",
    "Notice",
    "Sequence",
    "StoredFile",
]
