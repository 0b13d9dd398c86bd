"""The logs that are searched: made up once, then kept."""
import gzip
import pathlib
import shutil
import subprocess
from dataclasses import dataclass


@dataclass
class Pack:
    """Rules and the events that they run over; folders of rules with how many they are."""

    half: tuple
    rules: tuple
    once: pathlib.Path
    tenfold: pathlib.Path


class Logs:
    def __init__(self, mynah, work, sizes):
        self.mynah = mynah
        self.work = work
        self.sizes = sizes

    def plain(self, source, events):
        path = self.work / f"{source}-{events}.ndjson"
        if not path.exists():
            partial = path.with_suffix(".partial")
            with open(partial, "wb") as out:
                command = [self.mynah, "generate", "--source", source, "--events", str(events), "--seed", "1"]
                subprocess.run(command, stdout=out, check=True)
            partial.rename(path)
        return path

    def pack(self, rules, windows):
        """Sigma rules, every second of them, and Windows events once and ten times over; None where there are none."""
        files, events = sorted(rules.rglob("*.yml")), sorted(windows.glob("*.gz"))
        if not files or not events:
            return None
        half = self.work / "rules-half"
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir()
        for number, file in enumerate(files[::2]):
            shutil.copy(file, half / f"{number}.yml")
        once, tenfold = self.work / "windows.ndjson", self.work / "windows-10.ndjson"
        with open(once, "wb") as out:
            for file in events:
                with gzip.open(file) as data:
                    shutil.copyfileobj(data, out, 1 << 20)
        with open(tenfold, "wb") as out:
            for _ in range(10):
                with open(once, "rb") as data:
                    shutil.copyfileobj(data, out, 1 << 20)
        return Pack((half, len(files[::2])), (rules, len(files)), once, tenfold)

    def gzipped(self, source, events):
        plain = self.plain(source, events)
        path = plain.with_suffix(".ndjson.gz")
        if not path.exists():
            partial = path.with_suffix(".partial")
            with open(plain, "rb") as data, gzip.open(partial, "wb", compresslevel=6) as out:
                shutil.copyfileobj(data, out, 1 << 20)
            partial.rename(path)
        return path
