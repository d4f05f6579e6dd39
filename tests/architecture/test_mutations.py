"""The list of rules that are taken away one at a time names text that still stands where it says."""

import tomllib

from tests.architecture import sources

LIST = "tools/mutations.toml"


def test_every_mutation_applies_exactly_once() -> None:
    mutations = tomllib.loads((sources.ROOT / LIST).read_text(encoding="utf-8"))["mutation"]
    astray = [
        each["name"]
        for each in mutations
        if (sources.ROOT / each["file"]).read_text(encoding="utf-8").count(each["find"]) != 1
    ]
    assert astray == []
    assert all(each["find"] != each["replace"] for each in mutations)


def test_no_two_mutations_share_a_name() -> None:
    names = [each["name"] for each in tomllib.loads((sources.ROOT / LIST).read_text(encoding="utf-8"))["mutation"]]
    assert sorted(set(names)) == sorted(names)
