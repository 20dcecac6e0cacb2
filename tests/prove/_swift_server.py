"""Runs one server of OpenStack Swift, inside Swift's own environment, with its settings where we put them.

Swift looks for its common settings in one place of the whole machine only; started by this, it looks in our folder.
Called as: <python of that environment> _swift_server.py <swift.conf> <module> <settings of the server>
"""

import importlib
import sys


def main() -> None:
    common, module = sys.argv[1:3]
    importlib.import_module("swift.common.utils").SWIFT_CONF_FILE = common  # type: ignore[attr-defined]
    sys.argv[1:3] = []
    sys.exit(importlib.import_module(module).main())


if __name__ == "__main__":
    main()
