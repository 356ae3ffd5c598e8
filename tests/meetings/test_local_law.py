"""A local value that tightens a number decides quorum and findings alike, from its day on."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from branches.models import LocalValue, Organization
from core.decisions import ActionError
from meetings import actions, queries
from meetings.models import Meeting
from tests.meetings.world import DAY, World, committee_meeting

pytestmark = pytest.mark.both


def drafted(world: World, held_on: date = DAY) -> Meeting:
    """A 支委会 with four of five present, whose motion is not yet shown as passed."""
    content = committee_meeting(world, held_on=held_on, agenda=())
    return actions.start_meeting(world.actor("书记"), world.branch, content)


def tighten(where: Organization, since: date) -> None:
    LocalValue.objects.create(
        organization=where, code="MT-07.quorum", value="9/10", since=since, reason="试行"
    )


def rules(meeting: Meeting) -> set[str]:
    return {row.rule for row in queries.findings(meeting)}


def test_set_above_it_makes_a_finding_and_agrees_with_the_quorum(world: World) -> None:
    draft = drafted(world)
    assert "MT-07" not in rules(draft)
    tighten(world.committee, DAY)
    assert "MT-07" in rules(draft)
    assert not queries.quorum(draft).met


def test_set_beside_it_changes_nothing(world: World) -> None:
    tighten(world.other, DAY)
    assert "MT-07" not in rules(drafted(world))


def test_a_meeting_of_an_earlier_day_goes_by_the_value_of_that_day(world: World) -> None:
    tighten(world.branch, DAY)
    assert "MT-07" not in rules(drafted(world, DAY - timedelta(days=1)))
    assert "MT-07" in rules(drafted(world))


def test_a_motion_short_of_the_local_quorum_is_not_passed(world: World) -> None:
    by = world.actor("书记")
    tighten(world.branch, DAY)
    with pytest.raises(ActionError, match=r"MT-07.*有本级规定"):
        actions.start_meeting(by, world.branch, committee_meeting(world))
    earlier = committee_meeting(world, held_on=DAY - timedelta(days=1))
    assert actions.start_meeting(by, world.branch, earlier).pk
