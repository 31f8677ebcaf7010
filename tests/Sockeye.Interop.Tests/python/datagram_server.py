"""socketserver's UDPServer, or its Unix form: each datagram comes back reversed.

Usage: datagram_server.py udp HOST PORT | datagram_server.py unix PATH
"""
import socketserver
import sys


class Reverse(socketserver.BaseRequestHandler):
    def handle(self):
        data, server = self.request
        server.sendto(data.decode("utf-8")[::-1].encode("utf-8"), self.client_address)


if sys.argv[1] == "udp":
    server = socketserver.UDPServer((sys.argv[2], int(sys.argv[3])), Reverse)
    print("listening on %s:%d" % server.server_address)
else:
    server = socketserver.UnixDatagramServer(sys.argv[2], Reverse)
    print("listening on " + server.server_address)
server.serve_forever()
