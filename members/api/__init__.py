"""``/api/v1/members/`` and what is recorded about members beside it."""

from members.api.exemptions import ExemptionViewSet
from members.api.members import MemberViewSet
from members.api.stays import StayViewSet

__all__ = ["ExemptionViewSet", "MemberViewSet", "StayViewSet"]
