"""What every stack has in common, beyond what the snapshots show."""

from pathlib import Path

from cdktf import App, TerraformOutput
from cdktf_cdktf_provider_azurerm.resource_group import ResourceGroup

from stacks.platform_stack import PlatformStack
from tests.product import ENVIRONMENTS
from tests.template import Template


def test_a_reference_to_another_stack_adds_nothing_to_either(tmp_path: Path) -> None:
    app, environment = App(outdir=str(tmp_path)), ENVIRONMENTS["dev"]
    network, cluster = (PlatformStack(app, environment, purpose) for purpose in ("network", "cluster"))
    group = ResourceGroup(network, "group", name="rg", location="westeurope")
    TerraformOutput(cluster, "group_name", value=group.name)
    app.synth()

    producer, consumer = (
        Template.read(tmp_path / "stacks" / f"dev-{name}").document for name in ("network", "cluster")
    )
    assert "output" not in producer
    assert "data" not in consumer
    assert consumer["output"]["group_name"]["value"] == "${azurerm_resource_group.group.name}"
