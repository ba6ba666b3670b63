from __future__ import annotations

from pathlib import Path

import pytest

from reproduce.book import load_setting
from reproduce.data.typology import check_families, lineages, syntax
from reproduce.errors import DataError
from tests.data.real import real

NEXUS = """#NEXUS
BEGIN TREES;
    tree indo1 = [&R] (((dutc1:1,germ2:1)west1:1,dani1:1)germ1:1,(hind1:1)indi1:1)indo1:1;
    tree aymr1 = [&R] (cent1:1)aymr1:1;
"""
TABLE = """ID,Name,ISO639P3code,Level
indo1,Indo-European,,family
germ1,Germanic,,family
west1,West Germanic,,family
germ2,German,deu,language
dutc1,Dutch,nld,language
dani1,Danish,dan,language
indi1,Indo-Aryan,,family
hind1,Hindi,hin,language
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("glottolog", "lang2vec"):
        (tmp_path / name).mkdir()
    (tmp_path / "glottolog" / "classification.nex").write_text(NEXUS)
    (tmp_path / "glottolog" / "languages.csv").write_text(TABLE)
    codes = '{"de": "deu", "nl": "nld", "da": "dan", "hi": "hin"}'
    (tmp_path / "lang2vec" / "letter_codes.json").write_text(codes)
    return tmp_path


def test_a_lineage_is_read_off_the_tree_from_the_largest_group(folder):
    found = lineages(folder, ["de", "da", "hi", "xx"])
    assert found == {
        "de": ("Indo-European", "Germanic", "West Germanic", "German"),
        "da": ("Indo-European", "Germanic", "Danish"),
        "hi": ("Indo-European", "Indo-Aryan", "Hindi"),
    }


def test_a_family_may_be_any_group_above_the_language(folder):
    assert check_families(folder, {"de": "Germanic", "hi": "Indo-European"}) == []


def test_a_family_that_glottolog_does_not_give_is_told_with_its_groups(folder):
    assert check_families(folder, {"hi": "Germanic", "xx": "Turkic"}) == [
        "hi: 'Germanic' is none of Glottolog's groups for it (Indo-European, Indo-Aryan, Hindi)",
        "xx: Glottolog's table does not have it; 'Turkic' is unchecked",
    ]


def test_a_torn_tree_is_refused_with_its_line(folder):
    path = folder / "glottolog" / "classification.nex"
    path.write_text(NEXUS.replace("(cent1:1)", "cent1:1)"))
    with pytest.raises(DataError) as error:
        lineages(folder, ["de"])
    assert str(error.value) == f"{path}:4: brackets that do not match"


def test_another_table_is_refused(folder):
    path = folder / "glottolog" / "languages.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(DataError, match="there is no column Name"):
        lineages(folder, ["de"])


@pytest.mark.parametrize("name", ["scaled", "paper"])
def test_the_families_of_shipped_settings_are_glottologs(name):
    languages = load_setting(name).languages
    families = {code: info.family for code, info in languages.items()}
    assert check_families(real("typology"), families) == []


def test_features_of_syntax_are_read_by_the_codes_of_settings():
    known = syntax(real("typology"))
    codes = {code for name in ("scaled", "paper") for code in load_setting(name).languages}
    assert codes - set(known) == {"nah", "oto"}  # macrolanguages
    assert {len(features) for features in known.values()} == {103}
    assert known["de"] == known["deu"] != known["hi"]


def test_without_the_file_of_features_a_person_is_told_what_it_is(tmp_path):
    with pytest.raises(DataError, match="features of languages cannot be read") as error:
        syntax(tmp_path)
    assert "feature_predictions.npz of github.com/antonisa/lang2vec" in str(error.value)
