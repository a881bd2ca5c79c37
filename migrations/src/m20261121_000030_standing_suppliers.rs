//! Suppliers as standing records with every version, what people said about two
//! records being one party, and the organization's own id on the rows of lists.

use sea_orm_migration::{
    prelude::*,
    schema::{
        boolean, integer, pk_uuid, string_len_null, text, text_null, timestamp_with_time_zone,
        uuid, uuid_null,
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
                    .table("standing_suppliers")
                    .col(pk_uuid("id"))
                    .col(uuid("organization_id"))
                    .col(text("external_id"))
                    .col(text("name"))
                    .col(text("name_key"))
                    .col(string_len_null("country", 2))
                    .col(boolean("active"))
                    .col(integer("version"))
                    .col(uuid_null("merged_into"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone("updated_at"))
                    .foreign_key(
                        ForeignKey::create()
                            .from("standing_suppliers", "organization_id")
                            .to("organizations", "id"),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("standing_suppliers_external")
                    .table("standing_suppliers")
                    .col("organization_id")
                    .col("external_id")
                    .unique()
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("supplier_versions")
                    .col(pk_uuid("id"))
                    .col(uuid("organization_id"))
                    .col(uuid("standing_supplier_id"))
                    .col(integer("version"))
                    .col(text("record"))
                    .col(boolean("active"))
                    .col(text("changed_by"))
                    .col(timestamp_with_time_zone("changed_at"))
                    .foreign_key(
                        ForeignKey::create()
                            .from("supplier_versions", "standing_supplier_id")
                            .to("standing_suppliers", "id"),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("supplier_versions_version")
                    .table("supplier_versions")
                    .col("standing_supplier_id")
                    .col("version")
                    .unique()
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("supplier_merges")
                    .col(pk_uuid("id"))
                    .col(uuid("organization_id"))
                    .col(uuid("kept_id"))
                    .col(uuid("other_id"))
                    .col(text("decision"))
                    .col(text("decided_by"))
                    .col(text("rationale"))
                    .col(text_null("evidence"))
                    .col(timestamp_with_time_zone("decided_at"))
                    .foreign_key(
                        ForeignKey::create()
                            .from("supplier_merges", "kept_id")
                            .to("standing_suppliers", "id"),
                    )
                    .foreign_key(
                        ForeignKey::create()
                            .from("supplier_merges", "other_id")
                            .to("standing_suppliers", "id"),
                    )
                    .to_owned(),
            )
            .await?;
        for column in ["kept_id", "other_id"] {
            manager
                .create_index(
                    Index::create()
                        .name(format!("supplier_merges_{column}"))
                        .table("supplier_merges")
                        .col(column)
                        .to_owned(),
                )
                .await?;
        }
        manager
            .alter_table(
                Table::alter()
                    .table("suppliers")
                    .add_column(text_null("external_id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("suppliers_external")
                    .table("suppliers")
                    .col("organization_id")
                    .col("external_id")
                    .to_owned(),
            )
            .await?;
        // The assessments of a supplier, and of an organization as they came.
        manager
            .create_index(
                Index::create()
                    .name("assessments_supplier")
                    .table("assessments")
                    .col("supplier_id")
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("assessments_organization")
                    .table("assessments")
                    .col("organization_id")
                    .col("id")
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("hits_organization")
                    .table("hits")
                    .col("organization_id")
                    .col("id")
                    .to_owned(),
            )
            .await
    }
}
