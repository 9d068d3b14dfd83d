"""From a catalogue file through `catalog import` to a claim: importers and steps speak the same words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from claims.catalogued import ON, RULES, found
from countermark.claims.case import Case
from countermark.claims.funnel import passage
from countermark.claims.parties import Claimant, Respondent
from countermark.cli.catalog import command
from countermark.works.catalog import Catalog
from countermark.works.entry import CatalogWork, RightsKind
from works.importers import cwr_files
from works.importers.onix_messages import message, product

HEAD = (
    "Titre;Auteur;ISBN;Première parution;Titulaire;Fondement;"
    "Exclusif;N° d’enregistrement;Office;Date d’enregistrement"
)
ROW = "Marées;Inès Marchal;9782000000037;2024-03-01;Maison Aubier"
AUBIER = Case(ON, Claimant(("Maison Aubier",)))
PUBLISHER = (
    "<Publisher><PublishingRole>01</PublishingRole><PublisherName>Maison Aubier</PublisherName></Publisher>"
)
DATES = "<PublishingDate><PublishingDateRole>11</PublishingDateRole><Date>20240301</Date></PublishingDate>"
STATED = (
    "<CopyrightStatement><CopyrightYear>2024</CopyrightYear><CopyrightOwner>"
    "<CorporateName>Maison Aubier</CorporateName></CopyrightOwner></CopyrightStatement>"
)
SALES = (
    "<SalesRights><SalesRightsType>01</SalesRightsType><Territory><RegionsIncluded>WORLD</RegionsIncluded>"
    "</Territory></SalesRights>"
)


def catalogued(folder: Path, data: str | bytes, name: str = "catalogue.csv") -> CatalogWork:
    """The one work of a catalogue file."""
    file = folder / name
    file.write_bytes(data if isinstance(data, bytes) else data.encode())
    out = folder / "made.catalog"
    done = CliRunner().invoke(command, ["import", str(file), "--out", str(out)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    with Catalog.open(out) as catalog:
        (work,) = catalog.works()
    return work


def steps(work: CatalogWork, rule: str = "us-504", case: Case = AUBIER, **facts: Any) -> dict[str, str]:
    """The reason at each step."""
    return {one.step: one.reason for one in passage(work, (found(**facts),), case, RULES[rule]).steps}


@pytest.mark.parametrize(
    ("told", "step", "reason"),
    [
        ("cession;oui;TX0009500001;US Copyright Office;2024-04-02", "registered", "registered-before-act"),
        ("cession;oui;TX 9-500-001;U.S. Copyright Office;2024-04-02", "registered", "registered-before-act"),
        ("auteur;;TX0009500001;USCO;2024-04-02", "registered", "registered-before-act"),
        ("succession;;TX0009500001;Library of Congress;2024-04-02", "registered", "registered-before-act"),
        (";;TX0009500001;;2024-04-02", "registered", "registered-before-act"),
        (";;TX0009500001;;2025-07-20", "registered", "registered-late"),
        (";;12345;;2024-04-02", "registered", "office-unknown"),
        (";;12345;INPI;2024-04-02", "registered", "not-registered"),
        (";non;;;", "yours", "not-exclusive"),
        ("licence;;;;", "yours", "exclusivity-not-said"),
        ("licence;oui;;;", "registered", "not-registered"),
        ("licence exclusive;;;;", "registered", "not-registered"),
        ("cession;non;;;", "yours", "not-exclusive"),
        ("salarié;;;;", "registered", "not-registered"),
    ],
)
def test_a_spreadsheet_of_rights(tmp_path: Path, told: str, step: str, reason: str) -> None:
    """Owner, basis, exclusivity and registration as people write them."""
    found_steps = steps(catalogued(tmp_path, f"{HEAD}\n{ROW};{told}\n"))
    assert list(found_steps)[-1 if reason != "registered-before-act" else -2] == step
    assert found_steps[step] == reason


@pytest.mark.parametrize(
    ("protocol", "reason"),
    [
        ("tdmrep", "reserved"),
        ("TDMRep", "reserved"),
        ("robots.txt", "reserved"),
        ("AIPREF", "reserved"),
        ("RSL 1.0", "reserved"),
        ("IPTC/PLUS", "reserved"),
        ("CGU", "words-only"),
        ("Mentions légales", "words-only"),
        ("pigeon voyageur", "protocol-unknown"),
        ("", "protocol-unknown"),
    ],
)
def test_a_spreadsheet_of_reservations(tmp_path: Path, protocol: str, reason: str) -> None:
    """Protocols however they are spelled; what is no protocol that is known does not count."""
    head = "Titre;Auteur;Titulaire;Réservé depuis;Protocole de réservation"
    work = catalogued(tmp_path, f"{head}\nMarées;Inès Marchal;Maison Aubier;15/02/2024;{protocol}\n")
    assert steps(work, "de-44b")["reserved"] == reason


@pytest.mark.parametrize(
    ("uses", "step", "reason"),
    [
        ("entraînement", "protected", "licensed"),
        ("tous droits", "protected", "licensed"),
        ("", "protected", "licensed"),
        ("impression", "registered", "not-registered"),
        ("tout sauf entraînement", "registered", "not-registered"),
    ],
)
def test_a_licence_in_a_spreadsheet(tmp_path: Path, uses: str, step: str, reason: str) -> None:
    """A licence to the respondent is good news where its uses reach training."""
    head = "Titre;Auteur;Titulaire;Première parution;Licencié;Usages concédés"
    row = f"Marées;Inès Marchal;Maison Aubier;2024-03-01;Exemplar AI;{uses}"
    work = catalogued(tmp_path, f"{head}\n{row}\n")
    case = replace(AUBIER, respondent=Respondent("Exemplar AI"))
    assert list(steps(work, case=case).items())[-1] == (step, reason)


def usage(kind: str, status: str) -> str:
    """One EpubUsageConstraint."""
    return (
        f"<EpubUsageConstraint><EpubUsageType>{kind}</EpubUsageType><EpubUsageStatus>{status}</EpubUsageStatus>"
        "</EpubUsageConstraint>"
    )


@pytest.mark.parametrize(
    ("details", "publishing", "rule", "step", "reason"),
    [
        ("", STATED, "us-504", "yours", "owner-by-notice"),
        ("", SALES, "us-504", "yours", "other-uses"),
        ("", STATED + SALES, "us-504", "yours", "owner-by-notice"),
        (usage("11", "03"), STATED, "de-44b", "reserved", "reserved-later"),
        (usage("11", "01"), STATED, "de-44b", "protected", "permitted-to-anyone"),
        (usage("11", "02"), STATED, "de-44b", "protected", "permitted-in-limits"),
        (usage("11", "01") + usage("13", "03"), STATED, "de-44b", "protected", "permitted-and-reserved"),
    ],
)
def test_an_onix_message(
    tmp_path: Path, details: str, publishing: str, rule: str, step: str, reason: str
) -> None:
    """A copyright statement names an owner, sales rights do not; mining is reserved, permitted, or both."""
    data = message(product(details=details, publishing=PUBLISHER + DATES + publishing))
    assert steps(catalogued(tmp_path, data, "titles.xml"), rule)[step] == reason


def test_the_onix_reservation_holds_from_the_day_of_its_message(tmp_path: Path) -> None:
    """Sent on 1 April 2026: it counts for a later copy."""
    data = message(product(details=usage("11", "03"), publishing=PUBLISHER + DATES + STATED))
    work = catalogued(tmp_path, data, "titles.xml")
    assert steps(work, "de-44b", snapshot="2026-06-30")["reserved"] == "reserved"


def test_a_cwr_file(tmp_path: Path) -> None:
    """Shares of the reproduction right count, those of performance do not."""
    work = catalogued(tmp_path, cwr_files.file(cwr_files.work(1)), "works.v21")
    owners = [fact for fact in work.rights if fact.kind is RightsKind.OWNER]
    mechanical = {fact.party for fact in owners if "reproduction" in fact.uses}
    assert mechanical
    for party in {fact.party for fact in owners}:
        reason = steps(work, case=Case(ON, Claimant((party,))))["yours"]
        assert (reason == "owned-by-other") == (party not in mechanical)
