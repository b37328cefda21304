//! The symbols of the contract as files have them: `ERP_BACKFLUSH` is `erp-backflush`.

use lineside_schemas::records::{
    CancelledOrderAction, ClosedDateAction, ClosedOrderAction, DateBasis, DoubleConsumptionGuard, LateEventAction, MeanwhileAction, NegativeNetAction, OutputBooking,
    OverdueAction, PostingMode, PostingUnits, ReversalOfReversalAction, ReversalStyle, RoundingMode, ScrapBooking, ToleranceAction, ToleranceCheck, TrackingRule,
    WatermarkKind,
};

/// An enum of the contract, whose symbols files spell as words.
pub trait Word: Copy + Sized {
    /// Symbols, in the order of the schema, `UNKNOWN` first.
    const SYMBOLS: &'static [&'static str];
    /// Name of the enum in the contract.
    const NAME: &'static str;

    /// The variant of a symbol.
    fn from_symbol(symbol: &str) -> Self;

    /// Its symbol.
    fn symbol(self) -> &'static str;

    /// Its word.
    fn word(self) -> String {
        word_of(self.symbol())
    }

    /// Every word.
    #[must_use]
    fn words() -> Vec<String> {
        Self::SYMBOLS.iter().filter(|symbol| **symbol != "UNKNOWN").map(|symbol| word_of(symbol)).collect()
    }

    /// The variant of a word; none for what is no word of it.
    #[must_use]
    fn from_word(word: &str) -> Option<Self> {
        let symbol = Self::SYMBOLS.iter().find(|symbol| **symbol != "UNKNOWN" && word_of(symbol) == word)?;
        Some(Self::from_symbol(symbol))
    }
}

fn word_of(symbol: &str) -> String {
    symbol.to_ascii_lowercase().replace('_', "-")
}

macro_rules! words {
    ($($name:ident),* $(,)?) => {
        $(impl Word for $name {
            const SYMBOLS: &'static [&'static str] = Self::SYMBOLS;
            const NAME: &'static str = stringify!($name);

            fn from_symbol(symbol: &str) -> Self {
                Self::from_symbol(symbol)
            }

            fn symbol(self) -> &'static str {
                self.symbol()
            }
        })*
    };
}

words!(
    CancelledOrderAction,
    ClosedDateAction,
    ClosedOrderAction,
    DateBasis,
    DoubleConsumptionGuard,
    LateEventAction,
    MeanwhileAction,
    NegativeNetAction,
    OutputBooking,
    OverdueAction,
    PostingMode,
    PostingUnits,
    ReversalOfReversalAction,
    ReversalStyle,
    RoundingMode,
    ScrapBooking,
    ToleranceAction,
    ToleranceCheck,
    TrackingRule,
    WatermarkKind,
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_symbol_has_a_word_and_comes_back_from_it() {
        assert_eq!(PostingMode::words(), ["explicit-movements", "erp-backflush", "confirm-only"]);
        for word in PostingMode::words() {
            assert_eq!(PostingMode::from_word(&word).unwrap().word(), word);
        }
        assert_eq!(PostingMode::from_word("unknown"), None);
        assert_eq!(PostingMode::from_word("ERP_BACKFLUSH"), None);
    }
}
