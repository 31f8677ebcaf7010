"""An echo server on asyncio's protocols: echo-asyncio.py asyncio|uvloop tcp|unix|udp [PATH]"""
import asyncio
import os
import socket
import sys
import threading


class Stream(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.transport.write(data)


class Datagrams(asyncio.DatagramProtocol):
    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, address):
        self.transport.sendto(data, address)


def end_with_input():
    sys.stdin.buffer.read()
    os._exit(0)


async def serve(kind, path):
    loop = asyncio.get_running_loop()
    if kind == "udp":
        transport, _ = await loop.create_datagram_endpoint(Datagrams, ("127.0.0.1", 0), family=socket.AF_INET)
        port = transport.get_extra_info("sockname")[1]
    elif kind == "unix":
        server = await loop.create_unix_server(Stream, path, backlog=4096)
        port = 0
    else:
        server = await loop.create_server(Stream, "127.0.0.1", 0, family=socket.AF_INET, backlog=4096)
        port = server.sockets[0].getsockname()[1]
    print(port, flush=True)
    await asyncio.Event().wait()


if sys.argv[1] == "uvloop":
    import uvloop
    uvloop.install()
threading.Thread(target=end_with_input, daemon=True).start()
asyncio.run(serve(sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else None))
