//! A law as a rule file: its topics, its own wording, and how answers are told.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use thiserror::Error;

use super::{
    pattern::{Pattern, step_groups},
    shared_text::{Shingles, shingles},
    stance::{Cue, Stance},
    words::{Groups, words},
};

/// California Civil Code 1714.43 (SB 657).
pub const SB_657: &str = include_str!("../../../fixtures/policy/statement_rules_sb657.toml");
/// Modern Slavery Act 2015 (United Kingdom), section 54: the minimum.
pub const MSA_S54: &str = include_str!("../../../fixtures/policy/statement_rules_msa_s54.toml");

/// The version of what reads by every rule file: how a text is cut into sentences,
/// labels and headings, and how the law's own words are told from an answer. Raise
/// it with whatever reads differently for the same rules.
pub const READER: u32 = 1;

/// Which rules read a statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LawId {
    pub id: String,
    pub title: String,
    pub source: String,
    pub version: String,
    /// The day from which the law asks for statements.
    pub effective_from: NaiveDate,
    /// SHA-256 of the rule file's bytes, lower-case hex.
    pub rules_sha256: String,
    /// [`READER`]; 0 in readings from before it was said.
    #[serde(default)]
    pub reader: u32,
}

/// A rule file, ready to read statements with.
#[derive(Debug, Clone)]
pub struct Law {
    pub id: LawId,
    pub(super) groups: Groups,
    pub(super) topics: Vec<Topic>,
    pub(super) cues: Vec<Cue>,
    pub(super) rules: Vec<Rule>,
    pub(super) mandatory: Vec<MandatoryRule>,
    /// Groups that tell what the statement is about at all.
    pub(super) subject: Vec<usize>,
    /// Groups near the subject: such a text is read, and counts if it answers.
    pub(super) near_subject: Vec<usize>,
    pub(super) company: Vec<usize>,
    pub(super) own_names: Vec<usize>,
    pub(super) other_laws: Vec<OtherLaw>,
    /// Sentences about what the law asks of companies in general.
    pub(super) recital: Vec<Pattern>,
    pub(super) specifics: Vec<Vec<usize>>,
    pub(super) results: Vec<Pattern>,
    pub(super) softeners: Vec<usize>,
    pub(super) not_checked: Vec<String>,
}

#[derive(Debug, Clone)]
pub(super) struct Topic {
    pub(super) key: String,
    pub(super) heading: Vec<usize>,
    /// The law's own words for this topic.
    pub(super) statute: Shingles,
    /// The same, word by word.
    pub(super) words: Vec<String>,
    /// Stances besides an assertion that answer the coders' practice question.
    pub(super) practice_question_takes: Vec<Stance>,
}

#[derive(Debug, Clone)]
pub(super) struct Rule {
    pub(super) id: String,
    pub(super) topic: usize,
    pub(super) patterns: Vec<Pattern>,
    /// Of each, one group in the sentence.
    pub(super) with: Vec<Vec<usize>>,
    /// Of each, one group in the sentence, its paragraph or its heading.
    pub(super) about: Vec<Vec<usize>>,
    pub(super) without: Vec<usize>,
    pub(super) place: Place,
    /// Stances that count; all where empty.
    pub(super) only: Vec<Stance>,
    pub(super) answers: Vec<Axis>,
    pub(super) reads_as: Option<Stance>,
    /// Stances that this rule takes for an assertion.
    pub(super) also: Vec<Stance>,
    pub(super) gives_way: Option<GivesWay>,
}

/// Where a rule looks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Place {
    #[default]
    Prose,
    /// Prose under a heading of the topic.
    Section,
    /// Prose, where no heading of the topic stands anywhere.
    NoSection,
    HeadingsToo,
    /// A few words under a heading of the topic: "None to date."
    ShortAnswer,
    /// The last short lines of the text, where signatures stand.
    LastLines,
}

/// When a rule of little weight is dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum GivesWay {
    /// Where the topic is denied in other words.
    ToADenial,
    /// Where any other rule speaks to the topic.
    ToAny,
}

/// What a rule speaks to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Axis {
    Disclosed,
    BestPractice,
    /// The scale from 0 to 3.
    Practice,
}

/// What a law wants said beside an answer.
#[derive(Debug, Clone)]
pub(super) struct MandatoryRule {
    pub(super) topic: usize,
    pub(super) name: String,
    /// What is enough for a yes, or denied for a no, under the topic's own heading.
    pub(super) in_section: Vec<Pattern>,
    pub(super) yes: Vec<Pattern>,
    pub(super) no: Vec<Pattern>,
}

#[derive(Debug, Clone)]
pub(super) struct OtherLaw {
    pub(super) title: String,
    pub(super) names: Vec<usize>,
}

#[derive(Debug, Error)]
pub enum LawError {
    #[error("the rule file is no TOML of the expected shape")]
    Shape(#[from] toml::de::Error),
    #[error("{place}: {what}")]
    Wrong { place: String, what: String },
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct LawFile {
    id: String,
    title: String,
    source: String,
    version: String,
    effective_from: NaiveDate,
    subject: Vec<String>,
    #[serde(default)]
    near_subject: Vec<String>,
    company: Vec<String>,
    own_names: Vec<String>,
    #[serde(default)]
    recital: Vec<String>,
    #[serde(default)]
    specifics: Vec<Vec<String>>,
    #[serde(default)]
    results: Vec<String>,
    #[serde(default)]
    softeners: Vec<String>,
    #[serde(default)]
    not_checked: Vec<String>,
    groups: BTreeMap<String, Vec<String>>,
    topics: Vec<TopicFile>,
    #[serde(default)]
    other_laws: Vec<OtherLawFile>,
    cues: Vec<CueFile>,
    rules: Vec<RuleFile>,
    #[serde(default)]
    mandatory: Vec<MandatoryFile>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TopicFile {
    key: String,
    heading: Vec<String>,
    statute: String,
    #[serde(default)]
    practice_question_takes: Vec<Stance>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct OtherLawFile {
    title: String,
    names: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CueFile {
    stance: Stance,
    say: Vec<String>,
    before: Option<u16>,
    after: Option<u16>,
    #[serde(default)]
    unless_after: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleFile {
    id: String,
    topic: String,
    say: Vec<String>,
    #[serde(default)]
    with: Vec<String>,
    #[serde(default)]
    about: Vec<String>,
    #[serde(default)]
    without: Vec<String>,
    #[serde(default)]
    place: Place,
    #[serde(default)]
    only: Vec<Stance>,
    #[serde(default = "every_axis")]
    answers: Vec<Axis>,
    reads_as: Option<Stance>,
    #[serde(default)]
    also: Vec<Stance>,
    gives_way: Option<GivesWay>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct MandatoryFile {
    topic: String,
    name: String,
    #[serde(default)]
    in_section: Vec<String>,
    yes: Vec<String>,
    no: Vec<String>,
}

fn every_axis() -> Vec<Axis> {
    vec![Axis::Disclosed, Axis::BestPractice, Axis::Practice]
}

impl Law {
    /// Reads a rule file.
    pub fn parse(source: &str) -> Result<Self, LawError> {
        let file: LawFile = toml::from_str(source)?;
        let mut groups = Groups::default();
        for (name, phrases) in &file.groups {
            groups.add(name, phrases.iter().map(String::as_str));
        }
        let keys: Vec<String> = file.topics.iter().map(|topic| topic.key.clone()).collect();
        let topic_of = |place: &str, key: &str| {
            keys.iter()
                .position(|known| known == key)
                .ok_or_else(|| wrong(place, format!("there is no topic \"{key}\"")))
        };
        let mut topics = Vec::new();
        for topic in &file.topics {
            let statute = words(&topic.statute);
            topics.push(Topic {
                key: topic.key.clone(),
                heading: flat(&topic.key, &topic.heading, &mut groups)?,
                statute: shingles(&statute),
                words: statute.into_iter().map(|word| word.text).collect(),
                practice_question_takes: topic.practice_question_takes.clone(),
            });
        }
        let mut cues = Vec::new();
        for cue in &file.cues {
            cues.push(Cue {
                stance: cue.stance,
                patterns: patterns("cues", &cue.say, &mut groups)?,
                unless_after: flat("cues", &cue.unless_after, &mut groups)?,
                before: cue.before,
                after: cue.after,
            });
        }
        let mut rules = Vec::new();
        for rule in &file.rules {
            let place = &rule.id;
            rules.push(Rule {
                id: rule.id.clone(),
                topic: topic_of(place, &rule.topic)?,
                patterns: patterns(place, &rule.say, &mut groups)?,
                with: each(place, &rule.with, &mut groups)?,
                about: each(place, &rule.about, &mut groups)?,
                without: flat(place, &rule.without, &mut groups)?,
                place: rule.place,
                only: rule.only.clone(),
                answers: rule.answers.clone(),
                reads_as: rule.reads_as,
                also: rule.also.clone(),
                gives_way: rule.gives_way,
            });
        }
        let mut mandatory = Vec::new();
        for rule in &file.mandatory {
            mandatory.push(MandatoryRule {
                topic: topic_of(&rule.name, &rule.topic)?,
                name: rule.name.clone(),
                in_section: patterns(&rule.name, &rule.in_section, &mut groups)?,
                yes: patterns(&rule.name, &rule.yes, &mut groups)?,
                no: patterns(&rule.name, &rule.no, &mut groups)?,
            });
        }
        let mut other_laws = Vec::new();
        for law in &file.other_laws {
            other_laws.push(OtherLaw {
                title: law.title.clone(),
                names: flat("other_laws", &law.names, &mut groups)?,
            });
        }
        let mut specifics = Vec::new();
        for kind in &file.specifics {
            specifics.push(flat("specifics", kind, &mut groups)?);
        }
        Ok(Self {
            id: LawId {
                id: file.id,
                title: file.title,
                source: file.source,
                version: file.version,
                effective_from: file.effective_from,
                rules_sha256: hex::encode(Sha256::digest(source.as_bytes())),
                reader: READER,
            },
            topics,
            cues,
            rules,
            mandatory,
            subject: flat("subject", &file.subject, &mut groups)?,
            near_subject: flat("near_subject", &file.near_subject, &mut groups)?,
            company: flat("company", &file.company, &mut groups)?,
            own_names: flat("own_names", &file.own_names, &mut groups)?,
            other_laws,
            recital: patterns("recital", &file.recital, &mut groups)?,
            specifics,
            results: patterns("results", &file.results, &mut groups)?,
            softeners: flat("softeners", &file.softeners, &mut groups)?,
            not_checked: file.not_checked,
            groups,
        })
    }

    /// Topic keys, in the law's order.
    pub fn topics(&self) -> impl Iterator<Item = &str> {
        self.topics.iter().map(|topic| topic.key.as_str())
    }
}

fn wrong(place: &str, what: String) -> LawError {
    LawError::Wrong {
        place: place.to_owned(),
        what,
    }
}

fn patterns(place: &str, texts: &[String], groups: &mut Groups) -> Result<Vec<Pattern>, LawError> {
    texts
        .iter()
        .map(|text| Pattern::parse(text, groups).map_err(|what| wrong(place, what)))
        .collect()
}

fn each(place: &str, steps: &[String], groups: &mut Groups) -> Result<Vec<Vec<usize>>, LawError> {
    steps
        .iter()
        .map(|step| step_groups(step, groups).map_err(|what| wrong(place, what)))
        .collect()
}

fn flat(place: &str, steps: &[String], groups: &mut Groups) -> Result<Vec<usize>, LawError> {
    Ok(each(place, steps, groups)?.concat())
}

#[cfg(test)]
mod tests {
    use super::{
        super::{sentence, statute},
        *,
    };

    /// Whoever changes these words changes readings under every law: raise
    /// [`READER`] first.
    #[test]
    fn the_reader_s_own_words_are_those_of_its_version() {
        let words = [statute::own_words(), sentence::own_words()].concat();
        let hash = hex::encode(Sha256::digest(words.join("\n").as_bytes()));
        assert_eq!((READER, &hash[..16]), (1, "b0d61c08f56e1bf5"));
    }

    #[test]
    fn both_laws_stand() {
        let law = Law::parse(SB_657).unwrap();
        assert_eq!(
            law.topics().collect::<Vec<_>>(),
            [
                "verification",
                "audits",
                "certification",
                "accountability",
                "training"
            ]
        );
        assert_eq!(law.id.rules_sha256.len(), 64);
        let law = Law::parse(MSA_S54).unwrap();
        assert_eq!(law.topics().collect::<Vec<_>>(), ["approval", "signature"]);
    }

    #[test]
    fn a_wrong_rule_file_says_where() {
        let broken = SB_657.replacen("topic = \"audits\"", "topic = \"audit\"", 1);
        let said = Law::parse(&broken).unwrap_err().to_string();
        assert!(said.contains("there is no topic \"audit\""), "{said}");
        let broken = SB_657.replacen("<supplier>", "<vendors>", 1);
        let said = Law::parse(&broken).unwrap_err().to_string();
        assert!(said.contains("named \"vendors\""), "{said}");
    }
}
