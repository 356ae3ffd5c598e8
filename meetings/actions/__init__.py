"""Everything that writes a meeting: one verb, one function, each one transaction.

Every function takes ``by: Actor`` first and raises ``NotAllowed`` (no right), ``StaleRecord``
(somebody was quicker) or ``ActionError`` (a Chinese sentence, ``field`` names what it is about).

* ``start_meeting(by, organization, content) -> Meeting``: a new draft.
* ``save_meeting(by, meeting, content, version) -> Meeting``: rewrite a draft of that version.
* ``submit_meeting(by, meeting, version) -> Meeting``: draft → submitted, all elements present.
* ``file_meeting(by, meeting) -> Meeting``: submitted → filed; chair or secretary.
* ``submit_and_file(by, meeting, version) -> Meeting``: both in one tap, where the actor may file.
* ``lacking(meeting) -> list[ActionError]``: what is missing before it can be submitted; writes nothing.
* ``return_meeting(by, meeting, reason) -> Meeting``: submitted → draft.
* ``void_meeting(by, meeting, reason) -> Meeting``: filed → voided; what it closed reopens.
* ``correct_meeting(by, meeting, reason) -> Meeting``: a draft of its next edition.
* ``discard_draft(by, meeting) -> None``: delete a draft that was never filed.
* ``explain_finding(by, meeting, rule, text) -> RecordedFinding``: keep an explanation.
* ``close_resolution(by, resolution, done_on, outcome) -> Resolution``: it was carried out.
* ``attach(by, meeting, uploaded) -> Attachment`` / ``detach(by, attachment, reason) -> None``.
"""

from meetings.actions.attachments import attach, detach
from meetings.actions.correcting import correct_meeting, void_meeting
from meetings.actions.elements import lacking
from meetings.actions.filing import (
    file_meeting,
    return_meeting,
    submit_and_file,
    submit_meeting,
)
from meetings.actions.following import close_resolution, explain_finding
from meetings.actions.save import discard_draft, save_meeting, start_meeting

__all__ = [
    "attach",
    "close_resolution",
    "correct_meeting",
    "detach",
    "discard_draft",
    "explain_finding",
    "file_meeting",
    "lacking",
    "return_meeting",
    "save_meeting",
    "start_meeting",
    "submit_and_file",
    "submit_meeting",
    "void_meeting",
]
