"""``/api/v1/meetings/``: the same actions, the same scope, refusals as sentences."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from meetings import actions
from meetings.models import Meeting
from tests.meetings.world import World, committee_meeting

pytestmark = pytest.mark.both
URL = "/api/v1/meetings/"


@pytest.fixture
def client(world: World) -> Any:
    """``client("书记")`` calls the API as that person."""

    def make(name: str) -> APIClient:
        caller = APIClient()
        caller.force_authenticate(world.actor(name).user)
        return caller

    return make


def body(world: World, **changes: Any) -> dict[str, Any]:
    here = [world.people[name].pk for name in ("书记", "副书记", "组织", "宣传")]
    roll: list[dict[str, Any]] = [{"person_id": pk, "presence": "present"} for pk in here]
    roll.append({"person_id": world.people["纪检"].pk, "presence": "excused", "excuse": "on_call"})
    return {
        "organization": world.branch.pk,
        "kinds": ["committee_meeting"],
        "held_on": "2026-10-12",
        "starts_at": "19:00",
        "place": "会议室",
        "chair_id": here[0],
        "recorder_id": here[2],
        "roll": roll,
        "agenda": [
            {
                "title": "研究冬季防火工作",
                "discussion": "逐条讨论。",
                "speakers": 4,
                "vote": {"in_favour": 4, "passed": True},
                "resolutions": [{"text": "检查", "owner": "甲", "due_on": "2026-10-30"}],
            }
        ],
        **changes,
    }


def filed(world: World) -> Meeting:
    by = world.actor("书记")
    draft = actions.start_meeting(by, world.branch, committee_meeting(world))
    return actions.submit_and_file(by, draft, 1)


def test_from_draft_to_void(world: World, client: Any) -> None:
    api = client("书记")
    made = api.post(URL, body(world), format="json")
    assert made.status_code == 201, made.data
    assert (made.data["stage"], made.data["version"], made.data["due"]) == ("held", 1, 5)
    assert made.data["agenda"][0]["vote"]["in_favour"] == 4
    page = f"{URL}{made.data['id']}/"
    handed = api.post(f"{page}submit/", {"version": 1}, format="json")
    assert (handed.status_code, handed.data["stage"]) == (200, "submitted")
    done = api.post(f"{page}file/", format="json")
    assert (done.status_code, done.data["number"]) == (200, "测试站党支部〔2026〕第1号")
    assert {"rule", "level", "message", "clause", "explanation"} >= set(
        *[row.keys() for row in done.data["findings"][:1]] or [set()]
    )
    gone = api.post(f"{page}void/", {"reason": "重复"}, format="json")
    assert (gone.data["stage"], gone.data["void_reason"]) == ("voided", "重复")


def test_scope_and_counts(world: World, client: Any) -> None:
    row = filed(world)
    for name, count in {"书记": 1, "政治": 1, "邻书记": 0, "普通": 0}.items():
        api = client(name)
        listed = api.get(URL)
        assert listed.data["count"] == count, name
        assert api.get(f"{URL}{row.pk}/").status_code == (200 if count else 404), name
    for path, data in (("submit", {"version": 1}), ("file", {}), ("void", {"reason": "理由"})):
        assert client("邻书记").post(f"{URL}{row.pk}/{path}/", data, format="json").status_code == 404
    assert APIClient().get(URL).status_code == 401


def test_refusals_are_sentences(world: World, client: Any) -> None:
    row = filed(world)
    page = f"{URL}{row.pk}/"
    denied = client("政治").post(f"{page}void/", {"reason": "理由"}, format="json")
    assert (denied.status_code, denied.data["detail"]) == (403, "作废会议记录须由本支部书记办理。")
    api = client("书记")
    assert api.post(URL, body(world, organization=world.other.pk), format="json").status_code == 404
    stranger = {"person_id": world.people["普通"].pk, "presence": "present"}
    refused = api.post(URL, body(world, roll=[stranger]), format="json")
    assert (refused.status_code, refused.data["field"]) == (422, "roll")
    draft = api.post(URL, body(world), format="json").data
    stale = api.post(f"{URL}{draft['id']}/submit/", {"version": 7}, format="json")
    assert stale.status_code == 409


@pytest.mark.parametrize(
    "changes",
    [
        {"kinds": ["dance"]},
        {"kinds": "committee_meeting"},
        {"held_on": "2026-02-30"},
        {"organization": "一"},
        {"organization": 10**30},
        {"chair_id": 10**30},
        {"place": "长" * 101},
        {"minutes": "一\x00二"},
        {"roll": [{"person_id": 10**30, "presence": "present"}]},
        {"roll": [{"presence": "present"}]},
        {"roll": "全体"},
        {"agenda": [{"title": ""}]},
        {"agenda": [{"title": "一", "topic": "dance"}]},
        {"agenda": [{"title": "一", "vote": {"in_favour": -1}}]},
        {"agenda": [{"title": "一", "vote": {"method": "dice"}}]},
        {"agenda": [{"title": "一", "vote": {"in_favour": 10**30}}]},
    ],
    ids=range(16),
)
def test_nonsense_gets_an_answer(world: World, client: Any, changes: dict[str, Any]) -> None:
    answer = client("书记").post(URL, body(world, **changes), format="json")
    assert answer.status_code in (400, 404, 422), answer.data
    assert not Meeting.objects.exists()


def test_a_list_costs_the_same_for_one_and_many(
    world: World, client: Any, django_assert_max_num_queries: Any
) -> None:
    for _ in range(8):
        filed(world)
    api = client("政治")
    with django_assert_max_num_queries(8):
        assert len(api.get(f"{URL}?kind=committee_meeting&page_size=200").data["results"]) == 8


def test_filters(world: World, client: Any) -> None:
    filed(world)
    api = client("书记")
    for query, count in {
        "q=冬季防火": 1,
        "q=夏季": 0,
        "kind=committee_meeting": 1,
        "kind=theme_day": 0,
        "held_after=2026-10-12&held_before=2026-10-12": 1,
        "held_after=2026-10-13": 0,
        f"organization={world.committee.pk}": 1,
        f"organization={world.other.pk}": 0,
    }.items():
        assert api.get(f"{URL}?{query}").data["count"] == count, query
