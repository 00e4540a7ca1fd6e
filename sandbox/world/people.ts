import { derivedId, type Seed } from 'slack-sandbox';

const DOMAIN = 'meadow.example';

/** Who works at the sandbox's company. Everybody is invented; `.example` is reserved by RFC 2606. */
export const PEOPLE = {
  ada: {
    id: derivedId('U', 'ada'),
    name: 'ada',
    real_name: 'Ada Okafor',
    email: `ada@${DOMAIN}`,
    title: 'Product designer',
    tz: 'Europe/Vienna',
  },
  bea: {
    id: derivedId('U', 'bea'),
    name: 'bea',
    real_name: 'Bea Lindqvist',
    email: `bea@${DOMAIN}`,
    title: 'Security, on call',
    tz: 'Europe/London',
    is_admin: true,
  },
  cem: {
    id: derivedId('U', 'cem'),
    name: 'cem',
    real_name: 'Cem Aydin',
    email: `cem@${DOMAIN}`,
    title: 'IT operations',
    tz: 'America/New_York',
  },
  dia: {
    id: derivedId('U', 'dia'),
    name: 'dia',
    real_name: 'Dia Rahman',
    email: `dia@${DOMAIN}`,
    title: 'Finance',
    tz: 'Asia/Dhaka',
  },
  eli: {
    id: derivedId('U', 'eli'),
    name: 'eli',
    real_name: 'Eli Santos',
    email: `eli@${DOMAIN}`,
    title: 'New this week, no accounts yet',
    tz: 'America/Sao_Paulo',
  },
} as const;

/** Has accounts, but no Slack: is told by mail. */
export const CONTRACTOR = { name: 'Finn Moreau (no Slack)', email: `finn@${DOMAIN}` } as const;

export const APPROVERS = [PEOPLE.bea, PEOPLE.cem] as const;
export const APPROVER_GROUP = derivedId('S', 'secops');
export const SECURITY_CHANNEL = 'security-incidents';
export const TWO_STEP_GROUP = 'containment-2-step';
/** The office's addresses. */
export const RANGES = ['203.0.113.0/24', '2001:db8:10::/48'] as const;
export const RANGE_GROUP = { group: 'containment-office-only', ranges: RANGES } as const;

export const seed: Seed = {
  team: { id: derivedId('T', 'meadow'), name: 'Meadow', domain: 'meadow' },
  users: Object.values(PEOPLE).map((person) => ({ ...person })),
  usergroups: [
    {
      id: APPROVER_GROUP,
      handle: 'secops',
      name: 'Security operations',
      users: APPROVERS.map((person) => person.name),
    },
  ],
  channels: [
    { name: 'general', members: ['ada', 'bea', 'cem', 'dia', 'eli', '@app'], topic: 'Everybody' },
    { name: SECURITY_CHANNEL, members: ['bea', 'cem', '@app'], is_private: true, topic: 'Incident threads open here' },
  ],
};

export const ACCOUNTS = [
  ...Object.values(PEOPLE)
    .filter((person) => person !== PEOPLE.eli)
    .map(({ email, real_name: name }) => ({ email, name })),
  { ...CONTRACTOR },
];
export { DOMAIN };
