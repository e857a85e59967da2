"""Makes the database user of each application that has one, or mends it; nothing changes where all is right.

    python3 -m deployment.database_user cdktf.out/stacks/dev-cluster cdktf.out/stacks/dev-workloads
    python3 -m deployment.database_user … --sql > users.sql

The user stands for the application's identity and has the roles of `database_roles`, and no other of these. Whoever is
signed in must be among the SQL administrators and, without `--sql`, may make pods. Agents do not reach the database, so
the connection leads through a pod that is made for it and goes with it; the pod only sees what is encrypted for the
database, and no token. With `--sql` nothing is done: what would be is printed, for those who reach the database.
"""

import argparse
import json
import socket
import subprocess
import tempfile
import threading
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deployment.errand import Errand, errand, registry_of
from deployment.kubectl import KubectlError, signed_in_kubectl
from deployment.services import private_address, private_hosts

ROLES = ("db_datareader", "db_datawriter", "db_ddladmin")
"""Those that a user gets or loses; what somebody gave besides stays."""

_SQL_PORT = 1433


@dataclass(frozen=True)
class DatabaseUser:
    """A user of the database."""

    identity: str
    """Name of the Azure identity that it stands for, and its own."""

    client_id: str
    roles: Sequence[str]


def statements(user: DatabaseUser) -> str:
    """What makes the user as it should be, from whatever it is.

    Its identity is known by its client id, so that neither database nor administrator reads the directory.
    https://learn.microsoft.com/azure/azure-sql/database/authentication-aad-service-principal
    """
    sid = f"0x{uuid.UUID(user.client_id).bytes_le.hex().upper()}"
    name, text = f"[{user.identity.replace(']', ']]')}]", f"N'{user.identity.replace(chr(39), 2 * chr(39))}'"
    lines = [
        # An identity that was made again under its name is another one, and the user still stands for the first.
        f"IF EXISTS (SELECT 1 FROM sys.database_principals WHERE name = {text} AND sid <> {sid}) DROP USER {name};",  # noqa: S608 - both are quoted
        f"IF USER_ID({text}) IS NULL CREATE USER {name} WITH SID = {sid}, TYPE = E;",
    ]
    for role in ROLES:
        if role in user.roles:
            lines.append(f"ALTER ROLE {role} ADD MEMBER {name};")
        else:
            lines.append(f"IF IS_ROLEMEMBER(N'{role}', {text}) = 1 ALTER ROLE {role} DROP MEMBER {name};")
    return "\n".join([*lines, "GO", ""])


def users(workloads: Mapping[str, Any]) -> list[DatabaseUser]:
    """The users that the applications of a synthesised stack need; Azure is asked for their identities.

    Raises:
        SystemExit: an identity is not there yet; `az` has said so.

    """
    (group,) = workloads["resource"]["azurerm_resource_group"].values()
    return [
        DatabaseUser(identity, _client_id(group["name"], identity), roles)
        for identity, roles in workloads.get("output", {}).get("database_users", {"value": {}})["value"].items()
    ]


def _client_id(group: str, identity: str) -> str:
    place = ["--resource-group", group, "--name", identity]
    command = ["az", "identity", "show", *place, "--query", "clientId", "--output", "tsv"]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)  # noqa: S603 - this package's own
    if done.returncode:
        raise SystemExit(done.returncode)
    return done.stdout.strip()


@contextmanager
def tunnel(pod: Errand, address: str) -> Iterator[int]:
    """A port of this machine from which connections lead through the pod to the database."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        running: list[subprocess.Popen[bytes]] = []

        def accept() -> None:
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:  # it was closed: nobody connects any more
                    return
                with connection:
                    command = pod.within("nc", "-N", address, str(_SQL_PORT))
                    running.append(pod.kubectl.start(*command, connection=connection))

        accepting = threading.Thread(target=accept, daemon=True)
        accepting.start()
        try:
            yield listening.getsockname()[1]
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            accepting.join()  # of a connection that it just took, the command is among those that run
            for process in running:
                process.terminate()
                process.wait()


def apply(sql: str, port: int, host: str, database: str) -> int:
    """Run statements as whoever is signed in to the Azure CLI; ends as `sqlcmd` does.

    `--server-name` says which server it is, though the connection leads to this machine, and the server's certificate
    must bear that name: https://github.com/microsoft/go-sqlcmd/pull/678
    """
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(sql)
        file.flush()
        command = [
            "sqlcmd",
            *("--server", f"127.0.0.1,{port}", "--server-name", host, "--database-name", database),
            *("--authentication-method", "ActiveDirectoryAzCli", "--encrypt-connection=true"),
            *("--exit-on-error", "--disable-variable-substitution", "--input-file", file.name),
        ]
        return subprocess.run(command, check=False).returncode  # noqa: S603 - this package's own


def main() -> None:
    """Make them; ends with 1 where no pod starts, and else as `sqlcmd` does."""
    parser = argparse.ArgumentParser(prog="python3 -m deployment.database_user", description="Make database users.")
    parser.add_argument("cluster", type=Path, help="folder of the cluster stack")
    parser.add_argument("workloads", type=Path, help="folder of the workloads stack")
    parser.add_argument("--sql", action="store_true", help="print the statements, and do nothing")
    arguments = parser.parse_args()
    cluster, workloads = (
        json.loads((stack / "cdk.tf.json").read_bytes()) for stack in (arguments.cluster, arguments.workloads)
    )
    needed = users(workloads)
    sql = "".join(map(statements, needed))
    if arguments.sql or not needed:
        print(sql, end="")
        return
    (host,), (database,) = (
        private_hosts(cluster, "azurerm_mssql_server"),
        cluster["resource"]["azurerm_mssql_database"].values(),
    )
    address = private_address(cluster, "sqlServer")
    to_the_database = {
        "to": [{"ipBlock": {"cidr": f"{address}/32"}}],
        "ports": [{"protocol": "TCP", "port": _SQL_PORT}],
    }
    try:
        with (
            signed_in_kubectl(workloads) as kubectl,
            errand(kubectl, registry_of(workloads), [to_the_database]) as pod,
            tunnel(pod, address) as port,
        ):
            status = apply(sql, port, host, database["name"])
    except KubectlError as error:
        raise SystemExit(str(error)) from None
    if status:
        raise SystemExit(status)
    print(f"In {database['name']}: {', '.join(user.identity for user in needed)}")


if __name__ == "__main__":
    main()
