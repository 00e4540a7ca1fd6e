import { type HoldReach, holdReach, isWhole, lastHold } from '../src/incidents/hold-reach.js';
import type { IncidentView } from '../src/incidents/view.js';
import { buttons, drawButton } from './interactions.js';
import { clip, SLACK_LIMITS } from './limits.js';
import { actions, type Content, section, type Translator } from './parts.js';

/** What became of the person's own hold, and the button for one. */
export function holdBlocks(translator: Translator, view: IncidentView, offer: HoldReach | null): Content['blocks'] {
  const last = lastHold(view.decisions);
  const held =
    last === undefined
      ? []
      : [section(sayHeld(translator, view, holdReach(view.accounts, view.steps, last), isRunning(view, last.id)))];
  return offer === null ? held : [...held, ...offerBlocks(translator, view, offer)];
}

const names = (view: IncidentView, systems: readonly string[]): string =>
  systems.map((system) => view.systemTitle(system)).join(', ');

function offerBlocks({ say, plain }: Translator, view: IncidentView, offer: HoldReach): Content['blocks'] {
  const { signedOut, untouched } = offer;
  const before = [
    say('status.hold'),
    ...(signedOut.length === 0 ? [] : [say('hold.signed_out.before', { systems: names(view, signedOut) })]),
    ...(untouched.length === 0 ? [] : [say('hold.untouched.before', { systems: names(view, untouched) })]),
  ];
  // Slack shows little text here, so what is not reached stands first in line after the warning.
  const left =
    (untouched.length === 0 ? '' : plain('hold.confirm.untouched', { systems: names(view, untouched) })) +
    (signedOut.length === 0 ? '' : plain('hold.confirm.signed_out', { systems: names(view, signedOut) }));
  const confirm = {
    title: plain('hold.confirm.title'),
    text: clip(
      left === '' ? plain('hold.confirm.text') : plain('hold.confirm.some', { left }),
      SLACK_LIMITS.confirmText,
    ),
    ok: plain('hold.confirm.ok'),
    no: plain('hold.confirm.no'),
  };
  const button = drawButton(
    buttons.status_hold,
    { incident: view.incident.id },
    { text: plain('button.hold'), style: 'danger', confirm },
  );
  return [section(before.join('\n')), actions('hold', [button])];
}

const isRunning = (view: IncidentView, decision: string): boolean =>
  view.steps.some((step) => step.decision_id === decision && step.finished_at === null && step.accepted_at === null);

function sayHeld({ say }: Translator, view: IncidentView, reach: HoldReach, running: boolean): string {
  const { frozen, unshown, signedOut, failed, lifted, untouched } = reach;
  const lines = [
    ...(lifted.length > 0 || frozen.length === 0 ? [] : [say('hold.frozen', { systems: names(view, frozen) })]),
    ...(unshown.length === 0 || running ? [] : [say('hold.unshown', { systems: names(view, unshown) })]),
    ...(signedOut.length === 0 ? [] : [say('hold.signed_out', { systems: names(view, signedOut) })]),
    ...(failed.length === 0 ? [] : [say('hold.failed', { systems: names(view, failed) })]),
    ...(untouched.length === 0 ? [] : [say('hold.untouched', { systems: names(view, untouched) })]),
  ];
  const on = [...frozen, ...unshown];
  if (lifted.length > 0 && on.length === 0) return say('status.held.lifted', { lifted: names(view, lifted) });
  if (lifted.length > 0) {
    const said = say('status.held.partly_lifted', { lifted: names(view, lifted), frozen: names(view, on) });
    return [said, ...lines].join('\n');
  }
  if (running) return [say('status.held.running'), ...lines.slice(frozen.length === 0 ? 0 : 1)].join('\n');
  if (!isWhole(reach)) return [say('status.held.partly'), ...lines].join('\n');
  return say(unshown.length === 0 ? 'status.held.done' : 'status.held.taken');
}
