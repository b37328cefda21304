//! Whether the conditions of a rule hold.

use super::Reading;
use super::find::Found;
use super::select::Selected;
use crate::document::Kind;
use crate::mapping::{Condition, ConditionTest, Operand};
use crate::refusals::Checked;

impl<'a> Reading<'a> {
    pub(super) fn all_hold(&self, conditions: &'a [Condition], selected: Selected) -> Checked<bool> {
        for condition in conditions {
            if !self.holds(condition, selected)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn holds(&self, condition: &'a Condition, selected: Selected) -> Checked<bool> {
        let is_one_of = |texts: &[Box<str>]| -> Checked<bool> {
            Ok(self.operands(&condition.operands, selected)?.is_some_and(|found| texts.iter().any(|text| **text == *found.text)))
        };
        match &condition.test {
            ConditionTest::OneOf(texts) => is_one_of(texts),
            ConditionTest::NoneOf(texts) => Ok(!is_one_of(texts)?),
            ConditionTest::Present(wanted) => {
                let is_present = condition.operands.iter().any(|operand| self.is_present(operand, selected));
                Ok(is_present == *wanted)
            }
            ConditionTest::Computed(computation) => self.is_true(computation, selected),
        }
    }

    fn is_present(&self, operand: &Operand, selected: Selected) -> bool {
        let Operand::Path(path) = operand else { return true };
        match self.look_up(path, selected) {
            Found::Nothing => false,
            Found::One(id) => self.document.node(id).kind != Kind::Null,
            Found::Several(_) => true,
        }
    }
}
