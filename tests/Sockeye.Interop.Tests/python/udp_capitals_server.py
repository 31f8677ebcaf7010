"""Answers each datagram in capitals. Usage: udp_capitals_server.py [HOST] [PORT]"""
import socket
import sys

host = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1"
port = int(sys.argv[2]) if len(sys.argv) > 2 else 8888

server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind((host, port))
print("listening on %s:%d" % server.getsockname())

while True:
    data, address = server.recvfrom(2048)
    server.sendto(data.decode("utf-8").upper().encode("utf-8"), address)
