//! The two duties that clause 5.3 wants assigned by name.

use deed_model::{Layer, Role};

use crate::ownership::{executives, named};
use crate::{Applicability, Context, FileEdit, insert};

/// Reports where a field of `isms` that names the holder of a duty is absent; `duty` says what it is, as in "to report".
pub(crate) fn unassigned(ctx: &mut Context<'_>, field: &'static str, duty: &str) {
    let register = ctx.register;
    let Some(isms) = register.isms().filter(|isms| !ctx.is_written(&isms.head, field)) else { return };
    let custodian = match &isms.manager {
        Some(manager) => register.roles.get(manager),
        None => only(register.roles.iter().filter(|role| role.is_in(Layer::Isms))),
    };
    let assigns = named(executives(register, ctx.today));
    let file = isms.head.key.file;
    let edit = custodian.and_then(|role| {
        let mapping = ctx.workspace.manifest(file).parse.node(isms.head.node);
        insert::fields(mapping, &[(field, role.head.id.clone())])
    });
    let diagnostic = ctx.report(isms.head.key, format!("nobody has the duty {duty}"));
    let how = custodian.map_or_else(|| format!("as `{field}`"), |role| format!("`{field}: {}`", role.head.id));
    if let Some(role) = custodian {
        let id = &role.head.id;
        match &isms.manager {
            Some(manager) => diagnostic.label(manager.span, format!("the ISMS is managed by `{id}`")),
            None => diagnostic.label(role.head.key, "the one role in layer `isms`"),
        };
    }
    diagnostic.help(match assigns {
        Some(assigns) => format!("top management, that is {assigns}, assigns it to a role: {how}"),
        None => format!("name the role that top management assigns it to: {how}"),
    });
    if let (Some(role), Some(edit)) = (custodian, edit) {
        diagnostic.fix(
            format!("assign it to `{}`", role.head.id),
            Applicability::Display,
            vec![FileEdit { file, edit }],
        );
    }
}

/// The one role there is, if there is just one.
fn only<'r>(mut roles: impl Iterator<Item = &'r Role>) -> Option<&'r Role> {
    let role = roles.next()?;
    roles.next().is_none().then_some(role)
}
