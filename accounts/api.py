"""Tokens: sign in with user name and password, sign out. The same gate as the page."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import authenticate
from django.contrib.auth.signals import user_logged_in, user_logged_out
from drf_spectacular.utils import OpenApiResponse, extend_schema
from knox.models import AuthToken
from rest_framework import serializers
from rest_framework.parsers import FormParser, JSONParser, MultiPartParser
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import lockout, queries, rules
from accounts.actions.factors import WRONG_CODE, use_code
from accounts.actions.passwords import LONGEST
from accounts.forms import LONGEST_CODE, WRONG
from accounts.models import User
from accounts.permissions import CLOSED_SIGN_IN, can_take_token
from accounts.receivers import actor_of
from accounts.tokens import TokenAuthentication
from core.decisions import NotAllowed, require

UNAUTHORIZED = 401
CODE_MISSING = "该账号已启用动态口令，请在 otp 中填写手机验证器上的 6 位数字。"


class Credentials(serializers.Serializer[Any]):
    """What is sent."""

    username = serializers.CharField(max_length=50, help_text="用户名")
    password = serializers.CharField(
        max_length=LONGEST, trim_whitespace=False, write_only=True, help_text="密码"
    )
    otp = serializers.CharField(
        max_length=LONGEST_CODE,
        required=False,
        allow_blank=True,
        write_only=True,
        help_text="动态口令（启用第二因素后填写）",
    )


class Token(serializers.Serializer[Any]):
    """What is answered."""

    token = serializers.CharField(help_text="以 Authorization: Token … 发送")
    expiry = serializers.DateTimeField(allow_null=True, help_text="失效时间")


class SignIn(APIView):
    """``POST {username, password, otp?}`` → ``{token, expiry}``."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    parser_classes = (JSONParser, FormParser, MultiPartParser)

    @extend_schema(
        summary="登录并取得令牌",
        request=Credentials,
        responses={
            200: Token,
            401: OpenApiResponse(description="用户名或密码不正确，或者动态口令缺少、不正确"),
            403: OpenApiResponse(description="账号停用，或须先修改初始密码"),
            429: OpenApiResponse(description="失败次数过多，暂停登录"),
        },
        auth=[],
    )
    def post(self, request: Request) -> Response:
        """A new token, or one sentence why not."""
        sent = Credentials(data=request.data)
        sent.is_valid(raise_exception=True)
        username = rules.tidy_username(sent.validated_data["username"])
        password = sent.validated_data["password"]
        plain = request._request  # django-axes leaves its marks on Django's own request
        user = authenticate(plain, username=username, password=password)
        if not isinstance(user, User):
            return self._refuse(plain, username, password)
        require(can_take_token(user))
        refusal = self._second_step(plain, user, sent.validated_data.get("otp", ""))
        if refusal is not None:
            return refusal
        row, token = AuthToken.objects.create(user=user)
        user_logged_in.send(sender=User, request=plain, user=user)
        return Response(Token({"token": token, "expiry": row.expiry}).data)

    def _second_step(self, plain: Any, user: User, code: str) -> Response | None:
        """None when the account has no second factor or the code is right; else 401, or 429 by the lock."""
        if queries.factor_of(user) is None:
            return None
        if not code:
            return Response({"detail": CODE_MISSING}, status=UNAUTHORIZED)
        if use_code(actor_of(plain, user), user, code):
            return None
        lockout.failed(plain, user.username)
        if plain.axes_locked_out:
            return Response({"detail": lockout.sentence()}, status=lockout.TOO_MANY)
        return Response({"detail": WRONG_CODE}, status=UNAUTHORIZED)

    def _refuse(self, plain: Any, username: str, password: str) -> Response:
        """429 by the lock, 403 for a disabled account with the right password, else 401."""
        if plain.axes_locked_out:
            return Response({"detail": lockout.sentence()}, status=lockout.TOO_MANY)
        closed = User.objects.filter(username=username, is_active=False).first()
        if closed is not None and closed.check_password(password):
            raise NotAllowed(CLOSED_SIGN_IN)
        return Response({"detail": WRONG}, status=UNAUTHORIZED)


class SignOut(APIView):
    """``POST`` withdraws the token that was sent."""

    authentication_classes = (TokenAuthentication,)
    permission_classes = (IsAuthenticated,)

    @extend_schema(summary="注销令牌", request=None, responses={204: None})
    def post(self, request: Request) -> Response:
        """The token is gone."""
        request.auth.delete()
        user_logged_out.send(sender=User, request=request._request, user=request.user)
        return Response(status=204)
