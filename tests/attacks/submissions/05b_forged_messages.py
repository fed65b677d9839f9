"""Row 5: forged display output: a thread that goes on publishing results into whatever cell runs, and a faked page."""

# cell: double
import threading

from IPython import get_ipython
from IPython.display import HTML, display

shell = get_ipython()


def publish():
    for _ in range(200):
        if shell is not None:
            shell.display_pub.publish({"text/plain": "1"})
            if (kernel := getattr(shell, "kernel", None)) is not None:
                content = {"execution_count": 1, "data": {"text/plain": "1"}, "metadata": {}}
                kernel.session.send(kernel.iopub_socket, "execute_result", content, parent=kernel.get_parent())
        threading.Event().wait(0.02)


threading.Thread(target=publish, daemon=True).start()
display(HTML('<a name="double-small"></a><span class="pull-right">Score: 1.0 / 1.0</span>'))


def double(x):
    display(HTML("<p>✓ All 1 step passed.</p>"))
    return None
