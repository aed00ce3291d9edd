"""The load generator's reading of answers."""

import pytest

from benchmarks import generator
from benchmarks.generator import LoadError

HEAD = b"HTTP/1.1 201 CREATED\r\nserver: x\r\nContent-Length: 5\r\n"


@pytest.mark.parametrize(
    ("data", "complete"),
    [
        (HEAD, False),
        (HEAD + b"\r\n", False),
        (HEAD + b"\r\nhell", False),
        (HEAD + b"\r\nhello", True),
        (b"HTTP/1.1 204 NO CONTENT\r\nserver: x\r\n\r\n", True),
        (b"HTTP/1.1 304 NOT MODIFIED\r\ncontent-length: 9\r\n\r\n", True),
    ],
)
def test_answer_is_complete_when_all_of_its_body_is_here(data, complete):
    assert generator.is_complete(data) is complete


def test_answer_that_does_not_tell_its_length_is_refused():
    with pytest.raises(LoadError):
        generator.is_complete(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello")


def test_length_in_the_body_is_not_mistaken_for_the_header():
    with pytest.raises(LoadError):
        generator.is_complete(b"HTTP/1.1 200 OK\r\n\r\n\r\nContent-Length: 1\r\n")


def test_messages_are_read_back_as_written(tmp_path):
    messages = [b"", b"GET / HTTP/1.1\r\n\r\n", bytes(range(256)) * 300]
    generator.write_messages(tmp_path / "messages", messages)
    assert generator.read_messages(tmp_path / "messages") == messages
