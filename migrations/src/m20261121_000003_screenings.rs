//! Screenings, their assessments and hits.

use sea_orm_migration::{
    prelude::*,
    schema::{
        blob, date, integer, pk_uuid, small_integer, small_integer_null, string_len,
        string_len_null, text, text_null, timestamp_with_time_zone, timestamp_with_time_zone_null,
        uuid,
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
                    .table("screenings")
                    .col(pk_uuid("id"))
                    .col(uuid("organization_id"))
                    .col(uuid("supplier_list_id"))
                    .col(date("as_of"))
                    .col(text("head"))
                    .col(text_null("totals"))
                    .col(string_len_null("result_sha256", 64))
                    .col(timestamp_with_time_zone("started_at"))
                    .col(timestamp_with_time_zone_null("finished_at"))
                    .foreign_key(
                        ForeignKey::create()
                            .from("screenings", "supplier_list_id")
                            .to("supplier_lists", "id"),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("assessments")
                    .col(pk_uuid("id"))
                    .col(uuid("organization_id"))
                    .col(uuid("screening_id"))
                    .col(uuid("supplier_id"))
                    .col(integer("row"))
                    .col(integer("revision").default(0))
                    .col(small_integer_null("score"))
                    .col(small_integer("range_low"))
                    .col(small_integer("range_high"))
                    .col(text("tier"))
                    .col(text("disposition"))
                    .col(small_integer("coverage"))
                    .col(blob("detail"))
                    .col(string_len("detail_sha256", 64))
                    .foreign_key(
                        ForeignKey::create()
                            .from("assessments", "screening_id")
                            .to("screenings", "id"),
                    )
                    .foreign_key(
                        ForeignKey::create()
                            .from("assessments", "supplier_id")
                            .to("suppliers", "id"),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("assessments_screening_row")
                    .table("assessments")
                    .col("screening_id")
                    .col("row")
                    .col("revision")
                    .unique()
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("hits")
                    .col(pk_uuid("id"))
                    .col(uuid("organization_id"))
                    .col(uuid("screening_id"))
                    .col(uuid("supplier_id"))
                    .col(text("source"))
                    .col(text("entry_id"))
                    .col(text("listed_name"))
                    .col(text("supplier_name"))
                    .col(integer("similarity"))
                    .col(text("band"))
                    .foreign_key(
                        ForeignKey::create()
                            .from("hits", "screening_id")
                            .to("screenings", "id"),
                    )
                    .foreign_key(
                        ForeignKey::create()
                            .from("hits", "supplier_id")
                            .to("suppliers", "id"),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("hits_screening")
                    .table("hits")
                    .col("screening_id")
                    .col("id")
                    .to_owned(),
            )
            .await
    }
}
