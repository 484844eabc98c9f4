"""Which processes belong to a data folder."""

from pathlib import Path

from cimic_portal.embedded.layout import Layout
from cimic_portal.embedded.processes import command_line


def processes_of(data: Path) -> list[str]:
    """Command lines of the running processes that name this data folder or its sockets."""
    marks = [str(data), str(Layout(data).sockets)]
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            words = f"{command_line(int(entry.name))} {_environment(entry)}"
            if any(mark in words for mark in marks):
                found.append(words[:200])
    return found


def _environment(entry: Path) -> str:
    try:
        return (entry / "environ").read_text(errors="replace")
    except OSError:
        return ""
