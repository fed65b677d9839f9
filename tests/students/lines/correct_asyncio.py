"""Right: asyncio's streams with a limit; drain waits for a client that does not read."""

import asyncio


async def attend(reader, writer):
    try:
        while True:
            line = await reader.readuntil(b"\r\n")
            text = line.decode("utf-8").removesuffix("\r\n")
            writer.write(text[::-1].encode("utf-8") + b"\r\n")
            await writer.drain()
    except asyncio.IncompleteReadError:
        pass  # the end
    except asyncio.LimitOverrunError:
        print("too long a line")
    except ConnectionError:
        pass
    finally:
        writer.close()


def mirror(host, port):
    async def run():
        server = await asyncio.start_server(attend, host, port, limit=LONGEST)
        async with server:
            await server.serve_forever()

    asyncio.run(run())
