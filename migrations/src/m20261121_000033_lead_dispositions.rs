//! What people decided about leads that are no hits: a place in the supplier's
//! own record, an order on a good or a region.

use sea_orm_migration::{
    prelude::*,
    schema::{pk_uuid, text, timestamp_with_time_zone, uuid},
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("lead_dispositions")
                    .col(pk_uuid("id"))
                    .col(uuid("organization_id"))
                    .col(uuid("screening_id"))
                    .col(uuid("supplier_id"))
                    // `place` or `order`
                    .col(text("kind"))
                    // Where in the record and which place; which list and entry.
                    .col(text("source"))
                    .col(text("subject"))
                    .col(text("decision"))
                    .col(text("reviewer"))
                    .col(text("rationale"))
                    .col(timestamp_with_time_zone("decided_at"))
                    .foreign_key(
                        ForeignKey::create()
                            .from("lead_dispositions", "supplier_id")
                            .to("suppliers", "id"),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("lead_dispositions_supplier")
                    .table("lead_dispositions")
                    .col("supplier_id")
                    .col("decided_at")
                    .to_owned(),
            )
            .await
    }
}
