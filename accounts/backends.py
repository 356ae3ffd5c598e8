"""Who a session or a password belongs to."""

from __future__ import annotations

from django.contrib.auth.backends import ModelBackend

from accounts.models import User


class PersonBackend(ModelBackend):
    """Django's, with the person behind the user read in the same query: every page shows the name."""

    def get_user(self, user_id: int) -> User | None:
        """The user of a session, None where the account was disabled."""
        user = User.objects.select_related("person").filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None
