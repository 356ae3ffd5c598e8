"""Pages for what cannot be shown or done: a sentence, what to do next, and the request number."""

from __future__ import annotations

import errno
import logging
import sys
from typing import TYPE_CHECKING

from django.db import InterfaceError, OperationalError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import get_template

if TYPE_CHECKING:
    from django.http import HttpRequest

log = logging.getLogger(__name__)
API = "/api/"
PLAIN = "accounts/base_plain.html"
BARE = "errors/bare.html"
SENTENCES = {
    400: "提交的内容含有无法识别的字符，或者缺少必需的部分。",
    403: "当前职务不能办理这件事。",
    404: "所找的页面不存在，或者不在本人可见范围内。",
    409: "这条记录刚才已被他人修改，本次填写没有保存。",
    413: "提交的内容或文件超过上限。",
    500: "系统暂时不能处理，本次操作没有保存。",
    503: "数据库暂时不能使用，本次操作没有保存。",
}
FULL = "服务器的存储空间已满，本次操作没有保存，请通知系统管理员清理空间。"
NO_SPACE = (errno.ENOSPC, errno.EDQUOT)
PG_DISK_FULL = "53100"  # disk_full
RETRY_AFTER = 10  # seconds; an outage that the portal notices by itself ends by itself
EXPIRED = "页面停留过久或浏览器未保存登录信息，请返回上一页刷新后重新提交。"


def page(request: HttpRequest, status: int, reason: str = "") -> HttpResponse:
    """The page ``errors/<status>.html`` with ``reason``, one Chinese sentence; JSON for the API."""
    words = reason or SENTENCES[status]
    if request.path.startswith(API):
        return JsonResponse({"detail": words}, status=status)
    user = getattr(request, "user", None)
    context = {
        "reason": words,
        "request_id": getattr(request, "request_id", ""),
        "layout": "base.html" if user is not None and user.is_authenticated else PLAIN,
    }
    return render(request, f"errors/{status}.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request cannot be understood (handler400)."""
    return page(request, 400)


def forbidden(request: HttpRequest, reason: str) -> HttpResponse:
    """403 with the reason: inside the scope, but without the right."""
    return page(request, 403, reason)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403 raised as PermissionDenied (handler403); its text is shown."""
    return forbidden(request, str(exception or ""))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 when the form's security code is missing or old (CSRF_FAILURE_VIEW)."""
    return forbidden(request, EXPIRED)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: not there, or outside the scope — the same answer for both (handler404)."""
    return page(request, 404)


def conflict(request: HttpRequest, reason: str = "") -> HttpResponse:
    """409: somebody else changed the record in between."""
    return page(request, 409, reason)


def too_large(request: HttpRequest, reason: str = "") -> HttpResponse:
    """413: more was sent than the portal accepts."""
    return page(request, 413, reason)


def server_error(request: HttpRequest) -> HttpResponse:
    """What no view expected (handler500): 503 where the database is away, else 500. Nothing was saved."""
    error = sys.exception()
    full = is_full(error)
    if not full and not is_outage(error):
        return _bare(request, 500)
    number, cause = getattr(request, "request_id", ""), str(error).strip().partition("\n")[0]
    log.error("%s, request %s answered 503: %s", "disk full" if full else "database away", number, cause)
    response = _bare(request, 503, FULL if full else "")
    response["Retry-After"] = str(RETRY_AFTER)
    return response


def is_outage(error: BaseException | None) -> bool:
    """Whether the database is away, full or locked; SQLite calls a missing table operational too."""
    away = isinstance(error, (OperationalError, InterfaceError))
    return away and not str(error).startswith("no such ")


def is_full(error: BaseException | None) -> bool:
    """Whether the disk of the files or of the database is full."""
    if isinstance(error, OSError):
        return error.errno in NO_SPACE
    code = getattr(getattr(error, "__cause__", None), "pgcode", "")
    return isinstance(error, OperationalError) and (code == PG_DISK_FULL or "disk is full" in str(error))


def _bare(request: HttpRequest, status: int, reason: str = "") -> HttpResponse:
    """The page without a frame, which needs neither database nor session; JSON for the API."""
    words = reason or SENTENCES[status]
    if request.path.startswith(API):
        return JsonResponse({"detail": words}, status=status)
    context = {
        "reason": words,
        "request_id": getattr(request, "request_id", ""),
        "layout": BARE,
    }
    return HttpResponse(get_template(f"errors/{status}.html").render(context), status=status)
