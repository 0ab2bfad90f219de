#!/usr/bin/python3 -B
"""Checks these peers: against recorded sessions, against each other over loopback, and under attack.

    selftest.py PATH/classic.json PATH/modern.json

Prints a line per check; exit status 0 only if all hold.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from checks import Report
from checks.programs import check_programs
from checks.recording import Recording, check_recording
from hl1.program import SUITES, emit, one_of


def arguments() -> argparse.Namespace:
    made = argparse.ArgumentParser(description="Checks the Python peers of HL/1.")
    made.add_argument("vectors", type=Path, nargs="+", help="recorded sessions: classic.json, modern.json")
    made.add_argument("--suite", choices=sorted(SUITES), help="run the programs in this suite alone")
    made.add_argument("--recordings-only", action="store_true", help="leave out what runs the programs")
    made.add_argument("--one-of", type=one_of, default=1, metavar="N", help="of attacks, one in N of each alert at each step")
    return made.parse_args()


def main() -> int:
    options, report = arguments(), Report()
    for path in options.vectors:
        check_recording(report, Recording(json.loads(path.read_text())))
    if not options.recordings_only:
        with tempfile.TemporaryDirectory() as folder:
            suites = [options.suite] if options.suite else list(SUITES)
            check_programs(report, Path(folder), suites, one_of=options.one_of)
    emit(ok=not report.failed, checks=report.count, failed=report.failed)
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
