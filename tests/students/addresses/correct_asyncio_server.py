"""Right: asyncio's server, which is closed when the guest is there, and started again."""

import asyncio


def one_guest(host, port):
    async def main():
        while True:
            arrived = asyncio.Queue()
            server = await asyncio.start_server(lambda *streams: arrived.put_nowait(streams), host, port)
            reader, writer = await arrived.get()
            server.close()
            writer.write(b"hello\r\n")
            await reader.read()
            writer.close()

    asyncio.run(main())
