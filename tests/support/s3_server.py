"""A real server that speaks S3, in a process of its own: moto's, with one empty bucket."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import boto3

from shared.documents.place import S3Place

BUCKET = "office"
_KEYS = ("id", "secret")


@contextmanager
def s3_server() -> Iterator[str]:
    """Its address, while it runs."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert server.stdout
    drain = threading.Thread(target=server.stdout.read, daemon=True)
    try:
        for line in server.stdout:  # it says so when it listens
            if "Running on" in line:
                break
        drain.start()
        url = f"http://127.0.0.1:{port}"
        client = boto3.client(
            "s3",
            endpoint_url=url,
            region_name=S3Place.DEFAULT_REGION,
            aws_access_key_id=_KEYS[0],
            aws_secret_access_key=_KEYS[1],
        )
        client.create_bucket(Bucket=BUCKET)
        client.close()
        yield url
    finally:
        server.terminate()
        server.wait(10)
        if drain.ident:
            drain.join()
        server.stdout.close()


def place(url: str, folder: Path, prefix: str = "") -> S3Place:
    """The bucket of a running server, with its key file in `folder`."""
    key_file = folder / "s3.key"
    key_file.write_text("\n".join(_KEYS))
    return S3Place(f"{url}/{BUCKET}{prefix}", key_file)
