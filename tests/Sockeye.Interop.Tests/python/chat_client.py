"""Types into a chat room and prints what comes, at the same time. Usage: chat_client.py [HOST] [PORT]"""
import socket
import sys
import threading

host = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1"
port = int(sys.argv[2]) if len(sys.argv) > 2 else 8888


def show():
    for line in room.makefile(encoding="utf-8"):
        print(line.rstrip("\n"))


room = socket.create_connection((host, port))
showing = threading.Thread(target=show)
showing.start()
for line in sys.stdin:
    room.sendall(line.encode("utf-8"))
room.shutdown(socket.SHUT_WR)
showing.join()
room.close()
