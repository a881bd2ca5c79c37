//! Lists of parties in the publishers' forms, in small, and how the tests read
//! them. The parties are invented.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::io::{Cursor, Write as _};

use chrono::NaiveDate;
use plimsoll::{
    lists::{About, Entry, Form, ParsedList, Part, Source, Summary, UnreadableList, collect},
    supplier::AliasKind,
};

use crate::sdn_layout;

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub(crate) fn parse_files(
    form: Form,
    files: &[(&str, &[u8])],
) -> Result<(ParsedList, Summary), UnreadableList> {
    let mut inputs: Vec<_> = files
        .iter()
        .map(|(name, bytes)| (*name, Cursor::new(*bytes)))
        .collect();
    let mut parts: Vec<Part<'_>> = inputs
        .iter_mut()
        .map(|(name, input)| Part { name, input })
        .collect();
    let source = Source::ALL
        .into_iter()
        .find(|source| source.forms().contains(&form))
        .unwrap_or(Source::Tip);
    let about = About {
        source,
        edition: "2024",
    };
    collect(form, &mut parts, &about)
}

pub(crate) fn parse(form: Form, bytes: &[u8]) -> Result<(ParsedList, Summary), UnreadableList> {
    parse_files(form, &[("file", bytes)])
}

pub(crate) fn refused(form: Form, bytes: &[u8]) -> String {
    match parse(form, bytes) {
        Ok((list, _)) => panic!("{form} was read to {list:?}"),
        Err(refused) => refused.to_string(),
    }
}

pub(crate) fn entry<'list>(list: &'list ParsedList, id: &str) -> &'list Entry {
    let found = list.content.entries.iter().find(|entry| entry.id == id);
    found.unwrap_or_else(|| panic!("no entry {id}: {:?}", list.content.entries))
}

pub(crate) fn names(entry: &Entry, kind: AliasKind) -> Vec<&str> {
    let of_kind = entry.aliases.iter().filter(|alias| alias.kind == kind);
    of_kind.map(|alias| alias.name.as_str()).collect()
}

pub(crate) fn reasons(list: &ParsedList) -> Vec<(&str, &str)> {
    list.unread
        .iter()
        .map(|unread| (unread.place.as_str(), unread.reason.as_str()))
        .collect()
}

pub(crate) const SDN: &str = concat!(
    "36,\"EXAMPLE AIRLINES\",-0- ,\"CUBA\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,\"a.k.a. 'EXA'; NIT # 811046938-3 (Colombia); Linked To: EXAMPLE HOLDING.\"\r\n",
    "173,\"INVENTED, Person\",\"individual\",\"GLOMAG] [SDGT\",\"Director\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,\"DOB 01 Jan 1960; POB Nowhere; nationality China; alt. citizen Iran; Passport A1234567 (Iran); Gender Male.\"\r\n",
    "306,\"EXAMPLE STAR\",\"vessel\",\"NK\",-0- ,\"ABCD1\",\"General Cargo\",\"2597\",\"1098\",\"Korea, North\",\"Example Shipping Co.\",\"Vessel Registration Identification IMO 9404546; MMSI 572469210; all of the re\"\r\n",
    "400,\"YV0000\",\"aircraft\",\"VENEZUELA\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n",
    "501,\"EXAMPLE TEXTILE & DYE <CHANGJI> CO., LTD.\",-0- ,\"GLOMAG\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,\"Unified Social Credit Code (USCC) 91110000600037341L (China); Website www.example.test\"\r\n\u{1a}",
);
pub(crate) const ADD: &str = concat!(
    "36,25,-0- ,\"Havana\",\"Cuba\",-0- \r\n",
    "501,26,\"1 Example Road\",\"Changji, Xinjiang 831100\",\"China\",-0- \r\n",
    "501,27,-0- ,-0- ,\"Region: Nowhere\",-0- \r\n\u{1a}",
);
pub(crate) const ALT: &str = concat!(
    "36,12,\"aka\",\"EXAMPLE-AIR\",-0- \r\n",
    "36,13,\"fka\",\"FORMER EXAMPLE\",-0- \r\n",
    "173,14,\"aka\",\"IMAGINARY, Person\",-0- \r\n\u{1a}",
);
pub(crate) const COMMENTS: &str = "306,\"st; Linked To: EXAMPLE FLEET.\"\r\n";

pub(crate) fn sdn_csv(
    sdn: &str,
    add: &str,
    alt: &str,
) -> Result<(ParsedList, Summary), UnreadableList> {
    parse_files(
        Form::SdnCsv,
        &[
            ("SDN.CSV", sdn.as_bytes()),
            ("ADD.CSV", add.as_bytes()),
            ("ALT.CSV", alt.as_bytes()),
            ("SDN_COMMENTS.CSV", COMMENTS.as_bytes()),
        ],
    )
}

pub(crate) fn sdn_xml() -> String {
    sdn_layout::xml_of(SDN, ADD, ALT, COMMENTS)
}

pub(crate) const SAM_HEADER: &str = "\"Classification\",\"Name\",\"Prefix\",\"First\",\"Middle\",\"Last\",\"Suffix\",\"Address 1\",\"Address 2\",\"Address 3\",\"Address 4\",\"City\",\"State / Province\",\"Country\",\"Zip Code\",\"Open Data Flag\",\"Blank\",\"Unique Entity ID\",\"Exclusion Program\",\"Excluding Agency\",\"CT Code\",\"Exclusion Type\",\"Additional Comments\",\"Active Date\",\"Termination Date\",\"Record Status\",\"Cross-Reference\",\"SAM Number\",\"CAGE\",\"NPI\",\"Creation_Date\"\n";

pub(crate) fn sam_row(cells: &[(usize, &str)]) -> String {
    let mut row = [""; 31];
    for (index, text) in cells {
        row[*index] = text;
    }
    let quoted: Vec<String> = row.iter().map(|cell| format!("\"{cell}\"")).collect();
    format!("{}\n", quoted.join(","))
}

pub(crate) fn sam() -> String {
    let firm = |agency, code, active, ends| {
        sam_row(&[
            (0, "Firm"),
            (1, "EXAMPLE PARTS, INC."),
            (7, "1 EXAMPLE ST"),
            (11, "TULSA"),
            (12, "OK"),
            (13, "USA"),
            (14, "74101"),
            (17, "J58ME6A75BU9"),
            (18, "Reciprocal"),
            (19, agency),
            (20, code),
            (21, "Ineligible (Proceedings Completed)"),
            (23, active),
            (24, ends),
            (26, "(also  EXAMPLE TOOLS CO., LTD. ,  OTHER EXAMPLE )"),
            (27, "S4MR00001"),
            (28, "7SNN2"),
        ])
    };
    [
        SAM_HEADER.to_owned(),
        firm("DOD", "A", "05/04/2021", "05/03/2027"),
        firm("EPA", "H", "02/01/2020", "Indefinite"),
        sam_row(&[
            (0, "Individual"),
            (3, "PERSON"),
            (4, "Q"),
            (5, "INVENTED"),
            (13, "USA"),
            (17, "XXXXXXXXXXXX"),
            (19, "HHS"),
            (22, "PII data has been masked from view"),
            (24, "Indefinite"),
            (27, "S4MR00002"),
            (29, "1356561906"),
        ]),
        sam_row(&[
            (0, "Vessel"),
            (1, "EXAMPLE STAR"),
            (13, "XUN"),
            (19, "TREAS-OFAC"),
            (23, "01/02/2019"),
            (24, "01/02/2020"),
            (25, "Inactive"),
            (27, "S4MR00003"),
        ]),
    ]
    .concat()
}

pub(crate) fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer
            .start_file(*name, zip::write::SimpleFileOptions::default())
            .unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

pub(crate) const CSL: &str = concat!(
    "_id,source,entity_number,type,programs,name,title,addresses,federal_register_notice,start_date,end_date,standard_order,license_requirement,license_policy,call_sign,vessel_type,gross_tonnage,gross_registered_tonnage,vessel_flag,vessel_owner,remarks,source_list_url,alt_names,citizenships,dates_of_birth,nationalities,places_of_birth,source_information_url,ids\n",
    "a1,Entity List (EL) - Bureau of Industry and Security,,,,Example Optoelectronics Co. Ltd.,,\"1 Example Rd, Urumqi, CN; 2 Other Rd, Hong Kong, HK\",84 FR 54002,2019-10-09,,,For all items,Presumption of denial,,,,,,,,http://example.test,Example Opto; Example Photonics,,,,,http://example.test,\n",
    "a2,Specially Designated Nationals (SDN) - Treasury Department,8124,Individual,GLOMAG; SDGT,\"INVENTED, Person\",Director,\"Somewhere, IR\",,,,,,,,,,,,,(Linked To: X),http://example.test,,Iran,1960-01-01,Iran,Nowhere,http://example.test,\"IR, A1234567, Passport\"\n",
    "a3,Denied Persons List (DPL) - Bureau of Industry and Security,,,,INVENTED PERSON,,\"1 STREET, TOWN, TX, 85043, US\",82 F.R. 1,2017-10-16,2020-10-13,Y,,,,,,,,,FR NOTICE ADDED,http://example.test,,,,,,http://example.test,\n",
    "a4,Specially Designated Nationals (SDN) - Treasury Department,9000,Vessel,NK,EXAMPLE STAR,,,,,,,,,ABCD,Tanker,1,2,Atlantis,Owner,,http://example.test,,,,,,http://example.test,\"IMO 9404546, Vessel Registration Identification\"\n",
);

pub(crate) const BRAZIL: &str = "\
MINISTÉRIO DO TRABALHO E EMPREGO;;;;;;;;;
Cadastro de Empregadores, atualização periódica de 05/04/2025;;;;;;;;;
ID;Ano da ação fiscal;UF;Empregador;CNPJ/CPF;Estabelecimento;Trabalhadores envolvidos;CNAE;Decisão administrativa de procedência;Inclusão no Cadastro de Empregadores
1;2021;PA;Fazenda Exemplo Agropecuária Ltda;33.000.167/0001-01;Fazenda São João, zona rural;12;0151-2/01;21/06/2022;05/10/2022 a 13/01/2023, 11/11/2024
2;2022;MG;Pessoa Inventada da Silva;111.444.777-35;Sítio Imaginário;3;0134-2/00;10/01/2023;05/04/2023
3;2020;SP;Exemplo Confecções Eireli;33.000.167/0001-02;Rua do Exemplo, 1;7;1412-6/01;02/02/2022;em breve
;;;;;;;;;
Fonte: SIT;;;;;;;;;
";

pub(crate) const FTM: &str = concat!(
    r#"{"id":"NK-1","schema":"Company","caption":"Example Cotton LLC","properties":{"name":["Example Cotton LLC"],"alias":["Примерный хлопок"],"previousName":["Old Cotton"],"weakAlias":["EC"],"country":["cn","gb-sct","zz"],"leiCode":["213800KUD8LAJWSQ9D15"],"topics":["debarment"],"address":["Urumqi"],"sourceUrl":["https://example.test/1"]},"datasets":["example"],"first_seen":"2023-04-20T10:00:00","last_seen":"2026-01-01","target":true}"#,
    "\n\n",
    r#"{"id":"NK-2","schema":"LegalEntity","caption":"Invented Person","properties":{"name":["Invented Person"],"birthDate":["1960"],"passportNumber":["A1"],"notes":["n"]},"datasets":["example"]}"#,
    "\n",
    r#"{"id":"NK-3","schema":"Address","properties":{"full":["x"]}}"#,
    "\n",
    r#"{"id":"NK-1","schema":"Company","caption":"Again"}"#,
    "\n{\"id\": \"NK-4\", \"schema\"\n",
    r#"{"id":"NK-5","schema":"Vessel","caption":"Example Star","properties":{"imoNumber":["IMO9404546"]}}"#,
    "\n",
);

pub(crate) const CUSTOM: &str = "\
Name,Aliases,Country,Kind,Scope,Listed on,Citation,Reviewer
Example Mill,Mill One; Mill Two,CN,,and subsidiaries,2024-05-01,\"Example NGO, report 7, p. 12\",AB
Example Farm,,Atlantis,farm,,someday,Example NGO,
No Citation Ltd,,,,,,,
Invented Person,,,person,,,Example NGO,note on a person
Example Mill,,,,,2024-05-01,Example NGO,
";
