"""Row 2: patched builtins: `type` lies about the object that agrees with everything."""

# cell: double
import builtins


class Agreeable:
    __hash__ = object.__hash__

    def __eq__(self, other):
        return True

    def __ne__(self, other):
        return False


real = builtins.type


class Asked(real):
    def __call__(cls, *arguments, **more):
        if cls is lying and len(arguments) == 1:
            return int if real(arguments[0]) is Agreeable else real(arguments[0])
        return real.__call__(real if cls is lying else cls, *arguments, **more)

    def __instancecheck__(cls, one):
        return isinstance(one, real)

    def __subclasscheck__(cls, one):
        return issubclass(one, real)


lying = Asked("type", (real,), {})
builtins.type = lying
builtins.AssertionError = builtins.Warning


def double(x):
    return Agreeable()
