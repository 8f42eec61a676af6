"""Programs that tests start: none outlives the tests, not even where these are killed."""

import shutil

#: Before a command, so that the kernel ends it once the thread that started it has ended (Linux): start it in the main one.
ENDS_WITH_TESTS = ("setpriv", "--pdeathsig", "TERM", "--") if shutil.which("setpriv") else ()
