//! Jobs and decisions about hits.

use sea_orm_migration::{
    prelude::*,
    schema::{
        boolean, date, integer, integer_null, pk_uuid, string_len, text, text_null,
        timestamp_with_time_zone, timestamp_with_time_zone_null, uuid, uuid_null,
    },
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
                    .table("jobs")
                    .col(pk_uuid("id"))
                    .col(uuid("organization_id"))
                    .col(text("kind"))
                    .col(text("state"))
                    .col(uuid("supplier_list_id"))
                    .col(uuid_null("screening_id"))
                    .col(date("as_of"))
                    .col(text("actor"))
                    .col(text_null("idempotency_key"))
                    .col(string_len("request_sha256", 64))
                    .col(integer_null("rows_total"))
                    .col(integer("rows_done"))
                    .col(integer("attempts"))
                    .col(uuid_null("lease"))
                    .col(timestamp_with_time_zone_null("lease_until"))
                    .col(timestamp_with_time_zone("run_after"))
                    .col(boolean("cancel_requested"))
                    .col(text_null("problem"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone_null("started_at"))
                    .col(timestamp_with_time_zone_null("finished_at"))
                    .foreign_key(
                        ForeignKey::create()
                            .from("jobs", "supplier_list_id")
                            .to("supplier_lists", "id"),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("jobs_idempotency")
                    .table("jobs")
                    .col("organization_id")
                    .col("idempotency_key")
                    .unique()
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("jobs_state")
                    .table("jobs")
                    .col("state")
                    .col("run_after")
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("dispositions")
                    .col(pk_uuid("id"))
                    .col(uuid("organization_id"))
                    .col(uuid("screening_id"))
                    .col(uuid("supplier_id"))
                    .col(text("source"))
                    .col(text("entry_id"))
                    .col(uuid("hit_id"))
                    .col(text("decision"))
                    .col(text("reviewer"))
                    .col(text("rationale"))
                    .col(timestamp_with_time_zone("decided_at"))
                    .foreign_key(
                        ForeignKey::create()
                            .from("dispositions", "hit_id")
                            .to("hits", "id"),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("dispositions_supplier")
                    .table("dispositions")
                    .col("supplier_id")
                    .col("decided_at")
                    .to_owned(),
            )
            .await?;
        Ok(())
    }
}
