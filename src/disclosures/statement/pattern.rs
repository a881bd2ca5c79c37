//! The small language of rule files: `<company> .. !<audit> ... <supplier>`.
//!
//! A step is a named group in `<>` (several with `|`) or a word; `.` lets up to
//! two words between two steps, `..` five, `...` fifteen. `!` marks the step whose
//! denial or hedging counts; without it that is the first.

use super::words::{Found, Groups, Places};

#[derive(Debug, Clone)]
pub(super) struct Pattern {
    steps: Vec<Step>,
    trigger: usize,
}

#[derive(Debug, Clone)]
struct Step {
    groups: Vec<usize>,
    gap: u16,
}

/// A pattern found in a sentence, in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Hit {
    pub(super) start: u16,
    pub(super) end: u16,
    pub(super) trigger: Found,
}

/// Words between steps.
const NEXT: u16 = 2;
const NEAR: u16 = 5;
const FAR: u16 = 15;

impl Pattern {
    /// `Err` says what is wrong.
    pub(super) fn parse(text: &str, groups: &mut Groups) -> Result<Self, String> {
        let mut steps: Vec<Step> = Vec::new();
        let mut trigger = 0;
        let mut gap = 0;
        for part in text.split_whitespace() {
            match part {
                "." => gap = NEXT,
                ".." => gap = NEAR,
                "..." => gap = FAR,
                _ => {
                    let bare = part.strip_prefix('!').unwrap_or(part);
                    if bare.len() < part.len() {
                        trigger = steps.len();
                    }
                    steps.push(Step {
                        groups: step_groups(bare, groups)?,
                        gap,
                    });
                    gap = 0;
                }
            }
        }
        if steps.is_empty() || gap > 0 {
            return Err(format!("pattern \"{text}\" has no step at its end"));
        }
        Ok(Self { steps, trigger })
    }

    /// Every way in which the steps follow one another, one per trigger.
    pub(super) fn find(&self, found: &Places) -> Vec<Hit> {
        let present = self.steps.iter().all(|step| found.has_any(&step.groups));
        let mut hits = Vec::new();
        if present {
            self.follow(found, 0, None, None, &mut hits);
        }
        hits
    }

    pub(super) fn is_in(&self, found: &Places) -> bool {
        !self.find(found).is_empty()
    }

    fn follow(
        &self,
        found: &Places,
        at: usize,
        before: Option<(u16, Found)>,
        trigger: Option<Found>,
        hits: &mut Vec<Hit>,
    ) {
        let Some(step) = self.steps.get(at) else {
            if let (Some((start, last)), Some(trigger)) = (before, trigger)
                && !hits.iter().any(|hit| hit.trigger == trigger)
            {
                hits.push(Hit {
                    start,
                    end: last.end,
                    trigger,
                });
            }
            return;
        };
        let places = step.groups.iter().flat_map(|group| found.of(*group));
        for place in places {
            let fits = before.is_none_or(|(_, last)| {
                place.start >= last.end && place.start - last.end <= step.gap
            });
            // A pattern of many loose steps must not cost its product.
            if fits && hits.len() < 32 {
                let start = before.map_or(place.start, |(start, _)| start);
                let trigger = if at == self.trigger {
                    Some(place)
                } else {
                    trigger
                };
                self.follow(found, at + 1, Some((start, place)), trigger, hits);
            }
        }
    }
}

/// The groups of `<a|b>`, or the group of a word of its own.
pub(super) fn step_groups(step: &str, groups: &mut Groups) -> Result<Vec<usize>, String> {
    match step
        .strip_prefix('<')
        .and_then(|inner| inner.strip_suffix('>'))
    {
        Some(names) => names
            .split('|')
            .map(|name| {
                groups
                    .get(name)
                    .ok_or_else(|| format!("there is no group of words named \"{name}\""))
            })
            .collect(),
        None if step.contains(['<', '>', '|']) => Err(format!("\"{step}\" is no step")),
        None => Ok(vec![groups.add(step, std::iter::once(step))]),
    }
}

#[cfg(test)]
mod tests {
    use super::{super::words::words, *};

    fn groups() -> Groups {
        let mut groups = Groups::default();
        groups.add("audit", ["audit*", "inspection*"].into_iter());
        groups.add("supplier", ["supplier*", "vendor*"].into_iter());
        groups
    }

    fn hits(pattern: &str, sentence: &str) -> usize {
        let mut groups = groups();
        let pattern = Pattern::parse(pattern, &mut groups).unwrap();
        pattern.find(&groups.find(&words(sentence))).len()
    }

    #[test]
    fn follows_steps_within_their_gaps() {
        for (pattern, sentence, expected) in [
            ("<audit> .. <supplier>", "We audit all our suppliers.", 1),
            ("<audit> <supplier>", "We audit all our suppliers.", 0),
            ("<supplier> .. <audit>", "We audit all our suppliers.", 0),
            ("we .. !<audit>", "We audit, and inspections follow.", 2),
            ("<audit|supplier>", "Audits of vendors", 2),
            (
                "<audit> .. <supplier>",
                "An audit one two three four five six supplier",
                0,
            ),
            (
                "<audit> ... <supplier>",
                "An audit one two three four five six supplier",
                1,
            ),
        ] {
            assert_eq!(hits(pattern, sentence), expected, "{pattern}: {sentence}");
        }
    }

    #[test]
    fn says_what_is_wrong() {
        for wrong in ["", "<audit> ..", "<nothing>", "<audit"] {
            assert!(Pattern::parse(wrong, &mut groups()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn many_loose_steps_stay_cheap() {
        let sentence = "audit supplier ".repeat(200);
        let pattern = "<audit> ... <supplier> ... <audit> ... <supplier> ... <audit>";
        assert!(hits(pattern, &sentence) <= 32);
    }
}
