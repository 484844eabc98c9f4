"""Online modules: limits of what is uploaded, and where the content of others is served."""

from .environment import Environment

env = Environment()

# A page of a module travels over a satellite link: its picture is small.
MODULE_PICTURE_MAX_BYTES = env.int("MODULE_PICTURE_MAX_KB", default=200) * 1000
# SCORM packages: as uploaded, unpacked, how many files, and the largest of them.
SCORM_MAX_BYTES = env.int("SCORM_MAX_MB", default=50) * 2**20
SCORM_UNPACKED_MAX_BYTES = env.int("SCORM_UNPACKED_MAX_MB", default=200) * 2**20
SCORM_MAX_FILES = env.int("SCORM_MAX_FILES", default=2000)
SCORM_FILE_MAX_BYTES = env.int("SCORM_FILE_MAX_MB", default=50) * 2**20
# The origin that serves packages, such as https://content.example: another host than the portal's, so
# that nothing in a package shares cookies or storage with it. Empty: packages cannot be opened.
CONTENT_ORIGIN = env.str("CONTENT_ORIGIN", default="").rstrip("/")
# Hours after which the address of an opened package is dead; the person opens it anew.
CONTENT_HOURS = env.int("CONTENT_HOURS", default=4)
