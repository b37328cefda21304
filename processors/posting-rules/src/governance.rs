//! What may be published and approved, and what becomes of it. Pure: the topic is read and written by whoever asks.

use lineside_schemas::Timestamp;
use lineside_schemas::records::RuleApproval;

use crate::book::RuleBook;
use crate::conflict::{Overlap, overlaps};
use crate::rule_set::{Decision, Governance, RuleSet, is_same_person};

/// Who does something to a rule set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Person<'p> {
    /// Name.
    pub name: &'p str,
    /// Account by which the client is known to Kafka, where it has one.
    pub account: Option<&'p str>,
}

/// Why nothing was published or decided.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GovernanceError {
    /// No name.
    #[error("say who you are")]
    NoName,
    /// No reason.
    #[error("say why")]
    NoReason,
    /// The version was published with another content.
    #[error("{id} was published by {by} on {at} and says something else: a version is never changed, raise `version` to {next}")]
    VersionTaken {
        /// The version.
        id: String,
        /// Who published it.
        by: String,
        /// When.
        at: Timestamp,
        /// The next free version.
        next: u32,
    },
    /// The version was published as it is.
    #[error("{0} was published already, as it is")]
    AlreadyPublished(String),
    /// An earlier number than the latest.
    #[error("{latest} was published already: the next version of it is {next}")]
    VersionOld {
        /// The latest version.
        latest: String,
        /// The next one.
        next: u32,
    },
    /// It begins in the past.
    #[error("{id} begins on {from}, which has passed: postings made since were judged by another rule and stay as they are. --retroactive publishes it all the same")]
    BeginsInThePast {
        /// The version.
        id: String,
        /// Its begin.
        from: Timestamp,
    },
    /// Another one claims the same orders.
    #[error("{0}")]
    Overlaps(Overlap),
    /// What is in the topic cannot be understood.
    #[error("{0} was published by a newer program, or is damaged: this program cannot tell whether the new version fits to it")]
    NotUnderstood(String),
    /// There is no such version.
    #[error("there is no {0}")]
    Unknown(String),
    /// It waits for nobody.
    #[error("{id} does not wait for approval: it is {state}")]
    NotPending {
        /// The version.
        id: String,
        /// What it is, in words.
        state: &'static str,
    },
    /// The publisher cannot decide.
    #[error("{id} was published by {by}: somebody else has to decide")]
    OwnProposal {
        /// The version.
        id: String,
        /// Who published it.
        by: String,
    },
    /// The same account published it.
    #[error("{id} was published with the account {account}: the decision needs another account than that, as it needs another person")]
    SameAccount {
        /// The version.
        id: String,
        /// The account.
        account: String,
    },
}

/// Publishes a draft: what is to be written. A protected one waits for approval, and so does every later version of a name whose released version is protected.
///
/// # Errors
/// See [`GovernanceError`].
pub fn publish(book: &RuleBook, draft: RuleSet, by: Person<'_>, reason: &str, retroactive: bool, now: Timestamp) -> Result<RuleSet, GovernanceError> {
    refuse_anonymous(by, Some(reason))?;
    if let Some((id, _)) = book.not_understood().find(|(id, _)| id.rsplit_once('/').is_some_and(|(name, _)| name == draft.name)) {
        return Err(GovernanceError::NotUnderstood(id));
    }
    let latest = book.latest(&draft.name).filter(|latest| **latest != RuleSet::built_in());
    let id = draft.id();
    if let Some(known) = book.set_by_version(&id).filter(|_| latest.is_some()) {
        let next = latest.map_or(draft.version, |latest| latest.version).saturating_add(1);
        let governance = &known.governance;
        return Err(if known.fingerprint() == draft.fingerprint() {
            GovernanceError::AlreadyPublished(id)
        } else {
            GovernanceError::VersionTaken { id, by: governance.published_by.clone(), at: governance.published_at, next }
        });
    }
    if let Some(latest) = latest.filter(|latest| latest.version > draft.version) {
        return Err(GovernanceError::VersionOld { latest: latest.id(), next: latest.version.saturating_add(1) });
    }
    let is_past = draft.effective_from < now;
    if is_past && !retroactive {
        return Err(GovernanceError::BeginsInThePast { id, from: draft.effective_from });
    }
    refuse_overlap(book, &draft)?;
    // A protected name stays so until an approved version lifts it: else the next version would be the way around.
    let guarded = draft.governance.is_protected || book.versions(&draft.name).filter(|set| set.is_released()).last().is_some_and(|set| set.governance.is_protected);
    let governance = Governance {
        is_protected: draft.governance.is_protected,
        approval: if guarded { RuleApproval::Pending } else { RuleApproval::NotRequired },
        published_by: by.name.trim().to_owned(),
        published_at: now,
        published_as: by.account.map(str::to_owned),
        reason: reason.trim().to_owned(),
        is_retroactive: is_past,
        decision: None,
    };
    Ok(RuleSet { governance, ..draft })
}

/// What a second person decides of a version that waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It shall be in force.
    Approve,
    /// It shall not.
    Reject,
}

/// Decides on a version that waits: what is to be written.
///
/// # Errors
/// See [`GovernanceError`].
pub fn decide(book: &RuleBook, id: &str, verdict: Verdict, by: Person<'_>, reason: Option<&str>, retroactive: bool, now: Timestamp) -> Result<RuleSet, GovernanceError> {
    refuse_anonymous(by, reason)?;
    let set = book.set_by_version(id).ok_or_else(|| GovernanceError::Unknown(id.to_owned()))?;
    let governance = &set.governance;
    if governance.approval != RuleApproval::Pending {
        return Err(GovernanceError::NotPending { id: id.to_owned(), state: state(set) });
    }
    // Whoever published it may take it back, but not approve it.
    if verdict == Verdict::Approve {
        if is_same_person(by.name, &governance.published_by) {
            return Err(GovernanceError::OwnProposal { id: id.to_owned(), by: governance.published_by.clone() });
        }
        if let Some(account) = by.account.filter(|account| governance.published_as.as_deref() == Some(account)) {
            return Err(GovernanceError::SameAccount { id: id.to_owned(), account: account.to_owned() });
        }
        if set.effective_from < now && !retroactive {
            return Err(GovernanceError::BeginsInThePast { id: id.to_owned(), from: set.effective_from });
        }
        refuse_overlap(book, set)?;
    }
    let approval = if verdict == Verdict::Approve { RuleApproval::Approved } else { RuleApproval::Rejected };
    let decision = Decision { by: by.name.trim().to_owned(), at: now, known_as: by.account.map(str::to_owned), reason: reason.map(|reason| reason.trim().to_owned()) };
    let is_retroactive = governance.is_retroactive || set.effective_from < now;
    Ok(RuleSet { governance: Governance { approval, is_retroactive, decision: Some(decision), ..governance.clone() }, ..set.clone() })
}

/// What a version is, in words.
#[must_use]
pub fn state(set: &RuleSet) -> &'static str {
    match set.governance.approval {
        _ if set.is_released() => {
            if set.governance.approval == RuleApproval::Approved {
                "approved"
            } else {
                "published"
            }
        }
        RuleApproval::Pending => "waiting for approval",
        RuleApproval::Rejected => "rejected",
        RuleApproval::Approved => "not validly approved",
        RuleApproval::NotRequired | RuleApproval::Unknown => "not approved, though protected",
    }
}

fn refuse_anonymous(by: Person<'_>, reason: Option<&str>) -> Result<(), GovernanceError> {
    if by.name.trim().is_empty() {
        return Err(GovernanceError::NoName);
    }
    if reason.is_some_and(|reason| reason.trim().is_empty()) {
        return Err(GovernanceError::NoReason);
    }
    Ok(())
}

fn refuse_overlap(book: &RuleBook, new: &RuleSet) -> Result<(), GovernanceError> {
    let id = new.id();
    let others = book.sets().filter(|set| set.is_released() && set.id() != id);
    let found = overlaps(others.chain([new]));
    found.into_iter().find(|overlap| overlap.one == id || overlap.other == id).map_or(Ok(()), |overlap| Err(GovernanceError::Overlaps(overlap)))
}
