"""A PIN typed at a terminal, unseen; or the first line of what is piped in."""

import os
import sys

LONGEST = 16


def typed_pin(piped: bool) -> bytes:
    """The digits, without the line's end. Blocks until they are typed."""
    if piped:
        return sys.stdin.buffer.readline(LONGEST).strip()
    try:
        import termios
    except ImportError:  # a PC without POSIX terminals
        from getpass import getpass

        return getpass("PIN: ").encode()
    sys.stderr.write("PIN: ")
    sys.stderr.flush()
    handle = os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY)
    before = termios.tcgetattr(handle)
    unseen = list(before)
    unseen[3] &= ~termios.ECHO
    try:
        termios.tcsetattr(handle, termios.TCSAFLUSH, unseen)
        return os.read(handle, LONGEST).strip()
    finally:
        termios.tcsetattr(handle, termios.TCSAFLUSH, before)
        os.close(handle)
        sys.stderr.write("\n")
