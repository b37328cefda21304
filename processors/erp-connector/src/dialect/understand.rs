//! From the ERP's answer to what it means.

use lineside_schemas::Timestamp;
use serde_json::{Map, Value};

use super::file::{ClassRemedy, FateRule, ShownFate, Shows, Test};
use super::fill::cancels;
use super::path::{any, at, plain, text};
use super::{Dialect, Kind};
use crate::posting::{Answer, Fate, FoundLine, Place, Refusal, Refused, Remedy};
use lineside_outbound::Reply;

/// Class of a refusal that no rule fits.
pub const UNCLASSED: &str = "UNCLASSED";
/// Class of a document that the dialect has no words for.
pub const UNMAPPABLE: &str = "UNMAPPABLE";
/// Class of a parked line that a clerk threw away.
pub const DISCARDED: &str = "DISCARDED";
/// Longest text that is kept of what the ERP says.
const TEXT_MOST: usize = 500;

/// What an answer says about the ERP as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Health {
    /// It answers, whatever it says.
    Well,
    /// It does not answer, or with an error of its own; not to be called before, where it said so.
    Failing(Option<Timestamp>),
    /// It asks for fewer calls; not to be called before.
    Busy(Timestamp),
}

impl Dialect {
    /// What the answer to the call that books a document means.
    #[must_use]
    pub fn answer(&self, kind: Kind, document: &Map<String, Value>, reply: &Reply, now: Timestamp) -> Answer {
        match reply {
            Reply::Unsent { retry_after, .. } => Answer::Unsent { not_before: retry_after.map(|seconds| later(now, seconds)) },
            Reply::Lost { .. } => Answer::Lost,
            Reply::Answered { status: 200..300, body, .. } => {
                let shown = serde_json::from_str::<Value>(body).ok();
                let found = shown.as_ref().and_then(|shown| at(shown, &self.of(kind).shows.answer)).and_then(|shown| self.lines(kind, document, shown));
                // A booking that shows no line of ours, or another document, shows nothing.
                found.filter(|found| !found.is_empty()).map_or(Answer::Lost, Answer::Booked)
            }
            Reply::Answered { status, retry_after, body } => self.refusal(*status, *retry_after, body, now).map_or(Answer::Lost, Answer::Refused),
        }
    }

    /// What a reading found; none if it says nothing.
    #[must_use]
    pub fn reading(&self, kind: Kind, document: &Map<String, Value>, reply: &Reply) -> Option<Vec<FoundLine>> {
        let Reply::Answered { status: 200..300, body, .. } = reply else { return None };
        let shown = serde_json::from_str::<Value>(body).ok()?;
        let documents = at(&shown, &self.of(kind).shows.reading)?.as_array()?;
        let mut found = Vec::new();
        for shown in documents {
            found.extend(self.lines(kind, document, shown)?);
        }
        Some(found)
    }

    /// What a reply says about the ERP as a whole.
    #[must_use]
    pub fn health(&self, reply: &Reply, now: Timestamp) -> Health {
        match reply {
            Reply::Lost { .. } => Health::Failing(None),
            Reply::Unsent { retry_after, .. } => Health::Failing(retry_after.map(|seconds| later(now, seconds))),
            Reply::Answered { status, retry_after, body } => {
                let wait = retry_after.map(|seconds| later(now, seconds));
                if *status < 400 {
                    Health::Well
                } else if *status >= 500 {
                    Health::Failing(wait)
                } else if *status == 429 || self.class_of(*status, body).is_some_and(|class| self.file.classes.get(class) == Some(&ClassRemedy::SlowDown)) {
                    Health::Busy(wait.unwrap_or_else(|| later(now, 1)))
                } else {
                    Health::Well
                }
            }
        }
    }

    fn class_of(&self, status: u16, body: &str) -> Option<&str> {
        let (number, words) = self.words(body);
        let fits = |asked: &Option<String>, there: &Option<String>, fit: fn(&str, &str) -> bool| {
            asked.as_ref().is_none_or(|asked| there.as_ref().is_some_and(|there| fit(asked, there)))
        };
        let rule = self.file.errors.iter().find(|rule| {
            rule.status.is_none_or(|asked| asked == status)
                && fits(&rule.number, &number, |asked, there| asked.strip_suffix('*').map_or(asked == there, |begin| there.starts_with(begin)))
                && fits(&rule.text, &words, |asked, there| there.contains(asked))
        });
        rule.map(|rule| rule.class.as_str())
    }

    /// The ERP's code and words in an answer that refuses.
    fn words(&self, body: &str) -> (Option<String>, Option<String>) {
        let shown = serde_json::from_str::<Value>(body).unwrap_or_default();
        let take = |path: &str| at(&shown, path).and_then(plain).map(|text| text.chars().take(TEXT_MOST).collect());
        (take(&self.file.error.number), take(&self.file.error.text))
    }

    /// The refusal; none if the answer does not say that nothing was booked.
    fn refusal(&self, status: u16, retry_after: Option<u32>, body: &str, now: Timestamp) -> Option<Refused> {
        let class = match self.class_of(status, body) {
            Some(class) => class,
            None if status >= 500 => return None,
            None => UNCLASSED,
        };
        let remedy = match self.file.classes.get(class) {
            Some(ClassRemedy::Retry | ClassRemedy::SlowDown) => Remedy::Retry,
            Some(ClassRemedy::Reject) => Remedy::Reject,
            Some(ClassRemedy::Owner) | None => Remedy::Owner,
        };
        let (number, text) = self.words(body);
        Some(Refused {
            refusal: Refusal { class: class.to_owned(), number: number.or_else(|| Some(format!("HTTP {status}"))), text },
            remedy,
            not_before: retry_after.map(|seconds| later(now, seconds)),
        })
    }

    /// The lines of ours that a document in an answer shows; none if it is about another document, or says something that the dialect does not know.
    fn lines(&self, kind: Kind, document: &Map<String, Value>, shown: &Value) -> Option<Vec<FoundLine>> {
        let spec = &self.of(kind).shows;
        let key = self.key(kind, document).ok()?;
        if !at(shown, &spec.key).and_then(plain).is_some_and(|there| there.eq_ignore_ascii_case(&key)) {
            return None;
        }
        let fates = if cancels(kind, document) { &spec.cancel_fates } else { &spec.fates };
        let Some(lines) = &spec.lines else { return Some(fate_of(spec, fates, shown)?.map(|fate| FoundLine { line: 0, fate }).into_iter().collect()) };
        let ours: Vec<(i32, String)> = kind.lines().and_then(|list| document.get(list)).and_then(Value::as_array).map(|elements| {
            let known = |element: &Map<String, Value>| {
                let number = i32::try_from(element.get("item")?.as_i64()?).ok()?;
                Some((number, Self::line_id(&lines.is, document, element, &key)?))
            };
            elements.iter().filter_map(Value::as_object).filter_map(known).collect()
        })?;
        let mut found = Vec::new();
        for element in at(shown, &lines.at)?.as_array()? {
            let id = at(element, &lines.id).and_then(plain);
            let Some((line, _)) = ours.iter().find(|(_, ours)| Some(ours) == id.as_ref()) else { continue };
            found.extend(fate_of(spec, fates, element)?.map(|fate| FoundLine { line: *line, fate }));
        }
        Some(found)
    }
}

/// What became of a line: none in none if no rule fits, none if it is to be passed over.
#[expect(clippy::option_option, reason = "not known and not of ours are two things")]
fn fate_of(spec: &Shows, fates: &[FateRule], shown: &Value) -> Option<Option<Fate>> {
    let fits = |rule: &&FateRule| {
        rule.when.iter().all(|(path, test)| match test {
            Test::Is(wanted) => any(shown, path, |there| there == wanted),
            Test::Not { not } => any(shown, path, |there| there != not),
        })
    };
    let rule = fates.iter().find(fits)?;
    let of = |path: &Option<String>| path.as_ref().and_then(|path| text(at(shown, path)));
    let place = Place { document: text(at(shown, &spec.document)), year: of(&spec.year), item: of(&spec.item) };
    let refusal = |class: &str| Refusal { class: class.to_owned(), number: of(&rule.number), text: of(&rule.text) };
    Some(match rule.is {
        // Booked without a number is not a thing that can be told to anybody.
        ShownFate::Posted => Some(Fate::Posted(Some(place).filter(|place| place.document.is_some())?)),
        ShownFate::Parked => Some(Fate::Parked(place, Some(refusal("PARKED")).filter(|refusal| refusal.number.is_some() || refusal.text.is_some()))),
        ShownFate::Cancelled => Some(Fate::Cancelled(place)),
        ShownFate::Discarded => Some(Fate::Rejected(refusal(DISCARDED))),
        ShownFate::Ignored => None,
    })
}

fn later(now: Timestamp, seconds: u32) -> Timestamp {
    now.saturating_add_micros(i64::from(seconds) * 1_000_000)
}
