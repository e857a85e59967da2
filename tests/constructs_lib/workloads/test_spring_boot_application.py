"""What a Spring Boot service may do, and how it survives."""

from ipaddress import IPv4Address

import pytest
from cdktf import TerraformStack, Testing

from config.workloads.application import ApplicationSettings
from constructs_lib.ingress.internal_load_balancer import InternalLoadBalancer
from constructs_lib.workloads.spring_boot_application import SpringBootApplication
from tests.constructs_lib.workloads.parts import identity_in, namespace_in, secrets_in
from tests.template import Arguments, Template

DIGEST = f"sha256:{'3b' * 32}"


def _synthesise(*, with_secrets: bool) -> Template:
    stack = TerraformStack(Testing.app(), "test")
    namespace = namespace_in(stack)
    identity = identity_in(stack, namespace.name)
    SpringBootApplication(
        stack,
        "application",
        settings=ApplicationSettings(
            name="orders", namespace="shop", image_repository="shop/orders", image_digest=DIGEST, min_replicas=1
        ),
        registry_host="crshop.azurecr.io",
        environment={"SPRING_DATASOURCE_URL": "jdbc:sqlserver://sql-shop.database.windows.net"},
        service_annotations=InternalLoadBalancer(
            subnet="snet-load-balancers", address=IPv4Address("10.1.4.68")
        ).annotations,
        namespace=namespace,
        identity=identity,
        secrets=secrets_in(stack, namespace.name, reader=identity) if with_secrets else None,
    )
    return Template.of(stack)


@pytest.fixture(scope="module")
def template() -> Template:
    return _synthesise(with_secrets=True)


@pytest.fixture(scope="module")
def pod(template: Template) -> Arguments:
    found: Arguments = template.resource("kubernetes_deployment_v1")["spec"]["template"]["spec"]
    return found


@pytest.fixture(scope="module")
def container(pod: Arguments) -> Arguments:
    (found,) = pod["container"]
    return dict(found)


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
    assert environment["SPRING_CONFIG_IMPORT"] == f"configtree:{mount['mount_path']}/"


def test_another_list_of_secrets_makes_other_pods(template: Template) -> None:
    deployment = template.resource("kubernetes_deployment_v1")
    (names,) = deployment["spec"]["template"]["metadata"]["annotations"].values()

    assert names == "payment-api-key,mail-api-key"


def test_a_pod_that_goes_still_answers_while_others_learn_of_it(pod: Arguments, container: Arguments) -> None:
    environment = {variable["name"]: variable.get("value") for variable in container["env"]}
    (hook,) = container["lifecycle"]["pre_stop"]
    command, delay = hook["exec"]["command"]

    assert (command, environment["SERVER_SHUTDOWN"]) == ("sleep", "graceful")
    assert int(delay) + 30 < pod["termination_grace_period_seconds"]


def test_without_secrets_nothing_is_mounted_or_imported() -> None:
    spec = _synthesise(with_secrets=False).resource("kubernetes_deployment_v1")["spec"]["template"]["spec"]
    (container,) = spec["container"]

    assert [volume["name"] for volume in spec["volume"]] == ["tmp"]
    assert [mount["name"] for mount in container["volume_mount"]] == ["tmp"]
    assert "SPRING_CONFIG_IMPORT" not in {variable["name"] for variable in container["env"]}


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
