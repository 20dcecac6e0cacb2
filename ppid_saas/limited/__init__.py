"""Where foreign bytes are opened: in processes that can do nothing else, lent one for each file.

    READERS = Lender("a.module.that.serves")      # of which the last line is `serve(work)`
    with READERS.borrowed() as line:              # a socket to a process made for this one file
        line.sendall(data)

Both sides of that line are the business of whoever lends; here is only how such processes are started, limited and ended.
"""

from ppid_saas.limited.lender import BusyError, Lender
from ppid_saas.limited.process import serve

__all__ = ["BusyError", "Lender", "serve"]
