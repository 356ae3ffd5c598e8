"""The only writers of this room: the register, dated moves, the import of rosters."""

from members.actions.exemptions import Consent, complete_exemption, count_again, exempt
from members.actions.moves import (
    assign_group,
    change_stage,
    require_no_members,
    restore_rights,
    suspend_rights,
    transfer,
)
from members.actions.register import correct, deactivate, enroll, register, update_member
from members.actions.roster import confirm, import_now, read_uploaded, upload, write_confirmed
from members.actions.undo import undo_import

__all__ = [
    "Consent",
    "assign_group",
    "change_stage",
    "complete_exemption",
    "confirm",
    "correct",
    "count_again",
    "deactivate",
    "enroll",
    "exempt",
    "import_now",
    "read_uploaded",
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
