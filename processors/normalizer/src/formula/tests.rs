use proptest::prelude::*;

use super::*;

const GERMAN: NumberFormat = NumberFormat { decimal: ',', grouping: Some('.'), trailing_sign: false };

fn run(source: &str, texts: &[(&str, &str)]) -> Result<String, Code> {
    let names: Vec<_> = texts.iter().map(|(name, _)| *name).collect();
    let formula = Formula::compile(source, &names, NumberFormat::PLAIN).unwrap_or_else(|error| panic!("{source}: {error}"));
    match formula.run(texts) {
        Ok(Outcome::Text(text)) => Ok(format!("'{text}'")),
        Ok(Outcome::Number(number)) => Ok(number),
        Ok(Outcome::Truth(truth)) => Ok(truth.to_string()),
        Err(fault) => {
            assert!(fault.message.contains(source), "{}", fault.message);
            Err(fault.code)
        }
    }
}

fn error(source: &str, names: &[&str]) -> String {
    Formula::compile(source, names, NumberFormat::PLAIN).expect_err(source)
}

#[test]
fn expressions_compute_with_the_texts_they_are_given() {
    for (source, texts, expected) in [
        ("a + '/' + b", &[("a", "x"), ("b", "y")][..], "'x/y'"),
        ("a.split('-')[1]", &[("a", "HALL-07-B")], "'07'"),
        ("a.substring(0, 4)", &[("a", "DE01LINE5")], "'DE01'"),
        ("a.substring(a.indexOf('/') + 1)", &[("a", "DE01/LINE5")], "'LINE5'"),
        ("a.trim().upperAscii()", &[("a", " kg ")], "'KG'"),
        ("a.replace(' ', '')", &[("a", "4 711")], "'4711'"),
        ("a == '' ? b : a", &[("a", ""), ("b", "x")], "'x'"),
        ("a in ['H', 'S'] && !a.startsWith('H')", &[("a", "S")], "true"),
        ("a >= 'B' || size(a) == 0", &[("a", "A")], "false"),
        ("int(a) % 10 == 3", &[("a", "0013")], "true"),
        ("decimal(a) + decimal(b)", &[("a", "0.1"), ("b", "0.2")], "0.3"),
        ("decimal(a) - decimal(b) * decimal(3)", &[("a", "1"), ("b", "0.333333333")], "0.000000001"),
        ("a == 'H' ? -decimal(b) : decimal(b)", &[("a", "H"), ("b", "1.50")], "-1.5"),
        ("decimal(a) > decimal('0')", &[("a", "-0")], "false"),
        ("decimal(a) == decimal(b)", &[("a", "1.50"), ("b", "01.5")], "true"),
        ("string(decimal(a))", &[("a", "0.4E1")], "'4'"),
        ("string(int(a) + 1)", &[("a", "41")], "'42'"),
        ("a.charAt(1)", &[("a", "äöü")], "'ö'"),
        ("a.substring(a.lastIndexOf('.') + 1).lowerAscii()", &[("a", "x.y.CSV")], "'csv'"),
        ("a.indexOf('.', 2) - size(a)", &[("a", "x.y.z")], "-2"),
        ("a.contains('-') && a.endsWith('B') && a.size() == 3", &[("a", "A-B")], "true"),
        ("size(a.split('-')) * -int('2')", &[("a", "A-B-C")], "-6"),
        ("[a, b][1]", &[("a", "x"), ("b", "y")], "'y'"),
        ("decimal(a) <= decimal(1) || decimal(a) != decimal(a)", &[("a", "1.000000001")], "false"),
    ] {
        assert_eq!(run(source, texts).as_deref(), Ok(expected), "{source}");
    }
}

/// Source of a row's call, with operands that every function takes.
fn call(name: &str, takes: &[Type], is_method: bool) -> String {
    let operands: Vec<_> = takes
        .iter()
        .map(|operand| match operand {
            Type::Text => "a",
            Type::Whole => "1",
            Type::Decimal => "decimal(a)",
            Type::Truth => "(a == 'x')",
            Type::Texts => "a.split('')",
        })
        .collect();
    match (name.trim_start_matches('@'), operands.as_slice()) {
        ("replace", _) => "a.replace('7', 'x')".to_owned(),
        (method, [target, rest @ ..]) if is_method => format!("{target}.{method}({})", rest.join(", ")),
        ("_[_]", [list, index]) => format!("{list}[{index}]"),
        ("in", [item, list]) => format!("{item} in {list}"),
        (operator, [one]) if operator.contains('_') => format!("{}{one}", operator.trim_matches('_')),
        (operator, [one, other]) if operator.contains('_') => format!("{one} {} {other}", operator.trim_matches('_')),
        (function, operands) => format!("{function}({})", operands.join(", ")),
    }
}

#[test]
fn every_row_of_the_tables_gives_what_it_says() {
    for (name, takes, gives, is_method) in check::rows() {
        let call = if gives == Type::Texts { call(name, takes, is_method) + "[0]" } else { call(name, takes, is_method) };
        // Rows of numbers alone would leave the operand unused.
        let source = format!("a == '' ? {call} : {call}");
        let formula = Formula::compile(&source, &["a"], NumberFormat::PLAIN).unwrap_or_else(|error| panic!("{source}: {error}"));
        let outcome = formula.run(&[("a", "47")]).unwrap_or_else(|fault| panic!("{}", fault.message));
        let fits = match outcome {
            Outcome::Text(_) => matches!(gives, Type::Text | Type::Texts),
            Outcome::Number(_) => matches!(gives, Type::Whole | Type::Decimal),
            Outcome::Truth(_) => gives == Type::Truth,
        };
        assert!(fits, "{source}: {outcome:?}");
    }
}

#[test]
fn decimals_are_read_as_the_source_writes_them() {
    let formula = Formula::compile("decimal(a) + decimal(1)", &["a"], GERMAN).expect("it compiles");
    assert_eq!(formula.run(&[("a", "1.234,50")]), Ok(Outcome::Number("1235.5".to_owned())));
    assert_eq!(formula.run(&[("a", "1.23,4")]).map_err(|fault| fault.code), Err(Code::BadNumber));
}

#[test]
fn what_has_no_result_is_refused_with_its_code() {
    for (source, texts, code) in [
        ("a.split('-')[1]", &[("a", "HALL")][..], Code::ExpressionFailed),
        ("a.substring(0, 4)", &[("a", "DE")], Code::ExpressionFailed),
        ("int(a) > 0", &[("a", "4.5")], Code::ExpressionFailed),
        ("int(a) * int(a)", &[("a", "9223372036854775807")], Code::ExpressionFailed),
        ("int(a) % int(b)", &[("a", "1"), ("b", "0")], Code::ExpressionFailed),
        ("decimal(a) * decimal(a)", &[("a", "0.00001")], Code::ExpressionFailed),
        ("decimal(a) + decimal(a)", &[("a", "99999999999999999999999999999")], Code::ExpressionFailed),
        ("decimal(a)", &[("a", "")], Code::BadNumber),
        ("decimal(a)", &[("a", "1,5")], Code::BadNumber),
        ("decimal(a)", &[("a", "0.0000000001")], Code::NumberTooFine),
        ("decimal(a)", &[("a", "123456789012345678901234567890")], Code::NumberTooLarge),
    ] {
        assert_eq!(run(source, texts), Err(code), "{source}");
    }
}

#[test]
fn what_cannot_work_is_said_before_any_document_is_there() {
    for (source, expected) in [
        ("a +", "no CEL expression: line 1, column "),
        ("a\n  == == b", "no CEL expression: line 2, column "),
        ("", "no CEL expression"),
        ("lott + a", "`with` has no `lott`; did you mean `lot`?"),
        ("a + 1", "`+` does not take a text and a number"),
        ("a == 5", "`==` does not take a text and a whole number"),
        ("5 == decimal(a)", "`==` does not take a whole number and a decimal"),
        ("true < false", "`<` does not take true or false and true or false"),
        ("a ? a : a", "`? :` needs true or false and two values of one type"),
        ("true ? a : 5", "`? :` needs true or false and two values of one type"),
        ("a && true", "`&&` does not take a text and true or false"),
        ("!a", "`!` does not take a text"),
        ("-a", "`-` does not take a text"),
        ("a / a", "there is no division"),
        ("decimal(a) / decimal(2)", "there is no division"),
        ("a == null", "no `null`, bytes or unsigned numbers"),
        ("1.5 > 0.5", "write `decimal('1.5')`"),
        ("double(a) > double(a)", "there is no function `double`"),
        ("matches(a, 'x')", "there is no function `matches`"),
        ("a.matches('x')", "there is no function of a value `matches`"),
        ("a.startWith('x')", "there is no function of a value `startWith`; did you mean `startsWith`?"),
        ("a.split('').map(x, x + a)[0]", "there is no function of a value `map`"),
        ("a.split('').exists(x, x == a)", "there is no function of a value `exists`"),
        ("'%s'.format([a])", "there is no function of a value `format`"),
        ("a.split('').join(a)", "there is no function of a value `join`"),
        ("a.replace('x', a)", "`replace` takes two fixed texts"),
        ("a.replace('', 'x')", "`replace` takes two fixed texts"),
        ("a.replace('x', 'xx')", "`replace` takes two fixed texts"),
        ("a.split('-')", "the expression gives a list"),
        ("a.split('-') == a.split('/')", "`==` does not take a list of texts and a list of texts"),
        ("[a, 5][0]", "a list has texts only"),
        ("a.b", "`.b`: texts have no members"),
        ("{'a': a}['a']", "no maps or messages"),
        ("has(a.b)", "there is no function `has`"),
        ("'fixed'", "the expression does not use `a`"),
    ] {
        let said = error(source, &["a", "lot"]);
        assert!(said.contains(expected) || said.contains("does not use `lot`") && expected.contains("does not use"), "{source}: {said}");
    }
    assert!(error(&format!("a == '{}'", "x".repeat(MAX_SOURCE)), &["a"]).contains("bytes, where 2000 are allowed"));
    assert!(error(&format!("{}a{}", "(a + ".repeat(30), ")".repeat(30)), &["a"]).contains("nested more than 24 levels"));
}

#[test]
fn the_longest_texts_of_the_longest_expression_stay_bounded() {
    let long = "x".repeat(4096);
    // As many operands as an expression can have in its bytes and levels: what it gives is no longer than all of them together.
    let source = (0..20).map(|_| "a").collect::<Vec<_>>().join(" + ");
    assert_eq!(run(&source, &[("a", &long)]).map(|text| text.len()), Ok(20 * 4096 + 2));
}

proptest! {
    #[test]
    fn sums_are_those_of_exact_decimals(a in -1_000_000_000_000_i64..1_000_000_000_000, b in -1_000_000_000_000_i64..1_000_000_000_000) {
        let decimal = |unscaled: i64| lineside_schemas::Decimal::from_unscaled(i128::from(unscaled)).expect("few digits");
        let (a, b) = (decimal(a), decimal(b));
        let sum = a.checked_add(b).expect("few digits");
        prop_assert_eq!(run("decimal(a) + decimal(b)", &[("a", &a.to_string()), ("b", &b.to_string())]), Ok(sum.to_string()));
    }

    #[test]
    fn arbitrary_sources_never_panic(source in "[a-c0-9'\"+*/()\\[\\].,?: =<>!&|-]{0,40}") {
        if let Ok(formula) = Formula::compile(&source, &["a"], NumberFormat::PLAIN) {
            let _ = formula.run(&[("a", "4711")]);
        }
    }

    #[test]
    fn arbitrary_texts_never_panic(text: String) {
        for source in ["a.split('-')[1]", "a.substring(1, 3)", "string(int(a))", "decimal(a) + decimal(1)", "a.trim().lowerAscii().replace('ab', 'c')", "a.charAt(2) + a.substring(a.lastIndexOf('x') + 1)"] {
            let _ = run(source, &[("a", &text)]);
        }
    }

    #[test]
    fn sources_made_of_its_own_words_never_panic(words in proptest::collection::vec(prop_oneof![
        Just("a"), Just("'x'"), Just("5"), Just("decimal(a)"), Just("+"), Just("-"), Just("*"), Just("=="), Just("<"), Just("&&"), Just("!"), Just("("), Just(")"),
        Just("?"), Just(":"), Just("['x', a]"), Just("in"), Just(".split('x')"), Just("[0]"), Just(".size()"), Just("int("), Just(".substring(1)"), Just("true"),
    ], 1..12)) {
        let source = words.join(" ");
        if let Ok(formula) = Formula::compile(&source, &["a"], NumberFormat::PLAIN) {
            let gives = formula.gives();
            let outcome = formula.run(&[("a", "47x11")]);
            // What was checked has the type that was found, or fails for a reason.
            let fits = match &outcome {
                Ok(Outcome::Text(_)) => gives == Type::Text,
                Ok(Outcome::Number(_)) => matches!(gives, Type::Whole | Type::Decimal),
                Ok(Outcome::Truth(_)) => gives == Type::Truth,
                Err(fault) => !fault.message.contains("overload"),
            };
            prop_assert!(fits, "{source}: {gives:?} {outcome:?}");
        }
    }
}
