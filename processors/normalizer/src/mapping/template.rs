//! Templates: text with `{path}` in it. `{path?}` may be absent and is then empty; any other absent part makes the whole text absent.

use super::path::{Operand, Scope, operands};

/// A part of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Part {
    /// Text as it is.
    Text(Box<str>),
    /// The first operand that is there.
    Value { operands: Box<[Operand]>, optional: bool },
}

/// Reads a template.
pub(crate) fn template(text: &str, scope: Scope<'_>) -> Result<Box<[Part]>, String> {
    let mut parts = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (before, after) = rest.split_once('{').unwrap_or((rest, ""));
        if before.contains('}') {
            return Err(format!("`{text}`: a `}}` without its `{{`"));
        }
        if !before.is_empty() {
            parts.push(Part::Text(before.into()));
        }
        if before.len() == rest.len() {
            break;
        }
        let (inside, after) = after.split_once('}').ok_or_else(|| format!("`{text}`: a `{{` without its `}}`"))?;
        let (inside, optional) = inside.strip_suffix('?').map_or((inside, false), |inside| (inside, true));
        parts.push(Part::Value { operands: operands(inside, scope)?, optional });
        rest = after;
    }
    if parts.iter().all(|part| matches!(part, Part::Text(_))) {
        return Err(format!("`{text}` has no `{{path}}` in it; write `const` for a fixed text"));
    }
    Ok(parts.into())
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::document::{Format, Namespaces};

    fn read(text: &str) -> Result<Box<[Part]>, String> {
        template(
            text,
            Scope { format: Format::Json, namespaces: &Namespaces::default(), levels: &["c".to_owned()], paths: &crate::mapping::path::PathNumbers::default() },
        )
    }

    #[test]
    fn splits_text_and_values() {
        let parts = read("a-{x/y}#{#c}{z?}").unwrap();
        assert_eq!(parts.len(), 5);
        assert_eq!(parts[0], Part::Text("a-".into()));
        assert!(matches!(&parts[3], Part::Value { operands, optional: false } if matches!(operands[0], Operand::Ordinal { .. })));
        assert!(matches!(&parts[4], Part::Value { optional: true, .. }));
    }

    #[test]
    fn errors_say_what_is_wrong() {
        assert_eq!(read("fixed").unwrap_err(), "`fixed` has no `{path}` in it; write `const` for a fixed text");
        assert_eq!(read("a{b").unwrap_err(), "`a{b`: a `{` without its `}`");
        assert_eq!(read("a}b").unwrap_err(), "`a}b`: a `}` without its `{`");
        assert_eq!(read("{#d}").unwrap_err(), "nothing selected is named `d`; there is `c`");
    }
}
