"""Runs the commands of a case in turn and takes medians."""
import os
import statistics
import subprocess
import tempfile
import time
from dataclasses import dataclass, field


@dataclass
class Case:
    """One question, put to several tools."""

    name: str
    size: int
    bytes: int
    commands: dict
    """By tool: the command, and what makes a number of its output, to see that all found the same."""


@dataclass
class Result:
    case: Case
    seconds: dict = field(default_factory=dict)
    cpu: dict = field(default_factory=dict)
    peak_mb: dict = field(default_factory=dict)
    runs: dict = field(default_factory=dict)
    found: dict = field(default_factory=dict)


def case(case, runs):
    result = Result(case)
    order = list(case.commands)
    for tool in order:
        # Also fills the page cache, so that no tool pays for the disk.
        command, count = case.commands[tool]
        with tempfile.TemporaryFile() as out:
            _, _, _, status = once(command, out)
            out.seek(0)
            result.found[tool] = count(out.read(), status)
    times = {tool: [] for tool in order}
    cpu = {tool: [] for tool in order}
    peaks = {tool: [] for tool in order}
    for number in range(runs):
        # Each goes first now and then: none gains from what another left in the caches.
        turn = number % len(order)
        for tool in order[turn:] + order[:turn]:
            if len(times[tool]) >= 3 and times[tool][0] > 20:
                continue
            with open(os.devnull, "wb") as out:
                seconds, busy, peak, _ = once(case.commands[tool][0], out)
            times[tool].append(seconds)
            cpu[tool].append(busy)
            peaks[tool].append(peak)
    result.seconds = {tool: statistics.median(values) for tool, values in times.items()}
    result.cpu = {tool: statistics.median(values) for tool, values in cpu.items()}
    result.peak_mb = {tool: max(values) / 1024 for tool, values in peaks.items()}
    result.runs = times
    return result


def once(command, out):
    """Wall time and processor time in seconds, peak resident memory in kB and exit status of one whole process."""
    begun = time.perf_counter()
    child = subprocess.Popen(command, stdout=out, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
    complaint = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - begun
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode not in (0, 1):
        raise SystemExit(f"{command} failed: {complaint.decode(errors='replace')}")
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss, child.returncode
