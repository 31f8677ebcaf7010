"""Sends each line that is typed as a datagram and prints the answer. Usage: udp_capitals_client.py [HOST] [PORT]"""
import socket
import sys

host = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1"
port = int(sys.argv[2]) if len(sys.argv) > 2 else 8888

client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for line in sys.stdin:
    client.sendto(line.rstrip("\n").encode("utf-8"), (host, port))
    data, address = client.recvfrom(2048)
    print(data.decode("utf-8"))
client.close()
