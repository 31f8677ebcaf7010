"""Talks to the hub's plain-text door: sends the lines of its input, prints those that come. Usage: text_client.py HOST PORT | PATH"""
import socket
import sys
import threading

if len(sys.argv) == 2:
    hub = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    hub.connect(sys.argv[1])
else:
    hub = socket.create_connection((sys.argv[1], int(sys.argv[2])))


def show():
    for line in hub.makefile(encoding="utf-8", newline="\n"):
        print(line.rstrip("\r\n"))
    print("-- the hub has closed")


showing = threading.Thread(target=show)
showing.start()
for line in sys.stdin:
    hub.sendall(line.encode("utf-8"))
hub.shutdown(socket.SHUT_WR)
showing.join()
hub.close()
