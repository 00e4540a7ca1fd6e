import { mentions, type PhraseValue, text } from '../texts/phrase.js';
import type { OnCall } from '../ports/core.js';

/**
 * The ids mentioned when an incident opens: groups and members, without the person it is about. A group is mentioned as
 * a whole.
 */
export const onCallFor = ({ userGroups, users }: OnCall, person: string | null): readonly string[] => [
  ...userGroups,
  ...users.filter((id) => id !== person),
];

/** The same inside a phrase; "nobody" also has a word. */
export function sayOnCall(onCall: OnCall, person: string | null): PhraseValue {
  const ids = onCallFor(onCall, person);
  return ids.length === 0 ? text('on_call.nobody') : mentions(ids);
}
