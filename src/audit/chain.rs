//! The hash chain over audit events.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    canonical::{NotCanonical, canonical_text, sha256_hex},
    event::{Event, EventKind},
};
use crate::{clock::rfc3339, organization::OrganizationId};

/// Where the chain ends: the number and hash of its last event. Kept outside
/// the database (printed, mailed, notarized), it also proves that no event was
/// cut off the end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainHead {
    /// 0 before the first event.
    pub number: i64,
    /// 64 zeros before the first event.
    pub hash: String,
}

impl Default for ChainHead {
    fn default() -> Self {
        Self {
            number: 0,
            hash: "0".repeat(64),
        }
    }
}

/// What is hashed: the whole event with its place in the chain. The field
/// names are part of the stored format.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    actor: String,
    at: String,
    details: Value,
    kind: EventKind,
    number: i64,
    organization: OrganizationId,
    previous: String,
    subject: String,
}

/// An event as stored. `body` is the hashed text; the other fields repeat parts
/// of it so that the database can search them, and are verified against it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedEvent {
    pub number: i64,
    pub organization: OrganizationId,
    pub at: String,
    pub kind: String,
    pub subject: String,
    pub body: String,
    pub hash: String,
}

impl ChainHead {
    /// Appends one event and moves the head onto it.
    pub fn seal(
        &mut self,
        organization: OrganizationId,
        event: Event,
    ) -> Result<SealedEvent, NotCanonical> {
        let body = Body {
            actor: event.actor,
            at: rfc3339(event.at),
            details: event.details,
            kind: event.kind,
            number: self.number + 1,
            organization,
            previous: self.hash.clone(),
            subject: event.subject,
        };
        let text = canonical_text(&body)?;
        let hash = sha256_hex(text.as_bytes());
        *self = Self {
            number: body.number,
            hash: hash.clone(),
        };
        Ok(SealedEvent {
            number: body.number,
            organization,
            at: body.at,
            kind: event.kind.code().to_owned(),
            subject: body.subject,
            body: text,
            hash,
        })
    }
}

/// The first link that does not hold, and how it fails.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    #[error("event {expected} is missing: the next stored event is {found}")]
    Missing { expected: i64, found: i64 },
    #[error("event {number}: its bytes do not give its hash")]
    Altered { number: i64 },
    #[error("event {number}: its body is no audit event in canonical form")]
    Unreadable { number: i64 },
    #[error("event {number}: the column \"{column}\" does not say what its body says")]
    ColumnDiffers { number: i64, column: &'static str },
    #[error("event {number}: it does not name the hash of event {previous}")]
    Unlinked { number: i64, previous: i64 },
    #[error("the chain ends at event {found} but the head kept outside is event {expected}")]
    CutOff { expected: i64, found: i64 },
    #[error("event {number} is not the one whose hash was kept outside")]
    OtherHead { number: i64 },
}

/// Walks stored events in order of number, without holding them.
#[derive(Debug, Default)]
pub struct Verifier {
    head: ChainHead,
    anchor: Option<ChainHead>,
}

impl Verifier {
    /// `anchor` is a chain head that was kept outside the database.
    pub fn new(anchor: Option<ChainHead>) -> Self {
        Self {
            head: ChainHead::default(),
            anchor,
        }
    }

    /// Takes the next stored event.
    pub fn take(&mut self, event: &SealedEvent) -> Result<(), Broken> {
        let number = event.number;
        if number != self.head.number + 1 {
            return Err(Broken::Missing {
                expected: self.head.number + 1,
                found: number,
            });
        }
        if sha256_hex(event.body.as_bytes()) != event.hash {
            return Err(Broken::Altered { number });
        }
        let body: Body =
            serde_json::from_str(&event.body).map_err(|_| Broken::Unreadable { number })?;
        if canonical_text(&body).ok().as_deref() != Some(event.body.as_str()) {
            return Err(Broken::Unreadable { number });
        }
        if body.previous != self.head.hash {
            return Err(Broken::Unlinked {
                number,
                previous: self.head.number,
            });
        }
        let differs = [
            ("number", body.number == number),
            ("organization", body.organization == event.organization),
            ("at", body.at == event.at),
            ("kind", body.kind.code() == event.kind),
            ("subject", body.subject == event.subject),
        ]
        .into_iter()
        .find(|(_, same)| !same);
        if let Some((column, _)) = differs {
            return Err(Broken::ColumnDiffers { number, column });
        }
        self.head = ChainHead {
            number,
            hash: event.hash.clone(),
        };
        if let Some(anchor) = &self.anchor
            && anchor.number == number
            && anchor.hash != event.hash
        {
            return Err(Broken::OtherHead { number });
        }
        Ok(())
    }

    /// After the last event: the head reached.
    pub fn finish(self) -> Result<ChainHead, Broken> {
        match self.anchor {
            Some(anchor) if anchor.number > self.head.number => Err(Broken::CutOff {
                expected: anchor.number,
                found: self.head.number,
            }),
            _ => Ok(self.head),
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::{TimeZone, Utc};
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn chain(length: i64) -> Vec<SealedEvent> {
        let mut head = ChainHead::default();
        (0..length)
            .map(|index| {
                head.seal(
                    OrganizationId::LOCAL,
                    Event {
                        at: Utc
                            .timestamp_opt(1_780_000_000 + index, 123_456_000)
                            .unwrap(),
                        actor: "cli".to_owned(),
                        kind: EventKind::SupplierAssessed,
                        subject: format!("supplier-{index}"),
                        details: json!({"score": index, "name": "Öl \"& Söhne\" 新疆"}),
                    },
                )
                .unwrap()
            })
            .collect()
    }

    fn verify(events: &[SealedEvent], anchor: Option<ChainHead>) -> Result<ChainHead, Broken> {
        let mut verifier = Verifier::new(anchor);
        for event in events {
            verifier.take(event)?;
        }
        verifier.finish()
    }

    #[test]
    fn an_untouched_chain_holds() {
        let events = chain(5);
        let head = verify(&events, None).unwrap();
        assert_eq!((head.number, &head.hash), (5, &events[4].hash));
        assert_eq!(verify(&[], None).unwrap(), ChainHead::default());
    }

    #[test]
    fn a_removed_reordered_or_cut_off_event_is_named() {
        let whole = chain(4);
        let head = verify(&whole, None).unwrap();

        let mut removed = whole.clone();
        removed.remove(1);
        assert_eq!(
            verify(&removed, None),
            Err(Broken::Missing {
                expected: 2,
                found: 3
            })
        );

        let mut swapped = whole.clone();
        swapped.swap(1, 2);
        assert_eq!(
            verify(&swapped, None),
            Err(Broken::Missing {
                expected: 2,
                found: 3
            })
        );

        assert_eq!(
            verify(&whole[..2], Some(head)),
            Err(Broken::CutOff {
                expected: 4,
                found: 2
            })
        );
    }

    #[test]
    fn a_rewritten_history_fails_against_a_head_kept_outside() {
        let kept = verify(&chain(3), None).unwrap();
        let mut forged = Vec::new();
        let mut head = ChainHead::default();
        for number in 0..3 {
            forged.push(
                head.seal(
                    OrganizationId::LOCAL,
                    Event {
                        at: Utc.timestamp_opt(1_780_000_000 + number, 0).unwrap(),
                        actor: "someone else".to_owned(),
                        kind: EventKind::SupplierAssessed,
                        subject: "supplier".to_owned(),
                        details: json!({}),
                    },
                )
                .unwrap(),
            );
        }
        assert!(verify(&forged, None).is_ok());
        assert_eq!(
            verify(&forged, Some(kept)),
            Err(Broken::OtherHead { number: 3 })
        );
    }

    proptest! {
        /// Flipping any bit of any stored text of any event is noticed, at that
        /// event or at the one after it.
        #[test]
        fn any_flipped_bit_is_noticed(
            event in 0usize..4, column in 0usize..5, place in any::<prop::sample::Index>(), bit in 0u8..7
        ) {
            let mut events = chain(4);
            let text = match column {
                0 => &mut events[event].at,
                1 => &mut events[event].kind,
                2 => &mut events[event].subject,
                3 => &mut events[event].body,
                _ => &mut events[event].hash,
            };
            let mut bytes = text.clone().into_bytes();
            let index = place.index(bytes.len());
            bytes[index] ^= 1 << bit;
            // A database column of text cannot hold broken UTF-8; what it can
            // hold, the verifier must notice.
            prop_assume!(String::from_utf8(bytes.clone()).is_ok());
            *text = String::from_utf8(bytes).unwrap();
            prop_assert!(verify(&events, None).is_err());
        }
    }
}
