"""Who gets a mail when an alert fires."""

from collections.abc import Sequence

from cdktf_cdktf_provider_azurerm.monitor_action_group import MonitorActionGroup, MonitorActionGroupEmailReceiver
from constructs import Construct


class ActionGroup(Construct):
    """Every address gets every mail, in the one form that all alerts have."""

    def __init__(
        self, scope: Construct, id_: str, *, name: str, short_name: str, resource_group_name: str, emails: Sequence[str]
    ) -> None:
        super().__init__(scope, id_)
        self.resource = MonitorActionGroup(
            self,
            "group",
            name=name,
            short_name=short_name,
            resource_group_name=resource_group_name,
            enabled=True,
            email_receiver=[
                MonitorActionGroupEmailReceiver(name=email, email_address=email, use_common_alert_schema=True)
                for email in emails
            ],
        )
