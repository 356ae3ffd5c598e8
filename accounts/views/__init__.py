"""Pages of sign-in, own password, accounts and audit."""

from accounts.views.audit import AuditTrail, EvidencePage
from accounts.views.factor import FactorPage, KeepFactor, SignInCode
from accounts.views.handover import OneTimePasswords
from accounts.views.own import ChangePassword, ChoosePost
from accounts.views.roles import GrantRole, OpenAdministrator, RevokeRole, RoleList
from accounts.views.sign_in import Resume, SignIn, SignOut
from accounts.views.users import (
    DisableUser,
    EnableUser,
    OpenAccounts,
    ResetFactor,
    ResetPassword,
    UnlockUser,
    UserList,
    UserPage,
)

__all__ = [
    "AuditTrail",
    "ChangePassword",
    "ChoosePost",
    "DisableUser",
    "EnableUser",
    "EvidencePage",
    "FactorPage",
    "GrantRole",
    "KeepFactor",
    "OneTimePasswords",
    "OpenAccounts",
    "OpenAdministrator",
    "ResetFactor",
    "ResetPassword",
    "RoleList",
    "Resume",
    "RevokeRole",
    "SignIn",
    "SignInCode",
    "SignOut",
    "UnlockUser",
    "UserList",
    "UserPage",
]
