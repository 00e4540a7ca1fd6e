import type { AccountResidual, ResidualView } from '../src/containment/residual.js';
import type { SELF_HOLD } from '../src/incidents/step-standing.js';
import type { IncidentView } from '../src/incidents/view.js';
import type { DecisionKind } from '../src/ports/decision-kinds.js';
import { moment, Mrkdwn } from '../src/texts/say.js';
import { type Content, sections, type Translator } from './parts.js';

/** What keeps working after a decision, account by account: the last word about it in the thread. */
export function residualCard(
  translator: Translator,
  view: Pick<IncidentView, 'systemTitle'>,
  { decision, accounts }: ResidualView,
): Content {
  const { say } = translator;
  const action = new Mrkdwn(say(`action.${decision.action as DecisionKind | typeof SELF_HOLD}`));
  const lines =
    accounts.length === 0
      ? [say('residual.none', { action })]
      : [say('residual.title', { action }), ...accounts.flatMap((one) => accountLines(translator, view, one))];
  return { text: lines.join('\n'), blocks: sections(lines) };
}

function accountLines(
  { say, plain }: Translator,
  { systemTitle }: Pick<IncidentView, 'systemTitle'>,
  { system, login, works, undone, takenBack, open }: AccountResidual,
): readonly string[] {
  return [
    say('residual.account', { system: systemTitle(system), login: login ?? plain('account.not_known') }),
    ...(open === undefined ? [] : [say(`residual.${open}`)]),
    ...works.map(({ what, until }) =>
      until === null ? say('residual.unknown', { what }) : say('residual.until', { what, until: moment(until) }),
    ),
    ...undone.map((one) => say('residual.undone', { action: new Mrkdwn(say(`action.${one}`)) })),
    ...takenBack.map((one) => say('residual.taken_back', { action: new Mrkdwn(say(`action.${one}`)) })),
  ];
}
