"""Right: asyncio's streams and protocols."""

import asyncio


async def run_server(handle, host, port):
    server = await asyncio.start_server(handle, host, port)
    async with server:
        await server.serve_forever()


class Quoting(asyncio.DatagramProtocol):
    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, addr):
        self.transport.sendto(QUOTE.encode("ascii") + b"\r\n", addr)


def get_daytime(host, port):
    async def ask():
        reader, writer = await asyncio.open_connection(host, port)
        reply = await reader.read()
        writer.close()
        await writer.wait_closed()
        return reply.decode("ascii")[:-2]

    return asyncio.run(ask())


def quote_server(host, port):
    async def handle(reader, writer):
        writer.write(QUOTE.encode("ascii") + b"\r\n")
        await writer.drain()
        writer.close()

    asyncio.run(run_server(handle, host, port))


def quote_server_udp(host, port):
    async def run():
        await asyncio.get_running_loop().create_datagram_endpoint(Quoting, local_addr=(host, port))
        await asyncio.Event().wait()

    asyncio.run(run())


def echo_server(host, port):
    async def handle(reader, writer):
        try:
            while data := await reader.read(1000):
                writer.write(data)
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()

    asyncio.run(run_server(handle, host, port))


def echo_client(host, port, data):
    async def send(writer):
        writer.write(data)
        await writer.drain()
        writer.write_eof()

    async def talk():
        reader, writer = await asyncio.open_connection(host, port)
        back, _ = await asyncio.gather(reader.read(), send(writer))
        writer.close()
        await writer.wait_closed()
        return back

    return asyncio.run(talk())
