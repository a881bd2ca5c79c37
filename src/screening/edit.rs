//! How many letters were mistyped between two words.

/// Letters of a word that are looked at: one machine word of bits.
pub const MAX_PATTERN: usize = 64;

/// A word prepared to be measured against many others (Hyyrö's bit-parallel
/// form of the optimal string alignment distance: a swap of neighbors is one
/// mistake, as in Damerau's count).
#[derive(Debug, Clone)]
pub struct Pattern {
    /// Bit i of a row is set where letter i of the word is that letter.
    rows: [u64; ROWS],
    length: usize,
}

const ROWS: usize = 37;

fn row(letter: u8) -> usize {
    match letter {
        b'a'..=b'z' => usize::from(letter - b'a'),
        b'0'..=b'9' => usize::from(letter - b'0') + 26,
        _ => ROWS - 1,
    }
}

impl Pattern {
    pub fn new(word: &[u8]) -> Self {
        let mut rows = [0; ROWS];
        for (bit, letter) in word.iter().take(MAX_PATTERN).enumerate() {
            if let Some(row) = rows.get_mut(row(*letter)) {
                *row |= 1_u64 << bit;
            }
        }
        Self {
            rows,
            length: word.len().min(MAX_PATTERN),
        }
    }

    /// Letters inserted, left out, replaced or swapped.
    pub fn distance(&self, other: &[u8]) -> usize {
        if self.length == 0 {
            return other.len();
        }
        let last = 1_u64 << (self.length - 1);
        let (mut positive, mut negative, mut diagonal, mut before) = (!0_u64, 0_u64, 0_u64, 0_u64);
        let mut distance = self.length;
        for letter in other.iter().take(MAX_PATTERN) {
            let here = self.rows.get(row(*letter)).copied().unwrap_or(0);
            let swapped = ((!diagonal & here) << 1) & before;
            diagonal =
                ((here & positive).wrapping_add(positive) ^ positive) | here | negative | swapped;
            let mut up = negative | !(diagonal | positive);
            let mut down = diagonal & positive;
            distance += usize::from(up & last != 0);
            distance -= usize::from(down & last != 0);
            up = (up << 1) | 1;
            down <<= 1;
            positive = down | !(diagonal | up);
            negative = up & diagonal;
            before = here;
        }
        distance
    }
}

/// [`Pattern::distance`] of two words.
pub fn distance(one: &[u8], other: &[u8]) -> usize {
    Pattern::new(one).distance(other)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    #[test]
    fn counts_mistakes() {
        for (one, other, mistakes) in [
            ("", "abc", 3),
            ("abc", "abc", 0),
            ("abc", "acb", 1),
            ("huawei", "huwaei", 1),
            ("textile", "textil", 1),
        ] {
            assert_eq!(
                super::distance(one.as_bytes(), other.as_bytes()),
                mistakes,
                "{one} {other}"
            );
        }
    }

    proptest! {
        #[test]
        fn agrees_with_the_textbook(one in "[a-e]{0,20}", other in "[a-e]{0,20}") {
            prop_assert_eq!(super::distance(one.as_bytes(), other.as_bytes()), strsim::osa_distance(&one, &other));
        }
    }
}
