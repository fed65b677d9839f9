"""A steady history is the same at every run, and changes nothing but numbers that the system hands out."""

from __future__ import annotations

from dataclasses import replace

from histories import CLIENT, SERVER, Story

from autograder.exchange import Exchange, Outcome, ProgramState
from autograder.steady import steady


def story(server: int, client: int, process: int, lowest: int) -> Exchange:
    """One client served, with the numbers of one run."""
    told = Story()
    address, peer = (SERVER[0], server), (CLIENT[0], client)
    told.student("socket", process=process, descriptor=lowest)
    told.student("bind", process=process, descriptor=lowest, arguments=(repr(address),), local=address)
    told.student("listen", process=process, descriptor=lowest, arguments=(5,), local=address)
    told.reference("socket", descriptor=lowest + 40)
    told.reference("connect", descriptor=lowest + 40, arguments=(repr(address),), local=peer, remote=address)
    ends = {"local": address, "remote": peer}
    told.student("accept", process=process, descriptor=lowest, made=2, result=lowest + 3, **ends)
    told.student("recv", 2, process=process, descriptor=lowest + 3, data=b"%d" % server, **ends)
    told.step(f"connects to 127.0.0.1 port {server}", detail=f"nobody listens at port {server}", outcome=Outcome.DONE)
    program = ProgramState(output=f"listening on {server}, client {client}, pi is 3.{server}\n")
    return replace(told.exchange(), given=address, bound=address, program=program)


def test_two_runs_of_the_same_events_are_one_steady_history():
    one, other = steady(story(20123, 51000, 10, 6)), steady(story(31999, 34567, 77, 9))
    assert [replace(call, data=b"") for call in one.calls] == [replace(call, data=b"") for call in other.calls]
    assert one.steps == other.steps
    assert (one.given, one.bound) == (other.given, other.bound) == (("127.0.0.1", 5000),) * 2


def test_what_becomes_of_each_number():
    calls = {call.name: call for call in steady(story(20123, 51000, 10, 6)).calls}
    assert calls["bind"].arguments == ("('127.0.0.1', 5000)",)
    assert (calls["accept"].local, calls["accept"].remote) == (("127.0.0.1", 5000), ("127.0.0.1", 50001))
    assert (calls["accept"].descriptor, calls["accept"].result, calls["recv"].descriptor) == (3, 4, 4)
    assert (calls["listen"].process, calls["connect"].process, calls["connect"].descriptor) == (1, 2, 3)


def test_words_are_renamed_and_other_numbers_and_bytes_are_not():
    kept = steady(story(20123, 51000, 10, 6))
    assert kept.program.output == "listening on 5000, client 50001, pi is 3.20123\n"
    assert kept.steps[0].text == "connects to 127.0.0.1 port 5000"
    assert kept.steps[0].detail == "nobody listens at port 5000"
    assert next(kept.by("student", "recv")).data == b"20123"
    assert next(kept.by("student", "listen")).arguments == (5,)


def test_a_port_that_the_program_chose_itself_stays():
    told = Story()
    told.student("bind", arguments=("('127.0.0.1', 8080)",), local=("127.0.0.1", 8080))
    kept = steady(replace(told.exchange(), given=SERVER))
    assert kept.calls[0].local == ("127.0.0.1", 8080)
    assert kept.calls[0].arguments == ("('127.0.0.1', 8080)",)


def test_a_port_in_the_wrong_byte_order_follows_the_given_one():
    swapped = int.from_bytes(SERVER[1].to_bytes(2, "little"), "big")
    told = Story()
    told.student("bind", arguments=(f"('127.0.0.1', {swapped})",), local=("127.0.0.1", swapped))
    kept = steady(replace(told.exchange(), given=SERVER))
    assert kept.calls[0].local == ("127.0.0.1", int.from_bytes((5000).to_bytes(2, "little"), "big"))


def test_clients_are_numbered_in_the_order_the_check_made_them():
    for first, second in ((40000, 60000), (60000, 40000)):
        told = Story()
        told.listens()
        told.connects(1, ("127.0.0.1", first))
        told.connects(2, ("127.0.0.1", second))
        told.accepts(2, ("127.0.0.1", second))
        kept = steady(replace(told.exchange(), given=SERVER))
        assert next(kept.by("student", "accept")).remote == ("127.0.0.1", 50002)


def test_a_steady_history_stays_as_it_is():
    kept = steady(story(20123, 51000, 10, 6))
    assert steady(kept) == kept


def test_a_history_without_calls_is_steady():
    empty = Exchange("f", "function", "none")
    assert steady(empty) == empty
