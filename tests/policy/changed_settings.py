"""Another value for every setting, and the environment in which it has an effect."""

from typing import Any

from tests.config.environment_file import (
    ABSENT,
    BILLS,
    CACHE_RULE,
    CERTIFICATE_FILE,
    DDOS_PLAN,
    EXTRA_RULE,
    GATEWAY,
    HUB,
    INGRESS,
    JOINED,
    LISTENER,
    NO_AGENTS,
    ORDERS,
    PROXY,
    REGISTRY,
    RSA_KEY,
    SINGLE,
    TCP_RULE,
    WITH_GATEWAY,
    WITH_JUMP_BOX,
    WITH_PROXY,
    WITH_WORKSPACE,
    ZONES,
)

GUID, PLANNER = "0c8f2a7e-5b1d-4f3a-9e6c-2d7b8a1f4c05", "0c8f2a7e-5b1d-4f3a-9e6c-2d7b8a1f4c06"
WITHOUT_HTTPS = {"policy": "https_ingress", "because": "Our ingress answers HTTP."}
IDENTITIES = [f"identities.{name}" for name in ("network", "network_plan", "cluster", "cluster_plan", "workloads")]
DEVELOPERS = {"group_id": "0c8f2a7e-5b1d-4f3a-9e6c-2d7b8a1f4c07", "namespace": "orders", "role": "reader"}
KUBERNETES, APPLICATION = "cluster.kubernetes", "workloads.applications"
GENERAL = {"name": "user", "vm_size": "Standard_D2ds_v5", "min_count": 1, "max_count": 5}
WITHOUT_GATEWAY = dict.fromkeys(WITH_GATEWAY, ABSENT)

# In which as many settings as possible have an effect.
BEFORE: dict[str, Any] = {
    **WITH_JUMP_BOX,
    **WITH_GATEWAY,
    **WITH_PROXY,
    "availability_zones": [1, 2, 3],
    "monitoring.alerts.emails": ["a@example.com"],
    "monitoring.budget.amount": 900,
    "monitoring.budget.first_month": "2026-12",
    "monitoring.prometheus.grafana": False,
    "identities.network_plan": PLANNER,
    "identities.cluster_plan": PLANNER,
    "network.firewall.extra_rules": [EXTRA_RULE, TCP_RULE],
    "cluster.namespace_access": [DEVELOPERS],
    "cluster.registry.cache_rules": [CACHE_RULE],
    "cluster.sql.database_sku_name": "BC_Gen5_4",
    "cluster.sql.auto_pause_delay_in_minutes": ABSENT,
    f"{KUBERNETES}.user_pools": [GENERAL, GENERAL | {"name": "batch"}],
    f"{APPLICATION}.vault_secrets": ["one"],
}

SUBNETS = {
    "firewall": "10.10.1.0/26",
    "firewall_management": "10.10.1.64/26",
    "bastion": "10.10.1.128/26",
    "jump_box": "10.10.1.192/28",
    "agents": "10.10.1.224/27",
    "aks_nodes": "10.10.28.0/23",
    "private_endpoints": "10.10.30.0/26",
    "load_balancers": "10.10.30.64/27",
    "api_server": "10.10.30.96/28",
    "private_link_service": "10.10.30.112/28",
    "application_gateway": "10.10.31.0/24",
}

IN_AZURE_DEVOPS: dict[str, Any] = {
    "azure_devops.organization_id": "7e1d4c0b-2a9f-4b63-8d5e-3c6f1a8b9e27",
    "azure_devops.deploy_connection_id": "7e1d4c0b-2a9f-4b63-8d5e-3c6f1a8b9e28",
}

# Where nobody only plans.
WITH_SECRETS: dict[str, Any] = {"cluster.vault_secrets": [{"name": "first"}], "identities.cluster_plan": ABSENT}

# Where the application is called by a gateway.
BEHIND_A_GATEWAY: dict[str, Any] = {
    f"{INGRESS}.listeners": [LISTENER],
    f"{APPLICATION}.ingress": "gateway",
    f"{APPLICATION}.routes": [{"host": "shop.example.com"}],
}

# What calls for a subnet that is not always there.
BESIDE_A_SUBNET: dict[str, dict[str, Any]] = {
    "firewall_management": {"network.firewall.sku_tier": "Basic"},
    "api_server": {"network.api_server": "vnet_integration"},
    "private_link_service": {"network.front_door": {}, **WITHOUT_GATEWAY},
    "application_gateway": {},
}

# Where the settings of a landing zone have an effect.
IN_A_LANDING_ZONE: dict[str, Any] = {
    **JOINED,
    "network.egress": "nva",
    "network.nva_address": "10.0.0.4",
    "network.firewall.extra_rules": ABSENT,
    "network.dns_servers": ["10.0.0.5"],
    "network.private_dns.zones_resource_group_id": ZONES,
    "network.api_server": "vnet_integration",
}
OF_A_LANDING_ZONE = ("network.company_hub.", "network.dns_servers", "network.private_dns.")

GROUP = (
    "/subscriptions/3f5e0d1c-8a47-4d6b-b2a0-61c9e7f4d201/resourceGroups/rg-ops/providers/Microsoft.Insights"
    "/actionGroups/ag"
)
LISTS_OF_TABLES = (
    ".cache_rules",
    ".extra_rules",
    ".left_out",
    ".more",
    ".namespace_access",
    "cluster.vault_secrets",
    f"{APPLICATION}.environment",
    f"{APPLICATION}.routes",
    f"{INGRESS}.listeners",
)

# Another value for every setting; with a dict, what it needs beside it, or what has to go.
CHANGES: dict[str, Any] = {
    "availability_zones": [2],
    "tenant_id": GUID,
    "pipeline_principal_id": GUID,
    **dict.fromkeys(IDENTITIES, GUID),
    "cluster_admin_group_id": GUID,
    "tags.owner": "another-team",
    "tags.cost_center": "CC-2",
    "tags.data_classification": "public",
    "tags.more.name": [{"name": "App", "value": "shop"}],
    "tags.more.value": [{"name": "App", "value": "shop"}],
    "tags.managed_by_others": ["CreatedBy"],
    "monitoring.activity_log": False,
    "monitoring.alerts.emails": ["b@example.com"],
    "monitoring.alerts.action_group_id": GROUP,
    "monitoring.budget.amount": 1000,
    "monitoring.budget.first_month": "2027-01",
    "monitoring.prometheus.grafana": True,
    "defender.plans": "on",
    "azure_devops.organization_id": GUID,
    "azure_devops.deploy_connection_id": GUID,
    "azure_devops.plan_connection_id": GUID,
    "state_backend.operators_group_id": GUID,
    "state_backend.replication": "GZRS",
    "state_backend.allowed_ip_ranges": ["20.50.2.0/28"],
    "state_backend.public_network_access": False,
    "state_backend.soft_delete_days": 60,
    "state_backend.bootstrap": True,
    "network.topology": SINGLE,
    "network.hub.address_space": "10.11.0.0/23",
    "network.spoke.address_space": "10.11.16.0/20",
    "network.company_hub.virtual_network_id": HUB.replace("vnet-hub", "vnet-other"),
    "network.company_hub.peering": "both",
    "network.company_hub.gateway_transit": True,
    "network.dns_servers": ["10.0.0.6"],
    "network.private_dns.zones_resource_group_id": f"{ZONES}-2",
    "network.private_dns.records": "policy",
    "network.private_dns.policy_covers": {
        "network.private_dns.records": "policy",
        "network.private_dns.policy_covers": ["key_vault"],
    },
    "network.private_dns.kubernetes_zone": "system",
    **{
        f"network.subnets.{key}": {
            f"network.subnets.{other}": range_
            for other, range_ in SUBNETS.items()
            # The others find room only where all of them move; this one's neighbours stay.
            if other == key or ("private_endpoints" not in (key, other) and other not in BESIDE_A_SUBNET)
        }
        for key in SUBNETS
    },
    "network.remote_ranges": ["192.168.0.0/24"],
    **{f"network.callers.{key}": ["192.168.0.0/16"] for key in ("application", "vault", "sql", "api_server")},
    "network.egress": {"network.egress": "nat_gateway", "network.firewall.extra_rules": ABSENT},
    "network.nva_address": {
        "network.egress": "nva",
        "network.nva_address": "192.168.7.4",
        "network.firewall.extra_rules": ABSENT,
    },
    "network.firewall.sku_tier": "Basic",
    "network.firewall.extra_rules.name": [{**EXTRA_RULE, "name": "argo"}],
    "network.firewall.extra_rules.protocol": [EXTRA_RULE | {"protocol": "http"}],
    "network.firewall.extra_rules.addresses": [TCP_RULE | {"addresses": ["192.168.6.0/24"]}],
    "network.firewall.extra_rules.ports": [TCP_RULE | {"ports": [5432]}],
    "network.firewall.extra_rules.source": [{**EXTRA_RULE, "source": "agents"}],
    "network.firewall.extra_rules.hosts": [{**EXTRA_RULE, "hosts": ["gitlab.com"]}],
    "network.firewall.extra_rules.because": [{**EXTRA_RULE, "because": "Flux reads its repository."}],
    "network.firewall.published_port": {"network.firewall.published_port": 8443, **WITHOUT_GATEWAY},
    "network.agents": NO_AGENTS,
    "network.api_server": "vnet_integration",
    "network.bastion": {
        "network.bastion": "none",
        "network.remote_ranges": ["192.168.0.0/24"],
        "network.jump_box.ssh_public_key": ABSENT,
    },
    "network.jump_box.login": "ssh_key",
    "network.jump_box.vm_size": "Standard_D4s_v5",
    "network.jump_box.ssh_public_key": RSA_KEY,
    f"{GATEWAY}.host_name": "other.example.com",
    f"{GATEWAY}.certificate_name": "other",
    f"{GATEWAY}.min_capacity": 3,
    f"{GATEWAY}.max_capacity": 5,
    "network.log_analytics.existing_workspace_id": WITH_WORKSPACE,
    "network.log_analytics.existing_workspace_customer_id": WITH_WORKSPACE,
    "network.log_analytics.retention_in_days": 60,
    "network.log_analytics.daily_quota_gb": 5.0,
    f"{KUBERNETES}.kubernetes_version": "1.36",
    f"{KUBERNETES}.sku_tier": "Premium",
    f"{KUBERNETES}.maintenance.day": "Monday",
    f"{KUBERNETES}.maintenance.start_time": "03:30",
    f"{KUBERNETES}.maintenance.utc_offset": "+02:00",
    f"{KUBERNETES}.maintenance.duration_hours": 8,
    f"{KUBERNETES}.shared_volumes": True,
    f"{KUBERNETES}.advanced_networking": True,
    f"{KUBERNETES}.customer_managed_disk_key": True,
    f"{KUBERNETES}.company_certificates": [CERTIFICATE_FILE],
    f"{PROXY}.http": "http://other.example.com:3128",
    f"{PROXY}.https": "https://other.example.com:3129",
    f"{PROXY}.no_proxy": ["example.com"],
    f"{KUBERNETES}.pod_cidr": "10.200.0.0/16",
    f"{KUBERNETES}.service_cidr": "10.201.0.0/16",
    **{
        f"{KUBERNETES}.{pool}.{key}": value
        for pool in ("system_pool", "user_pools")
        for key, value in {
            "vm_size": "Standard_D8ds_v5",
            "min_count": 2,
            "max_count": 7,
            "os_disk_size_gb": 50,
            "max_pods": 60,
        }.items()
    },
    f"{KUBERNETES}.user_pools.name": {f"{KUBERNETES}.user_pools.1.name": "jobs"},
    f"{KUBERNETES}.user_pools.spot": {f"{KUBERNETES}.user_pools.1.spot": True},
    f"{KUBERNETES}.user_pools.labels": ["team=payments"],
    f"{KUBERNETES}.user_pools.taints": {f"{KUBERNETES}.user_pools.1.taints": ["team=payments:NoSchedule"]},
    f"{KUBERNETES}.user_pools.availability_zones": [1],
    "network.ddos_ip_protection": True,
    "network.ddos_protection_plan_id": DDOS_PLAN,
    "cluster.vault_secrets.name": [{"name": "another"}],
    "cluster.vault_secrets.version": [{"name": "first", "version": 2}],
    "cluster.registry.existing_registry_id": {
        "cluster.registry.existing_registry_id": REGISTRY,
        "cluster.registry.cache_rules": ABSENT,
    },
    "cluster.registry.existing_registry_region": {
        "cluster.registry.existing_registry_id": REGISTRY,
        "cluster.registry.cache_rules": ABSENT,
        "cluster.registry.existing_registry_region": "northeurope",
    },
    "cluster.registry.private_endpoint": {
        "cluster.registry.existing_registry_id": REGISTRY,
        "cluster.registry.cache_rules": ABSENT,
        "cluster.registry.private_endpoint": True,
    },
    "cluster.registry.pusher_principal_id": GUID,
    "cluster.registry.cache_rules.name": [CACHE_RULE | {"name": "sign-in-proxy"}],
    "cluster.registry.cache_rules.source_repo": [CACHE_RULE | {"source_repo": "ghcr.io/oauth2-proxy/oauth2-proxy"}],
    "cluster.registry.cache_rules.target_repo": [CACHE_RULE | {"target_repo": "sign-in"}],
    "cluster.registry.untagged_retention_in_days": 9,
    "cluster.namespace_access.group_id": [DEVELOPERS | {"group_id": GUID}],
    "cluster.namespace_access.namespace": [DEVELOPERS | {"namespace": "bills"}],
    "cluster.namespace_access.role": [DEVELOPERS | {"role": "writer"}],
    "cluster.policy.assigned": False,
    "cluster.policy.effect": "Deny",
    "cluster.policy.left_out.policy": [WITHOUT_HTTPS],
    "cluster.policy.left_out.because": [{**WITHOUT_HTTPS, "because": "The old ingress answers HTTP."}],
    "cluster.policy.image_registries": ["crcompany.azurecr.io"],
    "cluster.policy.excluded_namespaces": ["flux-system"],
    "cluster.sql.administrator.login_name": "another-group",
    "cluster.sql.administrator.object_id": GUID,
    "cluster.sql.database_sku_name": "GP_Gen5_4",
    "cluster.sql.auto_pause_delay_in_minutes": {
        "cluster.sql.database_sku_name": "GP_S_Gen5_4",
        "cluster.sql.auto_pause_delay_in_minutes": 60,
    },
    "cluster.sql.max_size_gb": 64,
    "cluster.sql.zone_redundant": True,
    "cluster.sql.backup_retention_in_days": 7,
    "cluster.sql.long_term_backups.weeks": 6,
    "cluster.sql.long_term_backups.months": 12,
    "cluster.sql.long_term_backups.years": 7,
    "cluster.sql.audit_retention_in_days": 120,
    "cluster.sql.audit_immutability_locked": True,
    f"{APPLICATION}.name": {f"{APPLICATION}.name": "bills", f"{APPLICATION}.namespace": "bills"},
    f"{APPLICATION}.namespace": "bills",
    f"{APPLICATION}.image_repository": "shop/bills",
    f"{APPLICATION}.image_digest": f"sha256:{'0123456789abcdef' * 4}",
    f"{APPLICATION}.arguments": ["--verbose"],
    f"{APPLICATION}.user_id": 20001,
    f"{APPLICATION}.writable_folders": ["/cache"],
    f"{APPLICATION}.port": 8081,
    f"{APPLICATION}.management_port": {
        f"{APPLICATION}.management_port": 8081,
        f"{APPLICATION}.probes.outside": "/readyz",
    },
    f"{APPLICATION}.probes.liveness": "/livez",
    f"{APPLICATION}.probes.readiness": "/readyz",
    f"{APPLICATION}.probes.startup_seconds": 60,
    f"{APPLICATION}.probes.outside": "/readyz",
    f"{APPLICATION}.stop_seconds": 30,
    f"{APPLICATION}.environment.name": [{"name": "MODE", "value": "blue"}],
    f"{APPLICATION}.environment.value": [{"name": "MODE", "value": "green"}],
    f"{APPLICATION}.database": False,
    f"{APPLICATION}.database_roles": ["db_datareader"],
    f"{APPLICATION}.database_url_variable": "DATABASE_URL",
    f"{APPLICATION}.identity": True,
    f"{APPLICATION}.vault_certificates": ["two"],
    f"{APPLICATION}.vault_keys": ["three"],
    f"{APPLICATION}.calls": {"workloads.applications": [ORDERS | {"calls": ["bills"]}, BILLS]},
    f"{APPLICATION}.ingress": {f"{APPLICATION}.ingress": "none", **WITHOUT_GATEWAY},
    f"{APPLICATION}.routes.host": {
        f"{APPLICATION}.routes": [{"host": "other.example.com"}],
        f"{INGRESS}.listeners": [LISTENER | {"host_name": "other.example.com"}],
        f"{GATEWAY}.host_name": "other.example.com",
    },
    f"{APPLICATION}.routes.path": [{"host": "shop.example.com", "path": "/actuator"}],
    f"{INGRESS}.gateway_class": {f"{INGRESS}.gateway_class": "istio", f"{INGRESS}.mesh_revisions": ["asm-1-28"]},
    f"{INGRESS}.mesh_revisions": {f"{INGRESS}.gateway_class": "istio", f"{INGRESS}.mesh_revisions": ["asm-1-29"]},
    f"{INGRESS}.listeners.host_name": {
        f"{APPLICATION}.routes": [{"host": "other.example.com"}],
        f"{INGRESS}.listeners": [LISTENER | {"host_name": "other.example.com"}],
        f"{GATEWAY}.host_name": "other.example.com",
    },
    f"{INGRESS}.listeners.certificate_name": {
        f"{INGRESS}.listeners": [LISTENER | {"certificate_name": "other"}],
        f"{GATEWAY}.certificate_name": "other",
    },
    f"{APPLICATION}.sign_in.host_name": {
        f"{APPLICATION}.sign_in.host_name": "another.example.com",
        f"{GATEWAY}.host_name": "another.example.com",
    },
    f"{APPLICATION}.sign_in.display_name": "Shop",
    f"{APPLICATION}.sign_in.assignment_required": False,
    f"{APPLICATION}.sign_in.allowed_group_ids": [GUID],
    f"{APPLICATION}.sign_in.owner_ids": [GUID],
    f"{APPLICATION}.sign_in.cookie_secret": "another",
    f"{APPLICATION}.sign_in.session_hours": 8,
    f"{APPLICATION}.sign_in.refresh_minutes": 10,
    f"{APPLICATION}.sign_in.image_repository": "another/oauth2-proxy",
    f"{APPLICATION}.sign_in.image_digest": f"sha256:{'7c1e' * 16}",
    f"{APPLICATION}.sign_in.min_replicas": 3,
    f"{APPLICATION}.sign_in.max_replicas": 6,
    f"{APPLICATION}.resources.cpu_limit_millicores": 600,
    f"{APPLICATION}.resources.memory_limit_mib": 2048,
    f"{APPLICATION}.min_replicas": 2,
    f"{APPLICATION}.max_replicas": 3,
    f"{APPLICATION}.resources.cpu_millicores": 300,
    f"{APPLICATION}.resources.memory_mib": 2048,
    f"{APPLICATION}.vault_secrets": ["another"],
    f"{APPLICATION}.reached_hosts": {
        f"{APPLICATION}.reached_hosts": EXTRA_RULE["hosts"],
        f"{KUBERNETES}.advanced_networking": True,
    },
}

# They are part of every name: another environment begins, and docs/changes.md says what becomes of this one.
MOVES = {"name", "workload", "region", "subscription_id"}
# Takes away what others in the file must have first, and changes no argument but `prevent_destroy`.
UNTRIED = {"tier", "accept.setting", "accept.because"}


def changed(setting: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """What stands beside a setting for it to have an effect, and what gives it its other value."""
    value, table = CHANGES[setting], setting.rpartition(".")[0]
    path = table if table.endswith(LISTS_OF_TABLES) else setting
    beside = IN_A_LANDING_ZONE if setting.startswith(OF_A_LANDING_ZONE) else {}
    if setting.startswith("azure_devops."):
        beside = IN_AZURE_DEVOPS
    if setting.startswith("cluster.vault_secrets."):
        beside = WITH_SECRETS
    if setting.startswith((f"{APPLICATION}.routes.", f"{INGRESS}.")):
        beside = BEHIND_A_GATEWAY
    if setting.startswith(f"{APPLICATION}.sign_in."):
        beside = {f"{APPLICATION}.sign_in.host_name": WITH_GATEWAY[f"{GATEWAY}.host_name"]}
    if setting.startswith("network.subnets."):
        beside = BESIDE_A_SUBNET.get(setting.rpartition(".")[2], {})
    return beside, value if isinstance(value, dict) else {path: value}
