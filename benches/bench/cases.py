"""What is asked, in each tool's words."""
import json
import shlex

from bench.measure import Case

STOP = "StopLogging"
COLUMNS = [
    "eventTime", "eventSource", "eventName", "awsRegion", "sourceIPAddress", "userAgent", "userIdentity.type",
    "userIdentity.arn", "userIdentity.accountId", "userIdentity.userName", "requestID", "eventID", "readOnly",
    "eventType", "recipientAccountId", "errorCode",
]
SELECTIVE = {
    "EQL": ("eql", f'any where event.action == "{STOP}"'),
    "AQL": ("aql", f"SELECT username, sourceip FROM events WHERE QIDNAME(qid) = '{STOP}'"),
    "AQL, last day": (
        "aql",
        f"SELECT username, sourceip FROM events WHERE QIDNAME(qid) = '{STOP}' LAST 24 HOURS",
    ),
    "SPL": ("spl", f"index=aws eventName={STOP} | table userIdentity.arn, sourceIPAddress"),
    "SPL, last day": (
        "spl",
        f"index=aws eventName={STOP} earliest=-24h | table userIdentity.arn, sourceIPAddress",
    ),
    "Sumo": ("sumo", f'_sourceCategory=*CloudTrail* {STOP} | json "eventName" as name | where name = "{STOP}"'),
}
COMMANDS = ["-urlcache", "delete shadows", "comsvcs.dll"]


def all_cases(mynah, peers, logs, evtx, pack):
    """The cases, in the order of the page. Each is made when it is its turn."""
    build = _Builder(mynah, peers)
    largest = logs.sizes[-1]
    yield from build.starts(logs)
    for size in logs.sizes:
        yield build.selective(logs.plain("aws.cloudtrail", size), size, largest)
    for size in logs.sizes:
        yield build.group(logs.plain("aws.cloudtrail", size), size, largest)
    for size in logs.sizes:
        yield build.command_lines(logs.plain("windows.sysmon", size), size, largest)
    yield build.wide(logs.plain("aws.cloudtrail", logs.sizes[1]), logs.sizes[1])
    yield build.gzip(logs.gzipped("aws.cloudtrail", logs.sizes[1]), logs.sizes[1])
    files = sorted(evtx.rglob("*.evtx"))
    if files:
        yield build.evtx(files)
    if pack:
        yield build.rules(*pack.half, pack.once)
        yield build.rules(*pack.rules, pack.once)
        yield build.rules(*pack.rules, pack.tenfold)


class _Builder:
    def __init__(self, mynah, peers):
        self.mynah = mynah
        self.peers = peers

    def starts(self, logs):
        """What each tool takes to do next to nothing."""
        smallest = logs.plain("aws.cloudtrail", 1)
        commands = {"mynah (EQL)": (self._run("eql", "any where true", smallest), _rows)}
        if "rg" in self.peers:
            commands["rg -c"] = ([self.peers["rg"], "-c", "eventName", str(smallest)], _number)
        if "duckdb" in self.peers:
            commands["DuckDB"] = (self._duck(f"select count(*) from {_json(smallest)}"), _number)
        yield Case("start", 1, smallest.stat().st_size, commands)

    def selective(self, path, size, largest):
        commands = {f"mynah ({name})": (self._run(*query, path), _rows) for name, query in SELECTIVE.items()}
        if "rg" in self.peers:
            commands["rg -c"] = ([self.peers["rg"], "-c", STOP, str(path)], _number)
        if "duckdb" in self.peers:
            where = f"where eventName = '{STOP}'"
            commands["DuckDB"] = (self._duck(f"select count(*) from {_json(path)} {where}"), _number)
            told = _json(path, "eventName")
            commands["DuckDB, told the columns"] = (self._duck(f"select count(*) from {told} {where}"), _number)
        if size < largest:
            self._jq(commands, path, f'select(.eventName == "{STOP}") | .eventID')
            self._eql(commands, path, f'any where eventName == "{STOP}"')
            self._ag(commands, path, f'"{STOP}" | json | where eventName == "{STOP}" | count')
        return Case("selective filter", size, path.stat().st_size, commands)

    def group(self, path, size, largest):
        commands = {
            "mynah (SPL)": (self._run("spl", "index=aws | stats count by eventName, awsRegion", path), _rows),
            "mynah (AQL)": (
                self._run(
                    "aql",
                    'SELECT QIDNAME(qid) AS name, "deviceCustomString2" AS region, COUNT(*) AS n FROM events '
                    'GROUP BY QIDNAME(qid), "deviceCustomString2"',
                    path,
                ),
                _rows,
            ),
        }
        if "duckdb" in self.peers:
            for tool, table in (
                ("DuckDB", _json(path)),
                ("DuckDB, told the columns", _json(path, "eventName", "awsRegion")),
            ):
                query = f"select eventName, awsRegion, count(*) n from {table} group by all"
                commands[tool] = (self._duck(query), _rows)
        if size < largest:
            if "jq" in self.peers:
                reduce = "reduce inputs as $r ({}; .[$r.eventName + \" \" + $r.awsRegion] += 1) | keys[]"
                commands["jq"] = ([self.peers["jq"], "-n", reduce, str(path)], _rows)
            self._eql(commands, path, "any where true | unique_count eventName, awsRegion")
            self._ag(commands, path, "* | json | count by eventName, awsRegion", _table)
        return Case("group by two columns", size, path.stat().st_size, commands)

    def command_lines(self, path, size, largest):
        wanted = ", ".join(f'"*{text}*"' for text in COMMANDS)
        commands = {
            "mynah (EQL)": (self._run("eql", f"process where process.command_line : ({wanted})", path), _rows),
            "mynah (SPL)": (
                self._run(
                    "spl",
                    "index=* (" + " OR ".join(f'CommandLine="*{text}*"' for text in COMMANDS) + ") | table CommandLine",
                    path,
                ),
                _rows,
            ),
        }
        if "rg" in self.peers:
            patterns = [part for text in COMMANDS for part in ("-e", text)]
            commands["rg -ciF"] = ([self.peers["rg"], "-ciF", *patterns, str(path)], _number)
        if "duckdb" in self.peers:
            line = "Event.EventData.CommandLine"
            where = " or ".join(f"{line} ilike '%{text}%'" for text in COMMANDS)
            commands["DuckDB"] = (self._duck(f"select count(*) from {_json(path)} where {where}"), _number)
        if size < largest:
            tests = " or ".join(f'test("{text}"; "i")' for text in COMMANDS)
            self._jq(commands, path, f'select(.Event.EventData.CommandLine // "" | {tests}) | .Event.System.Computer')
            self._eql(commands, path, f"any where wildcard(Event.EventData.CommandLine, {wanted})")
        return Case("wildcards over command lines, without case", size, path.stat().st_size, commands)

    def wide(self, path, size):
        columns = ", ".join(COLUMNS)
        commands = {"mynah (SPL)": (self._run("spl", f"index=aws | table {columns}", path), _rows)}
        if "duckdb" in self.peers:
            query = f"copy (select {columns} from {_json(path)}) to '/dev/stdout' (format json)"
            commands["DuckDB"] = (self._duck(query, fetch=False), _rows)
        self._jq(commands, path, "{" + ", ".join(f'"{column}": .{column}' for column in COLUMNS) + "}")
        return Case("table of 16 columns, all records", size, path.stat().st_size, commands)

    def gzip(self, path, size):
        commands = {"mynah (EQL)": (self._run(*SELECTIVE["EQL"], path), _rows)}
        if "rg" in self.peers:
            commands["rg -cz"] = ([self.peers["rg"], "-cz", STOP, str(path)], _number)
        if "duckdb" in self.peers:
            query = f"select count(*) from {_json(path)} where eventName = '{STOP}'"
            commands["DuckDB"] = (self._duck(query), _number)
        if "jq" in self.peers:
            jq = f"{shlex.quote(self.peers['jq'])} -c 'select(.eventName == \"{STOP}\") | .eventID'"
            commands["zcat | jq"] = (["sh", "-c", f"zcat {shlex.quote(str(path))} | {jq}"], _rows)
        return Case("selective filter in gzip", size, path.stat().st_size, commands)

    def evtx(self, files):
        query = 'any where event.code == "1"'
        command = [self.mynah, "run", "--quiet", "-q", query, "-l", "eql", "--data", *map(str, files)]
        return Case("EVTX files", len(files), sum(file.stat().st_size for file in files), {"mynah (EQL)": (command, _rows)})

    def rules(self, rules, count, events):
        detect = [self.mynah, "detect", "--quiet", "--no-catalog", "--rules", str(rules), "--data", str(events), "--format", "ndjson"]
        commands = {"mynah": (detect, _events)}
        if "rsigma" in self.peers:
            # Without it, rules are tried on events of any log source.
            evaluate = [self.peers["rsigma"], "engine", "eval", "--rules", str(rules), "--event", f"@{events}", "--output-format", "ndjson", "--quiet"]
            commands["RSigma"] = (evaluate, _rows)
        size = events.stat().st_size
        return Case(f"{count:,} Sigma rules over {size / 1e6:,.0f} MB of Windows events", count, size, commands)

    def _run(self, dialect, query, path):
        return [self.mynah, "run", "--quiet", "-q", query, "-l", dialect, "--data", str(path)]

    def _duck(self, query, fetch=True):
        program = f"import duckdb\nresult = duckdb.sql({query!r})"
        if fetch:
            program += "\nfor row in result.fetchall(): print(*row)"
        return [self.peers["duckdb"], "-c", program]

    def _jq(self, commands, path, query):
        if "jq" in self.peers:
            commands["jq"] = ([self.peers["jq"], "-c", query, str(path)], _rows)

    def _eql(self, commands, path, query):
        if "eql" in self.peers:
            commands["python-eql"] = ([self.peers["eql"], "-m", "eql", "query", "--format", "jsonl", "-f", str(path), query], _rows)

    def _ag(self, commands, path, query, count=None):
        if "angle-grinder" in self.peers:
            commands["angle-grinder"] = (
                [self.peers["angle-grinder"], query, "--file", str(path)],
                count or _last,
            )


def _json(path, *columns):
    if not columns:
        return f"read_json('{path}', format='newline_delimited')"
    named = ", ".join(f"{column}: 'VARCHAR'" for column in columns)
    return f"read_json('{path}', format='newline_delimited', columns={{{named}}})"


def _rows(out, status):
    return out.count(b"\n")


def _events(out, status):
    """The events of all findings."""
    return sum(len(json.loads(line)["events"]) for line in out.splitlines())


def _number(out, status):
    return int(out.split()[0]) if out.split() else 0


def _last(out, status):
    """The only value of a table, which has none where nothing was found."""
    words = out.split()
    return int(words[-1]) if words and words[-1].isdigit() else 0


def _table(out, status):
    """Lines below the head of a table."""
    return max(0, out.count(b"\n") - 2)
