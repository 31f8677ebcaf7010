"""A chat room of lines: what one sends goes to all others. Usage: chat_server.py [HOST] [PORT]"""
import socketserver
import sys
import threading

host = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1"
port = int(sys.argv[2]) if len(sys.argv) > 2 else 8888
members = {}
lock = threading.Lock()


def tell_others(name, message):
    print(message)
    with lock:
        for other, member in members.items():
            if other != name:
                member.write((message + "\n").encode("utf-8"))


class Member(socketserver.StreamRequestHandler):
    def handle(self):
        self.wfile.write("Your name?\n".encode("utf-8"))
        name = self.rfile.readline().decode("utf-8").strip()
        with lock:
            members[name] = self.wfile
        tell_others(name, name + " came in")
        for line in self.rfile:
            tell_others(name, name + ": " + line.decode("utf-8").strip())
        with lock:
            del members[name]
        tell_others(name, name + " left")


class Room(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


with Room((host, port), Member) as room:
    print("listening on %s:%d" % room.server_address)
    room.serve_forever()
