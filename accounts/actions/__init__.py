"""The only writers of this room: persons and their numbers, accounts and their passwords."""

from accounts.actions.accounts import (
    create_user,
    create_users_for,
    disable,
    enable,
    grant_admin_role,
    unlock,
)
from accounts.actions.passwords import change_password, reset_password
from accounts.actions.persons import create_person, reveal_number, set_numbers, update_person

__all__ = [
    "change_password",
    "create_person",
    "create_user",
    "create_users_for",
    "disable",
    "enable",
    "grant_admin_role",
    "reset_password",
    "reveal_number",
    "set_numbers",
    "unlock",
    "update_person",
]
