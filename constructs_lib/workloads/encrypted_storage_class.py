"""The class of persistent volumes whose disks are encrypted with the platform's own key."""

from cdktf_cdktf_provider_kubernetes.storage_class_v1 import StorageClassV1, StorageClassV1Metadata
from constructs import Construct

NAME = "customer-managed-key"


class EncryptedStorageClass(Construct):
    """A claim asks for it by name, and is sure of the key.

    AKS's own classes take the cluster's key as well, by a default of AKS's that no object in the cluster shows:
    https://learn.microsoft.com/azure/aks/azure-disk-customer-managed-keys#encrypt-your-aks-cluster-data-disk
    """

    def __init__(self, scope: Construct, id_: str, *, disk_encryption_set_id: str, in_several_zones: bool) -> None:
        super().__init__(scope, id_)
        StorageClassV1(
            self,
            "class",
            metadata=StorageClassV1Metadata(name=NAME),
            storage_provisioner="disk.csi.azure.com",
            # https://github.com/kubernetes-sigs/azuredisk-csi-driver/blob/master/docs/driver-parameters.md
            parameters={
                # Where nodes stand in several zones, so do the disks, as those of AKS's own classes: a pod starts
                # anew in another zone when its own fails, or is full.
                # https://learn.microsoft.com/azure/aks/concepts-storage#storage-classes
                "skuName": "StandardSSD_ZRS" if in_several_zones else "StandardSSD_LRS",
                "diskEncryptionSetID": disk_encryption_set_id,
                # Nobody gets a link by which a whole disk can be downloaded.
                "networkAccessPolicy": "DenyAll",
            },
            # A disk in one zone stands in that of the node where the pod is to run.
            volume_binding_mode="WaitForFirstConsumer",
            allow_volume_expansion=True,
            reclaim_policy="Delete",
        )
