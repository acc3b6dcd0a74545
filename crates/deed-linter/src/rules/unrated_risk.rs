//! Rule `unrated-risk`.

use deed_model::{FileRange, Rating, Risk, Spanned};

use crate::acceptance::in_force;
use crate::{ByModel, Check, Context, Group, Rule, Setting, Severity};

pub(super) static RULE: Rule = Rule {
    id: "unrated-risk",
    group: Group::Risks,
    source: "ISO/IEC 27001:2022 6.1.2 b), d)",
    severity: ByModel::all(Setting::ERROR),
    summary: "a risk is not rated, or not on the scale of the risk criteria",
    options: &[],
    docs: include_str!("unrated_risk.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    let (register, today) = (ctx.register, ctx.today);
    for risk in ctx.each(&register.risks).filter(|risk| risk.is_open(today)) {
        off_scale(ctx, risk, risk.inherent.as_ref());
        off_scale(ctx, risk, risk.residual.as_ref());
        let id = &risk.head.id;
        if risk.inherent.is_none() && !ctx.is_written(&risk.head, "inherent") {
            ctx.report(risk.head.key, format!("risk `{id}` is not rated"))
                .help("say how likely it is and how much it would hurt: `inherent: { likelihood: …, impact: … }`");
        } else if let Some(treatment) = risk.treatment.as_ref().filter(|treatment| treatment.leaves_rest())
            && risk.residual.is_none()
            && !ctx.is_written(&risk.head, "residual")
        {
            let accepted = in_force(risk, today).next();
            let diagnostic = ctx.report(
                treatment.span,
                match accepted {
                    None => format!("what remains of risk `{id}` after treatment is not rated"),
                    Some(_) => format!("what remains of risk `{id}` after treatment is accepted, but not rated"),
                },
            );
            match accepted {
                None => diagnostic.graded(Severity::Warning),
                Some(accepted) => diagnostic.label(accepted.key, "nobody can say how much was accepted"),
            };
            diagnostic.help(
                "rate it as it is today: `residual: { likelihood: …, impact: … }`; somebody has to accept that much",
            );
        }
    }
}

fn off_scale(ctx: &mut Context<'_>, risk: &Risk, rating: Option<&Rating>) {
    let Some((criteria, rating)) = ctx.register.risk_criteria().zip(rating) else { return };
    let mut beyond = |name: &str, value: Option<&Spanned<i64>>, highest: Option<&Spanned<i64>>| {
        let (Some(value), Some(highest)) = (value, highest) else { return };
        if **value > **highest {
            let place: FileRange = value.span;
            ctx.report(place, format!("{name} {} of risk `{}` is beyond the scale", value.value, risk.head.id))
                .label(highest.span, format!("{name} goes from 1 to {}", highest.value))
                .help(format!("rate the {name} from 1 to {}", highest.value));
        }
    };
    beyond("likelihood", rating.likelihood.as_ref(), criteria.likelihood.as_ref());
    beyond("impact", rating.impact.as_ref(), criteria.impact.as_ref());
}
