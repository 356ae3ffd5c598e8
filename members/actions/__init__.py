"""The only writers of this room: the register, dated moves, the import of rosters."""

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
    "assign_group",
    "change_stage",
    "confirm",
    "correct",
    "deactivate",
    "enroll",
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
