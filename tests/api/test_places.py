"""Whoever waits keeps nobody else waiting: places as the whole application knows them."""

import gc
import io
import weakref
from datetime import timedelta

import pytest
from sqlalchemy import event
from werkzeug.test import create_environ

from community_api.core.http.views import BASE
from community_api.core.places.terms import VISIT, Kind
from community_api.factory import PLACES

OFFICER = "officer1.lin-a"


def places_of(world):
    return world.app.extensions[PLACES]


def own_caller(world, **environ):
    """The caller that a request with this environment counts as."""
    return world.app.wsgi_app._callers.of({"REMOTE_ADDR": "127.0.0.1", **environ})


def fill(world, kind, caller, number=32):
    for _ in range(number):
        places_of(world).waiting.enter(kind, caller)


def empty(world, kind, caller, number=32):
    for _ in range(number):
        places_of(world).waiting.leave(kind, caller)


@pytest.mark.parametrize("language", ["de", "fr", "lt", "ru", "en"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_too_many_of_one_caller_are_told_so_in_their_language(shared_world, method, language):
    caller, kind = own_caller(shared_world), Kind.PLAIN if method == "GET" else Kind.READING
    fill(shared_world, kind, caller)
    try:
        told = {"json": {}} if method == "POST" else {}
        answer = shared_world.http.open(
            f"{BASE}/observations", method=method, headers={"Accept-Language": language}, **told
        )
        assert (answer.status_code, answer.json["code"]) == (503, "service_unavailable")
        assert answer.mimetype == "application/problem+json"
        assert answer.headers["Content-Language"] == language
        assert int(answer.headers["Retry-After"]) > 0
        assert answer.headers["X-Request-Id"] in answer.json["instance"]
    finally:
        empty(shared_world, kind, caller)


def test_an_account_has_places_of_its_own_wherever_it_comes_from(shared_world):
    officer = shared_world.client(OFFICER)
    fill(shared_world, Kind.PLAIN, own_caller(shared_world))
    try:
        officer.get("/me")
        same = own_caller(shared_world, HTTP_AUTHORIZATION=f"Bearer {officer.token()}")
        elsewhere = own_caller(
            shared_world, HTTP_AUTHORIZATION=f"bearer  {officer.token()}", REMOTE_ADDR="203.0.113.9"
        )
        assert same == elsewhere
        assert same.signed
    finally:
        empty(shared_world, Kind.PLAIN, own_caller(shared_world))


@pytest.mark.parametrize("change", [lambda token: token[:-3] + "abc", str.upper])
def test_a_token_that_is_not_ours_is_nobodys(shared_world, change):
    token = change(shared_world.client(OFFICER).token())
    assert own_caller(shared_world, HTTP_AUTHORIZATION=f"Bearer {token}") == own_caller(shared_world)


def test_a_token_past_its_time_is_nobodys(world):
    token = world.client(OFFICER).token()
    assert own_caller(world, HTTP_AUTHORIZATION=f"Bearer {token}").signed
    world.clock.advance(timedelta(minutes=16))
    assert not own_caller(world, HTTP_AUTHORIZATION=f"Bearer {token}").signed


def count_lent(monkeypatch, database):
    """How many connections of the driver are lent, after each time that one was taken or given back."""
    lent = [0]

    def counted(act, number):
        def call(*values):
            lent.append(lent[-1] + number)
            return act(*values)

        return call

    monkeypatch.setattr(database, "take", counted(database.take, 1))
    monkeypatch.setattr(database, "give_back", counted(database.give_back, -1))
    return lent


def test_who_is_refused_waits_for_the_beat_without_a_working_place_or_connection(world, monkeypatch):
    seen = []

    def look(_seconds):
        engine = patient.uow.database.engine
        seen.append((places_of(patient).working.held, engine.pool.checkedout()))

    patient = world.beside(pause=look)
    lent = count_lent(monkeypatch, patient.uow.database)
    officer = patient.client(OFFICER)
    officer.get("/observations/00000000-0000-4000-8000-000000000001", expect=404)
    officer.post("/observations/00000000-0000-4000-8000-000000000001/supplements", {"facts": "a"}, expect=404)
    officer.get("/triage", expect=403)
    assert seen == [(0, 0)] * 3
    assert lent[-1] == 0
    assert max(lent) > 0, "they were looked for in the database"


def test_a_body_comes_in_before_the_application_looks_at_anything(shared_world):
    places, held = places_of(shared_world), []

    class Slow(io.BytesIO):
        def read(self, size=-1):
            held.append((places.working.held, places.waiting.in_use()["reading"]))
            return super().read(size)

    shared_world.http.post(
        f"{BASE}/auth/logout",
        input_stream=Slow(b"{}"),
        environ_overrides={"CONTENT_TYPE": "application/json", "CONTENT_LENGTH": "2"},
    )
    assert held == [(0, 1)]


def test_what_came_of_a_refused_body_is_let_go_at_once(shared_world):
    """Not when the collector comes: eighty of these would be eighty megabytes until then."""
    room = places_of(shared_world).waiting.limits.each_bytes - 300_000
    places_of(shared_world).waiting.add_bytes(room, own_caller(shared_world))
    body = io.BytesIO(b"x" * 900_000)
    environ = create_environ(
        f"{BASE}/auth/logout", method="POST", input_stream=body, content_type="application/json"
    )
    environ["CONTENT_LENGTH"] = "900000"
    statuses: list[str] = []
    gc.collect()
    gc.disable()
    try:
        shared_world.app.wsgi_app(environ, lambda status, _headers, _info=None: statuses.append(status))
        assert statuses == ["503 SERVICE UNAVAILABLE"]
        held = weakref.ref(body)
        del body, environ
        assert held() is None
    finally:
        gc.enable()
        places_of(shared_world).waiting.free_bytes(room, own_caller(shared_world))


def test_figures_of_the_database_are_counted_at_intervals(world):
    statements = []
    engine = world.uow.database.engine
    event.listen(engine, "before_cursor_execute", lambda *values: statements.append(values[2]))
    first = world.http.get("/metrics").text
    assert statements
    statements.clear()
    second = world.http.get("/metrics").text
    assert statements == []
    assert "community_outbox_due" in first
    assert "community_outbox_due" in second
    assert 'endpoint="health.show_metrics",method="GET",status="2xx"' in second, "counters are those of now"


@pytest.mark.parametrize("path", ["/health/live", "/health/ready", "/metrics"])
def test_health_is_told_while_everybody_works(world, path):
    for number in range(4):
        places_of(world).working.take(bytes([number]))
    assert world.http.get(path).status_code == 200


def test_the_process_says_that_it_lives_while_all_places_are_taken(shared_world):
    caller = own_caller(shared_world)
    fill(shared_world, Kind.PLAIN, caller)
    try:
        assert shared_world.http.get("/health/live").status_code == 200
    finally:
        empty(shared_world, Kind.PLAIN, caller)


@pytest.mark.parametrize("host", ["", "a,b", "a/b"])
def test_a_missing_or_doubled_host_is_refused(shared_world, host):
    answer = shared_world.http.get(f"{BASE}/public/notice", environ_overrides={"HTTP_HOST": host})
    assert (answer.status_code, answer.json["code"]) == (400, "bad_request")


def test_no_visit_of_the_public_says_who_it_is(world):
    """What passes the layer that takes names away holds neither address nor account."""
    nameless, found = world.app.wsgi_app.application, []
    application = nameless._application

    def look(environ, start_response):
        found.append(environ)
        return application(environ, start_response)

    nameless._application = look
    token = world.client(OFFICER).token()
    for path in ("/public/notice", "/me"):
        world.http.get(
            BASE + path,
            headers={"Authorization": f"Bearer {token}"},
            environ_overrides={"REMOTE_ADDR": "203.0.113.9"},
        )
    public, staff = found
    assert "REMOTE_ADDR" not in public
    assert "REMOTE_ADDR" in staff
    for environ in found:
        caller = environ[VISIT]._caller
        assert len(caller.key) == 16, "a digest under a key that nobody keeps"
