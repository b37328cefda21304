use jiff::civil::DateTime;
use proptest::prelude::*;

use super::*;

fn read(pattern: &str, text: &str) -> Option<String> {
    let written = TimePattern::compile(pattern, Some(1970)).expect("a good pattern").read(text)?;
    let mut into = String::new();
    match written.time {
        Some(time) => written.write(time, &mut into).expect("a string takes everything"),
        None => into = written.date.to_string(),
    }
    Some(into)
}

#[test]
fn dates_and_times_are_read_in_the_form_of_their_source() {
    for (pattern, text, expected) in [
        ("%d.%m.%Y %H:%M", "31.12.2024 23:59", "2024-12-31T23:59:00"),
        ("%-d.%-m.%Y %-H:%M", "1.2.2024 7:05", "2024-02-01T07:05:00"),
        ("%m/%d/%Y %I:%M:%S %p", "12/31/2024 12:00:01 AM", "2024-12-31T00:00:01"),
        ("%m/%d/%Y %-I:%M %p", "12/31/2024 1:30 pm", "2024-12-31T13:30:00"),
        ("%d-%b-%Y", "05-MAR-2024", "2024-03-05"),
        ("%Y%m%d", "20241231", "2024-12-31"),
        ("%Y%m%d%H%M%S", "20241231235958", "2024-12-31T23:59:58"),
        ("%Y%m%d%H%M%z", "202412312359+0130", "2024-12-31T23:59:00+01:30"),
        ("%Y-%m-%dT%H:%M:%S.%f%z", "2024-12-31T23:59:58.25Z", "2024-12-31T23:59:58.25Z"),
        ("%Y-%m-%d %H:%M:%S %z", "2024-12-31 23:59:58 +00:00", "2024-12-31T23:59:58+00:00"),
        ("%Y%j", "2024366", "2024-12-31"),
        ("%y%m%d", "691231", "2069-12-31"),
        ("%y%m%d", "700101", "1970-01-01"),
        ("%d.%m.%Y 100%%", "31.12.2024 100%", "2024-12-31"),
        ("{odata}", "/Date(1471564800000)/", "2016-08-19T00:00:00"),
        ("{odata}", "/Date(1471564800000+0000)/", "2016-08-19T00:00:00Z"),
        ("{odata}", "/Date(1471564800000+0060)/", "2016-08-19T01:00:00+01:00"),
        ("{odata-utc}", "/Date(-1)/", "1969-12-31T23:59:59.999Z"),
        ("{odata} {duration}", "/Date(1471564800000)/ PT10H00M00S", "2016-08-19T10:00:00"),
        ("{odata} {duration}", "/Date(1471564800000+0000)/ PT10H00M05.5S", "2016-08-19T10:00:05.5"),
        ("%Y-%m-%dT00:00:00 {duration}", "2016-08-19T00:00:00 PT7M", "2016-08-19T00:07:00"),
        ("{epoch}", "1471564800", "2016-08-19T00:00:00Z"),
        ("{epoch-ms}", "-1500", "1969-12-31T23:59:58.5Z"),
        ("{iso}", "2024-12-31T23:59:58.5+01:00", "2024-12-31T23:59:58.5+01:00"),
    ] {
        assert_eq!(read(pattern, text).as_deref(), Some(expected), "{pattern} {text}");
    }
}

#[test]
fn what_has_another_form_or_no_place_in_the_calendar_is_not_read() {
    for (pattern, text) in [
        ("%d.%m.%Y", "1.12.2024"),
        ("%d.%m.%Y", "31.12.24"),
        ("%d.%m.%Y", "31.12.2024 "),
        ("%d.%m.%Y", " 31.12.2024"),
        ("%d.%m.%Y", "30.02.2024"),
        ("%Y%m%d", "2024123"),
        ("%Y%m%d", "202412310"),
        ("%Y%m%d", "+0241231"),
        ("%Y%m%d", "00000000"),
        ("%Y-%m-%d %H:%M", "2024-12-31 24:00"),
        ("%Y-%m-%d %H:%M:%S", "2024-12-31 23:59:60"),
        ("%Y-%m-%d %I:%M %p", "2024-12-31 13:00 PM"),
        ("%Y-%m-%d %I:%M %p", "2024-12-31 00:00 AM"),
        ("%d-%b-%Y", "05-MAI-2024"),
        ("%d-%b-%Y", "05-M\u{e4}r-2024"),
        ("%Y%j", "2023366"),
        ("%Y%j", "2023000"),
        ("%Y-%m-%d %H:%M%z", "2024-12-31 23:59+01:60"),
        ("%Y-%m-%d %H:%M%z", "2024-12-31 23:59"),
        ("{odata} {duration}", "/Date(1471564800001)/ PT10H"),
        ("{odata} {duration}", "/Date(1471564800000)/ PT24H00M00S"),
        ("{odata} {duration}", "/Date(1471564800000)/ PT"),
        ("{odata} {duration}", "/Date(1471564800000)/ PT10M5H"),
        ("{odata} {duration}", "/Date(1471564800000)/ P1D"),
        ("{odata}", "/Date(14715648000000000)/"),
        ("{odata}", "/Date(1471564800000"),
        ("{odata}", "/Date(+1)/"),
        ("{epoch}", "1471564800.5"),
        ("{epoch}", "1e9"),
        ("{epoch}", "999999999999999999"),
        ("{iso}", "2024-12-31T23:59:60Z"),
        ("{iso}", "2024-12-31T23:59:00+01:00[Europe/Berlin]"),
    ] {
        assert_eq!(read(pattern, text), None, "{pattern} {text}");
    }
}

#[test]
fn a_date_that_a_lenient_reader_would_take_is_not_read() {
    // Why patterns are not `strptime`'s: this would be the 3rd of December.
    assert_eq!(jiff::civil::Date::strptime("%Y%m%d", "2024123").map(|date| date.to_string()).ok().as_deref(), Some("2024-12-03"));
    assert_eq!(read("%Y%m%d", "2024123"), None);
}

#[test]
fn patterns_that_cannot_work_are_errors() {
    for (pattern, expected) in [
        ("%H:%M", "makes no date"),
        ("%Y-%m", "makes no date"),
        ("%Y-%d", "makes no date"),
        ("%Y-%m-%d %j", "makes no date"),
        ("", "makes no date"),
        ("{odata} %Y", "makes no date"),
        ("%Y-%m-%d %M", "has a part of a time without the larger one"),
        ("%Y-%m-%d %H %S", "has a part of a time without the larger one"),
        ("%Y-%m-%d %H {duration}", "or the time of day twice"),
        ("{odata} %H", "or the time of day twice"),
        ("%Y-%m-%d %I:%M", "needs `%p` for `%I`"),
        ("%Y-%m-%d %H:%M %p", "needs `%p` for `%I`"),
        ("%Y-%m-%d%z", "has an offset from UTC without the time"),
        ("%Y-%m-%d %Y", "has a field twice"),
        ("%Y-%m-%d %b", "has a field twice"),
        ("{iso} x", "has something beside a form that stands alone"),
        ("%Y-%m-%d %Q", "`%Q` is no directive"),
        ("%-Y-%m-%d", "`%-Y` is no directive"),
        ("%Y-%m-%d %", "a `%` at the end"),
        ("{unix}", "`{unix}` is no form of a time"),
        ("{iso", "a `{` without its `}`"),
    ] {
        let error = TimePattern::compile(pattern, Some(1970)).expect_err(pattern);
        assert!(error.contains(expected), "{pattern}: {error}");
    }
    let error = TimePattern::compile("%y%m%d", None).expect_err("no pivot");
    assert!(error.contains("`%y` needs a `pivot`"), "{error}");
}

#[test]
fn two_digits_are_a_year_of_the_hundred_from_the_pivot() {
    for (pivot, text, expected) in [(1950, "491231", 2049), (1950, "500101", 1950), (2000, "990101", 2099), (1999, "990101", 1999), (1999, "980101", 2098)] {
        let written = TimePattern::compile("%y%m%d", Some(pivot)).expect("a pattern").read(text).expect("a date");
        assert_eq!(written.date.year(), expected, "{pivot} {text}");
    }
}

fn moments() -> impl Strategy<Value = DateTime> {
    (1000_i16..=9999, 1_i8..=12, 1_i8..=28, 0_i8..=23, 0_i8..=59, 0_i8..=59, 0_i32..=999_999_999)
        .prop_map(|(year, month, day, hour, minute, second, nanos)| DateTime::new(year, month, day, hour, minute, second, nanos).expect("it is in the calendar"))
}

/// Patterns that keep everything of a time to the second, as `jiff` writes them too.
const WHOLE: &[&str] =
    &["%d.%m.%Y %H:%M:%S", "%-d.%-m.%Y %-H:%M:%S", "%m/%d/%Y %I:%M:%S %p", "%-m/%-d/%Y %-I:%M:%S %p", "%Y%m%d%H%M%S", "%Y%jT%H%M%S", "%d-%b-%Y %H.%M.%S"];

proptest! {
    #[test]
    fn what_another_library_writes_is_read_as_it_was_meant(moment in moments(), which in 0..WHOLE.len()) {
        let text = moment.strftime(WHOLE[which]).to_string();
        let whole_seconds = moment.with().subsec_nanosecond(0).build().expect("a time");
        prop_assert_eq!(read(WHOLE[which], &text), Some(whole_seconds.to_string()), "{}", text);
    }

    #[test]
    fn fractions_keep_their_nine_digits(moment in moments()) {
        let text = format!("{}.{:09}", moment.strftime("%Y-%m-%d %H:%M:%S"), moment.subsec_nanosecond());
        prop_assert_eq!(read("%Y-%m-%d %H:%M:%S.%f", &text), Some(moment.to_string()));
    }

    #[test]
    fn any_pattern_and_any_text_end_without_a_panic(pattern in "(%-?[YymbdjHIpMSfz]|[-./: T]|\\{(odata|odata-utc|duration|epoch|iso)\\}){0,8}", text in "[-+0-9A-Za-z:./() \u{e4}]{0,30}", pivot: Option<i16>) {
        if let Ok(pattern) = TimePattern::compile(&pattern, pivot) {
            let _ = pattern.read(&text);
        }
    }

    #[test]
    fn arbitrary_patterns_never_panic(pattern: String, text: String) {
        if let Ok(pattern) = TimePattern::compile(&pattern, Some(2000)) {
            let _ = pattern.read(&text);
        }
    }

    #[test]
    fn what_begins_right_is_read_to_the_end(rest in "[-+0-9.:TZ ]{0,6}") {
        // Only the date alone has this form: whatever stands behind it is not passed over.
        prop_assert_eq!(read("%Y-%m-%d", &format!("2024-12-31{rest}")).is_some(), rest.is_empty());
    }
}
