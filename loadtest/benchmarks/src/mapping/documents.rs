//! What is mapped: documents of the kinds that plants send most, and a long one in three lengths.

use std::fmt::Write as _;

/// A document of a source.
#[derive(Debug, Clone)]
pub struct Sample {
    /// What it is, for people.
    pub name: String,
    /// Raw topic of its source.
    pub topic: &'static str,
    /// The record's value.
    pub bytes: Vec<u8>,
    /// Segments, of an interchange.
    pub segments: Option<usize>,
    /// CPU that it may take, us.
    pub goal_us: Option<f64>,
}

/// The short documents, one behind the other, and the long ones.
#[must_use]
pub fn samples(segments: &[usize]) -> Vec<Sample> {
    let short = |name: &str, topic, bytes: &[u8], goal_us| Sample { name: name.to_owned(), topic, bytes: bytes.to_vec(), segments: None, goal_us };
    let mut samples = vec![
        short("JSON, 1 consumption", "raw.plant-a.mes", include_bytes!("consumption.json"), Some(3.0)),
        short("JSON, 3 consumptions", "raw.plant-a.mes", include_bytes!("../../../../processors/normalizer/sources/plant-a.mes/examples/material-consumed.json"), None),
        short("B2MML, 1 consumption", "raw.plant-b.b2mml", include_bytes!("performance.xml"), Some(15.0)),
        short("B2MML, 6 events", "raw.plant-b.b2mml", include_bytes!("../../../../processors/normalizer/sources/plant-b.b2mml/examples/weighing-and-mixing.xml"), None),
    ];
    samples.extend(segments.iter().map(|count| Sample {
        name: format!("X12 856, {count} segments"),
        topic: "raw.plant-c.x12",
        bytes: ship_notice(*count).into_bytes(),
        segments: Some(*count),
        goal_us: None,
    }));
    samples
}

/// An interchange with one ship notice of so many segments, 20 or more: one order, and items of three segments each.
#[must_use]
pub fn ship_notice(segments: usize) -> String {
    // Of the transaction set from ST to SE, without its items and what fills it up.
    const FRAME: usize = 9;
    const OUTSIDE: usize = 4;
    let items = segments.saturating_sub(OUTSIDE + FRAME) / 3;
    let fill = segments.saturating_sub(OUTSIDE + FRAME + 3 * items);
    let mut text = String::from(
        "ISA*00*          *00*          *ZZ*PARTSINC       *ZZ*PLANTC         *260302*0715*^*00501*000000905*0*P*>~\n\
         GS*SH*PARTSINC*PLANTC*20260302*0715*41*X*005010~\nST*856*0001~\nBSN*00*SHP-0005*20260302*0715*0001~\nHL*1**S~\nTD5*B*2*ABCD*M~\n\
         DTM*011*20260302*0600*ES~\n",
    );
    for number in 0..fill {
        let _ = writeln!(text, "REF*PK*DN-{number:04}~");
    }
    text.push_str("HL*2*1*O~\nPRF*4500000003***20260210*00010~\n");
    for item in 1..=items {
        let _ = write!(text, "HL*{}*2*I~\nLIN*{item}*BP*RM-{item:06}*VP*S-10*LT*L-{item:05}~\nSN1**{}*EA~\n", item + 2, 100 + item % 900);
    }
    let _ = write!(text, "CTT*{}~\nSE*{}*0001~\nGE*1*41~\nIEA*1*000000905~\n", items + 2, FRAME + fill + 3 * items);
    text
}
