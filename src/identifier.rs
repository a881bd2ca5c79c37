//! Identifiers of legal entities, with their check digits.

use serde::{Deserialize, Serialize};

/// Who issues the identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Scheme {
    /// SAM.gov Unique Entity Identifier.
    Uei,
    /// Commercial and Government Entity code (or NCAGE).
    Cage,
    /// ISO 17442 Legal Entity Identifier.
    Lei,
    /// Data Universal Numbering System, the federal key until April 2022.
    Duns,
    /// China's unified social credit code, GB 32100-2015.
    Uscc,
    /// Brazil's Cadastro Nacional da Pessoa Jurídica.
    Cnpj,
    /// International Maritime Organization ship number.
    Imo,
    /// An identifier of a scheme that we keep but do not verify.
    Other,
}

/// One identifier as given and in its normalized form (upper case, no
/// separators), with what its check digit says.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Identifier {
    pub scheme: Scheme,
    pub value: String,
    pub check: Check,
}

/// What verification found. A failed check is kept and warned of, because a
/// typing error must not make a listed party disappear.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    Valid,
    Invalid,
    /// The scheme has no check digit; only the form was verified.
    FormOnly,
}
