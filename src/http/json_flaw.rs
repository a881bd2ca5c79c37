//! JSON that is well formed and yet not taken: an object that says a key twice,
//! because two readers of one document must not read two different things
//! (RFC 8259, section 4), and the NUL character, which PostgreSQL cannot keep.

use std::{collections::BTreeSet, fmt};

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// What is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Flaw {
    /// JSON pointer to the first of them.
    pub(super) pointer: String,
    pub(super) reason: &'static str,
}

const TWICE: &str = "an object says this key twice";
const NUL: &str = "a text cannot have the character NUL";

/// The first flaw. What is no JSON at all has none: it is refused elsewhere.
pub(super) fn flaw(bytes: &[u8]) -> Option<Flaw> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let mut place = String::new();
    let mut found = None;
    let walk = Walk {
        place: &mut place,
        found: &mut found,
    };
    let _not_json = walk.deserialize(&mut reader);
    found
}

struct Walk<'a> {
    place: &'a mut String,
    found: &'a mut Option<Flaw>,
}

impl Walk<'_> {
    /// Whatever stands one step further down.
    fn below(&mut self, step: &str) -> usize {
        let here = self.place.len();
        self.place.push('/');
        self.place
            .push_str(&step.replace('~', "~0").replace('/', "~1"));
        here
    }

    fn refuse<E: Error>(&mut self, reason: &'static str) -> E {
        *self.found = Some(Flaw {
            pointer: self.place.clone(),
            reason,
        });
        E::custom(reason)
    }

    fn again(&mut self) -> Walk<'_> {
        Walk {
            place: self.place,
            found: self.found,
        }
    }
}

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        let mut said = BTreeSet::new();
        while let Some(key) = map.next_key::<String>()? {
            let here = self.below(&key);
            if key.contains('\0') {
                return Err(self.refuse(NUL));
            }
            if !said.insert(key) {
                return Err(self.refuse(TWICE));
            }
            map.next_value_seed(self.again())?;
            self.place.truncate(here);
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<(), A::Error> {
        let mut number = 0_usize;
        loop {
            let here = self.below(&number.to_string());
            if items.next_element_seed(self.again())?.is_none() {
                return Ok(());
            }
            self.place.truncate(here);
            number += 1;
        }
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E: Error>(mut self, text: &str) -> Result<(), E> {
        if text.contains('\0') {
            return Err(self.refuse(NUL));
        }
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flaw_is_found_wherever_it_is() {
        for (text, pointer, reason) in [
            (r#"{"a":1,"a":2}"#, "/a", TWICE),
            (r#"{"a":1,"\u0061":2}"#, "/a", TWICE),
            (r#"[{"b":{}},{"b":{"c/d":1,"c/d":2}}]"#, "/1/b/c~1d", TWICE),
            (r#"{"a":["x","y\u0000"]}"#, "/a/1", NUL),
            (r#"{"a\u0000":1}"#, "/a\0", NUL),
        ] {
            let pointer = pointer.to_owned();
            assert_eq!(flaw(text.as_bytes()), Some(Flaw { pointer, reason }));
        }
        for text in [
            r#"{"a":{"x":[1,2.5,null,true,"s"]},"b":{"x":1}}"#,
            r#"{"a":1,"A":2}"#,
            r#"{"a":1,"#,
            "",
        ] {
            assert_eq!(flaw(text.as_bytes()), None, "{text}");
        }
        assert_eq!(flaw("[".repeat(1_000_000).as_bytes()), None);
    }
}
