"""The dictionaries, lists and plain values of a pickle, read as data: nothing of it is run."""

from __future__ import annotations

import pickletools
from collections.abc import Callable
from typing import Any

_MARK = object()
_PLAIN = frozenset({"SHORT_BINUNICODE", "BINUNICODE", "BINUNICODE8", "BININT", "BININT1", "BININT2",
                    "LONG1", "BINFLOAT"})
_VALUES: dict[str, Callable[[], Any]] = {
    "EMPTY_DICT": dict, "EMPTY_LIST": list, "EMPTY_TUPLE": tuple, "NONE": lambda: None,
    "NEWTRUE": lambda: True, "NEWFALSE": lambda: False, "MARK": lambda: _MARK}
_SILENT = frozenset({"PROTO", "FRAME"})


class _Machine:
    """The stack and the memo of a pickle (protocol 2 to 5)."""

    def __init__(self) -> None:
        self._stack: list[Any] = []
        self._memo: dict[int, Any] = {}
        self._steps: dict[str, Callable[[Any], None]] = {
            "MEMOIZE": lambda _: self._keep(len(self._memo)),
            "BINPUT": self._keep, "LONG_BINPUT": self._keep, "BINGET": self._get,
            "LONG_BINGET": self._get, "APPEND": lambda _: self._append([self._stack.pop()]),
            "APPENDS": lambda _: self._append(self._marked()),
            "SETITEM": lambda _: self._set([self._stack.pop(-2), self._stack.pop()]),
            "SETITEMS": lambda _: self._set(self._marked())}

    def step(self, name: str, argument: Any) -> None:
        """One instruction; raises ValueError for one that is not of plain data."""
        if name in _PLAIN:
            self._stack.append(argument)
        elif name in _VALUES:
            self._stack.append(_VALUES[name]())
        elif name in self._steps:
            self._steps[name](argument)
        elif name not in _SILENT:
            raise ValueError(f"refused: {name} is not plain data")

    def result(self) -> Any:
        """What is left on the stack."""
        return self._stack.pop()

    def _keep(self, number: int) -> None:
        self._memo[number] = self._stack[-1]

    def _get(self, number: int) -> None:
        self._stack.append(self._memo[number])

    def _marked(self) -> list[Any]:
        """What stands above the last mark, off the stack."""
        start = len(self._stack) - 1
        while self._stack[start] is not _MARK:
            start -= 1
            if start < 0:
                raise ValueError("no mark")
        found = self._stack[start + 1:]
        del self._stack[start:]
        return found

    def _append(self, values: list[Any]) -> None:
        target = self._stack[-1]
        if not isinstance(target, list):
            raise ValueError("not a list")
        target.extend(values)

    def _set(self, values: list[Any]) -> None:
        target = self._stack[-1]
        if not isinstance(target, dict) or len(values) % 2:
            raise ValueError("not a dictionary")
        target.update(zip(values[::2], values[1::2], strict=True))


def loads(data: bytes) -> Any:
    """What a pickle holds; raises ValueError where it is none or holds more than plain data."""
    machine = _Machine()
    try:
        for instruction, argument, _ in pickletools.genops(data):
            if instruction.name == "STOP":
                return machine.result()
            machine.step(instruction.name, argument)
    except (IndexError, KeyError, TypeError, OverflowError) as error:
        raise ValueError(f"{type(error).__name__}: {error}") from None
    raise ValueError("it has no end")
