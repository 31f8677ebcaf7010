"""python3-websockets as either side of a WebSocket: does what it is told line by line, and says what comes.

Usage: ws_peer.py listen plain|deflate [CERTIFICATE-WITH-KEY]
       ws_peer.py connect plain|deflate URL [AUTHORITY]

With deflate it offers, or agrees to, the subprotocol "eye" as well.

text WORDS | hex DIGITS | fragments WORD WORD ... | large MEBIBYTES | ping | close CODE REASON | die
"""
import asyncio
import os
import ssl
import sys

import websockets

LIMIT = 2**20  # of what it takes, in bytes
subprotocols = ["other", "eye"] if sys.argv[2] == "deflate" else None


async def obey(socket):
    while line := await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline):
        verb, _, rest = line.rstrip("\n").partition(" ")
        try:
            if verb == "text":
                await socket.send(rest)
            elif verb == "hex":
                await socket.send(bytes.fromhex(rest))
            elif verb == "fragments":
                await socket.send(iter(rest.split(" ")))
            elif verb == "large":
                await socket.send(b"x" * (int(rest) * 2**20))
            elif verb == "ping":
                await (await socket.ping(b"are you there"))
                print("ponged")
            elif verb == "close":
                code, _, reason = rest.partition(" ")
                await socket.close(int(code), reason)
            elif verb == "die":
                os._exit(0)
        except websockets.ConnectionClosed:
            pass  # said by the reader


async def talk(socket, path=None):
    compressed = any("deflate" in extension.name for extension in socket.extensions)
    print("open", socket.subprotocol or "-", "compressed" if compressed else "plain")
    obeying = asyncio.create_task(obey(socket))
    try:
        async for message in socket:
            print("text " + message if isinstance(message, str) else "binary " + (message.hex() if len(message) < 100 else str(len(message))))
    except websockets.ConnectionClosedError:
        pass
    await socket.wait_closed()
    print("closed", socket.close_code, socket.close_reason)
    obeying.cancel()
    os._exit(0)  # the thread that reads the input would keep it


async def main():
    compression = "deflate" if sys.argv[2] == "deflate" else None
    options = {"compression": compression, "subprotocols": subprotocols, "max_size": LIMIT, "ping_interval": None, "close_timeout": 90}
    if sys.argv[1] == "connect":
        if len(sys.argv) > 4:
            options["ssl"] = ssl.create_default_context(cafile=sys.argv[4])
        async with websockets.connect(sys.argv[3], **options) as socket:
            await talk(socket)
    else:
        if len(sys.argv) > 3:
            options["ssl"] = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            options["ssl"].load_cert_chain(sys.argv[3])
        async with websockets.serve(talk, "127.0.0.1", 0, **options) as server:
            print("listening on %s:%d" % server.sockets[0].getsockname()[:2])
            await asyncio.Future()


asyncio.run(main())
