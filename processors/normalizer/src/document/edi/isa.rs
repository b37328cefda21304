//! The head of an X12 interchange (X12.5): elements of fixed widths that, by where they stand, say what separates.

use super::segments::Separators;
use crate::refusals::{Checked, Code, Fault, shown};

/// Widths of ISA01 to ISA16.
const WIDTHS: [usize; 16] = [2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1, 1];

/// The version from which on ISA11 separates repeats. Before, it named the standard.
const WITH_REPEATS: &str = "00402";

/// The head of an interchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Isa<'a> {
    /// ISA01 to ISA16, without the blanks that fill them.
    pub(super) elements: [&'a str; 16],
    pub(super) separators: Separators,
    /// In bytes, terminator included.
    pub(super) length: usize,
}

/// Reads the head that a text starts with.
pub(super) fn read(text: &str) -> Checked<Isa<'_>> {
    let rest = text.strip_prefix("ISA").ok_or_else(|| invalid(format!("{} where an interchange should start with ISA", shown(first_line(text)))))?;
    let element = rest.chars().next().ok_or_else(|| invalid("the interchange ends behind `ISA`"))?;
    let mut elements = [""; 16];
    let mut at = "ISA".len();
    for (index, width) in WIDTHS.iter().enumerate() {
        if text[at..].starts_with(['\r', '\n']) {
            return Err(invalid(format!("a line break stands behind ISA{index:02}")));
        }
        if !text[at..].starts_with(element) {
            return Err(invalid(format!("ISA{index:02} is not {} characters long, or the interchange ends in it", WIDTHS[index.saturating_sub(1)])));
        }
        at += element.len_utf8();
        let end = text[at..].char_indices().map(|(offset, _)| offset).chain([text.len() - at]).nth(*width);
        let end = at + end.ok_or_else(|| invalid(format!("the interchange ends in ISA{:02}", index + 1)))?;
        elements[index] = &text[at..end];
        at = end;
    }
    let terminator = text[at..].chars().next().ok_or_else(|| invalid("the interchange ends behind ISA16"))?;
    let component = elements[15].chars().next().unwrap_or(' ');
    let repetition = elements[10].chars().next().filter(|character| elements[11] >= WITH_REPEATS && can_separate(*character));
    let separators = Separators { element, component, repetition, release: None, terminator };
    if let Some(wrong) = [element, component, terminator].into_iter().find(|character| !can_separate(*character)) {
        return Err(invalid(format!("`{}` cannot separate, but ISA says that it does", wrong.escape_debug())));
    }
    if let Some(twice) = separators.ambiguous() {
        return Err(invalid(format!("`{}` separates two things, by what ISA says", twice.escape_debug())));
    }
    if let Some(index) = elements.iter().position(|text| text.contains(element) && element != ' ') {
        return Err(invalid(format!("ISA{:02} is shorter than {} characters", index + 1, WIDTHS[index])));
    }
    Ok(Isa { elements: elements.map(str::trim_end), separators, length: at + terminator.len_utf8() })
}

fn can_separate(character: char) -> bool {
    !character.is_alphanumeric() && character != ' '
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

fn invalid(wrong: impl Into<String>) -> Fault {
    Fault::new(Code::InvalidX12, wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ISA: &str = "ISA*00*          *00*          *ZZ*SENDER         *01*RECEIVER       *261120*0815*^*00501*000000017*0*P*:~";

    fn wrong(text: &str) -> String {
        read(text).unwrap_err().message.clone()
    }

    #[test]
    fn separators_are_what_the_head_says() {
        assert_eq!(ISA.len(), 106);
        let text = format!("{ISA}GS*");
        let isa = read(&text).unwrap();
        assert_eq!(isa.separators, Separators { element: '*', component: ':', repetition: Some('^'), release: None, terminator: '~' });
        assert_eq!((isa.length, isa.elements[1], isa.elements[5], isa.elements[12]), (106, "", "SENDER", "000000017"));
        let odd = ISA.replace('*', "\u{1d}").replace('~', "…");
        let isa = read(&odd).unwrap();
        assert_eq!((isa.separators.element, isa.separators.terminator, isa.length), ('\u{1d}', '…', 108));
        assert_eq!(read(&ISA.replace('~', "\n")).unwrap().separators.terminator, '\n');
    }

    #[test]
    fn repeats_are_separated_from_version_00402_on() {
        for (standard, version, repetition) in [("U", "00401", None), ("^", "00401", None), ("U", "00403", None), ("^", "00402", Some('^')), ("|", "00801", Some('|'))] {
            let text = ISA.replace("*^*00501", &format!("*{standard}*{version}"));
            assert_eq!(read(&text).unwrap().separators.repetition, repetition, "{standard} {version}");
        }
    }

    #[test]
    fn a_head_of_another_length_is_refused() {
        assert_eq!(wrong(&ISA.replace("SENDER  ", "SENDER ")), "ISA06 is not 15 characters long, or the interchange ends in it");
        assert_eq!(wrong(&ISA.replace("SENDER ", "SENDER   ")), "ISA06 is not 15 characters long, or the interchange ends in it");
        assert_eq!(wrong(&ISA.replace("*261120", "\n*261120")), "a line break stands behind ISA08");
        assert_eq!(wrong(&ISA[..105]), "the interchange ends behind ISA16");
        assert_eq!(wrong(&ISA[..20]), "ISA03 is not 2 characters long, or the interchange ends in it");
        assert_eq!(wrong("ISA"), "the interchange ends behind `ISA`");
        assert_eq!(wrong("hello\nworld"), "`hello` where an interchange should start with ISA");
    }

    #[test]
    fn what_cannot_separate_is_refused() {
        assert_eq!(wrong(&ISA.replace('*', "A")), "`A` cannot separate, but ISA says that it does");
        assert_eq!(wrong(&ISA.replace(":~", "X~")), "`X` cannot separate, but ISA says that it does");
        assert_eq!(wrong(&ISA.replace(":~", ":G")), "`G` cannot separate, but ISA says that it does");
        assert_eq!(wrong(&ISA.replace(":~", "::")), "`:` separates two things, by what ISA says");
        assert_eq!(wrong(&ISA.replace(":~", "^~")), "`^` separates two things, by what ISA says");
    }
}
