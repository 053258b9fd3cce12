"""`einloop serve`: on this machine alone, for its own page alone, until interrupted."""

import base64
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from threading import Thread

import numpy as np
import pytest

from einloop.cli import main
from einloop.web.arrays import HeldArrays
from einloop.web.serving import HOST, MAX_BODY, start

PAGE = "<!DOCTYPE html><title>é</title>"
JSON = {"Content-Type": "application/json"}


@pytest.fixture
def server():
    with start(PAGE, HeldArrays(), 0) as found:
        thread = Thread(target=found.serve_forever, args=(0.01,))
        thread.start()
        yield found
        found.shutdown()
        thread.join()


def send(server, method="GET", path="", body=None, **headers):
    """Return status, headers and body of the answer; `path` is below the secret."""
    line = http.client.HTTPConnection(HOST, server.server_address[1], timeout=20)
    try:
        whole = path if path.startswith("//") else f"/{server.secret}/{path}"
        line.request(method, whole.removeprefix("/") if path.startswith("//") else whole, body, headers)
        found = line.getresponse()
        return found.status, dict(found.getheaders()), found.read()
    finally:
        line.close()


def ask(server, request, **headers):
    return send(server, "POST", "answer", json.dumps(request), **{**JSON, **headers})


def test_the_page_and_an_answer(server):
    status, headers, body = send(server)
    assert (status, body.decode()) == (200, PAGE)
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert not [name for name in headers if name.startswith("Access-Control")]
    status, headers, body = ask(server, {"id": 3, "ask": "loops", "state": {"text": "ij->i"}})
    assert (status, headers["Content-Type"]) == (200, "application/json")
    assert json.loads(body)["ok"]["verdict"]["state"] == "verified"


def test_it_listens_on_this_machine_alone(server):
    assert server.server_address[0] == "127.0.0.1"
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/[\w-]{22}/", server.url)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example"}, 421),
        ({"Host": "evil.example:{port}"}, 421),
        ({"Host": "127.0.0.1"}, 421),
        ({"Host": "127.0.0.1:1"}, 421),
        ({"Host": "127.0.0.1:{port}.evil.example"}, 421),
        ({"Host": ""}, 421),
        ({"Host": "localhost:{port}"}, 200),
        ({"Host": "127.0.0.1:{port}"}, 200),
        ({"Origin": "http://127.0.0.1:{port}"}, 200),
        ({"Origin": "http://localhost:{port}"}, 200),
        ({"Origin": "https://127.0.0.1:{port}"}, 403),
        ({"Origin": "http://127.0.0.1:1"}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://127.0.0.1:{port}.evil.example"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "none"}, 200),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
    ],
)
def test_other_pages_of_the_browser_are_refused(server, headers, status):
    headers = {name: value.format(port=server.server_address[1]) for name, value in headers.items()}
    assert send(server, **headers)[0] == status
    found, _, body = ask(server, {"ask": "sheet", "state": {}}, **headers)
    assert found == status
    assert status == 200 or b"ij" not in body


@pytest.mark.parametrize("path", ["///", "//answer", "///answer", "///wrong/answer", "///../answer"])
def test_without_the_secret_there_is_nothing(server, path):
    for method in ("GET", "POST"):
        status, _, body = send(server, method, path, "{}", **JSON)
        assert status == 404, (method, path)
        assert b"title" not in body


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_what_a_form_can_send_is_refused(server, kind):
    assert send(server, "POST", "answer", "{}", **{"Content-Type": kind})[0] == 415


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "TRACE", "HEAD"])
def test_other_methods_are_refused(server, method):
    assert send(server, method)[0] == 501


def test_the_length_of_a_request_is_bounded(server):
    def raw(*lines):
        with socket.create_connection(server.server_address, timeout=20) as line:
            head = (f"POST /{server.secret}/answer HTTP/1.1", f"Host: {HOST}:{server.server_address[1]}", *lines)
            line.sendall("\r\n".join((*head, "", "")).encode())
            return line.recv(100).split()[1]

    kind = "Content-Type: application/json"
    assert raw(kind) == b"411"
    assert raw(kind, "Content-Length: x") == b"411"
    assert raw(kind, "Content-Length: -1") == b"411"
    assert raw(kind, f"Content-Length: {MAX_BODY + 1}") == b"413"
    assert raw(kind, "Content-Length: 2", "Transfer-Encoding: chunked") == b"411"


@pytest.mark.parametrize("body", ["", "{", "[" * 100_000, '"x"', "nan", b"\xff\xfe"])
def test_a_body_that_is_no_request_is_answered_with_an_error(server, body):
    status, _, found = send(server, "POST", "answer", body, **JSON)
    assert status == 200
    assert json.loads(found)["error"]["id"] == "EL470"


def test_files_are_held_for_later_questions(server, tmp_path):
    path = tmp_path / "A.npy"
    np.save(path, np.arange(3.0))
    data = base64.b64encode(path.read_bytes()).decode()
    key = json.loads(ask(server, {"ask": "file", "name": "A.npy", "bytes": data})[2])["ok"]["key"]
    state = {"text": "i->", "arrays": [f"A={key}"], "at": ""}
    assert "3" in json.loads(ask(server, {"ask": "why", "state": state})[2])["ok"]["html"]


def test_questions_at_once_are_all_answered(server):
    found = {}

    def one(number):
        text = "ij,jk->ik" if number % 2 else "ij->z"
        found[number] = json.loads(ask(server, {"id": number, "ask": "meaning", "state": {"text": text}})[2])

    threads = [Thread(target=one, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {number: "ok" in answer and answer["id"] == number for number, answer in found.items()} == {
        number: bool(number % 2) for number in range(8)
    }


@pytest.mark.parametrize("port", [-1, 65536])
def test_a_port_that_is_none(port, capsys):
    assert main(["serve", "--no-browser", "--port", str(port)]) == 2
    assert f"error EL479: port {port}" in capsys.readouterr().err


def test_a_port_that_is_taken(server, capsys):
    port = server.server_address[1]
    assert main(["serve", "--no-browser", "--port", str(port)]) == 2
    assert capsys.readouterr().err == (
        f"error EL489: port {port} cannot be used: Address already in use\nhint: --port 0 takes one that is free\n"
    )


def test_two_arrays_of_one_name(tmp_path, capsys):
    np.save(tmp_path / "a.npy", np.ones(2))
    load = ["--load", f"A={tmp_path / 'a.npy'}"]
    assert main(["serve", "--no-browser", *load, *load]) == 2
    assert "error EL480: two arrays for A" in capsys.readouterr().err


def test_a_file_that_is_not_there(capsys):
    assert main(["serve", "--no-browser", "--load", "A=none.npy"]) == 2
    assert "EL411" in capsys.readouterr().err


@contextmanager
def running(*arguments, **environment):
    """Start `einloop serve` in a process of its own; give it and the address that it prints."""
    command = [sys.executable, "-m", "einloop", "serve", *arguments]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", **environment}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment) as found:
        try:
            yield found, found.stdout.readline().strip()
        finally:
            found.kill()


def fetched(url, path="", body=None):
    host, _, secret = url.removeprefix("http://").partition("/")
    line = http.client.HTTPConnection(host, timeout=20)
    line.request("GET" if body is None else "POST", f"/{secret}{path}", body, JSON if body else {})
    found = line.getresponse().read().decode()
    line.close()
    return found


def embedded(page):
    return json.loads(re.search(r'<script type="application/json" id="web-data">(.*?)</script>', page, re.S)[1])


def test_the_command_serves_arrays_and_ends_with_control_c(tmp_path):
    np.save(tmp_path / "a.npy", np.array([2, 5], "int32"))
    with running("--no-browser", "--lang", "ja", "--load", f"A={tmp_path / 'a.npy'}") as (process, url):
        data = embedded(fetched(url))
        (array,) = data["loaded"]
        assert (array["name"], array["shape"], array["dtype"]) == ("A", [2], "int32")
        assert (data["transport"], data["lang"]) == ("server", "ja")
        assert (data["state"]["text"], data["state"]["arrays"]) == ("a->a", [f"A={array['key']}"])
        assert "ok" in data["answers"]["meaning"]
        state = {"text": "i->", "arrays": data["state"]["arrays"]}
        answer = json.loads(fetched(url, "answer", json.dumps({"ask": "why", "state": state})))
        assert "<code>7</code>" in answer["ok"]["html"]
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
        assert process.stderr.read() == ""


def test_two_matrices_are_multiplied_at_first(tmp_path):
    np.save(tmp_path / "a.npy", np.ones((5, 3)))
    np.save(tmp_path / "b.npy", np.ones((3, 7)))
    with running("--no-browser", "--load", f"{tmp_path}/a.npy", "--load", f"B={tmp_path}/b.npy") as (_, url):
        data = embedded(fetched(url))
        assert (data["state"]["text"], data["state"]["shapes"]) == ("ij,jk->ik", "")
        assert [one["shape"] for one in data["answers"]["meaning"]["ok"]["operands"]] == [[5, 3], [3, 7]]
        assert all("ok" in answer for answer in data["answers"].values())


def test_two_at_once_have_ports_and_secrets_of_their_own():
    with running("--no-browser") as (_, one), running("--no-browser") as (_, other):
        assert one.split("/")[2] != other.split("/")[2]
        assert one.split("/")[3] != other.split("/")[3]
        assert "<title>" in fetched(one)
        assert "<title>" in fetched(other)


def test_the_browser_is_opened(tmp_path):
    seen = tmp_path / "seen"
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {seen}.part\nmv {seen}.part {seen}\n')
    browser.chmod(0o755)
    with running(BROWSER=str(browser)) as (_, url):
        for _ in range(100):
            if seen.exists():
                break
            fetched(url)
        assert seen.read_text().strip() == url
