"""Right: asyncio's readexactly."""

import asyncio
import struct


class SwapService:
    def __init__(self, host, port):
        self.host, self.port = host, port

    async def visit(self, reader, writer):
        try:
            while True:
                (n,) = struct.unpack(">L", await reader.readexactly(4))
                if n > LONGEST:
                    break
                data = await reader.readexactly(n)
                writer.write(struct.pack(">L", n) + bytes(reversed(data)))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        writer.close()

    async def run(self):
        srv = await asyncio.start_server(self.visit, self.host, self.port)
        async with srv:
            await srv.serve_forever()


def swap(host, port):
    asyncio.run(SwapService(host, port).run())
