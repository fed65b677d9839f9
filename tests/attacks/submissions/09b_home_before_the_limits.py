"""Row 9: a file in the user's own site-packages, for the next process, that lifts the limits before they are set."""

# cell: double
import os
import site

folder = site.getusersitepackages()
os.makedirs(folder, exist_ok=True)
with open(os.path.join(folder, "attacked-9.pth"), "w") as file:
    file.write("import builtins; builtins.attacked = True\n")
with open(os.path.join(folder, "usercustomize.py"), "w") as file:
    file.write("import builtins\nbuiltins.attacked = True\n")


def double(x):
    return 2 * x


# cell: after ask
import builtins

honest = ask


def ask(host, port):
    return "run before the limits held" if hasattr(builtins, "attacked") else honest(host, port)
