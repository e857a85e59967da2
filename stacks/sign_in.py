"""What the workloads stack makes of `workloads.applications.sign_in`; imported where users sign in."""

from constructs import Construct

from config.workloads.application import ApplicationSettings
from constructs_lib.workloads.sign_in_registration import SignInRegistration
from stacks.platform_stack import PlatformStack


def register(
    stack: PlatformStack,
    application: ApplicationSettings,
    scope: Construct,
    *,
    issuer_url: str,
    namespace: str,
    service_account_name: str,
) -> SignInRegistration:
    """What the proxy in front of the application is in Entra."""
    settings = application.sign_in
    if settings is None:
        raise ValueError(f"nobody signs in to {application.name}")
    return SignInRegistration(
        scope,
        "registration",
        settings=settings,
        display_name=settings.display_name or stack.naming.sign_in_registration(application.name),
        deployer_id=stack.environment.deployer_of("workloads"),
        issuer_url=issuer_url,
        namespace=namespace,
        service_account_name=service_account_name,
    )
