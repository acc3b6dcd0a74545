//! Rule `undeclared-model`.

use deed_model::authority::{Hat, Via};
use deed_model::{Date, Isms, Layer, OwnershipModel, Verb, is_root_manifest};
use deed_syntax::SyntaxErrorKind;

use crate::decided::{ended, is_undecided};
use crate::elapsed::tense;
use crate::mandate::{Claim, mandate, unmandated};
use crate::ownership::{executives, named};
use crate::{Applicability, ByModel, Check, Context, FileEdit, Group, Rule, Setting, insert};

pub(super) static RULE: Rule = Rule {
    id: "undeclared-model",
    group: Group::Organization,
    source: "ISO/IEC 27001:2022 4.4, 5.3",
    severity: ByModel::all(Setting::ERROR),
    summary: "no ownership model is declared, or top management has not adopted it",
    options: &[],
    docs: include_str!("undeclared_model.md"),
    check: Check::Register(check),
};

const MODELS: &str = "`centralized` (a central function owns and coordinates), `federated` (departments own) or \
                      `executive-led` (executives own, and show it)";

fn check(ctx: &mut Context<'_>) {
    let Some(isms) = ctx.register.isms() else { return without_isms(ctx) };
    if !ctx.is_written(&isms.head, "model") {
        return undeclared(ctx, isms);
    }
    // A model that is none is the schema's to report.
    let Some(model) = &isms.model else { return };
    let what = format!("the {} model", model.name());
    let executives = named(executives(ctx.register, ctx.today));
    let ask = match executives {
        Some(executives) => format!("ask {executives} to adopt it"),
        None => "have top management adopt it: no executive role is held by anybody".to_owned(),
    };
    if is_undecided(ctx, &isms.head, Verb::Adopted, &isms.adopted) {
        let diagnostic = ctx.report(model.span, format!("nobody has adopted {what}"));
        for date in isms.adopted.iter().filter_map(|adopted| adopted.date.as_ref()) {
            diagnostic.label(date.span, format!("not in force before {}", date.value));
        }
        diagnostic.help(ask);
    } else if let Some(until) = ended(&isms.adopted, ctx.horizon) {
        let ended = tense(**until, ctx.today, "ended", "ends");
        let message = format!("the adoption of {what} {ended} on {}", until.value);
        ctx.report(until.span, message).due(**until).help(ask);
    } else {
        adopted_by_others(ctx, isms, &what, ask);
    }
}

/// A workspace without an `isms`. A fragment without a root manifest is not asked for it, nor is a workspace in which it
/// may be what a syntax error hides.
fn without_isms(ctx: &mut Context<'_>) {
    let manifests = ctx.workspace.manifests();
    let readable = |error: &deed_syntax::SyntaxError| error.kind == SyntaxErrorKind::DuplicateKey;
    let is_whole = manifests.first().is_some_and(|manifest| is_root_manifest(&manifest.path))
        && manifests.iter().all(|manifest| manifest.parse.errors().iter().all(readable));
    if is_whole {
        ctx.report(ctx.root_span(), "no manifest declares an ownership model: there is no `isms`")
            .help(format!("add `isms` with the `organization` and its `model`: {MODELS}"));
    }
}

fn undeclared(ctx: &mut Context<'_>, isms: &Isms) {
    let file = isms.head.key.file;
    let mapping = ctx.workspace.manifest(file).parse.node(isms.head.node);
    let edits =
        OwnershipModel::ALL.map(|model| (model, insert::fields(mapping, &[("model", model.name().to_owned())])));
    let diagnostic = ctx.report(isms.head.key, "the ISMS declares no ownership model");
    diagnostic.help(format!("say how ownership is spread with `model`: {MODELS}"));
    for (model, edit) in edits {
        if let Some(edit) = edit {
            let title = format!("declare the {} model", model.name());
            diagnostic.fix(title, Applicability::Display, vec![FileEdit { file, edit }]);
        }
    }
}

/// The model was adopted, but by nobody in top management.
fn adopted_by_others(ctx: &mut Context<'_>, isms: &Isms, what: &str, ask: String) {
    let register = ctx.register;
    // A delegation lends what it names, and no delegation can name the adoption.
    let is_executive =
        |hat: &Hat<'_>, _: Date| hat.role.is_in(Layer::Executive) && !matches!(hat.via, Via::Delegation(_));
    let found = unmandated(&isms.adopted, ctx.today, |decision| mandate(ctx, decision, is_executive));
    let Some((decision, ())) = found else { return };
    let Some(claim) = Claim::of(register, decision, what) else { return };
    let message = match &claim.why {
        Some(why) => format!("{}, {why}", claim.what),
        None => format!("{} but is no executive", claim.what),
    };
    let diagnostic = ctx.report(claim.place, message);
    claim.label(diagnostic, register, None, true);
    diagnostic.help(ask);
}
