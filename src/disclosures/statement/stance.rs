//! Whether a sentence says that something is done, is not done, may be done.

use serde::{Deserialize, Serialize};

use super::{
    pattern::{Hit, Pattern},
    words::{Places, Word},
};

/// How a sentence puts what it says. The first that applies wins, so that "we do
/// not plan to audit" is a denial.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stance {
    /// "we do not", "it is not feasible to"
    Denied,
    /// "is considering whether to"
    Considered,
    /// "reserves the right to": a right is not an act.
    Reserved,
    /// "plans to", "is developing"
    Planned,
    /// "may", "could"
    Possible,
    /// "suppliers shall": what another is told to do.
    OthersDuty,
    /// "will be"
    Future,
    Asserted,
}

/// Words beside the trigger that give it a stance.
#[derive(Debug, Clone)]
pub(super) struct Cue {
    pub(super) stance: Stance,
    pub(super) patterns: Vec<Pattern>,
    /// Groups that undo the cue right behind them: "who do not" tells whom is
    /// meant and denies nothing.
    pub(super) unless_after: Vec<usize>,
    /// Words allowed between the cue and a trigger that follows it.
    pub(super) before: Option<u16>,
    /// Words allowed between the cue and a trigger that precedes it.
    pub(super) after: Option<u16>,
}

/// A cue's places in one sentence, found once for all rules.
#[derive(Debug, Clone, Copy)]
pub(super) struct CuePlace {
    stance: Stance,
    start: u16,
    end: u16,
    before: Option<u16>,
    after: Option<u16>,
}

pub(super) fn places(cues: &[Cue], found: &Places) -> Vec<CuePlace> {
    cues.iter()
        .flat_map(|cue| {
            cue.patterns.iter().flat_map(|pattern| {
                pattern
                    .find(found)
                    .into_iter()
                    .filter(|hit| {
                        !cue.unless_after
                            .iter()
                            .any(|group| found.of(*group).any(|place| place.end == hit.start))
                    })
                    .map(|hit| CuePlace {
                        stance: cue.stance,
                        start: hit.start,
                        end: hit.end,
                        before: cue.before,
                        after: cue.after,
                    })
            })
        })
        .collect()
}

pub(super) fn stance(hit: Hit, cues: &[CuePlace], words: &[Word]) -> Stance {
    let clause = |at: u16| words.get(usize::from(at)).map(|word| word.clause);
    cues.iter()
        .filter(|cue| {
            let precedes = cue.before.is_some_and(|reach| {
                hit.trigger.start >= cue.end && hit.trigger.start - cue.end <= reach
            });
            let follows = cue.after.is_some_and(|reach| {
                cue.start >= hit.trigger.end && cue.start - hit.trigger.end <= reach
            });
            // "Evaluating how to" is the trigger and its own hedge.
            let covers = cue.stance == Stance::Considered
                && cue.start <= hit.trigger.start
                && hit.trigger.end <= cue.end;
            (precedes || follows || covers) && clause(cue.start) == clause(hit.trigger.start)
        })
        .map(|cue| cue.stance)
        .min()
        .unwrap_or(Stance::Asserted)
}

/// Words at whose beginning a denial turns a whole question round.
const EARLY: u16 = 4;

/// "We do not audit suppliers: yes" asks the other way round.
pub(super) fn denies_at_once(cues: &[CuePlace]) -> bool {
    cues.iter()
        .any(|cue| cue.stance == Stance::Denied && cue.before.is_some() && cue.start < EARLY)
}

/// Whether a sentence denies anything at all.
pub(super) fn denies(cues: &[CuePlace]) -> bool {
    cues.iter().any(|cue| cue.stance == Stance::Denied)
}

/// The stance that a sentence gives to the list below it. A "not" far from its end
/// may deny something else: it leaves the list open.
pub(super) fn of_list(cues: &[CuePlace], words: &[Word]) -> Option<Stance> {
    let last = words.last()?.clause;
    let end = u16::try_from(words.len()).unwrap_or(u16::MAX);
    cues.iter()
        .filter(|cue| cue.before.is_some() && cue.stance != Stance::OthersDuty)
        .filter(|cue| {
            words
                .get(usize::from(cue.start))
                .is_some_and(|word| word.clause == last)
        })
        .map(|cue| {
            let far = end.saturating_sub(cue.end) > LEAD_REACH;
            if far && cue.stance == Stance::Denied {
                Stance::Possible
            } else {
                cue.stance
            }
        })
        .min()
}

/// Words between "do not" and a colon: "we do not, at this time:".
const LEAD_REACH: u16 = 4;

/// The stance that words before a colon give to what follows it.
pub(super) fn lead(cues: &[CuePlace], colon: u16) -> Option<Stance> {
    cues.iter()
        .filter(|cue| cue.before.is_some() && cue.end <= colon && colon - cue.end <= LEAD_REACH)
        .map(|cue| cue.stance)
        .filter(|stance| {
            matches!(
                stance,
                Stance::Denied | Stance::Considered | Stance::Planned
            )
        })
        .min()
}
