//! Who may call a handler. A handler takes [`Allowed`] as its first argument or
//! cannot be registered ([`guarded`]); the database it gets is bound to the
//! caller's organization.

use std::{future::Future, marker::PhantomData, pin::Pin};

use actix_web::{
    FromRequest, Handler, HttpMessage, HttpRequest, Responder, Route,
    dev::Payload,
    http::{Method, header},
    middleware::from_fn,
    web,
};

use super::{limits, problem::Problem, state::State};
use crate::{
    access::Permission,
    app::{identity::Principal, outside::authenticate},
    organization::OrganizationId,
    store::Database,
};

/// A permission as a type.
pub trait Needs: 'static {
    const PERMISSION: Permission;
}

macro_rules! needs {
    ($($name:ident),+ $(,)?) => {
        $(
            #[derive(Debug)]
            pub enum $name {}
            impl Needs for $name {
                const PERMISSION: Permission = Permission::$name;
            }
        )+
    };
}

needs!(
    ReadLists,
    ReadResults,
    Screen,
    Decide,
    ReadAudit,
    ManagePeople,
    ManageKeys,
    ManagePolicies,
    ManageLists,
    Operate,
);

/// Marks a request whose caller has signed in.
#[derive(Debug)]
pub(super) struct SignedIn;

/// A caller who has shown that they may.
#[derive(Debug)]
pub struct Allowed<P> {
    pub principal: Principal,
    /// Sees the caller's organization and no other.
    pub database: Database,
    permission: PhantomData<P>,
}

impl<P> Allowed<P> {
    /// Sees published lists, and the organization's own only for whoever may read
    /// its results.
    pub fn lists(&self) -> Database {
        if self
            .principal
            .permissions
            .contains(&Permission::ReadResults)
        {
            self.database.clone()
        } else {
            self.database.of(OrganizationId::PUBLIC)
        }
    }
}

impl<P: Needs> FromRequest for Allowed<P> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let state = request.app_data::<web::Data<State>>().cloned();
        let bearer = bearer(request);
        let request = request.clone();
        Box::pin(async move {
            let Some(state) = state else {
                return Err(Problem::unauthorized());
            };
            let Some(bearer) = bearer else {
                state.limits.stranger(&request)?;
                return Err(Problem::unauthorized());
            };
            let now = state.clock.now();
            let outside = state.outside.as_deref();
            let principal = authenticate(&state.database, &state.tokens, outside, &bearer, now)
                .await
                .map_err(Problem::from);
            let principal = match principal {
                Ok(principal) => principal,
                Err(problem) => {
                    // Whoever tries out tokens; a good one is not kept waiting for it.
                    state.limits.stranger(&request)?;
                    return Err(problem);
                }
            };
            request.extensions_mut().insert(SignedIn);
            state.limits.caller(&principal)?;
            if !principal.permissions.contains(&P::PERMISSION) {
                return Err(Problem::forbidden(P::PERMISSION.code()));
            }
            Ok(Self {
                database: state.database.of(principal.organization),
                principal,
                permission: PhantomData,
            })
        })
    }
}

fn bearer(request: &HttpRequest) -> Option<String> {
    let value = request
        .headers()
        .get(header::AUTHORIZATION)?
        .to_str()
        .ok()?;
    let (scheme, credentials) = value.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then(|| credentials.trim().to_owned())
}

/// Arguments that begin with [`Allowed`].
pub trait Guarded {}

impl<P: Needs> Guarded for (Allowed<P>,) {}
impl<P: Needs, A> Guarded for (Allowed<P>, A) {}
impl<P: Needs, A, B> Guarded for (Allowed<P>, A, B) {}
impl<P: Needs, A, B, C> Guarded for (Allowed<P>, A, B, C) {}
impl<P: Needs, A, B, C, D> Guarded for (Allowed<P>, A, B, C, D) {}

/// A route for callers who may.
pub fn guarded<F, A>(method: Method, handler: F) -> Route
where
    F: Handler<A>,
    A: FromRequest + Guarded + 'static,
    F::Output: Responder + 'static,
{
    web::method(method).to(handler)
}

/// A route for everybody, counted by address. There are few, and
/// `tests/architecture.rs` names them.
pub fn open<F, A>(method: Method, handler: F) -> Route
where
    F: Handler<A>,
    A: FromRequest + 'static,
    F::Output: Responder + 'static,
{
    web::method(method)
        .to(handler)
        .wrap(from_fn(limits::open_route))
}
