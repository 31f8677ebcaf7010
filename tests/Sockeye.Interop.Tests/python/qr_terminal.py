"""Runs a program whose standard error is a terminal of 100 columns, reads the QR code that it draws there, and prints
what a reader makes of it. Usage: qr_terminal.py PROGRAM ARGUMENT..."""
import ctypes
import fcntl
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import termios

SQUARE = 6  # dots
BLACK, WHITE = 0, 255


def draw(rows):
    """Dots in grey, as a terminal shows characters: each is two squares, one over the other."""
    dots = []
    for row in rows:
        upper = b"".join(bytes([BLACK if character in "█▀" else WHITE]) * SQUARE for character in row)
        lower = b"".join(bytes([BLACK if character in "█▄" else WHITE]) * SQUARE for character in row)
        dots += [upper] * SQUARE + [lower] * SQUARE
    return len(dots[0]), len(dots), b"".join(dots)


def read(width, height, dots):
    """What libzbar reads; None: nothing."""
    zbar = ctypes.CDLL("libzbar.so.0")
    for name, result in (("zbar_image_scanner_create", ctypes.c_void_p), ("zbar_image_create", ctypes.c_void_p),
                         ("zbar_image_first_symbol", ctypes.c_void_p), ("zbar_symbol_get_data", ctypes.c_char_p)):
        getattr(zbar, name).restype = result
    scanner = ctypes.c_void_p(zbar.zbar_image_scanner_create())
    image = ctypes.c_void_p(zbar.zbar_image_create())
    zbar.zbar_image_set_format(image, ctypes.c_ulong(int.from_bytes(b"Y800", "little")))
    zbar.zbar_image_set_size(image, width, height)
    zbar.zbar_image_set_data(image, dots, ctypes.c_ulong(len(dots)), None)
    zbar.zbar_scan_image(scanner, image)
    symbol = zbar.zbar_image_first_symbol(image)
    return zbar.zbar_symbol_get_data(ctypes.c_void_p(symbol)).decode() if symbol else None


ours, theirs = pty.openpty()
fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 100, 0, 0))
program = subprocess.Popen(sys.argv[1:], stderr=theirs, env={**os.environ, "TERM": "xterm-256color"})
os.close(theirs)
shown = b""
while b"#owner=" not in shown:
    shown += os.read(ours, 65536)
text = shown.decode()
picture = re.findall(r"\x1b\[38;5;16;48;5;231m([█▀▄ ]+)\x1b\[0m\r?\n", text)
print("code", read(*draw(picture)) if picture else "missing", flush=True)
print("sequences", sorted(set(re.findall(r"\x1b\[[^m]*m", text))), flush=True)
program.send_signal(signal.SIGINT)
try:
    while os.read(ours, 65536):
        pass
except OSError:
    pass  # the other side has gone
print("ended", program.wait(), flush=True)
