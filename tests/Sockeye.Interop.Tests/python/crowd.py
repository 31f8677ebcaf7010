"""Many clients at once: all connect, then each asks and hears its own answer in capitals, then all leave.

Usage: crowd.py HOST PORT COUNT
"""
import asyncio
import sys


async def ask(number, everybody):
    reader, writer = await asyncio.open_connection(sys.argv[1], int(sys.argv[2]))
    everybody.remove(number)
    if not everybody:
        all_there.set()
    await all_there.wait()
    words = "client %d 你好\n" % number
    writer.write(words.encode("utf-8"))
    answer = await reader.readexactly(len(words.encode("utf-8")))
    writer.close()
    await writer.wait_closed()
    return answer.decode("utf-8") == words.upper()


async def main():
    count = int(sys.argv[3])
    everybody = set(range(count))
    answers = await asyncio.gather(*(ask(number, everybody) for number in range(count)))
    print("%d of %d answered" % (sum(answers), count))


all_there = asyncio.Event()
asyncio.run(main())
