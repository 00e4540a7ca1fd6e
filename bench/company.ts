import { derivedId, type Seed } from 'slack-sandbox';

const DOMAIN = 'bench.example';

export const CHANNEL = 'security-incidents';
export const CHANNEL_ID = derivedId('C', CHANNEL);
export const TWO_STEP_GROUP = 'bench-two-step';
export const APPROVER_GROUP = derivedId('S', 'bench-approvers');

export interface Person {
  readonly index: number;
  readonly id: string;
  readonly name: string;
  readonly realName: string;
  readonly email: string;
}

const numbered = (index: number): string => String(index).padStart(4, '0');

/** As many invented people as operations are measured: each has one incident, and nobody waits for another's. */
export function peopleOf(count: number): readonly Person[] {
  return Array.from({ length: count }, (_, index) => {
    const name = `p${numbered(index)}`;
    return { index, id: derivedId('U', name), name, realName: `Person ${numbered(index)}`, email: `${name}@${DOMAIN}` };
  });
}

/** The person whom a message names (`Person 0012`, `p0012`); `null` when it names nobody. */
export function namedIn(text: string): number | null {
  const found = /\bPerson (\d{4})\b/.exec(text)?.[1];
  return found === undefined ? null : Number(found);
}

/** Everybody is an approver, so that each decision has an approver of its own with a modal of their own. */
export function seedOf(people: readonly Person[]): Seed {
  return {
    team: { id: derivedId('T', 'bench'), name: 'Bench', domain: 'bench' },
    users: people.map(({ id, name, realName, email }) => ({
      id,
      name,
      real_name: realName,
      email,
      tz: 'Europe/Vienna',
    })),
    usergroups: [
      { id: APPROVER_GROUP, handle: 'bench-approvers', name: 'Approvers', users: people.map(({ name }) => name) },
    ],
    channels: [
      { id: CHANNEL_ID, name: CHANNEL, members: [...people.map(({ name }) => name), '@app'], is_private: true },
    ],
  };
}
