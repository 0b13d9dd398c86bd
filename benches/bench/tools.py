"""The tools that are measured: where they are, and how to get those that are missing."""
import os
import shutil
import subprocess
import sys


class Peers:
    """Other tools by name; those that could not be had are in `missing` with the reason."""

    def __init__(self):
        self.commands = {}
        self.versions = {}
        self.missing = {}

    def __contains__(self, name):
        return name in self.commands

    def __getitem__(self, name):
        return self.commands[name]


def mynah(binary, root):
    if not binary.exists():
        subprocess.run(["cargo", "build", "--release"], cwd=root, check=True)
    return str(binary)


def find(work, install_crates):
    peers = Peers()
    for name, package in (("rg", "ripgrep"), ("jq", "jq")):
        _program(peers, name, lambda package=package: _apt(package))
    _python(peers, work, "duckdb")
    _python(peers, work, "eql")
    for name, crate, program in (("angle-grinder", "ag", "agrind"), ("rsigma", "rsigma", "rsigma")):
        _crate(peers, work, name, (crate, program), install_crates)
    for name, reason in peers.missing.items():
        print(f"{name} is left out: {reason}", file=sys.stderr)
    return peers


def _crate(peers, work, name, crate_and_program, install):
    """A program that Cargo builds, here or in a folder of our own."""
    crate, program = crate_and_program
    local = work / crate / "bin" / program
    found = shutil.which(program) or (str(local) if local.exists() else None)
    if not found and install:
        subprocess.run(["cargo", "install", crate, "--locked", "--root", str(work / crate)], check=False)
        found = str(local) if local.exists() else None
    if found:
        peers.commands[name] = found
        peers.versions[name] = _output([found, "--version"]).splitlines()[0]
    else:
        peers.missing[name] = "not built: `benches/run --install-crates` does"


def _program(peers, name, install):
    if not shutil.which(name):
        install()
    path = shutil.which(name)
    if path:
        peers.commands[name] = path
        peers.versions[name] = _output([path, "--version"]).splitlines()[0]
    else:
        peers.missing[name] = "could not be installed"


def _python(peers, work, module):
    """A Python with the module: this one, or one of our own."""
    own = work / "venv/bin/python3"
    for python in (sys.executable, str(own)):
        if _has(python, module):
            break
    else:
        if not own.exists():
            subprocess.run([sys.executable, "-m", "venv", str(work / "venv")], check=False)
        subprocess.run([str(own), "-m", "pip", "install", "--quiet", module], check=False)
        python = str(own)
    if _has(python, module):
        peers.commands[module] = python
        version = f"from importlib.metadata import version; print(version('{module}'))"
        peers.versions[module] = f"{module} {_output([python, '-c', version])}"
    else:
        peers.missing[module] = "could not be installed"


def _has(python, module):
    if not shutil.which(python):
        return False
    return subprocess.run([python, "-c", f"import {module}"], capture_output=True).returncode == 0


def _apt(package):
    command = ["apt-get", "install", "-y", package]
    if os.geteuid() != 0:
        command.insert(0, "sudo")
    if shutil.which(command[0]):
        subprocess.run(command, check=False, stdout=subprocess.DEVNULL)


def _output(command):
    return subprocess.run(command, capture_output=True, text=True).stdout.strip()
