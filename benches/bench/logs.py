"""The logs that are searched: made up once, then kept."""
import gzip
import shutil
import subprocess


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

    def gzipped(self, source, events):
        plain = self.plain(source, events)
        path = plain.with_suffix(".ndjson.gz")
        if not path.exists():
            partial = path.with_suffix(".partial")
            with open(plain, "rb") as data, gzip.open(partial, "wb", compresslevel=6) as out:
                shutil.copyfileobj(data, out, 1 << 20)
            partial.rename(path)
        return path
