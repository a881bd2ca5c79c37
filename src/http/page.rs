//! Pages of collections. Every one is asked for in the same way: filters of its
//! own, `sort`, `fields`, and `?limit=&after=`, where `after` is the `next` of
//! the page before.

use std::{collections::BTreeMap, marker::PhantomData};

use actix_web::{FromRequest, HttpRequest, HttpResponse, dev::Payload};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use url::form_urlencoded;
use utoipa::{
    IntoParams, PartialSchema, ToSchema,
    openapi::{
        ArrayBuilder, ObjectBuilder, RefOr, Required, Schema, Type,
        path::{Parameter, ParameterBuilder, ParameterIn, ParameterStyle},
        schema::SchemaType,
    },
};
use uuid::Uuid;

use super::{body::parameters, problem::Problem};
use crate::store::Slice;

const MOST: u64 = 200;
/// A cursor holds one sort key, and the longest is a name.
const CURSOR_CHARS: usize = 4_000;

/// The plain form, for collections that are small or have one order.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Seek {
    /// Items at most, 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 50)]
    #[serde(default = "usual_limit")]
    pub limit: u64,
    /// `next` of the page before.
    pub after: Option<Uuid>,
}

pub(super) fn usual_limit() -> u64 {
    50
}

/// The limit, if it is one.
pub(super) fn limit(wanted: u64) -> Result<u64, Problem> {
    if (1..=MOST).contains(&wanted) {
        Ok(wanted)
    } else {
        Err(Problem::bad_parameter(
            "limit",
            format!("a page has 1 to {MOST} items"),
        ))
    }
}

/// A page and where the next one begins; `null` at the end.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    pub items: Vec<T>,
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// A full page may have another behind it.
    pub(super) fn new(items: Vec<T>, limit: u64, place: impl Fn(&T) -> String) -> Self {
        let full = items.len() as u64 >= limit;
        Self {
            next: items.last().filter(|_| full).map(place),
            items,
        }
    }
}

/// What can be asked of a collection.
pub trait Collection: 'static {
    /// Query parameters that narrow it; `serde(deny_unknown_fields)`.
    type Filter: DeserializeOwned + IntoParams;
    type Item: Serialize + PartialSchema;
    /// Sort keys, each a field of the item. The store knows the same ones.
    const SORTS: &'static [&'static str];
    /// As `sort` writes it.
    const USUAL_SORT: &'static str;
    /// The field that tells items with equal keys apart.
    const ID: &'static str = "id";
}

/// One request for a part of a collection.
#[derive(Debug)]
pub struct Listing<C: Collection> {
    pub filter: C::Filter,
    limit: u64,
    sort: &'static str,
    descending: bool,
    after: Option<(Value, Value)>,
    fields: Option<Vec<String>>,
    collection: PhantomData<C>,
}

impl<C: Collection> FromRequest for Listing<C> {
    type Error = Problem;
    type Future = std::future::Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(Self::read(request.query_string()))
    }
}

impl<C: Collection> Listing<C> {
    fn read(query: &str) -> Result<Self, Problem> {
        let mut common = BTreeMap::new();
        let mut filters = form_urlencoded::Serializer::new(String::new());
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            if !["limit", "after", "sort", "fields"].contains(&name.as_ref()) {
                filters.append_pair(&name, &value);
            } else if common.insert(name.to_string(), value.to_string()).is_some() {
                return Err(Problem::bad_parameter(&name, "it is given twice"));
            }
        }
        let limit = match common.get("limit") {
            None => usual_limit(),
            Some(text) => limit(text.parse().map_err(|_| {
                Problem::bad_parameter("limit", format!("a page has 1 to {MOST} items"))
            })?)?,
        };
        let (sort, descending) =
            Self::sort(common.get("sort").map_or(C::USUAL_SORT, String::as_str))?;
        let after = match common.get("after") {
            None => None,
            Some(cursor) => {
                let (of, place) = read_cursor(cursor)?;
                if of != signed(sort, descending) {
                    return Err(Problem::bad_parameter(
                        "after",
                        format!("it goes on in the order {of}: send the same sort"),
                    ));
                }
                Some(place)
            }
        };
        let fields = common
            .get("fields")
            .map(|text| Self::fields(text))
            .transpose()?;
        Ok(Self {
            filter: parameters(&filters.finish())?,
            limit,
            sort,
            descending,
            after,
            fields,
            collection: PhantomData,
        })
    }

    fn sort(text: &str) -> Result<(&'static str, bool), Problem> {
        let (name, descending) = match text.strip_prefix('-') {
            Some(name) => (name, true),
            None => (text, false),
        };
        let known = C::SORTS.iter().find(|key| **key == name);
        known.map(|key| (*key, descending)).ok_or_else(|| {
            Problem::bad_parameter(
                "sort",
                format!(
                    "sort by one of {}, with - before it for the reverse",
                    C::SORTS.join(", ")
                ),
            )
        })
    }

    fn fields(text: &str) -> Result<Vec<String>, Problem> {
        let known = fields_of::<C::Item>();
        let wanted: Vec<String> = text.split(',').map(str::to_owned).collect();
        match wanted.iter().find(|name| !known.contains(name)) {
            None => Ok(wanted),
            Some(name) => Err(Problem::bad_parameter(
                "fields",
                format!("\"{name}\" is none of {}", known.join(", ")),
            )),
        }
    }

    /// What the store is asked for.
    pub(super) fn slice(&self) -> Slice {
        Slice {
            sort: self.sort.to_owned(),
            descending: self.descending,
            after: self.after.clone(),
            limit: self.limit,
        }
    }

    /// The answer. A full page may have another behind it.
    pub(super) fn page(&self, items: &[C::Item]) -> Result<HttpResponse, Problem> {
        let mut shown = Vec::with_capacity(items.len());
        let mut next = None;
        for (place, item) in (1..).zip(items) {
            let mut value = serde_json::to_value(item)?;
            if place == self.limit {
                next = Some(write_cursor(
                    &signed(self.sort, self.descending),
                    value.get(self.sort),
                    value.get(C::ID),
                ));
            }
            if let (Some(fields), Some(object)) = (&self.fields, value.as_object_mut()) {
                object.retain(|name, _| fields.contains(name));
            }
            shown.push(value);
        }
        Ok(HttpResponse::Ok().json(Page { items: shown, next }))
    }
}

fn signed(sort: &str, descending: bool) -> String {
    if descending {
        format!("-{sort}")
    } else {
        sort.to_owned()
    }
}

fn write_cursor(sort: &str, key: Option<&Value>, id: Option<&Value>) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(json!([sort, key, id]).to_string())
}

fn read_cursor(cursor: &str) -> Result<(String, (Value, Value)), Problem> {
    let bad = || Problem::bad_parameter("after", "send `next` of the page before as it is");
    if cursor.len() > CURSOR_CHARS {
        return Err(bad());
    }
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(cursor).map_err(|_| bad())?;
    let (sort, key, id): (String, Value, Value) =
        serde_json::from_slice(&bytes).map_err(|_| bad())?;
    Ok((sort, (key, id)))
}

/// The names of an item's fields.
fn fields_of<T: PartialSchema>() -> Vec<String> {
    match T::schema() {
        RefOr::T(Schema::Object(object)) => object.properties.into_keys().collect(),
        _ => Vec::new(),
    }
}

impl<C: Collection> IntoParams for Listing<C> {
    fn into_params(parameter_in: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let parameter = |name: &str, text: String, schema: Schema| {
            ParameterBuilder::new()
                .name(name)
                .parameter_in(ParameterIn::Query)
                .required(Required::False)
                .description(Some(text))
                .schema(Some(schema))
        };
        let text = || ObjectBuilder::new().schema_type(Type::String);
        let sorts = C::SORTS
            .iter()
            .flat_map(|key| [(*key).to_owned(), format!("-{key}")]);
        let field = text().enum_values(Some(fields_of::<C::Item>())).build();
        let mut all = vec![
            parameter(
                "limit",
                format!("Items at most, 1 to {MOST}."),
                ObjectBuilder::new()
                    .schema_type(Type::Integer)
                    .minimum(Some(1))
                    .maximum(Some(MOST))
                    .default(Some(json!(usual_limit())))
                    .build()
                    .into(),
            )
            .build(),
            parameter(
                "after",
                "`next` of the page before, asked for with the same `sort`.".to_owned(),
                text()
                    .pattern(Some("^[A-Za-z0-9_-]+$"))
                    .max_length(Some(CURSOR_CHARS))
                    .build()
                    .into(),
            )
            .build(),
            parameter(
                "sort",
                "The order; with - before it the reverse.".to_owned(),
                text()
                    .enum_values(Some(sorts))
                    .default(Some(json!(C::USUAL_SORT)))
                    .build()
                    .into(),
            )
            .build(),
            parameter(
                "fields",
                "Only these fields of each item, parted by commas.".to_owned(),
                ArrayBuilder::new()
                    .items(field)
                    .min_items(Some(1))
                    .build()
                    .into(),
            )
            .style(Some(ParameterStyle::Form))
            .explode(Some(false))
            .build(),
        ];
        all.extend(C::Filter::into_params(parameter_in));
        all
    }
}

/// A page of items as `fields` leaves them: no field is sure to be there.
#[derive(Debug)]
pub struct SparsePage<T>(PhantomData<T>);

impl<T: PartialSchema> PartialSchema for SparsePage<T> {
    fn schema() -> RefOr<Schema> {
        let item = match T::schema() {
            RefOr::T(Schema::Object(mut object)) => {
                object.required.clear();
                RefOr::T(Schema::Object(object))
            }
            other => other,
        };
        let next = ObjectBuilder::new()
            .schema_type(SchemaType::from_iter([Type::String, Type::Null]))
            .description(Some("Where the next page begins; `null` at the end."));
        ObjectBuilder::new()
            .property("items", ArrayBuilder::new().items(item))
            .required("items")
            .property("next", next)
            .required("next")
            .build()
            .into()
    }
}

impl<T: ToSchema> ToSchema for SparsePage<T> {
    fn name() -> std::borrow::Cow<'static, str> {
        format!("PageOf{}", T::name()).into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        T::schemas(schemas);
    }
}

/// No filters.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct NoFilter {}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Serialize, ToSchema)]
    struct Thing {
        id: Uuid,
        name: String,
    }

    #[derive(Debug, Deserialize, IntoParams)]
    #[serde(deny_unknown_fields)]
    struct ThingFilter {
        weight: Option<u8>,
    }

    #[derive(Debug)]
    struct Things;

    impl Collection for Things {
        type Filter = ThingFilter;
        type Item = Thing;
        const SORTS: &'static [&'static str] = &["id", "name"];
        const USUAL_SORT: &'static str = "-id";
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (query, named) in [
            ("limit=0", "?limit"),
            ("limit=201", "?limit"),
            ("limit=x", "?limit"),
            ("limit=1&limit=2", "?limit"),
            ("sort=weight", "?sort"),
            ("sort=--id", "?sort"),
            ("after=%20", "?after"),
            ("after=bm90aGluZw", "?after"),
            ("fields=id,nmae", "?fields"),
            ("fields=", "?fields"),
            ("weight=heavy", "?weight"),
            ("weight=1&weight=2", "?weight"),
            ("nothing=1", "?nothing"),
            ("weight=%00", "?weight"),
        ] {
            let problem = Listing::<Things>::read(query).unwrap_err();
            let shown = format!("{problem:?}");
            assert!(shown.contains(&format!("\"{named}\"")), "{query}: {shown}");
            assert!(shown.contains("400"), "{query}: {shown}");
        }
    }

    #[test]
    fn a_cursor_goes_on_in_its_own_order_only() {
        let cursor = write_cursor("-name", Some(&json!("Ü; \"x\"")), Some(&json!("1")));
        let listing =
            Listing::<Things>::read(&format!("sort=-name&after={cursor}&weight=3")).unwrap();
        assert_eq!(listing.slice().after, Some((json!("Ü; \"x\""), json!("1"))));
        assert_eq!(listing.filter.weight, Some(3));
        for other in ["name", "-id", "id"] {
            assert!(Listing::<Things>::read(&format!("sort={other}&after={cursor}")).is_err());
        }
    }
}
