"""Bad settings never get past loading: everything wrong is reported at once, in words, and nothing is written."""

import contextlib
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import main
from config.loading import ConfigurationError, load_environment, load_environments, load_single_environment
from config.refused_text import kind_of_secret
from tests.config.bad_inputs import BAD_INPUTS, BadInput
from tests.config.environment_file import ABSENT, RSA_KEY, SETTING_PATHS, SSH_KEY, write_environment
from tests.config.single_changes import single_changes
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
        pytest.param(
            b'region = "a"\nregion = "b"', "is not TOML: 'region' stands a second time in line 2", id="same-key-twice"
        ),
        pytest.param(b"[tags]\n[tags]", "is not TOML: 'tags' stands a second time in line 2", id="same-table-twice"),
        pytest.param(b"bootstrap = True", "is not TOML: Invalid value (at line 1, column 13); write true", id="True"),
        pytest.param(
            b"region = None", "is not TOML: Invalid value (at line 1, column 10); leave the setting out", id="None"
        ),
        pytest.param(b"a = 1\rb = 2", "is not TOML: Expected newline", id="only-carriage-returns"),
        pytest.param(b"a = '\0'", "is not TOML: Found invalid character '\\x00'", id="zero-byte"),
        pytest.param(b".".join([b"a"] * 5000) + b" = 1", "line 1 has a key of many parts", id="dotted-key"),
        pytest.param(b"[" + b".".join([b'"a"'] * 5000) + b"]", "line 1 has a key of many parts", id="dotted-table"),
        pytest.param(b"a = 1\n" * 30000, "is larger than 128 KiB; it needs to hold settings only", id="too-large"),
        pytest.param(b'owner = "\xe9"', "is not UTF-8 text: invalid continuation byte at byte 9", id="latin-1"),
        pytest.param('a = "b"'.encode("utf-16"), "is not UTF-8 text", id="utf-16"),
        pytest.param(b"a = " + b"[" * 5000, "is nested too deep", id="nested-too-deep"),
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

    assert [line.partition("; ")[2] for line in raised.value.lines] == [
        "make it a readable file, or give it another ending",
        "make it a readable file",
    ]


def test_what_never_ends_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "dev.toml")
    (tmp_path / "prod.toml").symlink_to("/dev/zero")

    with pytest.raises(ConfigurationError) as raised:
        load_environments(tmp_path, {})

    assert [line.partition(": ")[2][:11] for line in raised.value.lines] == ["is no file;"] * 2


DEV = (ENVIRONMENTS_OF_THE_TESTS / "dev.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(DEV.replace("min_count = 1", f"min_count = {'9' * 4000}"), id="long-number"),
        pytest.param(DEV.replace("min_count = 1", f"min_count = 0x{'f' * 100_000}"), id="long-hexadecimal-number"),
        pytest.param(DEV.replace("platform-team", "a-" * 10_000), id="long-tag"),
        pytest.param(DEV.replace("platform-team", "<" * 4096), id="many-placeholders-begin"),
        pytest.param(DEV.replace("sha256:", "sha256:" + "a" * 100_000), id="long-digest"),
        pytest.param(DEV.replace('"westeurope"', "{a=" * 200 + "1" + "}" * 200), id="nested-value"),
        pytest.param("".join(f"k{n} = 1\n" for n in range(12_000)) + DEV, id="many-unknown-keys"),
        pytest.param(DEV + "[[accept]]\n" * 10_000, id="many-tables"),
        pytest.param("a" * 100_000 + " = 1\n" + DEV, id="long-key"),
        pytest.param(DEV.replace("zones = []", f"zones = [{'9,' * 999}]"), id="many-wrong-items"),
        pytest.param(
            DEV.replace(
                "[network.hub]", "[network]\nremote_ranges = [" + '"10.99.0.0/16",\n' * 399 + "]\n[network.hub]"
            ),
            id="many-equal-ranges",
        ),
        pytest.param(
            DEV
            + '[[network.firewall.extra_rules]]\nname = "a"\nbecause = "Nobody knows."\nhosts = ['
            + '"*.github.io",\n' * 999
            + "]",
            id="many-shared-domains",
        ),
    ],
)
def test_a_report_ends_and_comes_within_a_second(content: str, tmp_path: Path) -> None:
    file = tmp_path / "environments" / "dev.toml"
    file.parent.mkdir()
    file.write_text(content, encoding="utf-8")

    began = time.process_time()
    lines = report(file)

    assert time.process_time() - began < 1
    assert len(lines) <= 51
    assert max(map(len, lines)) < 500
    assert len(lines) < 51 or re.fullmatch(r"environments/dev\.toml: and \d+ more mistakes like .*", lines[-1])


@pytest.mark.parametrize(
    ("files", "named", "left_out"),
    [
        (["dev.toml", "prod.TOML"], "", ["prod.TOML"]),
        (["dev.toml", "prod.toml.txt", "test.toml "], "", ["prod.toml.txt", "test.toml "]),
        (["prod.toml~"], "", ["prod.toml~"]),
        (["acceptance", "dev.toml", "prod.json", "staging.yaml"], "", ["acceptance", "prod.json", "staging.yaml"]),
        (["dev.toml", "schema.json", "README", "dev.old", ".staging.yaml", "pre-commit.yaml"], "", []),
        (["dev.toml", "prod.TOML"], "prod", ["prod.TOML"]),
        (["dev.toml", "prod.TOML"], "dev", []),
        (["dev.toml", "dev.toml~", "dev.toml.bak", ".dev.toml.swp", ".#dev.toml", "#dev.toml#", "notes.md"], "", []),
    ],
)
def test_a_file_that_was_meant_to_be_an_environment_is_named(
    files: list[str], named: str, left_out: list[str], tmp_path: Path
) -> None:
    for name in files:
        (tmp_path / name).write_text(DEV, encoding="utf-8")

    lines: tuple[str, ...] = ()
    try:
        load_environments(tmp_path, {"ENVIRONMENTS": named})
    except ConfigurationError as error:
        lines = error.lines

    assert [line.split(": ")[0].partition("/")[2] for line in lines if "is left out" in line] == left_out


@pytest.mark.parametrize("exists", [True, False])
def test_a_folder_without_environments_is_reported(exists: bool, tmp_path: Path) -> None:  # noqa: FBT001
    folder = tmp_path / "environments"
    if exists:
        folder.mkdir()

    with pytest.raises(ConfigurationError, match=r"add a file such as environments/dev\.toml"):
        load_environments(folder, {})


@pytest.mark.parametrize("name", ["Prod", "p", "pro-d", "prod eu", " prod", "productioneast", "prod.eu", "1prod"])
def test_a_files_name_must_make_good_names(name: str, tmp_path: Path) -> None:
    file = write_environment(tmp_path, "dev", {})

    (line,) = report(file.rename(file.with_stem(name)))
    assert line.startswith(
        f'environments/{name}.toml: name: "{name}" must be two to twelve lower-case letters and digits'
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"ghp_" + CANARY: 1},
        {"tags": {"Password=" + CANARY: 1}},
        {f"https://user:{CANARY}@host": {"x": 1}},
        {"tags.owner": CANARY + "x" * 256},
        {"tags.owner": f"{CANARY}\n"},
        {"cluster.sql.administrator.login_name": {"a": {"b": {"c": {"d": {"e": {CANARY: CANARY}}}}}}},
        {"network": {"hub": [[[[[[[CANARY]]]]]]]}},
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
    "text", [f"{name}=1\n{name}=2" for name in (f"ghp_{CANARY}", f'"password: {CANARY}"', f"a.ghp_{CANARY}")]
)
def test_a_secret_that_stands_twice_is_not_printed(text: str, tmp_path: Path) -> None:
    file = tmp_path / "dev.toml"
    file.write_text(text, encoding="utf-8")

    assert CANARY not in "\n".join(report(file))


def test_a_secret_in_the_list_of_environments_is_not_printed() -> None:
    with pytest.raises(ConfigurationError) as raised:
        load_environments(ENVIRONMENTS_OF_THE_TESTS, {"ENVIRONMENTS": f"dev,password={CANARY},{CANARY * 9}"})

    assert CANARY not in str(raised.value)


def test_no_key_and_no_value_forges_a_line_or_commands_the_terminal(tmp_path: Path) -> None:
    changes = {
        "x\nenvironments/prod.toml: region": 1,
        "\x1b[2J": 1,
        "\N{RIGHT-TO-LEFT OVERRIDE}": 1,
        "region": "\x9b2J\n",
    }
    lines = report(write_environment(tmp_path, "dev", changes))

    assert len(lines) == 4
    assert all(line.isprintable() and line.startswith("environments/dev.toml: ") for line in lines)


@pytest.mark.parametrize(
    "text",
    [
        "R&D (Köln), Überwachung",
        "Grp-Azure-SQL-Administrators-Production-2026-WestEurope",
        "SG-Azure-Platform-Admins-Production-001-Owners-Group",
        "MicrosoftOperationalInsightsWorkspaces2026Production",
        "https://github.com/Contoso-Platform/Infrastructure-As-Code-Modules2/tree/main/Deployments2026",
        "https://example.com:8443/path@x",
        "The token service is asked by every pod, and so is the key vault.",
        "Where people set a new password, and a basic service of 2026.",
        "monkey = banana; Compass: maps",
        "d670460b4b4aece5915caf5c68d12f560a9fe3e4",
        f"{SSH_KEY} ops team",
        RSA_KEY,
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


@pytest.mark.req(12)
@pytest.mark.parametrize("path", SETTING_PATHS)
def test_whatever_one_setting_is_changed_to_is_taken_or_reported_at_once(path: str, folder: Path) -> None:
    for number, changes in enumerate(single_changes(path)):
        file = write_environment(folder, "dev", changes)
        began = time.process_time()
        try:
            load_environment(file)
        except ConfigurationError as error:
            for line in error.lines:
                assert line.startswith("environments/dev.toml: "), line
                assert line.isprintable(), line
                assert len(line) < 500, line
                assert MEND.search(line), line
                assert "is refused" not in line, line
        assert time.process_time() - began < 1, f"change number {number}"


def test_at_least_a_thousand_changes_are_tried() -> None:
    assert sum(len(list(single_changes(path))) for path in SETTING_PATHS) > 1000


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
