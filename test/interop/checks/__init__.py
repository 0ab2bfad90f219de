"""What selftest.py checks, and how it says what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Callable

from hl1.frame import ProtocolError
from hl1.program import emit


@dataclass
class Report:
    """Prints each check and remembers those that failed."""

    count: int = 0
    failed: list[str] = field(default_factory=list)

    def check(self, name: str, holds: bool, detail: object = None) -> None:
        self.count += 1
        if not holds:
            self.failed.append(name)
        emit(check=name, ok=holds, **({} if holds else {"detail": str(detail)}))

    def equal(self, name: str, found: object, expected: object) -> None:
        self.check(name, found == expected, f"found {found!r}, expected {expected!r}")

    def refuses(self, name: str, code: str, step: int, work: Callable[[], object]) -> None:
        """Holds when `work` fails with just this code and step."""
        try:
            work()
            found = None
        except ProtocolError as error:
            found = (error.code, error.step)
        self.equal(name, found, (code, step))
