"""Pages of the register and of the roster import; the page of a member itself is ``reports:person``."""

from members.views.exemptions import Consent, Exempt, Recount
from members.views.lists import MemberList
from members.views.moves import AssignGroup, ChangeStage, Leave, Restore, Suspend, Transfer
from members.views.records import Appoint, Edit, Register, Reveal
from members.views.roster import Batch, Confirm, Errors, Template, Undo, Upload
from members.views.stays import Lend, Recall, StayList, Take

__all__ = [
    "Appoint",
    "AssignGroup",
    "Batch",
    "ChangeStage",
    "Confirm",
    "Consent",
    "Edit",
    "Errors",
    "Exempt",
    "Leave",
    "Lend",
    "MemberList",
    "Recall",
    "Recount",
    "Register",
    "Restore",
    "Reveal",
    "StayList",
    "Suspend",
    "Take",
    "Template",
    "Transfer",
    "Undo",
    "Upload",
]
