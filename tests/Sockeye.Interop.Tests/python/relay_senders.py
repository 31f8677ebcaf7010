"""Many senders of datagrams at once, each of which wants its own answers in capitals. Usage: relay_senders.py HOST PORT SENDERS"""
import socket
import sys

host, port, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
senders = []
for _ in range(count):
    sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sender.settimeout(60)
    sender.connect((host, port))
    senders.append(sender)

right = 0
for start in range(0, count, 50):
    batch = list(enumerate(senders))[start:start + 50]
    for number, sender in batch:
        sender.send(b"from %d" % number)
    for number, sender in batch:
        right += sender.recv(1024) == b"FROM %d" % number
print("%d of %d right" % (right, count))
