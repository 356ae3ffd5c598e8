"""``/api/v1/members/`` and what is recorded about members beside it."""

from members.api.exemptions import ExemptionViewSet
from members.api.members import MemberViewSet

__all__ = ["ExemptionViewSet", "MemberViewSet"]
