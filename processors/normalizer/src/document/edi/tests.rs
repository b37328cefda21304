//! Whole interchanges: what they become, and what is wrong with them.

use std::fmt::Write as _;

use bumpalo::Bump;
use proptest::prelude::*;

use crate::document::{Document, DocumentFormat, EdiFormat, Hierarchy, Kind, Loop, Namespaces, NodeId, Segmentation};
use crate::limits::Limits;
use crate::refusals::Code;

fn x12() -> DocumentFormat {
    DocumentFormat::X12(EdiFormat::default())
}

fn edifact() -> DocumentFormat {
    DocumentFormat::Edifact(EdiFormat::default())
}

/// The tree as text: `name=text`, structures as `name(...)`.
fn written(format: &DocumentFormat, bytes: &[u8]) -> Result<String, (Code, String)> {
    let arena = Bump::new();
    let document = Document::parse(format, bytes, &Namespaces::default(), &Limits::default(), &arena).map_err(|fault| (fault.code, fault.message.clone()))?;
    Ok(render(&document, 0))
}

fn render(document: &Document<'_>, id: NodeId) -> String {
    let node = document.node(id);
    if node.kind != Kind::Record {
        return format!("{}={}", node.name, node.text);
    }
    let children: Vec<String> = document.children(id).map(|child| render(document, child)).collect();
    format!("{}({})", node.name, children.join(" "))
}

fn code(format: &DocumentFormat, text: &str) -> Result<(), Code> {
    written(format, text.as_bytes()).map(drop).map_err(|(code, _)| code)
}

const ISA: &str = "ISA*00*          *00*          *ZZ*SENDER         *01*RECEIVER       *261120*0815*^*00501*000000017*0*P*:~";

/// One interchange with one transaction set of this content; SE, GE and IEA agree with it.
fn shipped(content: &str) -> String {
    let count = content.matches('~').count() + 2;
    format!("{ISA}\r\nGS*SH*S*R*20261120*0815*000005*X*005010~\nST*856*0001~\n{content}SE*{count}*0001~\nGE*1*5~\nIEA*1*000000017~\n")
}

fn within(segmentation: Segmentation, content: &str) -> Result<String, (Code, String)> {
    let format = DocumentFormat::X12(EdiFormat { segmentation, ..EdiFormat::default() });
    let text = written(&format, shipped(content).as_bytes())?;
    let start = text.find("02=0001) ").map_or(0, |at| at + "02=0001) ".len());
    let end = text.find(" SE(").unwrap_or(text.len());
    Ok(text[start..end].to_owned())
}

#[test]
fn an_x12_interchange_is_a_tree_of_its_envelopes() {
    let text = shipped("BSN*00*A:B*x^y:z~");
    assert_eq!(
        written(&x12(), text.as_bytes()).unwrap(),
        "x12(Interchange(ISA(01=00 03=00 05=ZZ 06=SENDER 07=01 08=RECEIVER 09=261120 10=0815 11=^ 12=00501 13=000000017 14=0 15=P 16=:) \
         Group(GS(01=SH 02=S 03=R 04=20261120 05=0815 06=000005 07=X 08=005010) \
         Transaction(ST(01=856 02=0001) BSN(01=00 02(01=A 02=B) 03=x 03(01=y 02=z)) SE(01=3 02=0001)) GE(01=1 02=5)) IEA(01=1 02=000000017)))"
    );
}

#[test]
fn every_interchange_of_a_record_is_found_each_with_its_separators() {
    let first = shipped("N1*ST~");
    let second = shipped("N1*SF~").replace('*', "|").replace('~', "\n").replace("\r\n", "\n").replace("000000017", "000000018");
    let text = format!("\u{feff}{first}{second}{}\u{1a}", shipped("N1*BT~"));
    let tree = written(&x12(), text.as_bytes()).unwrap();
    assert_eq!(tree.matches("Interchange(").count(), 3, "{tree}");
    for name in ["N1(01=ST)", "N1(01=SF)", "N1(01=BT)", "13=000000018"] {
        assert!(tree.contains(name), "{tree}");
    }
}

#[test]
fn an_x12_interchange_without_groups_acknowledges_another() {
    let text = format!("{ISA}TA1*000000001*261120*0815*A*000~IEA*0*17~");
    assert!(written(&x12(), text.as_bytes()).unwrap().contains("TA1(01=000000001 02=261120 03=0815 04=A 05=000) IEA(01=0 02=17)"));
}

#[test]
fn lines_of_one_width_are_joined() {
    let text = shipped("N1*ST*RECEIVER OF THE GOODS~N3*STREET~").replace(['\r', '\n'], "");
    for width in [40, 80, 120] {
        let mut wrapped = String::new();
        for (index, character) in text.chars().enumerate() {
            if index > 0 && index % width == 0 {
                wrapped.push_str("\r\n");
            }
            wrapped.push(character);
        }
        assert_eq!(written(&x12(), wrapped.as_bytes()), written(&x12(), text.as_bytes()), "{width}");
    }
}

/// What is changed in a good interchange, and the code it is refused with.
const X12_DEFECTS: &[(&str, &str, Code)] = &[
    ("SE*3", "SE*4", Code::ControlCountMismatch),
    ("SE*3", "SE*", Code::ControlCountMismatch),
    ("SE*3", "SE*three", Code::ControlCountMismatch),
    ("SE*3*0001", "SE*3*0002", Code::ControlNumberMismatch),
    ("SE*3*0001", "SE*3*1", Code::ControlNumberMismatch),
    ("SE*3*0001", "SE*3", Code::ControlNumberMismatch),
    ("GE*1", "GE*2", Code::ControlCountMismatch),
    ("GE*1*5", "GE*1*6", Code::ControlNumberMismatch),
    ("IEA*1", "IEA*0", Code::ControlCountMismatch),
    ("IEA*1*000000017", "IEA*1*000000018", Code::ControlNumberMismatch),
    ("SE*3*0001~\n", "", Code::UnterminatedInterchange),
    ("GE*1*5~\n", "", Code::UnterminatedInterchange),
    ("IEA*1*000000017~\n", "", Code::UnterminatedInterchange),
    ("GE*1*5~\nIEA*1*000000017~\n", "", Code::UnterminatedInterchange),
    ("IEA*1*000000017~", "IEA*1*000000017", Code::UnterminatedInterchange),
    ("SE*3*0001~\nGE*1*5~\nIEA*1*000000017~\n", "", Code::UnterminatedInterchange),
    ("BSN*00~\n", "", Code::ControlCountMismatch),
    ("BSN*00~", "BSN*00\n", Code::InvalidX12),
    ("BSN*00~", "bsn*00~", Code::InvalidX12),
    ("BSN*00~", "BIN*11a*x~", Code::InvalidX12),
    ("ST*856*0001~\nBSN", "BSN", Code::InvalidX12),
    ("GS*SH", "GX*SH", Code::InvalidX12),
    ("ISA*00", "ISB*00", Code::InvalidX12),
    ("SENDER   ", "SENDER  ", Code::InvalidX12),
    ("IEA*1*000000017~\n", "IEA*1*000000017~\nend of file", Code::InvalidX12),
];

#[test]
fn each_defect_of_an_x12_interchange_has_its_code() {
    let good = shipped("BSN*00~\n");
    assert_eq!(code(&x12(), &good), Ok(()));
    for (from, to, expected) in X12_DEFECTS {
        assert!(good.contains(from), "{from}");
        let bad = good.replacen(from, to, 1);
        assert_eq!(code(&x12(), &bad), Err(*expected), "{from:?} -> {to:?}: {:?}", written(&x12(), bad.as_bytes()));
        let second = format!("{good}{bad}");
        assert_eq!(code(&x12(), &second), Err(*expected), "behind a good one: {from:?} -> {to:?}");
    }
    // Where an interchange stands behind one that does not end, that is said.
    assert_eq!(code(&x12(), &format!("{}{good}", good.replace("IEA*1*000000017~\n", ""))), Err(Code::UnterminatedInterchange));
    assert_eq!(code(&x12(), &format!("{}{good}", good.replace("SE*3*0001~\nGE*1*5~\nIEA*1*000000017~\n", ""))), Err(Code::UnterminatedInterchange));
}

#[test]
fn a_mismatch_says_what_does_not_agree() {
    let said = |from, to| written(&x12(), shipped("BSN*00~\n").replace(from, to).as_bytes()).unwrap_err().1;
    assert_eq!(said("SE*3*0001", "SE*3*0002"), "SE02 is `0002`, where ST02 is `0001`");
    assert_eq!(said("SE*3", "SE*4"), "SE01 is `4`, where there are 3 segments from the header to the trailer");
    assert_eq!(said("GE*1*5~\n", ""), "functional group `000005` has no GE before the IEA of segment 6");
    assert_eq!(said("IEA*1*000000017~\n", ""), "interchange `000000017` has no IEA");
}

fn tag_list(tags: &[&str]) -> Box<[Box<str>]> {
    tags.iter().map(|tag| (*tag).into()).collect()
}

fn a_loop(start: &str, members: &[&str], loops: Vec<Loop>) -> Loop {
    Loop { start: start.into(), members: tag_list(members), loops: loops.into() }
}

#[test]
fn loops_hold_what_belongs_to_their_start() {
    let loops = vec![a_loop("N1", &["N3", "N4"], vec![]), a_loop("LX", &["AT8"], vec![a_loop("AT7", &["MS1", "MS2"], vec![])])];
    let segmentation = Segmentation { hierarchy: None, loops: loops.into() };
    let content = "B10*1~N1*SH~N3*a~N4*b~N1*CN~N3*c~LX*1~AT7*D1~MS1*x~AT7*D2~MS2*y~AT8*9~N3*z~L11*q~";
    assert_eq!(
        within(segmentation, content).unwrap(),
        "B10(01=1) N1(01=SH N3(01=a) N4(01=b)) N1(01=CN N3(01=c)) LX(01=1 AT7(01=D1 MS1(01=x)) AT7(01=D2 MS2(01=y)) AT8(01=9)) N3(01=z) L11(01=q)"
    );
}

fn levels(loops: Vec<Loop>) -> Segmentation {
    let hierarchy = Hierarchy { start: "HL".into(), id: 1, parent: 2, until: tag_list(&["CTT"]) };
    Segmentation { hierarchy: Some(hierarchy), loops: loops.into() }
}

#[test]
fn levels_stand_below_the_one_they_name_in_whatever_order_they_come() {
    let deep = "BSN*1~HL*1**S~TD1*x~HL*2*1*O~PRF*y~HL*3*2*I~LIN*a~HL*4*2*I~LIN*b~HL*5*1*O~CTT*5~REF*z~";
    let expected =
        "BSN(01=1) HL(01=1 03=S TD1(01=x) HL(01=2 02=1 03=O PRF(01=y) HL(01=3 02=2 03=I LIN(01=a)) HL(01=4 02=2 03=I LIN(01=b))) HL(01=5 02=1 03=O)) CTT(01=5) REF(01=z)";
    assert_eq!(within(levels(vec![]), deep).unwrap(), expected);
    let wide = "BSN*1~HL*1**S~TD1*x~HL*2*1*O~PRF*y~HL*5*1*O~HL*3*2*I~LIN*a~HL*4*2*I~LIN*b~CTT*5~REF*z~";
    assert_eq!(within(levels(vec![]), wide).unwrap(), expected);
    let forward = "HL*3*2*I~HL*2*1*O~HL*1**S~";
    assert_eq!(within(levels(vec![]), forward).unwrap(), "HL(01=1 03=S HL(01=2 02=1 03=O HL(01=3 02=2 03=I)))");
    assert_eq!(within(levels(vec![]), "HL*1**S~HL*2**S~").unwrap(), "HL(01=1 03=S) HL(01=2 03=S)");
    assert_eq!(within(levels(vec![]), "BSN*1~").unwrap(), "BSN(01=1)");
}

#[test]
fn loops_count_within_levels_too() {
    let segmentation = levels(vec![a_loop("N1", &["N3"], vec![])]);
    assert_eq!(
        within(segmentation, "N1*A~N3*a~HL*1**S~N1*B~N3*b~TD1*x~HL*2*1*O~N3*c~").unwrap(),
        "N1(01=A N3(01=a)) HL(01=1 03=S N1(01=B N3(01=b)) TD1(01=x) HL(01=2 02=1 03=O N3(01=c)))"
    );
}

#[test]
fn levels_that_make_no_tree_are_refused() {
    for (content, message) in [
        ("HL*1**S~HL*2*7*O~", "segment 5: this HL stands below `7`, which there is not"),
        ("HL*1**S~HL*1*1*O~", "segment 5: this HL has the id `1`, as another has"),
        ("HL**1*S~", "segment 4: this HL has no id"),
        ("HL*1*1*S~", "segment 4: this HL stands, over others, below itself"),
        ("HL*1**S~HL*2*3*O~HL*3*2*I~", "segment 5: this HL stands, over others, below itself"),
        ("HL*1**S~CTT*1~HL*2*1*O~", "segment 6: this HL stands behind CTT, which ends the levels"),
    ] {
        assert_eq!(within(levels(vec![]), content), Err((Code::InvalidHierarchy, message.to_owned())), "{content}");
    }
}

#[test]
fn bounds_hold_for_segments_and_levels() {
    let level = |id: usize, above: usize| format!("HL*{id}*{}*I~", if above == 0 { String::new() } else { above.to_string() });
    let deep = (1..100).map(|id| level(id, id - 1)).collect::<Vec<_>>().concat();
    assert_eq!(within(levels(vec![]), &deep).unwrap_err().0, Code::NestingTooDeep);
    assert_eq!(within(Segmentation::default(), &"N1*A~".repeat(60_000)).unwrap_err().0, Code::TooManyNodes);
    assert_eq!(within(Segmentation::default(), &"N1~".repeat(110_000)).unwrap_err().0, Code::TooManyNodes);
    let wide = (1..10_000).map(|id| level(id, usize::from(id > 1))).collect::<Vec<_>>().concat();
    assert_eq!(within(levels(vec![]), &wide).unwrap().matches("HL(").count(), 9_999);
}

/// An EDIFACT interchange with one message of this content.
fn advised(content: &str) -> String {
    let count = content.matches('\'').count() + 2;
    format!("UNA:+.? '\nUNB+UNOC:3+S:14+R:14+261120:0815+I-1'\nUNH+M-1+DESADV:D:96A:UN'\n{content}UNT+{count}+M-1'\nUNZ+1+I-1'\n")
}

#[test]
fn an_edifact_interchange_is_a_tree_of_its_envelopes() {
    assert_eq!(
        written(&edifact(), advised("BGM+351+D?+1+9'\nNAD+BY+541::9'").as_bytes()).unwrap(),
        "edifact(Interchange(UNA=:+.? ' UNB(01(01=UNOC 02=3) 02(01=S 02=14) 03(01=R 02=14) 04(01=261120 02=0815) 05=I-1) \
         Message(UNH(01=M-1 02(01=DESADV 02=D 03=96A 04=UN)) BGM(01=351 02=D+1 03=9) NAD(01=BY 02(01=541 03=9)) UNT(01=4 02=M-1)) UNZ(01=1 02=I-1)))"
    );
}

#[test]
fn messages_can_stand_in_groups() {
    let message = |number: usize| format!("UNH+{number}+A:B'UNT+2+{number}'");
    let group = |number: usize, messages: &str, count: usize| format!("UNG+A+S+R+261120:0815+G{number}+UN+D:96A'{messages}UNE+{count}+G{number}'");
    let text = format!("UNB+UNOA:2+S+R+261120:0815+7'{}{}UNZ+2+7'", group(1, &(message(1) + &message(2)), 2), group(2, &message(3), 1));
    let tree = written(&edifact(), text.as_bytes()).unwrap();
    assert_eq!((tree.matches("Group(").count(), tree.matches("Message(").count()), (2, 3), "{tree}");
    for (from, to, expected) in [
        ("UNZ+2", "UNZ+3", Code::ControlCountMismatch),
        ("UNE+2", "UNE+1", Code::ControlCountMismatch),
        ("UNE+2+G1", "UNE+2+G2", Code::ControlNumberMismatch),
        ("UNE+2+G1'", "", Code::UnterminatedInterchange),
        ("UNE+2+G1'", "UNE+2+G1'UNH+4+A:B'UNT+2+4'", Code::InvalidEdifact),
    ] {
        assert_eq!(code(&edifact(), &text.replacen(from, to, 1)), Err(expected), "{from} -> {to}");
    }
}

const EDIFACT_DEFECTS: &[(&str, &str, Code)] = &[
    ("UNT+3", "UNT+4", Code::ControlCountMismatch),
    ("UNT+3+M-1", "UNT+3+M-2", Code::ControlNumberMismatch),
    ("UNZ+1", "UNZ+2", Code::ControlCountMismatch),
    ("UNZ+1+I-1", "UNZ+1+I-2", Code::ControlNumberMismatch),
    ("UNT+3+M-1'\n", "", Code::UnterminatedInterchange),
    ("UNZ+1+I-1'\n", "", Code::UnterminatedInterchange),
    ("UNZ+1+I-1'\n", "UNZ+1+I-1", Code::UnterminatedInterchange),
    ("UNT+3+M-1'\nUNZ+1+I-1'\n", "", Code::UnterminatedInterchange),
    ("BGM+351'\n", "", Code::ControlCountMismatch),
    ("BGM+351'\n", "BGM+351\n", Code::InvalidEdifact),
    ("BGM+351'\n", "BGM+351?'\n", Code::InvalidEdifact),
    ("UNH+M-1+DESADV:D:96A:UN'\n", "", Code::InvalidEdifact),
    ("UNB+UNOC:3", "UNB+UNOC:7", Code::InvalidEdifact),
    ("UNA:+", "UNA::", Code::InvalidEdifact),
    ("UNZ+1+I-1'\n", "UNZ+1+I-1'\n--\n", Code::InvalidEdifact),
    ("UNZ+1+I-1'\n", "UNO+1'UNZ+1+I-1'\n", Code::InvalidEdifact),
];

#[test]
fn each_defect_of_an_edifact_interchange_has_its_code() {
    let good = advised("BGM+351'\n");
    assert_eq!(code(&edifact(), &good), Ok(()));
    for (from, to, expected) in EDIFACT_DEFECTS {
        assert!(good.contains(from), "{from}");
        let bad = good.replacen(from, to, 1);
        assert_eq!(code(&edifact(), &bad), Err(*expected), "{from:?} -> {to:?}: {:?}", written(&edifact(), bad.as_bytes()));
        assert_eq!(code(&edifact(), &format!("{good}{bad}")), Err(*expected), "behind a good one: {from:?} -> {to:?}");
    }
}

#[test]
fn texts_are_decoded_as_the_interchange_says() {
    let latin = |identifier: &str| -> Vec<u8> {
        let text = advised("NAD+BY+++M#ller'").replace("UNOC", identifier);
        text.bytes().map(|byte| if byte == b'#' { 0xfc } else { byte }).collect()
    };
    assert!(written(&edifact(), &latin("UNOC")).unwrap().contains("04=Müller"));
    assert!(written(&edifact(), &latin("UNOE")).unwrap().contains("04=Mќller"));
    for identifier in ["UNOA", "UNOW"] {
        assert_eq!(written(&edifact(), &latin(identifier)).unwrap_err().0, Code::InvalidEncoding);
        assert!(written(&edifact(), advised("NAD+BY+++Müller'").replace("UNOC", identifier).as_bytes()).unwrap().contains("04=Müller"));
    }
    let told = DocumentFormat::Edifact(EdiFormat { charset: crate::document::Charset::named("cp437"), ..EdiFormat::default() });
    assert!(written(&told, &latin("UNOA")).unwrap().contains("04=Mⁿller"));
    let mixed = [latin("UNOC"), latin("UNOD")].concat();
    assert_eq!(written(&edifact(), &mixed).unwrap_err().0, Code::InvalidEncoding);
    let alike = [latin("UNOC"), latin("UNOC")].concat();
    assert_eq!(written(&edifact(), &alike).unwrap().matches("Interchange(").count(), 2);
}

/// Segments of elements, of repeats, of parts.
type Written = Vec<(String, Vec<Vec<Vec<String>>>)>;

/// Anything that no separator is; EDIFACT releases those.
fn segment_list(text: &'static str) -> impl Strategy<Value = Written> {
    let element = proptest::collection::vec(proptest::collection::vec(text, 1..4), 1..3);
    proptest::collection::vec(("[A-H][A-Z][0-9]", proptest::collection::vec(element, 0..5)), 0..8)
}

/// As [`render`] has a list of segments.
fn expected(list: &Written) -> String {
    let mut text = String::new();
    for (tag, elements) in list {
        let mut children = Vec::new();
        for (index, repeats) in elements.iter().enumerate() {
            for parts in repeats {
                let number = index + 1;
                match parts.as_slice() {
                    [part] if part.is_empty() => {}
                    [part] => children.push(format!("{number:02}={part}")),
                    parts if parts.iter().all(String::is_empty) => {}
                    parts => {
                        let full = parts.iter().enumerate().filter(|(_, part)| !part.is_empty());
                        children.push(format!("{number:02}({})", full.map(|(index, part)| format!("{:02}={part}", index + 1)).collect::<Vec<_>>().join(" ")));
                    }
                }
            }
        }
        let _ = write!(text, "{tag}({}) ", children.join(" "));
    }
    text
}

/// Writes a list as a partner's system does.
fn interchange_text(list: &Written, [element, component, repetition, terminator]: [char; 4], released: impl Fn(&str) -> String, between: &str) -> String {
    let mut text = String::new();
    for (tag, elements) in list {
        text.push_str(tag);
        for repeats in elements {
            text.push(element);
            let repeats: Vec<String> = repeats.iter().map(|parts| parts.iter().map(|part| released(part)).collect::<Vec<_>>().join(&component.to_string())).collect();
            text.push_str(&repeats.join(&repetition.to_string()));
        }
        text.push(terminator);
        text.push_str(between);
    }
    text
}

fn separators() -> impl Strategy<Value = [char; 4]> {
    Just(['*', ':', '^', '~', '|', '\u{1c}', '\u{1d}', '\u{1e}', '\u{1f}', '!', '…', '>']).prop_shuffle().prop_map(|all| [all[0], all[1], all[2], all[3]])
}

proptest! {
    #[test]
    fn x12_segments_are_read_as_written(list in segment_list("[A-Za-z0-9 .,äß/-]{0,6}"), separators in separators(), between in prop_oneof![Just(""), Just("\n"), Just("\r\n")]) {
        let [element, component, repetition, terminator] = separators;
        let content = interchange_text(&list, separators, str::to_owned, between);
        let isa = ISA.replace('*', "\u{1}").replace('^', "\u{2}").replace(':', "\u{3}").replace('~', "\u{4}");
        let isa = isa.replace('\u{1}', &element.to_string()).replace('\u{2}', &repetition.to_string()).replace('\u{3}', &component.to_string()).replace('\u{4}', &terminator.to_string());
        let rest = format!("GS*SH*S*R*1*1*5*X*1~ST*856*1~\u{0}SE*{}*1~GE*1*5~IEA*1*17~", list.len() + 2).replace('~', "\u{4}").replace('*', &element.to_string()).replace('\u{4}', &format!("{terminator}{between}"));
        let text = format!("{isa}{between}{}", rest.replace('\u{0}', &content));
        let tree = written(&x12(), text.as_bytes()).map_err(|fault| TestCaseError::fail(format!("{fault:?}")))?;
        let wanted = format!("Transaction(ST(01=856 02=1) {}SE(", expected(&list));
        prop_assert!(tree.contains(&wanted), "{tree}\n{wanted}");
    }

    #[test]
    fn edifact_segments_are_read_as_written(list in segment_list("[A-Za-z0-9 .ä?:+*'-]{0,6}"), between in prop_oneof![Just(""), Just("\n"), Just("\r\n\t")], with_una in any::<bool>()) {
        let released = |part: &str| part.chars().flat_map(|character| "?:+*'".contains(character).then_some('?').into_iter().chain([character])).collect();
        let content = interchange_text(&list, ['+', ':', '*', '\''], released, between);
        let una = if with_una { "UNA:+.?*'" } else { "" };
        let text = format!("{una}UNB+UNOW:4+S+R+261120:0815+1'UNH+1+A:B'{content}UNT+{}+1'UNZ+1+1'", list.len() + 2);
        let tree = written(&edifact(), text.as_bytes()).map_err(|fault| TestCaseError::fail(format!("{fault:?}")))?;
        let wanted = format!("Message(UNH(01=1 02(01=A 02=B)) {}UNT(", expected(&list));
        prop_assert!(tree.contains(&wanted), "{tree}\n{wanted}");
    }

    #[test]
    fn no_bytes_panic_and_sizes_stay_bounded(bytes in prop_oneof![
            proptest::collection::vec(any::<u8>(), 0..200),
            "[A-Z0-9*~:^\n ]{0,80}".prop_map(|text| format!("{ISA}{text}").into_bytes()),
            "(HL\\*[0-4]\\*[0-4]?~|N1\\*x~|CTT~|LX~|BIN\\*[0-9]\\*ab~){0,12}".prop_map(|text| shipped(&text).into_bytes()),
            "(UNH\\+1'|UNT\\+2\\+1'|UNG\\+1'|A1\\+[?:+*']{0,4}'|UNZ\\+0\\+1'|UNE){0,8}".prop_map(|text| format!("UNB+UNOC:4+S+R+1+1'{text}").into_bytes()),
        ], nodes in 1..60_usize, cut in any::<u16>()) {
        let limits = Limits { nodes, ..Limits::default() };
        let segmentation = levels(vec![a_loop("LX", &["N1"], vec![])]);
        let options = EdiFormat { segmentation, ..EdiFormat::default() };
        let bytes = &bytes[..bytes.len() - usize::from(cut) % (bytes.len() / 4 + 1)];
        for format in [DocumentFormat::X12(options.clone()), DocumentFormat::Edifact(options)] {
            let arena = Bump::new();
            if let Ok(document) = Document::parse(&format, bytes, &Namespaces::default(), &limits, &arena) {
                prop_assert!(document.node(0).end as usize <= nodes);
            }
        }
    }

    #[test]
    fn an_interchange_that_is_cut_is_refused(place in any::<u16>()) {
        for (format, text) in [(x12(), shipped("BSN*00~HL*1**S~")), (edifact(), advised("BGM+351'NAD+BY'"))] {
            let whole = text.trim_end().len();
            let cut = usize::from(place) * whole / (usize::from(u16::MAX) + 1);
            prop_assert!(code(&format, &text[..cut]).is_err());
        }
    }
}
