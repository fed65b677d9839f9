"""Row 12: a forged answer in the name of the notebook's process, heavy or of all wrong types, and then none at all."""

# cell: double
import json
import os

WRONG = {"error": {"kinds": 7, "message": [], "places": {"x": 1}}, "value": '{"dict": [[{"list": []}, 1]]}', "of": []}
WRONG |= {"outputs": [7, {"output_type": "stream", "name": [], "text": {}}, {"output_type": "error", "traceback": 1}]}
WRONG |= {"names": [["double", 4]], "ready": 1, "verdict": "passed"}


def answer(whole):
    for descriptor in range(3, 32):
        try:
            left = len(whole).to_bytes(8, "big") + whole
            while left:
                left = left[os.write(descriptor, left) :]
        except OSError:
            pass


def double(x):
    if x == 2:
        answer(b'{"value": "null", "outputs": [' + b"[]," * 20_000_000 + b"[]]}")
    else:
        answer(json.dumps(WRONG).encode())
    os._exit(0)
