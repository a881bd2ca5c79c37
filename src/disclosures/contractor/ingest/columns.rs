//! The columns of the disclosure form.

/// The form's columns and what each holds. A list has `;` between its values.
pub const FORM_COLUMNS: [(&str, &str); 50] = [
    ("legal_name", "the contractor's legal name"),
    ("uei", "Unique Entity ID"),
    ("cage", "CAGE code"),
    (
        "parent_name",
        "parent or owner: shown as a lead, never merged",
    ),
    ("agency", "the contracting agency"),
    ("agency_code", "its code, as in the award records"),
    ("piid", "contract number"),
    ("vehicle_piid", "the vehicle that an order was placed under"),
    ("awarded_on", "day of award"),
    ("contract_type", "definite or idiq"),
    (
        "ceiling",
        "ceiling of an indefinite-delivery contract, US dollars",
    ),
    ("psc", "product and service codes; list"),
    ("naics", "NAICS codes; list"),
    (
        "clause_date",
        "edition of FAR 52.222-50 in the contract, like OCT 2025; none where it is said to be absent",
    ),
    ("supplies_place", "us, outside or unknown"),
    (
        "supplies_value",
        "estimated value of supplies acquired outside, US dollars; 0 for none; whole for the whole contract",
    ),
    (
        "supplies_cots",
        "yes, no, modified, bulk_cargo, commercial or unknown",
    ),
    ("services_place", "us, outside or unknown"),
    (
        "services_value",
        "estimated value of services performed outside, as above",
    ),
    (
        "claims_plan_required",
        "yes or no: what the contractor says",
    ),
    (
        "claims_housing",
        "yes or no: whether it says that it provides or arranges housing",
    ),
    (
        "claims_recruiters",
        "yes or no: whether it says that it uses recruiters",
    ),
    ("named_brokers", "labor brokers named in its papers; list"),
    ("plan_date", "date of the compliance plan"),
    (
        "plan_elements",
        "minimum elements found in it: i; ii; iii; iv or iv:na; v",
    ),
    ("plan_at", "file or address of the plan"),
    ("statement_at", "file of the California (SB 657) statement"),
    ("certificates", "DATE:A or DATE:B of each certificate; list"),
    ("posted_workplace", "day of posting at the workplace"),
    ("posted_website", "day of posting on the website"),
    (
        "given_in_writing",
        "day on which workers were given it in writing",
    ),
    (
        "subcontractors_covered",
        "subcontractors whose own portion needs a plan",
    ),
    (
        "subcontractors_certified",
        "of these, with a current certificate",
    ),
    (
        "requested_on",
        "days on which the plan was asked for in writing; list",
    ),
    (
        "requested_by",
        "who made each request: contracting_officer, us or other, which holds where left out; list",
    ),
    ("request_deadline", "deadline of each request; list"),
    ("answered_on", "day of each answer; list"),
    (
        "contract_changed_on",
        "day of the last change of the contract's work",
    ),
    ("recruiter_changed_on", "day of the last change"),
    ("country_changed_on", "day of the last change"),
    ("clause_changed_on", "day of the last change"),
    (
        "cited_clauses",
        "other clauses that the papers rely on, CLAUSE:DATE; list",
    ),
    (
        "record_state",
        "allegation, ig_report, contractor_response or final_determination",
    ),
    ("record_date", "its date"),
    ("record_title", "what the official record calls itself"),
    (
        "record_remedy",
        "in_progress, verified or lifted, with its day, as in verified:2026-03-01",
    ),
    (
        "goods_traced",
        "yes or no: its answer when asked whether its goods are traced to their raw materials",
    ),
    (
        "searched_on",
        "day on which somebody looked for a public plan",
    ),
    ("searched_at", "where"),
    ("source", "where all this was read"),
];
