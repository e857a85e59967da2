"""What an application may do, and how it survives."""

from ipaddress import IPv4Address
from typing import Any

import pytest
from cdktf import TerraformStack, Testing

from config.workloads.application import Ingress
from constructs_lib.ingress.internal_load_balancer import InternalLoadBalancer
from constructs_lib.workloads.microservice import Microservice
from constructs_lib.workloads.service_account import ServiceAccount
from tests.constructs_lib.workloads.parts import DIGEST, SECRETS, application, files_in, identity_in, namespace_in
from tests.template import Arguments, Template


def _synthesise(**settings: Any) -> Template:
    stack = TerraformStack(Testing.app(), "test")
    orders, namespace = application(min_replicas=1, **settings), namespace_in(stack)
    identity = identity_in(stack, namespace.name) if orders.has_identity else None
    load_balancer = InternalLoadBalancer(subnet="snet-load-balancers", address=IPv4Address("10.1.4.68"))
    Microservice(
        stack,
        "application",
        settings=orders,
        registry_host="crshop.azurecr.io",
        namespace=namespace,
        account=ServiceAccount(stack, "service-account", name="orders", namespace=namespace.name, identity=identity),
        database_url="jdbc:sqlserver://sql-shop.database.windows.net" if orders.database else None,
        files=files_in(stack, namespace.name, identity, orders) if identity and orders.vault_objects else None,
        load_balancer_annotations=load_balancer.annotations if orders.ingress is Ingress.LOAD_BALANCER else None,
    )
    return Template.of(stack)


def _container(template: Template) -> Arguments:
    (found,) = template.resource("kubernetes_deployment_v1")["spec"]["template"]["spec"]["container"]
    return dict(found)


@pytest.fixture(scope="module")
def template() -> Template:
    return _synthesise(vault_secrets=SECRETS, database=True, ingress=Ingress.LOAD_BALANCER)


@pytest.fixture(scope="module")
def alone() -> Template:
    """Of an application that nothing but its callers is for."""
    return _synthesise()


@pytest.fixture(scope="module")
def pod(template: Template) -> Arguments:
    found: Arguments = template.resource("kubernetes_deployment_v1")["spec"]["template"]["spec"]
    return found


@pytest.fixture(scope="module")
def container(template: Template) -> Arguments:
    return _container(template)


@pytest.mark.req(103)
def test_pods_meet_the_restricted_standard_of_their_namespace(pod: Arguments, container: Arguments) -> None:
    """See https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted ."""
    assert pod["security_context"]["run_as_non_root"] is True
    assert int(pod["security_context"]["run_as_user"]) >= 10000
    assert pod["security_context"]["seccomp_profile"] == {"type": "RuntimeDefault"}
    # On both levels: the provider sends what is left out as `false`, and the namespace then refuses the pod.
    assert container["security_context"]["run_as_non_root"] is True
    assert container["security_context"]["allow_privilege_escalation"] is False
    assert container["security_context"]["capabilities"] == {"drop": ["ALL"]}
    assert {kind for volume in pod["volume"] for kind in volume if kind != "name"} <= {"csi", "empty_dir"}
    assert not {"host_network", "host_pid", "host_ipc"} & pod.keys()


def test_a_pod_writes_nowhere_but_in_its_own_bounded_folder(pod: Arguments, container: Arguments) -> None:
    volumes = {volume["name"]: volume for volume in pod["volume"]}
    writable = [mount["name"] for mount in container["volume_mount"] if not mount.get("read_only")]

    assert container["security_context"]["read_only_root_filesystem"] is True
    assert [volumes[name]["empty_dir"].keys() for name in writable] == [{"size_limit"}]


@pytest.mark.req(101)
def test_the_image_is_what_it_was_when_somebody_chose_it(container: Arguments) -> None:
    assert container["image"] == f"crshop.azurecr.io/shop/orders@{DIGEST}"


@pytest.mark.req(72)
def test_pods_get_a_token_for_entra_and_none_for_kubernetes(template: Template, pod: Arguments) -> None:
    (account,) = template.resources("kubernetes_service_account_v1")
    labels = template.resource("kubernetes_deployment_v1")["spec"]["template"]["metadata"]["labels"]

    assert labels["azure.workload.identity/use"] == "true"
    assert pod["service_account_name"] == f"${{kubernetes_service_account_v1.{account}.metadata[0].name}}"
    assert pod["automount_service_account_token"] is False


@pytest.mark.req(99)
def test_secrets_are_files_and_never_variables(pod: Arguments, container: Arguments) -> None:
    (mount,) = (mount for mount in container["volume_mount"] if mount["name"] == "secrets")
    (volume,) = (volume["csi"] for volume in pod["volume"] if volume["name"] == "secrets")
    environment = {variable["name"]: variable.get("value") for variable in container["env"]}

    assert None not in environment.values()
    assert "env_from" not in container
    assert (mount["read_only"], volume["read_only"]) == (True, True)
    assert environment == {"SPRING_DATASOURCE_URL": "jdbc:sqlserver://sql-shop.database.windows.net"}


def test_another_list_of_secrets_makes_other_pods(template: Template) -> None:
    deployment = template.resource("kubernetes_deployment_v1")
    (names,) = deployment["spec"]["template"]["metadata"]["annotations"].values()

    assert names == "payment-api-key,mail-api-key"


def test_a_pod_that_goes_still_answers_while_others_learn_of_it(pod: Arguments, container: Arguments) -> None:
    (hook,) = container["lifecycle"]["pre_stop"]
    command, delay = hook["exec"]["command"]

    assert (command, int(delay) + 45) == ("sleep", pod["termination_grace_period_seconds"])


@pytest.mark.req(101)
def test_an_application_without_secrets_identity_and_database_is_given_none(alone: Template) -> None:
    deployment = alone.resource("kubernetes_deployment_v1")["spec"]["template"]

    assert [kind for volume in deployment["spec"]["volume"] for kind in volume if kind != "name"] == ["empty_dir"]
    assert [mount["mount_path"] for mount in _container(alone)["volume_mount"]] == ["/tmp"]  # noqa: S108
    assert "env" not in _container(alone)
    assert "azure.workload.identity/use" not in deployment["metadata"]["labels"]
    assert "annotations" not in alone.resource("kubernetes_service_account_v1")["metadata"]


@pytest.mark.req(101)
@pytest.mark.req(112)
def test_an_image_that_is_no_spring_boot_service_runs_by_its_settings() -> None:
    """Such as nginx, whose image for users without privileges answers at 8080 and writes its cache."""
    template = _synthesise(
        user_id=10101,
        port=9090,
        arguments=("-g", "daemon off;"),
        writable_folders=("/tmp", "/var/cache/nginx"),  # noqa: S108
        environment=({"name": "COLOR", "value": "blue"},),
        probes={"liveness": "/healthz", "readiness": "/ready", "startup_seconds": 12},
        resources={"cpu_millicores": 500, "cpu_limit_millicores": 1000, "memory_mib": 128, "memory_limit_mib": 256},
        stop_seconds=30,
    )
    spec, container = template.resource("kubernetes_deployment_v1")["spec"]["template"]["spec"], _container(template)
    volumes = {volume["name"]: volume["empty_dir"] for volume in spec["volume"]}

    assert (spec["security_context"]["run_as_user"], spec["security_context"]["run_as_group"]) == ("10101", "10101")
    assert container["args"] == ["-g", "daemon off;"]
    assert container["port"] == [{"container_port": 9090}]
    assert {mount["mount_path"]: volumes[mount["name"]] for mount in container["volume_mount"]} == {
        "/tmp": {"size_limit": "256Mi"},  # noqa: S108
        "/var/cache/nginx": {"size_limit": "256Mi"},
    }
    assert container["env"] == [{"name": "COLOR", "value": "blue"}]
    assert container["readiness_probe"]["http_get"] == {"path": "/ready", "port": "9090"}
    assert container["startup_probe"]["failure_threshold"] * container["startup_probe"]["period_seconds"] == 15
    assert container["resources"] == {
        "requests": {"cpu": "500m", "memory": "128Mi"},
        "limits": {"cpu": "1", "memory": "256Mi"},
    }
    assert spec["termination_grace_period_seconds"] == 45
    assert template.resource("kubernetes_service_v1")["spec"]["port"] == [{"port": 80, "target_port": "9090"}]


@pytest.mark.req(115)
def test_without_an_ingress_the_service_answers_inside_the_cluster_alone(alone: Template) -> None:
    service = alone.resource("kubernetes_service_v1")

    assert service["spec"]["type"] == "ClusterIP"
    assert "annotations" not in service["metadata"]


def test_nobody_but_the_kubelet_is_led_to_the_management_port() -> None:
    template = _synthesise(management_port=8081)
    container = _container(template)

    assert {container[f"{kind}_probe"]["http_get"]["port"] for kind in ("startup", "liveness", "readiness")} == {"8081"}
    assert [port["container_port"] for port in container["port"]] == [8080, 8081]
    assert template.resource("kubernetes_service_v1")["spec"]["port"] == [{"port": 80, "target_port": "8080"}]


def test_pods_start_when_policies_trust_and_secrets_are_there(template: Template) -> None:
    awaited = template.resource("kubernetes_deployment_v1")["depends_on"]

    for type_ in (
        "kubernetes_network_policy_v1",
        "kubernetes_resource_quota_v1",
        "azurerm_federated_identity_credential",
        "azurerm_role_assignment",
        "kubernetes_manifest",
    ):
        assert {f"{type_}.{name}" for name in template.resources(type_)} <= set(awaited)


@pytest.mark.req(103)
def test_a_pod_promises_and_limits_cpu_and_memory_within_its_namespaces_limit(
    template: Template, container: Arguments
) -> None:
    (limit,) = template.resource("kubernetes_limit_range_v1")["spec"]["limit"]

    assert container["resources"] == {"requests": limit["default_request"], "limits": limit["max"]}


def test_a_slow_start_is_not_taken_for_a_dead_application(container: Arguments) -> None:
    startup, liveness, readiness = (container[f"{kind}_probe"] for kind in ("startup", "liveness", "readiness"))

    assert startup["period_seconds"] * startup["failure_threshold"] == 180
    # A database that is away makes a pod unready; restarting the pod would not bring it back.
    assert liveness["http_get"]["path"] == "/actuator/health/liveness"
    assert readiness["http_get"]["path"] == "/actuator/health/readiness"


def test_the_autoscaler_alone_counts_the_pods(template: Template) -> None:
    (deployment,) = template.resources("kubernetes_deployment_v1")
    autoscaler = template.resource("kubernetes_horizontal_pod_autoscaler_v2")["spec"]

    assert "replicas" not in template.resource("kubernetes_deployment_v1")["spec"]
    assert autoscaler["scale_target_ref"]["name"] == f"${{kubernetes_deployment_v1.{deployment}.metadata[0].name}}"


def test_a_single_pod_can_leave_its_node(template: Template) -> None:
    assert template.resource("kubernetes_horizontal_pod_autoscaler_v2")["spec"]["min_replicas"] == 1
    assert "min_available" not in template.resource("kubernetes_pod_disruption_budget_v1")["spec"]


@pytest.mark.req(50)
def test_the_load_balancer_is_internal(template: Template) -> None:
    assert template.resource("kubernetes_service_v1")["metadata"]["annotations"] == {
        "service.beta.kubernetes.io/azure-load-balancer-internal": "true",
        "service.beta.kubernetes.io/azure-load-balancer-internal-subnet": "snet-load-balancers",
        "service.beta.kubernetes.io/azure-load-balancer-ipv4": "10.1.4.68",
    }


def test_the_load_balancer_keeps_the_callers_address(template: Template) -> None:
    # With `Cluster`, network policies would see a node where the caller was.
    assert template.resource("kubernetes_service_v1")["spec"]["external_traffic_policy"] == "Local"


def test_the_load_balancer_leads_to_the_port_of_the_container(template: Template, container: Arguments) -> None:
    service = template.resource("kubernetes_service_v1")

    assert service["spec"]["port"][0]["target_port"] == str(container["port"][0]["container_port"])
