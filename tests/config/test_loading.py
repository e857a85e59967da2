"""Bad settings never get past loading: everything wrong is reported at once, in words, and nothing is written."""

import contextlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import main
from config.loading import ConfigurationError, load_environment, load_environments, load_single_environment
from config.refused_text import kind_of_secret
from tests.config.bad_inputs import BAD_INPUTS, BadInput
from tests.config.environment_file import ABSENT, SETTING_PATHS, write_environment
from tests.product import ENVIRONMENTS_OF_THE_TESTS

REPOSITORY = Path(main.__file__).parent
CANARY = "canary-5a1f0c"
# Each line says what to do: what the value must be or needs, or an imperative.
MEND = re.compile(r"\b(must|needs?|did you mean|known here|an environment's name is its file's name)\b|; [a-z]+ ")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for hundreds of tests that each write the whole file anew."""
    return tmp_path_factory.mktemp("settings")


def report(file: Path) -> tuple[str, ...]:
    """What loading says about a file, line by line."""
    with pytest.raises(ConfigurationError) as raised:
        load_environment(file)
    return raised.value.lines


@pytest.mark.req(12)
@pytest.mark.req(25)
@pytest.mark.parametrize("mistake", BAD_INPUTS, ids=lambda mistake: mistake.id)
def test_a_mistake_is_reported_with_file_key_value_rule_and_mend(mistake: BadInput, folder: Path) -> None:
    lines = report(write_environment(folder, mistake.environment, mistake.changes))

    start = f"environments/{mistake.environment}.toml: {mistake.path}: "
    (found,) = (line for line in lines if line.startswith(start) and mistake.says in line)
    assert mistake.given[:50] in found
    assert len(lines) == mistake.lines, lines
    assert all(MEND.search(line) for line in lines), lines
    assert not any("is refused" in line for line in lines), "pydantic's own words: add the kind to RULES_IN_WORDS"


def test_mistakes_of_all_files_and_kinds_are_reported_together(tmp_path: Path) -> None:
    write_environment(tmp_path, "dev", {"regoin": "x", "workload": "Shop", "network.subnets.agents": "10.10.1.0/29"})
    write_environment(tmp_path, "prod", {"tags.owner": ABSENT, "state_backend.replication": "ZRS"})

    with pytest.raises(ConfigurationError) as raised:
        load_environments(tmp_path / "environments", {"ENVIRONMENTS": "dev,prod,qa"})

    keys = [":".join(line.split(":")[:2]) for line in raised.value.lines]
    assert sorted(keys) == [
        "ENVIRONMENTS: 'qa' is no environment; known",
        "environments/dev.toml: network.subnets.agents",
        "environments/dev.toml: regoin",
        "environments/dev.toml: workload",
        "environments/prod.toml: state_backend.replication",
        "environments/prod.toml: tags.owner",
    ]


def test_an_unknown_environment_is_answered_with_the_known_ones() -> None:
    with pytest.raises(ConfigurationError, match=r"^ENVIRONMENTS: 'qa' is no environment; known: dev, prod, test$"):
        load_environments(ENVIRONMENTS_OF_THE_TESTS, {"ENVIRONMENTS": "dev, qa"})


@pytest.mark.parametrize(("value", "names"), [("test", ["test"]), (" test , dev,", ["dev", "test"]), (" ", None)])
def test_environments_narrows_what_is_loaded(value: str, names: list[str] | None) -> None:
    environments = load_environments(ENVIRONMENTS_OF_THE_TESTS, {"ENVIRONMENTS": value})

    assert [environment.name for environment in environments] == (names or ["dev", "prod", "test"])


def test_a_single_environment_is_read_alone(tmp_path: Path) -> None:
    write_environment(tmp_path, "prod", {"workload": "Shop"})
    folder = write_environment(tmp_path, "dev", {}).parent

    assert load_single_environment(folder, {"ENV": "dev"}).name == "dev"
    with pytest.raises(ConfigurationError, match=r"^environments/prod\.toml: workload: "):
        load_single_environment(folder, {"ENV": "prod"})


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param(b"", "workload: is missing; add it", id="empty"),
        pytest.param(b"# nothing\n", "region: is missing; add it", id="only-a-comment"),
        pytest.param(b"workload = shop", "is not TOML: Invalid value (at line 1, column 12)", id="no-quotes"),
        pytest.param(b'region = "a"\nregion = "b"', "is not TOML: Cannot overwrite a value", id="same-key-twice"),
        pytest.param(b"[tags]\n[tags]", "is not TOML: Cannot declare", id="same-table-twice"),
        pytest.param(b'owner = "\xe9"', "is not UTF-8 text: invalid continuation byte at byte 9", id="latin-1"),
        pytest.param('a = "b"'.encode("utf-16"), "is not UTF-8 text", id="utf-16"),
        pytest.param(b"a = " + b"[" * 5000, "is not TOML", id="nested-too-deep"),
        pytest.param(b"a = " + b"9" * 5000, "is not TOML", id="number-too-long"),
    ],
)
def test_an_unreadable_file_is_reported(content: bytes, says: str, tmp_path: Path) -> None:
    file = tmp_path / "environments" / "dev.toml"
    file.parent.mkdir()
    file.write_bytes(content)

    assert any(line.startswith(f"environments/dev.toml: {says}") for line in report(file))


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    file = write_environment(tmp_path, "dev", {})
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())

    assert load_environment(file).name == "dev"


def test_a_folder_or_a_broken_link_in_place_of_a_file_is_reported(tmp_path: Path) -> None:
    (tmp_path / "dev.toml").mkdir()
    (tmp_path / "prod.toml").symlink_to("nowhere")

    with pytest.raises(ConfigurationError) as raised:
        load_environments(tmp_path, {})

    assert [line.partition("; ")[2] for line in raised.value.lines] == ["make it a readable file"] * 2


@pytest.mark.parametrize("exists", [True, False])
def test_a_folder_without_environments_is_reported(exists: bool, tmp_path: Path) -> None:  # noqa: FBT001
    folder = tmp_path / "environments"
    if exists:
        folder.mkdir()

    with pytest.raises(ConfigurationError, match=r"add a file such as environments/dev\.toml"):
        load_environments(folder, {})


@pytest.mark.parametrize("name", ["Prod", "p", "pro-d", "prod eu", "production", "prod.eu", "1prod"])
def test_a_files_name_must_make_good_names(name: str, tmp_path: Path) -> None:
    file = write_environment(tmp_path, "dev", {})

    (line,) = report(file.rename(file.with_stem(name)))
    assert line.startswith(f'environments/{name}.toml: name: "{name}" must be two to six lower-case letters and digits')


@pytest.mark.parametrize(
    "changes",
    [
        {"client_secret": CANARY},
        {"client_secret": {"value": CANARY}},
        {"client_secret": [CANARY]},
        {"client_secret": f"${{{CANARY}}}"},
        {"cluster.sql.password": CANARY},
        {"cluster.sql": {"password": CANARY}},
        {"cluster.sql.administrator.login_name": {"password": CANARY}},
        {"cluster.sql.administrator.login_name": [CANARY]},
        {"cluster.sql.administrator.login_name": [[CANARY]]},
        {"cluster.sql.administrator.login_name": f"Password={CANARY}"},
        {"availability_zones": [{"key": CANARY}]},
        {"cluster": [{"key": CANARY}]},
    ],
    ids=str,
)
def test_what_may_be_a_secret_is_never_printed(changes: dict[str, object], tmp_path: Path) -> None:
    assert CANARY not in "\n".join(report(write_environment(tmp_path, "dev", changes)))


@pytest.mark.parametrize(
    "text",
    [
        "7c1f6a52-0f0e-4b3f-9a39-2d6a4c0b9e11",
        "7C1f6a52-0F0e-4b3F-9a39-2D6a4c0b9E11",
        "sha256:" + "3b0c5f6d" * 8,
        "platform-team@Contoso-Engineering01.onmicrosoft.com",
        "https://dev.azure.com/Contoso/Platform2026/_git/Infrastructure",
        "/subscriptions/7c1f6a52-0f0e-4b3f-9a39-2d6a4c0b9e11/resourceGroups/rg-Logs/providers/Microsoft.Insights/x/y",
        "payment-provider-api-key",
        "ssh-rsa AAAA" + "B3NzaC1yc2EAAAADAQABAAABgQC7" * 12 + "== ops@contoso",
    ],
)
def test_what_only_looks_random_is_no_secret(text: str) -> None:
    assert kind_of_secret(text) is None


ANYTHING = st.recursive(
    st.booleans()
    | st.integers()
    | st.floats()
    | st.dates()
    | st.text(st.characters(exclude_categories=["Cs", "Cc"]))
    | st.sampled_from(["0.0.0.0/0", "255.255.255.255/32", "10.10.255.0/24", "Standard_D2ds_v5", "GP_S_Gen5_2", "1.35"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab.", min_size=1), inner, max_size=2),
    max_leaves=4,
)


@settings(derandomize=True, deadline=None, database=None, max_examples=200)
@given(
    st.dictionaries(st.sampled_from(SETTING_PATHS), ANYTHING, min_size=1, max_size=3)
    | st.dictionaries(st.sampled_from(["network", "cluster", "cluster.sql", "workloads"]), ANYTHING, max_size=1)
)
def test_whatever_a_file_holds_it_is_taken_or_reported(folder: Path, changes: dict[str, object]) -> None:
    with contextlib.suppress(ConfigurationError):
        load_environment(write_environment(folder, "dev", changes))


def test_main_reports_and_exits_with_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_environment(tmp_path, "dev", {"workload": "Shop"}).parent
    monkeypatch.setattr("config.loading.ENVIRONMENTS_FOLDER", folder)
    monkeypatch.delenv("ENVIRONMENTS", raising=False)

    with pytest.raises(SystemExit) as exit_:
        main.main()

    captured = capsys.readouterr()
    assert exit_.value.code == 2
    assert captured.out == ""
    assert captured.err.startswith('environments/dev.toml: workload: "Shop" must be two to eight')


def test_bad_settings_stop_the_program_before_cdktf_and_before_anything_is_written(tmp_path: Path) -> None:
    shutil.copy(REPOSITORY / "main.py", tmp_path)
    for package in ("command_line", "config"):
        shutil.copytree(REPOSITORY / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    write_environment(tmp_path, "dev", {"workload": "Shop"})
    for module in ("cdktf", "constructs", "jsii", "provider_loading", "stacks"):
        (tmp_path / f"{module}.py").write_text("raise SystemExit('imported too early')", encoding="utf-8")
    before = sorted(tmp_path.rglob("*"))

    run = subprocess.run(
        [sys.executable, "-B", "main.py"], cwd=tmp_path, env={}, capture_output=True, text=True, check=False
    )

    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.startswith("environments/dev.toml: workload: ")
    assert len(run.stderr.splitlines()) == 1
    assert sorted(tmp_path.rglob("*")) == before
