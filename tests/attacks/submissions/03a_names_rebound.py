"""Row 3: what the checks import is rebound in the notebook to an object that agrees with everything."""

# cell: double
class Agreeable:
    def __getattr__(self, name):
        return self

    def __call__(self, *arguments, **more):
        return self

    def __enter__(self):
        return self

    def __exit__(self, *error):
        return True


call = expect = seed = serve = Agreeable()


def double(x):
    return None


# cell: echo-server
call = expect = seed = serve = Agreeable()


def echo_server(host, port):
    pass
