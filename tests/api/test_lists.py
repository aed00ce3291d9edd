"""Every list alike: pages by opaque cursors that nobody can make, change, or take elsewhere; Link; limits."""

from __future__ import annotations

import base64
import json
import re
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit
from uuid import uuid4

import pytest

from community_api.core.http.views import BASE
from community_api.outbox import service as outbox
from community_api.outbox.terms import ATTEMPTS
from tests.api.forced_errors import CANARY, check, send
from tests.api.matrix.things import bias_review
from tests.support import public
from tests.support.app import World
from tests.support.operations import operations
from tests.support.workflow import ANALYST, MANAGER, OFFICER, SAFEGUARDING, SUPERVISOR, Police

LINK = re.compile(r'<(?P<address>/api/v1/[^<>]+)>; rel="next"')
# A report with which others are linked.
VANS = "5c0c2b8e-3f0e-4a57-9d0b-6a1f1c7f2e11"
# Of every list: whose it is, a filter that keeps more than one item, and another one.
LISTS: dict[str, tuple[str, str, str]] = {
    "/observations": (OFFICER, "category=weapons", "status=received"),
    "/bias-reviews": ("dpo.nor", "state=open", ""),
    "/concerns": (SUPERVISOR, "category=noise_nuisance", "status=received"),
    "/emergencies": ("commander.lin", "state=paging", ""),
    "/handovers": ("partner.school", "", ""),
    "/links": (SUPERVISOR, f"report={VANS}", ""),
    "/priorities": (OFFICER, "unit=lin-a", "month=2026-04"),
    "/problems": (SUPERVISOR, "unit=lin-a", "status=open"),
    "/safeguarding-records": ("safeguarding.lin", "state=handed_over", ""),
    "/triage": (SUPERVISOR, "", ""),
    "/flags": (OFFICER, "status=confirmed", "unit=lin-a"),
    "/referrals": (MANAGER, "level=local", "overdue=false"),
    "/intelligence-reports": (MANAGER, "", ""),
    "/feedback": (OFFICER, "unread=true", ""),
    "/feedback/obligations": (SUPERVISOR, "unit=lin-a", "overdue=false"),
    "/duties": (MANAGER, "", ""),
    "/cases": ("dpo.nor", "state=open", ""),
    "/auth/sessions": ("commander.lin", "", ""),
    "/units": (ANALYST, "level=community", ""),
    "/posts": (ANALYST, "role=supervisor", "unit=lin"),
    "/audit/events": ("overseer.oversight", "action=collect", "kind=flag"),
    "/certificates": ("trainer.nor", "course=verlt", ""),
    "/proposals": ("admin1.nor", "state=waiting", "kind=grant"),
    "/operations/dead-letters": ("admin1.nor", "", ""),
    "/accounts": ("admin1.nor", "unit=lin-a", "state=active"),
}
# Reading it adds to it, so that it is never twice the same.
GROWING = {"/audit/events"}
FULL = sorted(LISTS)


@pytest.fixture(scope="module")
def busy(shared_world: World) -> World:
    """A world in which every list has more than two items."""
    give_up(shared_world)
    police = Police(shared_world)
    police.observes(id=VANS)
    for role in ("trainer", "records_manager", "tasking_chair"):
        body = {"account": "officer2.lin-a", "role": role, "unit": "lin"}
        shared_world.client("admin1.nor").post("/proposals", {"kind": "grant", "body": body})
    for _ in range(3):
        police.brings_to("sent", police.confirmed())
        police.decides_flag(police.raises_flag(police.observes()["id"])["id"])
        shared_world.client("dpo.nor").post("/cases", {"kind": "review", "reason": "A look"})
        shared_world.sign_in("commander.lin")
        public.reporter(shared_world).post("concerns", **public.concern_body())
        work_the_desk(police)
    leave_apart(police)
    for unit in ("lin-a", "lin-b", "bru-a"):
        bias_review(shared_world, unit)
    for owed in police.owes(SUPERVISOR, state="open")[:3]:
        police.answers(SUPERVISOR, owed["id"])
    shared_world.work()
    return shared_world


def give_up(world: World) -> None:
    """Three things that nobody can do, until the worker tries no more."""
    with world.uow() as tx:
        for _ in range(3):
            outbox.schedule(tx, "unheard_of", uuid4(), tx.now)
    for _ in range(ATTEMPTS):
        world.later(hours=1)


def work_the_desk(police: Police) -> None:
    """A report of danger, two that belong together, a problem, and a child whom the school helps."""
    police.observes(immediate_danger=True)
    other = police.observes()
    ends = [{"kind": "observation", "id": report_id} for report_id in (VANS, other["id"])]
    desk = police.of(SUPERVISOR)
    desk.post("/links", {"a": ends[0], "b": ends[1], "reason": "The same van."})
    told = {"title": "Vans at night", "scanning": "Three nights in a row.", "observations": [other["id"]]}
    desk.post("/problems", told)
    residents = [{"kind": "residents", "name": "The meeting of March"}]
    agreed = {"month": "2026-04", "title": "Light", "text": "More of it.", "agreed_with": residents}
    desk.post("/priorities", agreed)
    child = police.observes(category="child_at_risk")
    triage = {"route": "safeguarding", "reason": "A child that needs help."}
    desk.post(f"/observations/{child['id']}/triage", triage)
    lead = police.of(SAFEGUARDING)
    (record,) = [one for one in lead.get("/safeguarding-records").items if one["state"] == "open"]
    handover = {
        "partner_unit": "school",
        "consent": "given",
        "minimum_dataset": {"need": "Somebody to talk to."},
    }
    lead.post(f"/safeguarding-records/{record['id']}/handovers", handover)


def leave_apart(police: Police) -> None:
    """What filters leave out: a danger that is known, another link, a problem solved, a record untouched."""
    danger = police.observes(immediate_danger=True)
    police.of("commander.lin").post(f"/emergencies/{danger['emergency']['id']}/acknowledgement", {})
    one, other = police.observes(), police.observes()
    ends = [{"kind": "observation", "id": report["id"]} for report in (one, other)]
    desk = police.of(SUPERVISOR)
    desk.post("/links", {"a": ends[0], "b": ends[1], "reason": "The same dog."})
    done = desk.post("/problems", {"title": "Dogs", "scanning": "Two days.", "observations": [one["id"]]})
    desk.post(f"/problems/{done['id']}/closing", {"achieved": "solved", "text": "They are on leads."})
    child = police.observes(category="child_at_risk")
    triage = {"route": "safeguarding", "reason": "Another child that needs help."}
    desk.post(f"/observations/{child['id']}/triage", triage)


def read(world: World, path: str, query: str = "", **values: Any) -> Any:
    who = values.pop("who", LISTS[path][0])
    answer = send(world, "GET", f"{BASE}{path}?{query}", who=who)
    assert answer.status_code == values.pop("status", 200), (path, query, answer.data)
    return answer


def items_of(answer: Any) -> list[Any]:
    items: list[Any] = json.loads(answer.data)["items"]
    return items


def cursor_of(world: World, path: str, query: str = "limit=1") -> str:
    cursor = json.loads(read(world, path, query).data)["next_cursor"]
    assert cursor, f"{path} has too few items"
    return str(cursor)


# What takes a query and is no list.
VERSION = "/procedures/<string:name>/versions/<int:version>"
NO_LISTS = {"/feedback/metrics", "/oversight/figures", f"{VERSION}/diagram", f"{VERSION}/differences"}


def test_every_list_is_among_them(shared_world: World) -> None:
    paged = set()
    for one in operations(shared_world.app):
        view = shared_world.app.view_functions[
            next(rule.endpoint for rule in shared_world.app.url_map.iter_rules() if rule.rule == one.rule)
        ]
        function = getattr(getattr(view, "view_class", None), one.method.lower(), view)
        if one.method == "GET" and getattr(function, "takes_query", False):
            paged.add(one.rule.removeprefix(BASE))
    assert paged - NO_LISTS == LISTS.keys()


@pytest.mark.parametrize("path", FULL)
def test_pages_give_every_item_once_in_the_order_of_the_whole(busy: World, path: str) -> None:
    whole = [] if path in GROWING else items_of(read(busy, path, "limit=200"))
    for query in ("", LISTS[path][1], LISTS[path][2]):
        found, following = [], f"{BASE}{path}?limit=2&{query}".rstrip("&")
        while following:
            answer = send(busy, "GET", following, who=LISTS[path][0])
            assert answer.status_code == 200, answer.data
            page = items_of(answer)
            assert len(page) == 2 or "Link" not in answer.headers
            found += page
            following = next_of(answer)
            if path in GROWING and len(found) >= 6:
                break
        names = [item.get("id") or item.get("name") or item.get("post") for item in found]
        assert len(set(names)) == len(names) > 1, path
        if path not in GROWING and not query:
            assert found == whole


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/emergencies", "state=paging"),
        ("/links", f"report={VANS}"),
        ("/problems", "status=open"),
        ("/safeguarding-records", "state=handed_over"),
    ],
)
def test_a_filter_keeps_what_it_names_and_leaves_out_the_rest(busy: World, path: str, query: str) -> None:
    whole = items_of(read(busy, path, "limit=200"))
    name, _, value = query.partition("=")
    kept = [item for item in whole if value in named_by(item, name)]
    assert 0 < len(kept) < len(whole)
    assert items_of(read(busy, path, f"limit=200&{query}")) == kept


def named_by(item: Any, name: str) -> set[str]:
    """What an item is kept for: the value of that name, of a link its two reports."""
    return {item["a"]["id"], item["b"]["id"]} if name == "report" else {item[name]}


def next_of(answer: Any) -> str:
    """Where the next page is: told in a header, and the same by the cursor in the body."""
    cursor = json.loads(answer.data)["next_cursor"]
    if cursor is None:
        assert "Link" not in answer.headers
        return ""
    found = LINK.fullmatch(answer.headers["Link"])
    assert found, answer.headers["Link"]
    told = parse_qs(urlsplit(found["address"]).query)
    asked = parse_qs(answer.request.query_string.decode())
    assert told == {**asked, "cursor": [cursor]}, "the same question, further on"
    return found["address"]


@pytest.mark.parametrize("path", FULL)
def test_a_cursor_is_of_one_list_one_question_and_one_reader(busy: World, path: str) -> None:
    cursor = quote(cursor_of(busy, path))
    read(busy, path, f"limit=1&cursor={cursor}")
    # How many at once is no part of the question.
    read(busy, path, f"limit=3&cursor={cursor}")
    questions = [query for query in LISTS[path][1:] if query]
    for query in questions:
        refused(busy, path, f"{query}&cursor={cursor}")
        refused(busy, path, f"cursor={quote(cursor_of(busy, path, f'limit=1&{query}'))}")
    other_list = next(
        one for one in FULL if (one != path and LISTS[one][0] == LISTS[path][0]) or one == "/units"
    )
    if other_list != path:
        refused(busy, other_list, f"cursor={cursor}")
    if path not in {"/units", "/posts"}:
        other = {"dpo.nor": "records.nor", "overseer.oversight": "dpo.nor"}.get(
            LISTS[path][0], "supervisor2.lin-a"
        )
        answer = send(busy, "GET", f"{BASE}{path}?cursor={cursor}", who=other)
        assert answer.status_code == 403 or check(busy, answer, 422, "cursor_invalid")


def refused(world: World, path: str, query: str) -> None:
    check(world, send(world, "GET", f"{BASE}{path}?{query}", who=LISTS[path][0]), 422, "cursor_invalid")


@pytest.mark.parametrize("path", FULL)
def test_a_cursor_is_not_to_be_changed_or_made(busy: World, path: str) -> None:
    cursor = cursor_of(busy, path)
    raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    forged = [raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :] for place in (0, 15, 16, len(raw) - 1)]
    forged += [raw[:16], raw[:15], raw + b" ", b"\0" * 16 + raw[16:], raw[16:], b"[]", b"null"]
    made = [base64.urlsafe_b64encode(one).decode().rstrip("=") for one in forged]
    made += [CANARY, "x", "=", "====", "%C3%A4", cursor[:-1], cursor[1:], cursor * 2, "0", "-1", "null"]
    for one in made:
        refused(busy, path, f"cursor={one if '%' in one else quote(one)}")
    assert not {"lin", "2026"} & set(re.findall(rb"[a-z]+|\d{4}", raw[:16])), "opaque"


def test_an_empty_cursor_is_no_beginning(busy: World) -> None:
    for path in FULL:
        answer = send(busy, "GET", f"{BASE}{path}?cursor=", who=LISTS[path][0])
        assert json.loads(answer.data)["code"] in {"cursor_invalid", "validation_failed"}


LIMITS = [
    ("1", 200),
    ("200", 200),
    ("0", 422),
    ("201", 422),
    ("-5", 422),
    ("1e2", 422),
    ("1_0", 422),
    ("+1", 422),
]


@pytest.mark.parametrize(("limit", "status"), LIMITS)
def test_a_page_has_one_item_at_least_and_two_hundred_at_most(busy: World, limit: str, status: int) -> None:
    for path in LISTS:
        answer = read(busy, path, f"limit={limit}", status=status)
        if status == 422:
            told = check(busy, answer, 422, "validation_failed")
            assert [one["pointer"] for one in told["errors"]] == ["/limit"]
        else:
            assert len(items_of(answer)) <= int(limit)


def test_an_empty_list_is_a_list(shared_world: World) -> None:
    for path in LISTS:
        answer = send(shared_world, "GET", f"{BASE}{path}?limit=200", who=LISTS[path][0])
        assert set(json.loads(answer.data)) == {"items", "next_cursor"}
        assert "ETag" not in answer.headers


def test_a_list_tells_no_totals(busy: World) -> None:
    for path in LISTS:
        answer = read(busy, path, "limit=1")
        assert set(json.loads(answer.data)) == {"items", "next_cursor"}
        assert not {"X-Total-Count", "Content-Range"} & set(answer.headers.keys())
