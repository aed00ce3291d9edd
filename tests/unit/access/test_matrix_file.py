"""The matrix file is read whole or not at all; test_promised_rights compares it with what was promised."""

from __future__ import annotations

from pathlib import Path

import pytest

from community_api.access.matrix import MATRIX_FILE, YamlBroken, load_matrix, matrix
from community_api.access.matrix_table import BEGIN, END, matrix_markdown, with_matrix
from community_api.access.permissions import Permission
from community_api.access.terms import PUBLIC, Act, Cell
from community_api.units.terms import Role


def test_every_permission_has_a_row():
    assert set(matrix().rows) == set(Permission)


def test_permissions_stand_in_alphabetical_order():
    assert [p.value for p in Permission] == sorted(p.value for p in Permission)
    assert [p.name for p in Permission] == [p.value.replace(".", "_").upper() for p in Permission]


def test_columns_are_the_roles_and_the_public():
    assert set(matrix().columns.values()) == {*Role, PUBLIC}


# What control is for: to stop something, and to say what was found behind an unusual share of flags.
CONTROLS = {
    Role.OVERSIGHT: {Permission.INDICATOR_LIST_SUSPEND, Permission.PROCEDURE_SUSPEND},
    Role.DPO: {Permission.BIAS_REVIEW_CLOSE},
}


@pytest.mark.parametrize("role", [Role.OVERSIGHT, Role.DPO, Role.RECORDS_MANAGER])
def test_who_controls_changes_nothing_but_what_control_is_for(role):
    changing = {
        row.permission
        for row in matrix().rows.values()
        if row.act is Act.WRITE and row.cell(role) not in {Cell.REFUSED, Cell.OWN}
    }
    assert changing == (CONTROLS.get(role, set()))


def test_an_administrator_reads_no_content():
    assert not [
        row.permission
        for row in matrix().rows.values()
        if row.act is Act.READ and row.cell(Role.ADMINISTRATOR) is not Cell.REFUSED
    ]


def broken(tmp_path: Path, old: str, new: str) -> str:
    text = MATRIX_FILE.read_text()
    assert text.count(old) == 1
    file = tmp_path / "matrix.yaml"
    file.write_text(text.replace(old, new))
    with pytest.raises(YamlBroken) as caught:
        load_matrix(file)
    line = text[: text.index(old)].count("\n") + 1
    message = str(caught.value)
    assert message.startswith("matrix.yaml:")
    # What is wrong with a whole block is named by the block's first line.
    assert abs(int(message.split(":")[1]) - line) <= 10, message
    return message


FIGURES = '      oversight.figures:    {act: look,  cells: "-   -   -   -   -   -   -   -   -   y   y   -   -   -   -"}'  # noqa: E501 - a line of the file


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("oversight.figures: ", "oversight.figured: ", "is no permission"),
        ("me.read:    ", "me.change:    ", "stands here twice"),
        (FIGURES, FIGURES.replace("look", "stare"), "is none of"),
        (FIGURES, FIGURES.replace("y   y", "y   y   y"), "has 16 cells"),
        (FIGURES, FIGURES.replace("y   y", "y   w"), "is no cell"),
        (FIGURES, FIGURES.replace("y   y", "y   v"), "makes no sense"),
        (FIGURES, FIGURES.replace("}", ", colour: red}"), "not known here"),
        (FIGURES, FIGURES.replace("}", ", conflict: perhaps}"), "true or false"),
        (FIGURES, FIGURES.replace("}", ", certificate: 7 Days}"), "small letters"),
        (FIGURES, FIGURES.replace("}", ", level: {king: national}}"), "is no role"),
        (FIGURES, FIGURES.replace("}", ", level: {dpo: galactic}}"), "is none of"),
        (FIGURES, FIGURES.replace("}", ", level: dpo}"), "is to be a mapping"),
        (FIGURES, FIGURES.replace("}", ", elsewhere: {dpo: o}}"), "counts at every level"),
        (FIGURES, FIGURES.replace("}", ", level: {dpo: national}, elsewhere: {dpo: v}}"), "makes no sense"),
        ("  OVS: oversight\n", "  OVS: overseer\n", "every role and the public once"),
        ("[audit, inspection]", "[audit, curiosity]", "is none of"),
        ("[audit, inspection]", "audit", "is to be a list"),
        ("  safeguarding_lead: [", "  safeguarder: [", "is no role"),
        ("    about: case\n", "    about: audit_event\n", "two permissions"),
        ("  - title: Audit\n", "  - name: Audit\n", "not known here"),
        ("    about: me\n", "", "about is missing"),
    ],
)
def test_a_broken_file_is_refused_with_file_and_line(tmp_path, old, new, why):
    assert why in broken(tmp_path, old, new)


def test_a_permission_without_a_row_is_refused(tmp_path):
    file = tmp_path / "matrix.yaml"
    file.write_text(MATRIX_FILE.read_text().replace(FIGURES + "\n", ""))
    with pytest.raises(YamlBroken, match=r"^matrix.yaml:\d+: no row for oversight\.figures$"):
        load_matrix(file)


def test_a_permission_with_two_rows_is_refused(tmp_path):
    group = '  - title: Once more\n    about: me\n    rows:\n      me.read: {act: look, cells: "' + "y " * 15
    file = tmp_path / "matrix.yaml"
    file.write_text(MATRIX_FILE.read_text() + group + '"}\n')
    with pytest.raises(YamlBroken, match=r"me\.read has two rows"):
        load_matrix(file)


def test_a_role_that_needs_a_case_needs_a_purpose_to_state(tmp_path):
    file = tmp_path / "matrix.yaml"
    file.write_text(MATRIX_FILE.read_text().replace("  source_registrar: [review]\n", ""))
    with pytest.raises(YamlBroken, match="source_registrar reads with a case"):
        load_matrix(file)


@pytest.mark.parametrize(("content", "why"), [("", "is empty"), ("a: [", "matrix.yaml:"), ("- a", "mapping")])
def test_a_file_of_another_kind_is_refused(tmp_path, content, why):
    file = tmp_path / "matrix.yaml"
    file.write_text(content)
    with pytest.raises(YamlBroken, match=why):
        load_matrix(file)


def test_the_table_for_people_has_a_line_for_every_permission():
    table = matrix_markdown()
    assert [p for p in Permission if f"| `{p}`" not in table] == []
    assert "| `observation.read` † | o | y | a | a | \N{EN DASH} |" in table


def test_the_table_is_put_between_its_marks_and_nowhere_else():
    before = f"# Rights\n\n{BEGIN}\nyesterday's table\n{END}\n\nafter\n"
    made = with_matrix(before)
    assert made.startswith("# Rights\n\n")
    assert made.endswith("\n\nafter\n")
    assert "yesterday" not in made
    assert with_matrix(made) == made


def test_a_document_without_the_marks_is_refused():
    with pytest.raises(ValueError, match="marks"):
        with_matrix("# Rights\n")
