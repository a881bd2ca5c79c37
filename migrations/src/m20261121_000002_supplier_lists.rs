//! Supplier files as received and the suppliers read from them.

use sea_orm_migration::{
    prelude::*,
    schema::{
        integer, integer_null, pk_uuid, string_len, string_len_null, text,
        timestamp_with_time_zone, uuid,
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
                    .table("supplier_lists")
                    .col(pk_uuid("id"))
                    .col(uuid("organization_id"))
                    .col(text("file_name"))
                    .col(string_len("document_sha256", 64))
                    .col(text("options"))
                    .col(integer_null("rows_total"))
                    .col(integer_null("rows_accepted"))
                    .col(integer_null("rows_rejected"))
                    .col(integer_null("rows_blank"))
                    .col(timestamp_with_time_zone("received_at"))
                    .foreign_key(
                        ForeignKey::create()
                            .from("supplier_lists", ("organization_id", "document_sha256"))
                            .to("documents", ("organization_id", "sha256")),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("suppliers")
                    .col(pk_uuid("id"))
                    .col(uuid("organization_id"))
                    .col(uuid("supplier_list_id"))
                    .col(integer("row"))
                    .col(text("name"))
                    .col(string_len_null("country", 2))
                    .col(text("record"))
                    .foreign_key(
                        ForeignKey::create()
                            .from("suppliers", "supplier_list_id")
                            .to("supplier_lists", "id"),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("suppliers_list_row")
                    .table("suppliers")
                    .col("supplier_list_id")
                    .col("row")
                    .unique()
                    .to_owned(),
            )
            .await
    }
}
