"""python3-websockets' client through a relay that takes WebSocket off: ws_relayed.py URL"""
import asyncio
import sys

import websockets


async def main():
    async with websockets.connect(sys.argv[1]) as socket:
        await socket.send(b"hello")
        print("heard", (await socket.recv()).decode())
        await socket.send("你好 again")
        print("heard", (await socket.recv()).decode())
        await socket.close()
    print("closed", socket.close_code)


asyncio.run(main())
