"""The live stream: where browsers find it, and whose pages may listen."""

from urllib.parse import urlsplit

from .environment import Environment

env = Environment()

# Behind a proxy a path of the same host; `make run` names a neighbouring port. Empty: no stream, pages poll.
STREAM_URL = env.str("STREAM_URL", default="/stream")
_ADDRESS = urlsplit(STREAM_URL)
# For `connect-src`, where the stream is another origin than the pages.
STREAM_SOURCE = [f"{_ADDRESS.scheme}://{_ADDRESS.netloc}"] if _ADDRESS.netloc else []
