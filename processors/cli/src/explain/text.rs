//! What became of a record, as text for people.

use std::collections::HashMap;
use std::fmt::Write as _;

use lineside_normalizer::ExplainedEvent;
use serde_json::Value;

use super::lines::{Shown, id_origin};
use super::made::{Event, Outcome};
use super::view::ViewError;
use crate::dead_letters::content::printable;

/// A field's path, its value, and where it comes from.
pub(crate) type Row = [String; 3];

/// The text of a record. Ends in an empty line.
///
/// # Errors
/// [`ViewError`].
pub fn text(shown: &Shown<'_>) -> Result<String, ViewError> {
    let mut text = String::new();
    let (made, events) = (shown.made, shown.events());
    let letters = match made.letters.len() {
        0 => String::new(),
        count => format!(", {count} refused"),
    };
    let _ = writeln!(text, "{}: {} at {}, {} events{letters}", printable(shown.record), shown.plan.mapping_version(), made.place, events.len());
    for (event, explained) in &events {
        of_event(shown, event, explained.as_ref(), &mut text)?;
    }
    if let Some(waits) = &made.waits {
        let reason = if waits.missing.is_empty() { "behind an earlier record of one of its aggregates".to_owned() } else { "for master data".to_owned() };
        let _ = writeln!(text, "\n  WAITS {reason}");
        let missing = waits.missing.iter().map(|(reference, at)| ["missing".to_owned(), printable(reference), format!("at {at}")]);
        let aggregates = waits.aggregates.iter().map(|aggregate| ["aggregate".to_owned(), printable(aggregate), String::new()]);
        table(&missing.chain(aggregates).collect::<Vec<_>>(), &mut text);
    }
    for ignored in shown.ignored() {
        let _ = writeln!(text, "\n  IGNORED {}: {} (rule of line {})", printable(&ignored.path), printable(&ignored.reason), ignored.rule_line);
    }
    for output in &made.letters {
        let letter = shown.views.letter(&output.value)?;
        let _ = writeln!(text, "\n  REFUSED by {}: {} ({})", letter.processor, letter.code, letter.class.symbol());
        let rows = [
            ("reason", Some(letter.message)),
            ("field", letter.field),
            ("path", letter.path),
            ("plant", letter.plant),
            ("partner", letter.partner),
            ("event id", letter.event_id),
            ("correlation id", letter.correlation_id),
        ];
        let see = format!("docs/errors/{}.md", letter.code);
        let rows = rows.into_iter().chain([("see", Some(see.as_str()))]).filter_map(|(name, value)| Some([name.to_owned(), printable(value?), String::new()]));
        table(&rows.collect::<Vec<_>>(), &mut text);
    }
    for output in made.outputs.iter().filter(|_| shown.outputs) {
        let _ = writeln!(text, "\n  {}, key {}", output.topic, printable(&output.key));
        table(&rows(&shown.views.plain(&output.topic, &output.value)?, &HashMap::new()), &mut text);
    }
    text.push('\n');
    Ok(text)
}

fn of_event(shown: &Shown<'_>, event: &Event, explained: Option<&ExplainedEvent>, text: &mut String) -> Result<(), ViewError> {
    let outcome = match &event.outcome {
        Outcome::Refused(code) => format!("refused: {code}"),
        outcome => outcome.word().to_owned(),
    };
    let kind = explained.map_or("event", |explained| explained.type_name.as_str());
    let _ = writeln!(text, "\n  {kind} ({outcome}) to {}, key {}", event.topic, printable(&event.key));
    let rule = explained.map(|explained| format!(", rule of line {}", explained.rule_line)).unwrap_or_default();
    let _ = writeln!(text, "  id {} from {}{rule}", printable(&event.event_id), printable(&id_origin(explained)));
    let origins = explained.filter(|_| shown.lineage).map(|explained| explained.fields.iter().map(|field| (field.field.as_str(), field.origin.to_string())));
    table(&rows(&shown.views.plain(&event.topic, &event.payload)?, &origins.into_iter().flatten().collect()), text);
    Ok(())
}

/// Rows below each other, in columns.
pub(crate) fn table(rows: &[Row], text: &mut String) {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default();
    let (names, values) = (width(0), width(1));
    for [name, value, origin] in rows {
        let line = format!("    {name:names$}  {value:values$}  {origin}");
        let _ = writeln!(text, "{}", line.trim_end());
    }
}

/// The scalars of a view that are there, each with its path and the origin of that path or of the nearest record around it.
pub(crate) fn rows(view: &Value, origins: &HashMap<&str, String>) -> Vec<Row> {
    let mut rows = Vec::new();
    collect(view, String::new(), origins, &mut rows);
    rows
}

fn collect(view: &Value, path: String, origins: &HashMap<&str, String>, rows: &mut Vec<Row>) {
    match view {
        Value::Null => {}
        Value::Object(members) => {
            for (name, member) in members {
                let separator = if path.is_empty() { "" } else { "." };
                collect(member, format!("{path}{separator}{name}"), origins, rows);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                collect(item, format!("{path}[{index}]"), origins, rows);
            }
        }
        scalar => {
            let value = scalar.as_str().map_or_else(|| scalar.to_string(), printable);
            let origin = around(&path).find_map(|path| origins.get(path)).map(|origin| printable(origin)).unwrap_or_default();
            rows.push([path, value, origin]);
        }
    }
}

/// The path, then those of the records around it.
fn around(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(path), |path| path.rfind(['.', '[']).map(|end| &path[..end]))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn scalars_stand_with_their_paths_and_nothing_stands_for_what_is_absent() {
        let view = json!({"a": {"b": "x\u{1b}", "c": null}, "lines": [{"q": 1}, {"q": true}]});
        let origins = HashMap::from([("a", "/here".to_owned()), ("lines[1].q", "/there".to_owned())]);
        let rows: Vec<_> = rows(&view, &origins).into_iter().map(|row| row.join(" ")).collect();
        assert_eq!(rows, ["a.b x\\u{1b} /here", "lines[0].q 1 ", "lines[1].q true /there"]);
    }
}
