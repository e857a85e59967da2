"""Database users are made by identity, again and again, through a pod that reaches the database alone."""

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from config.workloads.application import DatabaseRole
from constructs_lib.naming import Naming
from deployment.database_user import ROLES, DatabaseUser, statements, tunnel
from deployment.errand import Errand
from deployment.kubectl import Kubectl
from tests.deployment.conftest import Tools
from tests.product import CHECKOUT, ENVIRONMENTS

CLIENT_ID = "00112233-4455-6677-8899-aabbccddeeff"


def test_a_user_is_made_mended_and_left_alone() -> None:
    # The bytes as SQL Server orders those of a `uniqueidentifier`: the first three groups begin with their last byte.
    # https://learn.microsoft.com/sql/t-sql/data-types/uniqueidentifier-transact-sql
    assert statements(DatabaseUser("id-orders", CLIENT_ID, ["db_datareader", "db_datawriter"])).splitlines() == [
        "IF EXISTS (SELECT 1 FROM sys.database_principals WHERE name = N'id-orders' "
        "AND sid <> 0x33221100554477668899AABBCCDDEEFF) DROP USER [id-orders];",
        "IF USER_ID(N'id-orders') IS NULL "
        "CREATE USER [id-orders] WITH SID = 0x33221100554477668899AABBCCDDEEFF, TYPE = E;",
        "ALTER ROLE db_datareader ADD MEMBER [id-orders];",
        "ALTER ROLE db_datawriter ADD MEMBER [id-orders];",
        "IF IS_ROLEMEMBER(N'db_ddladmin', N'id-orders') = 1 ALTER ROLE db_ddladmin DROP MEMBER [id-orders];",
        "GO",
    ]


def test_a_name_is_a_name_whatever_is_in_it() -> None:
    said = statements(DatabaseUser("a]b'; DROP TABLE orders", CLIENT_ID, ["db_datareader"]))

    assert "[a]]b'; DROP TABLE orders]" in said
    assert "N'a]b''; DROP TABLE orders'" in said
    with pytest.raises(ValueError, match="badly formed"):
        statements(DatabaseUser("id-orders", "0x00; DROP TABLE orders", ["db_datareader"]))


def test_the_roles_are_those_of_the_settings() -> None:
    assert set(ROLES) == set(DatabaseRole)


def _run(synthesised: Path, *options: str) -> subprocess.CompletedProcess[str]:
    stacks = [str(synthesised / "stacks" / f"prod-{purpose}") for purpose in ("cluster", "workloads")]
    return subprocess.run(  # noqa: S603 - the module itself
        [sys.executable, "-m", "deployment.database_user", *stacks, *options],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.req(89)
@pytest.mark.req(117)
def test_the_users_of_all_applications_are_made_by_whoever_is_signed_in(tools: Tools, synthesised: Path) -> None:
    tools.answer({"identity show": CLIENT_ID})
    naming = Naming.of(ENVIRONMENTS["prod"])

    done = _run(synthesised)

    assert done.returncode == 0, done.stderr
    identity = naming.workload_identity("orders")
    roles = ["db_datareader", "db_datawriter", "db_ddladmin"]  # of tests/environments/prod.toml
    assert tools.left("sql") == statements(DatabaseUser(identity, CLIENT_ID, roles))
    assert f"--resource-group {naming.workloads_resource_group} --name {identity}" in tools.calls[0]
    (sqlcmd,) = (call for call in tools.calls if call.startswith("sqlcmd"))
    assert f"--server-name {naming.sql_server_host} --database-name {naming.sql_database} " in sqlcmd
    assert "--authentication-method ActiveDirectoryAzCli --encrypt-connection=true --exit-on-error" in sqlcmd
    _, policy, _ = json.loads(tools.left("applied.json"))["items"]
    assert policy["spec"]["egress"] == [
        {"to": [{"ipBlock": {"cidr": "10.30.20.61/32"}}], "ports": [{"protocol": "TCP", "port": 1433}]}
    ]


@pytest.mark.parametrize(("fails", "status"), [("identity show", 1), ("wait pod/errand", 1), ("sqlcmd", 1)])
def test_what_fails_is_not_passed_over(fails: str, status: int, tools: Tools, synthesised: Path) -> None:
    tools.answer({"identity show": CLIENT_ID})
    tools.fail(fails)

    done = _run(synthesised)

    assert (done.returncode, done.stdout.startswith("In ")) == (status, False)
    assert fails == "identity show" or tools.calls[-1].startswith("kubectl delete namespace errand-")


def test_the_statements_are_printed_for_who_reaches_the_database(tools: Tools, synthesised: Path) -> None:
    tools.answer({"identity show": CLIENT_ID})

    done = _run(synthesised, "--sql")

    assert done.stdout.startswith("IF EXISTS ")
    assert [call.split()[0] for call in tools.calls] == ["az"]


def test_a_connection_leads_through_the_pod(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "kubectl").write_text('#!/bin/sh\nread line\necho "$line $*"\n')
    (tmp_path / "kubectl").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    pod = Errand(Kubectl({"PATH": f"{tmp_path}:/usr/bin:/bin"}), "errand-1")

    with tunnel(pod, "10.30.20.61") as port:
        for word in ("one", "two"):
            with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
                connection.sendall(f"{word}\n".encode())
                said = connection.makefile().readline()
            assert said == f"{word} exec --stdin --namespace errand-1 errand -- nc -N 10.30.20.61 1433\n"
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", port), timeout=20)
