"""Amounts that Kubernetes would write just so."""

import pytest

from constructs_lib.workloads.kubernetes_quantity import cpu, memory


@pytest.mark.parametrize(("millicores", "text"), [(250, "250m"), (1000, "1"), (1500, "1500m"), (12000, "12")])
def test_whole_cores_have_no_unit(millicores: int, text: str) -> None:
    assert cpu(millicores) == text


@pytest.mark.parametrize(("mib", "text"), [(768, "768Mi"), (1024, "1Gi"), (1536, "1536Mi"), (4096, "4Gi")])
def test_whole_gibibytes_are_counted_in_gibibytes(mib: int, text: str) -> None:
    assert memory(mib) == text
