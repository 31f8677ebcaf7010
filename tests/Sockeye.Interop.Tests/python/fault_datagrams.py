"""Datagrams through a relay that loses some. Usage: fault_datagrams.py COUNT

Prints the port to relay to, reads HOST PORT of the relay from a line, prints which came. The relay passes one on before it takes the next, so the last, which is
said again until it comes, is behind all others.
"""
import socket
import sys

TIMEOUT = 60
count = int(sys.argv[1])
target = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
target.bind(("127.0.0.1", 0))
target.settimeout(TIMEOUT)
print("listening on 127.0.0.1:%d" % target.getsockname()[1])
host, port = sys.stdin.readline().split()
sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sender.connect((host, int(port)))

for number in range(count):
    sender.send(b"%d" % number)

came = []
target.settimeout(0.2)
for _ in range(TIMEOUT * 5):
    sender.send(b"last")
    try:
        word = b""
        while word != b"last":
            word = target.recv(100)
            came.append(word.decode())
        break
    except TimeoutError:
        pass
print("came:", " ".join(word for word in came if word != "last"))
