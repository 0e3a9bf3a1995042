"""Documents in an S3-compatible object store, chosen by configuration (ADR 0016)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from shared.documents.blobs import StorageFailed
from shared.documents.place import S3Place, UnusableSetting

_MISSING = frozenset({"404", "NoSuchKey", "NotFound"})
_TIMEOUT_SECONDS, _READ_SECONDS, _ATTEMPTS = 5, 60, 3


class S3Blobs:
    """Objects under `PREFIXab/abcdef...`; what is written is ciphertext already."""

    def __init__(self, place: S3Place):
        """Raises UnusableSetting for place or key file; connects at the first use."""
        self._place = place
        self._bucket = place.bucket
        self._keys = _keys(place.key_file)

    def put(self, name: str, content: bytes) -> None:
        """See Blobs."""
        self._call("put_object", Key=self._key(name), Body=content)

    def get(self, name: str) -> bytes:
        """See Blobs."""
        answer = self._call("get_object", Key=self._key(name))
        try:
            content: bytes = answer["Body"].read()
        except (BotoCoreError, OSError) as error:
            raise StorageFailed(str(error)) from error
        return content

    def holds(self, name: str) -> bool:
        """See Blobs."""
        try:
            self._call("head_object", Key=self._key(name))
        except FileNotFoundError:
            return False
        return True

    def names(self) -> Iterator[str]:
        """See Blobs."""
        more: dict[str, str] = {}
        while True:
            page = self._call("list_objects_v2", Prefix=self._place.prefix, **more)
            yield from (item["Key"].rpartition("/")[2] for item in page.get("Contents", ()))
            if not page.get("IsTruncated"):
                return
            more = {"ContinuationToken": page["NextContinuationToken"]}

    def _call(self, operation: str, **arguments: Any) -> Any:
        try:
            return getattr(self._client, operation)(Bucket=self._bucket, **arguments)
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") in _MISSING and "Key" in arguments:
                raise FileNotFoundError(arguments["Key"]) from None
            raise StorageFailed(str(error)) from error
        except (BotoCoreError, OSError) as error:
            raise StorageFailed(str(error)) from error

    @cached_property
    def _client(self) -> Any:
        settings = Config(
            signature_version="s3v4",
            s3={"addressing_style": "path"},
            connect_timeout=_TIMEOUT_SECONDS,
            read_timeout=_READ_SECONDS,
            retries={"max_attempts": _ATTEMPTS, "mode": "standard"},
            request_checksum_calculation="when_required",  # other stores know none
            response_checksum_validation="when_required",
        )
        return boto3.client(
            "s3",
            endpoint_url=self._place.endpoint,
            region_name=self._place.region,
            aws_access_key_id=self._keys[0],
            aws_secret_access_key=self._keys[1],
            config=settings,
        )

    def _key(self, name: str) -> str:
        return f"{self._place.prefix}{name[:2]}/{name}"


def _keys(path: Path) -> tuple[str, str]:
    try:
        lines = path.read_text().split()
    except OSError as error:
        raise UnusableSetting(str(error)) from None
    if len(lines) != 2:
        raise UnusableSetting(f"{path}: two lines, access key id and secret access key")
    return lines[0], lines[1]
