"""The forms of a meeting and of its steps."""

from meetings.forms.agenda import ItemForm, ItemForms, ItemFormSet
from meetings.forms.basics import MeetingForm, meeting_content
from meetings.forms.differences import Difference, differences
from meetings.forms.steps import ExplanationForm, OutcomeForm, ReasonForm, UploadForm

__all__ = [
    "Difference",
    "ExplanationForm",
    "ItemForm",
    "ItemFormSet",
    "ItemForms",
    "MeetingForm",
    "OutcomeForm",
    "ReasonForm",
    "UploadForm",
    "differences",
    "meeting_content",
]
