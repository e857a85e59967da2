"""Which sizes of machines serve as nodes, and as the jump box."""

from collections.abc import Iterator

from config.cluster.node_pool import NodePoolSettings, UserPoolSettings
from config.rules.registration import Problem, doubt, rule
from config.vm_sizes import has_gpu, is_arm, is_confidential, known_size, lacking, numbers_of_series

SYSTEM, USER, JUMP_BOX = "cluster.kubernetes.system_pool", "cluster.kubernetes.user_pools", "network.jump_box.vm_size"


@doubt(f"{SYSTEM}.vm_size")
def _system_size_is_known(name: str) -> Iterator[str]:
    yield from _unknown(name, use="a node, such as 'Standard_D4ds_v5'")


@doubt(f"{USER}.vm_size")
def _user_sizes_are_known(names: tuple[str, ...]) -> Iterator[str]:
    for name in dict.fromkeys(names):
        yield from _unknown(name, use="a node, such as 'Standard_D4ds_v5'")


@doubt(JUMP_BOX)
def _jump_box_size_is_known(name: str) -> Iterator[str]:
    yield from _unknown(name, use="the jump box, such as 'Standard_D2s_v5'")


def _unknown(name: str, *, use: str) -> Iterator[str]:
    if lacking(name) or _unsupported(name) or known_size(name):
        return
    if numbers := numbers_of_series(name):
        sold = ", ".join(map(str, numbers))
        yield f'"{name}" is no size of its series, which has {sold} processors; choose one'
    else:
        yield f'"{name}" is no size that is known here; choose another as {use}'


def _unsupported(name: str) -> str | None:
    """What AKS has no nodes of, or this platform not."""
    # https://learn.microsoft.com/azure/aks/use-cvm#aks-supported-confidential-vm-sizes
    if is_confidential(name) and known_size(name) is None:
        return (
            "is confidential by other means than AMD SEV-SNP (Intel TDX, SGX, or on a GPU), which nodes here cannot "
            "be; choose one of DCas, DCads, ECas or ECads, such as 'Standard_DC4ads_v5'"
        )
    return None


@rule(JUMP_BOX)
def _jump_box_size_serves(name: str) -> Iterator[Problem]:
    if is_arm(name):
        why = "has Arm processors (the 'p'), and the jump box's image is built for x86; choose a size without it"
    elif is_confidential(name):
        why = "is confidential (the 'C'), which the jump box's image is not made for; choose a size without it"
    else:
        why = lacking(name) or ""
    if why:
        yield Problem(JUMP_BOX, f'"{name}" {why}')


@rule(SYSTEM)
def _system_size_serves(pool: NodePoolSettings) -> Iterator[Problem]:
    path = f"{SYSTEM}.vm_size"
    yield from _node_size_serves(path, pool)
    # https://learn.microsoft.com/azure/aks/use-system-pools#system-and-user-node-pools
    if pool.size is not None and pool.size.is_burstable:
        yield Problem(path, f"{pool.vm_size} is burstable, which AKS refuses here; choose a D or E size")
    if is_arm(pool.vm_size) or has_gpu(pool.vm_size):
        yield Problem(
            path,
            f"{pool.vm_size} has Arm processors or a GPU, which the cluster's own pods do not need; "
            "choose a D or E size here, and this one for a pool in user_pools",
        )


@rule(USER)
def _user_sizes_serve(pools: tuple[UserPoolSettings, ...]) -> Iterator[Problem]:
    for index, pool in enumerate(pools):
        yield from _node_size_serves(f"{USER}.{index}.vm_size", pool)


def _node_size_serves(path: str, pool: NodePoolSettings) -> Iterator[Problem]:
    if why := lacking(pool.vm_size) or _unsupported(pool.vm_size):
        yield Problem(path, f'"{pool.vm_size}" {why}')
    # https://learn.microsoft.com/azure/aks/aks-virtual-machine-sizes (2026-08)
    if pool.size is not None and (pool.size.processors < 2 or pool.size.memory_gib < 4):
        yield Problem(path, f"{pool.vm_size} is too small; a node needs 2 processors and 4 GiB")
