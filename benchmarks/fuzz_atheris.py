"""One reader fuzzed by Atheris: the branches of kg/ guide it, libFuzzer changes the inputs.

usage: python benchmarks/fuzz_atheris.py READER EXECUTIONS SECONDS SEED OUT

`fuzz.py --engine atheris` starts it once for each reader: kg/ must be imported where Atheris counts
its branches, and libFuzzer never gives a process back.  Its log goes to standard error.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import atheris
from msgspec import json as msgjson


def main(name: str, executions: int, seconds: float, seed: int, out: Path) -> None:
    """What became of the reader is in the file `out`; the process has ended."""
    with atheris.instrument_imports(include=["kg"]):  # all the time: some are imported late
        import fuzz  # noqa: PLC0415 - it imports kg
        from fuzz_contract import BYTES, limited  # noqa: PLC0415
        from fuzz_targets import TARGETS  # noqa: PLC0415

        fuzz.warmed(name)
        target, inside, corpus = TARGETS[name], out.with_name("in"), out.with_name("corpus")
        fuzzer = fuzz.Fuzzer(target, inside, seed, out.with_name("last"))
        inside.mkdir()
        corpus.mkdir()
        for number, data in enumerate(fuzzer.seeds):
            (corpus / f"seed-{number:04}").write_bytes(data)
        limited(BYTES + target.space)
        started = time.process_time()

        def one(data: bytes) -> None:
            fuzzer.one(data, traced=False)
            spent = time.process_time() - started
            if fuzzer.told.executions >= executions or spent > seconds:
                out.write_bytes(msgjson.encode(fuzzer.ended(spent)))
                os._exit(0)
        atheris.Setup([sys.argv[0], str(corpus), f"-max_len={target.longest}", f"-seed={seed}",
                       "-rss_limit_mb=0", "-timeout=600"], one)  # the contract has its own limits
        atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4]), Path(sys.argv[5]))
