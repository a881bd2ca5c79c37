//! `plimsoll assess`: inputs to assessments, without a supplier list.

use std::fmt::Write as _;

use super::{
    arguments::{AssessArguments, TextFormat},
    output::{Failure, print},
};
use crate::risk::{AssessedFile, FLDD_1_0, Model, assess_file};

pub fn run(arguments: &AssessArguments) -> Result<(), Failure> {
    let place = arguments.input.display();
    let bytes = std::fs::read(&arguments.input)
        .map_err(|error| Failure::unusable(format!("{place}: {error}")))?;
    let model = Model::parse(FLDD_1_0)?;
    let assessed =
        assess_file(&model, &bytes).map_err(|error| Failure::unusable_because(&error))?;
    let text = match arguments.format {
        TextFormat::Json => serde_json::to_string_pretty(&assessed)? + "\n",
        TextFormat::Table => table(&assessed),
    };
    Ok(print(&text)?)
}

fn table(assessed: &AssessedFile) -> String {
    let mut text = String::new();
    for case in &assessed.cases {
        let Some(result) = &case.result else {
            let error = case.error.as_deref().unwrap_or("not assessed");
            let _infallible = writeln!(text, "   !  {}: {error}", case.case);
            continue;
        };
        let [low, high] = result.range;
        let score = result
            .score
            .map_or_else(|| "–".to_owned(), |score| score.to_string());
        let _infallible = writeln!(
            text,
            "{score:>4} ({low}–{high})  {:<13} {:<21} {}",
            result.tier, result.disposition, case.case
        );
    }
    text
}
