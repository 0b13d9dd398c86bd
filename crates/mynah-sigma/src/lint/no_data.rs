use super::Lint;
use crate::log_source::Wanted;
use mynah_syntax::{Diagnostic, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    code: "sigma/no-log-source",
    severity: Severity::Info,
    what: "a `logsource` that no view has",
    why: "The rule runs and finds nothing, whatever the data. A view of one's own can say which events are of this log source.",
    bad: r#"title: Whoami
logsource:
    product: okta
    service: okta
detection:
    selection:
        Image|endswith: '\whoami.exe'
    condition: selection"#,
    good: r#"title: Whoami
logsource:
    product: windows
    category: process_creation
detection:
    selection:
        Image|endswith: '\whoami.exe'
    condition: selection"#,
    page: "https://github.com/SigmaHQ/sigma-specification/blob/main/specification/sigma-appendix-taxonomy.md",
};

pub(super) fn check(lint: &Lint<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for (rule, place) in lint.rules() {
        let wanted = Wanted::of(&rule.logsource);
        let at = place.key("logsource");
        if wanted.is_anything() && at.exists() {
            let message = "this `logsource` names no category, product or service: every event is looked at";
            diagnostics.push(Diagnostic::info(RULE.code, message, at.span()));
        } else if !wanted.is_anything() && wanted.sources(lint.view).is_empty() {
            let message = format!("there are no logs of {} here: the rule finds nothing", wanted.text());
            let help = "a view of a log source says that it is one by fields `logsource.category`, `logsource.product` and `logsource.service`";
            diagnostics.push(Diagnostic::info(RULE.code, message, at.span()).with_help(help));
        }
    }
}
