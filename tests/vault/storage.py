"""What tests of stored bytes share: the connected vault, the store seen from outside, the figures as the server has them."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import boto3
import psycopg
import pytest
from botocore.config import Config

from ppid_saas.settings import Settings
from tenants import vault
from tests.fixtures.world import World

BUCKETS = ("quarantine", "exempt", "editions")


def connect(settings: Settings) -> None:
    buckets = {name: getattr(settings, f"bucket_{name}") for name in BUCKETS}
    vault.connect(settings.s3, buckets, vault.RootKey.load(settings.root_key_file))


@pytest.fixture(scope="session")
def store(servers: Settings) -> "Outside":
    return Outside(servers)


@pytest.fixture
def own(fresh_world: World, store: "Outside") -> World:
    """A world whose quotas and objects nobody else touches."""
    return fresh_world


@dataclass
class Outside:
    """The store and the database as their operators see them, past every wall of ours."""

    settings: Settings

    def __post_init__(self) -> None:
        access = self.settings.s3
        self.s3: Any = boto3.client(
            "s3", endpoint_url=access.endpoint_url, aws_access_key_id=access.access_key,
            aws_secret_access_key=access.secret_key, region_name=access.region,
            config=Config(request_checksum_calculation="when_required", response_checksum_validation="when_required"),
        )  # fmt: skip

    def read(self, key: str, bucket: str = "exempt") -> bytes:
        with self.s3.get_object(Bucket=bucket, Key=key)["Body"] as body:
            return bytes(body.read())

    def write(self, key: str, data: bytes, bucket: str = "exempt") -> None:
        self.s3.put_object(Bucket=bucket, Key=key, Body=data)

    def objects(self, tenant: UUID, bucket: str = "exempt") -> set[str]:
        listed = self.s3.list_objects_v2(Bucket=bucket, Prefix=f"t/{tenant}/")
        return {entry["Key"] for entry in listed.get("Contents", [])}

    def sql(self, statement: str, *arguments: object) -> list[tuple[Any, ...]]:
        url = self.settings.database_url("postgres").replace("postgresql+psycopg://", "postgresql://")
        with psycopg.connect(url) as connection:
            cursor = connection.execute(statement, arguments)  # type: ignore[call-overload]
            return cursor.fetchall() if cursor.description else []

    def set_cap(self, tenant: UUID, cap: int) -> None:
        self.sql("update ops.quota set cap = %s where tenant_id = %s", cap, tenant)

    def figures(self, tenant: UUID) -> tuple[int, int]:
        """Return used and reserved after checking that the ledger says the same."""
        [(used, reserved, ledger, held)] = self.sql(
            "select used, reserved, (select coalesce(sum(delta), 0) from ops.ledger l where l.tenant_id = q.tenant_id),"
            " (select coalesce(sum(bytes), 0) from ops.reservation r where r.tenant_id = q.tenant_id)"
            " from ops.quota q where tenant_id = %s",
            tenant,
        )
        assert (used, reserved) == (ledger, held)
        return used, reserved


def key_of(tenant: UUID, object_id: UUID) -> str:
    return f"t/{tenant}/{object_id}"
