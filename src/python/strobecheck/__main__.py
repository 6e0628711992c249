"""python -m strobecheck: the program itself."""

import os
import subprocess
import sys

from ._program import StrobecheckError, program


def main() -> int:
    try:
        command = [program(), *sys.argv[1:]]
    except StrobecheckError as error:
        print(f"strobecheck: {error}", file=sys.stderr)
        return 2
    if os.name == "posix":
        os.execv(command[0], command)
    return subprocess.call(command)


if __name__ == "__main__":
    sys.exit(main())
