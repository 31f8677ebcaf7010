"""
Gives a name a password through telnet on a terminal, types a command, and prints all that the terminal showed.
Usage: telnet_password.py HOST PORT NAME PASSWORD
"""
import os
import pty
import select
import sys
import termios
import time

host, port, name, password = sys.argv[1:]
process, terminal = pty.fork()
if process == 0:
    os.execvp("telnet", ["telnet", host, port])

shown = b""


def read():
    global shown
    if select.select([terminal], [], [], 0.05)[0]:
        try:
            shown += os.read(terminal, 4096)
        except OSError:
            return False
    return True


def wait_for(text, after=0):
    while text.encode() not in shown[after:]:
        if not read():
            sys.exit(f"telnet ended before it showed {text!r}: {shown!r}")
    return len(shown)


def wait_until_echo_is(wanted):
    while bool(termios.tcgetattr(terminal)[3] & termios.ECHO) != wanted:
        read()


def type_line(text):
    os.write(terminal, text.encode() + b"\r")


wait_for("What is your name?")
type_line(name)
wait_for("Only you are here.")
type_line("/password")
at = wait_for("New password: ")
wait_until_echo_is(False)
type_line(password)
at = wait_for("The same again: ")
type_line(password)
wait_for("kept by that password now")
wait_until_echo_is(True)
at = len(shown)
type_line("/who")
wait_for("Only you are in #lobby.", at)
os.write(terminal, b"\x03")
wait_for("Connection closed", at)
while read():
    pass
os.waitpid(process, 0)
print(shown.decode())
