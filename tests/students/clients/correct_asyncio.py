"""Right: asyncio's open_connection, in wait_for; for a name with addresses that race."""

import asyncio


async def read_to_end(host, port, **more):
    reader, writer = await asyncio.open_connection(host, port, **more)
    try:
        return await reader.read(-1)
    finally:
        writer.close()


def fetch(host, port):
    return asyncio.run(read_to_end(host, port))


def first_open(host, ports, seconds):
    async def search():
        for port in ports:
            try:
                _, writer = await asyncio.wait_for(asyncio.open_connection(host, port), seconds)
            except (OSError, asyncio.TimeoutError):
                continue
            writer.close()
            await writer.wait_closed()
            return port

    return asyncio.run(search())


def visit(host, port):
    return asyncio.run(read_to_end(host, port, happy_eyeballs_delay=0.25))
