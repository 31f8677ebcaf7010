"""Datagrams that the kernel cuts out of one message, or puts together to one (udp(7)).

Usage: datagram_offload.py send HOST PORT COUNT LENGTH | datagram_offload.py receive HOST BYTES
"""
import socket
import struct
import sys

UDP_SEGMENT = 103
UDP_GRO = 104
host = sys.argv[2]
udp = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM)

if sys.argv[1] == "send":
    count, length = int(sys.argv[4]), int(sys.argv[5])
    data = b"".join(bytes([i % 251]) * length for i in range(count))[:-1]
    udp.setsockopt(17, UDP_SEGMENT, length)
    print("sent %d" % udp.sendto(data, (host, int(sys.argv[3]))))
else:
    udp.setsockopt(17, UDP_GRO, 1)
    udp.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
    udp.bind((host, 0))
    print("listening on %s:%d" % udp.getsockname()[:2], flush=True)
    received = 0
    while received < int(sys.argv[3]):
        data, beside, _, _ = udp.recvmsg(65536, 64)
        pieces = [struct.unpack("=i", value[:4])[0] for level, kind, value in beside if (level, kind) == (17, UDP_GRO)]
        print("%d bytes of %s each" % (len(data), pieces[0] if pieces else len(data)), flush=True)
        received += len(data)
