"""The room ``accounts`` as a Django application."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.core import checks
from django.core.exceptions import ImproperlyConfigured

from core import crypto


class AccountsConfig(AppConfig):
    """Names the room, refuses to start with broken ciphers, connects the receivers."""

    name = "accounts"
    verbose_name = "人员与账号"

    def ready(self) -> None:
        """Run the cipher self-test and register check and receivers."""
        failed = crypto.self_test()
        if failed:
            raise ImproperlyConfigured(f"国密算法自检不通过：{'、'.join(failed)}，系统不能启动。")
        checks.register(check_key_ring)
        from accounts import receivers  # noqa: F401  # needs loaded models; connects on import
        from accounts.actions import keys  # noqa: F401  # registers what a rotation renews


def check_key_ring(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """System check: the key file is readable, and by its owner only."""
    return [checks.Error(problem, id="accounts.E001") for problem in crypto.ring_problems()]
