"""Names of states as real lists have them, looked up exactly: none may be taken for another state."""

import csv
from collections import defaultdict

import pytest
from django.conf import settings

from oslo.names import normalise
from oslo.spreadsheets.known import Known
from oslo.territories import ALSO_CALLED, names_in_languages
from states.resources import STATES

with (settings.BASE_DIR / "data" / "states.csv").open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))

# UN short and formal names, and those of the UN's own documents.
UNITED_NATIONS = """
Afghanistan|AFG
Islamic Republic of Afghanistan|AFG
the Islamic Republic of Afghanistan|AFG
Antigua and Barbuda|ATG
Argentine Republic|ARG
Bahamas|BHS
Bahamas (The)|BHS
The Bahamas|BHS
Commonwealth of The Bahamas|BHS
Bolivia (Plurinational State of)|BOL
Plurinational State of Bolivia|BOL
Bosnia and Herzegovina|BIH
BOSNIA AND HERZEGOVINA|BIH
Brunei Darussalam|BRN
Cabo Verde|CPV
Central African Republic|CAF
Comoros|COM
Comoros (the)|COM
Union of the Comoros|COM
Congo|COG
Congo (the)|COG
the Congo|COG
Republic of the Congo|COG
the Republic of the Congo|COG
Côte d'Ivoire|CIV
Côte d’Ivoire|CIV
COTE D'IVOIRE|CIV
Republic of Côte d'Ivoire|CIV
Cook Islands|COK
Cook Islands (the)|COK
Czechia|CZE
Czech Republic|CZE
Czech Republic (the)|CZE
Democratic People's Republic of Korea|PRK
Democratic People’s Republic of Korea|PRK
Democratic People's Republic of Korea (the)|PRK
Democratic Republic of the Congo|COD
Democratic Republic of the Congo (the)|COD
DEMOCRATIC REPUBLIC OF THE CONGO|COD
Dominica|DMA
Dominican Republic|DOM
Dominican Republic (the)|DOM
Eswatini|SWZ
Kingdom of Eswatini|SWZ
Gambia|GMB
Gambia (the)|GMB
Gambia (Republic of The)|GMB
Gambia (Islamic Republic of the)|GMB
Georgia|GEO
Guinea|GIN
Guinea-Bissau|GNB
Guinea Bissau|GNB
Equatorial Guinea|GNQ
Papua New Guinea|PNG
Holy See|VAT
The Holy See|VAT
Holy See (the)|VAT
Iran (Islamic Republic of)|IRN
IRAN (ISLAMIC REPUBLIC OF)|IRN
Islamic Republic of Iran|IRN
Iran (the Islamic Republic of)|IRN
Kiribati|KIR
Kyrgyzstan|KGZ
Kyrgyz Republic|KGZ
Lao People's Democratic Republic|LAO
Lao People’s Democratic Republic|LAO
Lao People's Democratic Republic (the)|LAO
Libya|LBY
Libyan Arab Jamahiriya|LBY
Socialist People's Libyan Arab Jamahiriya|LBY
Great Socialist People's Libyan Arab Jamahiriya|LBY
Maldives (the)|MDV
Marshall Islands (the)|MHL
Republic of the Marshall Islands|MHL
Micronesia (Federated States of)|FSM
Micronesia (the Federated States of)|FSM
Federated States of Micronesia|FSM
Moldova|MDA
Republic of Moldova|MDA
Republic of Moldova (the)|MDA
Moldova (Republic of)|MDA
Montenegro|MNE
Myanmar|MMR
Union of Myanmar|MMR
Netherlands (the)|NLD
Netherlands (Kingdom of the)|NLD
Kingdom of the Netherlands|NLD
Niger|NER
Niger (the)|NER
Republic of the Niger|NER
Nigeria|NGA
Federal Republic of Nigeria|NGA
Niue|NIU
North Macedonia|MKD
The former Yugoslav Republic of Macedonia|MKD
the former Yugoslav Republic of Macedonia|MKD
Former Yugoslav Republic of Macedonia (the)|MKD
Philippines (the)|PHL
Republic of Korea|KOR
Republic of Korea (the)|KOR
Korea (Republic of)|KOR
Korea (the Republic of)|KOR
Korea (Democratic People's Republic of)|PRK
Korea (the Democratic People's Republic of)|PRK
Russian Federation|RUS
Russian Federation (the)|RUS
Saint Kitts and Nevis|KNA
Saint Lucia|LCA
Saint Vincent and the Grenadines|VCT
Samoa|WSM
Independent State of Samoa|WSM
Sao Tome and Principe|STP
São Tomé and Príncipe|STP
Serbia|SRB
Republic of Serbia|SRB
Seychelles|SYC
Slovak Republic|SVK
State of Palestine|PSE
Palestine (State of)|PSE
Sudan|SDN
Sudan (the)|SDN
South Sudan|SSD
Swaziland|SWZ
Kingdom of Swaziland|SWZ
Syrian Arab Republic|SYR
Syrian Arab Republic (the)|SYR
Tajikistan|TJK
Timor-Leste|TLS
Democratic Republic of Timor-Leste|TLS
Turkey|TUR
Türkiye|TUR
Republic of Turkey|TUR
United Arab Emirates|ARE
United Arab Emirates (the)|ARE
United Kingdom of Great Britain and Northern Ireland|GBR
United Kingdom of Great Britain and Northern Ireland (the)|GBR
United Republic of Tanzania|TZA
United Republic of Tanzania (the)|TZA
Tanzania (United Republic of)|TZA
Tanzania, United Republic of|TZA
United States of America|USA
United States of America (the)|USA
the United States of America|USA
Venezuela (Bolivarian Republic of)|VEN
Bolivarian Republic of Venezuela|VEN
Viet Nam|VNM
VIET NAM|VNM
Socialist Republic of Viet Nam|VNM
"""

# Inverted, as in registers: the older ISO 3166, the World Bank, the CIA.
INVERTED = """
Bahamas, The|BHS
Bolivia, Plurinational State of|BOL
Burma|MMR
Cape Verde|CPV
Congo, Democratic Republic of the|COD
Congo, The Democratic Republic of the|COD
Congo, Democratic Republic of|COD
Congo, Dem. Rep.|COD
Congo, Dem. Rep. of|COD
Congo, Dem. Rep. of the|COD
Congo, Rep.|COG
Congo, Rep. of|COG
Congo, Republic of|COG
Congo, Republic of the|COG
Congo (Democratic Republic of the)|COD
Congo (Republic of the)|COG
Congo (Dem. Rep.)|COD
Congo (DR)|COD
Congo, DR|COD
Congo (Kinshasa)|COD
Congo (Brazzaville)|COG
Cote d'Ivoire|CIV
Egypt, Arab Rep.|EGY
Egypt, Arab Republic of|EGY
Arab Republic of Egypt|EGY
Gambia, The|GMB
Guinea, Equatorial|GNQ
Iran, Islamic Rep.|IRN
Iran, Islamic Rep. of|IRN
Iran, Islamic Republic of|IRN
Iran, I.R. of|IRN
Iran (Islamic Rep. of)|IRN
Iran (Isl. Rep. of)|IRN
Korea, Dem. People's Rep.|PRK
Korea, Dem. People's Rep. of|PRK
Korea, Dem. People’s Rep.|PRK
Korea, Democratic People's Republic of|PRK
Korea, DPR|PRK
Korea (DPR)|PRK
Korea, North|PRK
Korea (North)|PRK
Korea, Rep.|KOR
Korea, Rep. of|KOR
Korea (Rep. of)|KOR
Korea, Republic of|KOR
Korea, South|KOR
Korea (South)|KOR
Lao People's Dem. Rep.|LAO
Lao PDR|LAO
Lao P.D.R.|LAO
Lao DPR|LAO
Libya, State of|LBY
Macedonia, FYR|MKD
Macedonia (FYR)|MKD
Macedonia, the former Yugoslav Republic of|MKD
Macedonia (the former Yugoslav Republic of)|MKD
Macedonia, North|MKD
Marshall Is.|MHL
Marshall Isl.|MHL
Micronesia, Fed. Sts.|FSM
Micronesia (Fed. States of)|FSM
Micronesia, Fed. States of|FSM
Micronesia, Federated States of|FSM
Micronesia, FS|FSM
Moldova, Republic of|MDA
Moldova, Rep. of|MDA
Palestine, State of|PSE
Palestinian Territory, Occupied|PSE
Occupied Palestinian Territory|PSE
Samoa, Western|WSM
Slovak Rep.|SVK
Czech Rep.|CZE
Kyrgyz Rep.|KGZ
Solomon Is.|SLB
Solomon Isl.|SLB
Cook Is.|COK
St. Kitts and Nevis|KNA
St. Lucia|LCA
St. Vincent and the Grenadines|VCT
St Vincent & the Grenadines|VCT
St Kitts & Nevis|KNA
Sudan, South|SSD
Sudan, Republic of|SDN
Syrian Arab Rep.|SYR
Tanzania, U.R. of|TZA
Tanzania, United Rep. of|TZA
Timor, East|TLS
Venezuela, RB|VEN
Venezuela, Bolivarian Republic of|VEN
Venezuela, Bolivarian Rep. of|VEN
Venezuela (Bolivarian Rep. of)|VEN
Yemen, Rep.|YEM
Yemen, Republic of|YEM
Vietnam|VNM
Holy See (Vatican City)|VAT
Holy See (Vatican City State)|VAT
Vatican City State (Holy See)|VAT
Emirates, United Arab|ARE
America, United States of|USA
Great Britain and Northern Ireland, United Kingdom of|GBR
China, People's Republic of|CHN
China, PR|CHN
Germany, Federal Republic of|DEU
Germany, Fed. Rep.|DEU
Sri Lanka, Democratic Socialist Republic of|LKA
Serbia, Republic of|SRB
Netherlands, The|NLD
Philippines, The|PHL
Maldives, Republic of|MDV
Dominican Rep.|DOM
Central African Rep.|CAF
Eq. Guinea|GNQ
Equat. Guinea|GNQ
N. Korea|PRK
S. Korea|KOR
S. Africa|ZAF
S. Sudan|SSD
Rep. of Korea|KOR
Rep. of Moldova|MDA
Rep. of the Congo|COG
Dem. Rep. of the Congo|COD
Dem. Rep. Congo|COD
Dem. People's Rep. of Korea|PRK
United Rep. of Tanzania|TZA
Fed. States of Micronesia|FSM
Bosnia & Herz.|BIH
Bosnia-Herzegovina|BIH
Bosnia/Herzegovina|BIH
Trinidad & Tobago|TTO
Trinidad/Tobago|TTO
Antigua & Barbuda|ATG
Sao Tome & Principe|STP
"""

# Everyday names and abbreviations, and how campaigners, journalists and e-mails write.
EVERYDAY = """
Bolivia|BOL
Bosnia|BIH
Bosnia Herzegovina|BIH
Bosnia i Hercegovina|BIH
Britain|GBR
Great Britain|GBR
UK|GBR
U.K.|GBR
United Kingdom (UK)|GBR
United Kingdom|GBR
USA|USA
U.S.A.|USA
US|USA
U.S.|USA
United States|USA
United States (US)|USA
United States of America (USA)|USA
The United States|USA
UAE|ARE
U.A.E.|ARE
United Arab Emirates (UAE)|ARE
Emirates|ARE
Brunei|BRN
Burkina|BFA
BURKINA FASO|BFA
Byelorussia|BLR
CAR|CAF
C.A.R.|CAF
Central African Republic (CAR)|CAF
Ceylon|LKA
China|CHN
PRC|CHN
P.R. China|CHN
PR China|CHN
People's Republic of China|CHN
Congo-Brazzaville|COG
Congo Brazzaville|COG
Congo - Brazzaville|COG
Congo, Brazzaville|COG
Republic of Congo|COG
Congo Republic|COG
Congo-Kinshasa|COD
Congo Kinshasa|COD
Congo DR|COD
DR Congo|COD
D.R. Congo|COD
DR of Congo|COD
DRC|COD
D.R.C.|COD
D R Congo|COD
Democratic Republic of Congo|COD
Democratic Republic of Congo (DRC)|COD
Democratic Republic of the Congo (DRC)|COD
The Democratic Republic of Congo|COD
Zaire|COD
DPRK|PRK
DPR Korea|PRK
DPR of Korea|PRK
D.P.R. Korea|PRK
D.P.R.K.|PRK
Democratic People's Republic of Korea (DPRK)|PRK
North Korea|PRK
ROK|KOR
R.O.K.|KOR
South Korea|KOR
Republic of Korea (ROK)|KOR
East Timor|TLS
Timor Leste|TLS
El Salvador|SLV
Salvador|SLV
FSM|FSM
Micronesia|FSM
FYROM|MKD
FYR Macedonia|MKD
FYR of Macedonia|MKD
TFYR Macedonia|MKD
The FYR of Macedonia|MKD
Macedonia|MKD
Republic of Macedonia|MKD
Guinea Conakry|GIN
Guinea-Conakry|GIN
Guinea (Conakry)|GIN
Republic of Guinea|GIN
Guinée Bissau|GNB
Holland|NLD
The Netherlands|NLD
the Netherlands|NLD
NETHERLANDS|NLD
Ivory Coast|CIV
Cote D'ivoire|CIV
Cote dIvoire|CIV
Côte D´Ivoire|CIV
Cote-d'Ivoire|CIV
Kampuchea|KHM
KSA|SAU
Kingdom of Saudi Arabia|SAU
Laos|LAO
LAO PDR|LAO
Lao|LAO
Lao Peoples Democratic Republic|LAO
Mauretania|MRT
Burma (Myanmar)|MMR
Myanmar (Burma)|MMR
NZ|NZL
New Zealand|NZL
Aotearoa New Zealand|NZL
New Zealand (NZ)|NZL
Aotearoa|NZL
Palestine|PSE
Palestinian Territories|PSE
PNG|PNG
Papua New Guinea (PNG)|PNG
RSA|ZAF
Republic of South Africa|ZAF
Rumania|ROU
Roumania|ROU
Russia|RUS
Russian Fed.|RUS
Saint Vincent|VCT
St. Vincent|VCT
St Vincent|VCT
Saint Vincent & Grenadines|VCT
St. Vincent/Grenadines|VCT
St. Kitts|KNA
St Kitts|KNA
St. Kitts-Nevis|KNA
Saint Christopher and Nevis|KNA
São Tomé e Príncipe|STP
Sao Tome|STP
Sao Tomé and Principe|STP
São Tomé & Príncipe|STP
Surinam|SUR
Syria|SYR
Tadjikistan|TJK
Tanzania|TZA
The Gambia|GMB
The Ukraine|UKR
Trinidad|TTO
Turkiye|TUR
TURKIYE|TUR
Upper Volta|BFA
Vatican|VAT
Vatican City|VAT
The Vatican|VAT
Viet-Nam|VNM
VIETNAM|VNM
Vietnam (Socialist Republic of)|VNM
Western Samoa|WSM
Kazakstan|KAZ
Kazakhstan|KAZ
Kirghizia|KGZ
Kyrghyzstan|KGZ
Azerbaidjan|AZE
Azerbaijan|AZE
Belarus|BLR
Moldavia|MDA
Kosovo|XKX
Republic of Kosovo|XKX
Swiss Confederation|CHE
Hellenic Republic|GRC
Eire|IRL
Republic of Ireland|IRL
Ireland|IRL
Cape Verde Islands|CPV
Comoro Islands|COM
Comores|COM
Comoros Islands|COM
Maldive Islands|MDV
Solomons|SLB
The Solomon Islands|SLB
Marshall Islands|MHL
The Marshall Islands|MHL
Seychelles Islands|SYC
Philippines|PHL
The Philippines|PHL
Bahrein|BHR
Bahrain|BHR
Qatar|QAT
State of Qatar|QAT
Sultanate of Oman|OMN
Algeria|DZA
People's Democratic Republic of Algeria|DZA
Democratic and Popular Republic of Algeria|DZA
Ethiopia|ETH
Federal Democratic Republic of Ethiopia|ETH
Malawi|MWI
Luxemburg|LUX
Grand Duchy of Luxembourg|LUX
Liechtenstein|LIE
Principality of Liechtenstein|LIE
Fiji Islands|FJI
Republic of the Fiji Islands|FJI
Nepal|NPL
Kingdom of Nepal|NPL
Kingdom of Thailand|THA
Hashemite Kingdom of Jordan|JOR
Nicaragua|NIC
Guatemala|GTM
lao|LAO
LAO|LAO
ZMB|ZMB
gb|GBR
de|DEU
CHE|CHE
"""

# The names in French and Spanish.
FRENCH = """
Afrique du Sud|ZAF
Albanie|ALB
Allemagne|DEU
Arabie saoudite|SAU
Arabie Saoudite|SAU
Autriche|AUT
Belgique|BEL
Bénin|BEN
Biélorussie|BLR
Bélarus|BLR
Birmanie|MMR
Bosnie-Herzégovine|BIH
Bosnie et Herzégovine|BIH
Brésil|BRA
Cambodge|KHM
Cameroun|CMR
Cap-Vert|CPV
Centrafrique|CAF
République centrafricaine|CAF
Chypre|CYP
Comores|COM
Congo-Kinshasa|COD
République démocratique du Congo|COD
RD Congo|COD
R.D. Congo|COD
RDC|COD
République du Congo|COG
Corée du Sud|KOR
République de Corée|KOR
Corée du Nord|PRK
Croatie|HRV
Danemark|DNK
Égypte|EGY
Émirats arabes unis|ARE
Emirats Arabes Unis|ARE
Espagne|ESP
Estonie|EST
États-Unis|USA
Etats-Unis d'Amérique|USA
États-Unis d’Amérique|USA
Éthiopie|ETH
Finlande|FIN
Grèce|GRC
Guinée|GIN
Guinée équatoriale|GNQ
Guinée-Bissau|GNB
Hongrie|HUN
Irlande|IRL
Islande|ISL
Italie|ITA
Japon|JPN
Jordanie|JOR
Lettonie|LVA
Liban|LBN
Lituanie|LTU
Macédoine|MKD
ex-République yougoslave de Macédoine|MKD
Malaisie|MYS
Maroc|MAR
Maurice|MUS
Île Maurice|MUS
Mauritanie|MRT
Mexique|MEX
Moldova|MDA
Norvège|NOR
Nouvelle-Zélande|NZL
Ouganda|UGA
Papouasie-Nouvelle-Guinée|PNG
Pays-Bas|NLD
Pérou|PER
Pologne|POL
République dominicaine|DOM
République tchèque|CZE
Tchéquie|CZE
Roumanie|ROU
Royaume-Uni|GBR
Russie|RUS
Fédération de Russie|RUS
Saint-Siège|VAT
Sénégal|SEN
Serbie|SRB
Slovaquie|SVK
Slovénie|SVN
Soudan|SDN
Suède|SWE
Suisse|CHE
Tanzanie|TZA
République-Unie de Tanzanie|TZA
Tchad|TCD
Thaïlande|THA
Turquie|TUR
Zambie|ZMB
République démocratique populaire lao|LAO
RDP Lao|LAO
Bolivie (État plurinational de)|BOL
Iran (République islamique d')|IRN
Venezuela (République bolivarienne du)|VEN
Micronésie (États fédérés de)|FSM
Tanzanie (République-Unie de)|TZA
République arabe syrienne|SYR
République populaire démocratique de Corée|PRK
République de Moldova|MDA
Jamahiriya arabe libyenne|LBY
Royaume-Uni de Grande-Bretagne et d'Irlande du Nord|GBR
Saint-Kitts-et-Nevis|KNA
Saint-Vincent-et-les Grenadines|VCT
Congo (République démocratique du)|COD
Congo (République du)|COG
Viet Nam|VNM
Géorgie|GEO
"""

SPANISH = """
Alemania|DEU
Arabia Saudita|SAU
Bélgica|BEL
Brasil|BRA
Camboya|KHM
Chipre|CYP
Corea del Sur|KOR
República de Corea|KOR
Corea del Norte|PRK
Costa de Marfil|CIV
Croacia|HRV
Dinamarca|DNK
Ecuador|ECU
Egipto|EGY
Eslovaquia|SVK
Eslovenia|SVN
España|ESP
Estados Unidos|USA
Estados Unidos de América|USA
EE.UU.|USA
EE. UU.|USA
EEUU|USA
Etiopía|ETH
Filipinas|PHL
Finlandia|FIN
Francia|FRA
Grecia|GRC
Guinea Ecuatorial|GNQ
Haití|HTI
Hungría|HUN
Irlanda|IRL
Islandia|ISL
Italia|ITA
Japón|JPN
Letonia|LVA
Líbano|LBN
Lituania|LTU
Luxemburgo|LUX
Marruecos|MAR
México|MEX
Noruega|NOR
Nueva Zelandia|NZL
Nueva Zelanda|NZL
Países Bajos|NLD
Panamá|PAN
Perú|PER
Polonia|POL
Reino Unido|GBR
República Checa|CZE
República Dominicana|DOM
República Democrática del Congo|COD
Rumania|ROU
Rumanía|ROU
Federación de Rusia|RUS
Rusia|RUS
Santa Sede|VAT
Sudáfrica|ZAF
Suecia|SWE
Suiza|CHE
Tailandia|THA
Trinidad y Tobago|TTO
Trinidad y Tabago|TTO
Túnez|TUN
Turquía|TUR
Ucrania|UKR
Zimbabwe|ZWE
Bolivia (Estado Plurinacional de)|BOL
Irán (República Islámica del)|IRN
Venezuela (República Bolivariana de)|VEN
Micronesia (Estados Federados de)|FSM
República Unida de Tanzania|TZA
República Árabe Siria|SYR
República Popular Democrática de Corea|PRK
República Democrática Popular Lao|LAO
República de Moldova|MDA
República Centroafricana|CAF
República del Congo|COG
Jamahiriya Árabe Libia|LBY
Reino Unido de Gran Bretaña e Irlanda del Norte|GBR
ex República Yugoslava de Macedonia|MKD
Emiratos Árabes Unidos|ARE
Bahrein|BHR
Kazajstán|KAZ
Azerbaiyán|AZE
Santo Tomé y Príncipe|STP
San Vicente y las Granadinas|VCT
Saint Kitts y Nevis|KNA
Papúa Nueva Guinea|PNG
Swazilandia|SWZ
Belarús|BLR
República de Sudáfrica|ZAF
El Salvador|SLV
"""


def read(table: str) -> list[tuple[str, str]]:
    return [tuple(line.split("|")) for line in table.strip().splitlines()]


SPELLINGS = [pair for table in (UNITED_NATIONS, INVERTED, EVERYDAY, FRENCH, SPANISH) for pair in read(table)]

NO_STATES = [
    "European Union",
    "ICRC",
    "Yugoslavia",
    "Korea",
    "Virgin Islands",
    "Virgin Islands (U.S.)",
    "United States Virgin Islands",
    "Guinea-Conakry Bissau",
    "Holland America",
    "UN",
    "Africa",
    "Republic of China",
    "China, Republic of",
    "Hong Kong, China",
    "China, Hong Kong SAR",
    "Macao (China)",
    "Taiwan",
    "Northern Ireland",
    "Ireland, Northern",
    "American Samoa",
    "Samoa, American",
    "French Guiana",
    "Western Sahara",
    "Congo (Zaire)",
    "Congo (Angola)",
    "Guinea (Bissau and Conakry)",
    "Korea (all)",
    "Saint Martin",
    "Netherlands Antilles",
    "Democratic Republic",
    "Republic of",
    "Union of Soviet Socialist Republics",
    "Czechoslovakia",
    "German Democratic Republic",
    "Yemen, Democratic",
    "Palestinian Authority",
    "N/A",
    "...",
    "",
]


@pytest.fixture(scope="module")
def recognised(real_data, django_db_blocker):
    """A function: the states that the product takes a spelling for."""
    with django_db_blocker.unblock():
        directory = Known().directory(STATES)

    return lambda spelling: {state.iso3 for state in directory.meant(spelling)}


def test_no_state_is_taken_for_another(recognised):
    wrong = {spelling: recognised(spelling) for spelling, iso3 in SPELLINGS if recognised(spelling) - {iso3}}
    assert wrong == {}


def test_spellings_of_real_lists_are_recognised(recognised):
    assert [spelling for spelling, _iso3 in SPELLINGS if not recognised(spelling)] == []
    assert len({spelling for spelling, _iso3 in SPELLINGS}) > 600


@pytest.mark.parametrize("text", NO_STATES)
def test_what_is_no_state_of_today_is_not_recognised(recognised, text):
    assert recognised(text) == set()


def test_no_name_is_shared_by_two_states():
    """Names, other names and codes of the file, and what lists call them."""
    owners = defaultdict(set)
    for row in ROWS:
        own = [row["name"], row["official_name"], *row["aliases"].split(";"), row["iso2"], row["iso3"]]
        for name in filter(None, [*own, *names_in_languages(row["iso2"])]):
            owners[normalise(name)].add(row["iso3"])
    assert {name: states for name, states in owners.items() if len(states) > 1} == {}


@pytest.mark.parametrize(
    ("iso2", "names"),
    [
        ("FR", ["France", "Francia"]),
        ("gb", ["United Kingdom", "Royaume-Uni", "Reino Unido", *ALSO_CALLED["GB"]]),
        (
            "MM",
            [
                "Myanmar (Burma)",
                "Myanmar",
                "Burma",
                "Myanmar (Birmanie)",
                "Birmanie",
                "Myanmar (Birmania)",
                "Birmania",
                *ALSO_CALLED["MM"],
            ],
        ),
        (
            "CD",
            [
                "Congo - Kinshasa",
                "Congo (Kinshasa)",
                "Congo-Kinshasa",
                "República Democrática del Congo",
                *ALSO_CALLED["CD"],
            ],
        ),
        ("CG", ["Congo - Brazzaville", "Congo (Brazzaville)", "Congo-Brazzaville", "Congo", *ALSO_CALLED["CG"]]),
        ("XX", []),
        ("", []),
        ("001", []),
        ("ǅ", []),
    ],
)
def test_names_in_english_french_and_spanish(iso2, names):
    assert names_in_languages(iso2) == names


def test_a_part_of_a_name_that_is_another_territory_is_left_out():
    assert "RAE de Hong Kong" in names_in_languages("HK")
    assert "China" not in names_in_languages("HK")
    assert "Saint-Martin" not in names_in_languages("SX")


def test_the_caller_may_change_the_list():
    names_in_languages("FR").append("Gaul")
    assert names_in_languages("FR") == ["France", "Francia"]


def test_every_state_has_a_name_from_babel():
    assert [row["iso3"] for row in ROWS if not names_in_languages(row["iso2"])] == []
