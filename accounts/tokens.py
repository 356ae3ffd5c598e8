"""API tokens as they come in; a module of its own, because DRF imports it while building its views."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from drf_spectacular.contrib.knox_auth_token import KnoxTokenScheme
from knox.auth import TokenAuthentication as KnoxAuthentication
from rest_framework.exceptions import AuthenticationFailed

if TYPE_CHECKING:
    from knox.models import AuthToken

    from accounts.models import User

SHAPE = re.compile(rb"[0-9a-f]{64}")
UNKNOWN = "令牌无效或已过期，请重新登录。"


class TokenAuthentication(KnoxAuthentication):
    """``Authorization: Token …``; anything that cannot be a token is refused before it is looked up."""

    def authenticate_credentials(self, token: bytes) -> tuple[User, AuthToken]:
        """User and token row; AuthenticationFailed (401) otherwise, also for bytes that are no text."""
        if not SHAPE.fullmatch(token):
            raise AuthenticationFailed(UNKNOWN)
        try:
            found: tuple[User, AuthToken] = super().authenticate_credentials(token)
        except AuthenticationFailed as error:
            raise AuthenticationFailed(UNKNOWN) from error
        return found


class TokenScheme(KnoxTokenScheme):  # type: ignore[no-untyped-call]  # registers itself by being declared
    """How the OpenAPI description names it."""

    target_class = "accounts.tokens.TokenAuthentication"
