"""python3-websockets' client: says what an echo server makes of its messages.

Usage: ws_client.py URL plain|deflate
"""
import asyncio
import sys

import websockets


async def main():
    compression = "deflate" if sys.argv[2] == "deflate" else None
    async with websockets.connect(sys.argv[1], compression=compression, max_size=2**24, subprotocols=["eye"]) as socket:
        print("subprotocol", socket.subprotocol)
        print("compressed", any("deflate" in extension.name for extension in socket.extensions))
        large = bytes(range(256)) * 8192
        for message in ["hello", "你好，世界", "", b"\x00\xff", large, "x" * 100000]:
            await socket.send(message)
            print("same", await socket.recv() == message)
        await socket.send(iter([b"frag", b"", b"ments"]))
        print("same", await socket.recv() == b"fragments")
        await (await socket.ping(b"are you there"))
        print("ponged")
        await socket.close(4003, "再见")
    print("closed", socket.close_code, socket.close_reason)


asyncio.run(main())
