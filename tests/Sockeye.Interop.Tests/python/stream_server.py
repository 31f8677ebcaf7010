"""socketserver's threading servers: each line comes back reversed; at the client's end, how many lines there were.

Usage: stream_server.py tcp HOST PORT | stream_server.py unix PATH
"""
import socketserver
import sys


class Lines(socketserver.StreamRequestHandler):
    def handle(self):
        count = 0
        for line in self.rfile:
            count += 1
            self.wfile.write((line.decode("utf-8").rstrip("\r\n")[::-1] + "\n").encode("utf-8"))
        self.wfile.write(("%d lines\n" % count).encode("utf-8"))


class TcpServer(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 128


class UnixServer(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True


if sys.argv[1] == "tcp":
    server = TcpServer((sys.argv[2], int(sys.argv[3])), Lines)
    print("listening on %s:%d" % server.server_address)
else:
    server = UnixServer(sys.argv[2], Lines)
    print("listening on " + server.server_address)
server.serve_forever()
