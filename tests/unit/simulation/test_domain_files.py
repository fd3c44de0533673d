"""Domains are files: each is sound, another is one more, and what is wrong with one is said."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from botcoin_dpo import InputError, build, validate
from botcoin_dpo.simulation import domain_files
from botcoin_dpo.simulation.challenge import make_challenge
from botcoin_dpo.simulation.domain_files import built_in_domains, decode_domain, read_domain
from botcoin_dpo.simulation.simulator import simulate
from tests.builders import read_rows

DOMAINS = Path(domain_files.__file__).with_name("domains")
LIGHTHOUSES = Path(__file__).with_name("lighthouses.toml")


def lists_in(value: Any) -> list[list[Any]]:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    found = [each for part in inner for each in lists_in(part)]
    return [*found, value] if isinstance(value, list) else found


def test_every_file_of_the_folder_is_a_domain_of_that_name_in_the_order_of_old() -> None:
    domains = built_in_domains()
    assert set(domains) == {path.stem for path in DOMAINS.iterdir() if path.suffix == ".toml"}
    assert list(domains)[:4] == ["companies", "exoplanets", "battery_materials", "enzymes"]
    assert len({domain.order for domain in domains.values()}) == len(domains)


@pytest.mark.parametrize(
    "path", [*sorted(DOMAINS.glob("*.toml")), LIGHTHOUSES], ids=lambda p: p.stem
)
def test_a_domain_loads_and_has_no_empty_list(path: Path) -> None:
    assert read_domain(path).name == path.stem
    lists = lists_in(msgspec.toml.decode(path.read_bytes()))
    assert len(lists) > 20
    assert all(lists)


@pytest.mark.parametrize("path", sorted(DOMAINS.glob("*.toml")), ids=lambda p: p.stem)
def test_the_head_of_a_file_explains_every_kind_of_placeholder(path: Path) -> None:
    head, _, body = path.read_text(encoding="utf-8").partition("\n\n")
    assert all(line.startswith("#") for line in head.splitlines())
    domain = read_domain(path)
    used = {name for name in re.findall(r"\{(\w[\w.]*|)(?::[^}]*)?\}", body)}
    explained = set(re.findall(r"\{([\w.]*)\}", head))
    assert used - set(domain.facts) <= explained
    assert explained & set(domain.facts)


def test_domains_are_read_when_they_are_needed_and_once() -> None:
    script = (
        "import botcoin_dpo.simulation.simulator\n"
        "from botcoin_dpo.simulation.domain_files import built_in_domains\n"
        "assert built_in_domains.cache_info().currsize == 0\n"
        "assert built_in_domains() is built_in_domains()\n"
    )
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert (result.returncode, result.stderr) == (0, "")


def test_a_domain_from_outside_the_package_is_simulated_and_built(tmp_path: Path) -> None:
    lighthouses = read_domain(LIGHTHOUSES)
    simulate(tmp_path / "logs", challenges=6, miners=6, domains=[lighthouses, "enzymes"])
    ledger = msgspec.json.decode((tmp_path / "logs.expected.json").read_bytes())
    assert ledger["options"]["domains"] == ["lighthouses", "enzymes"]
    build(tmp_path / "logs", tmp_path / "out")
    assert validate(tmp_path / "out").is_valid
    names = {row["challenge_domain"] for row in read_rows(tmp_path / "out")}
    assert names == {"lighthouses", "enzymes"}


def test_challenges_of_a_small_domain_can_be_made_for_many_seeds() -> None:
    domain = read_domain(LIGHTHOUSES)
    for seed in range(40):
        document = make_challenge(domain, seed, 0).document
        assert 60 <= len(document.paragraphs) <= 110
        assert not re.search(r"[{}]", document.text)


def test_one_more_domain_leaves_the_first_challenges_as_they_are(tmp_path: Path) -> None:
    domains = list(built_in_domains().values())
    for name, chosen in (("old", domains), ("new", [*domains, read_domain(LIGHTHOUSES)])):
        simulate(tmp_path / name, challenges=4, miners=3, files=1, domains=chosen)
    old, new = (tmp_path / name / "attempts-00000.jsonl" for name in ("old", "new"))
    assert old.read_bytes() == new.read_bytes()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('noun = "lighthouse"', "", "noun: is missing"),
        ('noun = "lighthouse"', 'nuon = "lighthouse"', "nuon: unknown key"),
        ("order = 1000", "order = 1000\ncolour = 1", "colour: unknown key"),
        ('key = "harbour"', 'key = "harbour"\nweight = 1', "texts[1].weight: unknown key"),
        ('key = "steps"', 'key = "steps"\nweight = 1', "numbers[1].weight: unknown key"),
        ('key = "drift"', 'key = "drift"\nweight = 1', "series[1].weight: unknown key"),
        ("[[sheets]]", "[[sheets]]\nweight = 1", "sheets[0].weight: unknown key"),
        ("[prose]", "[prose]\nweight = 1", "prose.weight: unknown key"),
        ("low = 90", 'low = "90"', "numbers[0].low: expected `int`, got `str`"),
        ('["{0}"]', "[]", "numbers[0].forms: expected `array` of length >= 1"),
        ("[15, 18]", "[18, 15]", "entities: the fewest are more than the most"),
        ("[15, 18]", "[15, 40]", "entities[1]: expected `int` <= 30"),
        ('key = "harbour"', 'key = "Harbour"', "texts[1].key: expected `str` matching regex"),
        ('key = "steps"', 'key = "height"', "height: is the key of 2 attributes"),
        ('key = "harbour"', 'key = "name"', "name: is the placeholder of the entity"),
        ('draw = "place"', 'draw = "town"', "texts[1].draw: 'town': unknown; choose from"),
        ('"coast of the lighthouse"', '"lighthouse"', "texts[0].include: 'lighthouse' cannot be"),
        ("on the {} coast", "on the coast", "texts[0].filter: lacks {}"),
        ("low = 90", "low = 900", "numbers[0].low: is above `high`"),
        ("stands {d} metres above", "stands above", "numbers[0].more_than[0]: lacks {d}"),
        ("{d} metres above", "{q} metres above", "numbers[0].more_than[0]: {q}: no such"),
        ("about {0}", "about {1}", "numbers[1].forms[1]: lacks {0}"),
        ("about {0}", "about {0", "numbers[1].forms[1]: expected '}' before end of string"),
        ("about {0}", "about {0:z?}", "numbers[1].forms[1]: "),
        ("digits = 1", 'digits = 1\nterm = "height"', "numbers[0].term: constraints compute with"),
        ("low = 20", "low = -20", "series[0].term: constraints do not compute with values below"),
        ('negative_forms = ["west by {0}"]', "", "series[1].negative_forms: is missing"),
        ("Q{} ship count", "ship count", "series[0].term: lacks {}"),
        ('"steps", "drift"]', '"step", "drift"]', "sheets[0].keys: 'step': no such attribute"),
        ('keys = ["height"', 'keys = ["steps", "height"', "sheets[1].templates[0]: lacks {steps}"),
        ("{harbour} on the", "the", "sheets[0].templates[0]: lacks {harbour}"),
        ("{coast} coast, is", "{cost} coast, is", "sheets[0].templates[0]: {cost}: no such"),
        ("{coast} coast", "{coast:>9} coast", "sheets[0].templates[0]: {coast}: is printed"),
        (', ["ships_3", "ships_4"]', "", "sheets[1].compared: 'ships_3': must be told once"),
        ('"ships_4"]', '"ships_4", "height"]', "sheets[1].compared: 'height': must be told once"),
        ('more_than = ["{a} stands', 'forms_ = ["', "numbers[0].forms_: unknown key"),
        ("{ships_2} ships in", "{ships} ships in", "prose.asides[0]: {ships}: no such placeholder"),
        ("seen from {other}", "seen from {another}", "prose.gossip[0]: {another}: no such"),
        ("chart gives {label}", "chart gives it", "prose.superseded[0]: lacks {label}"),
        ("came late", "came {late}", "prose.fillers[0]: {late}: no such placeholder here"),
        ('same = "on the same coast as"', "", "texts: with `same`: 0, and 1 are needed"),
        ('include = "coast of the lighthouse"', "", "texts: with `include`: 2, and 3 are needed"),
        ('above = "with more than {:,} steps"', "", "numbers: with `above`: 0, and 1 are needed"),
        ("order = 1000", "order = ", "is not TOML: Invalid value"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_domain_is_said_with_file_and_key(
    old: str, new: str, message: str
) -> None:
    text = LIGHTHOUSES.read_text(encoding="utf-8")
    assert old in text
    with pytest.raises(InputError) as caught:
        decode_domain(text.replace(old, new, 1), "toy.toml")
    assert str(caught.value).startswith(f"toy.toml: {message}")


def test_facts_must_stand_in_one_sheet_and_be_comparable_where_they_are_compared() -> None:
    text = LIGHTHOUSES.read_text(encoding="utf-8")
    twice = text.replace('keys = ["height"', 'keys = ["steps", "height"')
    twice = twice.replace("{name}: {height}", "{name}: {steps}, {height}")
    for changed, message in (
        (
            twice.replace('[["height"', '[["steps", "height"'),
            "sheets[1].compared: 'steps': has no `more_than` and `less_than`",
        ),
        (
            text.replace('"keeper.last_name", "steps"', '"keeper.last_name"').replace(
                "who climbs {steps}", "who climbs"
            ),
            "sheets: 'steps': must stand in the keys of one sheet, stands in 0",
        ),
    ):
        with pytest.raises(InputError, match=re.escape(f"toy.toml: {message}")):
            decode_domain(changed, "toy.toml")


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.toml: no such file"):
        read_domain(tmp_path / "none.toml")
    (tmp_path / "bad.toml").write_bytes(b'name = "\xff"')
    with pytest.raises(InputError, match=r"bad\.toml: is not UTF-8"):
        read_domain(tmp_path / "bad.toml")
