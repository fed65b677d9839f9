"""Not one of the sixty: calls the coroutine that answers, and does not await it."""

import asyncio

FAILS = ("echo",)
NAMED = None


async def send_back(writer, data):
    writer.write(data)
    await writer.drain()


async def handle(reader, writer):
    while True:
        data = await reader.read(4096)
        if not data:
            break
        send_back(writer, data)
    writer.close()


def echo(host, port):
    async def main():
        server = await asyncio.start_server(handle, host, port)
        async with server:
            await server.serve_forever()

    asyncio.run(main())
