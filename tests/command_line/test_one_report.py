"""Every command that needs the settings answers a wrong choice of environments in the same way."""

from collections.abc import Callable

import pytest

import main
from rehearsal import rehearsal, validation


@pytest.mark.parametrize(
    ("command", "variables", "says"),
    [
        (main.main, {"ENV": "prod"}, "ENV: is for commands that take a single environment"),
        (rehearsal.main, {"ENVIRONMENTS": "prod"}, "ENVIRONMENTS: is for commands that take several environments"),
        (validation.main, {"ENV": "prod"}, "ENV: is for commands that take a single environment"),
    ],
    ids=["synth", "rehearse", "validate"],
)
def test_one_variable_in_place_of_the_other_ends_a_command(
    command: Callable[[], object],
    variables: dict[str, str],
    says: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for variable in ("ENV", "ENVIRONMENTS"):
        monkeypatch.delenv(variable, raising=False)
    for variable, value in variables.items():
        monkeypatch.setenv(variable, value)

    with pytest.raises(SystemExit) as exit_:
        command()

    assert exit_.value.code == 2
    assert capsys.readouterr().err.startswith(says)
