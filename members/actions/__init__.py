"""The only writers of this room: the register, dated moves, the import of rosters."""

from members.actions.exemptions import Consent, complete_exemption, count_again, exempt
from members.actions.moves import (
    assign_group,
    change_stage,
    close_branch,
    require_no_members,
    restore_rights,
    suspend_rights,
    transfer,
)
from members.actions.register import correct, deactivate, enroll, register, update_member
from members.actions.roster import confirm, import_now, read_uploaded, upload, write_confirmed
from members.actions.stays import Terms, lend, recall
from members.actions.undo import undo_import

__all__ = [
    "Consent",
    "Terms",
    "assign_group",
    "change_stage",
    "close_branch",
    "complete_exemption",
    "confirm",
    "correct",
    "count_again",
    "deactivate",
    "enroll",
    "exempt",
    "import_now",
    "read_uploaded",
    "lend",
    "recall",
    "register",
    "require_no_members",
    "restore_rights",
    "suspend_rights",
    "transfer",
    "undo_import",
    "update_member",
    "upload",
    "write_confirmed",
]
