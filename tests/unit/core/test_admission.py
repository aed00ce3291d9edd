"""A request's way through the places, by an application that looks at what is held while it works."""

import io
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from community_api.core.places.admission import Admission
from community_api.core.places.bodies import STEP
from community_api.core.places.callers import Callers
from community_api.core.places.terms import REFUSAL, VISIT, Full, Kind
from community_api.core.places.visit import Places

MOST = 200_001
ADDRESS = "203.0.113.9"


class Application:
    """Answers what it found, and remembers what was held at that moment."""

    def __init__(self, places):
        self.places = places
        self.bodies, self.refusals, self.held = [], [], []
        self.streams = False

    def __call__(self, environ, start_response):
        self.refusals.append(environ.get(REFUSAL))
        self.held.append((self.places.working.held, self.places.waiting.in_use()))
        start_response("200 OK", [("X", "y")])
        if environ.get(REFUSAL) is not None:
            return [b"refused"]
        self.bodies.append(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)))
        if self.streams:
            environ[VISIT].change(Kind.DOWNLOAD)
            return self.pieces()
        return [b"one", b"two"]

    def pieces(self):
        for piece in (b"a", b"b"):
            self.held.append((self.places.working.held, self.places.waiting.in_use()))
            yield piece


class Body(io.BytesIO):
    """A body that remembers what was held while it was read."""

    def __init__(self, content, places):
        super().__init__(content)
        self.places = places
        self.held = []

    def read(self, size=-1):
        self.held.append((self.places.working.held, self.places.waiting.in_use()["reading"]))
        return super().read(size)


@pytest.fixture
def places():
    return Places()


@pytest.fixture
def application(places):
    return Application(places)


@pytest.fixture
def admission(places, application):
    callers = Callers(lambda header: header.removeprefix("Bearer "), lambda environ: environ["REMOTE_ADDR"])
    return Admission(application, callers, most=MOST, ungated={"/ready"}, uncounted={"/live"}, places=places)


def request(path="/", method="GET", body=None, **more):
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "HTTP_HOST": "localhost",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": ADDRESS,
        "wsgi.input": body or io.BytesIO(),
        **more,
    }
    return {name: value for name, value in environ.items() if value is not None}


def ask(admission, environ):
    """The answer as a WSGI server gets it, and its headers."""
    headers = []
    answer = admission(environ, lambda _status, environ, _info=None: headers.extend(environ))
    return answer, headers


def nothing_is_held(places):
    return places.working.held == 0 and not any(places.waiting.in_use().values())


@pytest.mark.parametrize("length", [None, 11], ids=["chunked", "length"])
def test_a_body_is_read_before_a_working_place_is_taken(admission, application, places, length):
    body = Body(b"the content", places)
    how = {"HTTP_TRANSFER_ENCODING": "chunked"} if length is None else {"CONTENT_LENGTH": str(length)}
    answer, _ = ask(admission, request(method="POST", body=body, **how))
    assert answer == [b"onetwo"]
    assert application.bodies == [b"the content"]
    assert set(body.held) == {(0, 1)}
    working, waiting = application.held[0]
    assert (working, waiting["reading"], waiting["holding"]) == (1, 0, 1)
    assert nothing_is_held(places)


def test_a_request_without_a_body_reads_nothing(admission, application, places):
    body = Body(b"the content", places)
    ask(admission, request(body=body, CONTENT_LENGTH="11"))
    assert application.bodies == [b""], "nobody reads the body of a GET, however slow it is"
    assert application.held[0][1]["plain"] == 1


def test_what_is_too_long_stays_unread(admission, application, places):
    body = Body(b"x" * (MOST + 10), places)
    for length in (MOST, MOST + 10):
        environ = request(method="POST", body=body, CONTENT_LENGTH=str(length))
        ask(admission, environ)
        assert int(environ["CONTENT_LENGTH"]) > MOST, "by its length it is refused"
    assert body.held == []


def test_what_is_too_long_and_comes_in_chunks_is_read_as_far_as_that_shows(admission, application, places):
    body = Body(b"x" * (MOST + 10), places)
    ask(admission, request(method="POST", body=body, HTTP_TRANSFER_ENCODING="chunked"))
    assert [len(body) for body in application.bodies] == [MOST]
    assert nothing_is_held(places)
    assert not places.waiting._each


def test_a_body_that_breaks_off_takes_no_working_place(admission, application, places):
    body = Body(b"the con", places)
    answer, headers = ask(admission, request(method="POST", body=body, CONTENT_LENGTH="11"))
    assert answer == [b"refused"]
    assert application.refusals[0].code == "request_timeout"
    assert application.held[0][0] == 0
    assert ("Connection", "close") in headers
    assert nothing_is_held(places)


@pytest.mark.parametrize(("seconds", "code"), [(39, None), (42, "request_timeout")])
def test_chunks_that_took_longer_than_they_may_are_taken_for_cut_off(
    admission, application, places, seconds, code
):
    times = iter([100.0, 100.0 + seconds])
    admission._clock = lambda: next(times)
    body = Body(b"x" * 1_000, places)
    ask(admission, request(method="POST", body=body, HTTP_TRANSFER_ENCODING="chunked"))
    assert [refusal and refusal.code for refusal in application.refusals] == [code]
    assert nothing_is_held(places)


@pytest.mark.parametrize(("method", "kind"), [("POST", Kind.READING), ("GET", Kind.PLAIN)])
def test_who_comes_when_all_places_are_taken_is_refused_at_once_and_unread(
    admission, application, places, method, kind
):
    body = Body(b"the content", places)
    told = request(method=method, body=body, CONTENT_LENGTH="11")
    for _ in range(32):
        places.waiting.enter(kind, admission._callers.of(told))
    ask(admission, told)
    assert (application.refusals[0].code, application.refusals[0].retry_after) == ("service_unavailable", 2)
    assert body.held == []
    ask(admission, request(method=method, body=body, CONTENT_LENGTH="11", HTTP_AUTHORIZATION="Bearer me"))
    assert application.refusals[1] is None, "others have theirs"


def test_a_large_body_that_finds_no_room_is_refused_and_holds_none(admission, application, places):
    environ = request(method="POST", body=Body(b"x" * 200_000, places), CONTENT_LENGTH="200000")
    places.waiting.add_bytes(places.waiting.limits.each_bytes, admission._callers.of(environ))
    ask(admission, environ)
    assert application.refusals[0].code == "service_unavailable"
    assert nothing_is_held(places)


class Endless:
    """A large body that sends as long as somebody reads, then stops and holds on until ``left`` is set."""

    def __init__(self, size, left):
        self.remaining = size
        self.left = left
        self.taken = 0
        self.stopped = threading.Event()

    def read(self, size):
        size = min(size, self.remaining)
        if not size:
            self.stopped.set()
            assert self.left.wait(30)
        self.remaining -= size
        self.taken += size
        return b"x" * size


def test_all_bodies_together_hold_no_more_bytes_than_there_is_room_for(admission, application, places):
    """Eighty bodies of a hundred callers' size: whoever finds no room is refused and lets go of what came."""
    limits, left = places.waiting.limits, threading.Event()
    bodies = [Endless(MOST - 2, left) for _ in range(limits.bodies)]

    def send(number):
        token = f"Bearer account {number % 20}"
        environ = request(method="POST", body=bodies[number], CONTENT_LENGTH=str(MOST - 1))
        answer, _ = ask(admission, environ | {"HTTP_AUTHORIZATION": token})
        bodies[number].taken = 0
        bodies[number].stopped.set()
        return answer

    with ThreadPoolExecutor(limits.bodies) as pool:
        answers = [pool.submit(send, number) for number in range(limits.bodies)]
        try:
            assert all(body.stopped.wait(30) for body in bodies)
            held = sum(body.taken for body in bodies)
            assert limits.bytes - limits.bodies * STEP < held <= limits.bytes + limits.bodies * STEP
            assert places.waiting.in_use()["reading"] < limits.bodies, "some were refused"
        finally:
            left.set()
        assert {answer.result()[0] for answer in answers} == {b"refused"}
    assert application.bodies == [], "none came in whole"
    assert nothing_is_held(places)


def test_while_all_work_the_process_still_says_that_it_lives_and_is_ready(admission, application, places):
    for number in range(4):
        places.working.take(bytes([number]))
    assert ask(admission, request("/live"))[0] == [b"onetwo"]
    assert ask(admission, request("/ready"))[0] == [b"onetwo"]


def test_a_streamed_answer_holds_no_working_place_and_its_download_until_it_is_closed(
    admission, application, places
):
    application.streams = True
    answer, _ = ask(admission, request())
    assert places.working.held == 0
    assert list(answer) == [b"a", b"b"]
    assert {(working, waiting["download"]) for working, waiting in application.held[1:]} == {(0, 1)}
    assert places.waiting.in_use()["download"] == 1
    answer.close()
    assert nothing_is_held(places)


def test_a_poll_waits_without_a_working_place_and_works_again_afterwards(places, admission):
    def poll(environ, start_response):
        start_response("200 OK", [])
        with environ[VISIT].polling():
            held.append((places.working.held, places.waiting.in_use()["poll"]))
        held.append((places.working.held, places.waiting.in_use()["poll"]))
        return [b""]

    held = []
    admission.application = poll
    ask(admission, request())
    assert held == [(0, 1), (1, 1)]
    assert nothing_is_held(places)


def test_one_account_polls_twice_at_most(places, admission):
    def poll(environ, start_response):
        start_response("200 OK", [])
        try:
            with environ[VISIT].polling():
                return ask(admission, request())[0]
        except Full:
            return [b"full"]

    admission.application = poll
    assert ask(admission, request())[0] == [b"full"]
    assert nothing_is_held(places)


def test_an_application_that_breaks_keeps_no_place(places, admission):
    def broken(_environ, _start_response):
        raise ValueError

    admission.application = broken
    with pytest.raises(ValueError):
        ask(admission, request())
    assert nothing_is_held(places)


@pytest.mark.parametrize(
    ("host", "protocol", "good"),
    [
        ("localhost:8000", "HTTP/1.1", True),
        ("[2001:db8::1]:80", "HTTP/1.1", True),
        ("xn--mller-kva.example", "HTTP/1.1", True),
        (None, "HTTP/1.1", False),
        ("", "HTTP/1.1", False),
        ("a,b", "HTTP/1.1", False),
        ("a, a", "HTTP/1.1", False),
        ("a/b", "HTTP/1.1", False),
        ("a b", "HTTP/1.1", False),
        ("user@a", "HTTP/1.1", False),
        ("a:80:80", "HTTP/1.1", False),
        ("a:port", "HTTP/1.1", False),
        ("", "HTTP/1", True),
        (None, "HTTP/1.0", True),
        ("a,b", "HTTP/1.0", False),
    ],
)
def test_a_request_says_once_where_it_goes(admission, application, host, protocol, good):
    ask(admission, request(HTTP_HOST=host, SERVER_PROTOCOL=protocol))
    assert (application.refusals == [None]) is good


def test_callers_are_told_apart_and_named_by_nothing():
    callers = Callers(
        lambda header: header if "good" in header else None, lambda environ: environ["REMOTE_ADDR"]
    )
    one = callers.of(request())
    assert one == callers.of(request(HTTP_AUTHORIZATION="Bearer of nobody"))
    assert one != callers.of(request(REMOTE_ADDR="203.0.113.10"))
    officer = callers.of(request(HTTP_AUTHORIZATION="good"))
    assert officer == callers.of(request(HTTP_AUTHORIZATION="good", REMOTE_ADDR="203.0.113.10"))
    assert (one.signed, officer.signed) == (False, True)
    assert ADDRESS.encode() not in one.key
    other_process = Callers(lambda _header: None, lambda environ: environ["REMOTE_ADDR"])
    assert other_process.of(request()).key != one.key, "the key is of this process only"
