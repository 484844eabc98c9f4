"""The command line of the embedded services; `--help` lists its commands."""

import argparse
import os
import shlex
import signal
import subprocess
import sys
from types import FrameType

from .layout import EmbeddedError, data_folder
from .run import run
from .services import Services


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m cimic_portal.embedded", description=__doc__)
    commands = parser.add_subparsers(dest="name", required=True)
    portal = commands.add_parser("run", help="run the whole portal until Ctrl-C: this is `make run`")
    portal.add_argument("--port", type=int, default=8000)
    commands.add_parser("env", help="print the variables that the settings read, for a shell")
    command = commands.add_parser("exec", help="run a command with the services up and the variables set")
    command.add_argument("command", nargs=argparse.REMAINDER, metavar="-- CMD")
    found = parser.parse_args(arguments)
    try:
        if found.name == "run":
            return run(found.port)
        services = Services(data_folder())
        if found.name == "env":
            for name, value in services.environment().items():
                print(f"export {name}={shlex.quote(value)}")
            return 0
        words = found.command[1:] if found.command[:1] == ["--"] else found.command
        if not words:
            parser.error("exec needs a command after --")
        return execute(services, words)
    except EmbeddedError as error:
        print(error, file=sys.stderr)
        return 1


def execute(services: Services, command: list[str]) -> int:
    """Run `command` in the foreground between start and stop of the services; return its exit code."""
    signal.signal(signal.SIGTERM, _leave)
    try:
        services.start()
        code = _foreground(command, os.environ | services.environment())
        if services.owned and not services.alone():
            print("Another command still uses the services: they stop with it.", file=sys.stderr)
            services.alone(wait=True)
        return code
    finally:
        services.stop()


def _foreground(command: list[str], environment: dict[str, str]) -> int:
    """Ctrl-C is the command's business: it gets the signal from the terminal itself."""
    try:
        process = subprocess.Popen(command, env=environment)
    except OSError as error:
        raise EmbeddedError(f"{command[0]} cannot be run: {error.strerror}.") from error
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        return process.wait()
    except SystemExit:
        process.terminate()
        process.wait()
        raise
    finally:
        signal.signal(signal.SIGINT, before)


def _leave(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)


if __name__ == "__main__":
    sys.exit(main())
