//! `plimsoll match` and `plimsoll explain`: names against names, a tool of its
//! own for anyone with two files to reconcile.

use std::{
    fmt::Write as _,
    fs::File,
    io::{BufReader, BufWriter},
    path::Path,
};

use indicatif::{ProgressBar, ProgressStyle};

use super::{
    arguments::{ExplainArguments, MatchArguments},
    output::{Failure, Stdout, note, print},
};
use crate::{
    country::Country,
    screening::{
        MatchNotice, MatchOptions, SearchOptions, Similarity, compare::Comparison, explain_names,
        run_match,
    },
};

pub fn run(arguments: &MatchArguments) -> Result<(), Failure> {
    let min_similarity = Similarity::new(arguments.min_similarity).ok_or_else(|| {
        Failure::unusable(format!(
            "--min-similarity {}: a similarity is between 0 and 1",
            arguments.min_similarity
        ))
    })?;
    let options = MatchOptions {
        search: SearchOptions {
            min_similarity,
            limit: arguments.limit,
        },
        explain: arguments.explain,
    };
    if let Some(threads) = arguments.threads {
        rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build_global()?;
    }
    let bar = ProgressBar::new_spinner().with_style(ProgressStyle::with_template(
        "{spinner} {pos} queries answered, {per_sec}",
    )?);
    let summary = run_match(
        open(&arguments.list)?,
        open(&arguments.queries)?,
        BufWriter::new(Stdout::lock()),
        &options,
        |notice| match notice {
            MatchNotice::Answered { queries } => bar.set_position(queries),
            other => bar.suspend(|| note(other)),
        },
    )?;
    bar.finish_and_clear();
    note(format_args!(
        "{} queries against {} parties ({} names): {} hits, {} lines left out",
        summary.queries, summary.parties, summary.names, summary.hits, summary.bad_lines
    ));
    Ok(())
}

fn open(path: &Path) -> Result<BufReader<File>, Failure> {
    File::open(path)
        .map(BufReader::new)
        .map_err(|error| Failure::unusable(format!("{}: {error}", path.display())))
}

pub fn explain(arguments: &ExplainArguments) -> Result<(), Failure> {
    let country = arguments
        .country
        .as_deref()
        .map(|text| {
            Country::parse(text)
                .ok_or_else(|| Failure::unusable(format!("--country {text}: no country we know")))
        })
        .transpose()?;
    let text = match explain_names(&arguments.supplier_name, &arguments.listed_name, country) {
        Some(comparison) => in_words(&comparison),
        None => "no similarity: the names share no word that could be compared\n".to_owned(),
    };
    Ok(print(&text)?)
}

fn in_words(comparison: &Comparison) -> String {
    let mut text = format!("similarity {}\n", comparison.similarity.value());
    for words in &comparison.alignment {
        let _infallible = writeln!(
            text,
            "  {:<28} = {:<28} {}",
            words.supplier, words.listed, words.similarity
        );
    }
    for feature in &comparison.features {
        let _infallible = writeln!(
            text,
            "  {:>+7.3}  {}",
            f64::from(feature.contribution) / 1000.0,
            feature.detail
        );
    }
    text
}
