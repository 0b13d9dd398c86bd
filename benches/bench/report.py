"""Writes docs/benchmarks.md and its plots."""
import datetime
import os

from bench import machine
from bench.plot import plot

PLOTTED = (("selective filter", "selective"), ("group by two columns", "group"))
NOTES = {
    "start": "One record: what each takes to start. mynah reads its views, DuckDB's share is Python and its import.",
    "selective filter": "CloudTrail, all stops of a trail (one record in 8,000), of all time and of the day before the newest event, which "
    "all are of. DuckDB finds the types of all columns "
    "by itself, as somebody would ask it; the other line is with the one column it needs and its type given. Tools "
    "that take minutes for the largest log are timed over the others only.",
    "group by two columns": "CloudTrail, `eventName` by `awsRegion`: no record can be skipped.",
    "wildcards over command lines, without case": "Sysmon, three wildcards. `rg` looks at the whole line, which is an "
    "easier question.",
    "table of 16 columns, all records": "CloudTrail, written as JSON.",
    "selective filter in gzip": "One file, so that it cannot be split.",
    "EVTX files": "Files recorded on real machines, if a folder of them is at hand (`--evtx`); the number is that of "
    "the files. None of the other tools reads them.",
}


def lines(result):
    for tool, seconds in result.seconds.items():
        spread = f"{min(result.runs[tool]):.3f} to {max(result.runs[tool]):.3f}"
        yield f"{tool}: {seconds:.3f} s ({spread}), CPU {result.cpu[tool]:.3f} s, {result.peak_mb[tool]:.0f} MB, found {result.found[tool]:,}"


def write(docs, results, peers, sizes, runs, loads):
    (docs / "benchmarks").mkdir(parents=True, exist_ok=True)
    page = [_head(peers, runs, loads)]
    page.append("## Bars\n")
    page.append(_bars(results, sizes[-1]))
    page.append("## Growth\n")
    for name, file in PLOTTED:
        of = [result for result in results if result.case.name == name]
        for what, unit, values in (("time", "s", "seconds"), ("memory", "MB", "peak_mb")):
            text = plot(f"{name}: {what}", unit, sizes, _by_tool(of, values))
            (docs / "benchmarks" / f"{file}-{what}.svg").write_text(text)
            page.append(f"![{name}: {what} by number of records](benchmarks/{file}-{what}.svg)\n")
    page.append("## Figures\n")
    for name in dict.fromkeys(result.case.name for result in results):
        page.append(_table(name, [result for result in results if result.case.name == name]))
    (docs / "benchmarks.md").write_text("\n".join(page))


def _head(peers, runs, loads):
    versions = ", ".join(peers.versions.values())
    missing = "".join(f" {name} is missing: {reason}." for name, reason in peers.missing.items())
    busy = ""
    before, after = loads
    # What is measured keeps as many cores busy as there are, at most: only more than that is somebody else's.
    if before > 0.7 or after > os.cpu_count():
        busy = (
            "\nThe machine had other work at the time, so times from start to end are too long for every tool, most of "
            "all for those that use all cores. Processor time (CPU, of all threads) says more there.\n"
        )
    return f"""# Benchmarks

Written by `benches/run`, which makes up the logs, installs the other tools and writes this page; it needs
Python 3 and nothing else.

- Measured on {datetime.date.today()}: {machine.describe()}. Load before {loads[0]:.1f}, after {loads[1]:.1f}.
- Each figure is the median of {runs} runs of a whole process, from its start to its end; the tools of a table take
  turns, and who goes first changes. Where a run takes over 20 s, of 3 runs. Everything is in the page cache.
- Memory is the highest resident memory of the process in any run. Files that are mapped count in it, as
  `rg` maps its; nothing under the 17 MB of the script that starts the processes can be seen.
- With: {versions}.{missing}
- Nothing tells mynah the time: where a query asks for it, mynah finds the newest event by itself.
{busy}
## The logs

`mynah generate --source S --events N --seed K` makes up logs in the shape and the size of real ones; the same
arguments give the same bytes everywhere. Of each 1,000 records exactly one is an attack's, and the attacks of a log
source take turns:

| Log source | Bytes a record | Attacks |
|---|---|---|
| `aws.cloudtrail` | 1,310 | 8: logging stopped, trail deleted, detector deleted, access key, administrator's rights, open port, shared snapshot, sign-in of root |
| `azure.signinlogs` | 3,440 | 5: password spray, device code, impossible travel, old protocol, anonymous network |
| `o365.audit` | 1,190 | 5: inbox rule, forwarded mailbox, access to a mailbox, audit log off, consent to a program |
| `windows.sysmon` | 1,190 | 6: encoded PowerShell, shadow copies, download, memory dump, logon process opened, Run key |
| `windows.security` | 1,000 | 6: guessed password, weak ticket, log cleared, encoded PowerShell, download, new administrator |
"""


def _bars(results, size):
    selective = _find(results, "selective filter", size)
    group = _find(results, "group by two columns", size)
    rows = [f"With {size:,} records of CloudTrail ({selective.case.bytes / 1e6:.0f} MB).\n"]
    rows += ["| What | Bar | Measured | |", "|---|---|---|---|"]
    peers, told = selective.seconds, "DuckDB, told the columns"
    for tool, seconds in peers.items():
        if not tool.startswith("mynah"):
            continue
        if "rg -c" in peers:
            rows.append(_bar(f"selective, {tool}", "2 × `rg -c` + 50 ms", 2 * peers["rg -c"] + 0.05, seconds))
        if "DuckDB" in peers:
            rows.append(_bar(f"selective, {tool}", "DuckDB / 3", peers["DuckDB"] / 3, seconds))
    for tool, seconds in group.seconds.items():
        if tool.startswith("mynah") and told in group.seconds:
            rows.append(_bar(f"group by, {tool}", f"{told} × 2 / 3", group.seconds[told] * 2 / 3, seconds))
    for result in results:
        if "RSigma" in result.seconds:
            rows.append(_bar(result.case.name, "RSigma / 3", result.seconds["RSigma"] / 3, result.seconds["mynah"]))
    return "\n".join(rows) + "\n"


def _bar(what, name, bar, measured):
    verdict = "holds" if measured <= bar else f"**missed** by {measured / bar - 1:.0%}"
    return f"| {what} | {name} = {bar:.3f} s | {measured:.3f} s | {verdict} |"


def _table(name, results):
    rows = [f"### {name[0].upper()}{name[1:]}\n", NOTES.get(name, "") + "\n"]
    rows += ["| Records | MB | Tool | Median | Fastest | Slowest | CPU | Memory | Found |", "|---|---|---|---|---|---|---|---|---|"]
    for result in results:
        size = f"{result.case.size:,}"
        megabytes = f"{result.case.bytes / 1e6:.1f}"
        for tool, seconds in sorted(result.seconds.items(), key=lambda pair: pair[1]):
            runs = result.runs[tool]
            rows.append(
                f"| {size} | {megabytes} | {tool} | {seconds:.3f} s | {min(runs):.3f} | {max(runs):.3f} "
                f"| {result.cpu[tool]:.3f} s | {result.peak_mb[tool]:.0f} MB | {result.found[tool]:,} |"
            )
            size = megabytes = ""
    return "\n".join(rows) + "\n"


def _by_tool(results, values):
    by_tool = {}
    for result in results:
        for tool, value in getattr(result, values).items():
            by_tool.setdefault(tool, {})[result.case.size] = value
    return by_tool


def _find(results, name, size):
    return next(result for result in results if result.case.name == name and result.case.size == size)
