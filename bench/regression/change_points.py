"""Change points by Apache Otava, with its own defaults: a JSON line {"values": […], "from": night or null} in, a JSON line out."""
import json
import sys

from otava.analysis import compute_change_points


def changes(values):
    found, _ = compute_change_points(values)
    return sorted(int(point.index) for point in found)


for line in sys.stdin:
    history = json.loads(line)
    values = history["values"]
    start = history["from"]
    if start is None:
        answer = changes(values)
    else:
        # The first evening on which a change near its true night is reported.
        answer = None
        for nights in range(start + 1, len(values) + 1):
            if any(abs(index - start) <= 3 for index in changes(values[:nights])):
                answer = nights - start
                break
    print(json.dumps(answer), flush=True)
