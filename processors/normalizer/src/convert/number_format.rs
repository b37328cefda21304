//! How a source writes numbers: its decimal separator, its separator of thousands, and where its sign stands.

use std::borrow::Cow;
use std::fmt::Write;

use crate::refusals::{Checked, Code, Fault, shown};

/// Blanks that a source may put between groups of digits where its mapping says ` `: the plain one, the no-break one (U+00A0), the narrow no-break one
/// (U+202F) and the thin one (U+2009).
const BLANKS: [char; 4] = [' ', '\u{a0}', '\u{202f}', '\u{2009}'];
/// Apostrophes that mean the same: the typewriter's and the typographic one (U+2019), as Swiss sources mix them.
const APOSTROPHES: [char; 2] = ['\'', '\u{2019}'];

/// How a source writes numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NumberFormat {
    /// Between the whole part and the fraction.
    pub(crate) decimal: char,
    /// Between groups of three digits of the whole part; `None`: there is none.
    pub(crate) grouping: Option<char>,
    /// The sign may stand behind the number (`5-`), as SAP writes it.
    pub(crate) trailing_sign: bool,
}

impl NumberFormat {
    /// As JSON and XML Schema write them.
    pub(crate) const PLAIN: Self = Self { decimal: '.', grouping: None, trailing_sign: false };

    /// Appends the number as `[-]digits[.digits][e[+-]digits]`: the same value, however large or fine.
    ///
    /// # Errors
    /// [`Code::BadNumber`] where the text is no number of this format.
    pub(crate) fn rewrite(self, text: &str, into: &mut impl Write) -> Checked<()> {
        let parts = self.parts(text).map_err(|reason| {
            let grouping = self.grouping.map(|grouping| format!(" and grouping `{grouping}`")).unwrap_or_default();
            let separator = if reason.is_empty() { "" } else { ": " };
            Fault::new(Code::BadNumber, format!("{} is no number with decimal `{}`{grouping}{separator}{reason}", shown(text), self.decimal))
        })?;
        parts.write(into).map_err(|_| Fault::new(Code::BadNumber, format!("{} cannot be written", shown(text))))
    }

    /// The text taken apart, or why it is no number, as far as more can be said than that.
    fn parts(self, text: &str) -> Result<Parts<'_>, Cow<'static, str>> {
        let (negative, unsigned) = self.sign(text)?;
        let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, Some(exponent)),
            None => (unsigned, None),
        };
        let (whole, fraction) = match mantissa.split_once(self.decimal) {
            Some((_, "")) => return Err("there are no digits behind the decimal separator".into()),
            Some((whole, fraction)) => (whole, fraction),
            None => (mantissa, ""),
        };
        if whole.is_empty() && fraction.is_empty() {
            return Err(NOTHING);
        }
        if !is_digits(fraction) {
            return Err(format!("the fraction `{fraction}` is not of digits alone").into());
        }
        if let Some(exponent) = exponent {
            let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
            if digits.is_empty() || !is_digits(digits) {
                return Err("an exponent is a whole number".into());
            }
        }
        let separator = if is_digits(whole) { None } else { Some(self.separator_of(whole, exponent.is_some())?) };
        Ok(Parts { negative, whole, separator, fraction, exponent })
    }

    fn sign(self, text: &str) -> Result<(bool, &str), &'static str> {
        let leading = text.strip_prefix(['-', '+']);
        let unsigned = leading.unwrap_or(text);
        match unsigned.strip_suffix(['-', '+']) {
            Some(_) if !self.trailing_sign => Err("a sign stands behind it, and the mapping does not say `trailing_sign: true`"),
            Some(_) if leading.is_some() => Err("a sign stands on both sides"),
            Some(unsigned) => Ok((text.ends_with('-'), unsigned)),
            None => Ok((text.starts_with('-'), unsigned)),
        }
    }

    /// The character between the groups of a whole part that is not of digits alone; every group has to stand where it belongs.
    fn separator_of(self, whole: &str, has_exponent: bool) -> Result<char, Cow<'static, str>> {
        let found = whole.chars().find(|character| !character.is_ascii_digit()).ok_or(NOTHING)?;
        if !self.grouping.is_some_and(|grouping| is_same(grouping, found)) {
            return Err(NOTHING);
        }
        if has_exponent {
            return Err("it has both groups of digits and an exponent".into());
        }
        let mut groups = whole.split(found);
        let first = groups.next().unwrap_or_default();
        // `0.001` with `.` between groups was meant as a fraction by whoever wrote it.
        if first.starts_with('0') {
            return Err(format!("its first group `{first}` begins with a zero, so `{found}` may be meant as a decimal separator").into());
        }
        if !(1..=3).contains(&first.len()) {
            return Err(format!("its first group `{first}` has {}, not one to three", count_of_digits(first)).into());
        }
        if let Some(group) = groups.clone().find(|group| !is_digits(group)) {
            return Err(format!("the group `{group}` is not of digits alone").into());
        }
        if let Some(group) = groups.find(|group| group.len() != 3) {
            return Err(format!("the group `{group}` has {}, not three", count_of_digits(group)).into());
        }
        Ok(found)
    }
}

/// A number taken apart.
struct Parts<'t> {
    negative: bool,
    whole: &'t str,
    separator: Option<char>,
    fraction: &'t str,
    exponent: Option<&'t str>,
}

impl Parts<'_> {
    fn write(&self, into: &mut impl Write) -> std::fmt::Result {
        if self.negative {
            into.write_char('-')?;
        }
        match self.separator {
            _ if self.whole.is_empty() => into.write_char('0')?,
            None => into.write_str(self.whole)?,
            Some(separator) => self.whole.split(separator).try_for_each(|group| into.write_str(group))?,
        }
        if !self.fraction.is_empty() {
            into.write_char('.')?;
            into.write_str(self.fraction)?;
        }
        match self.exponent {
            Some(exponent) => write!(into, "e{exponent}"),
            None => Ok(()),
        }
    }
}

/// No more can be said than that it is none.
const NOTHING: Cow<'static, str> = Cow::Borrowed("");

fn count_of_digits(group: &str) -> Cow<'static, str> {
    match group.len() {
        0 => "no digit".into(),
        1 => "one digit".into(),
        2 => "two digits".into(),
        4 => "four digits".into(),
        count => format!("{count} digits").into(),
    }
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether `found` is what the mapping calls `grouping`.
fn is_same(grouping: char, found: char) -> bool {
    let alike = |set: &[char]| set.contains(&grouping) && set.contains(&found);
    grouping == found || alike(&BLANKS) || alike(&APOSTROPHES)
}

#[cfg(test)]
#[path = "number_format_tests.rs"]
mod tests;
