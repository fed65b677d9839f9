"""Row 21: HTML, ANSI and control characters in names, messages, values, source text and printed output."""

# cell: double
SCRIPT = "<scr" + "ipt>owned(1)</scr" + "ipt>"
MESS = SCRIPT + "<img src=x on" + "error=owned(2)>&lt;\x1b[31m\x1b]8;;https://attacker.example\x07link\x1b]8;;\x07\x00\x08\u202e]]>"


def double(x):
    print(MESS)
    return MESS  # </script></pre><script>owned(3)</script>


double.__name__ = double.__qualname__ = MESS
double.__doc__ = double.__module__ = MESS


# cell: label
SCRIPT = "<scr" + "ipt>owned(1)</scr" + "ipt>"
Named = type(SCRIPT, (Exception,), {"__module__": SCRIPT})


def label(number):
    raise Named(SCRIPT)


# cell: ask
SCRIPT = "<scr" + "ipt>owned(1)</scr" + "ipt>"


def ask(host, port):
    print(SCRIPT, "\x1b[2J\x1b[41m" + SCRIPT, "\x1b]0;owned\x07", "]]></svg>" + SCRIPT)
    with socket.create_connection((host, port)) as connection:
        connection.sendall(SCRIPT.encode() + b"--><svg/on" + b"load=owned(4)>")
        connection.recv(1024)
    return SCRIPT


ask.__name__ = ask.__qualname__ = SCRIPT
