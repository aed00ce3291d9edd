"""Passwords: what is kept, what is refused, and that refusing costs what accepting does."""

from __future__ import annotations

import threading

import argon2
import pytest

from community_api.access import password_strength, passwords
from community_api.core.errors import DomainError

GOOD = "Seven grey herons, by the weir"


def test_what_is_kept_is_argon2id_with_the_promised_cost():
    kept = argon2.extract_parameters(passwords.hash_password(GOOD))
    assert (kept.type, kept.memory_cost, kept.time_cost, kept.parallelism) == (argon2.Type.ID, 19_456, 2, 1)


def test_the_same_password_is_kept_differently_each_time():
    assert passwords.hash_password(GOOD) != passwords.hash_password(GOOD)


def test_the_right_password_is_right_and_any_other_is_wrong():
    kept = passwords.hash_password(GOOD)
    assert passwords.verify(kept, GOOD)
    assert not passwords.verify(kept, GOOD + " ")
    assert not passwords.verify(kept, "")


def test_an_accent_is_the_same_however_the_keyboard_makes_it():
    kept = passwords.hash_password("Vier Bäume am Fluss")
    assert passwords.verify(kept, "Vier Ba\u0308ume am Fluss")


def test_without_a_kept_password_nothing_is_right_and_a_hash_is_made_all_the_same(monkeypatch):
    made = []
    verify = type(passwords._HASHER).verify

    def counted(*values):
        made.append(values)
        return verify(*values)

    monkeypatch.setattr(type(passwords._HASHER), "verify", counted)
    assert not passwords.verify(None, GOOD)
    assert not passwords.verify(None, "nobody's password: it only takes time")
    assert len(made) == 2


def test_a_damaged_hash_refuses():
    assert not passwords.verify("$argon2id$v=19$broken", GOOD)


def test_a_hash_of_other_parameters_is_to_be_made_anew():
    old = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(GOOD)
    assert passwords.needs_new_hash(old)
    assert not passwords.needs_new_hash(passwords.hash_password(GOOD))


def test_two_hash_at_a_time_and_the_third_waits():
    together, most, entered = 0, 0, threading.Semaphore(0)
    go_on, lock = threading.Event(), threading.Lock()

    def hashing():
        nonlocal together, most
        with passwords.hashing_slot():
            with lock:
                together += 1
                most = max(most, together)
            entered.release()
            go_on.wait(10)
            with lock:
                together -= 1

    threads = [threading.Thread(target=hashing) for _ in range(5)]
    for thread in threads:
        thread.start()
    assert entered.acquire(timeout=10)
    assert entered.acquire(timeout=10)
    assert not entered.acquire(timeout=0.1)
    go_on.set()
    for thread in threads:
        thread.join()
    assert most == 2


def test_who_waits_too_long_for_a_turn_is_asked_to_come_again(monkeypatch):
    monkeypatch.setattr(passwords, "PATIENCE_SECONDS", 0.01)
    with (
        passwords.hashing_slot(),
        passwords.hashing_slot(),
        pytest.raises(DomainError) as caught,
        passwords.hashing_slot(),
    ):
        pass
    assert (caught.value.code, caught.value.retry_after) == ("service_unavailable", 5)


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "elevenchars",
        "aaaaaaaaaaaaaaaa",
        "abababababababab",
        "password123456789",
        "Willkommen2026!!",
        "j.albrecht is me 99",
        "x" * 129,
        "my name is Albrecht!",
    ],
)
def test_weak_passwords_are_refused(password):
    with pytest.raises(DomainError, match="password_weak"):
        password_strength.check_strength(password, "j.albrecht", "Jonas", "Albrecht")


@pytest.mark.parametrize("password", [GOOD, "correct horse battery", "Zwölf Eulen im Turm"])
def test_a_sentence_is_a_good_password(password):
    password_strength.check_strength(password, "j.albrecht", "Jonas", "Albrecht")
