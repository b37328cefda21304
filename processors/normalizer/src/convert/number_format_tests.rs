use bigdecimal::BigDecimal;
use lineside_schemas::Decimal;
use proptest::prelude::*;

use super::*;
use crate::convert::number;

const GERMAN: NumberFormat = NumberFormat { decimal: ',', grouping: Some('.'), trailing_sign: false };
const FRENCH: NumberFormat = NumberFormat { decimal: ',', grouping: Some(' '), trailing_sign: false };
const SWISS: NumberFormat = NumberFormat { decimal: '.', grouping: Some('\''), trailing_sign: false };
const SAP: NumberFormat = NumberFormat { decimal: '.', grouping: None, trailing_sign: true };

fn rewritten(format: NumberFormat, text: &str) -> Result<String, Code> {
    let mut into = String::new();
    format.rewrite(text, &mut into).map_err(|fault| fault.code).map(|()| into)
}

/// What the contract gets, through both steps.
fn read(format: NumberFormat, text: &str) -> Result<Decimal, Code> {
    rewritten(format, text).and_then(|plain| number::decimal(&plain).map_err(|fault| fault.code))
}

#[test]
fn numbers_of_other_countries_are_the_same_numbers() {
    for (format, text, expected) in [
        (GERMAN, "1.234,50", "1234.5"),
        (GERMAN, "1234,50", "1234.5"),
        (GERMAN, "-1.234.567,000000001", "-1234567.000000001"),
        (GERMAN, "1.500", "1500"),
        (GERMAN, ",5", "0.5"),
        (GERMAN, "4,1E-3", "0.0041"),
        (FRENCH, "1 234,5", "1234.5"),
        (FRENCH, "1\u{a0}234\u{a0}567,5", "1234567.5"),
        (FRENCH, "12\u{202f}345", "12345"),
        (SWISS, "1'234.50", "1234.5"),
        (SWISS, "1\u{2019}234.50", "1234.5"),
        (SAP, "5-", "-5"),
        (SAP, "5+", "5"),
        (SAP, "-5", "-5"),
        (SAP, "1.250-", "-1.25"),
        (NumberFormat::PLAIN, "-0", "0"),
        (NumberFormat::PLAIN, "+5", "5"),
        (NumberFormat::PLAIN, "0.4E1", "4"),
        (NumberFormat::PLAIN, "0.4e+1", "4"),
        (NumberFormat::PLAIN, "40E-1", "4"),
        (NumberFormat::PLAIN, "000123.500", "123.5"),
        (NumberFormat::PLAIN, "12345678901234567890123456789", "12345678901234567890123456789"),
    ] {
        assert_eq!(read(format, text).map(|value| value.to_string()).as_deref(), Ok(expected), "{text}");
    }
}

#[test]
fn what_could_be_another_number_is_refused() {
    for (format, text, code) in [
        (GERMAN, "1.23,4", Code::BadNumber),
        (GERMAN, "1.2345", Code::BadNumber),
        (GERMAN, "1234.567,8", Code::BadNumber),
        (GERMAN, "12.34", Code::BadNumber),
        (GERMAN, "0.001", Code::BadNumber),
        (GERMAN, ".500", Code::BadNumber),
        (GERMAN, "1..234", Code::BadNumber),
        (GERMAN, "1.234.", Code::BadNumber),
        (GERMAN, "1,234,567", Code::BadNumber),
        (GERMAN, "1,234.567", Code::BadNumber),
        (GERMAN, "1,", Code::BadNumber),
        (GERMAN, "1.234E1", Code::BadNumber),
        (FRENCH, "1 234\u{a0}567", Code::BadNumber),
        (FRENCH, " 1", Code::BadNumber),
        (SWISS, "1,234", Code::BadNumber),
        (SAP, "-5-", Code::BadNumber),
        (SAP, "5--", Code::BadNumber),
        (SAP, "-", Code::BadNumber),
        (NumberFormat::PLAIN, "5-", Code::BadNumber),
        (NumberFormat::PLAIN, "1,5", Code::BadNumber),
        (NumberFormat::PLAIN, "", Code::BadNumber),
        (NumberFormat::PLAIN, "1e", Code::BadNumber),
        (NumberFormat::PLAIN, "e5", Code::BadNumber),
        (NumberFormat::PLAIN, "1e5.5", Code::BadNumber),
        (NumberFormat::PLAIN, "0x1F", Code::BadNumber),
        (NumberFormat::PLAIN, "\u{661}", Code::BadNumber),
        (NumberFormat::PLAIN, "NaN", Code::BadNumber),
        (NumberFormat::PLAIN, "Infinity", Code::BadNumber),
        (NumberFormat::PLAIN, "123456789012345678901234567890", Code::NumberTooLarge),
        (GERMAN, "0,0000000001", Code::NumberTooFine),
        (GERMAN, "1,5e-9", Code::NumberTooFine),
        (GERMAN, "1e29", Code::NumberTooLarge),
    ] {
        assert_eq!(read(format, text), Err(code), "{text}");
    }
}

fn formats() -> impl Strategy<Value = NumberFormat> {
    let separators = prop_oneof![Just(('.', ',')), Just((',', '.')), Just((',', ' ')), Just((',', '\u{a0}')), Just(('.', '\'')), Just(('.', '\u{2019}'))];
    (separators, any::<bool>(), any::<bool>()).prop_map(|((decimal, grouping), is_grouped, trailing_sign)| NumberFormat {
        decimal,
        grouping: is_grouped.then_some(grouping),
        trailing_sign,
    })
}

/// The number as a source of that format writes it.
#[test]
fn what_is_wrong_with_a_group_is_named() {
    for (format, text, message) in [
        (GERMAN, "1.2.3", "`1.2.3` is no number with decimal `,` and grouping `.`: the group `2` has one digit, not three"),
        (GERMAN, "1.00,5", "`1.00,5` is no number with decimal `,` and grouping `.`: the group `00` has two digits, not three"),
        (GERMAN, "1..234", "`1..234` is no number with decimal `,` and grouping `.`: the group `` has no digit, not three"),
        (GERMAN, "1234.567", "`1234.567` is no number with decimal `,` and grouping `.`: its first group `1234` has four digits, not one to three"),
        (GERMAN, "0.001", "`0.001` is no number with decimal `,` and grouping `.`: its first group `0` begins with a zero, so `.` may be meant as a decimal separator"),
        (GERMAN, "1.23x", "`1.23x` is no number with decimal `,` and grouping `.`: the group `23x` is not of digits alone"),
        (GERMAN, "1,2,3", "`1,2,3` is no number with decimal `,` and grouping `.`: the fraction `2,3` is not of digits alone"),
        (GERMAN, "hoch", "`hoch` is no number with decimal `,` and grouping `.`"),
        (SAP, "5,0", "`5,0` is no number with decimal `.`"),
        (FRENCH, "5-", "`5-` is no number with decimal `,` and grouping ` `: a sign stands behind it, and the mapping does not say `trailing_sign: true`"),
    ] {
        let fault = format.rewrite(text, &mut String::new()).expect_err(text);
        assert_eq!((fault.code, &*fault.message), (Code::BadNumber, message));
    }
}

fn written(format: NumberFormat, plain: &str, with_groups: bool, sign_behind: bool) -> String {
    let unsigned = plain.trim_start_matches('-');
    let (whole, fraction) = unsigned.split_once('.').map_or((unsigned, None), |(whole, fraction)| (whole, Some(fraction)));
    let mut text = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if let Some(grouping) = format.grouping.filter(|_| with_groups && at > 0 && (whole.len() - at).is_multiple_of(3)) {
            text.push(grouping);
        }
        text.push(digit);
    }
    if let Some(fraction) = fraction {
        text.push(format.decimal);
        text.push_str(fraction);
    }
    match (plain.starts_with('-'), sign_behind && format.trailing_sign) {
        (true, true) => text + "-",
        (true, false) => format!("-{text}"),
        (false, _) => text,
    }
}

/// The value of a text, by a decimal library that has nothing to do with ours.
fn reference(text: &str) -> BigDecimal {
    text.parse().expect("a plain number")
}

proptest! {
    #[test]
    fn a_number_in_any_format_has_the_value_it_was_written_with(
        plain in "-?(0|[1-9][0-9]{0,32})(\\.[0-9]{1,14})?",
        format in formats(),
        with_groups: bool,
        sign_behind: bool,
    ) {
        let text = written(format, &plain, with_groups, sign_behind);
        let rewritten = rewritten(format, &text).expect("what a source of the format writes");
        prop_assert_eq!(reference(&rewritten), reference(&plain));
        // Then the contract keeps exactly that, or says which way it does not fit.
        let value = reference(&plain).normalized();
        let (digits, scale) = value.as_bigint_and_exponent();
        let whole_digits = i64::try_from(digits.magnitude().to_string().len()).expect("few digits") - scale;
        match number::decimal(&rewritten) {
            Ok(kept) => prop_assert_eq!(reference(&kept.to_string()), value),
            Err(fault) if fault.code == Code::NumberTooFine => prop_assert!(scale > 9),
            Err(fault) if fault.code == Code::NumberTooLarge => prop_assert!(whole_digits > 29),
            Err(fault) => prop_assert!(false, "{fault:?}"),
        }
    }

    #[test]
    fn exponents_of_either_sign_move_the_point_and_nothing_else(digits in "[0-9]{1,12}", fraction in "[0-9]{1,6}", exponent in -25_i32..25) {
        let text = format!("{digits},{fraction}E{exponent:+}");
        let value = reference(&format!("{digits}.{fraction}e{exponent}")).normalized();
        match read(GERMAN, &text) {
            Ok(kept) => prop_assert_eq!(reference(&kept.to_string()), value),
            Err(code) => prop_assert!(matches!(code, Code::NumberTooFine | Code::NumberTooLarge), "{code:?}"),
        }
    }

    #[test]
    fn a_displaced_group_is_never_read(first in "[1-9][0-9]{0,2}", second in "[0-9]{1,5}") {
        prop_assume!(second.len() != 3);
        let text = format!("{first}.{second}");
        prop_assert_eq!(rewritten(GERMAN, &text), Err(Code::BadNumber));
    }

    #[test]
    fn any_text_is_a_plain_number_or_refused(text in "[-+0-9.,' eE\u{a0}\u{202f}\u{2019}\u{661}]{0,14}", format in formats()) {
        if let Ok(plain) = rewritten(format, &text) {
            // What is let through is a number to everyone, with the digits of the text and in their order.
            let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
            prop_assert!(digits(&plain).trim_start_matches('0').ends_with(digits(&text).trim_start_matches('0')), "{text} -> {plain}");
            prop_assert!(plain.parse::<Decimal>() != Err(lineside_schemas::decimal::ParseDecimalError::Syntax), "{plain}");
        }
    }

    #[test]
    fn arbitrary_texts_never_panic(text: String, decimal: char, grouping: Option<char>, trailing_sign: bool) {
        let _ = rewritten(NumberFormat { decimal, grouping, trailing_sign }, &text);
    }
}
