"""Passwords under PBKDF2-SM3; the rounds are a budget of time (setting ``PASSWORD_ROUNDS``)."""

from __future__ import annotations

import base64

from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher

from core import crypto

MEASURED_ROUNDS = 160_000
"""0.06–0.15 s a sign-in on the reference machine, so that 2 cores bear 11 sign-ins a second."""


class PBKDF2SM3PasswordHasher(PBKDF2PasswordHasher):
    """``pbkdf2_sm3$<rounds>$<salt>$<base64>``; only the digest differs from Django's own."""

    algorithm = "pbkdf2_sm3"

    @property
    def iterations(self) -> int:  # type: ignore[override]  # a class attribute above, a setting here
        """Rounds for new passwords; one stored with other rounds is hashed again at sign-in."""
        rounds: int = getattr(settings, "PASSWORD_ROUNDS", MEASURED_ROUNDS)
        return rounds

    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        """The stored form of ``password``."""
        rounds = iterations or self.iterations
        derived = crypto.pbkdf2_sm3(password.encode(), salt.encode(), rounds)
        return f"{self.algorithm}${rounds}${salt}${base64.b64encode(derived).decode()}"
