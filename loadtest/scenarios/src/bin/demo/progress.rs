//! How far the run is, while it runs: bars on a terminal, lines elsewhere.

use std::io::IsTerminal as _;
use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use lineside_scenarios::pipeline::Progress;

const LINE_INTERVAL: Duration = Duration::from_secs(2);

/// Shows progress.
pub struct ProgressView {
    started: Instant,
    shown: Option<Instant>,
    bars: Option<(MultiProgress, Vec<ProgressBar>)>,
}

impl ProgressView {
    pub fn new() -> Self {
        let bars = std::io::stderr().is_terminal().then(|| (MultiProgress::new(), Vec::new()));
        Self { started: Instant::now(), shown: None, bars }
    }

    pub fn show(&mut self, progress: &[Progress]) {
        match &mut self.bars {
            Some((all, bars)) => {
                if bars.is_empty() {
                    bars.extend(progress.iter().map(|group| all.add(bar(group))));
                }
                for (bar, group) in bars.iter().zip(progress) {
                    bar.set_length(group.end.unsigned_abs());
                    bar.set_position(group.read.unsigned_abs());
                }
            }
            None if self.shown.is_none_or(|shown| shown.elapsed() > LINE_INTERVAL) => {
                let groups: Vec<String> = progress.iter().map(|group| format!("{} {}/{}", group.processor, group.read, group.end)).collect();
                println!("{:>5.1} s  {}", self.started.elapsed().as_secs_f32(), groups.join("  "));
                self.shown = Some(Instant::now());
            }
            None => {}
        }
    }

    pub fn finish(self) -> Duration {
        for bar in self.bars.iter().flat_map(|(_, bars)| bars) {
            // The last offsets of a partition may be markers of transactions; everything was read all the same.
            bar.set_position(bar.length().unwrap_or_default());
            bar.finish();
        }
        self.started.elapsed()
    }
}

fn bar(group: &Progress) -> ProgressBar {
    let style = ProgressStyle::with_template("{prefix:18} {bar:40} {pos:>8}/{len:<8}").unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(group.end.unsigned_abs()).with_style(style).with_prefix(group.processor)
}
