//! One change a file, the same on SQLite and PostgreSQL.

pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::prelude::*;

mod m20261121_000001_trail;
mod m20261121_000002_supplier_lists;
mod m20261121_000003_screenings;
mod m20261121_000010_people;
mod m20261121_000011_jobs;
mod m20261121_000020_nodes;
mod m20261121_000021_webhooks;
mod m20261121_000030_standing_suppliers;
mod m20261121_000031_risk_models;
mod m20261121_000032_uploads;
mod m20261121_000033_lead_dispositions;
mod m20261121_000040_contractor_checks;
mod m20261121_000041_contractor_decisions;
mod m20261121_000050_statements;
mod m20261121_000060_list_snapshot_number;
mod m20261121_000061_list_snapshot_retrieval;
mod m20261121_000062_list_snapshot_index;
mod m20261121_000063_list_syncs;
mod m20261121_000064_list_entries;
mod m20261121_000065_list_syncs_brought;
mod m20261121_000066_list_writes;
mod m20261121_000070_webhook_deliveries_finished;

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
            Box::new(m20261121_000020_nodes::Migration),
            Box::new(m20261121_000021_webhooks::Migration),
            Box::new(m20261121_000030_standing_suppliers::Migration),
            Box::new(m20261121_000031_risk_models::Migration),
            Box::new(m20261121_000032_uploads::Migration),
            Box::new(m20261121_000033_lead_dispositions::Migration),
            Box::new(m20261121_000040_contractor_checks::Migration),
            Box::new(m20261121_000041_contractor_decisions::Migration),
            Box::new(m20261121_000050_statements::Migration),
            Box::new(m20261121_000060_list_snapshot_number::Migration),
            Box::new(m20261121_000061_list_snapshot_retrieval::Migration),
            Box::new(m20261121_000062_list_snapshot_index::Migration),
            Box::new(m20261121_000063_list_syncs::Migration),
            Box::new(m20261121_000064_list_entries::Migration),
            Box::new(m20261121_000065_list_syncs_brought::Migration),
            Box::new(m20261121_000066_list_writes::Migration),
            Box::new(m20261121_000070_webhook_deliveries_finished::Migration),
        ]
    }
}
