//! Calls that a worker asked for, and answers to them.

use lineside_api::{Answer, Context, Request};

use super::{Worker, WorkerError, check, note};

impl Worker {
    /// Moves the calls out that committed transactions asked for, each with its partition.
    pub fn take_requests(&mut self) -> Vec<(i32, Request)> {
        std::mem::take(&mut self.requests)
    }

    /// An answer came in for a partition.
    pub fn receive(&mut self, partition: i32, answer: Answer) {
        self.answers.push_back((partition, answer));
    }

    /// True if an answer waits.
    #[must_use]
    pub fn has_answers(&self) -> bool {
        !self.answers.is_empty()
    }

    /// Processes the next answer into the batch, if one waits.
    ///
    /// # Errors
    /// See [`WorkerError`].
    pub fn process_answer(&mut self) -> Result<(), WorkerError> {
        let Some((partition, answer)) = self.answers.pop_front() else { return Ok(()) };
        self.used = true;
        let letters = self.letters();
        let task = self.tasks.get_mut(&partition).ok_or(WorkerError::NotAssigned(partition))?;
        let mut cx = Context::new(self.spec, &self.codec, &mut self.batch.effects, &mut task.state).with_letters(letters);
        self.batch.answers.push((partition, answer.clone()));
        self.processor.answer(answer, &mut cx);
        check(&self.batch.effects)?;
        task.state.keep_record();
        note(&mut self.batch, partition);
        Ok(())
    }
}
