//! One change a file, the same on SQLite and PostgreSQL.

pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::prelude::*;

mod m20261121_000001_trail;
mod m20261121_000002_supplier_lists;
mod m20261121_000003_screenings;
mod m20261121_000010_people;
mod m20261121_000011_jobs;
mod m20261121_000040_contractor_checks;
mod m20261121_000041_contractor_decisions;

/// All changes, oldest first.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261121_000001_trail::Migration),
            Box::new(m20261121_000002_supplier_lists::Migration),
            Box::new(m20261121_000003_screenings::Migration),
            Box::new(m20261121_000010_people::Migration),
            Box::new(m20261121_000011_jobs::Migration),
            Box::new(m20261121_000040_contractor_checks::Migration),
            Box::new(m20261121_000041_contractor_decisions::Migration),
        ]
    }
}
