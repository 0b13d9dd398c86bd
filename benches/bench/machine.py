"""What the figures were taken on."""
import os
import pathlib
import platform


def load():
    """How many processes wanted to run, over the last minute."""
    return os.getloadavg()[0]


def describe():
    model = "unknown processor"
    memory = 0
    for line in _lines("/proc/cpuinfo"):
        if line.startswith("model name"):
            model = line.split(":", 1)[1].strip()
            break
    for line in _lines("/proc/meminfo"):
        if line.startswith("MemTotal"):
            memory = int(line.split()[1]) / 1024 / 1024
    return f"{os.cpu_count()} cores of {model}, {memory:.0f} GB of memory, {platform.system()} {platform.machine()}"


def _lines(path):
    path = pathlib.Path(path)
    return path.read_text().splitlines() if path.exists() else []
