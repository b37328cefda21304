//! What is to go wrong next, told step by step.

use serde::{Deserialize, Serialize};

use super::{Call, Fault};

/// A step: a fault, and the calls that meet it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// What goes wrong.
    pub fault: Fault,
    /// Only with a key that begins so; any if none.
    #[serde(default)]
    pub key: Option<String>,
    /// Only for this order; any if none.
    #[serde(default)]
    pub order: Option<String>,
    /// Only at this attempt; any if none.
    #[serde(default)]
    pub attempt: Option<u32>,
    /// So many times.
    #[serde(default = "once")]
    pub times: u32,
}

const fn once() -> u32 {
    1
}

/// Steps, each used up by the calls that meet it. They go before chance.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Script(Vec<Step>);

impl Script {
    /// Adds a step behind the others.
    pub fn add(&mut self, step: Step) {
        self.0.push(step);
    }

    /// Forgets every step.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// The first step that this call meets.
    pub fn take(&mut self, call: Call, key: &str, order: Option<&str>, attempt: u32) -> Option<Fault> {
        let meets = |step: &Step| {
            step.fault.call() == call
                && step.key.as_ref().is_none_or(|wanted| key.starts_with(wanted.as_str()))
                && step.order.as_ref().is_none_or(|wanted| order == Some(wanted.as_str()))
                && step.attempt.is_none_or(|wanted| wanted == attempt)
        };
        let index = self.0.iter().position(meets)?;
        let step = &mut self.0[index];
        let fault = step.fault;
        step.times = step.times.saturating_sub(1);
        if step.times == 0 {
            self.0.remove(index);
        }
        Some(fault)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_meet_the_calls_they_are_for_and_are_used_up() {
        let mut script = Script::default();
        script.add(Step { fault: Fault::DropAfter, key: Some("a7".to_owned()), order: None, attempt: None, times: 2 });
        script.add(Step { fault: Fault::ErrorBefore, key: None, order: Some("100".to_owned()), attempt: Some(2), times: 1 });
        assert_eq!(script.take(Call::Read, "a71", None, 1), None);
        assert_eq!(script.take(Call::Post, "b1", Some("100"), 1), None);
        assert_eq!([1, 2, 3].map(|attempt| script.take(Call::Post, "a71", None, attempt)), [Some(Fault::DropAfter), Some(Fault::DropAfter), None]);
        assert_eq!([2, 2].map(|attempt| script.take(Call::Post, "b1", Some("100"), attempt)), [Some(Fault::ErrorBefore), None]);
    }
}
