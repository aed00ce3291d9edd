"""The worlds of the tests themselves: their people are signed in as anybody would be, and stay so."""

from datetime import timedelta

import pytest

from tests.support.factories import PASSWORD


def test_person_of_a_world_is_the_one_who_signs_in_with_the_password(world):
    told = {"username": "supervisor.lin-a", "password": PASSWORD}
    token = world.anybody().post("/auth/login", told)["access_token"]
    by_password = world.anybody().get("/me", headers={"Authorization": f"Bearer {token}"})
    assert by_password.body == world.client("supervisor.lin-a").get("/me").body
    assert by_password["id"] == str(world.person_id("supervisor.lin-a"))


@pytest.mark.parametrize("days", [0, 1, 29, 31, 400])
def test_client_stays_signed_in_however_much_time_passes(world, days):
    client = world.client("officer1.lin-a")
    client.get("/me")
    world.clock.advance(timedelta(days=days))
    assert client.get("/me")["roles"] == [{"role": "officer", "unit": "lin-a"}]


def test_actor_of_a_world_is_the_person_behind_the_client(world):
    actor = world.actor("officer1.lin-a", purpose="supervision")
    assert str(actor.person_id) == world.client("officer1.lin-a").get("/me")["id"]
    assert actor.purpose == "supervision"


def test_answer_that_is_no_success_fails_the_test(world):
    with pytest.raises(AssertionError, match=r"partner.school got 403"):
        world.client("partner.school").get("/duties")


def test_refusal_that_does_not_come_fails_the_test(world):
    with pytest.raises(AssertionError, match=r"officer1.lin-a got 200"):
        world.client("officer1.lin-a").get("/units", expect=403)


def test_language_of_a_caller_may_be_chosen(world):
    refusal = world.anybody(language="de").get("/units", expect=401)
    assert refusal["title"] != world.anybody(language="en").get("/units", expect=401)["title"]


def test_two_worlds_share_nothing(world, shared_world):
    body = {"language": "de"}
    before = shared_world.client("admin1.nor").get("/me")
    mine = world.client("admin1.nor").get("/me")
    world.client("admin1.nor").patch("/me", body, if_match=mine)
    assert shared_world.client("admin1.nor").get("/me").etag == before.etag
    assert world.client("admin1.nor").get("/me")["language"] == "de"
