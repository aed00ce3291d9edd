"""Every wrong kind of token is refused, by our clock and with one of three codes."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from community_api.access import tokens
from community_api.access.tokens import Claims
from community_api.core.errors import DomainError
from tests.support.factories import key_ring

# Far from the clock of the machine: only ours counts.
NOW = datetime(2031, 3, 2, 9, 0, tzinfo=UTC)
CLAIMS = Claims(uuid.uuid4(), uuid.uuid4(), uuid.uuid4(), NOW + timedelta(minutes=15))
APP = Flask(__name__)
tokens.install(APP, key_ring())


@pytest.fixture(autouse=True)
def _in_the_application():
    with APP.app_context():
        yield


def claims(**changed: Any) -> dict[str, Any]:
    body = {
        "sub": str(CLAIMS.account_id),
        "sid": str(CLAIMS.session_id),
        "jti": str(CLAIMS.token_id),
        "type": "access",
        "iss": tokens.ISSUER,
        "aud": tokens.AUDIENCE,
        "iat": int(NOW.timestamp()),
        "nbf": int(NOW.timestamp()),
        "exp": int(NOW.timestamp()) + 900,
    }
    body.update(changed)
    return {name: value for name, value in body.items() if value is not None}


def forged(key: Any = None, algorithm: str = "HS256", **changed: Any) -> str:
    return jwt.encode(claims(**changed), key or key_ring().token, algorithm)


def code_of(token: str, now: datetime = NOW, kind: tokens.Kind = "access") -> str:
    with pytest.raises(DomainError) as caught:
        tokens.read(kind, token, now)
    return caught.value.code


def test_a_token_says_what_was_written():
    for kind in ("access", "refresh"):
        assert tokens.read(kind, tokens.write(kind, CLAIMS, NOW), NOW) == CLAIMS


def test_a_token_made_by_hand_with_our_key_is_read_so_the_forgeries_below_differ_in_one_thing():
    assert tokens.read("access", forged(), NOW) == CLAIMS


def test_a_token_holds_no_name_and_no_role():
    body = tokens.write("access", CLAIMS, NOW).split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    assert set(claims) == {"fresh", "iat", "jti", "type", "sub", "nbf", "aud", "iss", "sid", "exp"}


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (-6, "token_invalid"),
        (-4, None),
        (0, None),
        (899, None),
        (900, "token_expired"),
        (86400, "token_expired"),
    ],
)
def test_times_are_judged_by_our_clock(seconds, code):
    token, now = tokens.write("access", CLAIMS, NOW), NOW + timedelta(seconds=seconds)
    if code is None:
        assert tokens.read("access", token, now) == CLAIMS
    else:
        assert code_of(token, now) == code


RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PUBLIC_PEM = RSA.public_key().public_bytes(
    serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
)


def _with_header(**header: object) -> str:
    head = base64.urlsafe_b64encode(json.dumps(header).encode()).decode().rstrip("=")
    body, mac = forged().split(".")[1:]
    return f"{head}.{body}.{mac}"


def _confused() -> str:
    """Signed by HMAC with the text of a public key, which anybody may have."""
    head = base64.urlsafe_b64encode(b'{"alg":"HS256","typ":"JWT"}').decode().rstrip("=")
    body = base64.urlsafe_b64encode(json.dumps(claims()).encode()).decode().rstrip("=")
    mac = hmac.digest(PUBLIC_PEM, f"{head}.{body}".encode(), hashlib.sha256)
    return f"{head}.{body}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"


WRONG = {
    "empty": "",
    "garbage": "garbage",
    "three dots": "...",
    "two parts": ".".join(forged().split(".")[:2]),
    "cut": forged()[:-4],
    "another key": forged(key=b"k" * 32),
    "no algorithm": jwt.encode(claims(), "", "none"),
    "algorithm none in the header": _with_header(alg="none", typ="JWT"),
    "RS256": jwt.encode(claims(), RSA, "RS256"),
    "HS and RS confused": _confused(),
    "HS512": forged(key=key_ring().token * 2, algorithm="HS512"),
    "refresh as access": forged(type="refresh"),
    "another kind": forged(type="session"),
    "wrong audience": forged(aud="somebody-else"),
    "no audience": forged(aud=None),
    "wrong issuer": forged(iss="somebody-else"),
    "no issuer": forged(iss=None),
    "no session": forged(sid=None),
    "no subject": forged(sub=None),
    "no id": forged(jti=None),
    "session that is no id": forged(sid="../../etc"),
    "session that is a number": forged(sid=5),
    "no end": forged(exp=None),
    "no beginning": forged(nbf=None),
    "end that is no number": forged(exp="soon"),
    "end beyond all time": forged(exp=10**18),
    "begins tomorrow": forged(nbf=int(NOW.timestamp()) + 86400),
    "made tomorrow": forged(iat=int(NOW.timestamp()) + 86400),
    "subject that is no text": jwt.encode({**claims(), "sub": "17"}, key_ring().token, "HS256"),
    "very long": forged() + "A" * 4000,
    "not ASCII": "ä.ö.ü",
    "nested claims": base64.urlsafe_b64encode(b"[" * 600).decode().join([".", "."]),
}


@pytest.mark.parametrize("token", WRONG.values(), ids=WRONG.keys())
def test_a_wrong_token_is_invalid(token):
    assert code_of(token) == "token_invalid"


def test_an_access_token_renews_nothing():
    assert code_of(tokens.write("access", CLAIMS, NOW), kind="refresh") == "token_invalid"


def test_what_was_found_good_once_still_runs_out():
    token = tokens.write("access", CLAIMS, NOW)
    assert tokens.read("access", token, NOW) == CLAIMS
    assert code_of(token, NOW + timedelta(minutes=15)) == "token_expired"
    assert code_of(token, kind="refresh") == "token_invalid"


@given(
    st.text(max_size=300) | st.from_regex(r"[A-Za-z0-9_-]{0,80}\.[A-Za-z0-9_-]{0,300}\.[A-Za-z0-9_-]{0,60}")
)
def test_whatever_is_sent_as_a_token_is_refused_calmly(text):
    with APP.app_context():
        assert code_of(text) == "token_invalid"


odd = st.recursive(
    st.none() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda x: st.lists(x, max_size=3),
)
CLAIM_NAMES = ["sub", "sid", "jti", "type", "aud", "iat", "nbf", "exp"]


@given(st.sampled_from(CLAIM_NAMES), odd.filter(lambda value: not isinstance(value, int) or value < 0))
def test_a_token_of_our_key_with_one_odd_claim_is_refused_calmly(claim, value):
    token = jwt.encode({**claims(), claim: value}, key_ring().token, "HS256")
    with APP.app_context():
        try:
            tokens.read("access", token, NOW)
        except DomainError as refused:
            assert refused.code in {"token_invalid", "token_expired"}  # noqa: PT017 - a moment may be one


SIXTY_FOUR = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


ADDED = ["=", "==", ".", "A", " ", "\n", "\t", "!", "%20", "\u00e4", "\x00", "+", "/"]


@pytest.mark.parametrize("added", ADDED)
@pytest.mark.parametrize("where", ["end", "start", "header", "payload", "signature"])
def test_a_token_with_a_character_added_is_refused(added, where):
    token = tokens.write("access", CLAIMS, NOW)
    assert tokens.read("access", token, NOW) == CLAIMS
    parts = token.split(".")
    if where in {"header", "payload", "signature"}:
        index = ["header", "payload", "signature"].index(where)
        parts[index] = parts[index][:7] + added + parts[index][7:]
        changed = ".".join(parts)
    else:
        changed = token + added if where == "end" else added + token
    assert code_of(changed) == "token_invalid"
    # What was found good before is remembered by its text, and nothing else is.
    assert code_of(changed) == "token_invalid"


def test_no_other_spelling_of_the_same_bits_is_good():
    token = tokens.write("access", CLAIMS, NOW)
    same = [token[:-1] + last for last in SIXTY_FOUR if last != token[-1]]
    assert len(same) == 63
    assert {code_of(other) for other in same} == {"token_invalid"}
