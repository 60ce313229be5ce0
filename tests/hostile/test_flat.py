"""A process that lives long: five hundred scans take no more memory than one hundred."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import sys
from pathlib import Path
from astralint.api import ScanOptions, scan

def megabytes():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4 / 1024

root = Path(sys.argv[1])
seen = []
for number in range(1, 501):
    scan(root, ScanOptions(boundary=root, jobs=1))
    if number in (100, 500):
        seen.append(megabytes())
print(seen[1] - seen[0])
"""


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="the memory of a process is read from /proc")
def test_five_hundred_scans_take_no_more_memory(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(
        'resource "aws_iam_role" "r" {\n  name = "r"\n  assume_role_policy = jsonencode({ Statement = [{ Effect = "Allow",\n'
        '    Action = "sts:AssumeRole", Principal = { AWS = "arn:aws:iam::111111111111:root" } }] })\n}\n'
    )
    done = subprocess.run([sys.executable, "-c", PROGRAM, str(tmp_path)], capture_output=True, text=True, check=True)
    assert float(done.stdout) < 8
