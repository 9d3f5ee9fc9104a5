import threading

from app.matching.once import once


class Slow:
    def __init__(self, gate: threading.Barrier) -> None:
        self.gate, self.worked = gate, 0

    @once
    def value(self) -> int:
        """What it took."""
        self.gate.wait(timeout=10)
        self.worked += 1
        return 7


def test_a_value_is_worked_out_once() -> None:
    slow = Slow(threading.Barrier(1))
    assert (slow.value, slow.value, slow.worked) == (7, 7, 1)
    assert Slow.value.__doc__ == "What it took."


def test_one_object_never_waits_for_another() -> None:
    # Both stand before the barrier at the same time; under a lock of the class neither would pass.
    gate = threading.Barrier(2)
    both = [Slow(gate), Slow(gate)]
    threads = [threading.Thread(target=lambda one=one: one.value) for one in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert [one.worked for one in both] == [1, 1]
