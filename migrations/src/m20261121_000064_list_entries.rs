//! Every version of every row of every list, once, with the editions that held
//! it: an edition costs what changed in it.

use sea_orm_migration::{
    prelude::*,
    schema::{blob, date, date_null, integer, integer_null, text, uuid},
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
                    .table("list_entries")
                    .col(uuid("organization_id"))
                    .col(text("source"))
                    .col(text("item"))
                    .col(integer("first_number"))
                    .col(integer_null("last_number"))
                    .col(date("valid_from"))
                    .col(date_null("valid_to"))
                    .col(blob("sha256"))
                    .col(text("body"))
                    .primary_key(
                        Index::create()
                            .col("organization_id")
                            .col("source")
                            .col("item")
                            .col("first_number"),
                    )
                    .to_owned(),
            )
            .await
    }
}
