//! Where a record stands.

use std::fmt;
use std::str::FromStr;

/// A record's place, written `topic/partition/offset`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Topic.
    pub topic: String,
    /// Partition, from 0.
    pub partition: i32,
    /// Offset, from 0.
    pub offset: i64,
}

impl Place {
    /// A name for a file, of characters that every file system takes.
    #[must_use]
    pub fn file_name(&self) -> String {
        // Kafka's topic names are letters, digits, dots, underscores and hyphens.
        format!("{}-{}-{}", self.topic, self.partition, self.offset)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}/{}/{}", self.topic, self.partition, self.offset))
    }
}

impl FromStr for Place {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || "a place is written topic/partition/offset, as in dead-letter.normalizer/0/42".to_owned();
        let [topic, partition, offset] = text.split('/').collect::<Vec<_>>()[..] else { return Err(wrong()) };
        let named = !topic.is_empty() && topic.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
        let partition = partition.parse::<i32>().ok().filter(|partition| *partition >= 0);
        let offset = offset.parse::<i64>().ok().filter(|offset| *offset >= 0);
        match (named, partition, offset) {
            (true, Some(partition), Some(offset)) => Ok(Self { topic: topic.to_owned(), partition, offset }),
            _ => Err(wrong()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_written_as_it_is_read() {
        let place: Place = "dead-letter.normalizer/2/1201".parse().unwrap();
        assert_eq!(place, Place { topic: "dead-letter.normalizer".to_owned(), partition: 2, offset: 1201 });
        assert_eq!(place.to_string(), "dead-letter.normalizer/2/1201");
        assert_eq!(place.file_name(), "dead-letter.normalizer-2-1201");
    }

    #[test]
    fn what_is_no_place_is_refused() {
        for wrong in ["", "dead-letter.normalizer", "a/0", "a/0/1/2", "a/-1/0", "a/0/-1", "a/x/0", "/0/0", "a b/0/0", "a/0/99999999999999999999"] {
            assert!(wrong.parse::<Place>().is_err(), "{wrong}");
        }
    }
}
