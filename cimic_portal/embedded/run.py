"""`make run`: everything from an empty data folder to the address in the browser."""

import contextlib
import hashlib
import http.client
import os
import shutil
import signal
import socket
import sys
from pathlib import Path

from .environment import say
from .keeper import PATIENCE, PATIENCE_AFTER_CRASH, Child, Keeper, last_lines
from .layout import CHECKOUT, EmbeddedError, data_folder
from .processes import spawn, stop, wait_until
from .services import Services

HOST = "127.0.0.1"
SETTINGS = "cimic_portal.settings.development"
# Never served: readable sources beside the built file, and pages of parts that the portal does not use.
UNSERVED = ("leaflet-src*", "rest_framework", "guardian", "django_extensions")
# Open streams never end by themselves, so they are cut off a second after Ctrl-C; browsers come back.
STREAM_OPTIONS = ["--lifespan=on", "--ws=none", "--no-access-log", "--no-server-header"]
STREAM_OPTIONS += ["--log-level=warning", "--timeout-graceful-shutdown=1"]
# How many ports above the web server's are tried for the stream, and above that for the content of packages.
NEIGHBOURS = 20
QUEUES = {"notifications": "notify,mail", "reports": "reports"}


def run(port: int) -> int:
    """Set the portal up, run it until Ctrl-C, and stop it; return the exit code."""
    # Also for Ctrl-C itself: a shell that starts us in the background has it ignored.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    refuse_used_port(port)
    stream_port = neighbour_of(port)
    content_port = neighbour_of(stream_port)
    services = Services(data_folder())
    keeper = Keeper(services, dict(os.environ), CHECKOUT)
    patience = 0.0
    try:
        keeper.environment = start_services(services, port, stream_port, content_port)
        prepare(keeper)
        start_portal(keeper, port, stream_port, content_port)
        greet(keeper, port)
        name, code, log = keeper.watch()
        patience = PATIENCE_AFTER_CRASH
        complain(f"{name} ended unexpectedly (exit code {code}); everything is stopped.", log)
        return 1
    except KeyboardInterrupt:
        print(flush=True)
        say("Stopping; what is being worked on is finished first")
        patience = PATIENCE
        return 0
    finally:
        keeper.stop(patience)


def refuse_used_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OverflowError as error:
            raise EmbeddedError(f"{port} is no port; choose one between 1024 and 65535.") from error
        except OSError as error:
            raise EmbeddedError(
                f"Port {port} cannot be used ({error.strerror}). Choose another: make run PORT={port + 1}"
            ) from error


def neighbour_of(port: int) -> int:
    """The first free port above another: cookies go along to all ports of a host, as the stream needs."""
    for candidate in range(port + 1, port + 1 + NEIGHBOURS):
        with contextlib.suppress(EmbeddedError):
            refuse_used_port(candidate)
            return candidate
    raise EmbeddedError(
        f"None of the {NEIGHBOURS} ports above {port} is free for the stream or for packages. "
        f"Choose another: make run PORT={port + NEIGHBOURS}"
    )


def start_services(services: Services, port: int, stream_port: int, content_port: int) -> dict[str, str]:
    """Start Postgres and Valkey; return the environment of the portal's processes."""
    say(f"Starting the database and the broker; the data are in {services.layout.data}")
    services.start()
    if not services.owned:
        raise EmbeddedError(
            f"The portal with the data in {services.layout.data} is running already. "
            "Stop it first, or name another folder: make run PORTAL_DATA=…"
        )
    # What the processes of the last start counted is over.
    numbers = services.layout.run / "metrics"
    shutil.rmtree(numbers, ignore_errors=True)
    numbers.mkdir()
    settings = {
        "DJANGO_SETTINGS_MODULE": SETTINGS,
        "PROMETHEUS_MULTIPROC_DIR": str(numbers),
        "PORTAL_URL": f"http://localhost:{port}",
        "STREAM_URL": f"http://localhost:{stream_port}/stream",
        # By its number, so that it is another host to browsers: cookies of "localhost" do not go there.
        "CONTENT_ORIGIN": f"http://{HOST}:{content_port}",
    }
    return os.environ | services.environment() | settings


def prepare(keeper: Keeper) -> None:
    """Bring tables, demo mission and static files up to date; what is unchanged takes a moment."""
    mark = keeper.services.layout.run / "static"
    say("Bringing the tables up to date")
    manage(keeper, "migrate", "--verbosity=0" if mark.exists() else "--verbosity=1")
    say("Loading the demo mission, unless it is there already")
    manage(keeper, "seed_demo")
    wanted = static_digest()
    if not mark.exists() or mark.read_text() != wanted:
        say("Collecting the style sheets and scripts")
        ignored = [word for pattern in UNSERVED for word in ("--ignore", pattern)]
        manage(keeper, "collectstatic", "--noinput", "--clear", "--verbosity=0", *ignored)
        mark.write_text(wanted)


def manage(keeper: Keeper, *arguments: str) -> None:
    """Run one command of manage.py in the foreground; Ctrl-C ends it."""
    process = spawn([sys.executable, "manage.py", *arguments], env=keeper.environment, cwd=keeper.checkout)
    try:
        code = process.wait()
    except KeyboardInterrupt:
        stop(process, signal.SIGTERM, patience=10)
        raise
    if code != 0:
        raise EmbeddedError(f"manage.py {arguments[0]} ended with exit code {code}; the reason stands above.")


def static_digest() -> str:
    """Changes whenever a served file or an installed package may have changed."""
    digest = hashlib.sha256()
    sources = [CHECKOUT / name for name in ("requirements.txt", "package-lock.json")]
    sources += sorted(path for path in (CHECKOUT / "static").rglob("*") if path.is_file())
    for path in sources:
        digest.update(str(path.relative_to(CHECKOUT)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def start_portal(keeper: Keeper, port: int, stream_port: int, content_port: int) -> None:
    """Start web, stream, content of packages, workers and beat."""
    say("Starting web server, stream, workers and beat")
    program = Path(sys.executable).parent
    logs, run_folder = keeper.services.layout.log, keeper.services.layout.run
    celery = [str(program / "celery"), "--app=cimic_portal", "--workdir", str(CHECKOUT)]
    granian = [str(program / "granian"), "--interface=wsgi", f"--host={HOST}", f"--port={port}"]
    granian += [
        "--workers=2",
        "--blocking-threads=2",
        "--respawn-failed-workers",
        "cimic_portal.wsgi:application",
    ]
    keeper.start(Child("The web server", granian, logs / "web.log"))
    uvicorn = [str(program / "uvicorn"), f"--host={HOST}", f"--port={stream_port}", *STREAM_OPTIONS]
    keeper.start(Child("The stream", [*uvicorn, "cimic_portal.asgi:application"], logs / "stream.log"))
    content = [str(program / "granian"), "--interface=wsgi", f"--host={HOST}", f"--port={content_port}"]
    content += ["--workers=1", "--blocking-threads=2", "--respawn-failed-workers"]
    content += ["cimic_portal.content:application"]
    keeper.start(Child("The content of packages", content, logs / "content.log"))
    for name, queues in QUEUES.items():
        options = ["--concurrency=1", f"--hostname={name}@portal", "--without-gossip", "--without-mingle"]
        command = [*celery, "worker", f"--queues={queues}", "--loglevel=INFO", *options]
        keeper.start(Child(f"The worker for {name}", command, logs / f"worker-{name}.log"))
    beat = [*celery, "beat", f"--schedule={run_folder / 'beat'}", "--pidfile=", "--loglevel=INFO"]
    keeper.start(Child("The beat", beat, logs / "beat.log"))


def answers(port: int) -> bool:
    """Whether the web server gives any answer."""
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        connection.getresponse()
    except OSError:
        return False
    finally:
        connection.close()
    return True


def greet(keeper: Keeper, port: int) -> None:
    """Print who may sign in, and the address once the first page can be fetched."""
    manage(keeper, "demo_people")
    wait_until(lambda: keeper.fallen() is not None or answers(port), 120)
    if keeper.fallen() is None:
        print(f"\n  The portal is at http://localhost:{port}   (Ctrl-C stops it)\n", flush=True)


def complain(text: str, log: Path) -> None:
    print(f"\n{last_lines(log)}\n\n{text}\nMore is in {log}.", file=sys.stderr, flush=True)
