"""Right: an asyncio protocol that stops reading while it cannot write."""

import asyncio


class Echo(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.transport.write(data)

    def pause_writing(self):
        self.transport.pause_reading()

    def resume_writing(self):
        self.transport.resume_reading()


class Answer(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport, self.got, self.answered = transport, bytearray(), False

    def data_received(self, data):
        if self.answered:
            return
        self.got += data
        length = self.got.find(b"\r\n")
        if length >= 0:
            self.answered = True
            self.transport.write(b"%d\r\n" % length)
            self.transport.write_eof()


async def start(protocol, host, port):
    server = await asyncio.get_running_loop().create_server(protocol, host, port)
    await server.serve_forever()


def echo(host, port):
    asyncio.run(start(Echo, host, port))


def carry(host, port):
    asyncio.run(start(Echo, host, port))


def answer(host, port):
    asyncio.run(start(Answer, host, port))
