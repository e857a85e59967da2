"""What `ENVIRONMENTS` and `ENV` may say, and what the one says in the place of the other."""

import pytest

from config.choice import several, single

KNOWN = ("dev", "prod", "test")
TOKEN = "ghp_" + "a1B2" * 9


@pytest.mark.parametrize(
    ("variables", "chosen"),
    [
        ({}, ["dev", "prod", "test"]),
        ({"ENVIRONMENTS": " "}, ["dev", "prod", "test"]),
        ({"ENVIRONMENTS": " test , dev,test,"}, ["dev", "test"]),
        ({"ENVIRONMENTS": "test", "ENV": "dev"}, ["test"]),
        ({"ENV": ""}, ["dev", "prod", "test"]),
        ({"ENVIRONMENT": "prod", "ENVIRONMENTS": "dev"}, ["dev"]),
        ({"ENVIRONMENT": "of another program"}, ["dev", "prod", "test"]),
        ({"ENV": "/etc/shinit"}, ["dev", "prod", "test"]),  # what some shells start with
    ],
    ids=str,
)
def test_several_are_chosen(variables: dict[str, str], chosen: list[str]) -> None:
    assert several(variables, KNOWN) == (set(chosen), [])


@pytest.mark.parametrize(
    ("variables", "says"),
    [
        ({"ENV": "prod"}, "ENV: is for commands that take a single environment; write ENVIRONMENTS=prod here"),
        ({"ENVIRONMENT": "prod"}, "ENVIRONMENT: is not read; write ENVIRONMENTS=prod here"),
        ({"ENVIRONMENTS": ","}, "ENVIRONMENTS: names no environment; known: dev, prod, test"),
        ({"ENVIRONMENTS": "Dev"}, "ENVIRONMENTS: 'Dev' is no environment; known: dev, prod, test"),
        ({"ENVIRONMENTS": "../dev"}, "ENVIRONMENTS: '../dev' is no environment; known: dev, prod, test"),
        ({"ENVIRONMENTS": TOKEN}, "ENVIRONMENTS: '...' is no environment; known: dev, prod, test"),
        ({"ENVIRONMENTS": "x" * 100_000}, "ENVIRONMENTS: '...' is no environment; known: dev, prod, test"),
        ({"ENVIRONMENTS": "dev\x1b[2J"}, "ENVIRONMENTS: '...' is no environment; known: dev, prod, test"),
        ({"ENV": TOKEN}, "ENV: is for commands that take a single environment; write ENVIRONMENTS=... here"),
    ],
    ids=lambda value: str(value)[:60],
)
def test_several_are_refused(variables: dict[str, str], says: str) -> None:
    assert several(variables, KNOWN)[1] == [says]


def test_a_list_of_strange_names_has_an_end() -> None:
    _, lines = several({"ENVIRONMENTS": ",".join(f"n{number}" for number in range(20_000))}, KNOWN)

    assert len(lines) == 6
    assert lines[-1] == "ENVIRONMENTS: 19,995 more names are no environments; known: dev, prod, test"


@pytest.mark.parametrize(
    ("variables", "chosen"),
    [
        ({"ENV": " test "}, "test"),
        ({"ENV": "test", "ENVIRONMENTS": "dev,prod"}, "test"),
    ],
    ids=str,
)
def test_a_single_one_is_chosen(variables: dict[str, str], chosen: str) -> None:
    assert single(variables, KNOWN) == (chosen, [])


@pytest.mark.parametrize(
    ("variables", "says"),
    [
        ({"ENVIRONMENTS": "test"}, "ENVIRONMENTS: is for commands that take several environments; write ENV=test here"),
        ({}, "ENV: is not set; name one environment with ENV=<name>; known: dev, prod, test"),
        (
            {"ENV": " ", "ENVIRONMENTS": ""},
            "ENV: is not set; name one environment with ENV=<name>; known: dev, prod, test",
        ),
        ({"ENV": "dev,test"}, "ENV: 'dev,test' is no environment; known: dev, prod, test"),
        ({"ENV": "/etc/shinit"}, "ENV: '/etc/shinit' is no environment; known: dev, prod, test"),
        ({"ENV": TOKEN}, "ENV: '...' is no environment; known: dev, prod, test"),
    ],
    ids=lambda value: str(value)[:60],
)
def test_a_single_one_is_refused(variables: dict[str, str], says: str) -> None:
    assert single(variables, KNOWN)[1] == [says]
