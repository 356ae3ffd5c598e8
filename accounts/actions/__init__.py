"""The only writers of this room: persons and their numbers, accounts and their passwords."""

from accounts.actions.accounts import (
    create_user,
    create_users_for,
    disable,
    enable,
    grant_admin_role,
    revoke_admin_role,
    unlock,
)
from accounts.actions.evidence import order_check
from accounts.actions.factors import (
    WRONG_CODE,
    WrongCode,
    drop_factor,
    enrol_factor,
    new_secret,
    renew_codes,
    reset_factor,
    step_up,
    use_code,
)
from accounts.actions.passwords import change_password, reset_password
from accounts.actions.persons import create_person, reveal_number, set_numbers, update_person

__all__ = [
    "WRONG_CODE",
    "WrongCode",
    "change_password",
    "create_person",
    "create_user",
    "create_users_for",
    "disable",
    "drop_factor",
    "enable",
    "enrol_factor",
    "grant_admin_role",
    "new_secret",
    "order_check",
    "renew_codes",
    "reset_factor",
    "reset_password",
    "reveal_number",
    "revoke_admin_role",
    "set_numbers",
    "step_up",
    "unlock",
    "update_person",
    "use_code",
]
