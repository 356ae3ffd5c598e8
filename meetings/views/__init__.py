"""Pages of meetings."""

from meetings.views.draft import AutosaveView, FindingsView, RollPartView, StartView
from meetings.views.files import AttachmentView, AttachView, DetachView, MinutesView
from meetings.views.log import EditView, LogView
from meetings.views.read import CheckView, MeetingListView, MeetingView, SignInSheetView
from meetings.views.steps import (
    CorrectView,
    DiscardView,
    ExplainView,
    FileView,
    OutcomeView,
    ReturnView,
    SubmitView,
    VoidView,
)

__all__ = [
    "AttachView",
    "AttachmentView",
    "AutosaveView",
    "CheckView",
    "CorrectView",
    "DetachView",
    "DiscardView",
    "EditView",
    "ExplainView",
    "FileView",
    "FindingsView",
    "LogView",
    "MeetingListView",
    "MeetingView",
    "MinutesView",
    "OutcomeView",
    "ReturnView",
    "RollPartView",
    "SignInSheetView",
    "StartView",
    "SubmitView",
    "VoidView",
]
