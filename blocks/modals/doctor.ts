import type { ModalView } from '@slack/types';
import type { ActionKind, Finding } from '../../src/ports/connector.js';
import type { Diagnosis, Found } from '../../src/doctor/examine.js';
import type { CodedKind } from '../../src/ports/decision-kinds.js';
import { clip, SLACK_LIMITS } from '../limits.js';
import { sections, type Translator } from '../parts.js';
import { Mrkdwn } from '../../src/texts/say.js';
import { sayUncoded } from '../uncoded.js';

const SOUND: ReadonlySet<Finding['verdict']> = new Set(['ok', 'console', 'cannot_tell']);

/**
 * What the doctor found: which decisions need no one-time code; what needs fixing, with the fix; then what works, what
 * is done by hand, and what nobody can tell.
 */
export function doctorModal(
  translator: Translator,
  diagnoses: readonly Diagnosis[],
  uncodedDecisions: readonly CodedKind[],
): ModalView {
  const { say, plain } = translator;
  const uncoded = sayUncoded(say, uncodedDecisions);
  return {
    type: 'modal',
    title: { type: 'plain_text', text: clip(plain('doctor.title'), SLACK_LIMITS.modalTitle) },
    close: { type: 'plain_text', text: plain('modal.ok') },
    blocks: sections([
      ...(uncoded === null ? [] : [say('home.uncoded', { uncoded: new Mrkdwn(uncoded) })]),
      ...diagnoses.flatMap((diagnosis) => sayDiagnosis(translator, diagnosis)),
    ]),
  };
}

function sayDiagnosis({ say }: Translator, { title, findings }: Diagnosis): string[] {
  const wrong = findings.filter(({ verdict }) => !SOUND.has(verdict));
  const count = (verdict: Finding['verdict']): number => findings.filter((one) => one.verdict === verdict).length;
  const head = say(wrong.length === 0 ? 'doctor.sound' : 'doctor.wrong', {
    system: title,
    ok: count('ok'),
    hand: count('console'),
    unknown: count('cannot_tell'),
    wrong: wrong.length,
  });
  const lines = wrong.map(({ subject, detail, fix }) =>
    say('doctor.line', { subject: new Mrkdwn(saySubject(say, subject)), detail, fix }),
  );
  const named = (verdict: Finding['verdict'], key: 'doctor.ok' | 'doctor.hand' | 'doctor.unknown'): string[] => {
    const subjects = findings.filter((one) => one.verdict === verdict).map((one) => saySubject(say, one.subject));
    return subjects.length === 0 ? [] : [say(key, { subjects: new Mrkdwn(subjects.join(', ')) })];
  };
  return [
    head,
    ...lines,
    ...named('ok', 'doctor.ok'),
    ...named('console', 'doctor.hand'),
    ...named('cannot_tell', 'doctor.unknown'),
  ];
}

const OTHERS = [
  'reach',
  'sign_in',
  'clock',
  'find',
  'events',
  'evidence',
  'channel',
  'cards',
  'approvers',
  'mail',
] as const;

function saySubject(say: Translator['say'], subject: Found['subject']): string {
  const other = OTHERS.find((one) => one === subject);
  return other === undefined ? say(`action.${subject as ActionKind}`) : say(`doctor.subject.${other}`);
}
