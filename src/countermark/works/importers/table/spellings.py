"""How catalogues head the columns of each field, folded (see `fields.fold`): in English, French, German, Spanish."""

from __future__ import annotations

from typing import Final

SPELLINGS: Final[dict[str, str]] = {
    "work_id": "work id; id oeuvre; identifiant oeuvre; identifiant; werk id; id obra; internal id; internal "
    "code; sku; catalogue number; catalog number; catalogue no; numero de catalogue; reference; ref; work "
    "code; song code; code oeuvre",
    "title": "title; titre; titel; titulo; title of work; work title; song title; track title; track; song; "
    "book title; article title; image title; titre de l oeuvre; titre oeuvre; titre du livre; titre du "
    "morceau; morceau; werktitel; songtitel; titulo de la obra; titulo obra; headline; main title; titre "
    "principal; haupttitel; object name; titre photo",
    "subtitle": "subtitle; sub title; sous titre; untertitel; subtitulo; version title; version; complement "
    "de titre",
    "other_title": "other title; other titles; alternative title; alternate title; aka; autre titre; autres "
    "titres; titre alternatif; titre original; original title; originaltitel; titulo original; "
    "alternativtitel; translated title",
    "author": "author; authors; auteur; auteurs; autrice; autrices; auteur s; author s; autor; autoren; "
    "autorin; autores; autora; writer; writers; creator; creators; createur; verfasser; urheber; by; author "
    "name; nom de l auteur; nom auteur; ecrivain; main author; auteur principal; byline; journalist; "
    "journaliste; artist author; contributor author",
    "author_family": "last name; family name; surname; author last name; author family name; nom de famille; "
    "nachname; apellido; apellidos; author surname; nom de famille auteur",
    "author_given": "first name; given name; prenom; vorname; author first name; prenom auteur; prenom de l "
    "auteur; author given name; nombre de pila",
    "composer": "composer; composers; compositeur; compositeurs; compositrice; komponist; komponisten; "
    "komponistin; compositor; compositores; music by; musique; songwriter; songwriters",
    "lyricist": "lyricist; lyricists; parolier; paroliers; textdichter; texter; letrista; lyrics by; paroles; "
    "lyrics author",
    "arranger": "arranger; arrangeur; arrangeurs; bearbeiter; arreglista",
    "performer": "performer; performers; artist; artists; artiste; artistes; interprete; interpretes; "
    "kunstler; interpret; interpreten; artista; artistas; artist name; artist names; main artist; track "
    "artist; band; group; groupe; display artist",
    "translator": "translator; translators; traducteur; traducteurs; traductrice; ubersetzer; ubersetzerin; "
    "traductor; traductora; translated by; traduction",
    "illustrator": "illustrator; illustrators; illustrateur; illustratrice; illustrateurs; illustratorin; "
    "ilustrador; ilustradora; illustrated by; dessinateur; artwork by",
    "photographer": "photographer; photographe; photographes; fotograf; fotografin; fotografo; fotografa; "
    "photo credit; credit photo; by line; photograph by",
    "editor": "editor; editors; directeur de publication; sous la direction de; herausgeber; herausgeberin; "
    "editor literario; directeur d ouvrage; edited by",
    "narrator": "narrator; narrators; lecteur; lectrice; sprecher; sprecherin; narrador; read by; lu par",
    "director": "director; realisateur; realisatrice; regisseur; regisseurin; director de cine; directed by; "
    "regie",
    "contributor": "contributor; contributors; contributeur; contributeurs; mitwirkende; colaborador; "
    "colaboradores; contributor name; nom du contributeur; nom contributeur; name; nom; nombre; intervenant",
    "contributor_role": "contributor role; role; role du contributeur; fonction; rolle; funcion; qualite; "
    "contribution; contributor type; type de contributeur; role contributeur",
    "pen_name": "pen name; pseudonym; pseudonyme; pseudo; kunstlername; seudonimo; nom de plume; stage name; "
    "nom de scene; alias",
    "isni": "isni; isni auteur; author isni; isni number; code isni",
    "ipi": "ipi; cae ipi; ipi cae; ipi name number; ipi number; numero ipi; code ipi; cae; ipi nummer; "
    "composer ipi; writer ipi; ipi auteur",
    "orcid": "orcid; orcid id; author orcid",
    "isbn": "isbn; isbn13; isbn 13; isbn papier; print isbn; ebook isbn; eisbn; isbn numerique; isbn 13 "
    "digits; e isbn; isbn ean; isbn nummer; code isbn; numero isbn; isbn print; isbn ebook; isbn hardback; "
    "isbn paperback",
    "isbn10": "isbn10; isbn 10",
    "ean": "ean; ean13; ean 13; gtin; gtin13; gtin 13; barcode; code barre; code barres; upc; strichcode; "
    "codigo de barras; icpn; upc ean",
    "issn": "issn; eissn; e issn; print issn; issn l",
    "isrc": "isrc; isrc code; code isrc; codigo isrc; recording code; isrc number",
    "iswc": "iswc; iswc code; code iswc; codigo iswc",
    "ismn": "ismn; code ismn",
    "doi": "doi; digital object identifier; article doi",
    "asin": "asin; amazon id; kindle asin; amazon asin",
    "url": "url; link; lien; website; web address; adresse web; address; page; permalink; canonical url; uri; "
    "enlace; webseite; lien url; article url; image url; page url",
    "publisher": "publisher; publisher name; editeur; maison d edition; verlag; editorial; imprint; "
    "publishing house; edition; editions; editeur musical; music publisher; musikverlag; verlagsname; nom de "
    "l editeur; marque editoriale; newspaper; journal; titre de presse",
    "label": "label; record label; maison de disques; plattenfirma; discografica; sello; sello discografico; "
    "label name; p line",
    "medium": "medium; work type; type of work; type d oeuvre; werkart; tipo de obra",
    "form": "form; format; product form; type de support; support; binding; reliure; einband; formato; "
    "encuadernacion; produktform; type de produit; forme",
    "language": "language; langue; sprache; idioma; lang; language code; code langue; langue du texte; lengua",
    "published": "published; date; date published; date de publication; publication date; year; annee; jahr; "
    "ano; release date; date de parution; parution; erscheinungsdatum; erscheinungsjahr; fecha de "
    "publicacion; fecha; date de sortie; veroffentlichungsdatum; veroffentlicht; pub date; pubdate; date "
    "created; date de prise de vue; annee de publication; year of publication; publication year; on sale "
    "date; date de mise en vente; release year; annee de sortie; edition date",
    "first_published": "first published; first publication; date of first publication; premiere publication; "
    "date de premiere publication; erstveroffentlichung; primera publicacion; original publication date; "
    "first publication date; original release date; premiere parution; erstausgabe; fecha de primera "
    "publicacion; creation date; date de creation",
    "country": "country; pays; land; pais; country of publication; pays de publication; erscheinungsland; "
    "country code; pais de publicacion; publication country; pays d edition",
    "licence": "licence; license; lizenz; licencia; rights statement; usage terms; creative commons; licence "
    "ouverte; open licence",
    "part_of": "part of; collection; album; release; album title; titre de l album; album titel; serie; "
    "series; reihe; coleccion; recueil; anthology; release title; dans; issue; collective work; oeuvre "
    "collective; compilation",
    "owner": "owner; rights owner; rightsholder; rights holder; copyright holder; copyright owner; ayant "
    "droit; ayants droit; titulaire; titulaire des droits; rechteinhaber; titular; titular de derechos; "
    "propietario; copyright; c line; copyright notice",
    "owner_share": "owner share; share; share percent; part; pourcentage; quote part; anteil; anteil prozent; "
    "porcentaje; participacion; ownership share; quota; cle de repartition; repartition; percentage; percent; "
    "rights share; part detenue; droits percent",
    "owner_territory": "owner territory; territory; territories; territoire; territoires; gebiet; "
    "vertragsgebiet; territorio; territorios; rights territory",
    "owner_from": "owner from; rights from; rights start; debut des droits; rechte ab; contract date; date du "
    "contrat; date de cession; derechos desde; start of rights; assignment date; debut de cession",
    "owner_to": "owner to; rights to; rights end; fin des droits; rechte bis; rights until; reversion date; "
    "derechos hasta; end of rights; fin de cession; retention end date",
    "owner_basis": "owner basis; base; basis; basis of ownership; rights basis; fondement; rechtsgrundlage; titre de "
    "propriete; chain of title; ownership basis; base del derecho",
    "exclusive": "exclusive; exclusif; exclusivite; exklusiv; exclusivo; exclusiva; exclusivity; exclusive "
    "rights",
    "grantor": "grantor; assignor; cedant; lizenzgeber; cedente; licensor; rights from party; granted by; "
    "cede par",
    "mandate": "mandate; mandated to; society; collecting society; cmo; pro; societe de gestion; societe; "
    "ogc; mandat; verwertungsgesellschaft; sociedad de gestion; membre de; represented by; represente par; "
    "administered by",
    "registration_number": "registration number; registration no; copyright registration; copyright "
    "registration number; numero d enregistrement; registrierungsnummer; numero de registro; reg no; tx "
    "number; usco number; depot numero; registration; n d enregistrement",
    "registration_date": "registration date; effective date of registration; date of registration; date d "
    "enregistrement; registrierungsdatum; fecha de registro; effective date; date de depot",
    "registration_office": "registration office; office; office d enregistrement; registrierungsstelle; "
    "oficina de registro; registered with",
    "registered_as": "registered as; registration type; type of registration; type d enregistrement; "
    "registrierungsart",
    "licensed_to": "licensed to; licensee; licencie; licence accordee a; lizenznehmer; licenciatario; concede a",
    "licensed_uses": "licensed uses; licensed use; licensed rights; usages concedes; lizenzierte nutzungen; "
    "usos licenciados; utilisations concedees",
    "licensed_from": "licensed from; licence from; licence start; debut de licence; lizenz ab; license start; "
    "license start date",
    "licensed_to_date": "licensed to date; licensed until; licence end; licence until; fin de licence; lizenz "
    "bis; license end; license end date",
    "reserved_from": "reserved from; opt out from; opt out date; reservation date; date d opposition; "
    "opposition; reserve depuis; vorbehalt ab; reserva desde; rights reserved from; tdm reserved from; opt "
    "out depuis",
    "reservation_protocol": "reservation protocol; opt out protocol; protocole de reservation; protocole de "
    "reserve; protocole d "
    "opposition; vorbehaltsprotokoll; protocolo de reserva",
    "path": "path; chemin; file; filename; file name; fichier; nom de fichier; datei; dateiname; archivo; "
    "nombre de archivo; file path; chemin du fichier; asset; image file",
    "note": "note; notes; remark; remarks; comment; comments; remarque; remarques; commentaire; bemerkung; "
    "anmerkung; nota; observaciones",
}
