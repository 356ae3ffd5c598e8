"""Who may change the law of the house."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.choices import AdminRole
from core.decisions import Allowed, Decision, Denied

if TYPE_CHECKING:
    from core.actor import Actor
    from regulations.models import Parameter

LOADING = "装载制度条款"
"""The name of the system job that loads what ships."""


def can_load_shipped(by: Actor) -> Decision:
    """Loading what ships belongs to the installation, never to a person."""
    if by.is_system:
        return Allowed()
    return Denied("随附条款由系统安装时装载，不能手工装载。")


def can_change_parameter(by: Actor, parameter: Parameter) -> Decision:
    """Only the security administrator changes a common value; local values belong to branches."""
    if by.user is None or by.user.admin_role != AdminRole.SECURITY:
        return Denied("公共参数只能由安全管理员修改，请联系安全管理员。")
    return Allowed()
