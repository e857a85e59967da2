"""Every input that must be refused: a good file, one mistake, and what the report must say about it.

At least one row for every rule in `config/rules/` and for every constraint of a settings class; `test_rules.py` fails
if a rule or a setting has none.
"""

import json
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Any

from config.network.subnets import SubnetKey
from tests.config.environment_file import (
    ABSENT,
    ACCEPTED,
    BILLS,
    CACHE_RULE,
    CERTIFICATE_FILE,
    DDOS_PLAN,
    ECDSA_KEY,
    EXTRA_RULE,
    GATEWAY,
    INGRESS,
    JOINED,
    LISTENER,
    NO_AGENTS,
    ORDERS,
    PROXY,
    ROUTED,
    SHORT_RSA_KEY,
    SINGLE,
    SSH_KEY,
    TCP_RULE,
    WITH_FRONT_DOOR,
    WITH_GATEWAY,
    WITH_INGRESS,
    WITH_JUMP_BOX,
    WITH_PROXY,
    WORKSPACE,
    WORKSPACE_CUSTOMER_ID,
)
from tests.config.environment_file import (
    HUB as HUB_ID,
)
from tests.config.environment_file import (
    REGISTRY as REGISTRY_ID,
)
from tests.config.environment_file import (
    ZONES as ZONES_ID,
)

# Made up, each in the form that its issuer gives it, and put together here lest a scanner of this repository finds one.
SECRETS = [
    "AKIA" + "IOSFODNN7EXAMPLE",
    "ASIA" + "Y34FZKBOKMUTVV7A",
    "xoxb-" + "123456789012-abcdefghijkl",
    "npm_" + "abcdefghijklmnopqrstuvwxyz0123456789",
    "pypi-" + "AgEIcHlwaS5vcmcCJDAwMDAwMDAw",
    "sk_live_" + "abcdefghijklmnopqrstuvwx",
    "rk_live_" + "abcdefghijklmnopqrstuvwx",
    "SG." + "ngeVfQFYQlKU0ufo8x5d1A.TwL2iGABf9DHoTf09kqeF8tAmbihYzrnopKc1s5cr",
    "glpat-" + "abcdefghijklmnopqrst",
    "AIza" + "SyDaGmWKa4JsXZ-HjGw7ISLn_3namBGewQe",
    "hf_" + "abcdefghijklmnopqrstuvwxyzABCDEFGH",
    "https://user:" + "password@host.example.com",
    "postgres://:" + "pw@db:5432/x",
    "Bearer " + "abcdefghijklmnopqrst12",
    "Basic " + "dXNlcjpwYXNz",
    "password: " + "x",
    "Passwort: " + "geheim",
    "api-key: " + "abcdefg",
    "client_secret = " + "abc",
    "Ak9_q3ZpT7-uWm2Xr0sLb8Nv5Yc1Hd6Jf4Ge" + "RtKoViQ",
]


@dataclass(frozen=True)
class BadInput:
    """A mistake in the file of a good environment, and what the report says about it."""

    id: str
    environment: str
    changes: dict[str, Any]
    path: str
    given: str
    says: str
    lines: int


def bad(
    id_: str,
    path: str,
    value: Any,
    says: str,
    *,
    environment: str = "dev",
    also: dict[str, Any] | None = None,
    at: str = "",
    given: str | None = None,
    lines: int = 1,
) -> BadInput:
    """A wrong value at a path; one line of the report must name the path, repeat the value and say this.

    `also` changes other settings, `at` is the path to be named if it is another one, `given` is what is repeated if it
    is not the value, and `lines` is the length of the report.
    """
    shown = json.dumps(value, ensure_ascii=False, default=str).strip('"') if given is None else given
    return BadInput(id_, environment, (also or {}) | {path: value}, at or path, shown, says, lines)


HUB, SPOKE, SUBNETS = "network.hub.address_space", "network.spoke.address_space", "network.subnets"
KUBERNETES, SYSTEM, USER = "cluster.kubernetes", "cluster.kubernetes.system_pool", "cluster.kubernetes.user_pools.0"
POOLS, MAINTENANCE = "cluster.kubernetes.user_pools", "cluster.kubernetes.maintenance"
SQL, STATE, LOGS = "cluster.sql", "state_backend", "network.log_analytics"
APPLICATIONS, APPLICATION = "workloads.applications", "workloads.applications.0"
SIGN_IN = f"{APPLICATION}.sign_in"
NAMED, RANGE, WHOLE = "the first a letter", "must be an IPv4 range with a prefix length", "must be a whole number"

WRITTEN = "cluster.vault_secrets"
EMAILS, BUDGET = "monitoring.alerts.emails", "monitoring.budget"
CALLED = {EMAILS: ["a@example.com"]}
SIGNED_IN = {**WITH_GATEWAY, f"{SIGN_IN}.host_name": "shop.example.com"}
AMOUNT = {f"{BUDGET}.amount": 9} | CALLED
CERTIFICATES = f"{KUBERNETES}.company_certificates"
LOGIN = f"{SQL}.administrator.login_name"
FIREWALL, JUMP_BOX, EXTRA = "network.firewall", "network.jump_box", "network.firewall.extra_rules"

COMPANY_HUB, PRIVATE_DNS, DNS_SERVERS = "network.company_hub", "network.private_dns", "network.dns_servers"
REGISTRY, RULES = "cluster.registry", "cluster.registry.cache_rules"
IN_A_HUB = {**JOINED, "network.egress": "nva", "network.nva_address": "10.0.0.4"}
ZONES = {f"{PRIVATE_DNS}.zones_resource_group_id": ZONES_ID}
BY_POLICY = {**ZONES, f"{PRIVATE_DNS}.records": "policy"}

SOMEBODY = "5d0c1f7e-93a2-4c58-8b16-e04f7a2d9c33"
DEPLOYERS = ["pipeline_principal_id", "identities.network", "identities.cluster", "identities.workloads"]
OPEN_STATE = {"operators_group_id": "d41b7e93-3a6f-4c85-8e21-70b5f9c2d803", "public_network_access": True}
TENANT, ADMINISTRATORS = "7c1f6a52-0f0e-4b3f-9a39-2d6a4c0b9e11", "e2d9b6f0-7c14-4a58-91d3-5f08a3c6b701"
PLANNERS = ["identities.network_plan", "identities.cluster_plan"]
ACCESS = "cluster.namespace_access"
DEVELOPERS = {"group_id": SOMEBODY, "namespace": "orders", "role": "writer"}
GROUPS = ["cluster_admin_group_id", f"{STATE}.operators_group_id"]
PUSHER = "cluster.registry.pusher_principal_id"
ADMINISTRATOR = f"{SQL}.administrator.object_id"
CUSTOMER_ID = f"{LOGS}.existing_workspace_customer_id"
CONNECTIONS = [f"azure_devops.{one}" for one in ("organization_id", "deploy_connection_id", "plan_connection_id")]
ORGANIZATION = {"azure_devops.organization_id": "7e1d4c0b-2a9f-4b63-8d5e-3c6f1a8b9e27"}
IDENTIFIERS = [
    "tenant_id",
    "subscription_id",
    *DEPLOYERS,
    *PLANNERS,
    *GROUPS,
    PUSHER,
    ADMINISTRATOR,
    *CONNECTIONS,
    CUSTOMER_ID,
]


def _beside(path: str) -> dict[str, Any]:
    """What must be there for a setting to be looked at."""
    return ORGANIZATION if path in CONNECTIONS else {}


# One group may have several tasks, one identity deploy several stacks or plan them, and whoever deploys, or any group,
# may administer the server.
MAY_BE_ONE = [
    *combinations(DEPLOYERS, 2),
    *combinations(PLANNERS, 2),
    *combinations(GROUPS, 2),
    *((one, PUSHER) for one in DEPLOYERS),
    *((one, ADMINISTRATOR) for one in [*DEPLOYERS, *GROUPS]),
]
TAGS = ["tags.owner", "tags.cost_center", "tags.data_classification"]
VIRTUAL_NETWORKS_AND_CLUSTER_RANGES = [HUB, SPOKE, f"{KUBERNETES}.pod_cidr", f"{KUBERNETES}.service_cidr"]
POLICY, FORMER = "cluster.policy", "The ingress of a former cluster answers HTTP."
WITHOUT_HTTPS = {"policy": "https_ingress", "because": FORMER}
POOL: dict[str, Any] = {"name": "general", "vm_size": "Standard_D2ds_v5", "min_count": 1, "max_count": 3}
WAYS_IN: dict[str, dict[str, Any]] = {
    f"{FIREWALL}.published_port": {f"{FIREWALL}.published_port": 8443},
    GATEWAY: WITH_GATEWAY,
    "network.front_door": WITH_FRONT_DOOR,
}
LISTENERS, REVISIONS = f"{INGRESS}.listeners", f"{INGRESS}.mesh_revisions"
TO_BOTH = [{"host": "shop.example.com"}, {"host": "bills.example.com"}]
TO_ALL: dict[str, Any] = {APPLICATIONS: [ROUTED | {"routes": [{"host": "*.example.com"}]}]}
TWO_NAMES: dict[str, Any] = {"listeners": [LISTENER, LISTENER | {"host_name": "bills.example.com"}]}
NUMBERS = [
    (f"{STATE}.soft_delete_days", 7, 365),
    (f"{LOGS}.retention_in_days", 30, 730),
    *((f"{pool}.min_count", 0, 1000) for pool in (SYSTEM, USER)),
    *((f"{pool}.max_count", 1, 1000) for pool in (SYSTEM, USER)),
    *((f"{pool}.os_disk_size_gb", 30, 2048) for pool in (SYSTEM, USER)),
    *((f"{pool}.max_pods", 50, 250) for pool in (SYSTEM, USER)),
    (f"{MAINTENANCE}.duration_hours", 4, 24),
    ("cluster.registry.untagged_retention_in_days", 1, 365),
    (f"{FIREWALL}.published_port", 1, 63999),
    (f"{SQL}.auto_pause_delay_in_minutes", -1, 10080),
    (f"{SQL}.max_size_gb", 1, 4096),
    (f"{SQL}.backup_retention_in_days", 1, 35),
    (f"{SQL}.audit_retention_in_days", 90, 3285),
    (f"{SQL}.long_term_backups.weeks", 1, 520),
    (f"{SQL}.long_term_backups.months", 1, 120),
    (f"{SQL}.long_term_backups.years", 1, 10),
    (f"{APPLICATION}.min_replicas", 1, 100),
    (f"{APPLICATION}.max_replicas", 1, 100),
    (f"{APPLICATION}.resources.cpu_millicores", 10, 4000),
    (f"{APPLICATION}.resources.cpu_limit_millicores", 10, 16000),
    (f"{APPLICATION}.resources.memory_mib", 32, 16384),
    (f"{APPLICATION}.resources.memory_limit_mib", 32, 16384),
    (f"{APPLICATION}.port", 1024, 65535),
    (f"{APPLICATION}.management_port", 1024, 65535),
    (f"{APPLICATION}.user_id", 10000, 65535),
    (f"{APPLICATION}.stop_seconds", 1, 600),
    (f"{APPLICATION}.probes.startup_seconds", 5, 1800),
    (f"{SIGN_IN}.session_hours", 1, 168),
    (f"{SIGN_IN}.refresh_minutes", 5, 59),
    (f"{SIGN_IN}.min_replicas", 1, 20),
    (f"{SIGN_IN}.max_replicas", 1, 20),
]


def beside(path: str) -> dict[str, Any]:
    """What a table needs in which there is this path."""
    return SIGNED_IN if path.startswith(SIGN_IN) else {}


CHOICES = [
    ("tier", "staging", "must be 'nonproduction' or 'production'"),
    ("defender.plans", "free", "must be 'off', 'on' or 'elsewhere'"),
    (f"{STATE}.replication", "LRS", "must be 'ZRS' or 'GZRS'"),
    ("network.topology", "mesh", "must be 'hub_spoke', 'single' or 'spoke'"),
    ("network.egress", "internet", "must be 'firewall', 'nva', 'nat_gateway', 'load_balancer' or 'none'"),
    ("network.agents", "microsoft_hosted", "must be 'self_hosted', 'managed_devops_pool' or 'none'"),
    ("network.api_server", "public", "must be 'private_endpoint' or 'vnet_integration'"),
    ("network.bastion", "Developer", "must be 'none' or 'Standard'"),
    (f"{FIREWALL}.sku_tier", "Free", "must be 'Basic', 'Standard' or 'Premium'"),
    (f"{KUBERNETES}.sku_tier", "Paid", "must be 'Free', 'Standard' or 'Premium'"),
    (f"{MAINTENANCE}.day", "Sun", "must be 'Monday', 'Tuesday', 'Wednesday'"),
]

BAD_INPUTS = [
    # Keys.
    bad("unknown-key", "banner", "red", "is not a setting; known here: workload, tier", given=""),
    bad("misspelt-key", "tennant_id", "x", "is not a setting; did you mean 'tenant_id'?", given=""),
    bad("unknown-table", "front_gate.name", "x", "is not a setting; known here:", given="", at="front_gate"),
    bad("table-elsewhere", "front_door.name", "x", "did you mean 'network.front_door'?", given="", at="front_door"),
    bad("key-elsewhere", "egress", "nva", "is not a setting; did you mean 'network.egress'?", given=""),
    bad("key-that-is-like-none", "network.next_hops", ["10.0.0.4"], "is not a setting; known here:", given=""),
    bad("key-two-elsewhere", "vm_size", "x", "did you mean 'network.jump_box.vm_size' or 'cluster.", given=""),
    bad("key-in-wrong-table", f"{SQL}.region", "x", "is not a setting; did you mean 'region'?", given=""),
    bad("key-in-an-empty-table", "network.front_door.sku", "x", "this table needs no settings", given=""),
    bad(
        "table-for-tables",
        FIREWALL,
        {"extra_rules": EXTRA_RULE},
        f"write [[{EXTRA}]] with double",
        given="a table",
        at=EXTRA,
    ),
    bad("text-for-tables", EXTRA, "github.com", f"write [[{EXTRA}]] with double"),
    bad("tables-for-table", "network.hub", [{}], "write [network.hub] with single brackets", given="a list"),
    *(
        bad(
            f"key-of-a-secret-{key}", f"{SQL}.{key}", "hunter2", "is not a setting; keep secrets in Key Vault", given=""
        )
        for key in ("password", "client_secret", "AccountKey")
    ),
    bad("key-in-capitals", "Tags", {}, "is not a setting; did you mean 'tags'?", given=""),
    bad("key-with-a-capital", f"{SQL}.Max_Size-GB", 32, "is not a setting; did you mean 'max_size_gb'?", given=""),
    bad("name-of-the-environment", "name", "dev", "an environment's name is its file's name", given=""),
    bad("missing-setting", "region", ABSENT, "is missing; add it: Where everything runs", given=""),
    # Certificates and proxy.
    *(
        bad(f"certificate-{names}", CERTIFICATES, names, says, at=f"{CERTIFICATES}.{at}".rstrip("."), given=given)
        for names, at, given, says in [
            (["missing.pem"], "0", "missing.pem", "is not there; put the file beside this one"),
            (["../company-root.pem"], "0", "../company-root.pem", "must be the name of a file beside this one"),
            (["company.key"], "0", "company.key", "must be the name of a file beside this one"),
            ([CERTIFICATE_FILE, CERTIFICATE_FILE], "1", CERTIFICATE_FILE, "holds a certificate that is in the list"),
            ([CERTIFICATE_FILE] * 11, "", "the list", "must have at most 10 items"),
        ]
    ),
    *(
        bad(f"proxy-{key}-{value}", f"{PROXY}.{key}", value, says, at=f"{PROXY}.{at}", given=given, also=WITH_PROXY)
        for key, value, at, given, says in [
            ("http", "proxy.example.com:3128", "http", "proxy.example.com:3128", "an address with its port"),
            ("http", "https://p.example.com:3128", "http", "https://p.example.com:3128", "an address with its port"),
            ("http", "http://p.example.com:65536", "http", "http://p.example.com:65536", "an address with its port"),
            ("https", "http://p.example.com", "https", "http://p.example.com", "an address with its port"),
            ("no_proxy", ["*.example.com"], "no_proxy.0", "*.example.com", "without '*'"),
            ("no_proxy", [".example.com"], "no_proxy.0", ".example.com", "without '*'"),
            ("no_proxy", ["10.0.0.0/33"], "no_proxy.0", "10.0.0.0/33", "without '*'"),
            ("no_proxy", [f"h{n}" for n in range(101)], "no_proxy", "the list", "must have at most 100 items"),
        ]
    ),
    bad(
        "proxy-isolated",
        "network.egress",
        "none",
        "is not reached with egress none",
        also=NO_AGENTS | WITH_PROXY,
        at=PROXY,
        given="",
    ),
    # Tags.
    *(
        bad(f"tag-{name}", "tags.more", [{"name": name, "value": "x"}], says, at="tags.more.0.name", given=name)
        for name, says in [
            ("1st", "with a letter first"),
            ("Cost Center", "letters, digits, dots, hyphens"),
            ("a" * 129, "at most 128"),
            ("Microsoft-x", "begins with a word that Azure keeps to itself"),
            ("azureTag", "begins with a word that Azure keeps to itself"),
            ("windows", "begins with a word that Azure keeps to itself"),
            ("Owner", "the product sets it itself"),
            ("Cost-Center", "the product sets it itself"),
        ]
    ),
    bad("tag-value", "tags.more", [{"name": "a", "value": ""}], "1 to 256", at="tags.more.0.value", given="the text"),
    bad(
        "tag-twice",
        "tags.more",
        [{"name": "App", "value": "x"}, {"name": "app", "value": "x"}],
        "it stands in the list already",
        at="tags.more.1.name",
        given="app",
    ),
    bad(
        "tag-many",
        "tags.more",
        [{"name": f"t{n}", "value": "x"} for n in range(10)],
        "must have at most 9 items",
        given="the list",
    ),
    *(
        bad(f"foreign-tag-{name}", "tags.managed_by_others", [name], says, at="tags.managed_by_others.0", given=name)
        for name, says in [
            ("a/b", "at most 512 characters in one line"),
            ("managed-by", "the product sets it itself"),
            ("ENVIRONMENT", "the product sets it itself"),
        ]
    ),
    bad(
        "foreign-tag-quote", "tags.managed_by_others", ['a"b'], "none of them", at="tags.managed_by_others.0", given="a"
    ),
    bad(
        "foreign-tag-twice",
        "tags.managed_by_others",
        ["a", "A"],
        "it stands in the list already",
        at="tags.managed_by_others.1",
        given="A",
    ),
    bad(
        "foreign-tag-and-own",
        "tags.managed_by_others",
        ["app"],
        "it stands in the list already",
        also={"tags.more": [{"name": "App", "value": "x"}]},
        at="tags.managed_by_others.0",
        given="app",
    ),
    bad("foreign-tags-many", "tags.managed_by_others", [f"t{n}" for n in range(36)], "at most 35", given="the list"),
    bad("missing-table", "tags", ABSENT, "is missing; add it: Tags of every resource", given=""),
    bad("missing-in-table", f"{USER}.max_count", ABSENT, "is missing; add it: Most nodes", given=""),
    bad("table-for-text", "region", {"password": "hunter2"}, "must be text in quotes", given="a table"),
    bad("text-for-table", "cluster", "small", "must be a table of settings; write [cluster]"),
    bad("switch-for-table", "network.front_door", value=True, says="write [network.front_door]"),
    bad("list-for-range", HUB, ["10.10.0.0/23"], "is a list; it must be an IPv4 range", given="is a list"),
    bad("date", "tags.owner", date(2026, 1, 31), "is a date or a time, which no setting is; put text in quotes"),
    # Text that belongs in no file.
    *(
        bad(f"secret-{number}", "tags.owner", text, "keep secrets in Key Vault", given="the text")
        for number, text in enumerate(SECRETS)
    ),
    bad("secret-pem", "tags.owner", "-----BEGIN PRIVATE KEY-----", "private key or a certificate", given="the text"),
    bad("secret-connection", f"{SQL}.administrator.login_name", "Server=x;Password=y", "Key Vault", given="the text"),
    bad("secret-account-key", "tags.owner", "AccountKey=abc", "connection string or a password", given="the text"),
    bad("secret-sas", "tags.owner", "sv=2024&sig=abc", "connection string or a password", given="the text"),
    bad("secret-jwt", "tags.owner", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.abc", "JSON web token", given="the text"),
    bad("secret-entra", "tenant_id", "abc8Q~abcdefghijklmnopqrstuvwxyz", "an Azure or Entra secret", given="the text"),
    bad("secret-github", "tags.owner", "ghp_abcdefghijklmnop", "an access token", given="the text"),
    bad("secret-devops", "tags.owner", "a7b3z9" * 8 + "a7b3", "an access token", given="the text"),
    bad("secret-storage-key", "tags.owner", "aB3+/" * 8 + "a==", "a storage key", given="the text"),
    bad("secret-generated", "tags.owner", "aB3dE6gH9" * 4, "a generated secret", given="the text"),
    bad(
        "secret-in-list",
        f"{STATE}.allowed_ip_ranges",
        ["key=x"],
        "Key Vault",
        given="",
        at=f"{STATE}.allowed_ip_ranges.0",
    ),
    bad("secret-for-table", "cluster", "password=x", "Key Vault", given="the text"),
    *(
        bad(
            f"placeholder-{number}",
            "tags.owner",
            text,
            "placeholder, which nothing fills in; write the value",
            given="the text",
        )
        for number, text in enumerate(
            [
                *("${OWNER}", "$(owner)", "#{owner}#", "{{ owner }}", "20 %{of it", "%{ if true }x%{ endif }"),
                *("<your team>", "<name>", "TODO", "TBD", "ChangeMe", "change-me"),
            ]
        )
    ),
    # Names and texts.
    *(
        bad(f"workload-{text!r}", "workload", text, NAMED)
        for text in ["", "s", "shopshops", "Shop", "1shop", "sh-op", "shöp", "shop ", "shop\n"]
    ),
    *(
        bad(f"{path}-{text[:9]!r}", path, text, "must be 1 to 256 characters in one line", given="the text")
        for path in TAGS
        for text in ["", " team", "team ", "team\n", "te\x1b[2Jam", "te\N{RIGHT-TO-LEFT OVERRIDE}am", "x" * 257]
    ),
    *(
        bad(f"login-{text[:9]!r}", LOGIN, text, "must be 2 to 128 characters in one line", given="the text")
        for text in ["x", "", "sql admins ", "sql\tadmins", "a" * 129]
    ),
    *(
        bad(f"login-{text}", LOGIN, text, "is a name that the server keeps to itself; choose a principal")
        for text in ["admin", "SA", "dbo", "db_owner"]
    ),
    *(
        bad(f"{key}-{text!r}", f"{APPLICATION}.{key}", text, "must be at most 40 lower-case letters")
        for key in ("name", "namespace")
        for text in ["", "Orders", "1orders", "orders-", "or_ders", "or.ders", "a" * 41]
    ),
    *(
        bad(f"image-{text!r}", f"{APPLICATION}.image_repository", text, "without the name of a registry")
        for text in [
            "",
            "Orders",
            "shop/orders:1",
            "x.azurecr.io/orders",
            "/orders",
            "a//b",
            "a..b",
            "a___b",
            "registry.example.com/orders",
            "orders@sha256",
            "a" * 201,
        ]
    ),
    *(
        bad(f"digest-{text!r}", f"{APPLICATION}.image_digest", text, "'sha256:' and 64 lower-case")
        for text in ["latest", "sha256:abc", "sha256:" + "A" * 64, "sha512:" + "a" * 64]
    ),
    *(
        bad(f"digest-of-{digit}", f"{APPLICATION}.image_digest", f"sha256:{digit * 64}", "the digest of no image")
        for digit in "0a"
    ),
    bad(
        "vault-secret",
        f"{APPLICATION}.vault_secrets",
        ["db_url"],
        "letters, digits",
        given="db_url",
        at=f"{APPLICATION}.vault_secrets.0",
    ),
    bad(
        "vault-secret-long",
        f"{APPLICATION}.vault_secrets",
        ["a" * 128],
        "127",
        given="aaa",
        at=f"{APPLICATION}.vault_secrets.0",
    ),
    bad("text-too-long", "tags.owner", "a" * 4097, "the text of 4097 characters is too long", given=""),
    # Identifiers.
    *(
        bad(f"{path}-{number}", path, text, "must be a GUID in lower case with hyphens", also=_beside(path))
        for path in IDENTIFIERS
        for number, text in enumerate(
            ["", "dev", "7C1F6A52-0F0E-4B3F-9A39-2D6A4C0B9E11", "{7c1f6a52-0f0e-4b3f-9a39-2d6a4c0b9e11}"]
        )
    ),
    *(
        bad(f"{path}-nil", path, "00000000-0000-0000-0000-000000000000", "give the real one", also=_beside(path))
        for path in IDENTIFIERS
    ),
    bad(
        "namespace-group-text",
        ACCESS,
        [DEVELOPERS | {"group_id": "developers"}],
        "must be a GUID in lower case with hyphens",
        at=f"{ACCESS}.0.group_id",
        given="developers",
    ),
    *(
        bad(
            f"developers-are-{path}",
            ACCESS,
            [DEVELOPERS],
            f"is the {path} too, which names {an} ",
            also=({LOGS: {"existing_workspace_id": WORKSPACE}} if path == CUSTOMER_ID else _beside(path))
            | {path: SOMEBODY},
            at=f"{ACCESS}.0.group_id",
            given=SOMEBODY,
        )
        for path in IDENTIFIERS
        for an in ["an" if path in [*DEPLOYERS, *PLANNERS, PUSHER, *ORGANIZATION] else "a"]
        if path not in [*GROUPS, ADMINISTRATOR]
    ),
    bad(
        "developers-administer",
        ACCESS,
        [DEVELOPERS],
        "is the cluster_admin_group_id, whose members may do everything; remove the entry",
        also={"cluster_admin_group_id": SOMEBODY},
        at=f"{ACCESS}.0.group_id",
        given=SOMEBODY,
    ),
    bad(
        "developers-twice",
        ACCESS,
        [DEVELOPERS, DEVELOPERS | {"role": "reader"}],
        "orders stands there twice for one group; give it one role",
        at=f"{ACCESS}.1.namespace",
        given="orders",
    ),
    *(
        bad(
            f"developers-in-{namespace}",
            ACCESS,
            [DEVELOPERS | {"namespace": namespace}],
            f"{namespace} belongs to the cluster, and whoever may write there may do everything",
            at=f"{ACCESS}.0.namespace",
            given=namespace,
        )
        for namespace in ("kube-system", "gatekeeper-system", "default")
    ),
    bad(
        "developers-own",
        ACCESS,
        [DEVELOPERS | {"role": "admin"}],
        "must be 'reader' or 'writer'",
        at=f"{ACCESS}.0.role",
        given="admin",
    ),
    # Choices and switches.
    *(bad(f"{path}-{value}", path, value, says) for path, value, says in CHOICES),
    *(bad(f"{path}-number", path, 1, says) for path, _, says in CHOICES),
    bad("region-unknown", "region", "middleearth", "docs/settings.md lists those that are; or, where you know better"),
    bad(
        "region-without-zones",
        "region",
        "canadaeast",
        "has no availability zones, which the state needs; choose one that has, such as",
    ),
    bad("region-alone-without-zones", "region", "westindia", "centralindia, indiasouthcentral in India"),
    bad(
        "region-new-in-a-country", "region", "austriawest", "zones; choose one that has, such as austriaeast in Austria"
    ),
    bad("region-new-country", "region", "finlandcentral", "with availability zones; docs/settings.md lists"),
    bad("region-in-two-countries", "region", "easteurope", "with availability zones; docs/settings.md lists"),
    bad("region-government", "region", "usgovvirginia", "is a region of another cloud"),
    bad("region-china", "region", "chinaeast2", "is a region of another cloud"),
    bad("region-shown-name", "region", "West Europe", "did you mean 'westeurope'?"),
    bad("region-misspelt", "region", "westeuorpe", "did you mean 'westeurope'?"),
    bad("region-case", "region", "WestEurope", "did you mean 'westeurope'?"),
    bad("region-space", "region", "westeurope ", "did you mean 'westeurope'?"),
    bad("region-form", "region", "west-europe", "needs 4 to 22 lower-case letters"),
    bad("region-long", "region", "a" * 23, "needs 4 to 22 lower-case letters"),
    bad("bootstrap-text", f"{STATE}.bootstrap", "yes", "must be true or false"),
    bad("bootstrap-number", f"{STATE}.bootstrap", 1, "must be true or false"),
    bad("defender-off-in-production", "defender.plans", "off", "production needs on, or elsewhere", environment="prod"),
    *(
        bad(f"action-group-{id_}", "monitoring.alerts.action_group_id", id_, says)
        for id_, says in [
            ("ag-ops", "must be the ARM id of an action group"),
            (
                "/subscriptions/3f5e0d1c-8a47-4d6b-b2a0-61c9e7f4d2ff/resourceGroups/rg/providers/Microsoft.Insights/actionGroups/ag/",
                "remove the '/' after the name",
            ),
        ]
    ),
    *(
        bad(f"email-{address}", EMAILS, [address], "must be an address for mail", at=f"{EMAILS}.0", given=address)
        for address in ("platform-team", "a@b", "https://hooks.example.com/x")
    ),
    bad("email-twice", EMAILS, ["a@example.com", "A@example.com"], "is in the list twice", given="A@example.com"),
    *(
        bad(f"budget-of-{amount}", f"{BUDGET}.amount", amount, says, also={f"{BUDGET}.first_month": "2026-12"} | CALLED)
        for amount, says in [(0, "must be at least 1"), ("900", WHOLE)]
    ),
    *(
        bad(
            f"budget-from-{month}",
            f"{BUDGET}.first_month",
            month,
            "must be a month",
            also={f"{BUDGET}.amount": 9} | CALLED,
        )
        for month in ("2026-13", "2026-12-01", "12/2026")
    ),
    bad(
        "budget-tells-nobody",
        BUDGET,
        {"amount": 900, "first_month": "2026-12"},
        "tells nobody; name somebody under monitoring.alerts",
        given="",
    ),
    bad("grafana-text", "monitoring.prometheus.grafana", "yes", "must be true or false"),
    bad(
        "metrics-without-egress",
        "monitoring.prometheus",
        {},
        "has no way to its workspace with egress none",
        also={"network.egress": "none", **NO_AGENTS},
        given="",
    ),
    bad("alerts-for-nobody", EMAILS, [], "names nobody", at="monitoring.alerts", given=""),
    bad(
        "nobody-called-in-production",
        "monitoring.alerts",
        ABSENT,
        "is missing, so nobody is called",
        environment="prod",
        given="",
    ),
    bad("activity-log-text", "monitoring.activity_log", "off", "must be true or false"),
    *(
        bad(f"window-at-{time}", f"{MAINTENANCE}.start_time", time, "must be a time of day, such as '01:00'")
        for time in ("1:00", "24:00")
    ),
    *(
        bad(f"window-in-{offset}", f"{MAINTENANCE}.utc_offset", offset, "must be hours and minutes from UTC")
        for offset in ("+15:00", "CET")
    ),
    bad("shared-volumes-text", f"{KUBERNETES}.shared_volumes", "no", "must be true or false"),
    bad("advanced-networking-text", f"{KUBERNETES}.advanced_networking", "on", "must be true or false"),
    bad("zone-redundant-text", f"{SQL}.zone_redundant", "no", "must be true or false"),
    bad("immutability-text", f"{SQL}.audit_immutability_locked", "yes", "must be true or false"),
    *(
        bad(f"{pool}-{size}", f"{pool}.vm_size", size, says)
        for pool in (SYSTEM, USER)
        for size, says in [
            ("D4ds_v5", "did you mean 'Standard_D4ds_v5'?"),
            ("standard_d4ds_v5", "did you mean 'Standard_D4ds_v5'?"),
            ("STANDARD_E16-4DS_V5", "did you mean 'Standard_E16-4ds_v5'?"),
            ("standard_d3ds_v5", "must be a size of Azure's virtual machines, such as"),
            ("Standard_D04ds_v5", "must be a size of Azure's virtual machines"),
            ("Standard_D2d_v5", "has no premium storage (no 's' after the number)"),
            ("Standard_DC4eds_v6", "is confidential by other means than AMD SEV-SNP"),
            ("Standard_DC8s_v3", "is confidential by other means than AMD SEV-SNP"),
        ]
    ),
    *(
        bad(f"{pool}-{size}", f"{pool}.vm_size", size, says, at=f"{pool.removesuffix('.0')}.vm_size")
        for pool in (SYSTEM, USER)
        for size, says in [
            ("Standard_D5ds_v5", "is no size of its series, which has 2, 4, 8, 16, 32, 48, 64, 96 processors"),
            ("Standard_D96ds_v4", "is no size of its series"),
            ("Standard_E96ds_v4", "is no size of its series"),
            ("Standard_E20bds_v5", "is no size of its series"),
            ("Standard_E20-5ds_v5", "is no size that is known here"),
            ("Standard_D4ds_v9", "is no size that is known here; choose another as a node"),
        ]
    ),
    bad("system-pool-arm", f"{SYSTEM}.vm_size", "Standard_D4pds_v6", "has Arm processors or a GPU"),
    bad("system-pool-gpu", f"{SYSTEM}.vm_size", "Standard_NC4as_T4_v3", "has Arm processors or a GPU"),
    *(
        bad(f"pool-name-{name}", f"{USER}.name", name, says, given=name)
        for name, says in [
            ("Batch", "must be at most nine lower-case letters and digits"),
            ("batchofjob", "must be at most nine lower-case letters and digits"),
            ("1batch", "must be at most nine lower-case letters and digits"),
            ("system", "is kept for the system pool"),
            ("batchtmp", "is kept for the system pool, or one that stands in for another"),
        ]
    ),
    bad("pool-twice", POOLS, [POOL, POOL], "is the name of two pools", at=f"{POOLS}.1.name", given="general"),
    bad("no-pool", POOLS, [], "holds no pool that takes any pod", given=""),
    bad("pool-as-one-table", POOLS, POOL, f"write [[{POOLS}]] with double brackets", given="a table"),
    *(
        bad(f"only-{why}", POOLS, [POOL | {why: value}], "holds no pool that takes any pod", given="")
        for why, value in [
            ("spot", True),
            ("vm_size", "Standard_D4pds_v6"),
            ("taints", ["team=a:NoExecute"]),
        ]
    ),
    bad("pool-spot-text", f"{USER}.spot", "yes", "must be true or false"),
    bad(
        "pool-zone",
        f"{USER}.availability_zones",
        [4],
        "must be at most 3",
        at=f"{USER}.availability_zones.0",
        given="4",
    ),
    bad("pool-zone-twice", f"{USER}.availability_zones", [1, 1], "names a zone twice; name each once"),
    *(
        bad(f"pool-{key}-{mark}", f"{USER}.{key}", [mark], says, at=f"{USER}.{key}.0", given=mark)
        for key, mark, says in [
            ("labels", "team", "must be a label of Kubernetes, such as 'team=payments'"),
            ("labels", "team=a b", "must be a label of Kubernetes"),
            ("labels", "-team=a", "must be a label of Kubernetes"),
            ("taints", "team=a", "must be a taint of Kubernetes, such as 'team=payments:NoSchedule'"),
            ("taints", "team=a:Never", "must be a taint of Kubernetes"),
        ]
    ),
    *(
        bad(f"pool-reserved-{mark}", f"{USER}.{key}", [mark], "is Kubernetes' or Azure's own", given=mark.split("=")[0])
        for key, mark in [
            ("labels", "kubernetes.azure.com/mode=user"),
            ("labels", "node-role.kubernetes.io/worker="),
            ("taints", "node.kubernetes.io/slow=true:PreferNoSchedule"),
        ]
    ),
    bad("pool-label-twice", f"{USER}.labels", ["team=a", "team=b"], "stands in the list twice", given="team"),
    bad("pool-taint-twice", f"{USER}.taints", ["a=b:NoExecute"] * 2, "stands in the list twice", given="a=b", lines=2),
    bad("node-too-small", f"{USER}.vm_size", "Standard_F1alds_v7", "is too small; a node needs 2 processors", lines=2),
    bad("node-of-1-gib", f"{USER}.vm_size", "Standard_B2ats_v2", "a node needs 2 processors and 4 GiB", lines=2),
    bad(
        "one-node-too-many",
        f"{SUBNETS}.aks_nodes",
        "10.10.16.0/26",
        "has 64 addresses; 58 nodes while upgrading need 65",
        also={f"{SYSTEM}.max_count": 2, f"{USER}.max_count": 41},
    ),
    bad(
        "remote-half-the-internet",
        "network.remote_ranges",
        ["64.0.0.0/7"],
        "a range of /8 or smaller",
        lines=2,
        given="64.0.0.0/7",
    ),
    bad("system-pool-burstable", f"{SYSTEM}.vm_size", "Standard_B8ms", "is burstable, which AKS refuses here"),
    *(
        bad(f"kubernetes-{version}", f"{KUBERNETES}.kubernetes_version", version, "must be a minor version")
        for version in ["latest", "1.35.1", "2.35", "v1.35", "1.5"]
    ),
    *(
        bad(f"kubernetes-{version}", f"{KUBERNETES}.kubernetes_version", version, "must be 1.34, 1.35, 1.36")
        for version in ["1.19", "1.37"]
    ),
    bad("kubernetes-number", f"{KUBERNETES}.kubernetes_version", 1.35, "must be text in quotes"),
    *(
        bad(f"sku-{sku}", f"{SQL}.database_sku_name", sku, "must be GP_S, GP or BC with a series of hardware")
        for sku in ["S0", "HS_Gen5_2", "gp_s_gen5_2", "GP_S_Gen5_02"]
    ),
    *(
        bad(f"sku-{sku}", f"{SQL}.database_sku_name", sku, "is no objective that is known here", also=also)
        for sku, also in [
            ("GP_S_Gen5_3", {}),
            ("GP_S_Gen9_2", {}),
            ("GP_Gen4_2", {f"{SQL}.auto_pause_delay_in_minutes": -1}),
            ("BC_Gen5_1", {f"{SQL}.auto_pause_delay_in_minutes": -1}),
        ]
    ),
    # Numbers.
    *(bad(f"{path}-low", path, low - 1, f"must be at least {low}", also=beside(path)) for path, low, _ in NUMBERS),
    *(bad(f"{path}-high", path, high + 1, f"must be at most {high}", also=beside(path)) for path, _, high in NUMBERS),
    *(bad(f"{path}-text", path, str(low), WHOLE, also=beside(path)) for path, low, _ in NUMBERS),
    *(bad(f"{path}-fraction", path, low + 0.5, WHOLE, also=beside(path)) for path, low, _ in NUMBERS),
    *(bad(f"{path}-switch", path, value=True, says=WHOLE, also=beside(path)) for path, _, _ in NUMBERS),
    bad("count-nan", f"{USER}.min_count", float("nan"), WHOLE, given="NaN"),
    bad("count-huge", f"{USER}.max_count", 10**400, "it needs at most 19 digits", given="the number"),
    bad("count-beyond", f"{USER}.max_count", 2**63 - 1, "must be at most 1000"),
    bad("quota-low", f"{LOGS}.daily_quota_gb", 0.01, "must be at least 0.023"),
    bad("quota-nan", f"{LOGS}.daily_quota_gb", float("nan"), "must be a finite number", given="NaN"),
    bad("quota-infinite", f"{LOGS}.daily_quota_gb", float("inf"), "must be a finite number", given="Infinity"),
    bad("quota-text", f"{LOGS}.daily_quota_gb", "1 GB", "must be a number without quotes"),
    # Availability zones.
    bad("zone-4", "availability_zones", [4], "must be at most 3", given="4", at="availability_zones.0"),
    bad("zone-0", "availability_zones", [0], "must be at least 1", given="0", at="availability_zones.0"),
    bad("zone-text", "availability_zones", ["1"], WHOLE, given='"1"', at="availability_zones.0"),
    bad("zones-number", "availability_zones", 3, "must be a list in square brackets"),
    bad("zones-four", "availability_zones", [1, 2, 3, 1], "must have at most 3 items"),
    bad("zones-twice", "availability_zones", [1, 1], "names a zone twice; name each once"),
    bad(
        "zones-one-in-production", "availability_zones", [1], "production needs at least two zones", environment="prod"
    ),
    bad(
        "zones-none-in-production",
        "availability_zones",
        [],
        "production needs at least two zones",
        environment="prod",
        also={f"{SQL}.zone_redundant": False},
    ),
    # The state.
    bad(
        "state-without-pair",
        f"{STATE}.replication",
        "GZRS",
        "needs a paired region, italynorth has none; use ZRS",
        also={"region": "italynorth"},
    ),
    bad("state-in-production", f"{STATE}.replication", "ZRS", "production needs GZRS", environment="prod"),
    *(
        bad(
            f"allowed-{text}", f"{STATE}.allowed_ip_ranges", [text], says, given=text, at=f"{STATE}.allowed_ip_ranges.0"
        )
        for text, says in [
            ("office", "must be a public IPv4 address or range, such as"),
            ("2001:db8::1", "must be a public IPv4 address or range, such as"),
            ("20.50.2.07", "must be a public IPv4 address or range, and 07 in it has a leading zero; write 7"),
            ("20.50.2.7 ", "must be a public IPv4 address or range, such as"),
            ("20.50.2.0/255.255.255.0", RANGE),
            ("20.50.2.1/28", "did you mean '20.50.2.0/28'?"),
            ("20.50.2.6/31", "a range from /16 to /30"),
            ("20.50.2.7/32", "a range from /16 to /30"),
            ("0.0.0.0/0", "a range from /16 to /30"),
            ("20.0.0.0/15", "a range from /16 to /30"),
            ("10.1.2.3", "must be public"),
            ("203.0.113.0/24", "must be public"),
            ("224.0.1.0/24", "must be public"),
        ]
    ),
    bad(
        "allowed-number",
        f"{STATE}.allowed_ip_ranges",
        [20],
        "must be text",
        given="20",
        at=f"{STATE}.allowed_ip_ranges.0",
    ),
    *(
        bad(f"allowed-twice-{ranges}", f"{STATE}.allowed_ip_ranges", ranges, says, given=given)
        for ranges, given, says in [
            (["20.50.2.7", "20.50.2.7"], "20.50.2.7", "is in the list too; name each address once"),
            (["20.50.2.7", "20.50.2.0/28"], "20.50.2.7", "overlaps 20.50.2.0/28, which is in the list too"),
        ]
    ),
    bad("allowed-no-list", f"{STATE}.allowed_ip_ranges", "20.50.2.7", "must be a list in square brackets"),
    # Ranges in themselves.
    *(
        bad(f"{path}-{text!r}", path, text, says)
        for path in [*VIRTUAL_NETWORKS_AND_CLUSTER_RANGES, f"{SUBNETS}.aks_nodes"]
        for text, says in [
            ("abc", RANGE),
            ("10.200.0.0", RANGE),
            ("10.200.0.0/33", RANGE),
            ("10.200.0.0/023", RANGE),
            ("10.0200.0.0/23", "0200 in it has a leading zero; write 200"),
            ("10.256.0.0/23", "256 in it is more than 255"),
            ("10.200.0.0/23 ", RANGE),
            ("10.200.0.0/255.255.254.0", RANGE),
            ("10.200.0.0/\N{FULLWIDTH DIGIT TWO}", RANGE),
            ("fd00::/64", RANGE),
            ("10.200.1.0/23", "must have no host bits; did you mean '10.200.0.0/23'?"),
        ]
    ),
    *(bad(f"{key}-range", f"{SUBNETS}.{key}", "10.200.0.0", RANGE) for key in SubnetKey),
    bad("range-number", HUB, 10, RANGE),
    *(
        bad(f"{path}-{text}", path, text, says)
        for path in VIRTUAL_NETWORKS_AND_CLUSTER_RANGES
        for text, says in [
            ("20.0.0.0/16", "is not private; choose from 10.0.0.0/8"),
            ("168.63.0.0/16", "is not private"),
            ("255.255.0.0/16", "is not private"),
            ("192.168.0.0/15", "is not private"),
            ("169.254.0.0/16", "is not private"),
            ("172.16.0.0/15", "overlaps 172.17.0.0/16, which AKS keeps for itself"),
            ("172.30.0.0/16", "overlaps 172.30.0.0/16, which AKS keeps for itself"),
            ("172.31.0.0/16", "overlaps 172.31.0.0/16, which AKS keeps for itself"),
        ]
    ),
    # Ranges side by side.
    bad("spoke-in-hub", SPOKE, "10.10.0.0/20", "overlaps network.hub.address_space, 10.10.0.0/23"),
    bad("pods-in-hub", f"{KUBERNETES}.pod_cidr", "10.10.0.0/20", "overlaps network.hub.address_space"),
    bad("pods-in-spoke", f"{KUBERNETES}.pod_cidr", "10.10.16.0/20", "overlaps network.spoke.address_space"),
    bad("services-in-hub", f"{KUBERNETES}.service_cidr", "10.10.0.0/24", "overlaps network.hub.address_space"),
    bad("services-in-spoke", f"{KUBERNETES}.service_cidr", "10.10.16.0/24", "overlaps network.spoke.address_space"),
    bad("services-in-pods", f"{KUBERNETES}.service_cidr", "10.244.8.0/24", "overlaps cluster.kubernetes.pod_cidr"),
    bad("services-too-many", f"{KUBERNETES}.service_cidr", "100.64.0.0/12", "must be from /13 to /27 in size"),
    bad("services-too-few", f"{KUBERNETES}.service_cidr", "10.245.0.0/28", "must be from /13 to /27 in size"),
    # The address plan.
    bad("hub-too-small", HUB, "10.10.0.0/24", "has no room for agents; use a range of /23 or larger, or give"),
    bad("spoke-too-small", SPOKE, "10.10.16.0/22", "no room for private_endpoints, load_balancers; use a range of /21"),
    bad("spoke-beyond-the-end", SPOKE, "255.255.252.0/22", "has no room for private_endpoints", lines=2),
    bad(
        "single-network-too-small",
        SPOKE,
        "10.10.16.0/21",
        "has no room for firewall, bastion, agents; use a range of /20 or larger, or give each of them a range inside",
        also=SINGLE,
    ),
    bad(
        "firewall-small", f"{SUBNETS}.firewall", "10.10.0.0/27", "too small: the subnet needs a range of /26 or larger"
    ),
    bad(
        "bastion-small", f"{SUBNETS}.bastion", "10.10.0.128/27", "too small: the subnet needs a range of /26 or larger"
    ),
    bad("agents-small", f"{SUBNETS}.agents", "10.10.1.0/29", "too small: the subnet needs a range of /28 or larger"),
    bad("nodes-small", f"{SUBNETS}.aks_nodes", "10.10.16.0/27", "too small: the subnet needs a range of /26 or larger"),
    bad("endpoints-small", f"{SUBNETS}.private_endpoints", "10.10.20.0/29", "needs a range of /28 or larger"),
    bad("balancers-small", f"{SUBNETS}.load_balancers", "10.10.20.64/30", "needs a range of /29 or larger"),
    *(
        bad(f"{key}-small", f"{SUBNETS}.{key}", text, f"needs a range of /{longest} or larger", also=also)
        for key, text, longest, also in [
            ("firewall_management", "10.10.0.64/27", 26, {f"{FIREWALL}.sku_tier": "Basic"}),
            ("jump_box", "10.10.0.192/30", 29, WITH_JUMP_BOX),
            ("api_server", "10.10.20.96/29", 28, {"network.api_server": "vnet_integration"}),
            ("private_link_service", "10.10.20.112/30", 29, WITH_FRONT_DOOR),
            ("application_gateway", "10.10.21.0/27", 26, WITH_GATEWAY),
        ]
    ),
    *(
        bad(f"{key}-unused", f"{SUBNETS}.{key}", "10.10.31.0/24", "is not used, for no setting calls for this subnet")
        for key in ("firewall_management", "jump_box", "api_server", "private_link_service", "application_gateway")
    ),
    bad("subnet-in-no-network", f"{SUBNETS}.agents", "10.99.0.0/27", "lies outside its virtual network 10.10.0.0/23"),
    bad("subnet-in-other-network", f"{SUBNETS}.agents", "10.10.24.0/27", "choose a range inside it"),
    bad("subnet-too-large", f"{SUBNETS}.agents", "10.10.0.0/22", "lies outside its virtual network", lines=3),
    bad(
        "subnets-overlap",
        f"{SUBNETS}.bastion",
        "10.10.0.64/26",
        "overlaps agents, 10.10.0.64/26",
        also={f"{SUBNETS}.agents": "10.10.0.64/26"},
    ),
    bad(
        "subnet-on-a-planned-one",
        f"{SUBNETS}.agents",
        "10.10.0.128/27",
        "overlaps bastion, 10.10.0.128/26; choose a free",
    ),
    bad("planned-one-on-a-subnet", f"{SUBNETS}.firewall", "10.10.0.128/26", "overlaps bastion, 10.10.0.128/26; choose"),
    # Other networks.
    bad(
        "remote-everybody", "network.remote_ranges", ["0.0.0.0/0"], "must be a range of /8", given="0.0.0.0/0", lines=2
    ),
    bad(
        "remote-missing-people", "network.bastion", "none", "is missing; bastion none needs", at="network.remote_ranges"
    ),
    bad("remote-missing", "network.agents", "none", "is missing; agents none needs", at="network.remote_ranges"),
    *(
        bad(f"remote-{ranges}", "network.remote_ranges", ranges, says, given=given, at=at)
        for ranges, given, at, says in [
            (["office"], "office", "network.remote_ranges.0", RANGE),
            (["20.50.2.0/28"], "20.50.2.0/28", "network.remote_ranges", "is not private; choose from 10.0.0.0/8"),
            (["10.10.0.0/23"], "10.10.0.0/23", "network.remote_ranges", "lies in network.hub.address_space"),
            (["10.10.16.0/24"], "10.10.16.0/24", "network.remote_ranges", "lies in network.spoke.address_space"),
            (["10.244.9.0/24"], "10.244.9.0/24", "network.remote_ranges", "lies in cluster.kubernetes.pod_cidr"),
            (["10.245.0.0/16"], "10.245.0.0/16", "network.remote_ranges", "lies in cluster.kubernetes.service_cidr"),
            (["10.99.0.0/16", "10.99.7.0/24"], "10.99.7.0/24", "network.remote_ranges", "name each address once"),
        ]
    ),
    *(
        bad(f"callers-{key}-{says}", f"network.callers.{key}", ranges, says, given=ranges[0])
        for key in ("application", "vault", "sql", "api_server")
        for ranges, says in [
            (["20.50.2.0/28"], "is not private; choose from 10.0.0.0/8"),
            (["10.10.0.0/24"], "lies in network.hub.address_space, 10.10.0.0/23"),
            (["10.10.16.0/24"], "lies in network.spoke.address_space, 10.10.16.0/20"),
            (["10.244.9.0/24"], "lies in cluster.kubernetes.pod_cidr, 10.244.0.0/16"),
            (["10.245.0.0/16"], "lies in cluster.kubernetes.service_cidr, 10.245.0.0/16"),
            (["10.99.7.0/24", "10.99.0.0/16"], "overlaps 10.99.0.0/16, which is in the list too"),
        ]
    ),
    *(
        bad(f"callers-{key}-{text}", f"network.callers.{key}", [text], "is no network of yours", given=text, lines=2)
        for key in ("application", "vault", "sql", "api_server")
        for text in ["10.0.0.0/7", "169.254.0.0/16"]
    ),
    *(
        bad(f"remote-{text}", "network.remote_ranges", [text], "is no network of yours", given=text, lines=2)
        for text in ["127.0.0.0/8", "169.254.0.0/16", "168.63.129.16/32", "224.0.0.0/4"]
    ),
    bad(
        "remote-many",
        "network.remote_ranges",
        [f"10.99.0.{n}/32" for n in range(256)] * 2,
        "at most 400",
        given="the list",
    ),
    bad("remote-thousands", "network.remote_ranges", ["10.99.0.0/16"] * 1001, "has 1001 items; no setting", given=""),
    # Ways in and out.
    bad("hub-missing", "network.hub", ABSENT, "is missing; topology hub_spoke needs its address_space", given=""),
    bad("hub-in-single", "network.topology", "single", "is not used in topology single", at="network.hub", given=""),
    bad(
        "appliance-missing", "network.egress", "nva", "is missing; egress nva needs", at="network.nva_address", given=""
    ),
    bad("appliance-unused", "network.nva_address", "10.10.0.4", "is not used by egress firewall; remove it"),
    *(
        bad(f"appliance-{text}", "network.nva_address", text, says, also={"network.egress": "nva"})
        for text, says in [
            ("10.10.0", "must be an IPv4 address, such as '10.10.0.4'"),
            ("10.10.0.4/32", "must be an IPv4 address, such as '10.10.0.4'"),
            ("10.10.0.256", "must be an IPv4 address, and 256 in it is more than 255"),
            ("10.010.0.4", "must be an IPv4 address, and 010 in it has a leading zero; write 10"),
            ("20.50.2.7", "is not private; give the appliance's address inside the networks"),
            ("10.244.0.4", "lies in the pods' range 10.244.0.0/16"),
            ("10.245.0.4", "lies in the services' range 10.245.0.0/16"),
            ("172.17.0.4", "lies in 172.17.0.0/16, which AKS keeps for itself"),
            ("10.10.16.4", "lies in aks_nodes, 10.10.16.0/22, which is for others; place it in a subnet of its own"),
        ]
    ),
    bad(
        "firewall-unused",
        "network.egress",
        "nat_gateway",
        "is not used by egress nat_gateway; remove it, or choose egress firewall",
        at=FIREWALL,
        given="",
        also={f"{FIREWALL}.sku_tier": "Premium"},
    ),
    bad(
        "basic-in-production",
        f"{FIREWALL}.sku_tier",
        "Basic",
        "production needs Standard or Premium",
        environment="prod",
    ),
    bad(
        "secrets-without-a-way-to-entra",
        f"{APPLICATION}.vault_secrets",
        ["one"],
        "which egress none does not reach; remove all",
        also={"network.egress": "none", **NO_AGENTS},
        given="one",
    ),
    bad(
        "published-production",
        f"{FIREWALL}.published_port",
        8080,
        "production needs network.application_gateway or network.front_door",
        environment="prod",
    ),
    *(
        bad(
            f"published-{name}",
            f"{FIREWALL}.published_port",
            8080,
            f"past the web application firewall of network.{name}",
            also=also,
        )
        for name, also in [
            ("application_gateway", WITH_GATEWAY),
            ("front_door", WITH_FRONT_DOOR),
        ]
    ),
    *(
        bad(f"network-rule-{key}-{value}", EXTRA, [TCP_RULE | {key: value}], says, at=f"{EXTRA}.0.{at}", given=given)
        for key, value, at, given, says in [
            ("protocol", "https", "addresses", "", "go with protocol tcp or udp; https needs hosts instead"),
            ("hosts", ["queue.example.com"], "addresses", "", "or hosts must be given, and not both"),
            ("addresses", [], "addresses", "", "or hosts must be given, and not both"),
            ("addresses", ["192.168.5.4"], "addresses.0", "192.168.5.4", RANGE),
            ("addresses", ["127.0.0.0/24"], "addresses", "127.", "is no network; it must be a range of /8"),
            ("addresses", ["169.254.169.254/32"], "addresses", "169.254.169.254/32", "is no network"),
            ("addresses", ["10.10.0.0/24"], "addresses", "10.10.0.0/24", "lies in network.hub.address_space"),
            ("addresses", ["10.10.17.0/24"], "addresses", "10.10.17.0/24", "lies in network.spoke.address_space"),
            ("addresses", ["10.244.1.0/24"], "addresses", "10.244.1.0/24", "lies in cluster.kubernetes.pod_cidr"),
            ("addresses", ["10.245.1.0/24"], "addresses", "10.245.1.0/24", "lies in cluster.kubernetes.service_cidr"),
            ("ports", [], "ports", "", "must name at least one port for protocol tcp"),
        ]
    ),
    bad(
        "network-rule-public", EXTRA, [TCP_RULE | {"addresses": ["51.20.0.0/16"]}], "others have machines", given="51."
    ),
    *(
        bad(
            f"network-rule-{id_}",
            EXTRA,
            [TCP_RULE | {"addresses": [], "hosts": [host], "source": source}],
            says,
            also=also,
            at=f"{EXTRA}.0.hosts",
            given=given,
        )
        for id_, host, source, also, given, says in [
            ("wildcard", "*.example.com", "aks_nodes", {}, "*.example.com", "has no address that tcp could go to"),
            ("basic", "q.example.com", "aks_nodes", {"network.firewall.sku_tier": "Basic"}, "", "Basic does not"),
            ("hub", "q.example.com", "agents", {}, "agents", "need the same DNS server here as at the firewall"),
        ]
    ),
    bad(
        "network-rule-of-jump-box",
        EXTRA,
        [TCP_RULE | {"source": "jump_box"}],
        "is closed at the jump box itself",
        also=WITH_JUMP_BOX,
        at=f"{EXTRA}.0.ports",
        given="5671",
    ),
    bad(
        "extra-rule-twice",
        EXTRA,
        [EXTRA_RULE, EXTRA_RULE | {"hosts": ["gitlab.com"]}],
        "names two rules; give each a name of its own",
        given="gitops",
    ),
    *(
        bad(f"extra-host-twice-{n}", EXTRA, rules, "is opened twice for aks_nodes; name it once", given="github.com")
        for n, rules in enumerate(
            [[EXTRA_RULE | {"hosts": ["github.com", "github.com"]}], [EXTRA_RULE, EXTRA_RULE | {"name": "flux"}]]
        )
    ),
    bad(
        "reached-twice",
        f"{APPLICATION}.reached_hosts",
        ["github.com", "github.com"],
        "stands in the list twice; name each host once",
        also={f"{KUBERNETES}.advanced_networking": True, "network.firewall.extra_rules": [EXTRA_RULE]},
        given="github.com",
    ),
    bad(
        "extra-rule-for-nobody",
        EXTRA,
        [EXTRA_RULE | {"source": "agents"}],
        "has a rule for agents, of which there are none; remove it",
        given="",
        also=NO_AGENTS,
    ),
    bad(
        "extra-rule-for-no-jump-box",
        EXTRA,
        [EXTRA_RULE | {"source": "jump_box"}],
        "has a rule for the jump box, which there is not; remove it",
        given="",
    ),
    *(
        bad(f"extra-rule-{key}-{value}", EXTRA, [EXTRA_RULE | {key: value}], says, at=f"{EXTRA}.0.{at}", given=given)
        for key, value, at, given, says in [
            ("name", "Git Ops", "name", "Git Ops", "must be at most 40 lower-case letters"),
            ("source", "pods", "source", "pods", "must be 'jump_box', 'agents' or 'aks_nodes'"),
            ("hosts", [], "hosts", "", "must name at least one host"),
            ("protocol", "ftp", "protocol", "ftp", "must be 'https', 'http', 'tcp' or 'udp'"),
            ("ports", [0], "ports.0", "0", "must be at least 1"),
            ("ports", [64001], "ports.0", "64001", "must be at most 64000"),
            ("ports", [8443, 8443], "ports", "[8443, 8443]", "names a port twice"),
            ("ports", [*range(1, 17)], "ports", "[1, 2", "must have at most 15 items"),
            ("hosts", [f"h{n}.example.com" for n in range(101)], "hosts", "the list", "must have at most 100 items"),
            ("hosts", ["*"], "hosts.0", "*", "must be a host name in lower case"),
            ("hosts", ["*.com"], "hosts.0", "*.com", "must be a host name in lower case"),
            ("hosts", ["a.b-"], "hosts.0", "a.b-", "must be a host name in lower case"),
            ("hosts", ["10.0.0.1"], "hosts.0", "10.0.0.1", "must be a host name in lower case"),
            ("hosts", ["https://github.com"], "hosts.0", "https://github.com", "must be a host name in lower case"),
            ("because", "needed", "because", "the text", "must be 10 to 140 characters in one line"),
            ("because", "x" * 141, "because", "the text", "must be 10 to 140 characters in one line"),
        ]
    ),
    *(
        bad(f"agents-{egress}", "network.egress", egress, f"egress {egress} gives it none", at="network.agents")
        for egress in ("load_balancer", "none")
    ),
    *(
        bad(
            f"jump-box-{egress}",
            "network.egress",
            egress,
            f"needs a way to updates and to Entra, and egress {egress} gives it none",
            at=JUMP_BOX,
            also=WITH_JUMP_BOX | NO_AGENTS,
        )
        for egress in ("load_balancer", "none")
    ),
    bad(
        "jump-box-without-bastion",
        "network.bastion",
        "none",
        "is reached through Bastion alone; choose network.bastion, or remove it",
        at=JUMP_BOX,
        given="",
        also=WITH_JUMP_BOX | {"network.remote_ranges": ["192.168.0.0/24"]},
    ),
    bad("jump-box-password", f"{JUMP_BOX}.login", "password", "must be 'entra' or 'ssh_key'", also=WITH_JUMP_BOX),
    *(
        bad(f"jump-box-{size}", f"{JUMP_BOX}.vm_size", size, says, also=WITH_JUMP_BOX)
        for size, says in [
            ("small", "must be a size of Azure's virtual machines"),
            ("Standard_D2ps_v5", "has Arm processors"),
            ("Standard_A1", "has no premium storage"),
            ("Standard_D2_v2", "has no premium storage"),
            ("Standard_D2_v3", "has no premium storage"),
            ("Standard_DC2as_v5", "is confidential"),
            ("Standard_D4ds_v9", "is no size that is known here; choose another as the jump box"),
        ]
    ),
    bad("jump-box-no-key", f"{JUMP_BOX}.login", "ssh_key", "is missing", at=f"{JUMP_BOX}.ssh_public_key", given=""),
    *(
        bad(
            f"jump-box-key-{number}",
            f"{JUMP_BOX}.ssh_public_key",
            text,
            says,
        )
        for number, (text, says) in enumerate(
            [
                ("", "must be an OpenSSH public key in one line"),
                ("ssh-ed25519", "must be an OpenSSH public key in one line"),
                ("ssh-rsa " + "A" * 372, "must be an OpenSSH public key in one line"),
                ("ssh-rsa AAAAB3Nza", "must be an OpenSSH public key in one line"),
                (SSH_KEY + "\n", "must be an OpenSSH public key in one line"),
                (SSH_KEY + "\n" + SSH_KEY, "must be an OpenSSH public key in one line"),
                (
                    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAH2ruEy0RpSc+R3AHO4dXGZpp9QhkWDIp5O8OC6eNW2s=",
                    "is cut short or damaged",
                ),
                (SSH_KEY[:-8], "must be an OpenSSH public key in one line"),
                (SSH_KEY.replace("ssh-ed25519", "ssh-rsa"), "Azure takes Ed25519 and RSA"),
                (SHORT_RSA_KEY, "has 1024 bits; an RSA key needs 2048 or more"),
                (ECDSA_KEY, "Azure takes Ed25519 and RSA"),
            ]
        )
    ),
    # The web application firewall.
    bad(
        "gateway-without-name",
        GATEWAY,
        {"certificate_name": "shop"},
        "is missing; add it: Public name",
        at=f"{GATEWAY}.host_name",
        given="",
    ),
    bad(
        "gateway-and-front-door",
        "network.front_door",
        {},
        "would lead past network.application_gateway; remove one of the two",
        also=WITH_GATEWAY,
        given="",
    ),
    *(
        bad(f"gateway-{key}-{value}", f"{GATEWAY}.{key}", value, says, also=WITH_GATEWAY)
        for key, value, says in [
            ("host_name", "*.shop.example.com", "names many hosts; the gateway answers to one"),
            ("host_name", "Shop.example.com", "must be a host name in lower case"),
            ("certificate_name", "shop.pem", "must be at most 127 letters, digits and hyphens"),
            ("min_capacity", -1, "must be at least 0"),
            ("min_capacity", 101, "must be at most 100"),
            ("min_capacity", 11, "is more than max_capacity, 10; lower it"),
            ("max_capacity", 1, "must be at least 2"),
            ("max_capacity", 126, "must be at most 125"),
        ]
    ),
    bad(
        "gateway-instances",
        f"{SUBNETS}.application_gateway",
        "10.10.21.0/26",
        "has 64 addresses; 60 instances need 65",
        also=WITH_GATEWAY | {f"{GATEWAY}.max_capacity": 60},
    ),
    # Who is who.
    *(
        bad(
            f"{second}-is-{first}",
            second,
            SOMEBODY,
            f"is the {first} too, which names {named}",
            also=_beside(first) | _beside(second) | {first: SOMEBODY} | also,
        )
        for first, second in combinations(IDENTIFIERS, 2)
        for also in [{LOGS: {"existing_workspace_id": WORKSPACE}} if second == CUSTOMER_ID else {}]
        for named in ["an " if first in [*DEPLOYERS, *PLANNERS, PUSHER, *ORGANIZATION] else "a "]
        if (first, second) not in MAY_BE_ONE
    ),
    # Names that pods know.
    bad(
        "reached-without-names",
        f"{APPLICATION}.reached_hosts",
        ["git.example.com"],
        "is not used without cluster.kubernetes.advanced_networking",
        also={"network.firewall.extra_rules": [EXTRA_RULE | {"hosts": ["git.example.com"]}]},
        given="git.example.com",
    ),
    bad(
        "reached-past-the-firewall",
        f"{APPLICATION}.reached_hosts",
        ["api.example.com"],
        "is not open in the firewall; name it in a rule of network.firewall.extra_rules for aks_nodes",
        also={f"{KUBERNETES}.advanced_networking": True, "network.firewall.extra_rules": [EXTRA_RULE]},
        given="api.example.com",
    ),
    bad(
        "reached-by-the-jump-box",
        f"{APPLICATION}.reached_hosts",
        ["api.example.com"],
        "is not open in the firewall; name it in a rule of network.firewall.extra_rules for aks_nodes",
        also={
            **WITH_JUMP_BOX,
            f"{KUBERNETES}.advanced_networking": True,
            "network.firewall.extra_rules": [EXTRA_RULE | {"source": "jump_box", "hosts": ["api.example.com"]}],
        },
        given="api.example.com",
    ),
    bad(
        "reached-in-isolation",
        f"{APPLICATION}.reached_hosts",
        ["api.example.com"],
        "is out of reach with egress none",
        also={**NO_AGENTS, "network.egress": "none", f"{KUBERNETES}.advanced_networking": True},
        given="api.example.com",
    ),
    # The workspace.
    bad(
        "workspace-half-known",
        LOGS,
        {"existing_workspace_id": WORKSPACE},
        "is missing; give the GUID that the existing workspace's page calls Workspace ID",
        at=f"{LOGS}.existing_workspace_customer_id",
        given="",
    ),
    bad(
        "workspace-of-no-address",
        f"{LOGS}.existing_workspace_customer_id",
        WORKSPACE_CUSTOMER_ID,
        "is not used without existing_workspace_id",
        given="",
    ),
    bad("workspace-name", f"{LOGS}.existing_workspace_id", "log-shop", "must be the ARM id of a workspace"),
    bad("workspace-slash", f"{LOGS}.existing_workspace_id", f"{WORKSPACE}/", "/log-shop/' is its end; remove the '/'"),
    bad(
        "workspace-short",
        f"{LOGS}.existing_workspace_id",
        WORKSPACE.replace("log-shop", "log"),
        "must end with a workspace's name, and 'log' needs 4 to 63",
    ),
    bad(
        "workspace-of-nobody",
        f"{LOGS}.existing_workspace_id",
        WORKSPACE.replace("3f5e0d1c-8a47", "-------------"),
        "must be the ARM id of a workspace",
    ),
    bad(
        "workspace-with-settings",
        f"{LOGS}.existing_workspace_id",
        WORKSPACE,
        "names a workspace that somebody else sets up; remove the other settings",
        at=LOGS,
        given="",
        also={f"{LOGS}.existing_workspace_customer_id": WORKSPACE_CUSTOMER_ID},
    ),
    # Nodes.
    bad(
        "nodes-without-addresses",
        f"{USER}.max_count",
        900,
        "1200 nodes",
        given="10.10.16.0/22",
        at=f"{SUBNETS}.aks_nodes",
        also={f"{KUBERNETES}.pod_cidr": "10.128.0.0/12"},
    ),
    bad(
        "pods-without-addresses",
        f"{USER}.max_count",
        200,
        "269 nodes",
        given="10.244.0.0/16",
        at=f"{KUBERNETES}.pod_cidr",
    ),
    bad("pods-in-less-than-a-node", f"{KUBERNETES}.pod_cidr", "10.244.0.0/25", "every node takes a /24"),
    *(
        bad(f"{pool}-bounds", f"{pool}.min_count", 9, f"is more than max_count, {most}; lower it")
        for pool, most in ((SYSTEM, 2), (USER, 3))
    ),
    bad(
        "system-pool-in-production",
        f"{SYSTEM}.min_count",
        2,
        "too few; production needs at least 3",
        environment="prod",
    ),
    bad("user-pool-in-production", f"{USER}.min_count", 1, "too few; production needs at least 2", environment="prod"),
    *(
        bad(
            f"{pool}-disk",
            f"{pool}.os_disk_size_gb",
            76,
            "is more than the 75 GiB",
            at=f"{pool.removesuffix('.0')}.os_disk_size_gb",
        )
        for pool in (SYSTEM, USER)
    ),
    bad(
        "disk-generation-6-small",
        f"{USER}.os_disk_size_gb",
        111,
        "the 110 GiB that",
        at=f"{POOLS}.os_disk_size_gb",
        also={f"{USER}.vm_size": "Standard_D2ads_v6"},
    ),
    bad(
        "disk-largest",
        f"{USER}.os_disk_size_gb",
        2041,
        "the 2040 GiB that",
        at=f"{POOLS}.os_disk_size_gb",
        also={f"{USER}.vm_size": "Standard_E96ds_v6"},
    ),
    bad("data-too-large", f"{SQL}.max_size_gb", 1025, "is more than the 1024 GB that GP_S_Gen5_2 holds"),
    bad("system-pool-empty", f"{SYSTEM}.min_count", 0, "is too few; a system pool needs at least 1"),
    bad(
        "system-pool-full",
        f"{SYSTEM}.max_count",
        1,
        "is too few: Standard_D2ds_v5 times 1 leaves about 1250 millicores and 4281 MiB",
    ),
    bad(
        "free-control-plane",
        f"{USER}.max_count",
        999,
        "Free has at most 1000 nodes, and max_count adds up to 1001",
        given="",
        at=f"{KUBERNETES}.sku_tier",
        also={f"{KUBERNETES}.pod_cidr": "10.128.0.0/12", f"{SUBNETS}.aks_nodes": "10.10.24.0/21"},
    ),
    bad(
        "cluster-without-sla",
        f"{KUBERNETES}.sku_tier",
        "Free",
        "has no SLA; production needs Standard",
        environment="prod",
    ),
    # The database.
    bad(
        "pause-provisioned",
        f"{SQL}.auto_pause_delay_in_minutes",
        60,
        "never pauses; leave it out",
        given="GP_Gen5_2",
        also={f"{SQL}.database_sku_name": "GP_Gen5_2"},
    ),
    bad("pause-short", f"{SQL}.auto_pause_delay_in_minutes", 14, "must be -1 (never) or from 15 to 10080"),
    bad("pause-at-once", f"{SQL}.auto_pause_delay_in_minutes", 0, "must be -1 (never) or from 15 to 10080"),
    bad(
        "pause-in-production",
        f"{SQL}.auto_pause_delay_in_minutes",
        60,
        "production must leave it out",
        environment="prod",
        also={f"{SQL}.database_sku_name": "GP_S_Gen5_2", f"{SQL}.zone_redundant": False},
    ),
    bad(
        "pause-and-long-term-backups",
        f"{SQL}.auto_pause_delay_in_minutes",
        60,
        "which one with long-term backups cannot; leave one of them out",
        also={f"{SQL}.long_term_backups.years": 7},
    ),
    bad(
        "long-term-backups-of-nothing",
        f"{SQL}.long_term_backups",
        {},
        "give weeks, months or years",
        given="",
        also={f"{SQL}.auto_pause_delay_in_minutes": -1},
    ),
    bad(
        "keys-of-microsofts",
        "cluster.kubernetes.customer_managed_disk_key",
        value=False,
        says="production needs true",
        environment="prod",
    ),
    # Attacks by volume.
    bad("ddos-text", "network.ddos_ip_protection", "on", "must be true or false"),
    bad(
        "ddos-plan-name",
        "network.ddos_protection_plan_id",
        "ddos-company",
        "must be the ARM id of a DDoS protection plan",
    ),
    bad(
        "ddos-twice",
        "network.ddos_ip_protection",
        value=True,
        says="true pays for what the plan of ddos_protection_plan_id does",
        also={"network.ddos_protection_plan_id": DDOS_PLAN},
    ),
    # The registry.
    *(
        bad(
            f"registry-id-{name}",
            f"{REGISTRY}.existing_registry_id",
            text,
            "must be the ARM id of a container registry",
        )
        for name, text in [
            ("name", "crcompany"),
            ("group", REGISTRY_ID.partition("/providers")[0]),
            ("hyphen", f"{REGISTRY_ID}-2"),
        ]
    ),
    bad(
        "registry-region-alone",
        f"{REGISTRY}.existing_registry_region",
        "northeurope",
        "is not used without existing_registry_id",
        given="",
    ),
    bad(
        "registry-endpoint-alone",
        f"{REGISTRY}.private_endpoint",
        value=True,
        says="is not used without existing_registry_id",
        given="",
    ),
    bad(
        "registry-without-a-name",
        f"{REGISTRY}.private_endpoint",
        value=False,
        says="false leaves the names to the company's zones",
        also={f"{REGISTRY}.existing_registry_id": REGISTRY_ID},
    ),
    *(
        bad(
            f"registry-of-others-{key}",
            f"{REGISTRY}.{key}",
            value,
            "is for the owners of existing_registry_id to set",
            given="",
            also={f"{REGISTRY}.existing_registry_id": REGISTRY_ID},
        )
        for key, value in [("cache_rules", [CACHE_RULE]), ("untagged_retention_in_days", 7)]
    ),
    bad(
        "registry-of-others-and-isolated",
        f"{REGISTRY}.existing_registry_id",
        REGISTRY_ID,
        "must cache; remove it, or choose another egress",
        given="",
        also={"network.egress": "none", **NO_AGENTS},
    ),
    bad("pusher-name", f"{REGISTRY}.pusher_principal_id", "builder", "must be a GUID"),
    bad(
        "pusher-that-gives-itself-the-role",
        f"{REGISTRY}.pusher_principal_id",
        SOMEBODY,
        "may give itself no role; name another",
        also={"identities.cluster": SOMEBODY},
    ),
    *(
        bad(f"cache-{key}-{index}", RULES, [CACHE_RULE | {key: text}], says, at=f"{RULES}.0.{key}", given=text)
        for index, (key, text, says) in enumerate(
            [
                ("name", "k8s", "must be 5 to 49 lower-case letters"),
                ("name", "-images", "must be 5 to 49 lower-case letters"),
                ("source_repo", "docker.io/library/nginx", "must be a repository of mcr.microsoft.com"),
                ("source_repo", "quay.io", "must be a repository of mcr.microsoft.com"),
                ("target_repo", "Proxy", "must be a repository, such as"),
                ("target_repo", "proxy/*", "must end in /* just where source_repo does"),
                ("target_repo", "aks-managed-repository", "is where AKS keeps its own; choose another"),
            ]
        )
    ),
    bad(
        "cache-name-twice",
        RULES,
        [CACHE_RULE, CACHE_RULE | {"target_repo": "other"}],
        "names a rule before it too",
        at=f"{RULES}.1.name",
        given="oauth2-proxy",
    ),
    bad(
        "cache-target-twice",
        RULES,
        [
            CACHE_RULE | {"name": "all-of-quay", "source_repo": "quay.io/*", "target_repo": "quay/*"},
            CACHE_RULE | {"target_repo": "quay/proxy"},
        ],
        "overlaps quay/*; choose another",
        at=f"{RULES}.1.target_repo",
        given="quay/proxy",
    ),
    bad(
        "application-without-its-database",
        f"{APPLICATION}.database",
        value=True,
        says="is true, and there is none; leave it out",
        given="",
        also={SQL: ABSENT},
    ),
    bad(
        "callers-of-no-database",
        "network.callers.sql",
        ["192.168.0.0/24"],
        "is of no use without a database",
        given="",
        also={SQL: ABSENT, f"{APPLICATION}.database": False},
    ),
    bad("secret-name", WRITTEN, [{"name": "a_b"}], "letters, digits and hyphens", at=f"{WRITTEN}.0.name", given="a_b"),
    bad("secret-version", WRITTEN, [{"name": "a", "version": 0}], "at least 1", at=f"{WRITTEN}.0.version", given="0"),
    bad(
        "secret-twice",
        WRITTEN,
        [{"name": "api-key"}, {"name": "API-key"}],
        "it stands in the list already",
        at=f"{WRITTEN}.1.name",
        given="API-key",
    ),
    bad(
        "secret-of-a-certificate",
        WRITTEN,
        [{"name": "Shop"}],
        "the certificate of the gateway has it",
        also=WITH_GATEWAY,
        at=f"{WRITTEN}.0.name",
        given="Shop",
    ),
    bad(
        "secret-and-planner",
        WRITTEN,
        [{"name": "a"}],
        "would have to be read, values and all, by identities.cluster_plan",
        environment="prod",
        given="",
    ),
    bad(
        "zone-redundant-objective",
        f"{SQL}.zone_redundant",
        value=True,
        says="is zone redundant in some regions only; choose a BC objective",
        given="GP_S_Gen5_2",
        also={"availability_zones": [1]},
    ),
    bad(
        "zone-redundant-no-zones",
        f"{SQL}.zone_redundant",
        value=True,
        says="needs zones",
        also={f"{SQL}.database_sku_name": "BC_Gen5_2", f"{SQL}.auto_pause_delay_in_minutes": -1},
    ),
    # A company's hub and zones.
    bad("company-hub-missing", COMPANY_HUB, ABSENT, "is missing; topology spoke needs", given="", also=IN_A_HUB),
    bad(
        "company-hub-unused",
        f"{COMPANY_HUB}.virtual_network_id",
        HUB_ID,
        "is not used in topology hub_spoke; remove it, or choose topology spoke",
        at=COMPANY_HUB,
        given="",
    ),
    *(
        bad(
            f"company-hub-{n}",
            f"{COMPANY_HUB}.virtual_network_id",
            text,
            "must be the ARM id of a virtual",
            also=IN_A_HUB,
        )
        for n, text in enumerate(["vnet-hub", f"{HUB_ID}/subnets/a", "/subscriptions/1/resourceGroups/rg", 1 * "/"])
    ),
    bad("company-hub-slash", f"{COMPANY_HUB}.virtual_network_id", f"{HUB_ID}/", "remove the '/' after", also=IN_A_HUB),
    bad("zones-slash", f"{PRIVATE_DNS}.zones_resource_group_id", f"{ZONES_ID}/", "remove the '/' after the name"),
    bad(
        "hub-peering",
        f"{COMPANY_HUB}.peering",
        "hub",
        "must be 'spoke', 'both' or 'none'",
        also=IN_A_HUB,
    ),
    bad(
        "hub-gateway-not-bool",
        f"{COMPANY_HUB}.gateway_transit",
        "yes",
        "must be true or false",
        also=IN_A_HUB,
    ),
    bad(
        "hub-gateway-without-peering",
        f"{COMPANY_HUB}.gateway_transit",
        value=True,
        says="is not used with peering none",
        given="",
        also={**IN_A_HUB, f"{COMPANY_HUB}.peering": "none"},
    ),
    bad("hub-and-own-firewall", "network.egress", "firewall", "would make another one beside the hub's", also=JOINED),
    *(
        bad(
            f"hub-and-{key}",
            "network.topology",
            "spoke",
            "in topology spoke say none, or",
            at=f"network.{key}",
            given="",
            also={path: value for path, value in IN_A_HUB.items() if path != f"network.{key}"},
        )
        for key in ("agents", "bastion")
    ),
    bad(
        "next-hop-in-the-spoke",
        "network.nva_address",
        "10.10.30.4",
        "lies in network.spoke, 10.10.16.0/20; give the address of the hub's firewall",
        also=IN_A_HUB,
    ),
    bad("dns-servers-and-firewall", DNS_SERVERS, ["10.0.0.5"], "whose firewall answers", given="", also=ZONES),
    *(
        bad(f"dns-servers-{given}", DNS_SERVERS, value, says, at=at, given=given, also={**IN_A_HUB, **ZONES})
        for value, given, says, at in [
            (["8.8.8.8"], "8.8.8.8", "is not private", DNS_SERVERS),
            (["10.0.0.5", "10.0.0.5"], "10.0.0.5", "is in the list twice", DNS_SERVERS),
            (["10.0.0"], "10.0.0", "must be an IPv4 address", f"{DNS_SERVERS}.0"),
            ([f"10.0.0.{n}" for n in range(21)], "", "at most 20", DNS_SERVERS),
        ]
    ),
    bad(
        "dns-servers-without-zones",
        DNS_SERVERS,
        ["10.0.0.5"],
        "do not see zones that the network stack makes",
        at="network.private_dns",
        given="",
        also=IN_A_HUB,
    ),
    *(
        bad(f"zones-{n}", f"{PRIVATE_DNS}.zones_resource_group_id", text, "must be the ARM id of a resource group")
        for n, text in enumerate(
            ["rg-dns", f"{ZONES_ID}/providers/Microsoft.Network/privateDnsZones/a", f"{ZONES_ID}."]
        )
    ),
    bad("records", f"{PRIVATE_DNS}.records", "nobody", "must be 'terraform' or 'policy'", also=ZONES),
    bad("zone-of-aks", f"{PRIVATE_DNS}.kubernetes_zone", "none", "must be 'central' or 'system'", also=ZONES),
    bad(
        "policy-covers-unused",
        f"{PRIVATE_DNS}.policy_covers",
        ["key_vault"],
        "is not used with records terraform",
        given="",
        also=ZONES,
    ),
    *(
        bad(f"policy-covers-{what}", f"{PRIVATE_DNS}.policy_covers", value, says, at=at, given=given, also=BY_POLICY)
        for what, value, says, at, given in [
            ("nothing", [], "is empty; name what the policy covers", f"{PRIVATE_DNS}.policy_covers", ""),
            ("twice", ["key_vault", "key_vault"], "names a service twice", f"{PRIVATE_DNS}.policy_covers", ""),
            ("unknown", ["redis"], "must be 'blob_storage',", f"{PRIVATE_DNS}.policy_covers.0", "redis"),
        ]
    ),
    bad(
        "images-without-a-name",
        "network.egress",
        "none",
        "nodes start from its images, minutes before the policy has written its name",
        at=f"{PRIVATE_DNS}.policy_covers",
        given="",
        also={**BY_POLICY, **NO_AGENTS},
    ),
    *(
        bad(f"zone-of-aks-{n}", f"{PRIVATE_DNS}.kubernetes_zone", "system", f"its nodes ask {who}", also=also)
        for n, (who, also) in enumerate(
            [
                ("the firewall in the hub; choose central", ZONES),
                ("the servers of network.dns_servers", {**ZONES, **IN_A_HUB, DNS_SERVERS: ["10.0.0.5"]}),
            ]
        )
    ),
    # Who signs in.
    bad(
        "sign-in-without-an-ingress",
        APPLICATIONS,
        [ORDERS, BILLS | {"sign_in": {"host_name": "shop.example.com"}}],
        "none lets nobody in who could sign in",
        at=f"{APPLICATIONS}.1.ingress",
        given="",
    ),
    bad(
        "sign-in-without-https",
        f"{SIGN_IN}.host_name",
        "shop.example.com",
        "needs HTTPS, as browsers send its cookies",
        at=SIGN_IN,
        given="",
    ),
    bad(
        "sign-in-elsewhere",
        f"{SIGN_IN}.host_name",
        "other.example.com",
        "is not the name by which network.application_gateway is reached; write shop.example.com",
        also=WITH_GATEWAY,
    ),
    bad(
        "sign-in-at-a-name-of-nobodys",
        f"{SIGN_IN}.host_name",
        "shop.example.com",
        "is no name of network.front_door's; deploy it first, without sign_in",
        also=WITH_FRONT_DOOR,
    ),
    bad(
        "sign-in-without-a-way-to-entra",
        "network.egress",
        "none",
        "asks Entra, which egress none does not reach; choose another egress",
        at=SIGN_IN,
        given="",
        also={**SIGNED_IN, **NO_AGENTS},
    ),
    *(
        bad(f"sign-in-{key}-{name}", f"{APPLICATION}.{key}", name, says, also=SIGNED_IN)
        for key in ("name", "namespace")
        for name, says in [("a" * 33, "has more than 32 characters")]
    ),
    *(
        bad(
            f"sign-in-{key}-taken",
            APPLICATIONS,
            [
                ORDERS | {"sign_in": {"host_name": "shop.example.com"}},
                BILLS | {key: "orders-sign-in"},
            ],
            "orders-sign-in, that of its proxy, is that of another application; rename one",
            at=f"{APPLICATION}.{key}",
            given="",
            also=WITH_GATEWAY,
        )
        for key in ("name", "namespace")
    ),
    bad(
        "sign-in-secret-of-an-application",
        f"{APPLICATION}.vault_secrets",
        ["OAuth2-Proxy-cookie-secret"],
        "oauth2-proxy-cookie-secret is read by an application, which could sign anybody in",
        at=f"{SIGN_IN}.cookie_secret",
        given="",
        also=SIGNED_IN,
    ),
    *(
        bad(
            f"sign-in-routed-{id_}",
            APPLICATIONS,
            [ROUTED | {"routes": routes, "sign_in": {"host_name": "shop.example.com"}}],
            says,
            at=at,
            given="",
            also={INGRESS: {"listeners": [LISTENER, *more]}},
        )
        for id_, routes, more, at, says in [
            (
                "elsewhere",
                [{"host": "shop.example.com"}, {"host": "bills.example.com"}],
                [LISTENER | {"host_name": "bills.example.com"}],
                f"{SIGN_IN}.host_name",
                "is not the host of every route",
            ),
            (
                "in-part",
                [{"host": "shop.example.com", "path": "/shop"}],
                [],
                f"{APPLICATION}.routes",
                'lack one of shop.example.com with path "/"',
            ),
        ]
    ),
    bad("sign-in-secret", f"{SIGN_IN}.cookie_secret", "cookie_secret", "letters, digits and hyphens", also=SIGNED_IN),
    bad(
        "sign-in-more-than-most", f"{SIGN_IN}.min_replicas", 5, "is more than max_replicas, 4; lower it", also=SIGNED_IN
    ),
    bad(
        "sign-in-by-one-pod",
        f"{SIGN_IN}.min_replicas",
        1,
        "survives no node's upgrade",
        environment="prod",
        also=SIGNED_IN,
    ),
    bad("sign-in-name", f"{SIGN_IN}.display_name", "Shop!", "1 to 100 letters, digits, spaces", also=SIGNED_IN),
    bad("sign-in-required", f"{SIGN_IN}.assignment_required", "no", "must be true or false", also=SIGNED_IN),
    *(
        bad(
            f"sign-in-{key}-{given}",
            f"{SIGN_IN}.{key}",
            [given],
            says,
            at=f"{SIGN_IN}.{key}.0",
            given=given,
            also=SIGNED_IN,
        )
        for key, given, says in [
            ("allowed_group_ids", "shop-users", "a GUID in lower case"),
            ("owner_ids", "somebody@example.com", "a GUID in lower case"),
            ("allowed_group_ids", TENANT, "is the tenant_id too, which names a tenant; give the id of the group"),
            ("owner_ids", ADMINISTRATORS, "is the cluster_admin_group_id too, which names a group; give the id of the"),
        ]
    ),
    bad("sign-in-image", f"{SIGN_IN}.image_repository", "quay.io/x", "without the name of a registry", also=SIGNED_IN),
    bad("sign-in-digest", f"{SIGN_IN}.image_digest", "v7.15.5", "'sha256:' and 64 lower-case", also=SIGNED_IN),
    # The applications.
    *(
        bad(f"applications-{id_}", APPLICATIONS, [ORDERS, BILLS | other], says, given=given)
        for id_, other, says, given in [
            (
                "two-of-one-name",
                {"name": "orders"},
                "names two applications; give each a name of its own",
                "orders",
            ),
            ("two-in-a-namespace", {"namespace": "orders"}, "is the namespace of two applications", "orders"),
            (
                "two-behind-the-load-balancer",
                {"ingress": "load_balancer"},
                "have ingress load_balancer, which has room for one",
                "orders and bills",
            ),
        ]
    ),
    *(
        bad(f"calls-{called}", f"{APPLICATION}.calls", called, says, given=called[0])
        for called, says in [
            (["bills"], "is no application of this file"),
            (["orders"], "is the application itself; remove it"),
        ]
    ),
    bad(
        "calls-twice",
        APPLICATIONS,
        [ORDERS | {"calls": ["bills", "bills"]}, BILLS],
        "stands in the list twice; name it once",
        at=f"{APPLICATION}.calls",
        given="bills",
    ),
    *(
        bad(
            f"leads-nowhere-{path}",
            f"{APPLICATION}.ingress",
            "none",
            "leads to no application",
            at=path,
            also=also,
            given="",
        )
        for path, also in WAYS_IN.items()
    ),
    bad(
        "asked-at-the-management-port",
        f"{APPLICATION}.management_port",
        8081,
        "is missing; /actuator/health/readiness answers at management_port 8081 alone",
        at=f"{APPLICATION}.probes.outside",
        given="",
        also=WITH_GATEWAY,
    ),
    bad("management-at-the-port", f"{APPLICATION}.management_port", 8080, "is that of the application; choose another"),
    bad(
        "variable-name",
        f"{APPLICATION}.environment",
        [{"name": "1X", "value": "x"}],
        "the first no digit",
        at=f"{APPLICATION}.environment.0.name",
        given="1X",
    ),
    bad(
        "variable-text",
        f"{APPLICATION}.environment",
        [{"name": "X", "value": "x\ny"}],
        "in one line",
        at=f"{APPLICATION}.environment.0.value",
        given="the text",
    ),
    bad(
        "variable-without-a-value",
        f"{APPLICATION}.environment",
        [{"name": "X"}],
        "is missing; add it",
        at=f"{APPLICATION}.environment.0.value",
        given="",
    ),
    bad(
        "variables-as-a-table",
        f"{APPLICATION}.environment",
        {"X": "x"},
        "write [[workloads.applications.environment]] with double brackets",
        given="a table",
    ),
    bad(
        "variable-twice",
        f"{APPLICATION}.environment",
        [{"name": "X", "value": "1"}, {"name": "X", "value": "2"}],
        "is set twice; set it once",
        given="X",
    ),
    bad(
        "variable-of-the-platform",
        f"{APPLICATION}.environment",
        [{"name": "SPRING_DATASOURCE_URL", "value": "x"}],
        "is set by the platform too",
        given="SPRING_DATASOURCE_URL",
    ),
    *(
        bad(
            f"variable-{name}",
            f"{APPLICATION}.environment",
            [{"name": name, "value": "x"}],
            "names a secret; keep it in the vault",
            at=f"{APPLICATION}.environment.0.name",
            given=name,
        )
        for name in ["DB_PASSWORD", "Api_Key", "AUTH_TOKEN", "CLIENT_SECRET"]
    ),
    *(
        bad(
            f"variable-that-is-{number}",
            f"{APPLICATION}.environment",
            [{"name": "X", "value": secret}],
            "keep secrets in Key Vault",
            at=f"{APPLICATION}.environment.0.value",
            given="the text",
        )
        for number, secret in enumerate(SECRETS[:3])
    ),
    bad(
        "variables-too-many",
        f"{APPLICATION}.environment",
        [{"name": f"X{n}", "value": "x"} for n in range(101)],
        "must have at most 100 items",
        given="the list",
    ),
    bad("database-variable", f"{APPLICATION}.database_url_variable", "DB-URL", "letters, digits and _"),
    bad(
        "arguments",
        f"{APPLICATION}.arguments",
        [""],
        "1 to 1024 characters in one line",
        at=f"{APPLICATION}.arguments.0",
        given="the text",
    ),
    bad("arguments-too-many", f"{APPLICATION}.arguments", ["x"] * 51, "must have at most 50 items", given="the list"),
    *(
        bad(
            f"folder-{folder}",
            f"{APPLICATION}.writable_folders",
            [folder],
            "an absolute path outside",
            at=f"{APPLICATION}.writable_folders.0",
            given=folder,
        )
        for folder in [
            "tmp",
            "/",
            "/cache/",
            "/var/../etc",
            "/etc/nginx",
            "/proc",
            "/mnt/secrets-store",
            "/mnt/secrets-store/x",
        ]
    ),
    bad(
        "folder-twice",
        f"{APPLICATION}.writable_folders",
        ["/cache", "/cache"],
        "stands in the list twice",
        given="/cache",
    ),
    bad(
        "folders-too-many",
        f"{APPLICATION}.writable_folders",
        [f"/x{n}" for n in range(11)],
        "must have at most 10 items",
        given="the list",
    ),
    *(
        bad(f"path-{key}-{path}", f"{APPLICATION}.probes.{key}", path, "a path that begins with /")
        for key in ("liveness", "readiness", "outside")
        for path in ["health", "/health?deep=1", "/he alth"]
    ),
    *(
        bad(
            f"limit-below-{key}",
            f"{APPLICATION}.resources.{limit}",
            100,
            f"is less than {key}, 1024; raise it",
            also={f"{APPLICATION}.resources.{key}": 1024},
        )
        for key, limit in [("cpu_millicores", "cpu_limit_millicores"), ("memory_mib", "memory_limit_mib")]
    ),
    *(
        bad(
            f"vault-{kind}",
            f"{APPLICATION}.vault_{kind}",
            ["a_b"],
            "letters, digits",
            given="a_b",
            at=f"{APPLICATION}.vault_{kind}.0",
        )
        for kind in ("certificates", "keys")
    ),
    bad(
        "file-twice",
        f"{APPLICATION}.vault_certificates",
        ["shop"],
        "would be two files of one name",
        also={f"{APPLICATION}.vault_secrets": ["Shop"]},
        at=f"{APPLICATION}.vault_secrets",
        given="shop",
    ),
    bad("former-table", "workloads.application", ORDERS, "is not a setting; did you mean 'applications'?", given=""),
    bad(
        "called-by-a-bad-name",
        f"{APPLICATION}.calls",
        ["A"],
        "at most 40 lower-case letters",
        at=f"{APPLICATION}.calls.0",
        given="A",
    ),
    bad("identity-yes", f"{APPLICATION}.identity", "yes", "must be true or false"),
    bad(
        "database-role-owner",
        f"{APPLICATION}.database_roles",
        ["db_owner"],
        "must be 'db_datareader', 'db_datawriter' or 'db_ddladmin'",
        at=f"{APPLICATION}.database_roles.0",
        given="db_owner",
    ),
    bad("database-yes", f"{APPLICATION}.database", "yes", "must be true or false"),
    bad("ingress-public", f"{APPLICATION}.ingress", "public", "must be 'none', 'load_balancer' or 'gateway'"),
    *(
        bad(f"name-{name}", f"{APPLICATION}.name", name, "names an identity of the platform", also=also)
        for name, also in [("aks", {}), ("kubelet", {}), ("application-gateway", WITH_GATEWAY)]
    ),
    *(
        bad(
            f"pod-{key}-{size}",
            f"{APPLICATION}.resources.{key}",
            left + 1,
            f"of orders are more than the {left} or so that {size} has left for it",
            at=APPLICATIONS,
            also={f"{USER}.vm_size": size},
        )
        for size, key, left in [
            # 1,900 and 3,860 are what AKS leaves, of which 650 go to daemon sets; of memory, 1,500 MiB.
            ("Standard_D2ds_v5", "cpu_millicores", 1250),
            ("Standard_D4ds_v5", "cpu_millicores", 3210),
            ("Standard_D2lds_v5", "memory_mib", 1291),
            ("Standard_D2ds_v5", "memory_mib", 4281),
            ("Standard_E2ds_v5", "memory_mib", 12107),
        ]
    ),
    bad("replica-bounds", f"{APPLICATION}.min_replicas", 3, "is more than max_replicas, 2; lower it"),
    bad(
        "one-replica-in-production", f"{APPLICATION}.min_replicas", 1, "production needs at least 2", environment="prod"
    ),
    *(
        bad(f"namespace-{name}", f"{APPLICATION}.namespace", name, "belongs to the cluster; choose another name")
        for name in ["default", "kube-system", "gatekeeper-system", "aks-istio-ingress", "mdc", "flux-system"]
    ),
    bad("name-default", f"{APPLICATION}.name", "default", "is the service account of every namespace"),
    bad("workload-windows", "workload", "windows", 'makes names with "windows" in them, which Azure refuses'),
    bad("workload-office", "workload", "office", "is a word that Azure refuses in the names of vaults and servers"),
    bad(
        "replicas-beyond-the-pool",
        f"{APPLICATION}.min_replicas",
        13,
        "take about 109 % of what 3 Standard_D2ds_v5 have; lower some, or raise",
        at=APPLICATIONS,
        given="min_replicas",
        also={f"{APPLICATION}.max_replicas": 20},
    ),
    bad(
        "replicas-far-beyond-the-pool",
        f"{APPLICATION}.max_replicas",
        25,
        "take about 209 % of what 3 Standard_D2ds_v5 have; lower some, or raise",
        at=APPLICATIONS,
        given="max_replicas",
    ),
    bad(
        "certificate-as-a-secret",
        f"{APPLICATION}.vault_secrets",
        ["SHOP"],
        "is the private key of network.application_gateway.certificate_name; remove it",
        given="shop",
        also=WITH_GATEWAY,
    ),
    # Production.
    bad(
        "tier-of-production",
        "tier",
        "nonproduction",
        "lets everything in prod.toml be destroyed",
        environment="prod",
    ),
    bad(
        "backups-in-production",
        f"{SQL}.backup_retention_in_days",
        6,
        "is too few to notice a mistake and undo it; production needs 7",
        environment="prod",
    ),
    bad(
        "policies-that-only-report-in-production",
        f"{POLICY}.effect",
        "Audit",
        "lets everything in, and only reports it; production needs Deny",
        environment="prod",
    ),
    # Policies.
    bad("policies-text", f"{POLICY}.assigned", "yes", "must be true or false"),
    bad("effect-unknown", f"{POLICY}.effect", "deny", "must be 'Deny' or 'Audit'"),
    bad(
        "policy-unknown",
        f"{POLICY}.left_out",
        [WITHOUT_HTTPS | {"policy": "http_ingress"}],
        "must be 'pod_security', 'allowed_images'",
        at=f"{POLICY}.left_out.0.policy",
        given="http_ingress",
    ),
    bad(
        "policy-without-reason",
        f"{POLICY}.left_out",
        [WITHOUT_HTTPS | {"because": "so"}],
        "must be 10 to 140 characters",
        at=f"{POLICY}.left_out.0.because",
        given="",
    ),
    bad(
        "policy-left-out-twice",
        f"{POLICY}.left_out",
        [WITHOUT_HTTPS, WITHOUT_HTTPS],
        "https_ingress stands in the list twice; name each policy once",
        given="",
    ),
    bad(
        "policies-of-others",
        f"{POLICY}.effect",
        "Audit",
        "is not used where cluster.policy.assigned is false",
        also={f"{POLICY}.assigned": False},
        given="",
    ),
    bad(
        "registries-anywhere",
        f"{POLICY}.image_registries",
        ["*.azurecr.io"],
        "must be the host name of a registry in lower case",
        at=f"{POLICY}.image_registries.0",
        given="*.azurecr.io",
    ),
    bad(
        "namespaces-text",
        f"{POLICY}.excluded_namespaces",
        ["Flux"],
        "must be at most 40 lower-case letters",
        at=f"{POLICY}.excluded_namespaces.0",
        given="Flux",
    ),
    bad(
        "policies-out-of-reach",
        f"{POLICY}.excluded_namespaces",
        ["flux-system"],
        "is not used: with egress none the cluster cannot fetch policies",
        also={"network.egress": "none", **NO_AGENTS},
        given="",
    ),
    bad("quota-in-production", f"{LOGS}.daily_quota_gb", 5.0, "ends the audit logs of a busy day", environment="prod"),
    bad(
        "state-open-in-production",
        STATE,
        OPEN_STATE,
        "is empty, so that every network reaches the state account",
        environment="prod",
        at=f"{STATE}.allowed_ip_ranges",
        given="",
    ),
    bad(
        "ranges-of-a-closed-state",
        f"{STATE}.allowed_ip_ranges",
        ["20.50.2.0/28"],
        "admits nobody while state_backend.public_network_access is false",
        given="",
        also={f"{STATE}.public_network_access": False},
    ),
    bad(
        "closed-before-the-network",
        STATE,
        OPEN_STATE | {"public_network_access": False, "bootstrap": True},
        "close the account once the network stands",
        at=f"{STATE}.public_network_access",
        given="false",
    ),
    *(
        bad(
            f"host-{host}", EXTRA, [EXTRA_RULE | {"hosts": ["github.com", host]}], "below which anybody can", given=host
        )
        for host in [
            "*.azurewebsites.net",
            "*.blob.core.windows.net",
            "*.github.io",
            "*.co.uk",
            "*.core.windows.net",
            "*.amazonaws.com",
            "*.vault.azure.net",
        ]
    ),
    # What is accepted.
    *(
        bad(
            f"accept-{setting}", "accept", [ACCEPTED | {"setting": setting}], says, at="accept.0.setting", given=setting
        )
        for setting, says in [
            ("Region", "must be the path of a setting, such as 'region'"),
            ("network.egress", "cannot be accepted; see in docs/settings.md what can be"),
            ("regoin", "cannot be accepted; see in docs/settings.md what can be"),
            ("region", "needs no acceptance; remove the entry"),
        ]
    ),
    bad(
        "accept-twice",
        "accept",
        [ACCEPTED, ACCEPTED],
        "is accepted already; remove one of the two",
        at="accept.1.setting",
        given="region",
        also={"region": "taiwannorth"},
    ),
    bad(
        "accept-why",
        "accept",
        [ACCEPTED | {"because": "new"}],
        "10 to 140",
        at="accept.0.because",
        given="the text",
        lines=2,
        also={"region": "taiwannorth"},
    ),
    bad("accept-table", "accept", ACCEPTED, "write [[accept]] with double brackets", given="a table"),
    bad(
        "vault-secret-twice",
        f"{APPLICATION}.vault_secrets",
        ["db", "DB"],
        "would be two files of one name; name it once, in one of the lists",
        given="db",
    ),
    # The gateway.
    *(
        bad(f"gateway-{id_}", path, value, says, given=given, at=at, also=WITH_INGRESS | also)
        for id_, path, value, says, given, at, also in [
            (
                "and-load-balancer",
                APPLICATIONS,
                [ROUTED, BILLS | {"ingress": "load_balancer"}],
                "would take the address of workloads.gateway",
                "load_balancer",
                f"{APPLICATIONS}.1.ingress",
                {},
            ),
            ("no-route", f"{APPLICATION}.routes", [], "ingress gateway needs a host", "", "", {}),
            (
                "no-application",
                APPLICATIONS,
                [ORDERS | {"ingress": "none"}],
                "leads to no application; remove it",
                "",
                INGRESS,
                {},
            ),
            ("class", f"{INGRESS}.gateway_class", "nginx", "must be 'approuting-istio' or 'istio'", None, "", {}),
            ("revision", f"{INGRESS}.mesh_revisions", ["1.28"], "a revision of", "1.28", f"{REVISIONS}.0", {}),
            ("revisions", REVISIONS, ["asm-1-28"], "is not used by class approuting-istio", "", "", {}),
            ("no-revision", f"{INGRESS}.gateway_class", "istio", "class istio needs a revision", "", REVISIONS, {}),
            (
                "revision-twice",
                INGRESS,
                {"gateway_class": "istio", "mesh_revisions": ["asm-1-28"] * 2, "listeners": [LISTENER]},
                "asm-1-28 stands in the list twice",
                "asm-1-28",
                REVISIONS,
                {},
            ),
            ("no-listener", INGRESS, {"listeners": []}, "is empty; name the hosts", "", LISTENERS, {}),
            ("host", f"{LISTENERS}.0.host_name", "shop", "a host name in lower case", None, "", {}),
            ("hosts", f"{LISTENERS}.0.host_name", "*.example.com", "is no name of one host", None, "", TO_ALL),
            ("certificate", f"{LISTENERS}.0.certificate_name", "shop.pem", "letters", None, "", {}),
            ("twice", LISTENERS, [LISTENER, LISTENER], "stands in the list twice", "shop.example.com", "", {}),
            (
                "unused",
                LISTENERS,
                [LISTENER, LISTENER | {"host_name": "bills.example.com"}],
                "leads to no application; remove it, or give one a route with it",
                "bills.example.com",
                f"{LISTENERS}.1.host_name",
                {},
            ),
            ("isolated", "network.egress", "none", "fetches its certificates with a token", "", INGRESS, NO_AGENTS),
            ("published", f"{FIREWALL}.published_port", 8443, "leads to port 80, at which", None, "", {}),
            (
                "past-the-firewall",
                "network.callers.application",
                ["192.168.2.0/24"],
                "would lead past network.application_gateway",
                "",
                "",
                WITH_GATEWAY,
            ),
            (
                "past-front-door",
                "network.callers.application",
                ["192.168.2.0/24"],
                "would lead past network.front_door",
                "",
                "",
                WITH_FRONT_DOOR,
            ),
            (
                "firewall-of-another-name",
                f"{GATEWAY}.host_name",
                "other.example.com",
                "is none of workloads.gateway.listeners",
                None,
                "",
                WITH_GATEWAY,
            ),
            (
                "firewall-of-another-certificate",
                f"{GATEWAY}.certificate_name",
                "other",
                "is none of workloads.gateway.listeners",
                None,
                f"{GATEWAY}.host_name",
                WITH_GATEWAY,
            ),
            (
                "several-behind-front-door",
                LISTENERS,
                TWO_NAMES["listeners"],
                "are more than one, and network.front_door has one public name",
                "",
                "",
                {"network.front_door": {}, APPLICATIONS: [ROUTED | {"routes": TO_BOTH}]},
            ),
            (
                "path-that-nobody-asks",
                f"{APPLICATION}.routes",
                [{"host": "shop.example.com", "path": "/shop"}],
                "has no route to the path that says whether an application can serve",
                "shop.example.com",
                f"{LISTENERS}.0.host_name",
                WITH_GATEWAY,
            ),
            ("name", f"{APPLICATION}.name", "ingress-gateway", "is that of workloads.gateway", None, "", {}),
            ("namespace", f"{APPLICATION}.namespace", "ingress-gateway", "is that of workloads.gateway", None, "", {}),
            (
                "key-of-the-certificate",
                f"{APPLICATION}.vault_secrets",
                ["SHOP"],
                "is the private key of a listener",
                "SHOP",
                "",
                {},
            ),
            (
                "certificate-written",
                WRITTEN,
                [{"name": "shop"}],
                "the certificate of a listener has it",
                "shop",
                f"{WRITTEN}.0.name",
                {},
            ),
            (
                "route-elsewhere",
                f"{APPLICATION}.routes",
                TO_BOTH,
                "is no host_name of workloads.gateway.listeners",
                "bills.example.com",
                f"{APPLICATION}.routes.1.host",
                {},
            ),
            (
                "route-twice",
                APPLICATIONS,
                [ROUTED, BILLS | {"ingress": "gateway", "routes": [{"host": "shop.example.com", "path": "/"}]}],
                "leads to orders already",
                "shop.example.com/",
                f"{APPLICATIONS}.1.routes.0",
                {},
            ),
            (
                "route-to-a-part",
                APPLICATIONS,
                [
                    ROUTED | {"routes": [{"host": "shop.example.com", "path": "/a"}]},
                    BILLS | {"ingress": "gateway", "routes": [{"host": "shop.example.com", "path": "/a/"}]},
                ],
                "leads to orders already",
                "shop.example.com/a/",
                f"{APPLICATIONS}.1.routes.0",
                {},
            ),
            *(
                (f"path-{n}", f"{APPLICATION}.routes.0.path", path, "a path that begins with /", path[:40], "", {})
                for n, path in enumerate(("orders", "/a//b", "/a/../b", "/.", "/a b", "/%2e", "/" + "a/" * 101))
            ),
        ]
    ),
    bad(
        "no-gateway",
        f"{APPLICATION}.ingress",
        "gateway",
        "needs the table workloads.gateway",
        also={f"{APPLICATION}.routes": [{"host": "shop.example.com"}]},
    ),
    bad(
        "routes-without-a-gateway",
        f"{APPLICATION}.routes",
        [{"host": "shop.example.com"}],
        "is not used by ingress load_balancer",
        given="",
    ),
]
