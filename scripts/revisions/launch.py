"""Runs one command and says what it took: `python launch.py FIGURES TIMEOUT COMMAND…`.

A program of its own, and a small one, because the peak memory of a child counts
that of the process that made it.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path


def main() -> None:
    """Run the command with this process's own streams; the figures go to the file FIGURES."""
    target, timeout, command = Path(sys.argv[1]), float(sys.argv[2]), sys.argv[3:]
    start = time.perf_counter()
    late = False
    child = subprocess.Popen(command, start_new_session=True)

    def stop(*_: object) -> None:
        nonlocal late
        late = True
        os.killpg(child.pid, signal.SIGKILL)

    signal.signal(signal.SIGALRM, stop)
    signal.signal(signal.SIGTERM, stop)
    signal.setitimer(signal.ITIMER_REAL, timeout)
    _, status, used = os.wait4(child.pid, 0)
    signal.setitimer(signal.ITIMER_REAL, 0)
    figures = {
        "status": os.waitstatus_to_exitcode(status),
        "late": late,
        "wall": time.perf_counter() - start,
        "cpu": used.ru_utime + used.ru_stime,
        "memory": used.ru_maxrss * (1 if sys.platform == "darwin" else 1024),
    }
    target.write_text(json.dumps(figures))


if __name__ == "__main__":
    main()
