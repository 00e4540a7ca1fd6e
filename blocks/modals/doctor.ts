import type { ModalView } from '@slack/types';
import type { ActionKind, Finding } from '../../src/connectors/port.js';
import type { Diagnosis } from '../../src/doctor/examine.js';
import { clip, SLACK_LIMITS } from '../limits.js';
import { sections, type Voice } from '../parts.js';
import { Mrkdwn } from '../texts/say.js';

const SOUND: ReadonlySet<Finding['verdict']> = new Set(['ok', 'console', 'cannot_tell']);

/** What the doctor found: what needs mending first, with the fix; then what works, what is done by hand, what nobody can tell. */
export function doctorModal(voice: Voice, diagnoses: readonly Diagnosis[]): ModalView {
  const { plain } = voice;
  return {
    type: 'modal',
    title: { type: 'plain_text', text: clip(plain('doctor.title'), SLACK_LIMITS.modalTitle) },
    close: { type: 'plain_text', text: plain('modal.ok') },
    blocks: sections(diagnoses.flatMap((diagnosis) => sayDiagnosis(voice, diagnosis))),
  };
}

function sayDiagnosis({ say }: Voice, { title, findings }: Diagnosis): string[] {
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

const OTHERS = ['reach', 'sign_in', 'find', 'events', 'evidence'] as const;

function saySubject(say: Voice['say'], subject: Finding['subject']): string {
  const other = OTHERS.find((one) => one === subject);
  return other === undefined ? say(`action.${subject as ActionKind}`) : say(`doctor.subject.${other}`);
}
