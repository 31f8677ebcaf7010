"""python3-websockets' server: echoes messages, in fragments if asked to.

Usage: ws_server.py plain|deflate
"""
import asyncio
import sys

import websockets


async def serve(socket, path=None):
    try:
        async for message in socket:
            if message == "ping me":
                await (await socket.ping(b"from python"))
                await socket.send("ponged")
            elif message == "fragments":
                await socket.send(iter(["in ", "three ", "parts"]))
            elif message == "close me":
                await socket.close(4002, "as you wish")
            else:
                await socket.send(message)
    except websockets.ConnectionClosedError as error:
        print("failed", error.rcvd.code if error.rcvd else None)
    print("closed", socket.close_code, socket.close_reason)


async def main():
    compression = "deflate" if sys.argv[1] == "deflate" else None
    async with websockets.serve(serve, "127.0.0.1", 0, compression=compression, max_size=2**24, subprotocols=["sock", "eye"]) as server:
        print("listening on %s:%d" % server.sockets[0].getsockname()[:2])
        await asyncio.Future()


asyncio.run(main())
