"""Right: asyncio's streams, a task for each client."""

import asyncio


async def run(callback, host, port):
    server = await asyncio.start_server(callback, host=host, port=port)
    async with server:
        await server.serve_forever()


async def echo_callback(reader, writer):
    try:
        while not reader.at_eof():
            writer.write(await reader.read(2**16))
            await writer.drain()
    except (ConnectionResetError, BrokenPipeError):
        pass
    writer.close()


async def answer_callback(reader, writer):
    try:
        line = await reader.readuntil(b"\r\n")
        writer.write(f"{len(line) - 2}\r\n".encode())
        writer.write_eof()
        while await reader.read(1000):
            pass
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


def echo(host, port):
    asyncio.run(run(echo_callback, host, port))


def carry(host, port):
    asyncio.run(run(echo_callback, host, port))


def answer(host, port):
    asyncio.run(run(answer_callback, host, port))
