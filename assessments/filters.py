"""Filters of rounds."""

import django_filters

from assessments.models import Round


class RoundFilter(django_filters.FilterSet):
    """By period and state."""

    period = django_filters.CharFilter(label="期间", max_length=7)

    class Meta:
        """Exact fields."""

        model = Round
        fields = ["period", "state", "organization"]

    def __init__(self, *args: object, **kwargs: object) -> None:
        """The organisation is chosen by links, not from a list of thousands."""
        super().__init__(*args, **kwargs)
        self.filters["organization"].field.widget = self.filters[
            "organization"
        ].field.hidden_widget()
