"""Run by the peer's own Python: the PostgreSQL recorder of the `eventsourcing` library.

python eventsourcing_append.py URL SECONDS 1,4,16 [--functions]  ->  {"1": events/s, "4": ...}

--functions: with the library's option of inserting by a function in the database, off by default.
"""

import json
import multiprocessing
import sys
import threading
import time
from urllib.parse import urlsplit
from uuid import uuid4

from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore

STATE = b"x" * 500


def recorder_of(url):
    parts = urlsplit(url)
    datastore = PostgresDatastore(
        dbname=parts.path[1:],
        host=parts.hostname,
        port=parts.port,
        user=parts.username,
        password=parts.password,
        pool_size=1,
        enable_db_functions="--functions" in sys.argv,
    )
    return PostgresApplicationRecorder(datastore)


def client(url, threads, seconds, barrier, counts):
    recorders = [recorder_of(url) for _ in range(threads)]

    def count(recorder):
        done = 0
        recorder.insert_events([StoredEvent(uuid4(), 1, "topic", STATE)])
        barrier.wait(60)
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            recorder.insert_events([StoredEvent(uuid4(), 1, "topic", STATE)])
            done += 1
        counts.put(done)

    workers = [threading.Thread(target=count, args=(recorder,)) for recorder in recorders]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


def rate(url, clients, seconds):
    context = multiprocessing.get_context("spawn")
    barrier, counts = context.Barrier(clients), context.Queue()
    processes = min(4, clients)
    arguments = (url, clients // processes, seconds, barrier, counts)
    children = [context.Process(target=client, args=arguments) for _ in range(processes)]
    for child in children:
        child.start()
    total = sum(counts.get(timeout=120) for _ in range(clients))
    for child in children:
        child.join()
    return total / seconds


if __name__ == "__main__":
    url, seconds, counts = sys.argv[1], float(sys.argv[2]), map(int, sys.argv[3].split(","))
    recorder_of(url).create_table()
    print(json.dumps({clients: rate(url, clients, seconds) for clients in counts}))
