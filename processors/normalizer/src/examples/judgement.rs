//! Whether what became of an example is as it should be.

use std::fs;

use serde_json::Value;

use super::difference::differences;
use super::outcome::without_nulls;
use super::pack::{Example, Kind};
use super::{ExamplesError, failed};

/// What an outcome says, each under its key.
const OUTCOMES: [&str; 3] = [Kind::Mapped.key(), Kind::Refused.key(), Kind::Waits.key()];

/// Everything that is not as the example's name and its expectation say, a line for each. With `bless` what came out is written as the expectation first, for a
/// person to check.
///
/// # Errors
/// [`ExamplesError`].
pub fn judge(example: &Example, found: &Value, bless: bool) -> Result<Vec<String>, ExamplesError> {
    let path = &example.expectation;
    let mut wrong: Vec<String> = misnamed(example.kind, found).into_iter().collect();
    if bless {
        let text = format!("{found:#}\n");
        // What is the same already keeps its form and its time.
        if read(example)?.is_none_or(|expected| expected != *found) {
            fs::write(path, text).map_err(failed(path))?;
        }
        return Ok(wrong);
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    match read(example)? {
        Some(expected) if !OUTCOMES.iter().any(|key| expected.get(key).is_some()) => wrong.push(format!("{name} has none of `{}`", OUTCOMES.join("`, `"))),
        Some(expected) => wrong.extend(differences(found, &expected)),
        None => wrong.push(format!("there is no {name}")),
    }
    Ok(wrong)
}

/// What is expected, if anything says so.
fn read(example: &Example) -> Result<Option<Value>, ExamplesError> {
    let path = &example.expectation;
    if !path.is_file() {
        return Ok(None);
    }
    let bytes = fs::read(path).map_err(failed(path))?;
    serde_json::from_slice(&bytes).map(|expected| Some(without_nulls(expected))).map_err(|error| ExamplesError::Json { path: path.clone(), error })
}

/// That something else became of the document than its name says.
fn misnamed(kind: Kind, found: &Value) -> Option<String> {
    if found.get(kind.key()).is_some() {
        return None;
    }
    let became = match (found.get("refused"), found.get("waits")) {
        (Some(refused), _) => {
            let text = |name: &str| refused[name].as_str().unwrap_or_default();
            format!("it is refused as {} ({})", text("code"), text("message"))
        }
        (_, Some(_)) => "it waits for master data".to_owned(),
        _ => "it is mapped".to_owned(),
    };
    Some(format!(
        "{became}, {}",
        match kind {
            Kind::Mapped => "and is not named refused-* or waits-*",
            Kind::Refused => "and is named refused-*",
            Kind::Waits => "and is named waits-*",
        }
    ))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn example(kind: Kind, folder: &tempfile::TempDir) -> Example {
        Example { document: folder.path().join("a.xml"), expectation: folder.path().join("a.expected.json"), kind }
    }

    #[test]
    fn what_came_out_is_compared_with_what_is_expected_and_absent_is_null() {
        let folder = tempfile::tempdir().unwrap();
        let example = example(Kind::Mapped, &folder);
        let found = json!({"events": [{"lot": "A"}]});
        assert_eq!(judge(&example, &found, false).unwrap(), ["there is no a.expected.json"]);
        fs::write(&example.expectation, r#"{"events": [{"lot": "A", "order": null}]}"#).unwrap();
        assert_eq!(judge(&example, &found, false).unwrap(), [""; 0]);
        fs::write(&example.expectation, r#"{"events": [{"lot": "B"}]}"#).unwrap();
        assert_eq!(judge(&example, &found, false).unwrap(), ["events[0].lot: \"A\", expected \"B\""]);
        assert_eq!(judge(&example, &found, true).unwrap(), [""; 0]);
        assert_eq!(judge(&example, &found, false).unwrap(), [""; 0]);
        assert_eq!(fs::read_to_string(&example.expectation).unwrap(), format!("{found:#}\n"));
        // The events alone, as `explain` prints them.
        fs::write(&example.expectation, r#"[{"lot": "A"}]"#).unwrap();
        assert_eq!(judge(&example, &found, false).unwrap(), ["a.expected.json has none of `events`, `refused`, `waits`"]);
        fs::write(&example.expectation, "{").unwrap();
        assert!(judge(&example, &found, false).unwrap_err().to_string().contains("a.expected.json: EOF"));
    }

    #[test]
    fn the_name_says_what_has_to_become_of_it_even_where_it_is_blessed() {
        let folder = tempfile::tempdir().unwrap();
        let (events, refused, waits) = (json!({"events": []}), json!({"refused": {"code": "bad-time", "message": "m"}}), json!({"waits": {}}));
        for (kind, found, wrong) in [
            (Kind::Mapped, &events, None),
            (Kind::Refused, &refused, None),
            (Kind::Waits, &waits, None),
            (Kind::Mapped, &refused, Some("it is refused as bad-time (m), and is not named refused-* or waits-*")),
            (Kind::Refused, &waits, Some("it waits for master data, and is named refused-*")),
            (Kind::Waits, &events, Some("it is mapped, and is named waits-*")),
        ] {
            for bless in [true, false] {
                assert_eq!(judge(&example(kind, &folder), found, bless).unwrap().first().map(String::as_str), wrong, "{found}");
            }
        }
    }
}
