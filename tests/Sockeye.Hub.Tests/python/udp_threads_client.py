"""The textbook's other UDP client: a thread prints what comes while the main one sends what is typed. Usage: udp_threads_client.py HOST PORT"""
import socket
import sys
import threading

server = (sys.argv[1], int(sys.argv[2]))
client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
client.bind(("127.0.0.1", 0))


def show():
    while True:
        data, address = client.recvfrom(2048)
        print(data.decode("utf-8"))


threading.Thread(target=show, daemon=True).start()
for line in sys.stdin:
    client.sendto(line.rstrip("\n").encode("utf-8"), server)
